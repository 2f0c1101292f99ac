"""Whose turn it is: the contacts of one person, or of everybody whose work one may see, in the order to make them.

Every page is read in the order of an index and stops when it is full (quality.md, Speed and size).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import date_diff, get_datetime, get_fullname, getdate, now_datetime, today
from pypika import Case
from pypika.terms import Criterion, PseudoColumn

from hospital_followup import permissions
from hospital_followup.engine.names import HUMAN_CHANNELS, OPEN_STATUSES
from hospital_followup.services import claims, patient_search
from hospital_followup.services.log_entry import PROMISES
from hospital_followup.services.phone import masked
from hospital_followup.services.tasks import TASK

LOG = "Follow-up Log"
PATIENT = "Follow-up Patient"
WORKABLE = ("In Progress", "Open")
PAGE = 50
LONGEST_PAGE = 200
FIELDS = (
	*("name", "patient", "patient_name", "due_date", "status", "channel", "contact_point", "risk_tier"),
	*("priority", "kind", "attempts", "first_contact", "next_attempt_at", "topics", "outcome"),
	*("claimed_by", "claimed_until", "assigned_to"),
)
BY_RANK = ("priority", "due_date", "name")
BY_TIME = ("next_attempt_at", "name")


@dataclass(frozen=True, slots=True)
class Tab:
	"""Which workable tasks stand on a tab at `now`, and in which order."""

	holds: Callable[[Any, datetime], Criterion]
	order: tuple[str, ...] = BY_RANK


TABS: dict[str, Tab] = {
	"due": Tab(lambda task, now: task.next_attempt_at.isnull() | (task.next_attempt_at <= now)),
	"overdue": Tab(lambda task, now: task.due_date < getdate(now)),
	"callback": Tab(
		lambda task, now: task.next_attempt_at.isnotnull() & task.outcome.isin(PROMISES), order=BY_TIME
	),
	"later": Tab(lambda task, now: task.next_attempt_at > now, order=BY_TIME),
}
DONE = "done"


def worklist(
	tab: str = "due", search: str | None = None, start: int = 0, length: int = PAGE, *, team: bool = False
) -> dict[str, Any]:
	"""One page of a tab, and how many contacts stand on each; `team`: everybody's that the user may see."""
	now = now_datetime()
	start, length = max(0, start), min(max(1, length), LONGEST_PAGE)
	matching = _matching(search)
	scope, done = scope_of(team) + matching, _done_scope(team) + matching
	rows = _done_rows(done, start, length) if tab == DONE else _rows(TABS[tab], scope, now, start, length)
	return {
		"rows": _shown(rows[:length]),
		"counts": {**_counts(scope, now), DONE: _done_count(done)},
		"more": len(rows) > length,
	}


def scope_of(team: bool) -> list[Criterion]:
	"""Which tasks a list of the user holds: the own ones, or with `team` all that the user may see."""
	task = frappe.qb.DocType(TASK)
	return _allowed() if team else [task.assigned_to == frappe.session.user, *_allowed()]


def _done_scope(team: bool) -> list[Criterion]:
	"""Which contacts made a list holds: those that the user made, whoever's they were, or with `team` everybody's."""
	log = frappe.qb.DocType(LOG)
	return _allowed() if team else [log.staff == frappe.session.user, *_allowed()]


def _allowed() -> list[Criterion]:
	allowed = permissions.condition(doctype=TASK)
	return [PseudoColumn(allowed.replace("%", "%%"))] if allowed else []


def _matching(search: str | None) -> list[Criterion]:
	text = (search or "").strip()
	if not text:
		return []
	task = frappe.qb.DocType(TASK)
	named = task.patient_name.like(f"%{patient_search.escaped(text)}%")
	patients = patient_search.by_number(text)
	return [named | task.patient.isin(patients)] if patients else [named]


def page_query(tab: Tab, scope: list[Criterion], status: str, now: datetime, limit: int) -> Any:
	"""The first `limit` tasks of one status on a tab: one status at a time, so that the index gives the order."""
	task = frappe.qb.DocType(TASK)
	query = (
		frappe.qb.from_(task)
		.select(*[task[field] for field in FIELDS])
		.where((task.status == status) & (task.on_hold == 0) & tab.holds(task, now) & _for_people(task))
		.limit(limit)
	)
	for criterion in scope:
		query = query.where(criterion)
	for field in tab.order:
		query = query.orderby(task[field])
	return query


