"""By when an alert is to be answered, over nights, weekends and holidays (clinical.md §5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.response_time import respond_by

#: 1-7 October 2026 is closed, Saturday 10 October is worked in exchange.
GOLDEN_WEEK = Calendar(
	exceptions={**{date(2026, 10, day): False for day in range(1, 8)}, date(2026, 10, 10): True}
)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text)


@pytest.mark.parametrize(
	("raised", "hours", "working_days", "due"),
	[
		# red: two hours by the clock, whatever the hour and the day
		("2026-11-20 10:00", 2, False, "2026-11-20 12:00"),
		("2026-11-20 23:30", 2, False, "2026-11-21 01:30"),
		("2026-11-21 15:00", 2, False, "2026-11-21 17:00"),
		("2026-10-03 03:00", 2, False, "2026-10-03 05:00"),
		# amber: one working day
		("2026-11-18 16:30", 24, True, "2026-11-19 16:30"),
		("2026-11-20 16:30", 24, True, "2026-11-23 16:30"),
		("2026-11-21 10:00", 24, True, "2026-11-23 10:00"),
		("2026-11-22 23:59", 24, True, "2026-11-23 23:59"),
		("2026-09-30 17:00", 24, True, "2026-10-08 17:00"),
		("2026-10-09 09:00", 24, True, "2026-10-10 09:00"),
		("2026-11-20 16:30", 72, True, "2026-11-25 16:30"),
		# hours of a working day
		("2026-11-18 09:00", 4, True, "2026-11-18 13:00"),
		("2026-11-20 22:00", 4, True, "2026-11-23 02:00"),
		("2026-11-21 10:00", 4, True, "2026-11-23 14:00"),
		("2026-11-19 22:00", 28, True, "2026-11-23 02:00"),
	],
)
def test_table(raised: str, hours: float, working_days: bool, due: str) -> None:
	assert respond_by(at(raised), hours, GOLDEN_WEEK, working_days=working_days) == at(due)


def test_a_calendar_without_working_days_counts_every_day() -> None:
	assert respond_by(at("2026-11-20 10:00"), 24, Calendar(()), working_days=True) >= at("2026-11-21 10:00")


@given(
	raised=st.datetimes(at("2025-01-01"), at("2027-12-31")),
	hours=st.floats(0.25, 240),
	weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_never_earlier_than_by_the_clock_and_always_on_a_working_day(
	raised: datetime, hours: float, weekdays: frozenset[int]
) -> None:
	calendar = Calendar(weekdays)
	due = respond_by(raised, hours, calendar, working_days=True)
	assert due >= raised + timedelta(hours=hours)
	assert calendar.is_working(due.date())
