"""What holds for every plan, whatever the policy, pathways, calendar and patient."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.model import CHANNELS, RISK_TIERS, ROLES, TOPICS, VALUE_TIERS
from hospital_followup.engine.policy import cell
from hospital_followup.engine.replan import diff
from hospital_followup.engine.timetable import raw_contacts
from tests.engine.factories import after, config, only_rule, pathway, patient, planned, rule, step, stored

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
UNIT = st.sampled_from(["Day", "Week", "Month"])
UNIT_DAYS = {"Day": 1, "Week": 7, "Month": 28}


@st.composite
def policies(draw):
	unit, interval = draw(UNIT), draw(st.integers(1, 4))
	first = draw(st.integers(1, interval * UNIT_DAYS[unit]))
	channel, role = draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(ROLES))
	return only_rule(rule(interval, unit, draw(st.integers(1, 8)), first, channel=channel, role=role))


@st.composite
def steps(draw, name):
	return step(
		name,
		draw(st.integers(0, 30)),
		draw(st.sampled_from(["Day", "Week"])),
		window=draw(st.integers(0, 6)),
		repeat_every=draw(st.integers(0, 4)),
		repeat_unit=draw(UNIT),
		repeat_count=draw(st.integers(1, 4)),
		topics=tuple(draw(st.sets(st.sampled_from(TOPICS)))),
	)


@st.composite
def several_pathways(draw):
	names = draw(st.lists(st.sampled_from("ABC"), unique=True, max_size=3))
	return tuple(
		pathway(name, *(draw(steps(f"{name}{n}")) for n in range(draw(st.integers(1, 3))))) for name in names
	)


@st.composite
def calendars(draw):
	days = draw(st.dictionaries(DAYS, st.booleans(), max_size=5))
	return Calendar(draw(st.frozensets(st.integers(0, 6))), days)


CASES = {
	"risk": st.sampled_from(RISK_TIERS),
	"day": DAYS,
	"policy": policies(),
	"pathways": several_pathways(),
	"calendar": calendars(),
}
# More when somebody has the time: ENGINE_EXAMPLES=5000.
QUICK = settings(
	max_examples=int(os.environ.get("ENGINE_EXAMPLES", "40")),
)


def raw_of(rules, risk, day):
	"""The interval of every contact before merge and cap, by origin."""
	ways = tuple((way, day) for way in rules.pathways)
	rule_of_all, _ = cell(rules.policy, risk, "Medium")
	drafts = raw_contacts(rule_of_all, "One", 1, day, day, risk == "High", ways)
	return {draft.origins[0]: draft for draft in drafts}


@QUICK
@given(**CASES)
def test_every_contact_lies_in_its_interval(risk, day, policy, pathways, calendar):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	raw = raw_of(rules, risk, day)
	for contact in planned(risk, "Medium", day, rules).contacts:
		own = raw[contact.origins[0]]
		assert own.start <= contact.due_date <= own.end
		assert contact.opens_on == contact.due_date <= contact.expires_on <= own.end
		if "capped" not in contact.reasons:
			assert all(raw[origin].covers(contact.due_date) for origin in contact.origins)
			assert contact.expires_on == min(raw[origin].end for origin in contact.origins)


@QUICK
@given(**CASES)
def test_every_raw_contact_is_carried_by_exactly_one_contact(risk, day, policy, pathways, calendar):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	found = Counter(o for c in planned(risk, "Medium", day, rules).contacts for o in c.origins)
	assert found == Counter(list(raw_of(rules, risk, day)))


@QUICK
@given(**CASES)
def test_never_two_on_a_day_nor_four_in_seven_days(risk, day, policy, pathways, calendar):
	contacts = planned(
		risk, "Medium", day, config(policy=policy, pathways=pathways, calendar=calendar)
	).contacts
	due = [contact.due_date for contact in contacts]
	assert len(set(due)) == len(due)
	assert all((later - earlier).days >= 7 for earlier, later in zip(due, due[3:], strict=False))


@QUICK
@given(**CASES)
def test_numbers_and_keys(risk, day, policy, pathways, calendar):
	contacts = planned(
		risk, "Medium", day, config(policy=policy, pathways=pathways, calendar=calendar)
	).contacts
	assert [contact.sequence for contact in contacts] == list(range(1, len(contacts) + 1))
	assert list(contacts) == sorted(contacts, key=lambda contact: contact.due_date)
	assert len({contact.key for contact in contacts}) == len(contacts)
	assert sum(contact.first_contact for contact in contacts) == 1
	assert all(len(set(contact.reasons)) == len(contact.reasons) for contact in contacts)


@QUICK
@given(**CASES)
def test_a_high_risk_first_contact_is_on_its_day(risk, day, policy, pathways, calendar):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	first = next(c for c in planned("High", "Medium", day, rules).contacts if c.first_contact)
	assert first.due_date == day + timedelta(days=policy.rules[0].first_contact_day)
	assert ("kept_on_closed_day" in first.reasons) is not calendar.is_working(first.due_date)


@QUICK
@given(**CASES)
def test_a_contact_is_on_a_closed_day_only_with_its_reason(risk, day, policy, pathways, calendar):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	for contact in planned(risk, "Medium", day, rules).contacts:
		if not calendar.is_working(contact.due_date):
			assert "kept_on_closed_day" in contact.reasons
		elif "kept_on_closed_day" in contact.reasons:
			raise AssertionError("a working day is not a closed day")


@QUICK
@given(**CASES)
def test_the_order_of_sources_does_not_matter(risk, day, policy, pathways, calendar):
	forwards = config(policy=policy, pathways=pathways, calendar=calendar)
	backwards = replace(forwards, pathways=pathways[::-1])
	assert planned(risk, "Medium", day, forwards) == planned(risk, "Medium", day, backwards)


@QUICK
@given(**CASES, late=st.integers(0, 60), more=st.integers(0, 20))
def test_planning_again_changes_nothing(risk, day, policy, pathways, calendar, late, more):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	first_day = after(day, late)
	decided = planned(risk, "Medium", day, rules, today=first_day)
	assume(decided.decision == "Planned")
	assert all(contact.due_date >= first_day for contact in decided.contacts)
	existing = [stored(contact) for contact in decided.contacts]
	for today in (first_day, after(first_day, more)):
		repeated = planned(risk, "Medium", day, rules, today=today, existing=existing)
		assert diff(existing, repeated.contacts, today).empty


@QUICK
@given(
	**CASES,
	done=st.integers(0, 5),
	days=st.integers(0, 40),
	other=policies(),
	other_risk=st.sampled_from(RISK_TIERS),
)
def test_a_difference_leads_to_the_new_plan(
	risk, day, policy, pathways, calendar, done, days, other, other_risk
):
	rules = config(policy=policy, pathways=pathways, calendar=calendar)
	contacts = planned(risk, "Medium", day, rules).contacts
	existing = [
		stored(
			contact,
			"Completed" if place < done else "Open",
			completed_on=contact.due_date if place < done else None,
		)
		for place, contact in enumerate(contacts)
	]
	today = after(day, days)
	new = planned(other_risk, "Medium", day, replace(rules, policy=other), today=today, existing=existing)
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


@QUICK
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
