"""By when an alert must be answered: clock hours of every day, or hours of working days (clinical.md §5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hospital_followup.engine.calendar import Calendar

HOURS_OF_A_DAY = 24
#: Working days are looked for this far ahead of each step; a calendar has one in two weeks or none at all.
HORIZON = timedelta(days=31)
_DAY = timedelta(days=1)


def respond_by(now: datetime, hours: float, calendar: Calendar, *, working_days: bool) -> datetime:
	"""The end of a response time of `hours` that begins at `now`, both in the department's own time.

	With `working_days` every 24 hours are one working day later at the same time of day, so that an alert of Friday
	afternoon with 24 hours is due on Monday afternoon; what is left over counts by the clock, and an end that would fall
	on a closed day moves to the same time of the next working day.
	"""
	if not working_days:
		return now + timedelta(hours=hours)
	days, rest = divmod(hours, HOURS_OF_A_DAY)
	day = now.date()
	for _number in range(int(days)):
		day = _next_working(calendar, day)
	end = datetime.combine(day, now.timetz()) + timedelta(hours=rest)
	if calendar.is_working(end.date()):
		return end
	return datetime.combine(_next_working(calendar, end.date()), end.timetz())


def _next_working(calendar: Calendar, day: date) -> date:
	return calendar.next_working(day, day + HORIZON) or day + _DAY
