"""Who would be there to make the contacts, day by day: staff without absences, on closed days the duty roster only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from hospital_followup.engine.names import ROLES
from hospital_followup.engine.simulation import Strength
from hospital_followup.services.availability import Duty, Member, days_of, duty_by_day, members_by_day
from hospital_followup.services.configuration import Configuration


def staffing(
	since: date, until: date, departments: Collection[str] | None
) -> dict[tuple[date, str], Strength]:
	"""By day and role, every role on every day; `departments` None = the whole hospital.

	Who works for several departments counts with the whole capacity in each of them.
	"""
	present, duty = members_by_day(since, until), duty_by_day(since, until)
	calendars = Configuration()
	answer = {}
	for day in days_of(since, until):
		open_for = {
			department: calendars.calendar(department).is_working(day)
			for department in _of_interest(present[day], departments)
		}
		for role in ROLES:
			there = [
				member for member in present[day] if _is_there(member, role, departments, open_for, duty[day])
			]
			closed = not any(open_for.values())
			answer[day, role] = Strength(len(there), sum(member.capacity for member in there), closed)
	return answer


def _of_interest(members: Collection[Member], departments: Collection[str] | None) -> set[str | None]:
	if departments is not None:
		return set(departments)
	return {None}.union(*(member.departments for member in members))


def _is_there(
	member: Member,
	role: str,
	departments: Collection[str] | None,
	open_for: dict[str | None, bool],
	duty: Duty,
) -> bool:
	"""On a working day of a department that the person serves; else when the duty roster says so."""
	if departments is None:
		served: set[str | None] = set(member.departments) or {None}
	else:
		served = {one for one in departments if not member.departments or one in member.departments}
	if member.role == role and any(open_for[one] for one in served):
		return True
	# Whoever stands in the roster makes the contacts of a closed day, whatever departments they usually serve.
	return any(
		member.user in users
		and on_role == role
		and (departments is None or department is None or department in departments)
		and not open_for.get(department, all(open_for.values()))
		for (on_role, department), users in duty.items()
	)
