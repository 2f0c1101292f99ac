"""The Charlson proposal: Quan's codes with LACE's weights (clinical.md §2)."""

from __future__ import annotations

import pytest

from hospital_followup.engine.charlson import CONDITIONS, SUPPRESSES, condition_of, propose

WEIGHTS = {
	"I21.9": 1,
	"I25.2": 1,
	"I63.900": 1,
	"G45.9": 1,
	"I73.9": 1,
	"E11.9": 1,
	"E11.900x001": 1,
	"I50.0": 2,
	"I11.0": 2,
	"E11.2": 2,
	"J44.1": 2,
	"B18.1": 2,
	"K74.6": 2,
	"N18.1": 2,
	"N03.2": 2,
	"C34.9": 2,
	"C91.0": 2,
	"F01.9": 3,
	"G30.9": 3,
	"M32.1": 3,
	"K72.9": 4,
	"I85.0": 4,
	"N18.5": 4,
	"N18.9": 4,
	"Z99.2": 4,
	"B20": 4,
	"C78.0": 6,
}


@pytest.mark.parametrize(("code", "weight"), WEIGHTS.items())
def test_weight_of_a_code(code, weight):
	assert propose([code]).score == weight


@pytest.mark.parametrize(
	"code", ["", "Z48.0", "K25.0", "G81.9", "I10", "C44.9", "K80.201", "胆囊结石", "I25.1", "I42.1"]
)
def test_codes_without_weight(code):
	assert propose([code]).score == 0


def test_dots_case_and_extensions_do_not_matter():
	assert (
		condition_of("i25.200") == condition_of("I252") == condition_of(" I25.2+ ") == "myocardial_infarction"
	)


def test_a_condition_counts_once():
	assert propose(["I21.0", "I22.1", "I21.9"]).score == 1


@pytest.mark.parametrize(
	("codes", "score"),
	[(["E11.9", "E11.2"], 2), (["K74.6", "K72.9"], 4), (["N18.1", "N18.5"], 4), (["C34.9", "C78.0"], 6)],
)
def test_the_severe_form_suppresses_the_mild_one_of_the_same_organ(codes, score):
	assert propose(codes).score == score
	assert propose(codes[::-1]).score == score


def test_different_organs_add_up_and_the_heaviest_comes_first():
	proposal = propose(["E11.9", "I50.0", "F00.0"])
	assert proposal.score == 6
	assert [(name, weight) for name, weight, _ in proposal.conditions] == [
		("dementia", 3),
		("congestive_heart_failure", 2),
		("diabetes", 1),
	]
	assert proposal.conditions[0][2] == "F00.0"


def test_no_prefix_belongs_to_two_conditions():
	prefixes = [prefix for _, prefixes in CONDITIONS.values() for prefix in prefixes]
	assert len(prefixes) == len(set(prefixes))
	assert all(len(prefix) in (3, 4) for prefix in prefixes)


def test_only_known_conditions_suppress_and_always_a_lighter_one():
	for severe, mild in SUPPRESSES.items():
		assert CONDITIONS[severe][0] > CONDITIONS[mild][0]
