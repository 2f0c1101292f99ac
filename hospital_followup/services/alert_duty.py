"""Who takes an alert: whoever is on duty for its role and department, and in the end always somebody.

Nights and closed days: a red alert is for whoever stands in the duty roster of that very day, an amber one for whoever
works on the next working day, when it is to be answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import frappe
from frappe.query_builder.functions import Count

from hospital_followup.engine.assignment import Pool
from hospital_followup.engine.names import ROLES, SUPERVISOR
from hospital_followup.permissions import reach_of
from hospital_followup.services import assignment, availability
from hospital_followup.services.availability import Member
from hospital_followup.services.configuration import Configuration

ALERT = "Follow-up Alert"
UNANSWERED = ("Open", "Acknowledged", "In Progress")
#: Those who hear of an alert that nobody else takes: supervisors and administrators.
RESPONSIBLE = ROLES[-2:]
HORIZON = timedelta(days=31)


def person_for(
	alert: frappe._dict, now: datetime, *, role: str | None = None, without: Collection[str] = ()
) -> str | None:
	"""The user who takes `alert` (severity, department, company, patient, role); None when nobody is left at all.

	In this order: the duty roster; on a working day the staff of the role and department who are present; the
	department's supervisor; any supervisor; for a red alert whoever is responsible, present or not. Among several the
	one who knows the patient, then the one with the fewest alerts. `role` takes the place of the alert's own.
	"""
	day = _day_of_answer(alert, now)
	here = [member for member in availability.present_members(day) if member.user not in without]
	for users in _circles(alert, role or alert.role, day, here):
		if users:
			return _best(users, alert.patient, day)
	if alert.severity != "Red":
		return None
	return next((user for user in responsible(alert) if user not in without), None)


def responsible(alert: frappe._dict) -> list[str]:
	"""Every supervisor and administrator whose departments cover the alert, the department's own supervisor first."""
	holder, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	users = (
		frappe.qb.from_(holder)
		.join(user)
		.on(user.name == holder.parent)
		.select(user.name)
		.distinct()
		.where((holder.parenttype == "User") & holder.role.isin(RESPONSIBLE) & (user.enabled == 1))
		.where(user.name != "Administrator")
		.orderby(user.name)
		.run(pluck=True)
	)
	covering = [name for name in users if reach_of(name, ALERT).covers(alert.department, alert.company)]
	own = _supervisor_of(alert.department)
	return [own, *(name for name in covering if name != own)] if own else covering


def _day_of_answer(alert: frappe._dict, now: datetime) -> date:
	day, calendar = now.date(), Configuration().calendar(alert.department)
	if alert.severity == "Red" or calendar.is_working(day):
		return day
	return calendar.next_working(day, day + HORIZON) or day


def _circles(alert: frappe._dict, role: str, day: date, here: list[Member]) -> Iterator[set[str]]:
	"""Groups of people, the nearest first."""
	present, department = {member.user for member in here}, alert.department or None
	duty = availability.on_duty(day)
	yield duty[role, department] & present
	yield duty[role, None] & present
	if Configuration().calendar(department).is_working(day):
		yield _serving(here, role, department)
	yield {_supervisor_of(department)} & present
	yield (duty[SUPERVISOR, department] | duty[SUPERVISOR, None]) & present
	yield _serving(here, SUPERVISOR, department)
	yield {member.user for member in here if member.role == SUPERVISOR}


def _serving(here: list[Member], role: str, department: str | None) -> set[str]:
	return {member.user for member in here if member.serves(Pool(role, department))}


def _supervisor_of(department: str | None) -> str | None:
	named = department and frappe.get_cached_value("Follow-up Department", department, "supervisor")
	return named if named and frappe.get_cached_value("User", named, "enabled") else None


def _best(users: set[str], patient: str, day: date) -> str:
	if len(users) == 1:
		return next(iter(users))
	known = assignment.earlier_callers([patient], day).get(patient, ())
	for user in known:
		if user in users:
			return user
	alert = frappe.qb.DocType(ALERT)
	load = dict(
		frappe.qb.from_(alert)
		.select(alert.assigned_to, Count("*"))
		.where(alert.status.isin(UNANSWERED) & alert.assigned_to.isin(sorted(users)))
		.groupby(alert.assigned_to)
		.run()
	)
	return min(users, key=lambda user: (load.get(user, 0), user))
