"""What a patient enters on the own page: read, kept as it is given, and made a contact at the end.

A complete and unremarkable self-report completes its contact. Anything else makes it a person's: whoever had trouble
answering, or answered something alarming, is called (rules.md, Tasks).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate, now_datetime, today

from hospital_followup.engine.names import HUMAN_CHANNELS, OPEN_STATUSES
from hospital_followup.engine.questionnaire import (
	AnswerError,
	Evaluation,
	Questionnaire,
	evaluate,
	read_answer,
	read_answers,
)
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import claims, questionnaires, tasks
from hospital_followup.services.answers import RECOMMEND
from hospital_followup.services.strangers_words import plain_words
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

LOG = "Follow-up Log"
#: Fields beside the questionnaire that a patient may fill in.
FIELDS = ("satisfaction", "recommend", "comment", "complaint")
COMMENT_LENGTH = 1000


def questionnaire_of(page: FollowupSurvey) -> Questionnaire:
	"""What the page asks; nothing when it asks for satisfaction only."""
	return questionnaires.load(page.questionnaire) if page.questionnaire else Questionnaire(())


def evaluation_of(page: FollowupSurvey) -> Evaluation:
	"""What the answers so far mean."""
	questionnaire = questionnaire_of(page)
	return evaluate(questionnaire, read_answers(questionnaire, given(page))[0])


def given(page: FollowupSurvey) -> dict[str, str]:
	"""The answers so far, by code."""
	return {row.question: row.value for row in page.answers}


def asks(page: FollowupSurvey) -> bool:
	"""Whether the page asks anything; the one behind the code on the discharge card does not."""
	return bool(page.questionnaire or page.asks_satisfaction)


def write(page: FollowupSurvey, answers: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, str]:
	"""Write answers (None takes one back) and fields into the page; returns a sentence for each one that cannot be meant."""
	errors = {}
	questions = questionnaire_of(page).by_code
	page.written_on = now_datetime()
	for code, raw in answers.items():
		question = questions.get(code)
		if question is None:
			continue
		read = read_answer(question, raw)
		if isinstance(read, AnswerError):
			errors[code] = questionnaires.answer_sentence(question, read)
		else:
			_keep(page, code, plain_words(read.text))
	for field in FIELDS if page.asks_satisfaction else ():
		if field in fields:
			try:
				page.set(field, _field(field, fields[field]))
			except InvalidValueError as error:
				errors[field] = str(error)
	result = evaluation_of(page)
	alarming = bool(result.flags) or any(score.flag for score in result.scores)
	page.alarming_since = (page.alarming_since or page.written_on) if alarming else None
	return errors


def hand_in(page: FollowupSurvey) -> None:
	"""Make the answers final: a log on the patient's timeline, its contact done or a person's."""
	result = evaluation_of(page)
	done = bool(page.questionnaire) and result.complete and result.unremarkable and not page.wants_call
	task = page.task and claims.lock(page.task, page.patient)
	open_task = task if task and task.status in OPEN_STATUSES else None
	page.update({"status": "Answered", "answered_on": now_datetime()})
	if page.questionnaire and page.answers:
		page.log = _record(page, open_task if done else None, complete=not result.missing)
	if open_task and not done and page.questionnaire:
		give_to_person(open_task, "self_report_needs_a_person")


def give_to_person(task: frappe._dict, reason: str) -> None:
	"""Make an automatic contact somebody's call of today; its window and its key stay. The row must be locked."""
	day = getdate(today())
	changed: dict[str, Any] = {"status_reason": reason}
	if task.status == "Scheduled":
		changed |= {"status": "Open", "opens_on": day, "due_date": min(getdate(task.due_date), day)}
	if task.channel not in HUMAN_CHANNELS:
		changed |= {"channel": "Phone", "planned_channel": task.planned_channel or task.channel}
	codes = [code for code in cstr(task.reasons).split(",") if code]
	if reason not in codes:
		changed["reasons"] = ",".join([*codes, reason])
	changed["priority"] = tasks.priority_of(frappe._dict(task, **changed), day)
	set_values(TASK, [task.name], changed)


def _record(page: FollowupSurvey, task: frappe._dict | None, *, complete: bool) -> str:
	"""The submitted Follow-up Log of the self-report; with `task` it completes that contact."""
	log = frappe.get_doc(
		{
			"doctype": LOG,
			"patient": page.patient,
			"task": task.name if task else None,
			"plan": page.plan,
			"channel": page.channel or "SMS",
			"direction": "In",
			"outcome": "Replied",
			"staff": "Guest",
			"contacted_at": now_datetime().replace(microsecond=0),
			"questionnaire": page.questionnaire,
			"satisfaction": cint(page.satisfaction),
			"patient_feedback": page.comment,
			"incomplete_reason": None if complete else _("The patient left questions open."),
			"answers": _told(page),
			"docstatus": 1,
		}
	)
	log.flags.ignore_permissions = True  # reason: the token of the page is the patient's permission
	log.insert()
	return log.name


def _told(page: FollowupSurvey) -> list[dict[str, str]]:
	"""The answers as a contact keeps them; whether the patient would recommend us is one of them there."""
	rows = [{"question": row.question, "value": row.value} for row in page.answers]
	if page.recommend and RECOMMEND not in given(page):
		words = _("How likely are you to recommend us to family or friends?")
		rows.append({"question": RECOMMEND, "question_text": words, "value": page.recommend})
	return rows


def _keep(page: FollowupSurvey, code: str, text: str) -> None:
	row = next((row for row in page.answers if row.question == code), None)
	if not text:
		page.set("answers", [other for other in page.answers if other is not row])
	elif row:
		row.value = text
	else:
		page.append("answers", {"question": code, "value": text})


def _field(field: str, raw: Any) -> Any:
	text = cstr(raw).strip()
	if field == "complaint":
		return int(text.lower() in ("1", "true"))
	if field == "comment":
		if len(text) > COMMENT_LENGTH:
			raise InvalidValueError(
				_("The text is longer than {0} characters. Please shorten it.").format(COMMENT_LENGTH)
			)
		return plain_words(text) or None
	low, high = (1, 5) if field == "satisfaction" else (0, 10)
	if not text:
		return 0 if field == "satisfaction" else None
	if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
		raise InvalidValueError(_("Please choose a number from {0} to {1}.").format(low, high))
	return int(text) if field == "satisfaction" else str(int(text))
