"""Contacts of different sources that fall together (clinical.md §1, Merge)."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from hospital_followup.engine.calendar import Calendar
from tests.engine.factories import MONDAY, config, dates, days_after, only_rule, pathway, planned, rule, step

# One contact on day 7 of a month, so that pathways can be put around it.
ON_DAY_7 = only_rule(rule(1, "Month", 1, 7, channel="SMS", topics=("Revisit",)))


def with_steps(*steps, policy=ON_DAY_7, risk="Medium", **settings):
	"""Each step in a pathway of its own: A, B, C …"""
	pathways = tuple(pathway("ABCDE"[n], one) for n, one in enumerate(steps))
	return planned(risk, "Medium", settings=config(policy=policy, pathways=pathways, **settings)).contacts


@pytest.mark.parametrize(
	("offset", "merged"), [(4, False), (5, True), (6, True), (7, True), (8, True), (9, True), (10, False)]
)
def test_at_most_two_days_apart(offset, merged):
	contacts = with_steps(step("s", offset, window=5))
	assert (len(contacts) == 1) is merged
	assert all(("merged" in contact.reasons) is merged for contact in contacts)


def test_the_earliest_date_that_suits_all():
	assert days_after(MONDAY, with_steps(step("s", 5, window=1))) == [5]
	assert days_after(MONDAY, with_steps(step("s", 9, window=2))) == [7]


def test_without_a_date_that_suits_all_they_stay_apart():
	# Day 9 ± 1 does not hold day 7, but day 9 lies in the policy's month.
	assert days_after(MONDAY, with_steps(step("s", 9, window=1))) == [9]
	# Neither date lies in the other's interval.
	assert days_after(
		MONDAY, with_steps(step("s", 9, window=0), policy=only_rule(rule(1, "Week", 1, 7)))
	) == [7, 9]


def test_a_merged_contact_carries_everything():
	contacts = with_steps(
		step(
			"s",
			8,
			window=2,
			topics=("Care", "Condition"),
			channel="Phone",
			role="Follow-up Doctor",
			script="S",
			questionnaire="Q",
		)
	)
	(contact,) = contacts
	assert contact.sources == ("policy", "pathway:A")
	assert contact.topics == ("Condition", "Revisit", "Care")
	assert (contact.channel, contact.role) == ("Phone", "Follow-up Doctor")
	assert (contact.script, contact.questionnaire) == ("S", "Q")
	assert contact.expires_on == date(2026, 11, 12)
	assert contact.reasons == ("tier_given", "merged")


def test_it_keeps_the_key_of_its_earliest_member():
	(contact,) = with_steps(step("s", 8, window=2))
	assert contact.key == "D1|Discharge|policy|1|2026-11-02"
	assert [origin.source for origin in contact.origins] == ["policy", "pathway:A"]
	(contact,) = with_steps(step("s", 6, window=2))
	assert contact.key == "D1|Discharge|pathway:A|s|2026-11-02"


def test_on_the_same_day_the_source_name_decides_the_key():
	(contact,) = with_steps(step("s", 7, window=2))
	assert contact.key == "D1|Discharge|pathway:A|s|2026-11-02"
	assert contact.sources == ("policy", "pathway:A")


def test_contacts_of_one_source_are_never_merged():
	two = pathway("A", step("a", 6, window=0), step("b", 7, window=0))
	contacts = planned("Medium", "Medium", settings=config(policy=ON_DAY_7, pathways=(two,))).contacts
	assert days_after(MONDAY, contacts) == [6, 7]
	assert contacts[0].sources == ("policy", "pathway:A")
	assert contacts[1].sources == ("pathway:A",)


def test_distance_is_measured_to_the_first_of_the_group():
	# Days 5, 6, 7, 8: the first takes 6 and 7; 8 is three days after 5.
	contacts = with_steps(step("s", 5, window=5), step("s", 6, window=5), step("s", 8, window=5))
	assert days_after(MONDAY, contacts) == [5, 8]
	assert contacts[0].sources == ("policy", "pathway:A", "pathway:B")


def test_one_that_does_not_fit_does_not_keep_the_others_apart():
	contacts = with_steps(step("s", 7, window=2), step("s", 8, window=0))
	assert [contact.sources for contact in contacts] == [("policy", "pathway:A", "pathway:B")]
	assert days_after(MONDAY, contacts) == [8]
	contacts = with_steps(step("s", 6, window=0), step("s", 8, window=0))
	assert [(contact.sources, contact.due_date.day) for contact in contacts] == [
		(("policy", "pathway:A"), 8),
		(("pathway:B",), 10),
	]


def test_the_number_of_days_is_a_setting():
	assert len(with_steps(step("s", 10, window=5), merge_within_days=3)) == 1
	assert len(with_steps(step("s", 8, window=5), merge_within_days=0)) == 2


def test_the_order_of_the_pathways_does_not_matter():
	ways = [
		pathway(name, step("s", offset, window=2))
		for name, offset in (("A", 6), ("B", 7), ("C", 8), ("D", 9))
	]
	results = {
		planned("Medium", "Medium", settings=config(policy=ON_DAY_7, pathways=order)).contacts
		for order in permutations(ways)
	}
	assert len(results) == 1


def test_a_high_risk_first_contact_is_not_moved_by_a_merge():
	weekly = only_rule(rule(1, "Week", 1, 2))
	# The step on day 1 may move to day 2, so it does.
	contacts = with_steps(step("s", 1, window=1), policy=weekly, risk="High")
	assert (days_after(MONDAY, contacts), contacts[0].sources) == ([2], ("policy", "pathway:A"))
	# It may not: they stay apart.
	contacts = with_steps(step("s", 1, window=0), policy=weekly, risk="High")
	assert days_after(MONDAY, contacts) == [1, 2]
	# For another risk the earlier date is taken.
	assert days_after(MONDAY, with_steps(step("s", 1, window=0), policy=weekly)) == [1]


def test_reasons_of_a_date_that_was_not_taken_are_not_told():
	# Saturday 7 November moves to Friday; the policy's contact on Friday stays; both become one on Friday.
	policy = only_rule(rule(1, "Week", 1, 4))
	(contact,) = with_steps(step("s", 5, window=1), policy=policy, calendar=Calendar())
	assert (dates([contact]), contact.reasons) == (
		[date(2026, 11, 6)],
		("tier_given", "moved_working_day", "merged"),
	)
	# The policy's Saturday stays for high risk; the step's move to Friday has no effect.
	policy = only_rule(rule(1, "Week", 1, 5))
	(contact,) = with_steps(step("s", 5, window=1), policy=policy, calendar=Calendar(), risk="High")
	assert dates([contact]) == [date(2026, 11, 7)]
	assert contact.reasons == ("tier_given", "kept_on_closed_day", "merged")
