"""Promised calls: whoever owns one is told shortly before the time the patient asked for, once.

Found in the database by `next_attempt_at <= now + lead`, so an outage is caught up by the first tick; `reminded_for` keeps
which promise was told, and the name of the notice keeps two dispatchers from telling it twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import format_datetime

from hospital_followup.services import reminders
from hospital_followup.services.attempts import PROMISES
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

EVENT = "followup_callback_due"


def remind(now: datetime) -> int:
	"""Tell the owners of the calls promised until `now` plus the lead time of the settings; returns how many calls."""
	lead = frappe.get_cached_doc("Follow-up Settings").callback_reminder_minutes or 0
	rows = _promised_until(now + timedelta(minutes=lead))
	for row in rows:
		for user in [row.assigned_to] if row.assigned_to else reminders.supervisors_of(row.department):
			_tell(user, row, late=row.next_attempt_at < now)
		set_values(TASK, [row.name], {"reminded_for": row.next_attempt_at})
	return len(rows)


def _promised_until(until: datetime) -> list[frappe._dict]:
	"""Open promised calls of which nobody has been told yet. Locked: a second dispatcher waits and finds none."""
	task = frappe.qb.DocType(TASK)
	return (
		frappe.qb.from_(task)
		.select(task.name, task.assigned_to, task.department, task.next_attempt_at)
		.where((task.next_attempt_at <= until) & task.status.isin(("Open", "In Progress")))
		.where((task.on_hold == 0) & task.outcome.isin(PROMISES))
		.where(task.reminded_for.isnull() | (task.reminded_for != task.next_attempt_at))
		.orderby(task.next_attempt_at)
		.orderby(task.name)
		.for_update()
		.run(as_dict=True)
	)


def _tell(user: str, row: frappe._dict, *, late: bool) -> None:
	"""An entry in the person's inbox, and a wake-up for an open desk. Neither names the patient."""
	language = reminders.language_of(user)
	sentence = (
		_("A patient was promised a call at {0}: please call now.", language)
		if late
		else _("A patient is expecting your call at {0}.", language)
	)
	subject = sentence.format(format_datetime(row.next_attempt_at, "yyyy-MM-dd HH:mm"))
	if reminders.notify_once(
		user, subject, task=row.name, once=f"callback|{user}|{row.name}|{row.next_attempt_at}"
	):
		frappe.publish_realtime(
			EVENT, {"task": row.name, "at": str(row.next_attempt_at)}, user=user, after_commit=True
		)
