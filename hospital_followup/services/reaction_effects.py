"""Carrying a reaction out: the next contact of the pathway comes sooner, a call of its own is made, the pathway ends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.reactions import Reaction, Room, brought_end, extra_day, sooner
from hospital_followup.services import (
	assignment,
	loose_tasks,
	plan_pathways,
	programme_status,
	programmes,
	task_actions,
	tasks,
)
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.facts import before_joining, split
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.reaction_calls import EXTRA
from hospital_followup.services.reaction_results import TASK_SOURCE, Course, tasks_of
from hospital_followup.services.tasks import PLAN, TASK
from hospital_followup.services.writer import insert_children, set_values

BROUGHT_FORWARD = "brought_forward"
MOVED = (
	*("due_date", "opens_on", "expires_on", "planned_until", "pinned", "reasons", "status_reason"),
	"before_joining",
)
#: A call takes over from the contact that was the reason: whom, by whom, about what.
CARRIED = (
	*("patient", "patient_name", "discharge", "department", "company", "risk_tier", "role", "topics"),
	*("script", "questionnaire", "contact_point"),
)
#: Days after its own on which a call of its own may still be made: as long as the shipped monthly contacts leave.
DAYS_TO_CALL = 7


@dataclass(frozen=True, slots=True)
class Done:
	"""What a reaction did: `before` holds what taking it back restores."""

	effect: str
	task: str | None = None
	from_date: date | None = None
	to_date: date | None = None
	before: str | None = None


def bring_forward(
	course: Course, reaction: Reaction, words: str, *, task: str, log: str, made_on: date
) -> Done | None:
	"""Make the next contact of the pathway after `task` within the days of the reaction; None where it is soon enough."""
	cause = frappe.db.get_value(TASK, task, "*", as_dict=True)
	coming = _coming(course, task)
	limit = made_on + timedelta(days=reaction.within_days)
	if coming and (coming.status == "In Progress" or coming.next_attempt_at or coming.due_date <= limit):
		return None  # whoever is on the phone, or has agreed on a time, goes on; or it is soon enough
	room = _room(cause, coming.name if coming else None, limit)
	# A guest in a task of another plan stays: moving the task would take that plan's contact along and leave the guest.
	movable = coming and _is_own(course, coming.plan)
	day = movable and sooner(made_on, reaction.within_days, coming.due_date, getdate(today()), room)
	if day:
		return _move(coming.name, day, limit, words)
	if coming and coming.due_date <= getdate(today()) + timedelta(days=1):
		return None
	day = extra_day(made_on, reaction.within_days, getdate(today()), room)
	return _call(course, cause, day, words, key=f"reaction|{log}|{reaction.name}")


def end(course: Course, words: str) -> Done | None:
	"""Have the plan follow the pathway no more, or finish the programme; None where it has ended already."""
	enrolment = frappe.db.get_value(PLAN, course.plan, "enrolment")
	if enrolment:
		if frappe.db.get_value(ENROLMENT, enrolment, "status") not in programmes.OPEN:
			return None
		programmes.finish(enrolment, words)
		return Done("End Pathway", before=frappe.as_json(_finished(enrolment), indent=None))
	if not plan_pathways.end_pathway(course.plan, course.title, words):
		return None
	return Done("End Pathway", before=frappe.as_json(_ending(course.plan, course.title), indent=None))


def go_on(plan: str, title: str, before: str) -> bool:
	"""Have the plan follow the pathway again that an answer had ended; False when a person has decided otherwise since."""
	enrolment = frappe.db.get_value(PLAN, plan, "enrolment")
	now = _finished(enrolment) if enrolment else _ending(plan, title)
	if frappe.as_json(now, indent=None) != before:
		return False
	if enrolment:
		programmes.resume(enrolment)
		return True
	plan_pathways.take_back(plan, title)
	return True


def put_back(task: str, to_date: date, before: str) -> bool:
	"""Give a contact that was brought forward its former day; False when something was done to it since."""
	doc = frappe.get_doc(TASK, task, for_update=True)
	if doc.status not in ("Scheduled", "Open") or getdate(doc.due_date) != to_date or _begun(task):
		return False
	doc.update(_as_it_was(doc, json.loads(before)))
	_settle(doc)
	return True


def _as_it_was(doc: Any, before: dict[str, Any]) -> dict[str, Any]:
	"""What a contact wanted itself, on its former day; programmes that have joined it then or since join it anew."""
	own = before_joining(doc.as_dict())
	if doc.planned_channel:
		own.pop("channel", None)  # attempts have gone on by another channel
	own_before = before_joining({**doc.as_dict(), **before})
	days = {field: own_before[field] for field in MOVED if field in own_before}
	return {**own, **before, **days, "before_joining": None}


def call_off(task: str) -> bool:
	"""Cancel a call that a reaction had made; False when somebody has begun with it."""
	status = frappe.db.get_value(TASK, task, "status", for_update=True)
	if status not in ("Scheduled", "Open") or _begun(task):
		return False
	tasks.cancel_tasks([task], "log_cancelled")
	return True


def _ending(plan: str, title: str) -> dict[str, str]:
	"""When and why the plan's pathway ended."""
	row, pathway = frappe.qb.DocType(PLAN_PATHWAY), frappe.qb.DocType(PATHWAY)
	found = (
		frappe.qb.from_(row)
		.join(pathway)
		.on(pathway.name == row.pathway)
		.select(row.ended_on, row.end_reason)
		.where((row.parent == plan) & (pathway.title == title))
		.run(as_dict=True)
	)
	return {name: str(value) for one in found for name, value in one.items()}


