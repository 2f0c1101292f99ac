"""The golden month: every indicator as somebody counted it by hand, for the whole hospital and in every filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hospital_followup.engine.metrics import INDICATORS, MEASURES, Counts, total, value
from hospital_followup.permissions import Reach
from hospital_followup.services import figure_marks, figures
from hospital_followup.services.figures import Scope
from tests.support import golden_month as golden
from tests.support import golden_records
from tests.support.rolled_up import roll_up


@pytest.fixture(autouse=True, params=["rolled up", "partly rolled up", "not rolled up"])
def month(site: Any, request: pytest.FixtureRequest) -> None:
	"""The same numbers, wherever they are read from."""
	golden_records.make()
	if request.param != "not rolled up":
		roll_up()
	if request.param == "partly rolled up":
		figure_marks.add([date(2024, 3, number) for number in (3, 18, 31)])


def scope(**filters: Any) -> Scope:
	return Scope(golden.START, golden.END, **filters)


def expected(row: dict[str, int | None]) -> dict[str, int | None]:
	return {name: row.get(name, 0) for name in MEASURES}


def test_the_whole_month() -> None:
	assert figures.recount(scope()).as_dict() == expected(golden.ALL)


@pytest.mark.parametrize("name", INDICATORS)
def test_the_indicator(name: str) -> None:
	top, bottom = golden.INDICATORS[name]
	assert value(name, figures.totals(scope())) == pytest.approx(top / bottom)


@pytest.mark.parametrize(("dimension", "name"), golden.EXPECTED)
def test_filtered_by(dimension: str, name: str) -> None:
	counted = expected(golden.EXPECTED[dimension, name])
	assert figures.totals(scope(**{dimension: name})).as_dict() == counted
	assert figures.recount(scope(**{dimension: name})).as_dict() == counted


@pytest.mark.parametrize("dimension", sorted({dimension for dimension, _name in golden.EXPECTED}))
def test_grouped_by(dimension: str) -> None:
	groups = {key[0]: counts.as_dict() for key, counts in figures.by(scope(), dimension).items()}
	wanted = {name: row for (kind, name), row in golden.EXPECTED.items() if kind == dimension}
	assert {name: groups[name] for name in wanted} == {name: expected(row) for name, row in wanted.items()}
	assert groups == {
		key[0]: counts.as_dict() for key, counts in figures.recount_by(scope(), dimension).items()
	}


@pytest.mark.parametrize("dimension", ["date", "week", "month", "department", "company", "risk_tier"])
def test_groups_add_up_to_the_total(dimension: str) -> None:
	assert total(figures.by(scope(), dimension).values()) == figures.totals(scope())


def test_days_weeks_and_months() -> None:
	days = figures.by(scope(), "date")
	assert days[date(2024, 3, 18),] == Counts(
		open_tasks=1,
		open_completed=1,
		attempts=2,
		attempts_reached=1,
		call_seconds=200,
		alerts=1,
		alerts_in_time=1,
	)
	assert days[date(2024, 3, 31),] == Counts(
		planned=1, completed=1, completed_in_window=1, tasks_attempted=1, tasks_reached=1,
		attempts=2, attempts_reached=1, recommend_count=1, detractors=1,
		discharges=1, discharges_planned=1, discharges_covered=1, alerts=1,
	)  # fmt: skip
	assert set(figures.by(scope(), "week")) == {(date(2024, 2, 26),)} | {
		(date(2024, 3, monday),) for monday in (4, 11, 18, 25)
	}
	assert set(figures.by(scope(), "month")) == {(date(2024, 3, 1),)}


def test_two_dimensions_at_once() -> None:
	groups = figures.by(scope(), "department", "channel")
	assert groups[golden.CARDIOLOGY, "WeChat"].planned == 2
	assert groups[golden.SURGERY, "SMS"].open_tasks == 1
	assert groups[golden.SURGERY, "SMS"].discharges is None


def test_a_later_end_closes_the_windows() -> None:
	longer = figures.totals(Scope(golden.START, date(2024, 4, 10), department=golden.SURGERY))
	assert (longer.open_tasks, longer.planned, longer.completed) == (0, 6, 3)


def test_a_person_sees_the_figures_of_the_own_departments() -> None:
	reach = Reach((golden.SURGERY,), None)
	assert figures.totals(scope(reach=reach)).as_dict() == expected(
		golden.EXPECTED["department", golden.SURGERY]
	)
	assert figures.totals(scope(reach=Reach(None, (golden.ANKANG,)))).as_dict() == expected(
		golden.EXPECTED["company", golden.ANKANG]
	)
	nothing = figures.totals(scope(reach=reach, department=golden.CARDIOLOGY))
	assert nothing == Counts()


def test_the_central_team_sees_everything() -> None:
	assert figures.totals(scope(reach=Reach(None, None))).as_dict() == expected(golden.ALL)
