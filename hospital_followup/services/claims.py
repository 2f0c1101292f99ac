"""Who is on the phone with whom: a claim holds a patient for one person and runs out by itself.

The order of locks is the same everywhere a person works on a task: patient, then plan, then task, then logs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import format_datetime, get_fullname, getdate, now_datetime

from hospital_followup.exceptions import TaskClaimedError, TaskTransitionError
from hospital_followup.services import figure_marks
from hospital_followup.services.tasks import PLAN, TASK, UNCLAIMED

PATIENT = "Follow-up Patient"


def lock(task: str, patient: str | None = None) -> frappe._dict:
	"""Lock the patient, the plan and the task, in this order, and return the task's row as it is now.

	Whoever knows the patient already says so: then the first thing a new transaction reads is locked, and all that it
	reads afterwards is what others have left, not what it was when the transaction began to wait for them.
	"""
	if patient:
		frappe.db.get_value(PATIENT, patient, "name", for_update=True)
	row = frappe.db.get_value(TASK, task, ["patient", "plan"], as_dict=True)
	if not row:
		frappe.throw(_("The task {0} does not exist any more.").format(task), frappe.DoesNotExistError)
	if row.patient != patient:
		frappe.db.get_value(PATIENT, row.patient, "name", for_update=True)
	if row.plan:
		frappe.db.get_value(PLAN, row.plan, "name", for_update=True)
	return frappe.db.get_value(TASK, task, "*", as_dict=True, for_update=True)


def claim(task: str) -> datetime:
	"""Hold the task, and with it the patient, for the session's user; returns until when. Claiming again extends.

	A task without an owner becomes the claimer's. Raises TaskClaimedError while somebody else is on the phone with
	the patient, TaskTransitionError when the task is not open.
	"""
	return take(lock(task))


def take(row: frappe._dict) -> datetime:
	"""`claim` for a task whose row is locked already."""
	if not claimable(row):
		frappe.throw(
			_("Only an open task can be claimed; this one is {0}.").format(_(row.status, context=TASK)),
			TaskTransitionError,
			title=_("Not possible"),
		)
	if row.on_hold:
		frappe.throw(
			_("The follow-up plan of this task is paused. Resume the plan first."),
			TaskTransitionError,
			title=_("Not possible"),
		)
	check_free(row.patient)
	until = lease_end()
	if not row.assigned_to:
		figure_marks.rows_changed(TASK, [row.name], ["assigned_to"])
	frappe.db.set_value(
		TASK,
		row.name,
		{
			"status": "In Progress",
			"claimed_by": frappe.session.user,
			"claimed_until": until,
			"assigned_to": row.assigned_to or frappe.session.user,
		},
		update_modified=False,
	)
	if not (is_held(row) and row.claimed_by == frappe.session.user):
		publish(row.name)
	return until


def claimable(row: frappe._dict) -> bool:
	"""Whether a task is open for work today: Open, In Progress, or due and not yet opened by the job."""
	due = row.status == "Scheduled" and row.opens_on and row.opens_on <= getdate(now_datetime())
	return row.status in ("Open", "In Progress") or bool(due)


def release(task: str) -> None:
	"""Give a claimed task back; only who holds it, or who may hand out work, may do so."""
	row = lock(task)
	if row.status != "In Progress":
		return
	check_holder(row)
	frappe.db.set_value(TASK, task, {"status": "Open", **UNCLAIMED}, update_modified=False)
	publish(task)


def check_free(patient: str) -> None:
	"""Raise TaskClaimedError when somebody else is on the phone with the patient. The patient must be locked."""
	holder = holder_of(patient)
	if not holder:
		return
	frappe.throw(
		_(
			"{0} is on the phone with {1} until {2}. Take another task, or ask {0} to release this one."
		).format(
			get_fullname(holder.claimed_by),
			holder.patient_name,
			format_datetime(holder.claimed_until, "HH:mm"),
		),
		TaskClaimedError,
		title=_("Somebody is calling already"),
	)


def check_holder(task: frappe._dict) -> None:
	"""Raise TaskClaimedError unless the session's user holds the task, may hand out work, or nobody holds it."""
	if is_held(task) and task.claimed_by != frappe.session.user and not may_hand_out():
		frappe.throw(
			_("Only {0} or a supervisor can release this task.").format(get_fullname(task.claimed_by)),
			TaskClaimedError,
			title=_("Not possible"),
		)


def holder_of(patient: str) -> frappe._dict | None:
	"""The claim of somebody else that is running on any task of the patient. Reads what is committed."""
	task = frappe.qb.DocType(TASK)
	rows = (
		frappe.qb.from_(task)
		.select(task.claimed_by, task.claimed_until, task.patient_name)
		.where((task.patient == patient) & (task.status == "In Progress"))
		.where((task.claimed_by != frappe.session.user) & (task.claimed_until > now_datetime()))
		.orderby(task.name)
		.for_update()
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def is_held(task: frappe._dict) -> bool:
	"""Whether a claim of the task is running."""
	return bool(
		task.status == "In Progress"
		and task.claimed_by
		and task.claimed_until
		and task.claimed_until > now_datetime()
	)


def may_hand_out() -> bool:
	"""Whether the session's user hands out work: supervisors and administrators (rules.md, Who may do what)."""
	roles = {"Follow-up Supervisor", "Follow-up Administrator", "System Manager"}
	return frappe.session.user == "Administrator" or bool(roles & set(frappe.get_roles()))


def lease_end() -> datetime:
	"""When a claim made now runs out."""
	minutes = frappe.get_cached_doc("Follow-up Settings").lease_minutes or 20
	return now_datetime().replace(microsecond=0) + timedelta(minutes=minutes)


def publish(task: str) -> None:
	"""Tell open forms and lists that somebody took or returned the task; a wake-up call only, after the commit."""
	frappe.publish_realtime(
		"followup_task_changed", {"name": task}, doctype=TASK, docname=task, after_commit=True
	)
	frappe.publish_realtime("list_update", {"doctype": TASK, "name": task}, doctype=TASK, after_commit=True)
