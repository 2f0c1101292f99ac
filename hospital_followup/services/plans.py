"""How a plan moves: Draft → Active → Paused / Stopped / Completed, and back.

One function, `move_plan`, changes the status of a plan. It sets `status` and the first workflow state that is mapped
to it together, as the system, whoever triggered it: Frappe applies a workflow's "update field" only when a person uses
the workflow (rules.md, Plans).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime, today
from pypika.terms import ExistsCriterion

from hospital_followup.engine import transitions
from hospital_followup.exceptions import PlanTransitionError
from hospital_followup.services import programme_consents, programme_status, reaction_calls, tasks
from hospital_followup.services.wake import plan_after_commit
from hospital_followup.services.workflow_states import state_fields, status_of_state
from hospital_followup.services.writer import chunks, set_values

DISCHARGE = "Patient Discharge"
PLANS_AT_ONCE = 1_000
PLAN = "Follow-up Plan"
TASK = "Follow-up Task"
SOURCE = "Follow-up Task Source"

#: Plans that still want work done.
OPEN_PLANS = ("Draft", "Active", "Paused")
#: Task statuses that still want work done.
UNDONE_TASKS = ("Scheduled", "Open", "In Progress")


def move_plan(plan: str, status: str, *, reason: str | None = None, tasks_follow: bool = True) -> bool:
	"""Move one plan to `status` and do to its tasks what that status means; False when it was there already.

	`reason` is a code (`deceased`, `readmitted`, …) or the words of the person who did it. `tasks_follow` False is for
	planning, which has put the tasks right itself: those it no longer wants must not come back with the plan.
	A programme's plan without the patient's consent waits instead of going on. Raises PlanTransitionError when the table
	does not allow the step.
	"""
	if status == "Active" and programme_consents.is_unagreed(plan):
		status, reason = "Paused", programme_status.AWAITING
	row = frappe.db.get_value(
		PLAN, plan, ["name", "status", "status_before_stop", "stop_reason"], as_dict=True, for_update=True
	)
	if row.status == status:
		return False
	check_transition(row.status, status)
	values = {"status": status, **state_fields(PLAN, status), **_stamps(row, status, reason)}
	frappe.db.set_value(PLAN, plan, values, update_modified=False)
	if tasks_follow:
		carry_out(plan, row.status, status, reason=row.stop_reason if row.status == "Stopped" else reason)
	return True


def check_transition(before: str, after: str) -> None:
	"""Raise PlanTransitionError when a plan may not go from `before` to `after`."""
	if before == after or not transitions.allowed(transitions.PLAN, before, after):
		frappe.throw(
			_("A follow-up plan that is {0} cannot become {1}.").format(_(before), _(after)),
			PlanTransitionError,
			title=_("Not possible"),
		)


def note_reason(plan: str, status: str, reason: str) -> None:
	"""Keep the reason for a step to Paused or Stopped that a person is about to take through the workflow.

	A plan that has taken the step keeps its reason: its tasks come back by it.
	"""
	fieldname = {"Paused": "pause_reason", "Stopped": "stop_reason"}.get(status)
	if fieldname and frappe.db.get_value(PLAN, plan, "status", for_update=True) != status:
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
	if doc.status == "Active":
		programme_consents.refuse_to_go_on(doc.name)
	if doc.status == "Stopped" and not doc.stop_reason:
		doc.stop_reason = "stopped"
	doc.update(_stamps(before, doc.status, doc.stop_reason if doc.status == "Stopped" else doc.pause_reason))


def on_plan_saved(doc: Document) -> None:
	"""Do to the tasks what a person's step of the workflow means."""
	before = doc.get_doc_before_save()
	if before and before.status != doc.status:
		carry_out(doc.name, before.status, doc.status, reason=before.stop_reason or doc.stop_reason)


