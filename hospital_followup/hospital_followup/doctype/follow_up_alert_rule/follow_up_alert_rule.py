"""When an alert is raised, how severe it is, whom it goes to and how fast it is answered."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import alert_yield
from hospital_followup.services.alert_rule_check import problem_sentences, tidy


class FollowupAlertRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_alert_condition.follow_up_alert_condition import (
			FollowupAlertCondition,
		)

		conditions: DF.Table[FollowupAlertCondition]
		enabled: DF.Check
		escalate_to: DF.Literal["", "Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		hours_counted: DF.Literal["Every Day", "Working Days"]
		kind: DF.Literal["Clinical", "Satisfaction", "Missed Revisit", "Unreachable", "Overdue"]
		match: DF.Literal["All Conditions", "Any Condition"]
		respond_within_hours: DF.Float
		role: DF.Literal["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		severity: DF.Literal["Red", "Amber"]
		source_note: DF.SmallText | None
		title: DF.Data
	# end: auto-generated types

	def onload(self) -> None:
		self.set_onload("record", alert_yield.of_rule(self.name))

	def validate(self) -> None:
		tidy(self)
		self.check_conditions()
		if flt(self.respond_within_hours) <= 0:
			frappe.throw(
				_("Enter within how many hours the alert must be answered."),
				InvalidValueError,
				title=_("Rule to Correct"),
			)

	def check_conditions(self) -> None:
		if problems := problem_sentences(self):
			frappe.throw(problems, InvalidValueError, title=_("Rule to Correct"), as_list=True)
