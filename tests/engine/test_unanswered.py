"""What follows a message that nobody answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.unanswered import Silence, step

SENT = date(2026, 3, 2)
LIMIT = 3


def day(number: int) -> date:
	return SENT + timedelta(days=number)


def story(silence: Silence, limit: int = LIMIT) -> list[tuple[int, str]]:
	"""What happens on which day after the message, when everything that is due is done at once."""
	told = []
	for number in range(1, 30):
		due = step(silence, day(number), limit)
		if due:
			told.append((number, due))
		if due == "ask":
			silence = Silence(silence.sent_on, silence.expires_on, silence.in_a_row, day(number))
		elif due:
			break
	return told


@pytest.mark.parametrize(
	("window", "in_a_row", "limit", "expected"),
	[
		(10, 1, LIMIT, [(11, "missed")]),
		(10, 2, LIMIT, [(11, "missed")]),
		(10, 3, LIMIT, [(3, "ask"), (5, "call")]),
		(10, 4, LIMIT, [(3, "ask"), (5, "call")]),
		(10, 1, 1, [(3, "ask"), (5, "call")]),
		(10, 9, 0, [(11, "missed")]),
		(3, 3, LIMIT, [(2, "ask"), (3, "call")]),
		(2, 3, LIMIT, [(1, "ask"), (2, "call")]),
		(1, 3, LIMIT, [(1, "call")]),
		(0, 3, LIMIT, [(1, "missed")]),
		(None, 3, LIMIT, [(3, "ask"), (5, "call")]),
		(None, 1, LIMIT, []),
	],
)
def test_the_story_of_a_silence(
	window: int | None, in_a_row: int, limit: int, expected: list[tuple[int, str]]
) -> None:
	until = None if window is None else day(window)
	assert story(Silence(SENT, until, in_a_row), limit) == expected


def test_after_an_outage_what_is_due_is_done_and_what_is_too_late_is_missed() -> None:
	late = Silence(SENT, day(10), LIMIT)
	assert step(late, day(9), LIMIT) == "ask"
	assert step(late, day(10), LIMIT) == "call"
	assert step(late, day(11), LIMIT) == "missed"


@given(
	window=st.none() | st.integers(0, 60),
	in_a_row=st.integers(1, 10),
	limit=st.integers(0, 5),
	runs=st.lists(st.integers(0, 80), unique=True).map(sorted),
)
def test_whenever_the_jobs_run_a_patient_is_asked_once_and_called_inside_the_window(
	window: int | None, in_a_row: int, limit: int, runs: list[int]
) -> None:
	silence = Silence(SENT, None if window is None else day(window), in_a_row)
	told: list[str] = []
	for number in runs:
		due = step(silence, day(number), limit)
		if due is None:
			continue
		told.append(due)
		inside = silence.expires_on is None or day(number) <= silence.expires_on
		assert inside == (due != "missed")
		assert number > 0 and (due == "missed" or in_a_row >= limit > 0)
		if due != "ask":
			break
		silence = Silence(SENT, silence.expires_on, in_a_row, day(number))
	assert told.count("ask") <= 1 and told in (
		[],
		["ask"],
		["call"],
		["missed"],
		["ask", "call"],
		["ask", "missed"],
	)
