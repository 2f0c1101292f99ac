"""A hospital's own rule that raises the risk tier, for example: older than 80 and living alone."""

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.engine.model import Condition
from hospital_followup.engine.model import TierRule as Rule
from hospital_followup.engine.rules import RuleIssue, check
from hospital_followup.exceptions import InvalidValueError


class TierRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.tier_rule_condition.tier_rule_condition import (
			TierRuleCondition,
		)

		conditions: DF.Table[TierRuleCondition]
		enabled: DF.Check
		priority: DF.Int
		risk_tier: DF.Literal["High", "Medium", "Low"]
		source_note: DF.SmallText | None
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_conditions()

	def validate_conditions(self) -> None:
		conditions = tuple(Condition(row.field, row.operator, row.value or "") for row in self.conditions)
		issues = check(Rule(self.title, conditions, self.risk_tier, self.priority or 0))
		# A missing row and an unknown choice are refused by the form's own fields.
		problems = [self._sentence(issue) for issue in issues if issue.field in ("operator", "value")]
		if problems:
			frappe.throw(problems, InvalidValueError, title=_("Please Check the Conditions"), as_list=True)

	def _sentence(self, issue: RuleIssue) -> str:
		fact = _(self.conditions[issue.condition - 1].field)
		if issue.field == "operator":
			sentence = _("Row {0}: {1} cannot be compared with “{2}”. Possible is {3}.")
			return sentence.format(issue.condition, fact, issue.value, issue.expected)
		if not issue.value.strip():
			return _("Row {0}: enter what {1} is compared with.").format(issue.condition, fact)
		expected = _("Yes or No") if "Yes" in issue.expected else _("a number")
		return _("Row {0}: “{1}” does not fit {2}. Enter {3}.").format(
			issue.condition, issue.value, fact, expected
		)
