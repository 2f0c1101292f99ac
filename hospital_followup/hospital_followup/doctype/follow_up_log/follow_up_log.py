"""One attempt to reach a patient, and what was said."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError

# Clocks of telephones and servers differ a little.
MINUTES_AHEAD = 10


class FollowupLog(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_answer.follow_up_answer import (
			FollowupAnswer,
		)

		amended_from: DF.Link | None
		answers: DF.Table[FollowupAnswer]
		channel: DF.Literal["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		company: DF.Data | None
		contact_point: DF.Literal["Patient", "Caregiver"]
		contacted_at: DF.Datetime
		department: DF.Link | None
		direction: DF.Literal["Out", "In"]
		duration_seconds: DF.Int
		guidance_given: DF.SmallText | None
		identity_verified: DF.Check
		late_entry: DF.Check
		next_attempt_at: DF.Datetime | None
		next_step: DF.SmallText | None
		notes: DF.SmallText | None
		outcome: DF.Literal[
			"",
			"Reached Patient",
			"Reached Caregiver",
			"No Answer",
			"Busy",
			"Voicemail",
			"Wrong Number",
			"Out of Service",
			"Declined",
			"Callback Requested",
			"Rescheduled",
			"Not Home",
			"Replied",
			"Deceased",
			"Readmitted",
		]
		patient: DF.Link
		patient_feedback: DF.SmallText | None
		patient_name: DF.Data | None
		plan: DF.Link | None
		recording_url: DF.Data | None
		revisit_booked_on: DF.Date | None
		satisfaction: DF.Int
		script: DF.Link | None
		script_version: DF.Int
		staff: DF.Link
		task: DF.Link | None
		topics_covered: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_time()
		self.validate_satisfaction()

	def before_submit(self) -> None:
		if not self.outcome:
			frappe.throw(
				_("Choose how the contact ended before you submit it."),
				InvalidValueError,
				title=_("Outcome Missing"),
			)

	def validate_time(self) -> None:
		if get_datetime(self.contacted_at) > add_to_date(now_datetime(), minutes=MINUTES_AHEAD):
			frappe.throw(_("The time of the contact lies in the future."), InvalidPeriodError)

	def validate_satisfaction(self) -> None:
		if not 0 <= (self.satisfaction or 0) <= 5:
			frappe.throw(
				_("Satisfaction lies between 1 and 5, or is left empty when not asked."), InvalidValueError
			)


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Log", ["staff", "contacted_at"], "followup_log_staff_time")
	frappe.db.add_index("Follow-up Log", ["patient", "contacted_at"], "followup_log_patient_time")
