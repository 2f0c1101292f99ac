"""Calls by a person that a patient gets anyway: whether one comes in time, and having one come sooner.

A call that was tried in vain, or put off at the patient's wish, keeps its due date: `next_attempt_at` says when it is made.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import cstr, getdate, now_datetime

from hospital_followup.engine.names import HUMAN_CHANNELS, OPEN_STATUSES
from hospital_followup.services import assignment, tasks
from hospital_followup.services.tasks import PRIORITY_FIELDS, TASK
from hospital_followup.services.writer import set_values

ASKED = "patient_asked"


def coming(patient: str, until: datetime, *, contact: str | None = None, lock: bool = False) -> str | None:
	"""The open call that `patient` gets by `until`; `contact` is a task that counts as well once it is a person's.

	With `lock` the calls are read as they are now; the patient must be locked.
	"""
	calls = _open_calls(patient, until, contact, lock=lock)
	return next((call.name for call in calls if _is_in_time(call, until)), None)


def bring_forward(patient: str, until: datetime) -> frappe._dict | None:
	"""Have the latest call that was put off beyond `until` made now; its row as it was, None when there is no such call.

	The patient must be locked.
	"""
	calls = _open_calls(patient, until, None, lock=True)
	call = next((call for call in calls if not _is_in_time(call, until)), None)
	if call is None:
		return None
	today = getdate(now_datetime())
	codes = [code for code in cstr(call.reasons).split(",") if code]
	changed = {
		"next_attempt_at": None,
		"next_attempt_reasons": None,
		"reasons": ",".join(dict.fromkeys((*codes, ASKED))),
		"priority": tasks.priority_of(call, today),
	}
	set_values(TASK, [call.name], changed)
	assignment.assign([call.name], today)
	return call


def _open_calls(patient: str, until: datetime, contact: str | None, *, lock: bool) -> list[frappe._dict]:
	"""Calls that are due and not over on the day of `until`, the latest first. What is on hold or a message's is no call."""
	task, day = frappe.qb.DocType(TASK), until.date()
	due = (task.kind == "Callback") & (task.due_date <= day)
	query = (
		frappe.qb.from_(task)
		.select(*(task[field] for field in (*PRIORITY_FIELDS, "reasons", "next_attempt_at")))
		.where((task.patient == patient) & task.status.isin(sorted(OPEN_STATUSES)) & (task.on_hold == 0))
		.where(task.channel.isin(sorted(HUMAN_CHANNELS)) & (due | (task.name == (contact or ""))))
		.where(task.expires_on.isnull() | (task.expires_on >= day))
		.orderby(task.creation, order=frappe.qb.desc)
		.orderby(task.name)
	)
	return (query.for_update() if lock else query).run(as_dict=True)


def _is_in_time(call: frappe._dict, until: datetime) -> bool:
	return not call.next_attempt_at or call.next_attempt_at <= until
