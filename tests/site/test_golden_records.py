"""Behind every number stand exactly as many records, and where a list shows them, the list is as long."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from hospital_followup.engine.metrics import MEASURES
from hospital_followup.permissions import Reach
from hospital_followup.services import figures
from hospital_followup.services.figure_records import LISTS, list_filters, records
from hospital_followup.services.figures import Scope
from tests.support import golden_month as golden
from tests.support import golden_records

#: Sums, whose records are those that add to them.
SUMS = {"call_seconds": 5, "satisfaction_sum": 6}
#: What no list can tell: it is in other documents, or in two kinds of them.
NOT_IN_A_LIST = {
	"informed",
	"satisfaction_count",
	"satisfaction_sum",
	"satisfaction_good",
	"recommend_count",
	"promoters",
	"detractors",
	"discharges_covered",
	"discharges_revisited",
	"readmissions",
	"alerts_in_time",
}


@pytest.fixture(autouse=True)
def month(site: Any) -> None:
	golden_records.make()


def scope(**filters: Any) -> Scope:
	return Scope(golden.START, golden.END, **filters)


def names(measure: str, of: Scope) -> set[str]:
	return {name.removeprefix(golden_records.PREFIX) for _doctype, name in records(measure, of)}


@pytest.mark.parametrize("measure", MEASURES)
def test_as_many_records_as_were_counted(measure: str) -> None:
	assert len(records(measure, scope())) == SUMS.get(measure, golden.ALL[measure])


@pytest.mark.parametrize(("dimension", "name"), golden.EXPECTED)
def test_in_every_filter(dimension: str, name: str) -> None:
	asked = scope(**{dimension: name})
	counted = figures.totals(asked).as_dict()
	for measure in set(MEASURES) - set(SUMS):
		assert len(records(measure, asked)) == (counted[measure] or 0), measure


@pytest.mark.parametrize(
	("measure", "expected"),
	[
		("planned", {"T1", "T2", "T3", "T5", "T6", "T10", "T11", "T13"}),
		("open_tasks", {"T7", "T8"}),
		("informed", {"T5"}),
		("attempts_reached", {"L1", "L3", "L8", "L10", "L16"}),
		("satisfaction_good", {"L1", "L8", "S1", "S3"}),
		("discharges_covered", {"D1", "D2", "D3", "D4", "D5"}),
		("readmissions", {"D1"}),
		("revisits_attended", {"R1"}),
		("alerts_in_time", {"A1", "A4", "A6"}),
	],
)
def test_the_records_behind(measure: str, expected: set[str]) -> None:
	assert names(measure, scope()) == expected


def test_page_by_page() -> None:
	whole = records("satisfaction_count", scope())
	assert [records("satisfaction_count", scope(), start, 2) for start in (0, 2, 4, 6)] == [
		whole[0:2],
		whole[2:4],
		whole[4:6],
		[],
	]
	assert records("satisfaction_count", scope(), 3, 2) == whole[3:5]
	assert records("satisfaction_count", scope(), 5, 9) == whole[5:]


def test_what_is_not_known_has_no_records() -> None:
	assert records("discharges", scope(staff=golden.LI)) == []


def test_every_measure_has_a_list_or_a_reason_why_not() -> None:
	assert set(MEASURES) == set(LISTS) | NOT_IN_A_LIST


@pytest.mark.parametrize("measure", LISTS)
def test_the_list_is_as_long_as_the_number(measure: str) -> None:
	filters: list[dict[str, str]] = [{}, *({dimension: name} for dimension, name in golden.EXPECTED)]
	shown = 0
	for chosen in filters:
		answer = list_filters(measure, scope(**chosen))
		if answer is None:
			continue
		doctype, conditions = answer
		rows = frappe.get_list(doctype, filters=conditions, pluck="name", limit=0)
		assert set(rows) == {name for _doctype, name in records(measure, scope(**chosen))}, chosen
		shown += 1
	assert shown >= 5  # the whole month, each department and each company


def test_no_list_where_a_person_may_see_more_than_the_departments() -> None:
	limited = Reach((golden.SURGERY,), None)
	assert list_filters("planned", scope(reach=limited)) is None
	assert list_filters("planned", scope(reach=limited, department=golden.SURGERY)) is not None
	assert list_filters("planned", scope(pathway=golden.WOUND)) is None
