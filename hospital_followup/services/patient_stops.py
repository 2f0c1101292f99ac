"""What stops all work for a patient (death, do not contact, a readmission), and its undoing: the same work comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from hospital_followup.services import plans, tasks

PLAN, TASK = plans.PLAN, plans.TASK
#: Statuses of a patient and the reason with which they stop everything.
PATIENT_STOPS = {"Deceased": "deceased", "Do Not Contact": "do_not_contact", "Merged": "patient_merged"}


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
	if not since:
		tasks.reopen_tasks(_loose(tasks.cancelled_for(reason, {"patient": patient})))
	return names


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
