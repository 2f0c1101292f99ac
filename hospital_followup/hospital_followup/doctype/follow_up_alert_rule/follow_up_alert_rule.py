from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.typed_text import read_number

TRENDS = ("Rises", "Falls")


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

	def validate(self) -> None:
		self.require_conditions()
		for condition in self.conditions:
			self.validate_condition(condition)
		if flt(self.respond_within_hours) <= 0:
			self.refuse(_("Enter within how many hours the alert must be answered."))

	def require_conditions(self) -> None:
		if self.enabled and not self.conditions:
			self.refuse(
				_("A rule without conditions would never raise an alert. Add one, or switch the rule off.")
			)

	def validate_condition(self, condition) -> None:
		row = _("Condition {0}").format(condition.idx)
		if condition.fact != "Answer":
			condition.question_code = None
		elif not condition.question_code:
			self.refuse(_("{0} looks at an answer. Enter the code of its question.").format(row))
		if condition.operator in TRENDS:
			read_number(condition, "value")
			if cint(condition.over_contacts) < 2 and not condition.over_days:
				self.refuse(
					_("{0} is a trend. Enter over how many contacts (at least 2) or days.").format(row)
				)
			return
		condition.over_contacts = condition.over_days = 0
		if not condition.value:
			self.refuse(_("{0} compares with nothing. Enter a value.").format(row))
		if condition.operator in ("<", "<=", ">", ">="):
			read_number(condition, "value")

	def refuse(self, why: str) -> None:
		frappe.throw(why, InvalidValueError, title=_("Rule to Correct"))
