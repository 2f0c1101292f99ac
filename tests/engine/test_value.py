"""RFM: nearest-rank quintiles, tiers, and when there is too little to go by (clinical.md §3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.value import ValueCuts, ValueFigures, cut_points, cuts_of, score_value

TWENTY = [ValueFigures(recency_days=10 * n, visits=n, spend=100 * n) for n in range(1, 21)]


@pytest.mark.parametrize(
	("values", "cuts"),
	[
		(range(1, 11), (2, 4, 6, 8)),
		(range(1, 21), (4, 8, 12, 16)),
		(range(1, 8), (2, 3, 5, 6)),
		([5], (5, 5, 5, 5)),
		([3, 1, 2], (1, 2, 2, 3)),
		([], ()),
	],
)
def test_cut_points_are_nearest_rank(values, cuts):
	assert cut_points(values) == cuts


@given(st.lists(st.integers(0, 50), min_size=1))
def test_a_cut_point_leaves_its_share_at_or_below_it(values):
	for fifth, cut in zip((1, 2, 3, 4), cut_points(values), strict=True):
		at_or_below = sum(value <= cut for value in values)
		below = sum(value < cut for value in values)
		assert below * 5 < len(values) * fifth <= at_or_below * 5


@pytest.mark.parametrize(("spend", "score"), [(399, 1), (400, 1), (401, 2), (1600, 4), (1601, 5), (10**9, 5)])
def test_a_score_is_one_more_than_the_cut_points_strictly_below(spend, score):
	assert score_value(ValueFigures(visits=2, spend=spend), cuts_of(TWENTY)).monetary == score


@pytest.mark.parametrize(("days", "score"), [(1, 5), (40, 5), (41, 4), (161, 1)])
def test_recency_is_reversed(days, score):
	facts = score_value(ValueFigures(recency_days=days, visits=2, spend=1), cuts_of(TWENTY))
	assert facts.recency == score


@pytest.mark.parametrize(
	("recency", "visits", "spend", "total", "tier"),
	[
		(1, 9, 900, 11, "Medium"),
		(1, 13, 900, 12, "High"),
		(200, 5, 500, 5, "Low"),
		(200, 9, 500, 6, "Low"),
		(200, 9, 900, 7, "Medium"),
	],
)
def test_three_scores_make_a_tier(recency, visits, spend, total, tier):
	facts = score_value(ValueFigures(recency, visits, spend), cuts_of(TWENTY))
	assert (facts.score, facts.value_tier, facts.basis) == (total, tier, "Scored")


@pytest.mark.parametrize(
	("visits", "spend", "total", "tier"),
	[
		(2, 401, 3, "Low"),
		(9, 100, 4, "Low"),
		(9, 401, 5, "Medium"),
		(13, 900, 7, "Medium"),
		(13, 1300, 8, "High"),
	],
)
def test_without_recency_two_scores_make_a_tier(visits, spend, total, tier):
	facts = score_value(ValueFigures(visits=visits, spend=spend), cuts_of(TWENTY))
	assert (facts.score, facts.value_tier, facts.recency) == (total, tier, None)


def test_fewer_than_two_visits_is_medium():
	facts = score_value(ValueFigures(recency_days=1, visits=1, spend=10**6), cuts_of(TWENTY))
	assert (facts.value_tier, facts.basis, facts.score) == ("Medium", "Assumed", None)


def test_no_quintiles_from_nineteen_patients():
	assert score_value(ValueFigures(visits=20, spend=2000), cuts_of(TWENTY)).basis == "Scored"
	facts = score_value(ValueFigures(visits=20, spend=2000), cuts_of(TWENTY[1:]))
	assert (facts.value_tier, facts.basis) == ("Medium", "Assumed")


def test_only_patients_with_both_figures_count():
	halves = [ValueFigures(visits=3), ValueFigures(spend=3), ValueFigures(recency_days=3)]
	assert cuts_of([*TWENTY, *halves]) == cuts_of(TWENTY)
	assert cuts_of(halves) == ValueCuts((), (), (), 0)


@pytest.mark.parametrize("figures", [ValueFigures(), ValueFigures(visits=5), ValueFigures(spend=5.0)])
def test_an_unknown_figure_is_never_taken_as_nothing(figures):
	assert score_value(figures, cuts_of(TWENTY)).basis == "Assumed"
	assert score_value(figures, None).value_tier == "Medium"
