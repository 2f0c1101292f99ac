from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.services import revisits
from hospital_followup.services.revisit_attribution import attribute
from hospital_followup.services.stay_dates import expected_problem


class FollowupRevisit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		agreed_in: DF.Link | None
		appointment: DF.DynamicLink | None
		appointment_at: DF.Datetime | None
		appointment_doctype: DF.Link | None
		appointment_with: DF.Data | None
		attended_on: DF.Date | None
		attributed_log: DF.Link | None
		company: DF.Data | None
		department: DF.Link | None
		discharge: DF.Link | None
		evidence_doctype: DF.Link | None
		evidence_name: DF.DynamicLink | None
		expected_before: DF.Date | None
		expected_on: DF.Date
		key: DF.Data | None
		origin: DF.Literal["", "Discharge", "Care Pathway", "Contact", "By Hand"]
		patient: DF.Link
		patient_name: DF.Data | None
		plan: DF.Link | None
		planned_on: DF.Date | None
		preparation: DF.SmallText | None
		prepared: DF.Check
		reminded_on: DF.Datetime | None
		status: DF.Literal["Expected", "Booked", "Attended", "Missed", "Cancelled"]
		status_reason: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		self.fill()
		self.validate_day()
		self.validate_booking()
		self.validate_missed()
		self.validate_attendance()

	def on_update(self) -> None:
		revisits.after_saved(self)

	def fill(self) -> None:
		if self.is_new():
			self.origin = self.origin or "By Hand"
		if self.status != "Cancelled":
			self.status_reason = None

	def validate_day(self) -> None:
		"""A mistyped century would stay expected for ever."""
		if self.has_value_changed("expected_on") and (
			problem := expected_problem(getdate(self.expected_on), getdate(today()))
		):
			frappe.throw(problem, InvalidPeriodError, title=_("Day Too Far Away"))

	def validate_booking(self) -> None:
		"""The day of an appointment is the diary's."""
		if not (self.appointment and self.appointment_at) or self.status == "Attended":
			return
		if getdate(self.appointment_at) != getdate(self.expected_on):
			frappe.throw(
				_("This revisit is booked for {0}. Open the appointment to move or cancel it.").format(
					self.get_formatted("appointment_at")
				),
				InvalidPeriodError,
				title=_("Booked"),
			)

	def validate_missed(self) -> None:
		"""Only a day that has passed can have been missed."""
		if self.status == "Missed" and getdate(self.expected_on) > getdate():
			frappe.throw(
				_("The revisit is expected on {0}: it can be missed only after that day.").format(
					self.get_formatted("expected_on")
				),
				InvalidPeriodError,
				title=_("Day in the Future"),
			)

	def validate_attendance(self) -> None:
		if self.status != "Attended":
			self.attended_on = self.attributed_log = None
			self.evidence_doctype = self.evidence_name = None
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
		stale = self.has_value_changed("attended_on") and not self.has_value_changed("attributed_log")
		if stale or not self.attributed_log:
			left = self.discharge and frappe.db.get_value(
				"Patient Discharge", self.discharge, "discharge_date"
			)
			self.attributed_log = attribute(self.patient, getdate(self.attended_on), left)


def on_doctype_update() -> None:
	# The daily sweep's question: what was expected and has not been seen.
	frappe.db.add_index("Follow-up Revisit", ["status", "expected_on"])
