"""What a contact or a survey tells the alert rules: its answers, the readings before it, what was said in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import cint, cstr, get_datetime

from hospital_followup.engine.alerts import RISK_TIER, Facts, Rule, Said
from hospital_followup.engine.answers import Answer
from hospital_followup.engine.conditions import number_in, yes_or_no
from hospital_followup.engine.questionnaire import evaluate, read_answers, shown
from hospital_followup.engine.questions import NUMERIC, SCALE, TEXT, Question
from hospital_followup.engine.trends import Reading
from hospital_followup.services import questionnaires
from hospital_followup.services.writer import chunks

LOG = "Follow-up Log"
ANSWER = "Follow-up Answer"
PATIENT = "Follow-up Patient"
#: The question "how likely are you to recommend us", in the shipped questionnaire on satisfaction.
RECOMMEND = "recommend"
#: Fields in which somebody writes in words what the patient said.
TEXT_FIELDS = ("notes", "patient_feedback", "comment")
PER_STATEMENT = 1_000

#: By patient and question: the log and the reading.
Readings = Mapping[tuple[str, str], Sequence[tuple[str, Reading]]]


def facts_of(doc: Any, readings: Readings, *, final: bool, risk_tier: str | None = None) -> Facts:
	"""The facts of a log or a survey, or of a row with its `answers`; a draft (not `final`) has only answers yet."""
	answers = answers_given(doc.get("questionnaire"), doc.get("answers") or ())
	now = get_datetime(doc.get("contacted_at") or doc.get("answered_on") or doc.get("modified"))
	asked = questions_of(doc.get("questionnaire"))
	history = {
		code: (
			*(
				reading
				for log, reading in readings.get((doc.patient, code), ())
				if log != doc.name and reading.on <= now
			),
			Reading(now, answer.number, unit_of(asked.get(code))),
		)
		for code, answer in answers.items()
		if answer.number is not None
	}
	if not final:
		return Facts(answers=answers, history=history, now=now, risk_tier=risk_tier)
	recommend = doc.get("recommend") or (answers[RECOMMEND].text if RECOMMEND in answers else "")
	return Facts(
		answers=answers,
		history=history,
		now=now,
		risk_tier=risk_tier,
		satisfaction=cint(doc.get("satisfaction")) or None,
		recommendation=number_in(cstr(recommend)),
		texts=tuple(texts_of(doc, answers, asked)),
	)


def facts_of_call(page: Any, *, risk_tier: str | None = None) -> Facts:
	"""The facts of a patient who asks to be called on the own page; what was answered there is told when it is sent."""
	now = get_datetime(page.get("call_asked_on") or page.get("modified"))
	return Facts(now=now, asks_for_call=True, risk_tier=risk_tier)


def answers_given(questionnaire: str | None, rows: Iterable[Any]) -> dict[str, Answer]:
	"""The answers as the questionnaire reads them, without those to questions that were not asked in the end."""
	raw = {row.question: row.value for row in rows}
	found = {code: _plain_answer(code, cstr(value)) for code, value in raw.items()}
	if questionnaire:
		engine = questionnaires.load(questionnaire)
		given = read_answers(engine, raw)[0]
		visible = evaluate(engine, given).visible
		listed = engine.by_code
		found = {code: answer for code, answer in found.items() if code not in listed}
		found |= {code: given[code] for code in visible if code in given}
	return {code: answer for code, answer in found.items() if answer.value is not None}


def questions_of(questionnaire: str | None) -> Mapping[str, Question]:
	return questionnaires.load(questionnaire).by_code if questionnaire else {}


def texts_of(doc: Any, answers: Mapping[str, Answer], asked: Mapping[str, Question]) -> Iterable[Said]:
	for field in TEXT_FIELDS:
		if doc.get(field):
			yield Said(field, doc.get(field))
	for code, answer in answers.items():
		if code in asked and asked[code].answer_type == TEXT:
			yield Said(code, answer.text)


def unit_of(question: Question | None) -> str:
	"""What a number was given in; the ends of a scale are its unit. Empty when it is not known."""
	if question is None:
		return ""
	if question.answer_type == SCALE:
		ends = (question.minimum, question.maximum)
		return "–".join(shown(end) if end is not None else "?" for end in ends)
	return question.unit


def trend_codes(rules: Iterable[Rule]) -> set[str]:
	"""The questions whose earlier readings the rules look at."""
	return {condition.question for rule in rules for condition in rule.conditions if condition.is_trend}


def readings_of(patients: Sequence[str], codes: Collection[str], since: datetime | None = None) -> Readings:
	"""What these patients gave as numbers in submitted contacts, oldest first."""
	found: dict[tuple[str, str], list[tuple[str, Reading]]] = {}
	if not codes:
		return found
	log, answer = frappe.qb.DocType(LOG), frappe.qb.DocType(ANSWER)
	for part in chunks(sorted(set(patients)), PER_STATEMENT):
		query = (
			frappe.qb.from_(log)
			.join(answer)
			.on((answer.parent == log.name) & (answer.parenttype == LOG))
			.select(log.name, log.patient, log.contacted_at, log.questionnaire, answer.question, answer.value)
			.where(log.patient.isin(part) & (log.docstatus == 1) & answer.question.isin(sorted(codes)))
			.orderby(log.contacted_at)
			.orderby(log.creation)
		)
		if since:
			query = query.where(log.contacted_at >= since)
		for row in query.run(as_dict=True):
			question = questions_of(row.questionnaire).get(row.question)
			number = number_in(cstr(row.value))
			if number is not None and (question is None or question.answer_type in NUMERIC):
				reading = Reading(row.contacted_at, number, unit_of(question))
				found.setdefault((row.patient, row.question), []).append((row.name, reading))
	return found


def risk_tier_of(patient: str, rules: Iterable[Rule]) -> str | None:
	"""The patient's tier, where one of the rules asks for it."""
	if not any(condition.fact == RISK_TIER for rule in rules for condition in rule.conditions):
		return None
	return frappe.db.get_value(PATIENT, patient, "risk_tier")


def _plain_answer(code: str, value: str) -> Answer:
	"""An answer to a question that no questionnaire lists."""
	if value in ("Yes", "No"):
		return Answer(code, yes_or_no(value), value)
	number = number_in(value)
	return Answer(code, number if number is not None else value or None, value)
