"""What a person does to one task beside calling: skip, take a skip back, reschedule, hand to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, today

from hospital_followup.engine import transitions
from hospital_followup.exceptions import FollowupError, RescheduleError, TaskTransitionError
from hospital_followup.services import claims, plans, programme_status
from hospital_followup.services.tasks import PLAN, TASK, UNCLAIMED

#: Who may move a contact beyond its window: those who may also stop the plan (rules.md, Who may do what).
MAY_LEAVE_WINDOW = {"Follow-up Doctor", "Follow-up Supervisor", "Follow-up Administrator", "System Manager"}
REASON_LENGTH = 140


def skip(task: str, reason: str) -> None:
	"""Skip the task for a stated reason; its plan may thereby be complete."""
	words = stated(reason, _("Say why this contact is skipped."))
	doc = task_for_change(task)
	check(doc.status, "Skipped")
	undated = {"next_attempt_at": None, "next_attempt_reasons": None}
	doc.update({"status": "Skipped", "status_reason": words, **undated, **UNCLAIMED})
	write(doc)
	after_change(doc.plan)


def skip_each(names: Sequence[str], reason: str) -> dict[str, list]:
	"""Skip every task of `names` that can be skipped; one that cannot never stops the others.

	Returns the names that were `skipped`, and as `refused` the patient and the reason of each of the others.
	"""
	words = stated(reason, _("Say why this contact is skipped."))
	answer: dict[str, list] = {"skipped": [], "refused": []}
	for name in names:
		frappe.db.savepoint("followup_skip")
		try:
			skip(name, words)
		except FollowupError as error:
			frappe.db.rollback(save_point="followup_skip")
			frappe.clear_last_message()
			patient = frappe.db.get_value(TASK, name, "patient_name")
			answer["refused"].append({"patient_name": patient, "message": str(error)})
		else:
			answer["skipped"].append(name)
	return answer


def take_back_skip(task: str) -> None:
	"""Open a skipped task again; a patient's own refusal is taken back by cancelling its log instead."""
	doc = task_for_change(task)
	if doc.status_reason == "declined":
		frappe.throw(
			_("The patient declined this contact. Cancel the log that says so to open the task again."),
			TaskTransitionError,
			title=_("Not possible"),
		)
	check(doc.status, opening_status(doc))
	doc.update({"status": opening_status(doc), "status_reason": None})
	write(doc)
	reopen_plan(doc.plan)


def reschedule(task: str, due_date: date | str, reason: str) -> None:
	"""Move an undone contact to another day for a stated reason.

	Anybody who works on the task may move it inside its window. Beyond the window the planned rhythm is given up, so
	only a doctor or a supervisor may; the window then ends on the new day, and `planned_until` keeps the old end, by
	which the contact still counts as late.
	"""
	words = stated(reason, _("Say why this contact is moved."))
	doc = task_for_change(task)
	day = getdate(due_date)
	check_reschedule(doc, day)
	doc.status_reason = words
	move_to(doc, day)
	write(doc)
	# Contacts of programmes that had joined this one may not last until its new day.
	programme_status.wake([doc.patient])


def move_to(doc, day: date) -> None:
	"""Give the undone task `doc` the due date `day`, chosen by a person or promised to the patient."""
	doc.due_date = doc.opens_on = day
	extend_window(doc, day)
	doc.status = opening_status(doc)
	doc.next_attempt_at = doc.next_attempt_reasons = None
	doc.update(UNCLAIMED)


def extend_window(doc, day: date) -> None:
	"""Let the window of `doc` last until `day` at least; a person chose that day, so planning again leaves it alone."""
	if doc.expires_on and day > getdate(doc.expires_on):
		doc.planned_until = doc.planned_until or doc.expires_on
		doc.expires_on = day
	doc.pinned = 1
	codes = [code for code in (doc.reasons or "").split(",") if code.strip()]
	doc.reasons = ",".join([*codes, "rescheduled"] if "rescheduled" not in codes else codes)


def restore_window(doc, promise: date | None) -> None:
	"""End the window of `doc` where it was planned to end, unless its day or a promise to the patient lies beyond."""
	planned = getdate(doc.planned_until)
	doc.expires_on = max(planned, getdate(doc.due_date), promise or planned)
	if doc.expires_on == planned:
		doc.planned_until = None


def check_reschedule(doc, day: date) -> None:
	"""Raise RescheduleError unless `doc` may be moved to `day` by the session's user."""
	if doc.status not in ("Scheduled", "Open", "In Progress"):
		_refuse(
			_("This task is {0}; only a task that is still to be done can be moved.").format(
				_(doc.status, context=TASK)
			)
		)
	if day < getdate(today()):
		_refuse(_("{0} has passed. Choose today or a later day.").format(formatdate(day)))
	if day == getdate(doc.due_date):
		_refuse(_("The contact is due on {0} already.").format(formatdate(day)))
	leaves_window = doc.expires_on and day > getdate(doc.expires_on)
	if leaves_window and not MAY_LEAVE_WINDOW & set(frappe.get_roles()):
		_refuse(
			_(
				"The window of this contact ends on {0}. Choose a day until then, or ask a doctor or supervisor to move it further."
			).format(formatdate(doc.expires_on))
		)


def _refuse(message: str) -> None:
	frappe.throw(message, RescheduleError, title=_("Cannot be moved"))


def stated(reason: str | None, request: str) -> str:
	"""`reason` without surrounding space; raises TaskTransitionError with the sentence `request` when there is none."""
	words = (reason or "").strip()
	if not words:
		frappe.throw(request, TaskTransitionError, title=_("Reason missing"))
	if len(words) > REASON_LENGTH:
		frappe.throw(
			_("Keep the reason to {0} characters; it has {1}.").format(REASON_LENGTH, len(words)),
			TaskTransitionError,
			title=_("Too long"),
		)
	return words


def opening_status(doc) -> str:
	"""Open when the window of the task has begun, else Scheduled."""
	return "Scheduled" if doc.opens_on and getdate(doc.opens_on) > getdate(today()) else "Open"


def check(before: str, after: str, cause: str = "person") -> None:
	"""Raise TaskTransitionError unless a task may go from `before` to `after` because of `cause`."""
	if before != after and transitions.allowed(transitions.TASK, before, after, cause):
		return
	frappe.throw(
		_("A task that is {0} cannot become {1}.").format(_(before, context=TASK), _(after, context=TASK)),
		TaskTransitionError,
		title=_("Not possible"),
	)


def task_for_change(task: str):
	"""The locked task, for the session's user to change; refused while somebody else is on the phone."""
	row = claims.lock(task)
	if claims.is_held(row) and row.claimed_by != frappe.session.user:
		claims.check_free(row.patient)
	return frappe.get_doc(TASK, task, for_update=True)


def write(doc) -> None:
	"""Save a task that a service changed; the transition was checked there, and `modified` says a person did it."""
	doc.flags.followup_service = True
	doc.flags.ignore_permissions = True  # reason: api.py or the log's own permission was checked before
	doc.save()


def after_change(plan: str | None) -> None:
	"""Count the plan's contacts again and complete it when nothing is left to do."""
	if plan:
		plans.recount([plan])
		plans.complete_finished([plan])


def reopen_plan(plan: str | None) -> None:
	"""Make a completed plan active again, because one of its contacts is to be done after all."""
	if not plan:
		return
	plans.recount([plan])
	if frappe.db.get_value(PLAN, plan, "status") == "Completed":
		plans.move_plan(plan, "Active")
