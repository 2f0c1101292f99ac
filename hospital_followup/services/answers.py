"""The answers of a contact: kept as they were given, read by the questionnaire that was asked.

However a log is saved (call sheet, form, REST), its answers go through here; what is alarming in them is in
`log_alarms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr

from hospital_followup.engine.questionnaire import (
	AnswerError,
	Evaluation,
	Questionnaire,
	evaluate,
	read_answer,
	read_answers,
)
from hospital_followup.exceptions import InvalidValueError, LogError
from hospital_followup.services import questionnaires

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

#: Outcomes at which somebody was there to answer every question.
#: Questions that every questionnaire asks under the same code, and what may be answered (clinical.md §6).
SATISFACTION, SCORES = "satisfaction", tuple(str(score) for score in range(1, 6))
RECOMMEND, RECOMMENDATIONS = "recommend", tuple(str(score) for score in range(11))
ASKED_AT = ("Reached Patient", "Reached Caregiver")


def write(doc: FollowupLog, code: str, raw: Any) -> None:
	"""Write one answer, or take it back with None. Raises InvalidValueError with a sentence for the caller."""
	question = _asked(doc).by_code.get(code)
	if question is None:
		raise InvalidValueError(_("The questionnaire has no question {0}.").format(code))
	read = read_answer(question, raw)
	if isinstance(read, AnswerError):
		raise InvalidValueError(questionnaires.answer_sentence(question, read))
	row = next((row for row in doc.answers if row.question == code), None)
	if not read.text:
		doc.set("answers", [other for other in doc.answers if other is not row])
		return
	row = row or doc.append("answers", {"question": code})
	row.value = read.text


def read(doc: FollowupLog) -> None:
	"""Fill in what follows from the answers: wording, number, flag, order; in a final log only what was asked stands.

	Raises InvalidValueError, with all of them, for answers that cannot be meant.
	"""
	doc.flags.evaluation = None
	if not doc.questionnaire:
		return
	questionnaire = questionnaires.load(doc.questionnaire)
	given, errors = read_answers(questionnaire, {row.question: row.value for row in doc.answers})
	if errors:
		_refuse(questionnaire, errors)
	result = evaluate(questionnaire, given)
	doc.flags.evaluation = result
	if not result.missing:
		doc.incomplete_reason = None
	order = list(questionnaire.by_code)
	rows = [row for row in doc.answers if row.question not in given or _stays(doc, row.question, result)]
	rows.sort(key=lambda row: order.index(row.question) if row.question in order else len(order))
	for row in rows:
		if row.question in given:
			answer = given[row.question]
			row.value, row.number = answer.text, answer.number
			row.question_text = questionnaire.by_code[row.question].text
			row.flag = result.flags.get(row.question, "")
	doc.set("answers", rows)
	for index, row in enumerate(doc.answers, start=1):
		row.idx = index
	take_over_scores(doc)


def take_over_scores(doc: FollowupLog) -> None:
	"""How satisfied the patient is, and whether the patient would recommend us, as figures want it: in fields of their own."""
	said = {row.question: cstr(row.value) for row in doc.answers}
	doc.recommend = said[RECOMMEND] if said.get(RECOMMEND) in RECOMMENDATIONS else None
	if said.get(SATISFACTION) in SCORES:
		doc.satisfaction = int(said[SATISFACTION])


def evaluation_of(questionnaire: str | None, doc: FollowupLog | None) -> Evaluation:
	"""What the answers of `doc` (none yet) mean for `questionnaire`."""
	if not questionnaire:
		return Evaluation()
	engine = questionnaires.load(questionnaire)
	rows = (doc.get("answers") if doc else None) or []
	return evaluate(engine, read_answers(engine, {row.question: row.value for row in rows})[0])


def check_all_asked(doc: FollowupLog) -> None:
	"""Refuse to close a conversation with required questions left open, unless it is said why: half a call is real.

	Somebody who says that the patient has gone to another hospital is asked nothing more.
	"""
	result: Evaluation | None = doc.flags.evaluation
	if (
		doc.moved_away
		or doc.outcome not in ASKED_AT
		or not result
		or not result.missing
		or doc.incomplete_reason
	):
		return
	questions = questionnaires.load(doc.questionnaire).by_code
	frappe.throw(
		_("Not answered yet: {0}. Ask, or give the reason under {1}.").format(
			"; ".join(questions[code].text for code in result.missing), frappe.bold(_("Why Incomplete"))
		),
		LogError,
		title=_("Questions Left Open"),
	)


def _asked(doc: FollowupLog) -> Questionnaire:
	if not doc.questionnaire:
		raise InvalidValueError(_("There is no questionnaire for this contact."))
	return questionnaires.load(doc.questionnaire)


def _stays(doc: FollowupLog, code: str, result: Evaluation) -> bool:
	return not doc.docstatus or code in result.visible


def _refuse(questionnaire: Questionnaire, errors: dict[str, AnswerError]) -> None:
	lines = [
		f"{questionnaire.by_code[code].text}: {questionnaires.answer_sentence(questionnaire.by_code[code], error)}"
		for code, error in errors.items()
	]
	frappe.throw("<br>".join(frappe.utils.escape_html(line) for line in lines), InvalidValueError)
