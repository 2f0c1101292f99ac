"""Who works on a day: staff of a role and department who are not absent, on leave or not yet on their own.

On a closed day only the duty roster counts: whoever stands in it makes the contacts that stayed on that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from hospital_followup.engine.assignment import Load, Pool
from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.tasks import TASK

STAFF = "Follow-up Staff"
STAFF_FIELDS = ("name", "user", "role", "capacity_per_day", "joined_on", "solo_from")


@dataclass(slots=True)
class Member:
	"""One person who takes contacts; no departments means every department."""

	user: str
	role: str
	capacity: int
	departments: set[str] = field(default_factory=set)

	def serves(self, pool: Pool) -> bool:
		return self.role == pool.role and (not self.departments or pool.department in self.departments)


def people(pools: Iterable[Pool], day: date, *, without: Collection[str] = ()) -> dict[Pool, list[str]]:
	"""Who may take the contacts of each pool on `day`; `without` leaves people out."""
	members = [member for member in present_members(day) if member.user not in without]
	here = {member.user for member in members}
	duty = on_duty(day)
	calendars = Configuration()
	answer = {}
	for pool in set(pools):
		if calendars.calendar(pool.department).is_working(day):
			answer[pool] = sorted(member.user for member in members if member.serves(pool))
		else:
			answer[pool] = sorted(
				user for user in duty[pool.role, pool.department] | duty[pool.role, None] if user in here
			)
	return answer


def present_members(day: date) -> list[Member]:
	"""Everybody who takes contacts on `day`, in five queries whatever the number of people."""
	return members_by_day(day, day)[day]


def members_by_day(since: date, until: date) -> dict[date, list[Member]]:
	"""Everybody who takes contacts on each day of a period, in five queries whatever its length."""
	rows = frappe.get_all(STAFF, filters={"enabled": 1}, fields=STAFF_FIELDS, order_by="name")
	active = set(
		frappe.get_all(
			"User", filters={"enabled": 1, "name": ("in", [row.user for row in rows])}, pluck="name"
		)
	)
	departments = defaultdict(set)
	for row in frappe.get_all(
		"Follow-up Staff Department",
		filters={"parenttype": STAFF},
		fields=["parent", "department"],
		order_by="parent",
	):
		departments[row.parent].add(row.department)
	members = [
		(Member(row.user, row.role, row.capacity_per_day or 0, departments[row.name]), row)
		for row in rows
		if row.user in active
	]
	away = _away(since, until)
	return {
		day: [
			member
			for member, row in members
			if _works_alone(row, day)
			and not any(first <= day <= last for first, last in away.get(member.user, ()))
		]
		for day in days_of(since, until)
	}


def days_of(since: date, until: date) -> list[date]:
	"""Every day of a period, both ends included."""
	return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def _works_alone(row: frappe._dict, day: date) -> bool:
	"""New people take contacts from their first day on, and alone only from the day they were signed off."""
	return all(start is None or getdate(start) <= day for start in (row.joined_on, row.solo_from))


def absent_users(day: date) -> set[str]:
	"""Users with an absence in Follow-up Staff, or an approved leave in HRMS where that is installed."""
	return set(_away(day, day))


def away_users(day: date) -> set[str]:
	"""Staff whose contacts others should make on `day`: absent, on leave, switched off, or without access."""
	staff = frappe.get_all(STAFF, fields=["user", "enabled"], order_by="name")
	locked_out = frappe.get_all(
		"User", filters={"enabled": 0, "name": ("in", [row.user for row in staff])}, pluck="name"
	)
	return absent_users(day) | set(locked_out) | {row.user for row in staff if not row.enabled}


def _away(since: date, until: date) -> dict[str, list[tuple[date, date]]]:
	"""First and last day of every absence that touches the period, by user."""
	absence, staff = frappe.qb.DocType("Follow-up Staff Absence"), frappe.qb.DocType(STAFF)
	rows = (
		frappe.qb.from_(absence)
		.inner_join(staff)
		.on(staff.name == absence.parent)
		.select(staff.user, absence.from_date, absence.to_date)
		.where((absence.from_date <= until) & (absence.to_date >= since))
		.run()
	)
	away = defaultdict(list)
	for user, first, last in (*rows, *_leaves(since, until)):
		away[user].append((first, last))
	return away


def _leaves(since: date, until: date) -> Iterable[tuple[str, date, date]]:
	if not (frappe.db.exists("DocType", "Leave Application") and frappe.db.exists("DocType", "Employee")):
		return ()
	leave, employee = frappe.qb.DocType("Leave Application"), frappe.qb.DocType("Employee")
	return (
		frappe.qb.from_(leave)
		.inner_join(employee)
		.on(employee.name == leave.employee)
		.select(employee.user_id, leave.from_date, leave.to_date)
		.where((leave.from_date <= until) & (leave.to_date >= since))
		.where((leave.status == "Approved") & (leave.docstatus == 1) & employee.user_id.isnotnull())
		.run()
	)


Duty = defaultdict[tuple[str, str | None], set[str]]


def on_duty(day: date) -> Duty:
	"""Who stands in the duty roster of `day`, by role and department (None: every department)."""
	return duty_by_day(day, day)[day]


def duty_by_day(since: date, until: date) -> defaultdict[date, Duty]:
	"""The same for every day of a period."""
	duty: defaultdict[date, Duty] = defaultdict(lambda: defaultdict(set))
	rows = frappe.get_all(
		"Duty Roster",
		filters={"date": ("between", (since, until))},
		fields=["date", "role", "department", "user"],
		order_by="name",
	)
	for row in rows:
		duty[row.date][row.role, row.department or None].add(row.user)
	return duty


def loads(day: date) -> dict[str, Load]:
	"""Capacity and contacts of everybody who takes contacts: what is open and due, and what they completed today."""
	answer = {
		row.user: Load(row.capacity_per_day or 0)
		for row in frappe.get_all(
			STAFF, filters={"enabled": 1}, fields=["user", "capacity_per_day"], order_by="name"
		)
	}
	for counts in (_open_contacts(day), _completed_contacts(day)):
		for user, count in counts:
			if user in answer:
				answer[user].contacts += count
	return answer


def _open_contacts(day: date) -> list[tuple[str, int]]:
	task = frappe.qb.DocType(TASK)
	return (
		frappe.qb.from_(task)
		.select(task.assigned_to, Count("*"))
		.where(task.status.isin(("Open", "In Progress")) & (task.on_hold == 0) & (task.due_date <= day))
		.where(task.assigned_to.isnotnull() & task.channel.isin(sorted(HUMAN_CHANNELS)))
		.groupby(task.assigned_to)
		.run()
	)


def _completed_contacts(day: date) -> list[tuple[str, int]]:
	log = frappe.qb.DocType("Follow-up Log")
	reached = [outcome for outcome, effect in OUTCOMES.items() if effect.status == "Completed"]
	return (
		frappe.qb.from_(log)
		.select(log.staff, Count("*"))
		.where((log.contacted_at >= day) & (log.docstatus == 1) & log.outcome.isin(reached))
		.groupby(log.staff)
		.run()
	)
