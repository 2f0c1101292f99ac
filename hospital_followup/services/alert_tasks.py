"""The call that tells a patient the doctor's answer: one open Follow-up Task of kind Alert per alert.

It belongs to no plan: a plan that is over or paused must not keep it from being made, nor from being missed.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.engine.names import OPEN_STATUSES, SPECIALIST
from hospital_followup.exceptions import AssignmentError, ConcurrentWriteError
from hospital_followup.services import assignment, loose_tasks, reminders, tasks
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

STAFF = "Follow-up Staff"
#: The attempts need two days (clinical.md §5); whoever was not reached by then is the doctor's again.
DAYS_TO_TELL = 3


def calls_of(alert: str) -> list[frappe._dict]:
	"""The calls that were or are to tell the patient, oldest first, as committed and locked."""
	task = frappe.qb.DocType(TASK)
	return (
		frappe.qb.from_(task)
		.select(task.name, task.status, task.assigned_to)
		.where(task.alert == alert)
		.orderby(task.creation)
		.orderby(task.name)
		.for_update()
		.run(as_dict=True)
	)


def open_task_of(alert: str) -> frappe._dict | None:
	"""The call that is still to be made for this alert."""
	return next((row for row in calls_of(alert) if row.status in OPEN_STATUSES), None)


def have_told(alert: frappe._dict, caller: str | None) -> str:
	"""The call that tells the patient of the locked `alert`: the one that is open, else a new one of today.

	`caller` makes it; without one it goes to whoever knows the patient, else to whoever has most room today.
	"""
	role = role_of(caller) if caller else None
	existing = open_task_of(alert.name)
	name = existing.name if existing else _insert(alert, role or SPECIALIST)
	if caller and (not existing or existing.assigned_to != caller):
		set_values(TASK, [name], {"assigned_to": caller, "role": role})
	elif not existing:
		assignment.assign([name], getdate(today()))
	_tell_caller(name)
	return name


def call_off(alert: str, reason: str) -> None:
	"""Cancel the open call of an alert for `reason`, a code of services/wording.py."""
	names = [row.name for row in calls_of(alert) if row.status in OPEN_STATUSES]
	tasks.cancel_tasks(names, reason)


def role_of(user: str) -> str:
	"""The role in which `user` takes contacts; raises AssignmentError when the user takes none."""
	role = frappe.db.get_value(STAFF, {"user": user, "enabled": 1}, "role")
	if not role:
		frappe.throw(
			_("{0} takes no contacts. Choose somebody from Follow-up Staff who does.").format(
				frappe.utils.get_fullname(user)
			),
			AssignmentError,
			title=_("Cannot be assigned"),
		)
	return role


def _insert(alert: frappe._dict, role: str) -> str:
	of_cause = alert.task and frappe.db.get_value(
		TASK, alert.task, ["discharge", "contact_point", "planned_contact_point"], as_dict=True
	)
	cause, day = of_cause or frappe._dict(), getdate(today())
	born = frappe.db.get_value("Follow-up Patient", alert.patient, "date_of_birth")
	asked_for = cause.planned_contact_point or cause.contact_point
	task = {
		"key": f"alert|{alert.name}|{len(calls_of(alert.name)) + 1}",
		"kind": "Alert",
		"alert": alert.name,
		"patient": alert.patient,
		"patient_name": alert.patient_name,
		"discharge": cause.discharge,
		"contact_point": asked_for or loose_tasks.contact_point(born, day),
		"department": alert.department,
		"company": alert.company,
		"risk_tier": alert.risk_tier or "Medium",
		"channel": "Phone",
		"role": role,
		"status": "Open",
		"due_date": day,
		"opens_on": day,
		"expires_on": day + timedelta(days=DAYS_TO_TELL),
	}
	name = loose_tasks.insert(task, day)
	if name is None:
		raise ConcurrentWriteError(_("The same record is being written elsewhere. Please try again."))
	return name


def _tell_caller(task: str) -> None:
	row = frappe.db.get_value(TASK, task, ["assigned_to", "alert", "modified"], as_dict=True)
	if not row.assigned_to or row.assigned_to == frappe.session.user:
		return
	subject = _(
		"A patient waits for a doctor's answer: please call today.", reminders.language_of(row.assigned_to)
	)
	reminders.notify_once(row.assigned_to, subject, task=task, once=f"alert_task|{task}|{row.assigned_to}")
