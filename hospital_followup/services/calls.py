"""A call while it is being made: taken up, saved as it is given, finished or left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import format_datetime, get_datetime, get_fullname, now_datetime

from hospital_followup.exceptions import InvalidValueError, TaskClaimedError
from hospital_followup.services import answers, call_fields, claims, drafts, logs, questionnaires, scripts
from hospital_followup.services.call_context import context_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

#: Statuses in which a contact is written down without holding the patient: nobody is on the phone for it.
WRITTEN_AFTERWARDS = ("Missed", "Scheduled")


def start(task: str, patient: str | None = None) -> FollowupLog:
	"""Hold the patient and open the task's draft. Raises TaskClaimedError while somebody else does."""
	doc = _open(task, patient)
	drafts.store(doc)
	return doc


def save(
	task: str, changes: Mapping[str, Any], sequence: int = 0, *, patient: str | None = None
) -> tuple[FollowupLog, dict[str, str]]:
	"""Write what the caller entered into the task's draft; returns it with the sentences about values refused."""
	doc = _open(task, patient)
	errors = _write(doc, changes, sequence)
	drafts.store(doc)
	return doc, errors


def finish(
	task: str,
	outcome: str,
	changes: Mapping[str, Any] | None = None,
	*,
	sequence: int = 0,
	patient: str | None = None,
	contacted_at: datetime | str | None = None,
	next_attempt_at: datetime | str | None = None,
	**details: Any,
) -> FollowupLog:
	"""Submit the task's draft with its outcome. What was said counts even if the task was closed during the call."""
	row = claims.lock(task, patient)
	draft = drafts.find(task)
	held = claims.is_held(row) and row.claimed_by == frappe.session.user
	if not (drafts.is_filled(draft) and draft.staff == frappe.session.user):
		logs.check_recordable(row)
	claims.check_free(row.patient)
	doc = draft or _begun(row)
	write(doc, changes or {}, sequence)
	drafts.submit(
		doc, outcome, contacted_at=contacted_at, next_attempt_at=next_attempt_at, held=held, **details
	)
	return doc


def leave(task: str, patient: str | None = None) -> None:
	"""Give the patient back; what was written stays in the draft."""
	row = claims.lock(task, patient)
	draft = drafts.find(task)
	if draft and draft.staff == frappe.session.user and draft.started_at:
		drafts.pause(draft)
		drafts.store(draft)
	if row.claimed_by == frappe.session.user:
		claims.release(task)


def _open(task: str, patient: str | None) -> FollowupLog:
	"""The task's draft in the hands of the session's user, who holds the patient wherever there is work to hold."""
	row = claims.lock(task, patient)
	draft = drafts.find(task)
	continued = claims.is_held(row) and row.claimed_by == frappe.session.user
	mine = bool(draft) and draft.staff == frappe.session.user
	if claims.claimable(row) and not (mine and row.on_hold):
		claims.take(row)
	elif mine or row.status in WRITTEN_AFTERWARDS:
		claims.check_free(row.patient)
		_check_not_being_written(draft)
		continued = mine
	else:
		logs.check_recordable(row)
		claims.take(row)
	if draft is None:
		return _begun(row)
	drafts.take_over(draft)
	if not continued:
		drafts.resume(draft)
	return draft


def _begun(row: frappe._dict) -> FollowupLog:
	"""A new draft with what is said and asked in this contact; later versions do not change it any more."""
	context = context_of(row)
	doc = drafts.new(row)
	doc.script = scripts.choose_script(context)
	doc.script_version = (
		frappe.get_cached_value("Follow-up Script", doc.script, "version") if doc.script else None
	)
	doc.questionnaire = questionnaires.choose_questionnaire(context)
	return doc


def _check_not_being_written(draft: FollowupLog | None) -> None:
	"""Where no claim protects a draft, its last change does, for as long as a claim would."""
	if draft is None or draft.staff == frappe.session.user:
		return
	minutes = frappe.get_cached_doc("Follow-up Settings").lease_minutes or 20
	until = get_datetime(draft.modified) + timedelta(minutes=minutes)
	if until > now_datetime():
		frappe.throw(
			_("{0} is writing this contact down. Try again after {1}.").format(
				get_fullname(draft.staff), format_datetime(until, "HH:mm")
			),
			TaskClaimedError,
			title=_("Being Written"),
		)


def write(doc: FollowupLog, changes: Mapping[str, Any], sequence: int = 0) -> None:
	"""Write `changes` into a log that is about to be submitted. Raises InvalidValueError naming all that cannot be meant."""
	errors = _write(doc, changes, sequence)
	if errors:
		frappe.throw("<br>".join(errors.values()), InvalidValueError, title=_("Please Correct"))


def _write(doc: FollowupLog, changes: Mapping[str, Any], sequence: int) -> dict[str, str]:
	return call_fields.apply(doc, changes, sequence, lambda code, raw: answers.write(doc, code, raw))
