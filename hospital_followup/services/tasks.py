"""Tasks in bulk: what opens, expires, is released, re-ranked, cancelled and reopened.

Everything here is set-based, takes `today` or `now` in the site's time zone, selects by `<=` and never by `==` (an
outage of five days is caught up by the first call), and leaves `modified` alone: a person's open form never conflicts
with a job. What a person does to one task is in `task_actions`, who is on the phone with whom in `claims`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import getdate, today
from pypika.terms import Criterion

from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.priority import priority
from hospital_followup.services import figure_marks
from hospital_followup.services.writer import chunks, update_rows

TASK = "Follow-up Task"
PLAN = "Follow-up Plan"
NAMES_PER_STATEMENT = 1_000
#: Fields that say who holds a task; emptied whenever a task is not In Progress.
UNCLAIMED = {"claimed_by": None, "claimed_until": None}
PRIORITY_FIELDS = ("name", "risk_tier", "kind", "due_date", "expires_on", "first_contact", "priority")


def open_due(today: date, plans: Iterable[str] | None = None) -> int:
	"""Open every scheduled task whose window has begun; only tasks of `plans` when given. Returns how many.

	Tasks of a plan that is not Active (waiting for approval, paused, stopped) stay where they are.
	"""
	task, plan = frappe.qb.DocType(TASK), frappe.qb.DocType(PLAN)
	query = (
		_of_active_plans(task, plan)
		.select(*[task[field] for field in PRIORITY_FIELDS])
		.where((task.status == "Scheduled") & (task.opens_on <= today) & (task.on_hold == 0))
	)
	if plans is not None:
		wanted = list(plans)
		if not wanted:
			return 0
		query = query.where(task.plan.isin(wanted))
	rows = query.run(as_dict=True)
	begun = (task.opens_on <= today) & (task.on_hold == 0)
	move([row.name for row in rows], ("Scheduled",), {"status": "Open"}, also=begun)
	_rank(rows, today)
	return len(rows)


def expire(today: date) -> int:
	"""Miss every task whose window has ended, except while somebody is on the phone. Returns how many."""
	task, plan = frappe.qb.DocType(TASK), frappe.qb.DocType(PLAN)
	names = (
		_of_active_plans(task, plan)
		.select(task.name)
		.where(task.status.isin(("Scheduled", "Open")) & (task.expires_on < today) & (task.on_hold == 0))
		.run(pluck=True)
	)
	move(
		names,
		("Scheduled", "Open"),
		{
			"status": "Missed",
			"status_reason": "expired",
			"next_attempt_at": None,
			"next_attempt_reasons": None,
		},
		also=(task.expires_on < today) & (task.on_hold == 0),
	)
	return len(names)


def release_leases(now: datetime) -> int:
	"""Open every task again whose holder neither logged an attempt nor released it in time. Returns how many."""
	task = frappe.qb.DocType(TASK)
	run_out = task.claimed_until.isnull() | (task.claimed_until <= now)
	names = (
		frappe.qb.from_(task)
		.select(task.name)
		.where((task.status == "In Progress") & run_out)
		.orderby(task.name)
		.run(pluck=True)
	)
	move(names, ("In Progress",), {"status": "Open", **UNCLAIMED}, also=run_out)
	return len(names)


def refresh_priorities(today: date) -> int:
	"""Rank the open tasks anew for `today`; returns how many changed their priority."""
	task = frappe.qb.DocType(TASK)
	rows = (
		frappe.qb.from_(task)
		.select(*[task[field] for field in PRIORITY_FIELDS])
		.where(task.status.isin(("Open", "In Progress")))
		.run(as_dict=True)
	)
	return _rank(rows, today)


def cancel_tasks(names: Iterable[str], reason: str) -> None:
	"""Cancel those of `names` that are still to be done; `reason` is a code (`deceased`, `paused`) or a person's words."""
	wanted = list(names)
	table = frappe.qb.DocType(TASK)
	for status in sorted(OPEN_STATUSES):
		values = {
			"status_before_cancel": status,
			"status": "Cancelled",
			"status_reason": reason_kept(reason),
			"cancelled_on": getdate(today()),
			"next_attempt_at": None,
			"next_attempt_reasons": None,
			**UNCLAIMED,
		}
		move(wanted, (status,), values, also=table.status == status)


def reason_kept(reason: str) -> str:
	"""`reason` as a task keeps it: a plan's reason may be longer than the task's field."""
	return reason[:140]


def cancelled_for(reason: str, filters: dict[str, Any]) -> list[str]:
	"""Tasks cancelled for `reason` whose window is still open, or that have no end."""
	return frappe.get_all(
		TASK,
		filters={**filters, "status": "Cancelled", "status_reason": reason_kept(reason)},
		or_filters=[["expires_on", ">=", today()], ["expires_on", "is", "not set"]],
		pluck="name",
		order_by="name",
	)


def put_off(names: Iterable[str], today: date) -> None:
	"""Tasks that planning has moved to a later day leave the worklist until then; a promised time stays."""
	table = frappe.qb.DocType(TASK)
	later = (table.opens_on > today) & table.next_attempt_at.isnull()
	move(list(names), ("Open",), {"status": "Scheduled"}, also=later)


def reopen_tasks(names: Iterable[str]) -> None:
	"""Take a cancellation back: the tasks are Open, or Scheduled while their window has not begun."""
	day = getdate(today())
	table = frappe.qb.DocType(TASK)
	wanted = list(names)
	cleared = {"status_before_cancel": None, "status_reason": None, "cancelled_on": None, "on_hold": 0}
	move(wanted, ("Cancelled",), {"status": "Scheduled", **cleared}, also=table.opens_on > day)
	move(wanted, ("Cancelled",), {"status": "Open", **cleared})


def move(
	names: Sequence[str], sources: Sequence[str], values: dict[str, Any], *, also: Criterion | None = None
) -> None:
	"""Write `values` into the tasks `names` that still have a status of `sources` (and satisfy `also`).

	The condition is part of the UPDATE, which reads what is committed: a task that somebody completed since `names`
	was read is left as it is.
	"""
	table = frappe.qb.DocType(TASK)
	figure_marks.rows_changed(TASK, names, values, between={*sources, values.get("status", sources[0])})
	for part in chunks(sorted(names), NAMES_PER_STATEMENT):
		query = frappe.qb.update(table).where(table.name.isin(part) & table.status.isin(sources))
		if also is not None:
			query = query.where(also)
		for field, value in values.items():
			query = query.set(table[field], value)
		query.run()


def _of_active_plans(task: Any, plan: Any) -> Any:
	return (
		frappe.qb.from_(task)
		.left_join(plan)
		.on(plan.name == task.plan)
		.where(task.plan.isnull() | (task.plan == "") | (plan.status == "Active"))
		.orderby(task.name)
	)


def _rank(rows: Iterable[frappe._dict], today: date) -> int:
	by_priority: defaultdict[int, list[str]] = defaultdict(list)
	for row in rows:
		rank = priority_of(row, today)
		if rank != row.priority:
			by_priority[rank].append(row.name)
	update_rows(TASK, {name: {"priority": rank} for rank, names in by_priority.items() for name in names})
	return sum(len(names) for names in by_priority.values())


def priority_of(task: Any, today: date) -> int:
	"""The priority of a task, a row or a document, on the day `today`; 1 is the most urgent."""
	due = getdate(task.due_date)
	return priority(
		task.risk_tier or "Medium",
		task.kind,
		due,
		getdate(task.expires_on) if task.expires_on else date.max,
		today,
		bool(task.first_contact),
	)
