"""The reports of follow-up against the golden month: report = figures = records, in every filter, for every role."""

from __future__ import annotations

import importlib
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from hospital_followup.engine.metrics import INDICATORS as DEFINED
from hospital_followup.engine.metrics import MEASURES
from hospital_followup.report_api import choices, list_behind
from tests.site.rights import AD, DR, SP, SV, person, record
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


class TestAlerts:
	def test_the_total_and_the_median(self) -> None:
		frappe.db.set_value(
			"Follow-up Alert", golden_records.name_of("A1"), "answered_on", "2024-03-03 16:05:00"
		)
		frappe.db.set_value(
			"Follow-up Alert", golden_records.name_of("A2"), "answered_on", "2024-03-16 02:05:00"
		)
		row = total("Alert Response and Yield")
		names = ("alerts", "alerts_in_time", "alert_response", "alerts_judged", "alerts_true", "alert_yield")
		assert {name: row[name] for name in names} == {name: expected(golden.ALL, name) for name in names}
		assert row["hours_to_answer"] == 4.0

	@pytest.mark.parametrize(
		"group", ["Rule", "Kind", "Severity", "Department", "Company", "Staff", "Risk Tier", "Week"]
	)
	def test_groups_add_up_and_lead_to_their_records(self, group: str) -> None:
		*rows, last = shown("Alert Response and Yield", group_by=group).result
		for measure in ("alerts", "alerts_in_time", "alerts_judged", "alerts_true"):
			assert sum(row[measure] for row in rows) == last[measure] == golden.ALL[measure]
			for row in rows:
				if row["narrow"] is not None and row[measure]:
					assert len(behind(measure, **row["narrow"])) == row[measure]

	def test_a_doctor_sees_the_alerts_of_the_own_department(self, as_user) -> None:
		doctor = person(DR, departments=(golden.SURGERY,))
		with as_user(DR, email=doctor):
			assert total("Alert Response and Yield")["alerts"] == 3
			assert len(behind("alerts")) == 3


class TestAttempts:
	@pytest.mark.parametrize("group", ["Hour", "Weekday", "Attempt", "Channel", "Staff", "Department"])
	def test_groups_add_up_and_lead_to_their_records(self, group: str) -> None:
		*rows, last = shown("Outcome by Attempt", group_by=group).result
		assert (last["attempts"], last["attempts_reached"]) == (11, 5)
		assert sum(row["attempts"] for row in rows) == 11
		for row in rows:
			assert len(behind("attempts", **row["narrow"])) == row["attempts"]

	def test_when_people_answer(self) -> None:
		rows = {row["group"]: row for row in shown("Outcome by Attempt").result}
		assert list(rows)[:-1] == sorted(list(rows)[:-1])
		assert (rows["10:00"]["attempts"], rows["10:00"]["reach_rate"]) == (2, 50.0)
		assert rows["10:00"]["no_answer"] == 1

	def test_the_number_of_the_attempt_counts_those_before_the_period(self) -> None:
		rows = {row["group"]: row for row in shown("Outcome by Attempt", group_by="Attempt").result}
		# L13 was the first attempt of T10, in February: L7 is its second.
		assert rows["Attempt 2"]["attempts"] == 3
		assert rows["Attempt 3"]["attempts"] == 1


class TestStaff:
	def test_the_figures_of_each_person(self) -> None:
		rows = {row["narrow"].get("staff"): row for row in shown("Staff Workload and Targets").result}
		for user in (golden.LI, golden.WANG):
			counts = golden.EXPECTED["staff", user]
			for name in ("planned", "completed", "completion_rate", "attempts", "reach_rate"):
				assert rows[user][name] == expected(counts, name)
		# On five days, 3, 11, 16, 17, 19 and 20 March.
		assert rows[golden.LI]["days"] == 6
		assert rows[golden.LI]["calls_per_day"] == 1.0

	def test_waiting_is_the_list_behind_it(self) -> None:
		for row in shown("Staff Workload and Targets").result:
			for name, behind_it in (row.get("lists") or {}).items():
				found = frappe.get_list(
					behind_it["doctype"], filters=behind_it["filters"], order_by="name", limit=0
				)
				assert len(found) == row[name]

	@pytest.mark.parametrize("role", [SP, DR])
	def test_one_sees_ones_own_work_only(self, role: str, as_user) -> None:
		with as_user(role, email=golden.LI):
			rows = shown("Staff Workload and Targets", staff=golden.WANG).result
			assert {row["narrow"].get("staff") for row in rows} == {golden.LI, None}
			assert rows[0]["planned"] == 5
			assert len(behind("planned", staff=golden.WANG)) == 5
			assert behind("discharges") == []


