"""Indicators are made of measures, and measures add up (clinical.md §6)."""

from __future__ import annotations

from dataclasses import fields

import pytest

from hospital_followup.engine.metrics import (
	FAMILY_OF,
	INDICATORS,
	MEASURES,
	Counts,
	total,
	value,
)


def test_counts_have_a_field_for_each_measure() -> None:
	assert tuple(field.name for field in fields(Counts)) == MEASURES


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_is_made_of_measures(name: str) -> None:
	assert set(INDICATORS[name].measures) <= set(MEASURES)
	assert INDICATORS[name].name == name


@pytest.mark.parametrize(
	("name", "counts", "expected"),
	[
		("completion_rate", Counts(planned=8, completed=6), 75.0),
		("timeliness", Counts(planned=8, completed=6, completed_in_window=4), 50.0),
		("coverage", Counts(discharges=5, discharges_covered=5), 100.0),
		("satisfaction", Counts(satisfaction_count=4, satisfaction_sum=18), 4.5),
		("satisfaction_share", Counts(satisfaction_count=4, satisfaction_good=3), 75.0),
		("nps", Counts(recommend_count=10, promoters=2, detractors=7), -50.0),
		("readmission_rate", Counts(discharges=20, readmissions=3), 15.0),
		("completion_rate", Counts(), None),
		("coverage", Counts(discharges=None, discharges_covered=None), None),
		("nps", Counts(recommend_count=1, promoters=1, detractors=None), None),
	],
)
def test_the_value_of(name: str, counts: Counts, expected: float | None) -> None:
	assert value(name, counts) == expected


def test_counts_add_up_measure_by_measure() -> None:
	days = [Counts(planned=3, completed=1), Counts(planned=1, completed=1, alerts=2)]
	assert total(days) == Counts(planned=4, completed=2, alerts=2)
	assert value("completion_rate", total(days)) == 50.0  # not the mean of 33 and 100


def test_what_is_unknown_once_stays_unknown() -> None:
	together = Counts(alerts=3) + Counts(alerts=None)
	assert together.alerts is None


def test_a_family_is_forgotten_as_a_whole() -> None:
	counts = Counts(**dict.fromkeys(MEASURES, 1)).without(["revisits"])
	assert {name for name in MEASURES if counts.get(name) is None} == {
		name for name in MEASURES if FAMILY_OF[name] == "revisits"
	}
