"""Messages that nobody answers: missed at the end of the window, after several in a row one last ask, then a call.

The engine decides (`engine.unanswered`); only messages that went out count. Whoever wrote back in words has answered:
then a person reads it and goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce, Max
from frappe.utils import cint, getdate

from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.engine.unanswered import Silence, step
from hospital_followup.services import messages, taking_over, tasks
from hospital_followup.services.attempts import CONTACT, LAST_ASK, MESSAGE
from hospital_followup.services.figure_sources import REACHED, SENT
from hospital_followup.services.messages import Wanted
from hospital_followup.services.task_messages import give_up_at
from hospital_followup.services.tasks import TASK

LOG = "Follow-up Log"
NO_REPLY = "no_reply"


def silent(now: datetime) -> list[str]:
	"""Contacts whose message went out before today and that nobody has answered."""
	task, message = frappe.qb.DocType(TASK), frappe.qb.DocType(MESSAGE)
	return _silent(task, message, now).run(pluck=True)


def follow(names: Sequence[str], now: datetime) -> int:
	"""Do what is due about those of `names` that are still unanswered; returns about how many something was done."""
	task, message = frappe.qb.DocType(TASK), frappe.qb.DocType(MESSAGE)
	query = _silent(task, message, now).select(
		*(task[field] for field in ("patient", "plan", "channel", "expires_on", "risk_tier")),
		*(task[field] for field in ("department", "company")),
		_went_out(message).as_("sent_at"),
		message.survey,
	)
	rows = query.where(task.name.isin(list(names) or [""])).run(as_dict=True)
	patients = {row.patient for row in rows}
	before, wrote = _unanswered_before(patients), _last_words(patients, texts_only=True)
	asked = _asked([row.name for row in rows])
	limit = cint(frappe.get_cached_doc("Follow-up Settings").unanswered_messages)
	done, ask, missed = 0, [], []
	for row in rows:
		silence = Silence(getdate(row.sent_at), row.expires_on, before[row.patient] + 1, asked.get(row.name))
		due = step(silence, now.date(), limit)
		if due == "missed":
			missed.append(row.name)
		elif row.patient in wrote and wrote[row.patient] >= row.sent_at:
			done += taking_over.hand_over(row.name, "replied_in_words")
		elif due == "call":
			done += taking_over.hand_over(row.name, "messages_unanswered")
		elif due == "ask":
			ask.append(row)
	return done + _ask(ask, now) + _miss(missed, now.date())


def _silent(task: Any, message: Any, now: datetime) -> Any:
	return (
		frappe.qb.from_(task)
		.join(message)
		.on((message.task == task.name) & (message.channel == task.channel) & (message.occasion == CONTACT))
		.select(task.name)
		.where((task.status == "Open") & (task.on_hold == 0) & task.channel.notin(sorted(HUMAN_CHANNELS)))
		.where(message.status.isin(SENT) & (_went_out(message) < datetime.combine(now.date(), time.min)))
		.orderby(task.name)
	)


def _went_out(message: Any) -> Any:
	"""A receipt may come for a message whose answer was lost."""
	return Coalesce(message.sent_at, message.send_after)


def _ask(rows: Iterable[frappe._dict], now: datetime) -> int:
	"""Ask once more; whoever cannot be asked is called."""
	wanted = {row.name: _wanted(row, now) for row in rows}
	written = messages.write(list(wanted.values()))
	for name, item in sorted(wanted.items()):
		if written[item.key].reason:
			taking_over.hand_over(name, "messages_unanswered")
	return len(wanted)


def _wanted(row: frappe._dict, now: datetime) -> Wanted:
	return Wanted(
		key=f"ask|{row.name}",
		patient=row.patient,
		channel=row.channel,
		purpose="Clinical",
		occasion=LAST_ASK,
		send_after=now,
		expires_at=give_up_at(row, now),
		task=row.name,
		plan=row.plan,
		survey=row.survey,
		department=row.department,
		company=row.company,
	)


def _miss(names: Sequence[str], today: date) -> int:
	task = frappe.qb.DocType(TASK)
	values = {
		"status": "Missed",
		"status_reason": NO_REPLY,
		"next_attempt_at": None,
		"next_attempt_reasons": None,
	}
	tasks.move(names, ("Open",), values, also=(task.expires_on < today) & (task.on_hold == 0))
	return len(names)


def _unanswered_before(patients: Iterable[str]) -> Counter[str]:
	"""By patient the contacts missed without a reply since somebody last spoke with them, or they last answered."""
	wanted = sorted(patients)
	if not wanted:
		return Counter()
	answered = _last_words(wanted)
	task = frappe.qb.DocType(TASK)
	rows = (
		frappe.qb.from_(task)
		.select(task.patient, task.due_date)
		.where(task.patient.isin(wanted) & (task.status == "Missed") & (task.status_reason == NO_REPLY))
		.orderby(task.patient)
		.run(as_dict=True)
	)
	return Counter(
		row.patient
		for row in rows
		if row.patient not in answered or row.due_date > answered[row.patient].date()
	)


def _last_words(patients: Iterable[str], *, texts_only: bool = False) -> dict[str, datetime]:
	"""By patient when they were last heard of; with `texts_only` when they last wrote back in words.

	What was answered on a page has its questionnaire, and belongs to the contact that asked.
	"""
	log = frappe.qb.DocType(LOG)
	query = (
		frappe.qb.from_(log)
		.select(log.patient, Max(log.contacted_at))
		.where(log.patient.isin(sorted(patients) or [""]) & (log.docstatus == 1))
		.where(log.outcome.isin((*REACHED, "Replied", "Callback Requested")))
		.groupby(log.patient)
	)
	if texts_only:
		query = query.where((log.direction == "In") & (log.outcome == "Replied"))
		query = query.where(
			log.channel.notin(sorted(HUMAN_CHANNELS)) & (Coalesce(log.questionnaire, "") == "")
		)
	return dict(query.run())


def _asked(names: Sequence[str]) -> dict[str, date]:
	"""By contact the day of its last ask."""
	message = frappe.qb.DocType(MESSAGE)
	rows = (
		frappe.qb.from_(message)
		.select(message.task, Max(message.send_after))
		.where(message.task.isin(list(names) or [""]) & (message.occasion == LAST_ASK))
		.groupby(message.task)
		.run()
	)
	return {task: getdate(at) for task, at in rows}
