"""What holds for every plan, whatever the policy, pathways, calendar and patient.

Held contacts are those that the specification keeps on their day: the first contact of a High-risk patient
(clinical.md §1). Everything else gives way: never two on a day, never four in seven days, inside its interval.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.merge import merge
from hospital_followup.engine.model import CHANNELS, RISK_TIERS, VALUE_TIERS
from hospital_followup.engine.replan import diff
from hospital_followup.engine.schedule import on_working_day
from tests.engine.factories import (
	after,
	config,
	discharge,
	only_rule,
	pathway,
	patient,
	planned,
	rule,
	step,
	stored,
)
from tests.engine.plan_cases import DAYS, EXAMPLES, KEY, calendars, cases, policies, too_many


@EXAMPLES
@given(case=cases())
def test_every_contact_lies_in_its_interval(case):
	raw = case.raw()
	for contact in case.plan().contacts:
		own = raw[contact.origins[0]]
		assert own.covers(contact.due_date)
		assert contact.opens_on == contact.due_date <= contact.expires_on <= own.end
		if "capped" not in contact.reasons:
			assert all(raw[origin].covers(contact.due_date) for origin in contact.origins)
			assert contact.expires_on == min(raw[origin].end for origin in contact.origins)


@EXAMPLES
@given(case=cases())
def test_outside_its_interval_only_when_nothing_inside_it_was_free(case):
	contacts = case.plan().contacts
	calendar, due = case.config.calendar, [contact.due_date for contact in contacts]
	carriers = {origin: contact for contact in contacts for origin in contact.origins}
	for wanted in merge(
		[on_working_day(draft, calendar) for draft in case.raw().values()], case.config.merge_within_days
	):
		carrier = carriers[wanted.origins[0]]
		assert all(carriers[origin] is carrier for origin in wanted.origins)
		if wanted.covers(carrier.due_date):
			continue
		assert "capped" in carrier.reasons
		assert abs(carrier.due_date - wanted.due) < timedelta(days=7)
		assert not any(wanted.covers(day) for day in due)
		days = [after(wanted.due, n) for n in range((wanted.end - wanted.due).days + 1)]
		for day in days[:1] + [day for day in days[1:] if calendar.is_working(day)]:
			assert too_many(day, [*due, day])


@EXAMPLES
@given(case=cases())
def test_every_raw_contact_is_carried_by_exactly_one_contact(case):
	found = Counter(origin for contact in case.plan().contacts for origin in contact.origins)
	assert found == Counter(list(case.raw()))


@EXAMPLES
@given(case=cases())
def test_never_two_on_a_day_nor_four_in_seven_days(case):
	due = [contact.due_date for contact in case.plan().contacts]
	assert not any(too_many(day, due) for day in due)


@EXAMPLES
@given(case=cases(), elsewhere=st.lists(st.integers(0, 40), max_size=8))
def test_contacts_in_other_plans_count(case, elsewhere):
	"""They cannot move nor carry: where they leave a contact no day and no neighbour, it stays rather than be lost."""
	occupied = [after(case.day, days) for days in elsewhere]
	contacts = case.plan(occupied=occupied).contacts
	assert {origin for contact in contacts for origin in contact.origins} == set(case.raw())
	due = [contact.due_date for contact in contacts]
	for contact in contacts:
		assert not too_many(contact.due_date, due)
		if case.held(contact) or not too_many(contact.due_date, due + occupied):
			continue
		assert not any(timedelta(0) < abs(contact.due_date - day) < timedelta(7) for day in due)


@EXAMPLES
@given(case=cases())
def test_only_different_sources_merge_and_only_within_the_distance(case):
	calendar, raw = case.config.calendar, case.raw()
	for contact in case.plan().contacts:
		if "capped" in contact.reasons:
			continue
		due = [on_working_day(raw[origin], calendar).due for origin in contact.origins]
		assert max(due) - min(due) <= timedelta(days=case.config.merge_within_days)
		assert contact.due_date in due
		assert len({origin.source for origin in contact.origins}) == len(contact.origins)
		assert ("merged" in contact.reasons) is (len(contact.origins) > 1)


@EXAMPLES
@given(case=cases())
def test_two_that_could_be_one_are_one(case):
	"""A pathway of one contact and the policy's: as near as the distance, with a common day, and not told apart."""
	assume(len(case.raw()) > 1)
	apart = [contact for contact in case.plan().contacts if not {"capped", "merged"} & set(contact.reasons)]
	raw, within = case.raw(), timedelta(days=case.config.merge_within_days)
	for earlier, later in pairwise(apart):
		one, other = raw[earlier.origins[0]], raw[later.origins[0]]
		fits = one.covers(later.due_date) and not case.held(earlier)
		fits |= other.covers(earlier.due_date) and not case.held(later)
		assert not (fits and later.due_date - earlier.due_date <= within) or earlier.sources == later.sources


@EXAMPLES
@given(case=cases())
def test_numbers_and_keys(case):
	contacts = case.plan().contacts
	assert [contact.sequence for contact in contacts] == list(range(1, len(contacts) + 1))
	assert list(contacts) == sorted(contacts, key=lambda contact: contact.due_date)
	assert len({contact.key for contact in contacts}) == len(contacts)
	assert all(contact.key == contact.origins[0].key(KEY) for contact in contacts)
	assert sum(contact.first_contact for contact in contacts) == 1
	assert all(len(set(contact.reasons)) == len(contact.reasons) for contact in contacts)


