"""What a recorded contact does: to its task, the patient's numbers, the plan, and how cancelling it undoes that.

The dialog, the form, REST and an import all end in `on_log_submitted`; nothing depends on how a log came in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import formatdate, get_datetime

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import LogError
from hospital_followup.services import (
	advice_messages,
	alert_answers,
	alert_sweep,
	claims,
	drafts,
	numbers,
	promised_calls,
	reactions,
	readmissions,
	reported_stops,
	revisit_calls,
	settling,
	surveys,
	task_actions,
	telephony,
)
from hospital_followup.services.beside import beside
from hospital_followup.services.wording import sentence

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"


def log_attempt(
	task: str,
	outcome: str,
	*,
	contacted_at: datetime | str | None = None,
	next_attempt_at: datetime | str | None = None,
	**details: Any,
) -> str:
	"""Record one attempt as a submitted Follow-up Log and return its name.

	What was written into the task's draft so far is part of it, unless the contact took place before the draft was
	begun. `details` are further fields of the log (notes, channel, contact_point, duration_seconds, …). Raises LogError
	for a task that is closed already, TaskClaimedError while somebody else is on the phone with the patient.
	"""
	row = claims.lock(task)
	check_recordable(row)
	claims.check_free(row.patient)
	draft = drafts.find(task)
	if draft and contacted_at and get_datetime(contacted_at) < get_datetime(draft.creation):
		draft = None
	return drafts.submit(
		draft or drafts.new(row),
		outcome,
		contacted_at=contacted_at,
		next_attempt_at=next_attempt_at,
		held=claims.is_held(row),
		**details,
	)


def check_recordable(task: frappe._dict) -> None:
	"""Raise LogError for a task that is closed, with the way to record a further contact nevertheless."""
	if task.status == "Completed":
		message = _(
			"This contact was completed on {0}. Record a further conversation as a new Follow-up Log."
		)
		when = formatdate(task.completed_on)
	elif task.status == "Skipped":
		message = _("This contact was skipped: {0}. Take the skip back first.")
		when = sentence(task.status_reason)
	elif task.status == "Cancelled":
		message = _("This contact was cancelled: {0}. Restore its plan first, or record a new Follow-up Log.")
		when = sentence(task.status_reason)
	else:
		return
	frappe.throw(message.format(when), LogError, title=_("Closed already"))


def on_log_submitted(doc: FollowupLog) -> None:
	"""Carry out what the outcome means (rules.md, Tasks). The task is locked since `validate`."""
	if OUTCOMES[doc.outcome].fix_number:
		numbers.mark(doc)
	task = settling.settle(doc.task, "log", staff=doc.staff) if doc.task else None
	reason = reported_stops.reason_of(doc)
	if reason and reported_stops.stop(doc, reason):
		doc.db_set("stopped_plan", 1, update_modified=False)
	settling.conclude(task)
	alert_sweep.look_at(doc.task)
	alert_answers.on_log_submitted(doc)
	telephony.take_over(doc.name, doc.task)
	_tell_others(doc, revisit_calls.on_log_submitted)
	for work in (
		surveys.invite_after,
		promised_calls.on_log_submitted,
		advice_messages.on_log_submitted,
		reactions.on_log_submitted,
	):
		beside(doc, work)


def on_log_cancelled(doc: FollowupLog) -> None:
	"""Take back what the log did; the task stands as its remaining logs say."""
	if OUTCOMES[doc.outcome].fix_number:
		numbers.restore(doc)
	if doc.stopped_plan:
		reported_stops.take_back(doc, reported_stops.reason_of(doc))
		doc.db_set("stopped_plan", 0, update_modified=False)
	_tell_others(doc, revisit_calls.on_log_cancelled)
	alert_answers.on_log_cancelled(doc)
	promised_calls.on_log_cancelled(doc)
	beside(doc, reactions.on_log_cancelled)
	if not doc.task:
		return
	task = settling.settle(doc.task, "log_cancelled")
	if task.status in ("Scheduled", "Open"):
		task_actions.reopen_plan(task.plan)
	settling.conclude(task)


def _tell_others(doc: FollowupLog, carry: Callable[[FollowupLog], None]) -> None:
	"""Carry the contact into the patient's revisit, and a readmission that it told of into the discharge."""
	carry(doc)
	if doc.outcome == "Readmitted":
		readmissions.record(doc.patient)
