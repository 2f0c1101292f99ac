"""One assessment of a patient's risk: how it was reached, and who changed it why."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from hospital_followup.engine.names import DOCTOR, RISK_TIERS
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, TierError
from hospital_followup.services import tiers


class PatientTier(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.tier_component.tier_component import TierComponent

		amended_from: DF.Link | None
		assessed_on: DF.Date
		company: DF.Data | None
		components: DF.Table[TierComponent]
		computed_risk_tier: DF.Literal["", "High", "Medium", "Low"]
		department: DF.Link | None
		discharge: DF.Link | None
		incomplete: DF.SmallText | None
		matched_rules: DF.SmallText | None
		method: DF.Literal["LACE", "HOSPITAL", "Rules", "Clinician", "Given", "Assumed"]
		override_reason: DF.SmallText | None
		patient: DF.Link
		patient_name: DF.Data | None
		reasons: DF.SmallText | None
		risk_tier: DF.Literal["High", "Medium", "Low"]
		score: DF.Int
		score_high: DF.Int
		score_low: DF.Int
		value_reasons: DF.SmallText | None
		value_tier: DF.Literal["", "High", "Medium", "Low"]
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_discharge()
		self.validate_date()
		self.mark_override()
		self.validate_override()

	def on_submit(self) -> None:
		tiers.on_tier_changed(self)

	def on_cancel(self) -> None:
		tiers.on_tier_changed(self)

	def validate_discharge(self) -> None:
		if not self.discharge:
			return
		fields = ["patient", "company", "department", "risk_tier", "given_risk_tier"]
		stay = frappe.db.get_value("Patient Discharge", self.discharge, fields, as_dict=True)
		if stay.patient != self.patient:
			frappe.throw(
				_("Discharge {0} belongs to another patient.").format(self.discharge), InvalidValueError
			)
		self.company, self.department = self.company or stay.company, self.department or stay.department
		self.computed_risk_tier = self.computed_risk_tier or stay.risk_tier
		if self.method == "Given" and stay.given_risk_tier != self.risk_tier:
			self.method = "Clinician"

	def validate_date(self) -> None:
		if getdate(self.assessed_on) > getdate(today()):
			frappe.throw(_("The assessment is dated in the future."), InvalidPeriodError)

	def mark_override(self) -> None:
		"""A tier that differs from the computed one, and was not given by the hospital, is a person's judgement."""
		if self.computed_risk_tier and self.risk_tier != self.computed_risk_tier and self.method != "Given":
			self.method = "Clinician"

	def validate_override(self) -> None:
		if self.method != "Clinician":
			return
		if not (self.override_reason or "").strip():
			frappe.throw(_("Give the reason for changing the tier."), TierError, title=_("Reason Missing"))
		if self._lowers() and DOCTOR not in frappe.get_roles():
			frappe.throw(
				_("Only a follow-up doctor may lower the tier from {0} to {1}. You may raise it.").format(
					_(self._reference()), _(self.risk_tier)
				),
				TierError,
				title=_("Lowering the Tier"),
			)

	def _reference(self) -> str | None:
		"""The tier that counts now: of the discharge, else as computed."""
		return (
			frappe.db.get_value("Patient Discharge", self.discharge, "risk_tier") or self.computed_risk_tier
		)

	def _lowers(self) -> bool:
		reference = self._reference()
		return bool(reference) and RISK_TIERS.index(self.risk_tier) > RISK_TIERS.index(reference)


def on_doctype_update() -> None:
	frappe.db.add_index("Patient Tier", ["patient", "assessed_on"], "followup_tier_patient_date")
