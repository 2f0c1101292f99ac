"""How a plan moves: Draft → Active → Paused / Stopped / Completed, and back.

One function, `move_plan`, changes the status of a plan. It sets `status` and the first workflow state that is mapped
to it together, as the system, whoever triggered it: Frappe applies a workflow's "update field" only when a person uses
the workflow (rules.md, Plans).
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import getdate, now_datetime, today
from pypika.terms import ExistsCriterion

from hospital_followup.exceptions import PlanTransitionError
from hospital_followup.services import tasks
from hospital_followup.services.workflow_states import state_fields, status_of_state
from hospital_followup.services.writer import set_values

PLAN = "Follow-up Plan"
TASK = "Follow-up Task"

#: from → the statuses it may move to (rules.md, Plans). Stopped and Completed can be undone.
PLAN_TRANSITIONS: dict[str, tuple[str, ...]] = {
	"Draft": ("Active", "Stopped"),
	"Active": ("Paused", "Completed", "Stopped"),
	"Paused": ("Active", "Stopped"),
	"Completed": ("Active", "Stopped"),
	"Stopped": ("Active", "Paused", "Draft", "Completed"),
}
#: Plans that still want work done.
OPEN_PLANS = ("Draft", "Active", "Paused")
#: Task statuses that still want work done.
UNDONE_TASKS = ("Scheduled", "Open", "In Progress")
PATIENT_STOPS = {"Deceased": "deceased", "Do Not Contact": "do_not_contact", "Merged": "patient_merged"}


def move_plan(plan: str, status: str, *, reason: str | None = None) -> bool:
	"""Move one plan to `status` and do to its tasks what that status means; False when it was there already.

	`reason` is a code (`deceased`, `readmitted`, …) or the words of the person who did it.
	Raises PlanTransitionError when the table does not allow the step.
	"""
	row = frappe.db.get_value(
		PLAN, plan, ["name", "status", "status_before_stop", "stop_reason"], as_dict=True, for_update=True
	)
	if row.status == status:
		return False
	check_transition(row.status, status)
	values = {"status": status, **state_fields(PLAN, status), **_stamps(row, status, reason)}
	frappe.db.set_value(PLAN, plan, values, update_modified=False)
	carry_out(plan, row.status, status, reason=reason or row.stop_reason)
	return True


def check_transition(before: str, after: str) -> None:
	"""Raise PlanTransitionError when a plan may not go from `before` to `after`."""
	if after not in PLAN_TRANSITIONS.get(before, ()):
		frappe.throw(
			_("A follow-up plan that is {0} cannot become {1}.").format(_(before), _(after)),
			PlanTransitionError,
			title=_("Not possible"),
		)


def note_reason(plan: str, status: str, reason: str) -> None:
	"""Keep the reason for a step to Paused or Stopped that a person is about to take through the workflow."""
	fieldname = {"Paused": "pause_reason", "Stopped": "stop_reason"}.get(status)
	if fieldname:
		set_values(PLAN, [plan], {fieldname: reason})


def on_plan_validate(doc: Document) -> None:
	"""A person saved the plan: `status` follows the workflow state, and the step must be one that the table allows."""
	derived = status_of_state(PLAN, doc.workflow_state)
	if derived:
		doc.status = derived
	before = doc.get_doc_before_save()
	if not before or before.status == doc.status:
		return
	check_transition(before.status, doc.status)
	if doc.status == "Stopped" and not doc.stop_reason:
		doc.stop_reason = "stopped"
	doc.update(_stamps(before, doc.status, doc.stop_reason if doc.status == "Stopped" else doc.pause_reason))


def on_plan_saved(doc: Document) -> None:
	"""Do to the tasks what a person's step of the workflow means."""
	before = doc.get_doc_before_save()
	if before and before.status != doc.status:
		carry_out(doc.name, before.status, doc.status, reason=doc.stop_reason or before.stop_reason)


def carry_out(plan: str, before: str, after: str, *, reason: str | None = None) -> None:
	"""Do to the tasks of `plan` what its step from `before` to `after` means. Also called when a person used the workflow."""
	undone = frappe.get_all(
		TASK, filters={"plan": plan, "status": ("in", UNDONE_TASKS)}, pluck="name", order_by="name"
	)
	if after == "Paused":
		set_values(TASK, undone, {"on_hold": 1})
	elif after == "Stopped":
		tasks.cancel_tasks(undone, reason or "stopped")
	elif after == "Active":
		_reopen(plan, before, undone, reason)
		tasks.open_due(getdate(today()), plans=[plan])


def _reopen(plan: str, before: str, undone: list[str], reason: str | None) -> None:
	"""Bring the tasks of a resumed or restored plan back; a window that has passed stays Cancelled (rules.md, Plans)."""
	if before == "Stopped":
		cancelled = frappe.get_all(
			TASK,
			filters={
				"plan": plan,
				"status": "Cancelled",
				"status_reason": reason or "stopped",
				"expires_on": (">=", today()),
			},
			pluck="name",
			order_by="name",
		)
		tasks.reopen_tasks(cancelled)
		return
	set_values(TASK, undone, {"on_hold": 0})
	gone = frappe.get_all(
		TASK, filters={"name": ("in", undone), "expires_on": ("<", today())}, pluck="name", order_by="name"
	)
	tasks.cancel_tasks(gone, "paused")


