"""The alert rules of the site, read for the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import cint, cstr

from hospital_followup.engine.alerts import Condition, Rule
from hospital_followup.engine.questions import Question
from hospital_followup.services.question_rows import engine_question

RULE = "Follow-up Alert Rule"
CONDITION = "Follow-up Alert Condition"
QUESTION = "Follow-up Question"
QUESTIONNAIRE = "Follow-up Questionnaire"
RULE_FIELDS = ("name", "title", "kind", "severity", "match")
CONDITION_FIELDS = ("fact", "question_code", "operator", "value", "over_contacts", "over_days")


def enabled_rules(*subjects: str) -> tuple[Rule, ...]:
	"""The rules that are switched on and look at one of `subjects` (engine.alerts); one query."""
	rule, condition = frappe.qb.DocType(RULE), frappe.qb.DocType(CONDITION)
	rows = (
		frappe.qb.from_(rule)
		.join(condition)
		.on((condition.parent == rule.name) & (condition.parenttype == RULE))
		.select(*[rule[field] for field in RULE_FIELDS])
		.select(*[condition[field] for field in CONDITION_FIELDS])
		.where(rule.enabled == 1)
		.orderby(rule.name)
		.orderby(condition.idx)
		.run(as_dict=True)
	)
	by_rule: defaultdict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		by_rule[row.name].append(row)
	rules = (_rule(parts[0], parts) for parts in by_rule.values())
	return tuple(rule for rule in rules if rule.subject in subjects)


def rule_of(doc: Any) -> Rule:
	"""The engine's rule of a document, saved or not."""
	return _rule(doc, doc.get("conditions") or ())


def known_questions() -> dict[str, list[Question]]:
	"""By code the questions of every questionnaire that is not retired."""
	question, asked = frappe.qb.DocType(QUESTION), frappe.qb.DocType(QUESTIONNAIRE)
	fields = ("code", "text", "answer_type", "unit", "minimum", "maximum", "choices")
	rows = (
		frappe.qb.from_(question)
		.join(asked)
		.on((question.parent == asked.name) & (question.parenttype == QUESTIONNAIRE))
		.select(*[question[field] for field in fields], asked.language)
		.where(asked.status != "Retired")
		.orderby(asked.status)
		.orderby(asked.name)
		.orderby(question.idx)
		.run(as_dict=True)
	)
	language = (frappe.local.lang or "en").split("-")[0]
	rows.sort(key=lambda row: cstr(row.language).split("-")[0] != language)
	found: dict[str, list[Question]] = {}
	for row in rows:
		found.setdefault(row.code, []).append(engine_question(row))
	return found


def _rule(row: Any, conditions: Iterable[Any]) -> Rule:
	return Rule(
		name=cstr(row.get("name")),
		title=cstr(row.get("title")),
		kind=cstr(row.get("kind")),
		severity=cstr(row.get("severity")),
		match=cstr(row.get("match")),
		conditions=tuple(
			Condition(
				fact=cstr(part.get("fact")),
				operator=cstr(part.get("operator")),
				value=cstr(part.get("value")),
				question=cstr(part.get("question_code")),
				over_contacts=cint(part.get("over_contacts")),
				over_days=cint(part.get("over_days")),
			)
			for part in conditions
		),
	)
