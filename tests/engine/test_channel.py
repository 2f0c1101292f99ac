"""Which channel, and why (clinical.md §1, Channels)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.channel import choose
from hospital_followup.engine.model import CHANNELS
from tests.engine.factories import config, discharge, only_rule, patient, planned, rule

ALL = frozenset(CHANNELS)


def pick(planned="WeChat", high=False, special=False, preferred=None, reachable=None, opted_out=()):
	choice = choose(planned, high, special, preferred, reachable, frozenset(opted_out))
	return choice.channel, choice.reasons


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_policy_decides_when_nothing_else_does(channel):
	assert pick(channel) == (channel, ())


@pytest.mark.parametrize("preferred", CHANNELS)
def test_the_patient_decides_for_low_and_medium_risk(preferred):
	expected = ("preference",) if preferred != "WeChat" else ()
	assert pick("WeChat", preferred=preferred) == (preferred, expected)


@pytest.mark.parametrize(
	("preferred", "expected"),
	[
		(None, ("Phone", ())),
		("Phone", ("Phone", ())),
		("Home Visit", ("Home Visit", ("preference",))),
		("WeChat", ("Phone", ("human_channel_kept",))),
		("SMS", ("Phone", ("human_channel_kept",))),
		("Email", ("Phone", ("human_channel_kept",))),
		("App Push", ("Phone", ("human_channel_kept",))),
	],
)
def test_for_high_risk_only_a_person_will_do(preferred, expected):
	assert pick("Phone", high=True, preferred=preferred) == expected


@pytest.mark.parametrize("channel", ["WeChat", "SMS", "Email", "App Push"])
def test_a_policy_cannot_give_high_risk_to_a_machine(channel):
	assert pick(channel, high=True) == ("Phone", ("human_channel_kept",))


@pytest.mark.parametrize("high", [True, False])
@pytest.mark.parametrize(
	("preferred", "expected"),
	[
		(None, ("Home Visit", ("special_care",))),
		("Phone", ("Phone", ("preference",))),
		("SMS", ("Home Visit", ("human_channel_kept", "special_care"))),
	],
)
def test_special_care_means_a_visit(high, preferred, expected):
	assert pick("Phone", high=high, special=True, preferred=preferred) == expected


def test_a_wish_for_what_special_care_gives_anyway_is_explained_once():
	assert pick("SMS", special=True, preferred="Home Visit") == ("Home Visit", ("special_care",))


def test_special_care_that_changes_nothing_is_not_named():
	assert pick("Home Visit", special=True) == ("Home Visit", ())
	assert pick("SMS", special=True, preferred="Phone") == ("Phone", ("preference",))


@pytest.mark.parametrize(
	("reachable", "expected"),
	[
		({"Phone", "SMS"}, ("Phone", ("fallback",))),
		({"SMS", "Email", "App Push"}, ("SMS", ("fallback",))),
		({"App Push", "Email"}, ("Email", ("fallback",))),
		({"App Push"}, ("App Push", ("fallback",))),
		({"Home Visit"}, ("Phone", ("no_channel",))),
		((), ("Phone", ("no_channel",))),
	],
)
def test_the_order_of_fallback(reachable, expected):
	assert pick("WeChat", reachable=frozenset(reachable)) == expected


def test_a_preference_that_cannot_be_used_falls_back_by_the_same_order():
	reachable = frozenset({"WeChat", "SMS"})
	assert pick("SMS", preferred="Email", reachable=reachable) == ("WeChat", ("preference", "fallback"))


def test_an_opt_out_is_obeyed_for_high_risk_too():
	assert pick("Phone", high=True, opted_out={"Phone"}) == ("WeChat", ("fallback",))
	assert pick("Phone", high=True, preferred="Email", opted_out={"Phone"}) == ("Email", ("preference",))
	assert pick("Phone", high=True, preferred="Email", opted_out={"Phone", "Email"})[0] == "WeChat"


def test_nobody_is_visited_as_a_fallback():
	assert pick("Phone", high=True, opted_out={"Phone"}, reachable=frozenset({"Home Visit"})) == (
		"Phone",
		("no_channel",),
	)


def test_without_any_channel_a_phone_task_for_a_specialist_remains():
	who = patient(reachable=frozenset())
	(first, *_) = planned("High", "High", who=who).contacts
	assert (first.channel, first.role, first.reasons) == (
		"Phone",
		"Follow-up Specialist",
		("tier_given", "no_channel"),
	)


def test_without_adapters_the_automatic_channels_fall_back_to_a_call():
	who = patient(reachable=frozenset({"Phone", "Home Visit"}))
	contact = planned("Low", "Low", who=who).contacts[0]
	assert (contact.channel, contact.role, contact.reasons[-1]) == (
		"Phone",
		"Follow-up Specialist",
		"fallback",
	)


@given(
	st.sampled_from(CHANNELS),
	st.booleans(),
	st.booleans(),
	st.none() | st.sampled_from(CHANNELS),
	st.none() | st.frozensets(st.sampled_from(CHANNELS)),
	st.frozensets(st.sampled_from(CHANNELS)),
)
def test_what_always_holds(wanted, high, special, preferred, reachable, opted_out):
	choice = choose(wanted, high, special, preferred, reachable, opted_out)
	usable = (ALL if reachable is None else reachable) - opted_out
	if choice.specialist:
		assert (choice.channel, choice.reasons) == ("Phone", ("no_channel",))
		assert not usable - {"Home Visit"}
	else:
		assert choice.channel in usable
		if choice.channel != wanted:
			assert choice.reasons
		if (high or special) and not opted_out and {"Phone", "Home Visit"} <= usable:
			assert choice.channel in ("Phone", "Home Visit")


def test_a_child_is_contacted_through_the_guardian():
	from datetime import date

	settings = config(policy=only_rule(rule(1, "Month", 2, 7)))
	who = patient(date_of_birth=date(2008, 12, 1))
	contacts = planned(who=who, facts=discharge(date(2026, 11, 2)), settings=settings).contacts
	assert [contact.contact_point for contact in contacts] == ["Caregiver", "Patient"]
