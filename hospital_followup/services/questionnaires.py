"""Questionnaires: which one is asked in a contact, what it asks, and what is wrong with an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr

from hospital_followup.engine.questionnaire import (
	AnswerError,
	Evaluation,
	Question,
	Questionnaire,
	evaluate,
	read_answers,
	shown,
)
from hospital_followup.engine.questions import YES_NO
from hospital_followup.engine.relevance import Offer, Wanted, rank
from hospital_followup.services.question_rows import engine_questionnaire, tidy_question, tidy_score
from hospital_followup.services.questionnaire_check import problem_sentences

if TYPE_CHECKING:
	from hospital_followup.services.call_context import CallContext

QUESTIONNAIRE = "Follow-up Questionnaire"
APPROVED = "Approved"
FOLLOW_UP = "Follow-up"
#: What a script, a questionnaire or a piece of advice is for (engine/relevance.py).
OFFER_FIELDS = (
	*("name", "condition", "audience", "department", "channel", "language", "version", "approved_on"),
)


def load(name: str) -> Questionnaire:
	"""The engine's questionnaire of a Follow-up Questionnaire, from Frappe's cache of documents."""
	return engine_questionnaire(frappe.get_cached_doc(QUESTIONNAIRE, name))


def choose_questionnaire(context: CallContext) -> str | None:
	"""The questionnaire to ask: what the plan names, in the patient's language, else the most specific approved one."""
	return choose_questionnaires({"": context})[""]


def choose_questionnaires(contexts: Mapping[str, CallContext]) -> dict[str, str | None]:
	"""`choose_questionnaire` for many contacts by their names; one query."""
	rows = _catalogue(context.task_questionnaire for context in contexts.values())
	by_name = {row.name: row for row in rows}
	offers: defaultdict[str, list[Offer]] = defaultdict(list)
	for row in rows:
		if row.status == APPROVED:
			offers[row.purpose].append(offer_of(row))
	chosen: dict[str, str | None] = {}
	for name, context in contexts.items():
		named = by_name.get(context.task_questionnaire or "")
		found = _of_set(named, rows, context.language) if named else None
		if not found and context.asks:
			best = rank(offers[context.purpose or FOLLOW_UP], wanted_of(context))
			found = best[0].name if best else None
		chosen[name] = found
	return chosen


def offer_of(row: Any) -> Offer:
	"""What a document is for, as the engine ranks it."""
	words = {field: cstr(row.get(field)) for field in OFFER_FIELDS if field != "version"}
	return Offer(**words, version=row.get("version") or 1)


def wanted_of(context: CallContext) -> Wanted:
	"""What a contact is about, as the engine ranks documents for it."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	return Wanted(
		context.stay,
		context.department or "",
		context.channel or "",
		context.language or "",
		settings.guardian_under_age or 18,
	)


def sheet(name: str, language: str | None = None) -> dict[str, Any]:
	"""What the call sheet draws; `other_language` when it is not in `language`, that of the patient."""
	doc = frappe.get_cached_doc(QUESTIONNAIRE, name)
	return {
		"name": doc.name,
		"title": doc.title,
		"version": doc.version,
		"language": doc.language,
		"other_language": bool(language and doc.language and language != doc.language),
		"questions": [question_sheet(question) for question in engine_questionnaire(doc).questions],
	}


def try_out(doc: Any, raw: Mapping[str, object]) -> dict[str, Any]:
	"""The questions of a document, saved or not, with what `raw` answers would mean; nothing is written."""
	for row in doc.get("questions") or ():
		tidy_question(row)
	for row in doc.get("scores") or ():
		tidy_score(row)
	questionnaire = engine_questionnaire(doc)
	answers, errors = read_answers(questionnaire, raw)
	return {
		"questions": [question_sheet(question) for question in questionnaire.questions],
		"state": state(evaluate(questionnaire, answers)),
		"errors": {
			code: answer_sentence(questionnaire.by_code[code], error) for code, error in errors.items()
		},
		"problems": problem_sentences(doc),
	}


def question_sheet(question: Question) -> dict[str, Any]:
	"""One question as an input: limits as numbers, choices with what is stored and what is read."""
	choices = [{"value": choice.value, "label": choice.label} for choice in question.choices]
	if question.answer_type == YES_NO:
		choices = [{"value": "Yes", "label": _("Yes")}, {"value": "No", "label": _("No")}]
	return {
		"code": question.code,
		"text": question.text,
		"hint": question.hint,
		"answer_type": question.answer_type,
		"unit": question.unit,
		"minimum": question.minimum,
		"maximum": question.maximum,
		"choices": choices,
		"required": question.required,
		"group": question.group,
	}


def state(evaluation: Evaluation) -> dict[str, Any]:
	"""What the answers mean, in the shape that forms draw."""
	return {
		"visible": list(evaluation.visible),
		"flags": evaluation.flags,
		"missing": list(evaluation.missing),
		"scores": [
			{"group": score.group, "title": score.title, "score": score.score, "flag": score.flag}
			for score in evaluation.scores
		],
		"complete": evaluation.complete,
		"unremarkable": evaluation.unremarkable,
	}


def answer_sentence(question: Question, error: AnswerError) -> str:
	"""What is wrong with an answer and what to enter instead; plain text."""
	unit = f" {question.unit}" if question.unit else ""
	limit = "" if error.limit is None else f"{shown(error.limit)}{unit}"
	return {
		"not_yes_or_no": _("“{0}” is neither yes nor no. Choose one of the two."),
		"not_a_number": _("“{0}” is not a number. Enter digits, for example 37.5."),
		"two_numbers": _(
			"“{0}” is more than one number. Enter one here, the other where it is asked; 37.5 has a point."
		),
		"not_whole": _("“{0}” is not a whole number. Enter a whole number on the scale."),
		"other_unit": _("“{0}” is in another unit. Enter the number in {1}.")
		if question.unit
		else _("“{0}” has a unit. Enter the number alone."),
		"too_low": _("“{0}” is below {2}. Please ask again, and check the number."),
		"too_high": _("“{0}” is above {2}. Please ask again, and check the number."),
		"not_a_choice": _("“{0}” is not one of the choices. Choose from the list."),
		"too_long": _("The text is longer than {2} characters. Please shorten it."),
	}[error.code].format(error.raw[:40], question.unit, limit)


def in_language(name: str, language: str) -> str:
	"""The questionnaire `name` as it is asked in `language`: an approved one of its set, else itself."""
	rows = _catalogue([name])
	named = next((row for row in rows if row.name == name), None)
	if named is None or named.language == language:
		return name
	return _of_set(named, rows, language) or name


def _catalogue(named: Iterable[str | None]) -> list[frappe._dict]:
	"""The questionnaires in use and those that are `named`, the highest version first."""
	return frappe.get_all(
		QUESTIONNAIRE,
		or_filters={"status": APPROVED, "name": ("in", sorted({*named} - {None, ""}) or [""])},
		fields=[*OFFER_FIELDS, "title", "set_code", "status", "purpose"],
		order_by="version desc, name",
	)


def _of_set(named: frappe._dict, rows: Sequence[frappe._dict], language: str | None) -> str | None:
	"""The approved questionnaire of the set of `named` in `language`, else in its own; None when none of it is in use."""
	by_language: dict[str, str] = {}
	for row in rows:
		same = row.set_code == named.set_code if named.set_code else row.title == named.title
		if same and row.status == APPROVED:
			by_language.setdefault(row.language or "", row.name)
	if named.status == APPROVED:
		by_language[named.language or ""] = named.name
	return by_language.get(language or "") or by_language.get(named.language or "")
