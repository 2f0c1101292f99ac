"""Who owns which open contact: the dispatcher shares out what has no owner, a supervisor hands it to somebody else.

The engine decides (`engine.assignment`), this module reads and writes, in a fixed number of queries per thousand
contacts. Owners are written with a condition, so that two dispatchers at once never give one contact twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Max
from frappe.utils import get_fullname

from hospital_followup.engine.assignment import Assignment, Pool, Unowned
from hospital_followup.engine.assignment import assign as share_out
from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.exceptions import AssignmentError
from hospital_followup.services import availability, figure_marks, reminders
from hospital_followup.services.tasks import TASK, UNCLAIMED
from hospital_followup.services.writer import chunks

TASK_FIELDS = ("name", "patient", "role", "department", "priority", "due_date", "assigned_to")
NAMES_PER_STATEMENT = 1_000
#: Earlier callers further back than this have usually forgotten the patient.
CONTINUITY_DAYS = 365


def assign(task_names: Iterable[str] | None, today: date) -> int:
	"""Give every open contact without an owner to somebody who works today; returns how many found one.

	`task_names` None means all. A contact whose owner is absent today or takes no contacts any more is given to
	somebody else as well. What nobody may take stays visible without an owner, and the department's supervisor hears
	of it once a day.
	"""
	rows = _waiting(task_names, today)
	shared = _share(rows, today)
	_write(shared.owners, {row.name: row.assigned_to for row in rows})
	moved = [row.name for row in rows if row.assigned_to and row.name in shared.owners]
	_tell(rows, shared, moved, today)
	return len(shared.owners)


def move_tasks_of(user: str, day: date) -> dict[str, int]:
	"""Give what `user` would have to do on `day` to others who work then, by load; returns how many went to whom.

	What nobody may take becomes unowned and visible, counted under the empty name. A contact that `user` holds is
	released; one that somebody else is on the phone with stays.
	"""
	task = frappe.qb.DocType(TASK)
	evening = datetime.combine(day, time.max)
	rows = (
		_select(task)
		.where(
			(task.assigned_to == user) & task.status.isin(("Open", "In Progress")) & (task.due_date <= day)
		)
		.where(task.next_attempt_at.isnull() | (task.next_attempt_at <= evening))
		.where(task.claimed_by.isnull() | (task.claimed_by == "") | (task.claimed_by == user))
		.for_update()
		.run(as_dict=True)
	)
	shared = _share(rows, day, without=[user])
	owners: dict[str, str | None] = {row.name: shared.owners.get(row.name) for row in rows}
	_write(owners, dict.fromkeys(owners, user))
	_tell(rows, shared, list(shared.owners), day)
	return dict(Counter(owner or "" for owner in owners.values()))


def reassign(task_names: Sequence[str], user: str) -> int:
	"""Hand these undone contacts to `user`, whatever the load; returns how many changed hands.

	Raises AssignmentError when `user` takes no contacts.
	"""
	member = frappe.db.get_value(availability.STAFF, {"user": user, "enabled": 1}, "name")
	if not member:
		frappe.throw(
			_("{0} takes no contacts. Choose somebody from Follow-up Staff who does.").format(
				get_fullname(user)
			),
			AssignmentError,
			title=_("Cannot be assigned"),
		)
	task = frappe.qb.DocType(TASK)
	rows = (
		_select(task)
		.where(task.name.isin(list(task_names)) & task.status.isin(("Scheduled", "Open", "In Progress")))
		.for_update()
		.run(as_dict=True)
	)
	moving = [row.name for row in rows if row.assigned_to != user]
	_write(dict.fromkeys(moving, user), {row.name: row.assigned_to for row in rows})
	if moving and user != frappe.session.user:
		reminders.notify_reassigned(user, moving)
	return len(moving)


def _waiting(task_names: Iterable[str] | None, today: date) -> list[frappe._dict]:
	"""Open contacts that are nobody's, or that may belong to somebody who is away today; the most urgent first.

	What a message does is nobody's until a person is needed.
	"""
	task = frappe.qb.DocType(TASK)
	nobody = task.assigned_to.isnull() | (task.assigned_to == "")
	away = sorted(availability.away_users(today))
	owner_away = task.assigned_to.isin(away or [""])
	query = _select(task).where((task.status == "Open") & (task.on_hold == 0) & (nobody | owner_away))
	query = query.where(task.channel.isin(sorted(HUMAN_CHANNELS)))
	if task_names is None:
		return query.run(as_dict=True)
	rows = []
	for part in chunks(list(task_names), NAMES_PER_STATEMENT):
		rows += query.where(task.name.isin(part)).run(as_dict=True)
	return sorted(rows, key=lambda row: (row.priority, row.due_date, row.name))


def _select(task) -> frappe.qb:
	return (
		frappe.qb.from_(task)
		.select(*[task[field] for field in TASK_FIELDS])
		.orderby(task.priority)
		.orderby(task.due_date)
		.orderby(task.name)
	)


def _share(rows: Sequence[frappe._dict], day: date, without: Sequence[str] = ()) -> Assignment:
	if not rows:
		return Assignment()
	previous = earlier_callers({row.patient for row in rows}, day)
	waiting = [
		Unowned(row.name, Pool(row.role, row.department or None), row.patient, previous.get(row.patient, ()))
		for row in rows
	]
	people = availability.people({contact.pool for contact in waiting}, day, without=without)
	return share_out(waiting, people, availability.loads(day))


def earlier_callers(patients: Iterable[str], day: date) -> dict[str, tuple[str, ...]]:
	"""Who spoke to each patient before, the latest first."""
	log = frappe.qb.DocType("Follow-up Log")
	latest = Max(log.contacted_at)
	callers: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
	for part in chunks(sorted(patients), NAMES_PER_STATEMENT):
		rows = (
			frappe.qb.from_(log)
			.select(log.patient, log.staff, latest)
			.where(log.patient.isin(part) & (log.docstatus == 1))
			.where(log.contacted_at >= day - timedelta(days=CONTINUITY_DAYS))
			.groupby(log.patient, log.staff)
			.run()
		)
		for patient, staff, contacted_at in rows:
			callers[patient].append((contacted_at, staff))
	return {
		patient: tuple(staff for _at, staff in sorted(rows, reverse=True))
		for patient, rows in callers.items()
	}


def _write(owners: dict[str, str | None], before: dict[str, str | None]) -> None:
	"""Write the owners, each only while the owner is still the one that was read, leaving `modified` alone."""
	task = frappe.qb.DocType(TASK)
	groups: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
	for name, owner in owners.items():
		groups[owner, before[name] or None].append(name)
	for (owner, old), names in sorted(groups.items(), key=lambda item: (item[0][0] or "", item[0][1] or "")):
		figure_marks.rows_changed(TASK, names, ["assigned_to"])
		still = task.assigned_to == old if old else task.assigned_to.isnull() | (task.assigned_to == "")
		for part in chunks(sorted(names), NAMES_PER_STATEMENT):
			frappe.qb.update(task).set(task.assigned_to, owner).where(task.name.isin(part) & still).run()
	_release([name for name, old in before.items() if old and name in owners])


def _release(names: Iterable[str]) -> None:
	"""A contact that changes hands is not held by its former owner any more."""
	task = frappe.qb.DocType(TASK)
	for part in chunks(sorted(names), NAMES_PER_STATEMENT):
		query = (
			frappe.qb.update(task)
			.set(task.status, "Open")
			.where(
				task.name.isin(part)
				& (task.status == "In Progress")
				& (task.claimed_by != Coalesce(task.assigned_to, ""))
			)
		)
		for field, value in UNCLAIMED.items():
			query = query.set(task[field], value)
		query.run()


def _tell(rows: Sequence[frappe._dict], shared: Assignment, moved: Sequence[str], day: date) -> None:
	"""Tell the new owners of contacts that changed hands, and the supervisors what went wrong."""
	by_owner: defaultdict[str, list[str]] = defaultdict(list)
	for name in moved:
		by_owner[shared.owners[name]].append(name)
	for user, names in by_owner.items():
		reminders.notify_reassigned(user, names)
	departments = {row.name: row.department or None for row in rows}
	reminders.notify_unassigned(Counter(departments[name] for name in shared.unowned), day)
	overloaded: defaultdict[str | None, set[str]] = defaultdict(set)
	for name, owner in shared.owners.items():
		if owner in shared.overloaded:
			overloaded[departments[name]].add(owner)
	reminders.notify_overload(overloaded, day)