def carry_out(plan: str, before: str, after: str, *, reason: str | None = None) -> None:
	"""Do to the tasks of `plan` what its step from `before` to `after` means. Also called when a person used the workflow."""
	if before == "Stopped":
		_reopen(plan, reason)
		_catch_up(plan)
	undone = _of(plan, _undone)
	if after in ("Paused", "Draft"):
		set_values(TASK, undone, {"on_hold": 1})
	elif after == "Stopped":
		tasks.cancel_tasks(undone, reason or "stopped")
	elif after == "Active":
		set_values(TASK, undone, {"on_hold": 0})
		gone = {"name": ("in", undone), "expires_on": ("<", today())}
		tasks.cancel_tasks(frappe.get_all(TASK, filters=gone, pluck="name", order_by="name"), "paused")
		tasks.open_due(getdate(today()), plans=[plan])
	programme_status.plan_moved(plan, after, reason)


def _reopen(plan: str, reason: str | None) -> None:
	"""Bring back what the stop of `plan` cancelled; a window that has passed stays Cancelled (rules.md, Plans)."""
	tasks.reopen_tasks(_of(plan, partial(tasks.cancelled_for, reason or "stopped")))


def _of(plan: str, find: Callable[[dict[str, Any]], list[str]]) -> list[str]:
	"""What `find` finds among the plan's tasks and the calls that reactions of its pathways have made."""
	calls = reaction_calls.made_by(plan)
	return [*find({"plan": plan}), *(find({"name": ("in", calls)}) if calls else ())]


def _undone(which: dict[str, Any]) -> list[str]:
	wanted = {**which, "status": ("in", UNDONE_TASKS)}
	return frappe.get_all(TASK, filters=wanted, pluck="name", order_by="name")


def _catch_up(plan: str) -> None:
	"""What changed while the plan stood still (its discharge has no `inputs_hash` then) is planned after the commit."""
	stale = {"plan": plan, "inputs_hash": ("is", "not set"), "decision": ("!=", "Pending")}
	if names := frappe.get_all(DISCHARGE, filters=stale, pluck="name", order_by="name"):
		set_values(DISCHARGE, names, {"decision": "Pending"})
		plan_after_commit()


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


def end(plan: str, reason: str) -> None:
	"""A programme has come to its end: the plan is Completed, and what is still open is cancelled."""
	tasks.cancel_tasks(_of(plan, _undone), reason)
	if frappe.db.get_value(PLAN, plan, "status", for_update=True) in ("Draft", "Paused"):
		# On the way only: nothing begins again, and so nobody has to have agreed.
		set_values(PLAN, [plan], {"status": "Active", **state_fields(PLAN, "Active")})
	move_plan(plan, "Completed", reason=reason)


def undo_stop(plan: str) -> None:
	"""Take a stop back: the plan returns to the status it had, its tasks reopen where their window is still open.

	A programme that the patient has been enrolled in again since goes on as that: its earlier plan stays Stopped.
	"""
	fields = ["status", "status_before_stop", "pause_reason", "enrolment"]
	row = frappe.db.get_value(PLAN, plan, fields, as_dict=True, for_update=True)
	if row.status != "Stopped":
		frappe.throw(_("Only a stopped plan can be restored."), PlanTransitionError, title=_("Not possible"))
	if row.enrolment and programme_status.open_of(
		*programme_status.course_of(row.enrolment), but=row.enrolment
	):
		return
	move_plan(plan, _restored_status(row), reason=row.pause_reason)
	complete_finished([plan])


def is_stopped_by_log(plan: str) -> bool:
	"""Whether a call told why the plan stopped; then only cancelling its log, or a person, takes the stop back."""
	told = {"plan": plan, "stopped_plan": 1, "docstatus": 1}
	return bool(frappe.db.exists("Follow-up Log", told))


def revive(plan: str) -> None:
	"""Planning found work for a plan that had ended: it goes on, with exactly the tasks that planning wants."""
	row = frappe.db.get_value(PLAN, plan, ["status_before_stop", "pause_reason"], as_dict=True)
	status = _restored_status(row)
	move_plan(plan, status, reason=row.pause_reason, tasks_follow=False)
	if status != "Active":
		carry_out(plan, "Active", status)


