"""What a patient means to the hospital in figures; kept apart from everything specialists read."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from hospital_followup.exceptions import InvalidValueError, TierError

SCORES = ("recency_score", "frequency_score", "monetary_score")


class PatientValue(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assessed_on: DF.Date
		company: DF.Data | None
		computed_value_tier: DF.Literal["", "High", "Medium", "Low"]
		department: DF.Link | None
		frequency: DF.Int
		frequency_score: DF.Int
		monetary: DF.Currency
		monetary_score: DF.Int
		override_reason: DF.SmallText | None
		patient: DF.Link
		patient_name: DF.Data | None
		recency: DF.Int
		recency_score: DF.Int
		score: DF.Int
		value_tier: DF.Literal["High", "Medium", "Low"]
	# end: auto-generated types

	def validate(self) -> None:
		self.fill_from_patient()
		self.validate_scores()
		self.validate_override()

	def fill_from_patient(self) -> None:
		fields = ["patient_name", "company", "department"]
		patient = frappe.db.get_value("Follow-up Patient", self.patient, fields, as_dict=True)
		self.patient_name = patient.patient_name
		self.company, self.department = self.company or patient.company, self.department or patient.department

	def validate_scores(self) -> None:
		for field in SCORES:
			if not 0 <= cint(self.get(field)) <= 5:
				label = _(self.meta.get_label(field), context=self.doctype)
				frappe.throw(
					_("{0} lies between 1 and 5, or is 0 when not known.").format(label), InvalidValueError
				)

	def validate_override(self) -> None:
		differs = self.computed_value_tier and self.value_tier != self.computed_value_tier
		if differs and not (self.override_reason or "").strip():
			frappe.throw(_("Give the reason for changing the tier."), TierError, title=_("Reason Missing"))


def on_doctype_update() -> None:
	frappe.db.add_index("Patient Value", ["patient", "assessed_on"], "followup_value_patient_date")
