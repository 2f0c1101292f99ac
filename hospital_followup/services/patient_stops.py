"""What stops all work for a patient (death, do not contact, a readmission), and its undoing: the same work comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe.utils import getdate, today
from pypika import Order

from hospital_followup.services import plans, programme_consents, programme_status, tasks

PLAN, TASK = plans.PLAN, plans.TASK
#: Statuses of a patient and the reason with which they stop everything.
PATIENT_STOPS = {"Deceased": "deceased", "Do Not Contact": "do_not_contact", "Merged": "patient_merged"}

#: What is reported of a patient without a status of its own: undone from the patient's form.
REPORTED = ("readmitted", "moved_away")


def stop_patient(patient: str, reason: str) -> list[str]:
	"""Stop every open plan of a patient (death, do not contact, merge); returns the names of the plans stopped."""
	names = frappe.get_all(
		PLAN, filters={"patient": patient, "status": ("in", plans.OPEN_PLANS)}, pluck="name", order_by="name"
	)
	for plan in names:
		plans.move_plan(plan, "Stopped", reason=reason)
	loose = frappe.get_all(
		TASK,
		filters={"patient": patient, "status": ("in", plans.UNDONE_TASKS)},
		pluck="name",
		order_by="name",
	)
	tasks.cancel_tasks(loose, reason)
	programme_status.stop_waiting(patient, reason)
	return names


def restore_patient(patient: str, reason: str, *, since: datetime | None = None) -> list[str]:
	"""Take `stop_patient(patient, reason)` back; returns the names of the plans restored.

	With `since` only what was stopped from then on: an earlier stop for the same reason was another event.
	"""
	filters: dict[str, Any] = {"patient": patient, "status": "Stopped", "stop_reason": reason}
	if since:
		filters["stopped_on"] = (">=", since)
	names = frappe.get_all(PLAN, filters=filters, pluck="name", order_by="name")
	for plan in names:
		plans.undo_stop(plan)
	cancelled: dict[str, Any] = {"patient": patient}
	if since:
		cancelled["cancelled_on"] = (">=", getdate(since))
	tasks.reopen_tasks(_loose(tasks.cancelled_for(reason, cancelled)))
	programme_consents.restore_waiting(patient, reason)
	return names


def resume_paused(patient: str, reason: str) -> None:
	"""Resume the patient's plans that were paused for `reason`: programmes outlast a stay in hospital."""
	paused = {"patient": patient, "status": "Paused", "pause_reason": reason}
	for plan in frappe.get_all(PLAN, filters=paused, pluck="name", order_by="name"):
		plans.resume(plan)


def stops_of(patient: str) -> list[frappe._dict]:
	"""What was reported of the patient and stopped plans that would still run: reason, by whom and when, newest first."""
	plan = frappe.qb.DocType(PLAN)
	rows = (
		frappe.qb.from_(plan)
		.select(plan.stop_reason.as_("reason"), plan.stopped_by.as_("by"), plan.stopped_on.as_("at"))
		.where((plan.patient == patient) & (plan.status == "Stopped"))
		.where(plan.stop_reason.isin(REPORTED))
		.where(plan.end_date.isnull() | (plan.end_date >= today()))
		.orderby(plan.stopped_on, order=Order.desc)
		.orderby(plan.name)
		.run(as_dict=True)
	)
	return list({row.reason: row for row in reversed(rows)}.values())[::-1]


def undo(patient: str, reason: str) -> list[str]:
	"""Take back what a readmission or a move stopped: plans, callbacks and paused programmes go on; names of the plans."""
	restored = restore_patient(patient, reason)
	resume_paused(patient, reason)
	return restored


def _loose(names: list[str]) -> list[str]:
	"""Those of the tasks `names` that no plan brings back: calls without a plan, callbacks of a completed one."""
	task, plan = frappe.qb.DocType(TASK), frappe.qb.DocType(PLAN)
	query = (
		frappe.qb.from_(task)
		.left_join(plan)
		.on(plan.name == task.plan)
		.select(task.name)
		.where(task.name.isin(names or [""]))
		.where(plan.name.isnull() | ((task.kind != "Planned") & (plan.status != "Stopped")))
	)
	return query.orderby(task.name).run(pluck=True)
