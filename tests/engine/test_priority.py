"""Priority = risk x lateness x reason, 1 first (product.md, rules.md)."""

from __future__ import annotations

from itertools import product

import pytest

from hospital_followup.engine.model import RISK_TIERS
from hospital_followup.engine.priority import LEAST_URGENT, priority
from tests.engine.factories import MONDAY, after

DUE, LAST = after(MONDAY, 3), after(MONDAY, 10)


def number(risk="Medium", kind="Planned", days=3, first=False):
	return priority(risk, kind, DUE, LAST, after(MONDAY, days), first)


def test_higher_risk_comes_first():
	assert number("High") < number("Medium") < number("Low")


def test_the_later_the_more_urgent():
	assert number(days=10) == number(days=11) < number(days=5) < number(days=3) < number(days=1)


def test_alerts_before_callbacks_before_first_contacts_before_the_rest():
	assert (
		number(kind="Alert")
		< number(kind="Callback")
		< number(first=True)
		< number()
		== number(kind="Revisit")
	)


def test_every_number_is_between_one_and_the_least_urgent():
	everything = product(RISK_TIERS, ("Planned", "Callback", "Alert", "Revisit"), range(12), (True, False))
	numbers = {number(*case) for case in everything}
	assert min(numbers) == 1
	assert max(numbers) == LEAST_URGENT


@pytest.mark.parametrize(("risk", "kind"), [("", "Planned"), ("Low", "Something New"), (None, "Planned")])
def test_unknown_names_count_least(risk, kind):
	assert number(risk, kind) == number("Low", "Planned")
