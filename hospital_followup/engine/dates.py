"""Date arithmetic: intervals of days, weeks and calendar months, and ages."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_DAYS = {"Day": 1, "Week": 7}
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add(day: date, count: int, unit: str) -> date:
	"""`count` days, weeks or calendar months after `day`; a month's day is clamped to the month's end.

	Raises KeyError for another unit and OverflowError beyond the year 9999.
	"""
	if unit == "Month":
		return _add_months(day, count)
	return day + timedelta(days=count * _DAYS[unit])


def age_on(born: date, day: date) -> int:
	"""Completed years; who is born on 29 February has a birthday on 1 March of other years."""
	return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@lru_cache(maxsize=4096)
def _add_months(day: date, count: int) -> date:
	years, month = divmod(day.month - 1 + count, 12)
	year = day.year + years
	if not 1 <= year <= 9999:
		raise OverflowError("date value out of range")
	last = 29 if month == 1 and _is_leap(year) else _DAYS_IN_MONTH[month]
	return date(year, month + 1, min(day.day, last))


def _is_leap(year: int) -> bool:
	return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
