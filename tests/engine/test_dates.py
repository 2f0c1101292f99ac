"""Intervals, month ends and leap years (clinical.md §1)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.dates import add, age_on
from hospital_followup.engine.schedule import policy_contacts
from tests.engine.factories import rule

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
	("day", "months", "expected"),
	[
		("2026-01-31", 1, "2026-02-28"),
		("2028-01-31", 1, "2028-02-29"),
		("2100-01-31", 1, "2100-02-28"),
		("2000-01-31", 1, "2000-02-29"),
		("2026-01-31", 2, "2026-03-31"),
		("2026-01-31", 3, "2026-04-30"),
		("2026-10-31", 4, "2027-02-28"),
		("2026-12-15", 1, "2027-01-15"),
		("2028-02-29", 12, "2029-02-28"),
		("2028-02-29", 48, "2032-02-29"),
		("2026-03-31", -1, "2026-02-28"),
		("2026-01-15", -1, "2025-12-15"),
	],
)
def test_a_month_is_clamped_to_its_end(day, months, expected):
	assert add(date.fromisoformat(day), months, "Month").isoformat() == expected


def test_days_and_weeks_are_calendar_days():
	# The nights on which clocks change in many countries count like all others.
	assert add(date(2026, 3, 28), 1, "Day") == date(2026, 3, 29)
	assert add(date(2026, 10, 24), 1, "Week") == date(2026, 10, 31)


def test_the_calendar_has_an_end():
	with pytest.raises(OverflowError):
		add(date(9999, 12, 1), 1, "Month")
	with pytest.raises(OverflowError):
		add(date(9999, 12, 31), 1, "Day")


@pytest.mark.parametrize(
	("born", "day", "age"),
	[
		("2000-05-10", "2018-05-09", 17),
		("2000-05-10", "2018-05-10", 18),
		("2008-02-29", "2026-02-28", 17),
		("2008-02-29", "2026-03-01", 18),
		("2008-02-29", "2028-02-29", 20),
	],
)
def test_age(born, day, age):
	assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def contacts(day, *args):
	return policy_contacts(rule(*args), "P", 1, day, False)


@pytest.mark.parametrize(
	("day", "interval", "unit", "count", "first", "due", "ends"),
	[
		("2026-11-03", 1, "Week", 4, 2, [2, 9, 16, 23], [7, 14, 21, 28]),
		("2026-11-03", 2, "Week", 2, 3, [3, 17], [14, 28]),
		("2026-11-03", 1, "Day", 3, 1, [1, 2, 3], [1, 2, 3]),
		("2026-11-03", 10, "Day", 2, 10, [10, 20], [10, 20]),
		# 3 November + 7 days, then 10 December and 10 January; the intervals end on the 3rd.
		("2026-11-03", 1, "Month", 3, 7, [7, 37, 68], [30, 61, 92]),
	],
)
def test_contacts_of_a_rule(day, interval, unit, count, first, due, ends):
	start = date.fromisoformat(day)
	found = contacts(start, interval, unit, count, first)
	assert [(draft.due - start).days for draft in found] == due
	assert [(draft.end - start).days for draft in found] == ends


def test_months_are_counted_from_the_anchor_and_not_from_a_clamped_date():
	found = contacts(date(2026, 1, 30), 1, "Month", 3, 1)
	assert [draft.due.isoformat() for draft in found] == ["2026-01-31", "2026-03-01", "2026-03-31"]
	# 28 February is the start of the second interval, not inside it: the contact moves to the day after.
	assert found[1].start == date(2026, 3, 1)
	assert [draft.end.isoformat() for draft in found] == ["2026-02-28", "2026-03-30", "2026-04-30"]


def test_the_same_in_a_leap_year():
	found = contacts(date(2028, 1, 30), 1, "Month", 2, 1)
	assert [draft.due.isoformat() for draft in found] == ["2028-01-31", "2028-03-01"]
	found = contacts(date(2028, 1, 28), 1, "Month", 2, 1)
	assert [draft.due.isoformat() for draft in found] == ["2028-01-29", "2028-02-29"]


@given(
	DAYS,
	st.sampled_from(["Day", "Week", "Month"]),
	st.integers(1, 6),
	st.integers(1, 12),
	st.data(),
)
def test_every_contact_lies_in_its_own_interval(day, unit, interval, count, data):
	longest = interval * {"Day": 1, "Week": 7, "Month": 28}[unit]
	first = data.draw(st.integers(1, longest))
	found = contacts(day, interval, unit, count, first)
	assert len(found) == count
	assert found[0].due == day + timedelta(days=first)
	assert found[0].start == day + timedelta(days=1)
	for before, draft in pairwise(found):
		assert draft.start == before.end + timedelta(days=1)
		assert draft.due > before.due
	assert all(draft.start <= draft.due <= draft.end for draft in found)
