"""The rehabilitation record (康复记录): what a patient answered over time, beside the target of each question.

Numbers and scales become lines, sums of scored groups (mood) as well; choices (how the wound looks) become rows of
words. The target is read off the thresholds of the newest questionnaire that asks the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from hospital_followup.engine.conditions import number_in
from hospital_followup.engine.questionnaire import Questionnaire, evaluate, read_answers, shown
from hospital_followup.engine.questions import CHOICE, NUMBER, NUMERIC, TEXT, Question
from hospital_followup.engine.target import Band, target_of
from hospital_followup.services import queries
from hospital_followup.services.log_answers import answers_of
from hospital_followup.services.question_rows import engine_questionnaire

LOG = "Follow-up Log"
#: Contacts that are looked through, the newest first; more than a year of weekly calls.
LOGS_READ = 100
QUESTION_FIELDS = (
	*("code", "text", "answer_type", "unit", "minimum", "maximum", "choices", "required"),
	*("show_if", "amber_if", "red_if", "group", "hint"),
)
SCORE_FIELDS = ("group", "title", "amber_if", "red_if")
#: Upper and lower blood pressure are read together.
TOGETHER = (("systolic", "diastolic"),)


def rehabilitation(patient: str) -> dict[str, Any]:
	"""`charts` (lines with targets) and `rows` (answers in words) of a patient, oldest answer first.

	Only from contacts whose answers the session's user may read; five queries whatever the history.
	"""
	logs = _logs(patient)
	answers = answers_of([row.name for row in logs])
	asked = _questionnaires([row.questionnaire for row in logs if row.questionnaire])
	newest = _newest_questions(logs, asked)
	by_code: dict[str, list[frappe._dict]] = {}
	for row in sorted(answers, key=lambda row: row.contacted_at):
		by_code.setdefault(row.question, []).append(row)
	questions = {code: newest.get(code) or _unlisted(rows[-1]) for code, rows in by_code.items()}
	lines = {
		code: _line(questions[code], rows)
		for code, rows in by_code.items()
		if questions[code].answer_type in NUMERIC
	}
	words = [
		_words(questions[code], rows)
		for code, rows in by_code.items()
		if questions[code].answer_type == CHOICE
	]
	charts = [*_charts(lines), *_scores(logs, answers, asked)]
	return {
		"charts": [chart for chart in charts if chart["lines"]],
		"rows": [row for row in words if row["points"]],
	}


def _logs(patient: str) -> list[frappe._dict]:
	levels = frappe.get_meta(LOG).get_permlevel_access("read")
	if not frappe.has_permission(LOG, "read") or 1 not in levels:
		return []
	return frappe.get_list(
		LOG,
		filters={"patient": patient, "docstatus": 1},
		fields=["name", "contacted_at", "questionnaire"],
		order_by="contacted_at desc, creation desc",
		limit=LOGS_READ,
	)


def _questionnaires(names: Iterable[str]) -> dict[str, Questionnaire]:
	wanted = sorted(set(names))
	questions = queries.children("Follow-up Question", QUESTION_FIELDS, wanted)
	scores = queries.children("Follow-up Questionnaire Score", SCORE_FIELDS, wanted)
	return {
		name: engine_questionnaire({"questions": questions.get(name, ()), "scores": scores.get(name, ())})
		for name in wanted
	}


def _newest_questions(logs: list[frappe._dict], asked: dict[str, Questionnaire]) -> dict[str, Question]:
	found: dict[str, Question] = {}
	for log in logs:
		if questionnaire := asked.get(log.questionnaire):
			for question in questionnaire.questions:
				found.setdefault(question.code, question)
	return found


def _unlisted(row: frappe._dict) -> Question:
	"""A question that no questionnaire of these contacts lists: a number is drawn, without a target."""
	kind = TEXT if number_in(row.answer or "") is None else NUMBER
	return Question(row.question, row.text, kind)


def _line(question: Question, rows: list[frappe._dict]) -> dict[str, Any]:
	numbers = [(row, number_in(row.answer or "")) for row in rows]
	points = [
		_point(row, number, f"{shown(number)} {question.unit}".strip())
		for row, number in numbers
		if number is not None
	]
	return {
		"code": question.code,
		"title": question.text or question.code,
		"unit": question.unit,
		"minimum": question.minimum,
		"maximum": question.maximum,
		"points": points,
		"band": band_words(target_of(question), question.unit),
	}


def _point(row: frappe._dict, value: float | None, words: str) -> dict[str, Any]:
	return {"log": row.log, "on": getdate(row.contacted_at), "value": value, "shown": words, "flag": row.flag}


def _charts(lines: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
	charts, used = [], set()
	for pair in TOGETHER:
		if set(pair) <= set(lines) and len({lines[code]["unit"] for code in pair}) == 1:
			used.update(pair)
			charts.append(_chart(_("Blood Pressure"), [lines[code] for code in pair]))
	return charts + [_chart(line["title"], [line]) for code, line in lines.items() if code not in used]


def _chart(title: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
	return {"title": title, "unit": lines[0]["unit"], "lines": [line for line in lines if line["points"]]}


def _scores(
	logs: list[frappe._dict], answers: list[frappe._dict], asked: dict[str, Questionnaire]
) -> list[dict[str, Any]]:
	"""A line for each scored group; a contact in which a question of the group stayed open has no point."""
	given: dict[str, list[frappe._dict]] = {}
	for row in answers:
		given.setdefault(row.log, []).append(row)
	lines: dict[str, dict[str, Any]] = {}
	for log in logs:
		questionnaire = asked.get(log.questionnaire)
		if not questionnaire or not questionnaire.scores:
			continue
		for group in questionnaire.scores:
			as_question = Question(
				group.group, group.title, NUMBER, amber_if=group.amber_if, red_if=group.red_if
			)
			lines.setdefault(group.group, _line(as_question, []))
		raw = {row.question: row.answer for row in given.get(log.name, [])}
		for score in evaluate(questionnaire, read_answers(questionnaire, raw)[0]).scores:
			if score.score is not None:
				row = frappe._dict(log=log.name, contacted_at=log.contacted_at, flag=score.flag)
				lines[score.group]["points"].insert(0, _point(row, score.score, shown(score.score)))
	return [_chart(line["title"], [line]) for line in lines.values() if line["points"]]


def _words(question: Question, rows: list[frappe._dict]) -> dict[str, Any]:
	points = [_point(row, None, row.shown) for row in rows if row.answer]
	listed = [choice.label for choice in question.choices]
	# A choice that an earlier version had is still what the patient answered.
	choices = list(dict.fromkeys([*listed, *(point["shown"] for point in points)]))
	return {
		"code": question.code,
		"title": question.text or question.code,
		"choices": choices,
		"points": points,
	}


def band_words(band: Band | None, unit: str) -> dict[str, Any] | None:
	"""A target as limits and as words: "below 140 mmHg", "90 to 140 mmHg"."""
	if band is None:
		return None
	low, high = (
		None if limit is None else f"{shown(limit)} {unit}".strip() for limit in (band.low, band.high)
	)
	if low is None:
		words = _("at most {0}") if band.high_included else _("below {0}")
		text = words.format(high)
	elif high is None:
		text = (_("at least {0}") if band.low_included else _("above {0}")).format(low)
	else:
		text = _("{0} to {1}").format(shown(band.low), high)
	return {"low": band.low, "high": band.high, "words": text}
