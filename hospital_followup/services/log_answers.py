"""What was answered in contacts, in the words that the questionnaire had for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from hospital_followup.engine.questions import CHOICE, NUMERIC, YES_NO, read_choices

LOG = "Follow-up Log"
ANSWER = "Follow-up Answer"
QUESTION = "Follow-up Question"


def answers_of(logs: Sequence[str]) -> list[frappe._dict]:
	"""The answers of these logs in the order of their rows, each as it is stored and with what people read.

	`answer` is the stored value; `shown` the same in words: Yes and No in the language of the session, a choice by its
	label, a number with its unit. `text` is the question as it was asked. Two queries, however many logs.
	"""
	if not logs:
		return []
	log, answer = frappe.qb.DocType(LOG), frappe.qb.DocType(ANSWER)
	rows = (
		frappe.qb.from_(answer)
		.join(log)
		.on(answer.parent == log.name)
		.select(answer.parent.as_("log"), answer.question, answer.question_text, answer.number, answer.flag)
		.select(answer.value.as_("answer"), log.questionnaire, log.contacted_at)
		.where((answer.parenttype == LOG) & answer.parent.isin(list(logs)))
		.orderby(answer.parent)
		.orderby(answer.idx)
		.run(as_dict=True)
	)
	questions = _questions({row.questionnaire for row in rows if row.questionnaire})
	for row in rows:
		asked = questions.get((row.questionnaire, row.question), frappe._dict())
		row.answer_type = asked.answer_type
		row.unit = asked.unit if asked.answer_type in NUMERIC else None
		row.choices = read_choices(asked.choices or "") if asked.answer_type == CHOICE else ()
		row.text = row.question_text or asked.text or row.question
		row.flag = row.flag or None
		row.shown = _shown(row)
	return rows


def _questions(questionnaires: set[str]) -> dict[tuple[str, str], frappe._dict]:
	if not questionnaires:
		return {}
	rows = frappe.get_all(
		QUESTION,
		filters={"parenttype": "Follow-up Questionnaire", "parent": ("in", sorted(questionnaires))},
		fields=["parent", "code", "text", "answer_type", "unit", "choices"],
		order_by="parent, idx",
	)
	return {(row.parent, row.code): row for row in rows}


def _shown(row: Any) -> str:
	value = row.answer or ""
	if value in ("Yes", "No") and row.answer_type in (None, YES_NO):
		return _(value)
	for choice in row.choices:
		if choice.value == value:
			return choice.label
	return f"{value} {row.unit}" if row.unit and value else value
