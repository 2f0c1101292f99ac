"""Weekends, holidays and swapped working days (clinical.md §1, Closed days)."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.calendar import EVERY_DAY, MONDAY_TO_SATURDAY, Calendar
from tests.engine.factories import (
	config,
	dates,
	discharge,
	only_rule,
	pathway,
	planned,
	rule,
	step,
	weekdays_except,
)

# 2 November 2026 is a Monday.
NATIONAL_DAY = [date(2026, 10, day) for day in range(1, 8)]


def first_contact(day, first, calendar, risk="Medium"):
	settings = config(policy=only_rule(rule(2, "Week", 1, first)), calendar=calendar)
	return planned(risk, "Medium", day, settings).contacts[0]


@pytest.mark.parametrize(
	("first", "due"),
	[
		# Thursday 5th + 2 = Saturday: Friday is nearer than Monday; + 3 = Sunday: Monday is nearer.
		(2, date(2026, 11, 6)),
		(3, date(2026, 11, 9)),
		(1, date(2026, 11, 6)),
	],
)
def test_the_first_contact_goes_to_the_nearest_working_day(first, due):
	assert first_contact(date(2026, 11, 5), first, Calendar()).due_date == due


def test_on_a_tie_the_first_contact_goes_to_the_earlier_day():
	closed = weekdays_except(date(2026, 11, 11))
	contact = first_contact(date(2026, 11, 9), 2, closed)
	assert (contact.due_date, contact.reasons[-1]) == (date(2026, 11, 10), "moved_working_day")


def test_the_first_contact_does_not_leave_its_interval_backwards():
	# Friday + 1 = Saturday: Friday itself is the day of discharge and no longer in the interval.
	assert first_contact(date(2026, 11, 6), 1, Calendar()).due_date == date(2026, 11, 9)


def second_contact(day, calendar, unit="Week", first=2):
	settings = config(policy=only_rule(rule(1, unit, 2, first)), calendar=calendar)
	return planned("Medium", "Medium", day, settings).contacts[1]


def test_a_later_contact_goes_to_the_next_working_day_even_when_the_one_before_is_nearer():
	# Thursday 5 November + 2 + 7 = Saturday 14th; the interval ends on Thursday 19th.
	assert second_contact(date(2026, 11, 5), Calendar()).due_date == date(2026, 11, 16)


def test_a_later_contact_goes_back_when_its_interval_has_no_later_working_day():
	# Due on Saturday 14th in (7th, 14th]; Friday is the nearest earlier working day.
	assert second_contact(date(2026, 10, 31), Calendar(), first=7).due_date == date(2026, 11, 13)


def test_an_interval_without_any_working_day_keeps_its_date():
	shut = Calendar(weekdays=())
	contacts = planned(
		"Medium", "Medium", settings=config(policy=only_rule(rule(1, "Week", 2, 2)), calendar=shut)
	).contacts
	assert dates(contacts) == [date(2026, 11, 4), date(2026, 11, 11)]
	assert all("kept_on_closed_day" in contact.reasons for contact in contacts)
	assert not any("moved_working_day" in contact.reasons for contact in contacts)


@pytest.mark.parametrize("day", [date(2026, 11, 5), date(2026, 11, 6), date(2026, 9, 29)])
def test_the_first_contact_of_a_high_risk_patient_stays(day):
	contact = first_contact(day, 2, weekdays_except(*NATIONAL_DAY), risk="High")
	assert (contact.due_date - day).days == 2
	assert "kept_on_closed_day" in contact.reasons


def test_the_later_contacts_of_a_high_risk_patient_move():
	contacts = planned("High", "High", date(2026, 11, 5), config(calendar=Calendar())).contacts
	assert dates(contacts) == [date(2026, 11, 7), date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)]


def test_a_contact_on_a_working_day_has_no_reason_about_it():
	contact = first_contact(date(2026, 11, 2), 2, Calendar(), risk="High")
	assert contact.reasons == ("tier_given",)


def test_a_holiday_week_is_left_out():
	# 28 September + 3 = 1 October; the nearest working day is 30 September, not 8 October.
	calendar = weekdays_except(*NATIONAL_DAY)
	assert first_contact(date(2026, 9, 28), 3, calendar).due_date == date(2026, 9, 30)
	# 24 September + 3 + 7 = 4 October, a later contact: forward to 8 October.
	assert second_contact(date(2026, 9, 24), calendar, first=3).due_date == date(2026, 10, 8)


def test_a_swapped_saturday_is_worked():
	calendar = weekdays_except(*NATIONAL_DAY, open=[date(2026, 10, 10)])
	contact = first_contact(date(2026, 10, 8), 2, calendar)
	assert (contact.due_date, contact.reasons) == (date(2026, 10, 10), ("tier_given",))


@pytest.mark.parametrize(
	("weekdays", "due"), [(MONDAY_TO_SATURDAY, date(2026, 11, 7)), (EVERY_DAY, date(2026, 11, 7))]
)
def test_other_working_weeks(weekdays, due):
	assert first_contact(date(2026, 11, 5), 2, Calendar(weekdays)).due_date == due


def test_a_pathway_step_moves_inside_its_window_like_a_later_contact():
	settings = config(
		policy=only_rule(rule(6, "Month", 1, 150)),
		calendar=Calendar(),
		# Day 5 = Saturday 7th, up to Monday 9th; day 12 = Saturday 14th, up to Sunday: back to Friday.
		pathways=(pathway("A", step("a", 5, window=2), step("b", 12, window=1)),),
	)
	contacts = planned("Low", "Low", settings=settings).contacts
	assert dates(contacts)[:2] == [date(2026, 11, 9), date(2026, 11, 13)]


def test_a_calendar_is_a_value():
	calendar = Calendar(exceptions={date(2026, 1, 1): False})
	assert calendar == Calendar(exceptions={date(2026, 1, 1): False})
	assert hash(calendar) == hash(Calendar(exceptions={date(2026, 1, 1): False}))
	assert calendar != Calendar()
	assert calendar != "calendar"
	with pytest.raises(AttributeError):
		calendar.weekdays = frozenset()
	assert pickle.loads(pickle.dumps(config(calendar=calendar))) == config(calendar=calendar)
	assert repr(calendar) == "Calendar([0, 1, 2, 3, 4], 1 exceptions)"


@given(
	st.dates(date(2020, 1, 1), date(2030, 12, 31)),
	st.frozensets(st.integers(0, 6)),
	st.frozensets(st.integers(0, 20), max_size=10),
	st.integers(0, 10),
	st.integers(0, 10),
)
def test_the_nearest_working_day_is_the_nearest(day, weekdays, closed, before, later):
	calendar = Calendar(weekdays, {date.fromordinal(day.toordinal() - 10 + n): False for n in closed})
	since, until = date.fromordinal(day.toordinal() - before), date.fromordinal(day.toordinal() + later)
	span = [date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1)]
	working = [one for one in span if calendar.is_working(one)]
	expected = min(working, key=lambda one: (abs((one - day).days), one), default=None)
	assert calendar.nearest_working(day, since, until) == expected
	assert calendar.next_working(day, until) == next((one for one in working if one > day), None)
	assert calendar.previous_working(day, since) == next(
		(one for one in reversed(working) if one < day), None
	)


def test_discharge_day_itself_is_never_a_contact():
	for offset in range(7):
		day = date.fromordinal(date(2026, 11, 2).toordinal() + offset)
		contact = planned(facts=discharge(day), settings=config(calendar=Calendar())).contacts[0]
		assert contact.due_date > day
