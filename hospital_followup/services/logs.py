"""What a recorded contact does: to its task, the patient's numbers, the plan, and how cancelling it undoes that.

The dialog, the form, REST and an import all end in `on_log_submitted`; nothing depends on how a log came in.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import formatdate, get_datetime, getdate, now_datetime

from hospital_followup.engine import transitions
from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import LogError
from hospital_followup.services import (
	attempts,
	claims,
	drafts,
	patient_stops,
	patients,
	plans,
	task_actions,
	tasks,
)
from hospital_followup.services.tasks import TASK, UNCLAIMED
from hospital_followup.services.wording import sentence
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog
	from hospital_followup.hospital_followup.doctype.follow_up_task.follow_up_task import FollowupTask

PATIENT = "Follow-up Patient"
LOG = "Follow-up Log"
#: Statuses that a log leaves by itself when it is cancelled; others were caused by a person, a plan or the calendar.
CAUSED_BY_LOG = {("Completed", None), ("Skipped", "declined"), ("Missed", "lost_to_follow_up")}


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
	effect = OUTCOMES[doc.outcome]
	if effect.fix_number:
		mark_number(doc)
	task = _settle(doc.task, "log", doc) if doc.task else None
	if effect.stops_plan and _stop(doc, effect.stops_plan):
		doc.db_set("stopped_plan", 1, update_modified=False)
	_conclude(task)


def on_log_cancelled(doc: FollowupLog) -> None:
	"""Take back what the log did; the task stands as its remaining logs say."""
	effect = OUTCOMES[doc.outcome]
	if effect.fix_number:
		restore_number(doc)
	if doc.stopped_plan:
		_undo_stop(doc, effect.stops_plan)
		doc.db_set("stopped_plan", 0, update_modified=False)
	if not doc.task:
		return
	task = _settle(doc.task, "log_cancelled", doc)
	if task.status in ("Scheduled", "Open"):
		task_actions.reopen_plan(task.plan)
	_conclude(task)


def _settle(name: str, cause: str, log: FollowupLog) -> FollowupTask:
	"""Write into the task what its submitted logs make of it, as far as `cause` may change its status."""
	task = frappe.get_doc(TASK, name, for_update=True)
	stand = attempts.standing(task, attempts.submitted_logs(name), now_datetime())
	task.attempts, task.outcome = stand.attempts, stand.outcome
	task.last_attempt_at = stand.last_attempt_at
	if task.status in transitions_from(cause, task):
		_apply(task, stand, cause)
	if cause == "log":
		task.assigned_to = task.assigned_to or log.staff
	task_actions.write(task)
	return task


def transitions_from(cause: str, task: FollowupTask) -> tuple[str, ...]:
	"""The statuses that `cause` may change: a log moves what is undone or missed, its cancelling what a log closed."""
	if cause == "log":
		return ("Scheduled", "Open", "In Progress", "Missed")
	closed_by_log = (task.status, task.status_reason or None) in CAUSED_BY_LOG
	return ("Scheduled", "Open", "In Progress", *((task.status,) if closed_by_log else ()))


def _apply(task: FollowupTask, stand: attempts.Standing, cause: str) -> None:
	status = stand.status if stand.status != "Open" else _undone_status(task, cause)
	if not transitions.allowed(transitions.TASK, task.status, status, _cause(stand, cause)):
		return
	if stand.channel != task.channel:
		task.planned_channel = task.planned_channel or task.channel
	if stand.contact_point != task.contact_point:
		task.planned_contact_point = task.planned_contact_point or task.contact_point
	if task.status != status or status not in ("Scheduled", "Open"):
		task.status_reason = stand.status_reason or ("expired" if status == "Missed" else None)
	task.update(
		{
			"status": status,
			"channel": stand.channel,
			"contact_point": stand.contact_point,
			"completed_on": stand.completed_on,
			"late_completion": int(stand.late),
			"next_attempt_at": stand.next_attempt_at,
			"next_attempt_reasons": ",".join(stand.why) or None,
			**UNCLAIMED,
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


def _conclude(task: FollowupTask | None) -> None:
	if task and task.status not in ("Scheduled", "Open", "In Progress"):
		task_actions.after_change(task.plan)


def mark_number(doc: FollowupLog) -> None:
	"""Put the number that was dialled on the list of numbers to fix."""
	frappe.db.set_value(PATIENT, doc.patient, number_field(doc), doc.outcome)


def restore_number(doc: FollowupLog) -> None:
	"""Take the number off that list again, unless another log says the same."""
	field = number_field(doc)
	if frappe.db.get_value(PATIENT, doc.patient, field) != doc.outcome:
		return
	same = {
		"patient": doc.patient,
		"docstatus": 1,
		"outcome": doc.outcome,
		"contact_point": doc.contact_point,
		"name": ("!=", doc.name),
	}
	if frappe.db.exists(LOG, same):
		return
	verified = field == "mobile_status" and frappe.db.get_value(PATIENT, doc.patient, "phone_verified")
	frappe.db.set_value(PATIENT, doc.patient, field, "Verified" if verified else "Unknown")


def number_field(doc: FollowupLog) -> str:
	"""The field that holds the state of the number that was dialled."""
	return "caregiver_mobile_status" if doc.contact_point == "Caregiver" else "mobile_status"


def _stop(doc: FollowupLog, reason: str) -> bool:
	"""Stop what the patient's death or readmission stops; False when it had been stopped before."""
	if reason == "deceased":
		if frappe.db.get_value(PATIENT, doc.patient, "status", for_update=True) == "Deceased":
			return False
		patients.mark_deceased(doc.patient)
		told = _("Reported at the follow-up contact of {0}").format(formatdate(doc.contacted_at))
		set_values(PATIENT, [doc.patient], {"status_reason": told})
		return True
	stopped = [plans.stop(plan, reason) for plan in open_plans(doc.patient)]
	if doc.task and not doc.plan:
		tasks.cancel_tasks([doc.task], reason)
		return True
	return any(stopped)


def _undo_stop(doc: FollowupLog, reason: str) -> None:
	if reason == "deceased":
		set_values(PATIENT, [doc.patient], {"status_reason": None})
		patients.unmark_deceased(doc.patient)
	else:
		patient_stops.restore_patient(doc.patient, reason, since=doc.creation)
	paused = {"patient": doc.patient, "status": "Paused", "pause_reason": reason}
	for plan in frappe.get_all(plans.PLAN, filters=paused, pluck="name", order_by="name"):
		plans.resume(plan)
	if doc.task and frappe.db.get_value(TASK, doc.task, "status_reason") == reason:
		tasks.reopen_tasks([doc.task])


def open_plans(patient: str) -> list[str]:
	"""The patient's plans that still want work done, in the order in which they are locked."""
	return frappe.get_all(
		plans.PLAN,
		filters={"patient": patient, "status": ("in", plans.OPEN_PLANS)},
		pluck="name",
		order_by="name",
	)
