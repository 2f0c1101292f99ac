"""Work per day out of planned contacts, and where there are too few people for it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.model import CHANNELS, HUMAN_CHANNELS, ROLES
from hospital_followup.engine.simulation import (
	NOBODY,
	Strength,
	counted,
	needed,
	overloads,
	summary,
	workload,
	worst_first,
)
from hospital_followup.engine.spans import MOST_BARS, spans
from tests.engine.factories import MONDAY, planned

DAYS = st.integers(0, 20).map(lambda number: MONDAY + timedelta(days=number))
ROLE, CHANNEL = st.sampled_from(ROLES[:3]), st.sampled_from(CHANNELS)
COUNTS = st.dictionaries(st.tuples(DAYS, ROLE, CHANNEL), st.integers(1, 60), max_size=40)
STAFFING = st.dictionaries(
	st.tuples(DAYS, ROLE), st.builds(Strength, st.integers(0, 3), st.integers(0, 80)), max_size=40
)
TIERS = st.sampled_from(("High", "Medium", "Low"))


@given(st.lists(st.tuples(TIERS, TIERS, DAYS), max_size=12))
def test_the_work_is_what_was_planned(patients) -> None:
	contacts = [contact for risk, value, day in patients for contact in planned(risk, value, day).contacts]
	days = workload(counted(contacts))
	assert [(day.date, day.contacts) for day in days] == sorted(
		Counter(contact.due_date for contact in contacts).items()
	)
	for day in days:
		due = [contact for contact in contacts if contact.due_date == day.date]
		assert day.by_role == Counter(contact.role for contact in due)
		assert day.by_channel == Counter(contact.channel for contact in due)
		assert day.by_person == Counter(contact.role for contact in due if contact.channel in HUMAN_CHANNELS)


@given(COUNTS, STAFFING, st.integers(1, 40))
def test_a_day_is_named_when_its_people_cannot_do_its_calls(counts, staffing, per_person) -> None:
	days = workload(counts)
	found = {(one.date, one.role): one for one in overloads(days, staffing, per_person)}
	for day in days:
		for role, contacts in day.by_person.items():
			there = staffing.get((day.date, role), NOBODY)
			one = found.pop((day.date, role), None)
			assert (one is not None) == (contacts > there.capacity)
			if one:
				# With those who are missing it can be done, with one fewer it cannot.
				assert there.capacity + one.missing * per_person >= contacts
				assert there.capacity + (one.missing - 1) * per_person < contacts
	assert found == {}


@given(COUNTS, STAFFING, st.integers(1, 40))
def test_the_summary_adds_up(counts, staffing, per_person) -> None:
	days = workload(counts)
	found = summary(days, staffing, per_person)
	human = sum(number for (_day, _role, channel), number in counts.items() if channel in HUMAN_CHANNELS)
	assert found.contacts == sum(counts.values()) == sum(found.by_role.values())
	assert found.contacts == sum(found.by_channel.values())
	assert sum(found.by_person.values()) == human
	for role, peak in found.peaks.items():
		of_role = {day.date: day.by_person.get(role, 0) for day in days}
		assert peak.contacts == of_role[peak.date] == max(of_role.values()) > 0
		assert peak.date == min(day for day, number in of_role.items() if number == peak.contacts)
		assert peak.needed == needed(peak.contacts, per_person)
	assert found.excess == sum(one.excess for one in found.overloads)
	assert [one.excess for one in worst_first(found.overloads)] == sorted(
		(one.excess for one in found.overloads), reverse=True
	)


def test_nobody_is_needed_for_nothing() -> None:
	found = summary([], {}, 25)
	assert (found.contacts, found.overloads, found.excess) == (0, (), 0)
	assert [needed(number, 25) for number in (0, 1, 25, 26)] == [0, 1, 1, 2]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 9000))
def test_bars_can_be_told_apart_and_leave_no_day_out(first, length) -> None:
	last = first + timedelta(days=length)
	_span, starts = spans(first, last)
	assert 1 <= len(starts) <= MOST_BARS + 1
	assert starts == sorted(set(starts))
	assert starts[0] <= first and starts[-1] <= last
