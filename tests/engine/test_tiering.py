"""Who decides the risk tier, in which order, and the reason codes (clinical.md §2)."""

from __future__ import annotations

import pytest

from hospital_followup.engine.model import Condition, Policy, TierRule, ValueFacts
from hospital_followup.engine.standard import STANDARD_POLICY
from hospital_followup.engine.tiering import assess
from tests.engine.factories import config, discharge, patient
from tests.engine.test_scores import HOSPITAL_ZERO, LACE_ZERO

HIGH = {"length_of_stay": 14, "emergency_admission": True, "charlson": 3, "ed_visits": 0}


def decide(override=None, value=None, settings=None, **facts):
	return assess(discharge(**facts), patient(), value, override, settings or config())


def rules(*tiers):
	always = (Condition("length_of_stay", ">=", "0"),)
	return tuple(TierRule(f"{tier} rule", always, tier, place) for place, tier in enumerate(tiers))


def test_the_clinician_comes_first_even_to_lower():
	decided = decide("Low", given_risk_tier="High", **HIGH)
	assert (decided.risk_tier, decided.method, decided.risk_reasons) == (
		"Low",
		"Clinician",
		("tier_override",),
	)
	assert decided.computed_risk_tier == "High"


def test_the_given_tier_comes_second_and_the_score_is_still_told():
	decided = decide(given_risk_tier="Low", **HIGH)
	assert (decided.risk_tier, decided.method, decided.risk_reasons) == ("Low", "Given", ("tier_given",))
	assert (decided.score, decided.computed_risk_tier) == (13, "High")


def test_the_score_decides_when_nobody_did():
	decided = decide(**HIGH)
	assert (decided.risk_tier, decided.method, decided.risk_reasons) == ("High", "LACE", ("tier_scored",))
	assert (decided.score, decided.score_low, decided.score_high, decided.incomplete) == (13, 13, 13, ())


@pytest.mark.parametrize(
	("ruled", "tier", "method", "reasons"),
	[
		(("High",), "High", "Rules", ("tier_rule",)),
		(("Low",), "Medium", "LACE", ("tier_scored",)),
		(("Medium",), "Medium", "LACE", ("tier_scored",)),
		(("Low", "High", "Medium"), "High", "Rules", ("tier_rule",)),
	],
)
def test_the_highest_of_rules_and_score(ruled, tier, method, reasons):
	medium = {**LACE_ZERO, "length_of_stay": 7}
	decided = decide(settings=config(tier_rules=rules(*ruled)), **medium)
	assert (decided.risk_tier, decided.method, decided.risk_reasons) == (tier, method, reasons)


def test_matching_rules_are_named_by_priority():
	decided = decide(settings=config(tier_rules=rules("Low", "High")), **LACE_ZERO)
	assert decided.matched_rules == ("High rule", "Low rule")


def test_nothing_known_is_assumed_medium_and_says_so():
	decided = decide()
	assert (decided.risk_tier, decided.value_tier, decided.method) == ("Medium", "Medium", "Assumed")
	assert (decided.risk_reasons, decided.value_reasons) == (("tier_assumed",), ("value_assumed",))
	assert (decided.score, decided.computed_risk_tier) == (None, None)
	assert len(decided.incomplete) == 4


@pytest.mark.parametrize(
	("facts", "tier", "reasons"),
	[
		# Known 10, range 10-19: High at both ends.
		({"length_of_stay": 14, "emergency_admission": True}, "High", ("tier_scored",)),
		# Known 0, range 0-4: Low at both ends.
		({**LACE_ZERO, "ed_visits": None}, "Low", ("tier_scored",)),
		# Known 2, range 2-14: the known part is Low, the setting says Medium.
		({"length_of_stay": 2}, "Medium", ("tier_scored", "tier_incomplete")),
		# Known 9, range 9-18: the known part is Medium like the setting.
		({"length_of_stay": 7, "ed_visits": 4}, "Medium", ("tier_scored", "tier_incomplete")),
	],
)
def test_missing_components(facts, tier, reasons):
	decided = decide(**facts)
	assert (decided.risk_tier, decided.risk_reasons) == (tier, reasons)


@pytest.mark.parametrize(
	("setting", "known", "tier"),
	[
		("High", 2, "High"),
		("Low", 2, "Low"),
		("Low", 7, "Medium"),
		("Medium", 7, "Medium"),
		("High", 7, "High"),
	],
)
def test_the_setting_for_incomplete_scores_never_lowers_the_known_part(setting, known, tier):
	assert decide(settings=config(tier_when_incomplete=setting), length_of_stay=known).risk_tier == tier


def test_a_given_tier_makes_missing_components_harmless():
	decided = decide(given_risk_tier="Low", length_of_stay=2)
	assert decided.risk_reasons == ("tier_given",)
	assert decided.incomplete == ("emergency_admission", "charlson", "ed_visits")


def test_hospital_when_the_settings_ask_for_it():
	decided = decide(settings=config(risk_score="HOSPITAL"), **{**HOSPITAL_ZERO, "admissions_12m": 6})
	assert (decided.method, decided.score, decided.risk_tier) == ("HOSPITAL", 5, "Medium")


def test_the_variant_of_hospital_is_a_setting():
	facts = {**HOSPITAL_ZERO, "admissions_12m": 1, "length_of_stay": 5, "haemoglobin": 9}
	assert decide(settings=config(risk_score="HOSPITAL"), **facts).score == 3
	assert decide(settings=config(risk_score="HOSPITAL", hospital_variant="simplified"), **facts).score == 5


@pytest.mark.parametrize(
	("facts", "method", "tier"),
	[
		# LACE 0 Low, HOSPITAL 7 High.
		({"admissions_12m": 6, "oncology": True}, "HOSPITAL", "High"),
		# LACE 7 Medium, HOSPITAL 2 Low.
		({"length_of_stay": 14}, "LACE", "Medium"),
		# Both Low.
		({}, "LACE", "Low"),
	],
)
def test_the_higher_of_both_scores(facts, method, tier):
	decided = decide(
		settings=config(risk_score="Higher"), **{**LACE_ZERO, **HOSPITAL_ZERO, "length_of_stay": 0, **facts}
	)
	assert (decided.method, decided.risk_tier) == (method, tier)


def test_of_both_scores_one_without_any_fact_does_not_count():
	decided = decide(settings=config(risk_score="Higher"), charlson=0, ed_visits=0)
	assert decided.method == "LACE"
	decided = decide(settings=config(risk_score="Higher"), sodium=140)
	assert decided.method == "HOSPITAL"


@pytest.mark.parametrize(
	("basis", "reason"), [("Given", "value_given"), ("Scored", "value_scored"), ("Assumed", "value_assumed")]
)
def test_the_value_says_where_it_comes_from(basis, reason):
	decided = decide(value=ValueFacts("High", basis), given_risk_tier="Low")
	assert (decided.value_tier, decided.value_reasons) == ("High", (reason,))


@pytest.mark.parametrize(
	("risk", "value", "floor"),
	[("High", "Low", True), ("Medium", "Low", True), ("Low", "Low", False), ("High", "High", False)],
)
def test_the_clinical_floor_is_a_value_reason(risk, value, floor):
	decided = decide(value=ValueFacts(value), given_risk_tier=risk)
	assert ("clinical_floor" in decided.value_reasons) is floor
	assert "clinical_floor" not in decided.risk_reasons


def test_a_tier_can_be_settled_under_a_policy_without_a_rule_for_it():
	only_high = Policy("Partial", 1, STANDARD_POLICY.rules[:3])
	assert decide(settings=config(policy=only_high), given_risk_tier="Low").risk_tier == "Low"