@EXAMPLES
@given(case=cases(), data=st.data(), days=st.integers(0, 20))
def test_keys_do_not_depend_on_holidays_nor_on_the_day_of_planning(case, data, days):
	moved = replace(case, config=replace(case.config, calendar=data.draw(calendars(case.day))))
	today = after(case.day, days)
	wanted = {origin.key(KEY) for origin in case.raw()}
	for contacts in (case.plan().contacts, moved.plan().contacts, moved.plan(today=today).contacts):
		assert {contact.key for contact in contacts} <= wanted
	gone = {origin for origin, draft in case.raw().items() if draft.end < today}
	late = {origin for contact in moved.plan(today=today).contacts for origin in contact.origins}
	assert late == set(case.raw()) - gone


@EXAMPLES
@given(case=cases())
def test_a_high_risk_first_contact_is_on_its_day(case):
	case = replace(case, risk="High")
	first = next(contact for contact in case.plan().contacts if contact.first_contact)
	assert first.due_date == after(case.day, case.config.policy.rules[0].first_contact_day)
	assert ("kept_on_closed_day" in first.reasons) is not case.config.calendar.is_working(first.due_date)


@EXAMPLES
@given(case=cases())
def test_a_contact_is_on_a_closed_day_only_with_its_reason(case):
	for contact in case.plan().contacts:
		closed = not case.config.calendar.is_working(contact.due_date)
		assert ("kept_on_closed_day" in contact.reasons) is closed


@EXAMPLES
@given(case=cases())
def test_the_order_of_pathways_does_not_matter(case):
	assert case.plan() == case.backwards().plan()


@EXAMPLES
@given(case=cases(), days=st.integers(0, 60))
def test_the_next_admission_ends_a_plan_and_changes_nothing_before_it(case, days):
	until = after(case.day, days)
	before = [contact for contact in case.plan().contacts if contact.due_date < until]
	assert list(case.plan(until=until).contacts) == before


@EXAMPLES
@given(case=cases(), late=st.integers(0, 60), more=st.integers(0, 20))
def test_planning_again_changes_nothing(case, late, more):
	first_day = after(case.day, late)
	decided = case.plan(today=first_day)
	assume(decided.decision == "Planned")
	assert all(contact.due_date >= first_day for contact in decided.contacts)
	existing = [stored(contact) for contact in decided.contacts]
	for today in (first_day, after(first_day, more)):
		repeated = case.plan(today=today, existing=existing)
		assert diff(existing, repeated.contacts, today).empty


@EXAMPLES
@given(
	case=cases(),
	done=st.integers(0, 5),
	days=st.integers(0, 40),
	policy=policies(),
	risk=st.sampled_from(RISK_TIERS),
)
def test_a_difference_leads_to_the_new_plan(case, done, days, policy, risk):
	existing = [
		stored(
			contact,
			"Completed" if place < done else "Open",
			completed_on=contact.due_date if place < done else None,
		)
		for place, contact in enumerate(case.plan().contacts)
	]
	today = after(case.day, days)
	other = replace(case, risk=risk, config=replace(case.config, policy=policy))
	new = other.plan(today=today, existing=existing)
	change = diff(existing, new.contacts, today)
	kept = {task.key for task in change.keep if task.status == "Open" and task.expires_on >= today}
	applied = {c.key for c in change.create} | {m.contact.key for m in (*change.move, *change.reopen)} | kept
	assert applied == {contact.key for contact in new.contacts}
	assert {task.key for task in existing if task.status == "Completed"} <= {task.key for task in change.keep}
	assert {task.key for task in existing} == {
		task.key for task in (*change.keep, *(m.task for m in change.move), *(c.task for c in change.cancel))
	}
	for contact in change.create:
		assert contact.due_date >= today


@EXAMPLES
@given(case=cases(day=st.dates(date(9999, 8, 1), date.max)))
def test_the_end_of_the_calendar(case):
	"""Either every interval ends by 31 December 9999, and then there is a plan, or the error says that there is none."""
	try:
		raw = case.raw()
	except OverflowError:
		with pytest.raises(OverflowError):
			case.plan()
		return
	contacts = case.plan().contacts
	assert Counter(origin for contact in contacts for origin in contact.origins) == Counter(list(raw))
	existing = [stored(contact) for contact in contacts]
	assert diff(existing, case.plan(today=case.day, existing=existing).contacts, case.day).empty


def test_the_last_week_of_the_calendar_when_it_is_closed():
	last = date(9999, 12, 30)
	rules = config(
		policy=only_rule(rule(1, "Day", 1, 1)),
		pathways=(pathway("A", step("a", 1, window=0), step("b", 1, window=0)),),
		calendar=Calendar(()),
	)
	(contact,) = planned("Low", "Low", last, rules, facts=discharge(last)).contacts
	assert (contact.due_date, len(contact.origins)) == (date.max, 3)


@EXAMPLES
@given(
	risk=st.sampled_from(RISK_TIERS),
	value=st.sampled_from(VALUE_TIERS),
	day=DAYS,
	preferred=st.none() | st.sampled_from(CHANNELS),
	special=st.booleans(),
)
def test_the_standard_policy_reaches_everyone(risk, value, day, preferred, special):
	who = patient(preferred_channel=preferred, special_care=special)
	decided = planned(risk, value, day, config(calendar=Calendar()), who)
	assert decided.decision == "Planned"
	assert len(decided.contacts) == decided.policy_rule.contacts
	assert decided.contacts[0].due_date <= after(day, 10)
