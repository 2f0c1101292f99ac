"""Two groups compared, against published examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.uplift import (
	ENOUGH,
	HIGHER,
	LOWER,
	NOT_SHOWN,
	TOO_FEW,
	Proportion,
	difference,
	ratio,
	uplift,
	wilson,
)

#: Newcombe, Stat Med 1998;17:857-872, Table I, method 3.
SINGLE = [
	((81, 263), (0.2553, 0.3662)),
	((15, 148), (0.0624, 0.1605)),
	((0, 20), (0.0000, 0.1611)),
	((1, 29), (0.0061, 0.1718)),
]
#: Newcombe, Stat Med 1998;17:873-890, Table II, method 10.
DIFFERENCES = [
	((56, 70), (48, 80), (0.0524, 0.3339)),
	((9, 10), (3, 10), (0.1705, 0.8090)),
	((6, 7), (2, 7), (0.0582, 0.8062)),
	((5, 56), (0, 29), (-0.0381, 0.1926)),
	((0, 10), (0, 20), (-0.1611, 0.2775)),
	((0, 10), (0, 10), (-0.2775, 0.2775)),
	((10, 10), (0, 20), (0.6791, 1.0000)),
	((10, 10), (0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("counts", "limits"), SINGLE)
def test_wilsons_interval_as_published(counts, limits):
	found = wilson(Proportion(*counts))
	assert (found.low, found.high) == pytest.approx(limits, abs=5e-5)


@pytest.mark.parametrize(("treated", "control", "limits"), DIFFERENCES)
def test_newcombes_interval_as_published(treated, control, limits):
	found = difference(Proportion(*treated), Proportion(*control))
	assert (found.low, found.high) == pytest.approx(limits, abs=5e-5)
	assert found.value == pytest.approx(treated[0] / treated[1] - control[0] / control[1])


def test_the_risk_ratio_of_the_physicians_health_study():
	"""Heart attacks under placebo and aspirin: 1.82, 1.43 to 2.30 (Agresti, Categorical Data Analysis, 2.1.4)."""
	found = ratio(Proportion(189, 11034), Proportion(104, 11037))
	assert (found.value, found.low, found.high) == pytest.approx((1.82, 1.43, 2.30), abs=0.006)


@pytest.mark.parametrize(
	("treated", "control", "verdict"),
	[
		((20, 29), (5, 300), TOO_FEW),
		((200, 300), (5, 29), TOO_FEW),
		((0, 0), (0, 0), TOO_FEW),
		((24, 30), (12, 30), HIGHER),
		((12, 30), (24, 30), LOWER),
		((16, 30), (14, 30), NOT_SHOWN),
	],
)
def test_the_verdict_speaks_from_thirty_patients_a_group_on(treated, control, verdict):
	assert uplift(Proportion(*treated), Proportion(*control)).verdict == verdict


def test_an_empty_group_gives_no_number():
	found = uplift(Proportion(0, 0), Proportion(4, 40))
	assert (found.difference, found.ratio, found.treated.share) == (None, None, None)


def test_no_ratio_to_a_group_without_events():
	assert ratio(Proportion(3, 40), Proportion(0, 40)) is None


@pytest.mark.parametrize("counts", [(-1, 5), (6, 5)])
def test_more_events_than_patients_are_refused(counts):
	with pytest.raises(ValueError):
		Proportion(*counts)


groups = st.integers(1, 400).flatmap(
	lambda total: st.builds(Proportion, st.integers(0, total), st.just(total))
)


@given(groups, groups)
def test_every_interval_holds_its_estimate_and_stays_possible(treated, control):
	found = difference(treated, control)
	assert -1 <= found.low <= found.value <= found.high <= 1
	for one in (treated, control):
		single = wilson(one)
		assert 0 <= single.low <= single.value <= single.high <= 1


@given(groups, groups)
def test_changing_places_changes_the_sign(treated, control):
	found, turned = difference(treated, control), difference(control, treated)
	assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@given(groups, groups, st.integers(2, 20))
def test_more_patients_of_the_same_kind_make_the_interval_narrower(treated, control, times):
	def grown(one):
		return Proportion(one.events * times, one.total * times)

	found, larger = difference(treated, control), difference(grown(treated), grown(control))
	assert larger.high - larger.low < found.high - found.low


@given(groups)
def test_a_group_is_never_shown_to_differ_from_itself(one):
	assert uplift(one, one).verdict in (TOO_FEW, NOT_SHOWN)
	assert (uplift(one, one).verdict == TOO_FEW) == (one.total < ENOUGH)
