"""What an answer changes in a pathway, as tables: which reaction follows, and to which day a contact comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.calendar import EVERY_DAY, Calendar
from hospital_followup.engine.cap import room
from hospital_followup.engine.conditions import Value
from hospital_followup.engine.questions import CHOICE, NUMBER, YES_NO, Choice, Question, Questionnaire
from hospital_followup.engine.reactions import (
	END,
	SOONER,
	Doubt,
	Reaction,
	Result,
	Room,
	brought_end,
	doubts,
	extra_day,
	follow,
	sooner,
)
from tests.engine.factories import MONDAY

HIGH = Reaction("systolic >= 140 or diastolic >= 90", SOONER, within_days=14, name="high")
VERY_HIGH = Reaction("systolic >= 160", SOONER, within_days=3, name="very high")
NORMAL = Reaction("systolic < 140 and diastolic < 90", END, in_a_row=2, name="normal")
HEALED = Reaction("wound in (dry, no_wound)", END, steps=frozenset({"month-1"}), name="healed")


def result(step: str = "monthly", **answers: Value) -> Result:
	return Result(frozenset({step}), answers)


PRESSURE = {
	"high": result(systolic=150.0, diastolic=80.0),
	"very high": result(systolic=165.0, diastolic=80.0),
	"normal": result(systolic=120.0, diastolic=80.0),
	"half": result(systolic=120.0),
	"silent": result(),
}


@pytest.mark.parametrize(
	("results", "expected"),
	[
		([], None),
		(["high"], "high"),
		(["very high"], "very high"),  # both hold: the soonest
		(["normal"], None),
		(["normal", "normal"], "normal"),
		(["normal", "high", "normal"], None),  # interrupted
		(["high", "normal", "normal"], "normal"),
		(["normal", "normal", "high"], "high"),  # only the latest brings something about
		(["normal", "silent", "normal"], None),  # not asked is not normal
		(["normal", "half"], None),
		(["high", "silent"], None),
	],
)
def test_what_follows_from_the_results(results: list[str], expected: str | None) -> None:
	found = follow((HIGH, VERY_HIGH, NORMAL), [PRESSURE[name] for name in results])
	assert (found.name if found else None) == expected


@pytest.mark.parametrize(
	("results", "expected"),
	[
		([result("month-1", wound="dry")], "healed"),
		([result("week-1", wound="dry")], None),
		([result("month-1", wound="dry"), result("month-3", wound="red")], None),
		([Result(frozenset({"week-1", "month-1"}), {"wound": "no_wound"})], "healed"),
	],
)
def test_a_reaction_asks_after_its_own_steps(results: list[Result], expected: str | None) -> None:
	found = follow((HEALED,), results)
	assert (found.name if found else None) == expected


def test_contacts_of_other_steps_interrupt_no_row() -> None:
	twice = Reaction("wound = dry", END, steps=frozenset({"a"}), in_a_row=2)
	assert follow((twice,), [result("a", wound="dry"), result("b"), result("a", wound="dry")]) == twice


def test_an_end_goes_before_a_sooner_contact() -> None:
	end = Reaction("systolic >= 140", END, name="end")
	for reactions in ((HIGH, end), (end, HIGH)):
		assert follow(reactions, [PRESSURE["high"]]) == end


def space(*used: date, closed: tuple[date, ...] = (), weekdays: Any = EVERY_DAY) -> Room:
	return Room(Calendar(weekdays, dict.fromkeys(closed, False)), used, per_day=1, per_week=3)


def day(number: int) -> date:
	return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
	("case", "room_left", "was", "today", "expected"),
	[
		("the last day", space(), 28, 0, 14),
		("already soon enough", space(), 14, 0, None),
		("weekend before", Room(Calendar(), (), 1, 3), 28, 0, 14),
		("closed on the last day", space(closed=(day(14), day(13))), 28, 0, 12),
		("another contact that day", space(day(14)), 28, 0, 13),
		("three in the week around", space(day(12), day(13), day(14)), 28, 0, 7),
		("everything closed until then", space(closed=tuple(day(n) for n in range(1, 16))), 28, 0, 16),
		("nothing free before it was due", space(closed=tuple(day(n) for n in range(1, 28))), 28, 0, None),
		("a late entry", space(), 28, 10, 14),
		("a very late entry", space(), 28, 20, 21),
		("too late to be sooner", space(), 21, 20, None),
	],
)
def test_the_day_to_which_a_contact_comes(
	case: str, room_left: Room, was: int, today: int, expected: int | None
) -> None:
	found = sooner(MONDAY, 14, day(was), day(today), room_left)
	assert found == (None if expected is None else day(expected)), case


def test_working_days_only() -> None:
	# 14 days after Sunday is a Sunday; the Friday before is the last working day.
	sunday = MONDAY - timedelta(days=1)
	assert sooner(sunday, 14, day(40), sunday, Room(Calendar(), (), 1, 3)) == day(11)


@pytest.mark.parametrize(
	("room_left", "today", "expected"),
	[
		(space(), 0, 14),
		(space(day(14)), 0, 13),
		(space(*(day(n) for n in range(1, 15))), 0, 14),  # no room left: the call comes nevertheless
		(space(closed=tuple(day(n) for n in range(1, 15))), 0, 14),
		(space(), 30, 31),
	],
)
def test_a_contact_of_its_own_always_finds_a_day(room_left: Room, today: int, expected: int) -> None:
	assert extra_day(MONDAY, 14, day(today), room_left) == day(expected)


@pytest.mark.parametrize(
	("was", "end", "new", "expected"),
	[(28, 35, 14, 21), (28, 28, 12, 14), (28, 30, 14, 16), (16, 17, 15, 16), (15, 15, 14, 14)],
)
def test_the_window_comes_along(was: int, end: int, new: int, expected: int) -> None:
	assert brought_end(day(was), day(end), day(new), day(14)) == day(expected)


DAYS = st.integers(0, 60).map(day)


@given(
	was=DAYS,
	today=DAYS,
	within=st.integers(1, 30),
	used=st.lists(DAYS, max_size=12),
	closed=st.lists(DAYS, max_size=20),
)
def test_never_later_never_past_and_within_the_cap(
	was: date, today: date, within: int, used: list[date], closed: list[date]
) -> None:
	left = space(*used, closed=tuple(closed))
	found = sooner(MONDAY, within, was, today, left)
	if found is not None:
		assert max(today, MONDAY) < found < was
		assert left.calendar.is_working(found)
		assert room(found, used, 1, 3)
	extra = extra_day(MONDAY, within, today, left)
	assert max(today, MONDAY) < extra <= max(today + timedelta(days=1), day(within))


ASKED = Questionnaire(
	(
		Question("systolic", answer_type=NUMBER, minimum=50.0, maximum=300.0),
		Question("fever", answer_type=YES_NO),
		Question("wound", answer_type=CHOICE, choices=(Choice("dry", "Dry"), Choice("open", "Open"))),
	)
)
OTHER = Questionnaire((Question("mood", answer_type=YES_NO),))


@pytest.mark.parametrize(
	("condition", "asked", "expected"),
	[
		("systolic >= 140", {"a": ASKED}, []),
		("systolic >= 140", {"a": OTHER, "b": ASKED}, []),
		("systolic >= 140", {"a": OTHER}, [("unknown_question", "systolic", True)]),
		("systolic >= 140", {"a": OTHER, "b": None}, [("nobody_asks", "systolic", False)]),
		("answered(systolic)", {"a": ASKED}, []),
		("systolic >= 400", {"a": ASKED}, [("out_of_range", "400", True)]),
		("wound = healed", {"a": ASKED}, [("not_a_value", "healed", True)]),
		("fever >= 1", {"a": ASKED}, [("no_order", ">=", True)]),
		(
			"pain > 3 or mood = yes",
			{"a": ASKED},
			[("unknown_question", "pain", True), ("unknown_question", "mood", True)],
		),
		("systolic >=", {"a": ASKED}, []),  # refused when it is saved
	],
)
def test_conditions_that_can_never_hold(
	condition: str, asked: Mapping[str, Questionnaire | None], expected: list[tuple[str, str, bool]]
) -> None:
	found = doubts(Reaction(condition, SOONER), asked)
	assert [(doubt.code, doubt.found, doubt.blocking) for doubt in found] == expected


def test_only_the_questionnaires_of_its_steps_count() -> None:
	reaction = Reaction("systolic >= 140", SOONER, steps=frozenset({"b"}))
	assert doubts(reaction, {"a": ASKED, "b": OTHER}) == (Doubt("unknown_question", "systolic"),)
