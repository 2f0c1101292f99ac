"""An alert rule that is being written: tidied up, and what is wrong with it in sentences."""

from __future__ import annotations

import unicodedata
from typing import Any

from frappe import _
from frappe.utils import cint, cstr, escape_html

from hospital_followup.engine.alert_check import check
from hospital_followup.engine.alerts import ANSWER, ASKS_FOR_CALL, CONTAINS, RISK_TIER, TRENDS
from hospital_followup.engine.conditions import yes_or_no
from hospital_followup.engine.names import RISK_TIERS
from hospital_followup.services.alert_rules import known_questions, rule_of
from hospital_followup.services.alert_sentences import issue_sentence

#: A rule that is switched off may still be unfinished.
FOR_ENABLED_ONLY = ("no_conditions", "unknown_question")


def tidy(doc: Any) -> None:
	"""Write every condition the usual way: plain digits, Yes and No, only what belongs to its fact and operator."""
	tiers = {name: tier for tier in RISK_TIERS for name in (tier, _(tier), _(tier, context="Tier"))}
	for row in doc.get("conditions") or ():
		if row.fact != ANSWER:
			row.question_code = None
		if row.operator not in TRENDS:
			row.over_contacts = row.over_days = 0
		if row.operator == CONTAINS:
			continue
		value = unicodedata.normalize("NFKC", cstr(row.value)).strip()
		if row.fact == RISK_TIER:
			value = tiers.get(value.capitalize(), value)
		elif row.fact in (ANSWER, ASKS_FOR_CALL) and not value.isdigit() and yes_or_no(value) is not None:
			value = "Yes" if yes_or_no(value) else "No"
		row.value = value or None


def problem_sentences(doc: Any) -> list[str]:
	"""What is wrong with the rule, one sentence each; HTML."""
	rule = rule_of(doc)
	sentences = []
	for issue in check(rule, known_questions()):
		if issue.code in FOR_ENABLED_ONLY and not cint(doc.enabled):
			continue
		condition = rule.conditions[issue.condition - 1] if issue.condition else None
		fact, value = (condition.fact, condition.value) if condition else ("", "")
		sentences.append(issue_sentence(issue, fact, escape_html(value)))
	return sentences