def _for_people(task: Any) -> Criterion:
	"""Not what a message does by itself; somebody who is on the phone about it nevertheless keeps it."""
	return task.channel.isin(sorted(HUMAN_CHANNELS)) | (task.status == "In Progress")


def _rows(tab: Tab, scope: list[Criterion], now: datetime, start: int, length: int) -> list[frappe._dict]:
	limit = start + length + 1
	found = []
	for status in WORKABLE:
		found += page_query(tab, scope, status, now, limit).run(as_dict=True)
	found.sort(key=lambda row: tuple(row[field] for field in tab.order))
	return found[start:limit]


def _counts(scope: list[Criterion], now: datetime) -> dict[str, int]:
	task = frappe.qb.DocType(TASK)
	query = frappe.qb.from_(task).where(task.status.isin(WORKABLE) & (task.on_hold == 0) & _for_people(task))
	for criterion in scope:
		query = query.where(criterion)
	for name, tab in TABS.items():
		query = query.select(Sum(Case().when(tab.holds(task, now), 1).else_(0)).as_(name))
	row = query.run(as_dict=True)[0]
	return {name: int(row[name] or 0) for name in TABS}


def _done_query(scope: list[Criterion]) -> Any:
	"""The closed tasks of `scope` with a contact of today."""
	task, log = frappe.qb.DocType(TASK), frappe.qb.DocType(LOG)
	query = (
		frappe.qb.from_(log)
		.join(task)
		.on(task.name == log.task)
		.where((log.contacted_at >= get_datetime(today())) & (log.docstatus == 1))
		.where(task.status.notin(tuple(OPEN_STATUSES)))
	)
	for criterion in scope:
		query = query.where(criterion)
	return query


def _done_rows(scope: list[Criterion], start: int, length: int) -> list[frappe._dict]:
	task = frappe.qb.DocType(TASK)
	query = _done_query(scope).select(*[task[field] for field in FIELDS]).distinct()
	for field in BY_RANK:
		query = query.orderby(task[field])
	return query.limit(length + 1).offset(start).run(as_dict=True)


def _done_count(scope: list[Criterion]) -> int:
	task = frappe.qb.DocType(TASK)
	return _done_query(scope).select(Count(task.name).distinct()).run()[0][0]


def _shown(rows: list[frappe._dict]) -> list[dict[str, Any]]:
	numbers = _numbers(rows)
	drafts = set(
		frappe.get_all(
			LOG,
			filters={"draft_of": ("in", [row.name for row in rows]), "last_sequence": ("is", "set")},
			pluck="draft_of",
			order_by="draft_of",
		)
		if rows
		else ()
	)
	return [_row(row, numbers.get(row.name), row.name in drafts) for row in rows]


def _row(row: frappe._dict, number: str | None, draft: bool) -> dict[str, Any]:
	holder, until = row.pop("claimed_by"), row.pop("claimed_until")
	held = claims.is_held(frappe._dict(row, claimed_by=holder, claimed_until=until))
	late = date_diff(today(), row.due_date) if row.status in WORKABLE else 0
	return {
		**row,
		"number": number,
		"contact_point": row.contact_point or "Patient",
		"first_contact": bool(row.first_contact),
		"topics": [part.strip() for part in (row.topics or "").split(",") if part.strip()],
		"overdue_days": max(0, late),
		"holder": {"user": holder, "name": get_fullname(holder), "until": until} if held else None,
		"draft": draft,
	}


def _numbers(rows: list[frappe._dict]) -> dict[str, str | None]:
	"""By task the number to dial: masked for those who may not read it."""
	names = sorted({row.patient for row in rows})
	if not names:
		return {}
	found = frappe.get_all(
		PATIENT,
		filters={"name": ("in", names)},
		fields=["name", "mobile", "caregiver_mobile"],
		order_by="name",
	)
	patients = {row.name: row for row in found}
	shown = (lambda number: number) if patient_search.may_read_numbers() else masked
	answer = {}
	for row in rows:
		patient = patients.get(row.patient) or frappe._dict()
		field = "caregiver_mobile" if row.contact_point == "Caregiver" else "mobile"
		answer[row.name] = shown(patient.get(field))
	return answer
