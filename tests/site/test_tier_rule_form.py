"""A tier rule asks about facts that exist, with comparisons that fit them."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.engine.rules import CONDITION_FIELDS, OPERATORS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.tests.drafts import new


def rule(*conditions: tuple[str, str, str], **values: object) -> frappe.model.document.Document:
	rows = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
	return new("Tier Rule", **{"title": "Frail", "risk_tier": "High", "conditions": rows, **values})


def test_a_sensible_rule_is_kept_switched_off() -> None:
	doc = rule(
		("age", ">=", "80"), ("special_care", "=", "是"), ("diagnosis", "starts with", "I50, 心衰")
	).insert()
	assert (doc.name, doc.enabled) == ("Frail", 0)


@pytest.mark.parametrize(
	("condition", "sentence"),
	[
		(("age", "contains", "80"), "Row 2: age cannot be compared with “contains”"),
		(("age", ">=", "old"), "Row 2: “old” does not fit age. Enter a number"),
		(("special_care", "=", "maybe"), "Row 2: “maybe” does not fit special_care. Enter Yes or No"),
		(("diagnosis", "=", " "), "Row 2: enter what diagnosis is compared with"),
	],
)
def test_a_condition_that_can_never_hold_is_named(condition: tuple[str, str, str], sentence: str) -> None:
	with pytest.raises(InvalidValueError, match=sentence):
		rule(("age", ">", "64"), condition).insert()


@pytest.mark.parametrize("conditions", [(), (("weather", "=", "rain"),), (("age", "~", "80"),)])
def test_empty_rules_and_unknown_choices_are_refused(conditions: tuple[tuple[str, str, str], ...]) -> None:
	with pytest.raises(frappe.ValidationError):
		rule(*conditions).insert()


def test_the_form_offers_what_the_engine_understands() -> None:
	meta = frappe.get_meta("Tier Rule Condition")
	assert meta.get_options("field").split("\n") == list(CONDITION_FIELDS)
	offered = {operator for operators in OPERATORS.values() for operator in operators}
	assert set(meta.get_options("operator").split("\n")) == offered
