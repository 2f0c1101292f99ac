from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError


class FollowupRevisit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		appointment: DF.DynamicLink | None
		appointment_doctype: DF.Link | None
		attended_on: DF.Date | None
		attributed_log: DF.Link | None
		company: DF.Data | None
		department: DF.Link | None
		discharge: DF.Link | None
		evidence_doctype: DF.Link | None
		evidence_name: DF.DynamicLink | None
		expected_on: DF.Date
		key: DF.Data | None
		origin: DF.Literal["", "Discharge", "Care Pathway", "Contact", "By Hand"]
		patient: DF.Link
		patient_name: DF.Data | None
		plan: DF.Link | None
		preparation: DF.SmallText | None
		reminded_on: DF.Datetime | None
		status: DF.Literal["Expected", "Booked", "Attended", "Missed", "Cancelled"]
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_attendance()

	def validate_attendance(self) -> None:
		if self.status != "Attended":
			self.attended_on = self.attributed_log = None
			return
		if not self.attended_on:
			frappe.throw(
				_("Enter the day on which the patient came back ({0}).").format(_("Attended On")),
				InvalidValueError,
				title=_("Day Missing"),
			)
		if getdate(self.attended_on) > getdate():
			frappe.throw(
				_("The revisit on {0} has not happened yet. Choose Booked, or correct the day.").format(
					self.get_formatted("attended_on")
				),
				InvalidPeriodError,
				title=_("Day in the Future"),
			)


def on_doctype_update() -> None:
	# The daily sweep's question: what was expected and has not been seen.
	frappe.db.add_index("Follow-up Revisit", ["status", "expected_on"])