def _restored_status(row: frappe._dict) -> str:
	"""A plan that waited for approval, or for its resumption, when it was stopped waits for it again."""
	return row.status_before_stop if row.status_before_stop in ("Draft", "Paused") else "Active"


def complete_finished(plans: Iterable[str] | None = None) -> int:
	"""Complete every Active plan that has no task left undone; returns how many.

	With `plans` only those are looked at; without, every active plan (the dispatcher's catch-up).
	"""
	wanted = _finished(None) if plans is None else list(plans)
	finished = [name for part in chunks(wanted, PLANS_AT_ONCE) for name in _finished(part, lock=True)]
	set_values(PLAN, finished, {"status": "Completed", **state_fields(PLAN, "Completed")})
	return len(finished)


def _finished(plans: Iterable[str] | None, *, lock: bool = False) -> list[str]:
	"""Active plans without a planned task left undone. With `lock` what others committed meanwhile is seen: an
	ordinary read of this transaction may be older than the lock it waited for."""
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
		.where(plan.purpose != "Programme")  # ends with its enrolment
		.orderby(plan.name)
	)
	if plans is not None:
		query = query.where(plan.name.isin(plans))
	if lock:
		query, undone = query.for_update(), undone.for_update()
	return query.where(ExistsCriterion(undone).negate()).run(pluck=True)


def recount(plans: Iterable[str]) -> None:
	"""Write planned and completed contacts of each plan as its tasks stand; cancelled tasks count as neither."""
	wanted = [*plans]
	if not wanted:
		return
	wanted += [plan for plan in _guests_of(wanted) if plan not in wanted]
	task = frappe.qb.DocType(TASK)
	rows = (
		frappe.qb.from_(task)
		.select(task.plan, task.status)
		.where(task.plan.isin(wanted) & (task.kind == "Planned") & (task.status != "Cancelled"))
		.for_update()  # sees what others committed while this transaction waited for the plan
		.run()
	)
	rows = (*rows, *_joined(wanted))
	counts = Counter(rows)
	totals = Counter(plan for plan, _status in rows)
	for plan in wanted:
		values = {"planned_contacts": totals[plan], "completed_contacts": counts[plan, "Completed"]}
		set_values(PLAN, [plan], values)


def _guests_of(plans: list[str]) -> list[str]:
	"""Plans of programmes with a contact that joined a task of `plans`: that task counts for them, too."""
	task, source = frappe.qb.DocType(TASK), frappe.qb.DocType(SOURCE)
	query = frappe.qb.from_(source).join(task).on(task.name == source.parent).select(source.plan).distinct()
	query = query.where(task.plan.isin(plans) & source.plan.isnotnull() & (source.plan != task.plan))
	return query.orderby(source.plan).run(pluck=True)


def _joined(plans: list[str]) -> list[tuple[str, str]]:
	"""Plan and status of each task of another plan that stands for a contact of `plans`."""
	task, source = frappe.qb.DocType(TASK), frappe.qb.DocType(SOURCE)
	query = frappe.qb.from_(source).join(task).on(task.name == source.parent)
	query = query.select(source.plan, task.status, task.name).distinct()
	query = query.where(source.plan.isin(plans) & (source.plan != task.plan) & (task.status != "Cancelled"))
	return [(plan, status) for plan, status, _task in query.orderby(task.name).run()]


def _stamps(row: frappe._dict | Document, status: str, reason: str | None) -> dict[str, object]:
	if status == "Stopped":
		return {
			"stop_reason": reason or "stopped",
			"stopped_on": now_datetime(),
			"stopped_by": frappe.session.user,
			"status_before_stop": row.status,
		}
	paused = {"paused_on": None, "pause_reason": None}
	if status == "Paused":
		paused = {"paused_on": now_datetime(), "pause_reason": reason}
	stopped = ("stop_reason", "stopped_on", "stopped_by", "status_before_stop")
	return {**paused, **(dict.fromkeys(stopped) if row.status == "Stopped" else {})}
