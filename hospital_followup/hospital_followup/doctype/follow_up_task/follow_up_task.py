"""One contact with one patient: when, by whom, on which channel, and how it ended."""

import frappe
from frappe.model.document import Document

from hospital_followup.services import printed_sheet, task_rules


class FollowupTask(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_task_source.follow_up_task_source import (
			FollowupTaskSource,
		)

		alert: DF.Link | None
		anchor_date: DF.Date | None
		assigned_to: DF.Link | None
		attempts: DF.Int
		before_joining: DF.SmallText | None
		call_id: DF.Data | None
		cancelled_on: DF.Date | None
		channel: DF.Literal["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		claimed_by: DF.Link | None
		claimed_until: DF.Datetime | None
		company: DF.Data | None
		completed_on: DF.Date | None
		contact_point: DF.Literal["Patient", "Caregiver"]
		department: DF.Link | None
		discharge: DF.Link | None
		due_date: DF.Date
		expires_on: DF.Date | None
		first_contact: DF.Check
		key: DF.Data | None
		kind: DF.Literal["Planned", "Callback", "Alert", "Revisit"]
		last_attempt_at: DF.Datetime | None
		late_completion: DF.Check
		next_attempt_at: DF.Datetime | None
		next_attempt_reasons: DF.SmallText | None
		on_hold: DF.Check
		opens_on: DF.Date | None
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
		patient_name: DF.Data | None
		pinned: DF.Check
		plan: DF.Link | None
		planned_channel: DF.Data | None
		planned_contact_point: DF.Data | None
		planned_until: DF.Date | None
		priority: DF.Int
		questionnaire: DF.Link | None
		reasons: DF.SmallText | None
		reminded_for: DF.Datetime | None
		revisit: DF.Link | None
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		role: DF.Literal["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		script: DF.Link | None
		script_version: DF.Int
		sequence: DF.Int
		sources: DF.Table[FollowupTaskSource]
		status: DF.Literal["Scheduled", "Open", "In Progress", "Completed", "Missed", "Skipped", "Cancelled"]
		status_before_cancel: DF.Data | None
		status_reason: DF.Data | None
		step_id: DF.Data | None
		topics: DF.SmallText | None
		visit_day: DF.Date | None
		visit_order: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		if not self.flags.followup_service:
			task_rules.check_saved_by_hand(self)

	def printed_sheet(self) -> dict:
		"""The call sheet on paper; read by its print format."""
		return printed_sheet.printed_sheet(self)


def on_doctype_update() -> None:
	"""The worklist, the jobs that open and expire, and a plan's own tasks (quality.md, Speed and size)."""
	task = "Follow-up Task"
	frappe.db.add_index(task, ["assigned_to", "status", "priority", "due_date"], "followup_task_worklist")
	frappe.db.add_index(task, ["status", "priority", "due_date"], "followup_task_queue")
	frappe.db.add_index(task, ["status", "opens_on"], "followup_task_opening")
	frappe.db.add_index(task, ["status", "expires_on"], "followup_task_expiry")
	frappe.db.add_index(task, ["plan", "status"], "followup_task_plan_status")
