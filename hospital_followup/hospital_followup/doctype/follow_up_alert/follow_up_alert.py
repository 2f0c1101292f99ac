from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from hospital_followup.exceptions import InvalidPeriodError
from hospital_followup.services import alert_course, alerts


class FollowupAlert(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		acknowledged_by: DF.Link | None
		acknowledged_on: DF.Datetime | None
		answer_to_patient: DF.SmallText | None
		answered_on: DF.Datetime | None
		assigned_to: DF.Link | None
		closed_on: DF.Datetime | None
		closed_reason: DF.Literal["", "Deceased", "Readmitted", "Lost to Follow-up"]
		company: DF.Data | None
		complaint: DF.Check
		complaint_doctype: DF.Link | None
		complaint_record: DF.DynamicLink | None
		department: DF.Link | None
		detail: DF.SmallText | None
		escalated_on: DF.Datetime | None
		escalated_to: DF.Link | None
		escalations: DF.Int
		judgement: DF.Literal["", "True", "False"]
		key: DF.Data | None
		kind: DF.Literal["Clinical", "Satisfaction", "Missed Revisit", "Unreachable", "Overdue"]
		log: DF.Link | None
		patient: DF.Link
		patient_name: DF.Data | None
		raised_on: DF.Datetime
		respond_by: DF.Datetime | None
		revisit: DF.Link | None
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		role: DF.Literal["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		rule: DF.Link | None
		severity: DF.Literal["Red", "Amber"]
		status: DF.Literal["Open", "Acknowledged", "In Progress", "Answered", "Closed"]
		survey: DF.Link | None
		task: DF.Link | None
		told_in: DF.Link | None
		workflow_state: DF.Link | None
		worsened_on: DF.Datetime | None
	# end: auto-generated types

	def before_insert(self) -> None:
		self.flags.by_hand = not self.respond_by
		if self.flags.by_hand:
			alerts.complete(self)

	def after_insert(self) -> None:
		if self.flags.by_hand:
			alerts.after_raised(self.name)

	def validate(self) -> None:
		alert_course.check(self)
		if self.respond_by and get_datetime(self.respond_by) < get_datetime(self.raised_on):
			frappe.throw(
				_(
					"The answer is due at {0}, before the alert was raised at {1}. Choose a later time."
				).format(self.get_formatted("respond_by"), self.get_formatted("raised_on")),
				InvalidPeriodError,
				title=_("Respond By"),
			)


def on_doctype_update() -> None:
	# The escalation's question: what is open and late.
	frappe.db.add_index("Follow-up Alert", ["status", "respond_by"])
