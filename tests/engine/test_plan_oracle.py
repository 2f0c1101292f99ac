"""Whole calendars against clinical.md §1 written down a second time (plan_oracle)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.model import Contact
from hospital_followup.engine.pathway import anchor_of
from hospital_followup.engine.policy import cell
from tests.engine.plan_cases import EXAMPLES, Case, cases
from tests.engine.plan_oracle import Wanted, capped, merged, of_policy, of_step, off_closed_days

OF_THE_DATE = {"moved_working_day", "kept_on_closed_day", "merged", "capped"}


def expected(case: Case, occupied=()) -> list[Wanted]:
	row, _ = cell(case.config.policy, case.risk, "Medium")
	wanted = of_policy(
		case.day, row.interval, row.interval_unit, row.contacts, row.first_contact_day, case.hold_first
	)
	for way in case.config.pathways:
		start = anchor_of(way, case.facts, case.who)
		if start is not None:
			wanted += [one for step in way.steps for one in of_step(way.title, step, start, case.day)]
	working = case.config.calendar.is_working
	off_closed_days(wanted, working)
	return capped(
		merged(wanted, case.config.merge_within_days),
		working,
		case.config.max_per_day,
		case.config.max_per_week,
		occupied,
	)


def told(one: Wanted) -> tuple:
	return one.due, one.end, set(one.members), one.notes


def found(contact: Contact) -> tuple:
	members = {(origin.source, origin.step_id) for origin in contact.origins}
	return contact.due_date, contact.expires_on, members, OF_THE_DATE.intersection(contact.reasons)


@EXAMPLES
@given(case=cases())
def test_word_by_word(case):
	assert [found(contact) for contact in case.plan().contacts] == [told(one) for one in expected(case)]


@EXAMPLES
@given(case=cases(), elsewhere=st.lists(st.integers(0, 40), max_size=8))
def test_word_by_word_beside_another_plan(case, elsewhere):
	occupied = [case.day + timedelta(days) for days in elsewhere]
	contacts = case.plan(occupied=occupied).contacts
	assert [found(contact) for contact in contacts] == [told(one) for one in expected(case, occupied)]
