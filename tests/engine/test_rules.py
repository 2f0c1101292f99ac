"""The hospital's tier rules: what each operator means, and that an unknown fact meets no condition."""

from __future__ import annotations

from datetime import date

import pytest

from hospital_followup.engine.model import Condition, Diagnosis, Procedure, TierRule
from hospital_followup.engine.rules import CONDITION_FIELDS, OPERATORS, check, matches
from tests.engine.factories import discharge, patient

FACTS = discharge(
	date(2026, 3, 1),
	length_of_stay=6,
	charlson=2,
	emergency_admission=True,
	oncology=False,
	department="心内科",
	disposition="Home",
	diagnoses=(Diagnosis("I50.000", "心力衰竭", True), Diagnosis("E11.9", "2型糖尿病")),
	procedures=(Procedure("36.06", "冠状动脉支架植入"),),
)
WHO = patient(sex="Female", date_of_birth=date(1946, 3, 2), special_care=True)


def holds(field, operator, value, facts=FACTS, who=WHO):
	return matches(TierRule("T", (Condition(field, operator, value),), "High"), facts, who)


@pytest.mark.parametrize(
	("field", "operator", "value", "expected"),
	[
		("length_of_stay", ">=", "6", True),
		("length_of_stay", ">", "6", False),
		("length_of_stay", "<", "6.5", True),
		("length_of_stay", "<=", "5", False),
		("charlson", "=", "2", True),
		("charlson", "!=", "2", False),
		# 80 only on the day after the discharge.
		("age", "=", "79", True),
		("emergency_admission", "=", "Yes", True),
		("emergency_admission", "=", "是", True),
		("emergency_admission", "!=", "yes", False),
		("oncology", "=", "No", True),
		("special_care", "=", "1", True),
		("department", "=", "心内科", True),
		("department", "!=", "心内科", False),
		("department", "in", "骨科，心内科", True),
		("department", "contains", "心", True),
		("department", "starts with", "内", False),
		("sex", "=", "female", True),
		("disposition", "in", "Home, Other", True),
		("diagnosis", "starts with", "I50", True),
		("diagnosis", "starts with", "I5, E10", True),
		("diagnosis", "in", "C34, e11.9", True),
		("diagnosis", "in", "C34, C50", False),
		("diagnosis", "contains", "糖尿病", True),
		("diagnosis", "=", "I50.000", True),
		("diagnosis", "=", "I50", False),
		("diagnosis", "=", "心力衰竭", True),
		("diagnosis", "!=", "心力衰竭", False),
		("diagnosis", "!=", "C34", True),
		("procedure", "starts with", "36.0", True),
		("procedure", "contains", "支架", True),
	],
)
def test_conditions(field, operator, value, expected):
	assert holds(field, operator, value) is expected


# Every patient has or has not special care, and an empty disposition means home.
MAY_BE_UNKNOWN = [field for field in CONDITION_FIELDS if field not in ("special_care", "disposition")]


@pytest.mark.parametrize("field", MAY_BE_UNKNOWN)
def test_an_unknown_fact_meets_no_condition(field):
	kind, _ = CONDITION_FIELDS[field]
	value = {"number": "1", "yes_no": "No"}.get(kind, "x")
	for operator in OPERATORS[kind]:
		assert holds(field, operator, value, discharge(), patient()) is False


def test_all_conditions_must_hold():
	old = Condition("age", ">=", "75")
	long = Condition("length_of_stay", ">=", "7")
	assert matches(TierRule("T", (old,), "High"), FACTS, WHO)
	assert not matches(TierRule("T", (old, long), "High"), FACTS, WHO)


def test_a_rule_without_conditions_matches_nobody():
	assert not matches(TierRule("T", (), "High"), FACTS, WHO)
	assert [issue.code for issue in check(TierRule("T", (), "High"))] == ["no_conditions"]


@pytest.mark.parametrize(
	("condition", "field"),
	[
		(Condition("shoe_size", "=", "43"), "field"),
		(Condition("age", "contains", "7"), "operator"),
		(Condition("age", ">", "old"), "value"),
		(Condition("age", ">", "nan"), "value"),
		(Condition("age", ">", "inf"), "value"),
		(Condition("oncology", "=", "maybe"), "value"),
		(Condition("department", "=", " "), "value"),
	],
)
def test_a_broken_condition_is_told_and_matches_nobody(condition, field):
	rule = TierRule("T", (Condition("charlson", ">", "1"), condition), "High")
	(issue,) = check(rule)
	assert (issue.code, issue.condition, issue.field) == ("unknown_value", 2, field)
	assert not matches(rule, FACTS, WHO)


def test_an_unknown_tier_is_told():
	assert [issue.field for issue in check(TierRule("T", (Condition("age", ">", "1"),), "Extreme"))] == [
		"risk_tier"
	]
