"""Who may be held out of automatic contacts, and that the lot is fair, fixed and never falls on anybody at risk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.holdout import (
	FOLLOWED_UP,
	HELD_OUT,
	HOLD_OUT,
	MAX_PERCENT,
	HoldOut,
	Standing,
	is_drawn,
	with_hold_out,
)
from hospital_followup.engine.model import RISK_TIERS, VALUE_TIERS, PlanDecision
from tests.engine import factories

MESSAGES = frozenset({"SMS", "WeChat"})
DRAW = HoldOut(20, factories.MONDAY, "salt", MESSAGES)


def decide(risk="Low", value="Low", *, draw=DRAW, key=None, who=None, facts=None, decided=None, **standing):
	who, facts = who or factories.patient(), facts or factories.discharge()
	decided = decided or factories.planned(risk, value, facts.discharge_date, who=who, facts=facts)
	tier = factories.tier(risk, value)
	return with_hold_out(decided, facts, who, tier, Standing(key or drawn(), **standing), draw)


def drawn(draw=DRAW):
	return next(key for key in map(str, range(1000)) if is_drawn(draw, key))


def spared(draw=DRAW):
	return next(key for key in map(str, range(1000)) if not is_drawn(draw, key))


@pytest.mark.parametrize("risk", RISK_TIERS)
@pytest.mark.parametrize("value", VALUE_TIERS)
def test_only_low_risk_with_nothing_but_messages_is_drawn(risk, value):
	decided, group = decide(risk, value)
	automatic = risk == "Low" and value != "High"  # the matrix: Low x Medium by WeChat, Low x Low by SMS
	assert group == (HELD_OUT if automatic else None)
	assert (decided.decision, decided.reason) == (("Excluded", HOLD_OUT) if automatic else ("Planned", None))


def test_whom_the_lot_spares_is_followed_up_and_compared():
	decided, group = decide(key=spared())
	assert (decided.decision, group) == ("Planned", FOLLOWED_UP)


@pytest.mark.parametrize(
	"change",
	[
		{"who": factories.patient(special_care=True)},
		{"who": factories.patient(preferred_channel="Phone")},
		{"who": factories.patient(reachable=frozenset({"Phone"}))},
		{"facts": factories.discharge(disposition="Against Advice")},
		{"facts": factories.discharge(factories.MONDAY - timedelta(days=1))},
		{"draw": replace(DRAW, percent=0)},
		{"draw": replace(DRAW, automatic=frozenset())},
		{"draw": replace(DRAW, automatic=frozenset({"WeChat"}))},
		{"in_follow_up": True},
	],
)
def test_nobody_else_is_drawn(change):
	decided, group = decide(**change)
	assert (decided.decision, group) == ("Planned", None)


@pytest.mark.parametrize("percent", [1, 50, 100])
def test_at_most_every_fifth_is_held_out_whatever_the_setting_says(percent):
	draw = replace(DRAW, percent=percent)
	share = sum(is_drawn(draw, f"D{number}") for number in range(20_000)) / 200
	assert share == pytest.approx(min(percent, MAX_PERCENT), abs=1)


@pytest.mark.parametrize(
	("risk", "change"),
	[
		("Medium", {}),
		("High", {}),
		("Low", {"who": factories.patient(special_care=True)}),
		("Low", {"who": factories.patient(preferred_channel="Phone")}),
		("Low", {"released": True}),
	],
)
def test_who_is_held_out_is_followed_up_as_soon_as_it_may_not_be_and_stays_in_the_group(risk, change):
	decided, group = decide(risk, group=HELD_OUT, **change)
	assert (decided.decision, group) == ("Planned", HELD_OUT)


@pytest.mark.parametrize("percent", [0, 20])
def test_a_group_once_drawn_is_drawn_for_good(percent):
	draw = replace(DRAW, percent=percent)
	assert decide(draw=draw, key=spared(), group=HELD_OUT)[0].reason == HOLD_OUT
	assert decide(draw=draw, key=drawn(), group=FOLLOWED_UP)[0].decision == "Planned"


def test_who_was_held_out_is_not_missed_when_the_windows_are_gone():
	decided, _group = decide(group=HELD_OUT, decided=PlanDecision("Missed", "windows_gone"))
	assert (decided.decision, decided.reason) == ("Excluded", HOLD_OUT)


def test_windows_that_are_gone_at_once_are_no_comparison():
	assert decide(decided=PlanDecision("Missed", "windows_gone"))[1] is None


@pytest.mark.parametrize("reason", ["deceased", "withdrawn", "readmitted"])
def test_another_exclusion_keeps_its_own_reason(reason):
	decided, group = decide(decided=PlanDecision("Excluded", reason), group=HELD_OUT)
	assert (decided.reason, group) == (reason, HELD_OUT)


@given(st.text(), st.text(), st.integers(0, MAX_PERCENT), st.integers(0, MAX_PERCENT))
def test_the_lot_is_fixed_and_a_larger_share_only_adds(salt, key, one, other):
	small, large = (replace(DRAW, salt=salt, percent=percent) for percent in sorted((one, other)))
	assert is_drawn(small, key) == is_drawn(small, key)
	assert not is_drawn(small, key) or is_drawn(large, key)


@given(
	st.sampled_from(RISK_TIERS),
	st.sampled_from(VALUE_TIERS),
	st.booleans(),
	st.integers(0, 100),
	st.sampled_from([None, HELD_OUT, FOLLOWED_UP]),
	st.text(max_size=8),
)
def test_whatever_is_set_nobody_at_risk_or_in_special_care_goes_without(
	risk, value, special, percent, group, key
):
	who = factories.patient(special_care=special)
	decided, _group = decide(risk, value, who=who, draw=replace(DRAW, percent=percent), key=key, group=group)
	assert decided.reason != HOLD_OUT or (risk == "Low" and not special)
