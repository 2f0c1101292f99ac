"""The reports of follow-up against the golden month: report = figures = records, in every filter, for every role."""

from __future__ import annotations

import importlib
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from hospital_followup.engine.metrics import INDICATORS as DEFINED
from hospital_followup.engine.metrics import MEASURES
from tests.support import golden_month as golden
from tests.support import golden_records

REPORTS = "hospital_followup.hospital_followup.report"
BY_GROUP = {
	"Follow-up Performance": "follow_up_performance",
	"Follow-up Coverage": "follow_up_coverage",
	"Patient Satisfaction": "patient_satisfaction",
	"Revisit Conversion": "revisit_conversion",
	"Readmission": "readmission",
	"Follow-up Funnel": "follow_up_funnel",
}
MONTH = {"from_date": str(golden.START), "to_date": str(golden.END)}
FILTERS = list(golden.EXPECTED)
GROUPS = {
	"Department": "department",
	"Company": "company",
	"Staff": "staff",
	"Risk Tier": "risk_tier",
	"Channel": "channel",
	"Doctor": "doctor",
	"Pathway": "pathway",
}


@pytest.fixture(autouse=True)
def _month() -> None:
	golden_records.make()


def shown(report: str, **filters: Any) -> dict[str, Any]:
	return frappe._dict(run(report, filters={**MONTH, **filters}, ignore_prepared_report=True))


def total(report: str, **filters: Any) -> dict[str, Any]:
	rows = [row for row in shown(report, **filters).result if row.get("is_total")]
	return rows[0] if rows else {}


def expected(counts: dict[str, int | None], name: str) -> float | None:
	"""A measure or an indicator as the table of the golden month has it, with the decimals that are shown."""
	if name in MEASURES:
		return counts.get(name, 0)
	defined = DEFINED[name]
	top, bottom = counts.get(defined.numerator, 0), counts.get(defined.denominator, 0)
	less = counts.get(defined.subtracted, 0) if defined.subtracted else 0
	if top is None or less is None or not bottom:
		return None
	return round((top - less) / bottom * (1 if defined.unit == "score" else 100), 1)


def names_of(report: str) -> tuple[str, ...]:
	module = importlib.import_module(f"{REPORTS}.{BY_GROUP[report]}.{BY_GROUP[report]}")
	return module.SHOWN.columns


@pytest.mark.parametrize("report", BY_GROUP)
def test_the_total_is_the_month_counted_by_hand(report: str) -> None:
	row = total(report)
	assert {name: row[name] for name in names_of(report)} == {
		name: expected(golden.ALL, name) for name in names_of(report)
	}


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
@pytest.mark.parametrize("report", BY_GROUP)
def test_the_total_in_every_filter(report: str, chosen: tuple[str, str]) -> None:
	row, counts = total(report, **dict([chosen])), golden.EXPECTED[chosen]
	wanted = {name: expected(counts, name) for name in names_of(report)}
	assert {name: row[name] for name in wanted} == wanted if row else not any(wanted.values())


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("report", BY_GROUP)
def test_each_group_is_what_its_filter_shows(report: str, group: str) -> None:
	module = importlib.import_module(f"{REPORTS}.{BY_GROUP[report]}.{BY_GROUP[report]}")
	if group not in module.SHOWN.groups:
		assert group in shown(report, group_by=group).message
		return
	rows = {
		row["narrow"][GROUPS[group]]: row
		for row in shown(report, group_by=group).result
		if not row.get("is_total") and row["narrow"]
	}
	for (name, value), counts in golden.EXPECTED.items():
		if name != GROUPS[group]:
			continue
		wanted = {column: expected(counts, column) for column in names_of(report)}
		found = {column: rows[value][column] for column in wanted} if value in rows else {}
		assert found == wanted if found else not any(wanted.values())


@pytest.mark.parametrize("group", ["Day", "Week", "Month"])
@pytest.mark.parametrize("report", BY_GROUP)
def test_days_weeks_and_months_add_up(report: str, group: str) -> None:
	*rows, last = shown(report, group_by=group).result
	assert last["is_total"]
	for name in names_of(report):
		if name in MEASURES:
			assert sum(row[name] for row in rows) == last[name]


def behind(measure: str, **filters: Any) -> list[dict[str, Any]]:
	return shown("Records behind a Figure", measure=measure, **filters).result


@pytest.mark.parametrize("group", ["Department", "Staff", "Risk Tier", "Channel", "Doctor", "Week", "Month"])
@pytest.mark.parametrize("report", BY_GROUP)
def test_behind_every_number_are_as_many_records(report: str, group: str) -> None:
	module = importlib.import_module(f"{REPORTS}.{BY_GROUP[report]}.{BY_GROUP[report]}")
	if group not in module.SHOWN.groups:
		return
	answer = shown(report, group_by=group)
	measures = [column["measure"] for column in answer.columns if column.get("measure")]
	assert measures
	for row in answer.result:
		for measure in measures if row["narrow"] is not None else ():
			if row[measure]:
				records = behind(measure, **row["narrow"])
				assert len(records) == row[measure], (measure, row["group"])
				assert all(
					frappe.db.exists(one["record"]["doctype"], one["record"]["name"]) for one in records
				)
