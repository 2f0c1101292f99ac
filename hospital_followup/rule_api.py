"""What the form and the list of alert rules ask. Reading a rule is enough: nothing here writes."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from hospital_followup.engine.alert_check import operators_of, phrase_issues
from hospital_followup.engine.phrases import mentions, read_phrases
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import alert_rule_check, alert_simulation, alert_yield
from hospital_followup.services.alert_rules import known_questions
from hospital_followup.services.alert_sentences import issue_sentence

RULE = "Follow-up Alert Rule"
LOG = "Follow-up Log"
LONGEST_TEXT = 2_000


@frappe.whitelist(methods=["GET", "POST"])
def alert_rule_questions() -> list[dict[str, Any]]:
	"""The questions that a rule may look at: code, wording, unit, choices and the operators that make sense."""
	frappe.has_permission(RULE, "read", throw=True)
	return [
		{
			"code": code,
			"text": questions[0].text,
			"unit": questions[0].unit,
			"choices": [{"value": choice.value, "label": choice.label} for choice in questions[0].choices],
			"operators": operators_of("Answer", questions),
		}
		for code, questions in sorted(known_questions().items())
	]


@frappe.whitelist(methods=["POST"])
def simulate_alert_rule(
	draft: str | dict[str, Any], from_date: str | date, to_date: str | date
) -> dict[str, Any]:
	"""What a rule that is being edited would have raised in a period, over contacts that the user may see."""
	frappe.has_permission(RULE, "read", throw=True)
	levels = frappe.get_meta(LOG).get_permlevel_access("read")
	if not frappe.has_permission(LOG, "read") or 1 not in levels:
		frappe.throw(_("You may not read what was said in contacts."), frappe.PermissionError)
	doc = frappe.get_doc({**frappe.parse_json(draft), "doctype": RULE})
	alert_rule_check.tidy(doc)
	doc.enabled = 1
	if problems := alert_rule_check.problem_sentences(doc):
		frappe.throw(problems, InvalidValueError, title=_("Rule to Correct"), as_list=True)
	return alert_simulation.simulate(doc, getdate(from_date), getdate(to_date))


@frappe.whitelist(methods=["GET", "POST"])
def try_words(words: str, text: str) -> list[dict[str, Any]]:
	"""The places of `text` in which one of the words of a rule counts, denials left out.

	Raises InvalidValueError for words that no rule could look for.
	"""
	frappe.has_permission(RULE, "read", throw=True)
	if problems := [issue_sentence(issue) for issue in phrase_issues(words)]:
		frappe.throw(problems, InvalidValueError, title=_("Rule to Correct"), as_list=True)
	found = mentions(text[:LONGEST_TEXT], read_phrases(words))
	return [{"phrase": mention.phrase, "start": mention.start, "end": mention.end} for mention in found]


@frappe.whitelist(methods=["GET", "POST"])
def alert_rule_yields() -> dict[str, dict[str, Any]]:
	"""Of every rule the user may see: alerts raised, judged and right, and whether it is weak."""
	rules = frappe.get_list(RULE, pluck="name", limit=0, order_by="name")
	return {rule: alert_yield.as_shown(found) for rule, found in alert_yield.yields(rules).items()}
