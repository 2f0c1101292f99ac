"""One attempt to reach a patient, and what was said."""

import frappe
from frappe.model.document import Document

from hospital_followup.services import log_alarms, log_entry, logs, revisit_calls


class FollowupLog(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_answer.follow_up_answer import (
			FollowupAnswer,
		)
		from hospital_followup.hospital_followup.doctype.follow_up_log_guidance.follow_up_log_guidance import (
			FollowupLogGuidance,
		)

		amended_from: DF.Link | None
		answers: DF.Table[FollowupAnswer]
		call_id: DF.Data | None
		channel: DF.Literal["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		company: DF.Data | None
		contact_point: DF.Literal["Patient", "Caregiver"]
		contacted_at: DF.Datetime
		department: DF.Link | None
		direction: DF.Literal["Out", "In"]
		draft_of: DF.Data | None
		duration_seconds: DF.Int
		guidance: DF.Table[FollowupLogGuidance]
		guidance_given: DF.SmallText | None
		identity_verified: DF.Check
		incomplete_reason: DF.SmallText | None
		last_sequence: DF.Data | None
		late_entry: DF.Check
		moved_away: DF.Check
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
		questionnaire: DF.Link | None
		recommend: DF.Literal["", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
		recording_url: DF.Data | None
		revisit_booked_on: DF.Date | None
		revisit_reminded: DF.Check
		satisfaction: DF.Int
		script: DF.Link | None
		script_version: DF.Int
		sequences: DF.SmallText | None
		staff: DF.Link
		started_at: DF.Datetime | None
		stopped_plan: DF.Check
		task: DF.Link | None
		topics_covered: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		log_entry.prepare(self)

	def before_submit(self) -> None:
		log_entry.check_final(self)
		revisit_calls.note_reminder(self)

	def on_update(self) -> None:
		log_alarms.sound(self)

	def on_submit(self) -> None:
		logs.on_log_submitted(self)

	def before_cancel(self) -> None:
		log_entry.read_task(self)

	def on_cancel(self) -> None:
		logs.on_log_cancelled(self)


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Log", ["staff", "contacted_at"], "followup_log_staff_time")
	frappe.db.add_index("Follow-up Log", ["patient", "contacted_at"], "followup_log_patient_time")
