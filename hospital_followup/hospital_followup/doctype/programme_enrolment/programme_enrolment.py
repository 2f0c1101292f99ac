from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, getdate, today

from hospital_followup.exceptions import DuplicateRecordError, InvalidPeriodError, InvalidValueError


class ProgrammeEnrolment(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		anchor_date: DF.Date
		company: DF.Data | None
		consent: DF.Link | None
		department: DF.Link | None
		ended_on: DF.Date | None
		enrolled_by: DF.Link | None
		enrolled_on: DF.Date
		enrolled_through: DF.Literal["By Hand", "Rule", "Outpatient Visit", "Patient"]
		key: DF.Data | None
		pathway: DF.Link
		patient: DF.Link
		patient_name: DF.Data | None
		paused_on: DF.Date | None
		plan: DF.Link | None
		planned_until: DF.Date | None
		related_enrolment: DF.Link | None
		relation: DF.Literal["", "Mother", "Newborn", "Earlier Programme"]
		status: DF.Literal["Active", "Paused", "Finished", "Left"]
		status_reason: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_leaving()
		self.validate_relation()
		self.make_key()

	def validate_leaving(self) -> None:
		over = self.status in ("Finished", "Left")
		self.ended_on = (self.ended_on or today()) if over else None
		self.paused_on = (self.paused_on or today()) if self.status == "Paused" else None
		if self.status == "Left" and not self.status_reason:
			frappe.throw(
				_("Enter why the patient left the programme ({0}).").format(_("Reason")),
				InvalidValueError,
				title=_("Reason Missing"),
			)
		if self.ended_on and getdate(self.ended_on) < getdate(self.enrolled_on):
			frappe.throw(
				_("The programme ends on {0}, before the enrolment on {1}. Correct one of the days.").format(
					self.get_formatted("ended_on"), self.get_formatted("enrolled_on")
				),
				InvalidPeriodError,
				title=_("Order of Days"),
			)

	def validate_relation(self) -> None:
		if not self.related_enrolment:
			self.relation = None
		elif self.related_enrolment == self.name:
			frappe.throw(
				_(
					"An enrolment cannot be linked to itself. Choose the mother's, the newborn's or the earlier one."
				),
				InvalidValueError,
				title=_("Linked Enrolment"),
			)

	def make_key(self) -> None:
		"""One enrolment per patient, pathway (whatever its version) and starting day; the database keeps it unique."""
		pathway = frappe.db.get_value("Care Pathway", self.pathway, "title")
		self.key = f"{self.patient}|{pathway}|{cstr(self.anchor_date)}"
		other = frappe.db.get_value(self.doctype, {"key": self.key, "name": ["!=", self.name]})
		if other:
			frappe.throw(
				_("{0} is enrolled in {1} from this day already. Open enrolment {2} and continue it.").format(
					frappe.bold(self.patient_name), frappe.bold(pathway), frappe.bold(other)
				),
				DuplicateRecordError,
				title=_("Enrolled Already"),
			)
