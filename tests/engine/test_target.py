"""The target band of a question, read off its thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.questions import NUMBER, TEXT, Question
from hospital_followup.engine.target import Band, flag_of, target_of


def question(amber_if: str = "", red_if: str = "", **fields) -> Question:
	return Question(
		"systolic", answer_type=fields.pop("answer_type", NUMBER), amber_if=amber_if, red_if=red_if, **fields
	)


@pytest.mark.parametrize(
	("amber_if", "red_if", "band"),
	[
		(">= 140", ">= 180", Band(None, 140, True, False)),
		("> 140", "", Band(None, 140, True, True)),
		(">= 140 or < 90", ">= 180 or < 80", Band(90, 140, True, False)),
		("", "< 3.9 or > 16.7", Band(3.9, 16.7, True, True)),
		("systolic >= 140 and fever = yes", ">= 180", Band(None, 180, True, False)),
		("not (>= 90 and <= 140)", "", Band(90, 140, True, True)),
		("in (1, 2)", "", Band(None, 1, True, False)),
	],
)
def test_it_is_what_raises_no_flag(amber_if, red_if, band) -> None:
	found = target_of(question(amber_if, red_if))
	assert (found.low, found.high) == (band.low, band.high)
	assert band.low is None or found.low_included == band.low_included
	assert band.high is None or found.high_included == band.high_included


@pytest.mark.parametrize(
	("amber_if", "red_if", "answer_type"),
	[
		("", "", NUMBER),
		("fever = yes", "", NUMBER),
		(">= 0 or < 0", "", NUMBER),
		("> (", "", NUMBER),
		("yes", "", TEXT),
	],
)
def test_without_thresholds_of_its_own_there_is_none(amber_if, red_if, answer_type) -> None:
	assert target_of(question(amber_if, red_if, answer_type=answer_type)) is None


def test_a_limit_of_the_answer_decides_which_of_two_stretches_is_wider() -> None:
	found = target_of(question("= 5", minimum=0, maximum=100))
	assert (found.low, found.high, found.low_included) == (5, None, False)


@given(st.floats(-50, 300), st.floats(-50, 300), st.floats(-100, 400))
def test_no_answer_inside_the_band_has_a_flag(low, high, number) -> None:
	asked = question(f"< {low:.2f} or > {high:.2f}")
	band = target_of(asked)
	if band is None:
		return
	over = band.low is None or number > band.low
	under = band.high is None or number < band.high
	if over and under:
		assert flag_of(asked, number) is None
