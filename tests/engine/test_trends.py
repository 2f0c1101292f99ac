"""Trends over contacts: gaps, units, days; compared with a plain recount of every series."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.trends import FALLS, RISES, Reading, comparable, plain_unit, trend

START = datetime.fromisoformat("2026-11-01 09:00")


def series(*values: float | None, every: float = 1, unit: str = "mmHg") -> tuple[Reading, ...]:
	"""Readings so many days apart; None is a contact without one."""
	return tuple(
		Reading(START + timedelta(days=place * every), value, unit)
		for place, value in enumerate(values)
		if value is not None
	)


@pytest.mark.parametrize(
	("readings", "span", "rises"),
	[
		(series(130, 140, 150), {"over_contacts": 3}, True),
		(series(130, 140, 140), {"over_contacts": 3}, False),
		(series(130, 150, 140), {"over_contacts": 3}, False),
		(series(150, 130, 140), {"over_contacts": 2}, True),
		(series(140, 150), {"over_contacts": 3}, False),
		(series(130, None, None, 140, None, 150), {"over_contacts": 3}, True),
		(series(130, None, None, 140, None, 150), {"over_contacts": 3, "over_days": 5}, True),
		(series(130, None, None, 140, None, 150), {"over_contacts": 3, "over_days": 4}, False),
		(series(130, 131, 132), {"over_contacts": 3, "smallest": 3}, False),
		(series(130, 131, 133), {"over_contacts": 3, "smallest": 3}, True),
		(series(70, 70.5, 71, 72), {"over_days": 3, "smallest": 2}, True),
		(series(70, 70.5, 71, 71.9), {"over_days": 3, "smallest": 2}, False),
		(series(72, 70, 72), {"over_days": 3, "smallest": 2}, True),
		(series(70, None, None, None, 72), {"over_days": 3, "smallest": 2}, False),
		(series(70, None, None, 72), {"over_days": 3, "smallest": 2}, True),
		(series(70, 73, 71), {"over_days": 3, "smallest": 2}, False),
		(series(70.1, 72.1), {"over_days": 3, "smallest": 2}, True),
		(series(70), {"over_days": 3}, False),
		((), {"over_contacts": 2}, False),
		(series(1, 2), {}, False),
	],
)
def test_rises(readings: tuple[Reading, ...], span: dict[str, float], rises: bool) -> None:
	assert bool(trend(readings, RISES, **span)) is rises


def test_another_unit_begins_the_series_anew() -> None:
	mixed = (*series(12, 13, unit="g/dL"), *_later(series(140, 150, unit="g/L")))
	assert trend(mixed, RISES, over_contacts=3) is None
	assert trend(mixed, RISES, over_contacts=2).change == 10
	assert [reading.value for reading in comparable(mixed)] == [140, 150]


def test_a_unit_that_came_back_does_not_bridge_the_other() -> None:
	readings = (*series(70, unit="kg"), *_later(series(154, unit="lb")), *_later(series(72, unit="kg"), 6))
	assert trend(readings, RISES, over_days=9, smallest=2) is None


@pytest.mark.parametrize(
	("one", "other"),
	[("°C", "℃"), ("kg", "公斤"), ("bpm", "次/分"), ("mmHg", " mm Hg"), ("mmol/L", "ｍｍｏｌ／Ｌ")],
)
def test_a_unit_spelled_differently_is_the_same(one: str, other: str) -> None:
	assert plain_unit(one) == plain_unit(other)


def test_days_are_days_of_the_calendar() -> None:
	late, early = map(datetime.fromisoformat, ("2026-11-01 23:50", "2026-11-04 00:10"))
	readings = (Reading(late, 70.0), Reading(early, 72.0))
	assert trend(readings, RISES, over_days=3)
	assert trend(readings, RISES, over_days=2) is None


def test_a_contact_entered_late_ends_its_own_trend() -> None:
	readings = series(130, 140, 150, 120)
	assert trend(readings, RISES, over_contacts=3) is None
	assert trend(readings, RISES, over_contacts=3, until=readings[2].on).readings == readings[:3]


VALUES = st.lists(
	st.tuples(st.integers(0, 6), st.sampled_from(("kg", "公斤", "lb")), st.integers(1, 4)),
	min_size=0,
	max_size=7,
)
SPANS = st.tuples(st.sampled_from((0, 2, 3, 4)), st.integers(0, 9), st.sampled_from((0.0, 1.0, 2.0)))


def built(rows: list[tuple[int, str, int]]) -> tuple[Reading, ...]:
	day, readings = 0, []
	for value, unit, gap in rows:
		day += gap
		readings.append(Reading(START + timedelta(days=day), float(value), unit))
	return tuple(readings)


def recounted(readings: tuple[Reading, ...], over_contacts: int, over_days: int, smallest: float) -> bool:
	"""A rise by its definition, the slow way."""
	if not readings or not (over_contacts or over_days):
		return False
	last, part = readings[-1], []
	for reading in reversed(readings):
		if {"公斤": "kg"}.get(reading.unit, reading.unit) != {"公斤": "kg"}.get(last.unit, last.unit):
			break
		part.insert(0, reading)
	if over_contacts:
		part = part[-over_contacts:]
		return (
			len(part) == over_contacts
			and all(part[place].value < part[place + 1].value for place in range(len(part) - 1))
			and last.value - part[0].value >= smallest
			and (not over_days or (last.on - part[0].on).days <= over_days)
		)
	return any(
		last.value > reading.value and last.value - reading.value >= smallest
		for reading in part[:-1]
		if (last.on - reading.on).days <= over_days
	)


@given(VALUES, SPANS)
def test_a_rise_is_what_its_definition_says(
	rows: list[tuple[int, str, int]], span: tuple[int, int, float]
) -> None:
	contacts, days, smallest = span
	readings = built(rows)
	found = trend(readings, RISES, over_contacts=contacts, over_days=days, smallest=smallest)
	assert bool(found) == recounted(readings, contacts, days, smallest)


@given(VALUES, SPANS, st.randoms(use_true_random=False))
def test_a_fall_is_the_mirrored_rise_in_any_order(rows, span, random) -> None:
	contacts, days, smallest = span
	readings = built(rows)
	limits = {"over_contacts": contacts, "over_days": days, "smallest": smallest}
	mirrored = [Reading(reading.on, -reading.value, reading.unit) for reading in readings]
	random.shuffle(mirrored)
	rise, fall = trend(readings, RISES, **limits), trend(mirrored, FALLS, **limits)
	assert (rise and [reading.on for reading in rise.readings]) == (
		fall and [reading.on for reading in fall.readings]
	)


def _later(readings: tuple[Reading, ...], days: int = 3) -> tuple[Reading, ...]:
	return tuple(
		Reading(reading.on + timedelta(days=days), reading.value, reading.unit) for reading in readings
	)