def pause(plan: str, reason: str) -> None:
	"""Take the plan's open tasks off the worklists until it is resumed; dates do not shift."""
	move_plan(plan, "Paused", reason=reason)


def resume(plan: str) -> None:
	"""Bring a paused plan back; tasks whose window passed in the meantime are Cancelled (`paused`)."""
	move_plan(plan, "Active")
	complete_finished([plan])


def stop(plan: str, reason: str) -> bool:
	"""Stop the plan and cancel its open tasks; a programme's plan is paused on readmission instead (rules.md)."""
	purpose, status = frappe.db.get_value(PLAN, plan, ["purpose", "status"])
	if reason == "readmitted" and purpose == "Programme":
		return status == "Active" and move_plan(plan, "Paused", reason=reason)
	return move_plan(plan, "Stopped", reason=reason)


def undo_stop(plan: str) -> None:
	"""Take a stop back: the plan returns to the status it had, its tasks reopen where their window is still open."""
	row = frappe.db.get_value(PLAN, plan, ["status", "status_before_stop"], as_dict=True)
	if row.status != "Stopped":
		frappe.throw(_("Only a stopped plan can be restored."), PlanTransitionError, title=_("Not possible"))
	move_plan(plan, "Active")
	if row.status_before_stop == "Paused":
		move_plan(plan, "Paused", reason=_("Paused before it was stopped"))
	else:
		complete_finished([plan])


def stop_patient(patient: str, reason: str) -> list[str]:
	"""Stop every open plan of a patient (death, do not contact, merge); returns the names of the plans stopped."""
	plans = frappe.get_all(
		PLAN, filters={"patient": patient, "status": ("in", OPEN_PLANS)}, pluck="name", order_by="name"
	)
	for plan in plans:
		move_plan(plan, "Stopped", reason=reason)
	loose = frappe.get_all(
		TASK,
		filters={"patient": patient, "status": ("in", UNDONE_TASKS)},
		pluck="name",
		order_by="name",
	)
	tasks.cancel_tasks(loose, reason)
	return plans


def restore_patient(patient: str, reason: str) -> list[str]:
	"""Take `stop_patient(patient, reason)` back; returns the names of the plans restored."""
	plans = frappe.get_all(
		PLAN,
		filters={"patient": patient, "status": "Stopped", "stop_reason": reason},
		pluck="name",
		order_by="name",
	)
	for plan in plans:
		undo_stop(plan)
	return plans


def complete_finished(plans: Iterable[str] | None = None) -> int:
	"""Complete every Active plan that has no task left undone; returns how many.

	With `plans` only those are looked at; without, every active plan (the dispatcher's catch-up).
	"""
	plan, task = frappe.qb.DocType(PLAN), frappe.qb.DocType(TASK)
	undone = (
		frappe.qb.from_(task)
		.select(task.name)
		.where((task.plan == plan.name) & task.status.isin(UNDONE_TASKS) & (task.kind == "Planned"))
	)
	query = (
		frappe.qb.from_(plan)
		.select(plan.name)
		.where((plan.status == "Active") & (plan.planned_contacts > 0))
		.where(ExistsCriterion(undone).negate())
		.orderby(plan.name)
	)
	if plans is not None:
		wanted = list(plans)
		if not wanted:
			return 0
		query = query.where(plan.name.isin(wanted))
	finished = query.run(pluck=True)
	set_values(PLAN, finished, {"status": "Completed", **state_fields(PLAN, "Completed")})
	return len(finished)


def recount(plans: Iterable[str]) -> None:
	"""Write planned and completed contacts of each plan as its tasks stand; cancelled tasks count as neither."""
	wanted = list(plans)
	if not wanted:
		return
	task = frappe.qb.DocType(TASK)
	rows = (
		frappe.qb.from_(task)
		.select(task.plan, task.status, Count("*"))
		.where(task.plan.isin(wanted) & (task.kind == "Planned") & (task.status != "Cancelled"))
		.groupby(task.plan, task.status)
		.run()
	)
	for plan in wanted:
		counts = {status: count for name, status, count in rows if name == plan}
		values = {"planned_contacts": sum(counts.values()), "completed_contacts": counts.get("Completed", 0)}
		set_values(PLAN, [plan], values)


def _stamps(row: frappe._dict | Document, status: str, reason: str | None) -> dict[str, object]:
	if status == "Stopped":
		return {
			"stop_reason": reason or "stopped",
			"stopped_on": now_datetime(),
			"stopped_by": frappe.session.user,
			"status_before_stop": row.status,
		}
	if status == "Paused":
		return {"paused_on": now_datetime(), "pause_reason": reason}
	if row.status == "Stopped":
		return {"stop_reason": None, "stopped_on": None, "stopped_by": None, "status_before_stop": None}
	return {"paused_on": None, "pause_reason": None}