class TestEquity:
	@pytest.fixture(autouse=True)
	def _values(self) -> None:
		for stay, value in (("D1", "High"), ("D2", "Low")):
			plan = frappe.get_doc("Follow-up Plan", {"discharge": golden_records.name_of(stay)})
			risk = golden.DISCHARGES[stay][4]
			tier = record("Patient Tier", 1, patient=plan.patient, risk_tier=risk, value_tier=value)
			plan.db_set("tier", tier.name)

	def test_completion_by_value_inside_each_risk(self) -> None:
		rows = {(row["risk_label"], row.get("value_label")): row for row in shown("Contact Equity").result}
		assert (rows["High", "High"]["planned"], rows["High", "High"]["completed"]) == (3, 2)
		assert (rows["Medium", "Low"]["planned"], rows["Medium", "Low"]["completion_rate"]) == (2, 50.0)
		assert rows["Medium", "Low"]["difference"] == 10.0
		assert rows["Total", None]["planned"] == golden.ALL["planned"]
		assert len(behind("planned", **rows["Medium", "Low"]["narrow"])) == 2

	@pytest.mark.parametrize("role", [SP, DR])
	def test_the_value_tier_leads_nobody_else_anywhere(self, role: str, as_user) -> None:
		with as_user(role):
			with pytest.raises(frappe.PermissionError):
				shown("Contact Equity")
			answer = shown("Records behind a Figure", measure="planned", value_tier="High")
			assert answer.result == [] and answer.message


#: Who may open which report (rules.md: specialists their own work, doctors also alerts, supervisors and administrators all).
OPEN_TO = {
	"Alert Response and Yield": (DR, SV, AD),
	"Staff Workload and Targets": (SP, DR, SV, AD),
	"Patient Follow-up History": (SP, DR, SV, AD),
	"Records behind a Figure": (SP, DR, SV, AD),
}
ALL_REPORTS = [*BY_GROUP, *OPEN_TO, "Contact Equity", "Outcome by Attempt"]


@pytest.mark.parametrize("report", ALL_REPORTS)
def test_who_may_open_it(report: str, as_user) -> None:
	for role in (SP, DR, SV, AD):
		with as_user(role):
			if role in OPEN_TO.get(report, (SV, AD)):
				assert shown(report).columns
			else:
				with pytest.raises(frappe.PermissionError):
					shown(report)


@pytest.mark.parametrize("report", BY_GROUP)
def test_a_supervisor_of_a_department_sees_that_department(report: str, as_user) -> None:
	supervisor = person(SV, departments=(golden.SURGERY,))
	with as_user(SV, email=supervisor):
		row = total(report)
		counts = golden.EXPECTED["department", golden.SURGERY]
		wanted = {name: expected(counts, name) for name in names_of(report)}
		assert {name: row[name] for name in wanted} == wanted if row else not any(wanted.values())
		assert not total(report, department=golden.CARDIOLOGY)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_list_shows_as_many_as_the_number_says(measure: str) -> None:
	for chosen in ({}, *({name: value} for name, value in golden.EXPECTED)):
		found = list_behind(measure, {**MONTH, **chosen})
		counts = golden.EXPECTED[next(iter(chosen.items()))] if chosen else golden.ALL
		if found and measure != "call_seconds":
			rows = frappe.get_list(found["doctype"], filters=found["filters"], order_by="name", limit=0)
			assert len(rows) == counts.get(measure, 0), (chosen, found)


def test_the_discharges_that_were_not_followed_up_are_named() -> None:
	rows = shown("Follow-up Coverage", show="Discharges Not Covered").result
	assert [row["record"]["name"] for row in rows] == [golden_records.name_of("D9")]
	assert rows[0]["reason"] and rows[0]["attempts"] == 0


def test_the_readmitted_are_named() -> None:
	rows = shown("Readmission", show="Readmitted Patients").result
	assert [(row["record"]["name"], row["days"]) for row in rows] == [(golden_records.name_of("D1"), 30)]


def test_the_history_of_a_patient_is_told_once_and_in_order(as_user) -> None:
	patient = frappe.db.get_value("Follow-up Log", golden_records.name_of("L1"), "patient")
	filters = {"patient": patient, "to_date": str(golden.END)}
	rows = frappe._dict(run("Patient Follow-up History", filters=filters)).result
	assert [row["name"] for row in rows] == [
		golden_records.name_of(log) for log in ("L6", "L5", "L4", "L3", "L2", "L1")
	]
	with as_user(SP, email=person(SP, departments=(golden.SURGERY,))):
		assert frappe._dict(run("Patient Follow-up History", filters=filters)).result == []


def test_a_wrong_period_is_said_and_changes_the_report_for_nobody() -> None:
	answer = shown("Follow-up Performance", from_date="2024-03-31", to_date="2024-03-01")
	assert answer.result == [] and answer.message
	assert shown("Records behind a Figure", measure="nonsense").message


def test_names_in_a_chart_cannot_be_code() -> None:
	doctor = "<img src=x onerror=alert(1)>"
	frappe.db.set_value("Patient Discharge", golden_records.name_of("D1"), "attending_doctor", doctor)
	labels = shown("Follow-up Coverage", group_by="Doctor").chart["data"]["labels"]
	assert "&lt;img src=x onerror=alert(1)&gt;" in labels
	assert not any("<" in label for label in labels)


def test_what_a_filter_proposes(as_user) -> None:
	assert choices("doctor", "Chen") == [golden.CHEN]
	with as_user(SV, email=person(SV, departments=(golden.SURGERY,))):
		assert choices("doctor") == [golden.ZHOU]
	with pytest.raises(frappe.ValidationError):
		choices("owner")