def _finished(enrolment: str) -> dict[str, str]:
	"""Whether, when and why the enrolment has ended."""
	fields = ["status", "status_reason", "ended_on"]
	row = frappe.db.get_value(ENROLMENT, enrolment, fields, as_dict=True)
	return {name: str(value) for name, value in row.items()}


def _is_own(course: Course, plan: str | None) -> bool:
	"""Whether a task of `plan` is planned together with the pathway: in its own plan, or among the patient's programmes."""
	if not plan or plan == course.plan:
		return True
	purposes = {frappe.db.get_value(PLAN, name, "purpose") for name in (plan, course.plan)}
	return purposes == {"Programme"}


def _begun(task: str) -> bool:
	"""Whether somebody has tried, or begun to write something down, or the patient has been written to."""
	begun = frappe.db.exists("Follow-up Log", {"task": task, "docstatus": ("<", 2)})
	return bool(begun or frappe.db.exists("Follow-up Message", {"task": task}))


def _coming(course: Course, task: str) -> frappe._dict | None:
	"""The next contact of the pathway that is still to be made, locked; the calls of earlier reactions among them."""
	names = [name for name in tasks_of(course) if name != task]
	table = frappe.qb.DocType(TASK)
	rows = names and (
		frappe.qb.from_(table)
		.select(table.name, table.plan, table.status, table.due_date, table.next_attempt_at)
		.where(table.name.isin(names) & table.status.isin(sorted(OPEN_STATUSES)))
		.orderby(table.due_date)
		.orderby(table.name)
		.for_update()
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def _room(cause: frappe._dict, moving: str | None, limit: date) -> Room:
	"""Where the patient may be contacted: all contacts of all plans count, but not the one that moves."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	near = limit - timedelta(days=90)
	rows = frappe.get_all(
		TASK,
		filters={
			"patient": cause.patient,
			"kind": "Planned",
			"status": ("in", ["Completed", *sorted(OPEN_STATUSES)]),
			"due_date": (">=", near),
			"name": ("!=", moving or ""),
		},
		fields=["status", "due_date", "completed_on"],
		order_by="due_date, name",
	)
	used = tuple(sorted(getdate(row.completed_on or row.due_date) for row in rows))
	return Room(
		Configuration().calendar(cause.department),
		used,
		settings.max_contacts_per_day or 1,
		settings.max_contacts_per_week or 3,
	)


def _move(task: str, day: date, limit: date, words: str) -> Done:
	doc = frappe.get_doc(TASK, task, for_update=True)
	was = getdate(doc.due_date)
	before = {field: doc.get(field) for field in MOVED}
	doc.update(
		{
			"due_date": day,
			"opens_on": day,
			"expires_on": brought_end(was, getdate(doc.expires_on or was), day, limit),
			"planned_until": None,
			"pinned": 1,
			"reasons": _with_code(doc.reasons),
			"status_reason": words,
			"before_joining": _brought(doc.before_joining, was, day, limit),
		}
	)
	_settle(doc)
	return Done("Sooner", task, was, day, frappe.as_json(before, indent=None))


def _brought(joined: str | None, was: date, day: date, limit: date) -> str | None:
	"""The values that a task had before programmes joined it, brought forward like the task itself."""
	own = json.loads(joined) if joined else {}
	if "expires_on" in own:
		own["expires_on"] = str(brought_end(was, getdate(own["expires_on"] or was), day, limit))
		own["reasons"] = _with_code(own.get("reasons"))
	return json.dumps(own, ensure_ascii=False, sort_keys=True) if own else None


def _with_code(reasons: str | None) -> str:
	return ", ".join(dict.fromkeys([*split(reasons), BROUGHT_FORWARD]))


def _call(course: Course, cause: frappe._dict, day: date, words: str, *, key: str) -> Done | None:
	"""A call of its own: the pathway has no contact left to bring forward, or none that may come so soon.

	It belongs to no plan: one that is complete must not keep it from being made.
	"""
	if frappe.db.get_value(PLAN, course.plan, "status") not in ("Draft", "Active", "Completed"):
		return None
	values: dict[str, Any] = {
		**{field: cause[field] for field in CARRIED},
		"key": key,
		"kind": "Callback",
		"channel": "Phone",
		"status": "Scheduled" if day > getdate(today()) else "Open",
		"reasons": BROUGHT_FORWARD,
		"status_reason": words,
		"due_date": day,
		"opens_on": day,
		"expires_on": day + timedelta(days=DAYS_TO_CALL),
	}
	name = loose_tasks.insert(values, getdate(today()))
	if name is None:
		return None
	fields = ["source", "title", "version", "step_id", "anchor_date"]
	own = {"parent": cause.name, "source": course.source}
	rows = frappe.get_all(TASK_SOURCE, filters=own, fields=fields, order_by="idx")
	insert_children(TASK_SOURCE, TASK, "sources", {name: [dict(row) for row in rows]})
	return Done(EXTRA, name, None, day)


def _settle(doc: Any) -> None:
	"""Save a task on its new day; programmes of the patient find their place around it."""
	doc.status = task_actions.opening_status(doc)
	task_actions.write(doc)
	row = frappe.db.get_value(TASK, doc.name, tasks.PRIORITY_FIELDS, as_dict=True)
	set_values(TASK, [doc.name], {"priority": tasks.priority_of(row, getdate(today()))})
	if doc.status == "Open" and not doc.assigned_to:
		assignment.assign([doc.name], getdate(today()))
	programme_status.wake([doc.patient])
