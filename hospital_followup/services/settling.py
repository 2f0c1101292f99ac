"""Writing down where a task stands: after a log, after one was cancelled, after a number was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate, now_datetime

from hospital_followup.engine import transitions
from hospital_followup.services import attempts, task_actions
from hospital_followup.services.tasks import TASK, UNCLAIMED

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_task.follow_up_task import FollowupTask

#: The cause of what follows when a number that led nowhere was put right.
NUMBER_CORRECTED = "number_corrected"
#: Statuses that a log leaves by itself when it is cancelled; others were caused by a person, a plan or the calendar.
CAUSED_BY_LOG = {("Completed", None), ("Skipped", "declined"), ("Missed", "lost_to_follow_up")}


def settle(name: str, cause: str, *, staff: str | None = None) -> FollowupTask:
	"""Write into the task what its submitted logs make of it, as far as `cause` may change its status.

	A task without an owner becomes `staff`'s.
	"""
	task = frappe.get_doc(TASK, name, for_update=True)
	stand = attempts.standing(task, attempts.submitted_logs(name), now_datetime())
	task.attempts, task.outcome = stand.attempts, stand.outcome
	task.last_attempt_at = stand.last_attempt_at
	if task.status in transitions_from(cause, task):
		_apply(task, stand, cause)
	task.assigned_to = task.assigned_to or staff
	task_actions.write(task)
	return task


def transitions_from(cause: str, task: FollowupTask) -> tuple[str, ...]:
	"""The statuses that `cause` may change: a log moves what is undone or missed, its cancelling or a corrected number
	what a log closed."""
	if cause == "log":
		return ("Scheduled", "Open", "In Progress", "Missed")
	closed_by_log = (task.status, task.status_reason or None) in CAUSED_BY_LOG
	return ("Scheduled", "Open", "In Progress", *((task.status,) if closed_by_log else ()))


def _apply(task: FollowupTask, stand: attempts.Standing, cause: str) -> None:
	status = stand.status if stand.status != "Open" else _undone_status(task, cause)
	calling = task.status == "In Progress" and cause == NUMBER_CORRECTED
	if calling:
		status = task.status  # whoever is on the phone stays on the phone
	if not transitions.allowed(transitions.TASK, task.status, status, _cause(stand, cause)):
		return
	if stand.channel != task.channel:
		task.planned_channel = task.planned_channel or task.channel
	if stand.contact_point != task.contact_point:
		task.planned_contact_point = task.planned_contact_point or task.contact_point
	if task.status != status or status not in ("Scheduled", "Open"):
		task.status_reason = stand.status_reason or ("expired" if status == "Missed" else None)
	added = (cause,) if cause == NUMBER_CORRECTED and stand.status == "Open" else ()
	task.update(
		{
			"status": status,
			"channel": stand.channel,
			"contact_point": stand.contact_point,
			"completed_on": stand.completed_on,
			"late_completion": int(stand.late),
			"next_attempt_at": stand.next_attempt_at,
			"next_attempt_reasons": ",".join((*added, *stand.why)) or None,
			**({} if calling else UNCLAIMED),
		}
	)
	_fit_window(task, stand)


def _undone_status(task: FollowupTask, cause: str) -> str:
	"""What a task that is still to be done is now: an attempt leaves it Open, and Missed when its window is over."""
	if task.status == "Missed" and cause == "log":
		return "Missed"
	if task.status == "Completed" and task.expires_on and getdate(task.expires_on) < getdate(now_datetime()):
		return "Missed"
	if task.status == "In Progress":
		return "Open"
	return task_actions.opening_status(task)


def _cause(stand: attempts.Standing, cause: str) -> str:
	return "attempts_used_up" if cause == "log" and stand.status == "Missed" else cause


def _fit_window(task: FollowupTask, stand: attempts.Standing) -> None:
	"""A time promised to the patient beyond the window moves the window's end; the contact still counts as late."""
	promise = getdate(stand.next_attempt_at) if stand.status == "Open" and stand.next_attempt_at else None
	if promise and task.expires_on and promise > getdate(task.expires_on):
		task_actions.extend_window(task, promise)
	elif task.planned_until and stand.status == "Open":
		task_actions.restore_window(task, promise)


def conclude(task: FollowupTask | None) -> None:
	"""Count the plan's contacts again when the task is closed."""
	if task and task.status not in ("Scheduled", "Open", "In Progress"):
		task_actions.after_change(task.plan)
