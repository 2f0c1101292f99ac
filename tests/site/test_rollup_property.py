"""Whatever happens to patients, in whatever order: the roll-up holds exactly what a recount of the records says."""

from __future__ import annotations

import random
from typing import Any

import frappe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital_followup.services import figure_marks, figures
from hospital_followup.services.figures import Scope
from hospital_followup.tests import factories
from tests.support.hospital_events import DEPARTMENTS, EVENTS, Hospital
from tests.support.rolled_up import differences, roll_up

#: Somebody has to be there before anything can happen.
FIRST = ("discharged", "discharged", "discharged", "time_passes")
STEPS = st.lists(st.sampled_from(sorted(EVENTS)), min_size=8, max_size=30)


@pytest.fixture(autouse=True)
def hospital(site: Any) -> None:
	factories.standard_policy()
	for name in DEPARTMENTS:
		factories.department(name)


@given(steps=STEPS, seed=st.integers(0, 2**32), rolled=st.sets(st.integers(0, 30), max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_roll_up_equals_recount(steps: list[str], seed: int, rolled: set[int]) -> None:
	frappe.db.savepoint("example")
	try:
		hospital = Hospital(random.Random(seed))
		for number, step in enumerate([*FIRST, *steps]):
			hospital.let(step)
			if number in rolled:
				roll_up()
				assert differences() == []
		check(hospital)  # before the dispatcher has come
		roll_up()
		assert differences() == []
		assert not figure_marks.pending(hospital.start, hospital.end)
		check(hospital)
	finally:
		frappe.db.rollback(save_point="example")
		figure_marks.forget()


def check(hospital: Hospital) -> None:
	"""Both ways of counting agree in every dimension."""
	scope = Scope(hospital.start, hospital.end)
	assert figures.totals(scope) == figures.recount(scope)
	for dimensions in (("date",), ("department",), ("staff", "risk_tier"), ("channel", "month")):
		assert figures.by(scope, *dimensions) == figures.recount_by(scope, *dimensions)
