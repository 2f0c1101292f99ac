"""Not too often (clinical.md §1, Cap)."""

from __future__ import annotations

from datetime import date

from hospital_followup.engine.calendar import Calendar
from tests.engine.factories import (
	MONDAY,
	after,
	config,
	dates,
	days_after,
	only_rule,
	pathway,
	planned,
	rule,
	step,
	weekdays_except,
)

RARE = only_rule(rule(6, "Month", 1, 150))


def one_pathway(*steps, risk="Medium", policy=RARE, calendar=None, occupied=(), **settings):
	way = pathway("A", *steps)
	calendars = {"calendar": calendar} if calendar else {}
	found = planned(
		risk,
		"Medium",
		settings=config(policy=policy, pathways=(way,), **calendars, **settings),
		occupied=occupied,
	)
	return [contact for contact in found.contacts if (contact.due_date - MONDAY).days < 100]


def daily(contacts):
	return only_rule(rule(1, "Day", contacts, 1))


def test_three_in_seven_days_are_allowed():
	contacts = one_pathway(step("a", 1), step("b", 2), step("c", 3), step("d", 8))
	assert days_after(MONDAY, contacts) == [1, 2, 3, 8]
	assert not any("capped" in contact.reasons for contact in contacts)


def test_the_fourth_moves_to_the_next_day_with_room():
	contacts = one_pathway(step("a", 1), step("b", 2), step("c", 3), step("d", 5, window=10))
	assert days_after(MONDAY, contacts) == [1, 2, 3, 8]
	assert ["capped" in contact.reasons for contact in contacts] == [False, False, False, True]


def test_two_on_one_day_are_one_too_many():
	contacts = one_pathway(step("a", 5, window=3), step("b", 5, window=3))
	assert days_after(MONDAY, contacts) == [5, 6]
	assert [contact.step_id for contact in contacts] == ["a", "b"]


def test_a_surplus_contact_goes_to_a_working_day():
	# Friday 6 November is taken, so Monday 9th is next.
	contacts = one_pathway(step("a", 4, window=5), step("b", 4, window=5), calendar=Calendar())
	assert dates(contacts) == [date(2026, 11, 6), date(2026, 11, 9)]


def test_without_room_in_its_interval_the_neighbour_carries_it():
	contacts = one_pathway(
		step("a", 5, window=0, topics=("Care",)), step("b", 5, window=0, topics=("Revisit",), channel="Phone")
	)
	(contact,) = contacts
	assert contact.topics == ("Revisit", "Care")
	assert contact.reasons[-1] == "capped"
	assert [origin.step_id for origin in contact.origins] == ["a", "b"]


def test_the_nearest_neighbour_carries_it_and_the_earlier_one_on_a_tie():
	steps = (step("a", 1, window=0), step("b", 2, window=0), step("c", 4, window=0), step("d", 6, window=0))
	contacts = one_pathway(*steps)
	assert days_after(MONDAY, contacts) == [1, 2, 4]
	assert [origin.step_id for origin in contacts[2].origins] == ["c", "d"]


def test_one_inside_its_interval_carries_it_rather_than_the_one_before():
	# Tuesday to Thursday fill the week up to Monday; on Tuesday 10 November, closed, "e" cannot but stay.
	steps = [step(name, day, window=0) for name, day in (("a", 1), ("b", 2), ("c", 3), ("e", 8))]
	contacts = one_pathway(*steps, step("d", 7, window=1), calendar=weekdays_except(date(2026, 11, 10)))
	assert days_after(MONDAY, contacts) == [1, 2, 3, 8]
	assert [origin.step_id for origin in contacts[3].origins] == ["e", "d"]


def test_daily_contacts_of_a_policy_become_three_a_week():
	contacts = planned("Low", "Low", settings=config(policy=daily(10))).contacts
	assert days_after(MONDAY, contacts) == [1, 2, 3, 8, 9, 10]
	assert [len(contact.origins) for contact in contacts] == [1, 1, 5, 1, 1, 1]


def test_contacts_elsewhere_count():
	taken = [after(MONDAY, days) for days in (1, 2, 3)]
	contacts = one_pathway(step("a", 4, window=10), occupied=taken)
	assert days_after(MONDAY, contacts) == [8]


def test_what_was_made_cannot_carry_anything_so_the_contact_stays():
	contacts = one_pathway(step("a", 4, window=0), occupied=[after(MONDAY, 4)])
	assert days_after(MONDAY, contacts) == [4]
	assert "capped" not in contacts[0].reasons


def test_nobody_a_week_away_carries_it():
	contacts = one_pathway(step("a", 4, window=0), step("b", 30, window=0), occupied=[after(MONDAY, 30)])
	assert days_after(MONDAY, contacts) == [4, 30]
	assert [len(contact.origins) for contact in contacts] == [1, 1]


def test_the_next_contact_carries_what_none_before_it_can():
	(contact,) = one_pathway(step("a", 4, window=0), step("b", 6, window=0), occupied=[after(MONDAY, 4)])
	assert days_after(MONDAY, [contact]) == [6]
	assert [origin.step_id for origin in contact.origins] == ["b", "a"]


def test_a_high_risk_first_contact_never_moves_and_the_others_make_room():
	weekly = only_rule(rule(1, "Week", 1, 2))
	steps = [step("a", 2, window=0), step("b", 2, window=4)]
	contacts = planned(
		"High", "High", settings=config(policy=weekly, pathways=(pathway("A", *steps),), merge_within_days=0)
	).contacts
	assert days_after(MONDAY, contacts) == [2, 3]
	first, second = contacts
	assert first.sources == ("policy", "pathway:A")
	assert second.step_id == "b"


def test_a_high_risk_first_contact_stays_even_when_the_week_is_full():
	contacts = planned("High", "High", occupied=[after(MONDAY, days) for days in (0, 1, 2)]).contacts
	assert days_after(MONDAY, contacts)[0] == 2
	assert "capped" not in contacts[0].reasons


def test_the_caps_are_settings():
	steps = (step("a", 1, window=0), step("b", 1, window=0), step("c", 2, window=0), step("d", 3, window=0))
	contacts = one_pathway(*steps, max_per_day=2, max_per_week=4)
	assert days_after(MONDAY, contacts) == [1, 1, 2, 3]


def test_a_capped_contact_that_leaves_a_closed_day_is_not_said_to_be_kept_on_it():
	# Saturday and Sunday only: the window of "b" has Monday as its one working day.
	contacts = one_pathway(step("a", 6, window=0), step("b", 6, window=1), calendar=Calendar())
	assert dates(contacts) == [date(2026, 11, 8), date(2026, 11, 9)]
	assert "kept_on_closed_day" in contacts[0].reasons
	assert "kept_on_closed_day" not in contacts[1].reasons
