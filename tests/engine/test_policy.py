"""The nine cells, the clinical floor, and what makes a policy unusable (clinical.md §1)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import hospital_followup
from hospital_followup.engine.model import RISK_TIERS, VALUE_TIERS, Policy, PolicyRule
from hospital_followup.engine.policy import NoRule, cell, check
from hospital_followup.engine.standard import STANDARD_POLICY
from tests.engine.factories import rule

# risk, value, every, unit, contacts, first contact, responsible, channel, floor: the table of clinical.md §1.
MATRIX = [
	("High", "High", 1, "Week", 4, 2, "Follow-up Doctor", "Phone", False),
	("High", "Medium", 1, "Week", 2, 2, "Follow-up Doctor", "Phone", False),
	("High", "Low", 1, "Week", 2, 2, "Follow-up Doctor", "Phone", True),
	("Medium", "High", 2, "Week", 2, 3, "Follow-up Specialist", "Phone", False),
	("Medium", "Medium", 2, "Week", 1, 3, "Follow-up Specialist", "WeChat", False),
	("Medium", "Low", 2, "Week", 1, 3, "Follow-up Specialist", "WeChat", True),
	("Low", "High", 1, "Month", 3, 7, "Follow-up Specialist", "Phone", False),
	("Low", "Medium", 1, "Month", 2, 7, "Follow-up Specialist", "WeChat", False),
	("Low", "Low", 1, "Month", 1, 7, "Follow-up Specialist", "SMS", False),
]


def policy(*rules):
	return Policy("Test", 1, rules)


@pytest.mark.parametrize(
	("risk", "value", "every", "unit", "contacts", "first", "role", "channel", "floor"), MATRIX
)
def test_the_standard_matrix(risk, value, every, unit, contacts, first, role, channel, floor):
	row, by_floor = cell(STANDARD_POLICY, risk, value)
	assert (row.interval, row.interval_unit, row.contacts, row.first_contact_day) == (
		every,
		unit,
		contacts,
		first,
	)
	assert (row.role, row.channel, by_floor) == (role, channel, floor)


def test_the_standard_policy_has_nine_cells_and_nothing_wrong():
	assert len(STANDARD_POLICY.rules) == 9
	assert check(STANDARD_POLICY) == ()


def test_what_a_site_is_seeded_with_is_what_the_preview_uses():
	seeded = json.loads(
		(Path(hospital_followup.__file__).parent / "seed" / "policy.json").read_text(encoding="utf-8")
	)
	rows = [{"clinical_floor": False, **row, "topics": tuple(row["topics"])} for row in seeded.pop("rules")]
	assert seeded == {"title": STANDARD_POLICY.title, "version": STANDARD_POLICY.version}
	assert tuple(PolicyRule(**row) for row in rows) == STANDARD_POLICY.rules


def test_a_cell_filled_by_the_floor_is_no_less_than_the_one_above():
	for row in STANDARD_POLICY.rules:
		if row.clinical_floor:
			above, _ = cell(STANDARD_POLICY, row.risk_tier, "Medium")
			assert replace(row, value_tier="Medium", clinical_floor=False) == above


@pytest.mark.parametrize(
	("present", "asked", "taken"),
	[
		(("High", "Medium"), "Low", "Medium"),
		(("High",), "Low", "High"),
		(("High",), "Medium", "High"),
		(("High", "Low"), "Medium", "High"),
		(("Low",), "Medium", "Low"),
		(("Low",), "High", "Low"),
		(("Medium", "Low"), "High", "Medium"),
	],
)
def test_a_hole_takes_the_next_higher_value_and_never_less_than_a_lower_one(present, asked, taken):
	row, by_floor = cell(policy(*(rule(value=value) for value in present)), "Medium", asked)
	assert (row.value_tier, by_floor) == (taken, True)


def test_a_row_of_its_own_is_not_the_floor():
	assert cell(policy(rule(value="Low")), "Medium", "Low")[1] is False


def test_a_risk_tier_without_any_row():
	with pytest.raises(NoRule) as refused:
		cell(policy(rule(risk="High")), "Low", "Low")
	assert refused.value.risk_tier == "Low"


def issues(*rules, code=None):
	return [issue for issue in check(policy(*rules)) if code in (None, issue.code)]


def test_an_empty_policy():
	assert [issue.code for issue in issues()] == ["no_rules"]


def test_every_hole_is_told_and_whether_the_floor_fills_it():
	found = issues(rule(risk="High", value="Medium"), code="hole")
	assert len(found) == 8
	assert {(i.risk_tier, i.value_tier) for i in found if i.filled} == {("High", "High"), ("High", "Low")}


def test_overlapping_rows_are_told_with_the_later_one():
	(issue,) = issues(rule(), rule(value="Low"), rule(), code="overlap")
	assert (issue.rule, issue.risk_tier, issue.value_tier) == (3, "Medium", "Medium")


@pytest.mark.parametrize(
	("interval", "unit", "latest"),
	[(1, "Day", 1), (3, "Day", 3), (1, "Week", 7), (2, "Week", 14), (1, "Month", 28), (3, "Month", 84)],
)
def test_the_first_contact_lies_inside_the_first_interval(interval, unit, latest):
	assert (
		issues(rule(interval, unit, 1, 1), rule(interval, unit, 1, latest, value="Low"), code="out_of_range")
		== []
	)
	for day in (0, -1, latest + 1):
		(issue,) = issues(rule(interval, unit, 1, day), code="out_of_range")
		assert (issue.rule, issue.field, issue.expected) == (1, "first_contact_day", f"1-{latest}")


@pytest.mark.parametrize(
	("field", "value"),
	[("contacts", 0), ("contacts", -3), ("contacts", 367), ("interval", 0), ("interval", 367)],
)
def test_numbers_out_of_range(field, value):
	found = issues(replace(rule(), **{field: value}), code="out_of_range")
	assert [(issue.rule, issue.field) for issue in found] == [(1, field)]


@pytest.mark.parametrize("field", ["risk_tier", "value_tier", "interval_unit", "channel", "role"])
def test_unknown_names(field):
	found = issues(replace(rule(), **{field: "Nonsense"}), code="unknown_value")
	assert [(issue.rule, issue.field, issue.value) for issue in found] == [(1, field, "Nonsense")]


def test_a_higher_value_with_fewer_contacts_is_told():
	(issue,) = issues(
		rule(contacts=1, value="High"), rule(contacts=2), rule(contacts=2, value="Low"), code="value_removes"
	)
	assert (issue.risk_tier, issue.value_tier, issue.value, issue.expected) == ("Medium", "High", "1", "2")


def test_every_cell_of_every_pair_of_tiers_has_a_rule_in_the_standard():
	for risk in RISK_TIERS:
		for value in VALUE_TIERS:
			assert cell(STANDARD_POLICY, risk, value)[0].risk_tier == risk
