"""One number, wherever it stands: on the card, in the chart, in the report, and as the records behind it."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.desk import query_report
from frappe.desk.desktop import get_desktop_page
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from hospital_followup import insight_api
from hospital_followup.engine.metrics import INDICATORS, Counts, value
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import figure_marks, figures, insight
from hospital_followup.services.figure_records import records
from tests.site.rights import AD, DR, SP, SV, department, person, record
from tests.stack.users import make_user
from tests.support import golden_month as golden
from tests.support import golden_records

MARCH = {"from_date": str(golden.START), "to_date": str(golden.END)}
LIMITS = [{}] + [{kind: name} for kind, name in golden.EXPECTED if kind in ("department", "company")]
#: Shown on a card only: the reports show the reach of attempts.
NOT_IN_REPORTS = ("task_reach_rate",)
#: Indicator → the chart of the dashboard that draws it by department.
CHARTS = {
	"completion_rate": "Completion by Department",
	"coverage": "Coverage by Department",
	"revisit_conversion": "Revisit Conversion by Department",
	"readmission_rate": "Readmission by Department",
}


@pytest.fixture
def month(site: Any) -> None:
	golden_records.make()


@pytest.fixture
def supervisor(site: Any) -> str:
	return make_user(SV)


def by_hand(indicator: str, limits: dict[str, str]) -> float | None:
	"""The indicator of the golden table, as it is shown."""
	row = golden.EXPECTED[next(iter(limits.items()))] if limits else golden.ALL
	exact = value(indicator, Counts(**row))
	return None if exact is None else round(exact, 1)


def card(indicator: str, **limits: Any) -> Any:
	found = insight_api.indicator_card({"indicator": indicator, **MARCH, **limits})
	return found["value"] if isinstance(found, dict) else found


def run(report: str, **filters: Any) -> dict[str, Any]:
	return query_report.run(report, filters={**MARCH, **filters})


def total_of(found: dict[str, Any]) -> dict[str, Any]:
	return found["result"][-1] if found["result"] else {}


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_card_report_and_records_show_what_was_counted_by_hand(
	month: None, supervisor: str, limits: dict[str, str]
) -> None:
	row = golden.EXPECTED[next(iter(limits.items()))] if limits else golden.ALL
	frappe.set_user(supervisor)
	scope = figures.scope_of(golden.START, golden.END, **limits)
	totals = {report: total_of(run(report, **limits)) for report in set(insight.REPORTS.values())}
	for name, indicator in INDICATORS.items():
		expected = by_hand(name, limits)
		assert card(name, **limits) == (insight.UNKNOWN if expected is None else expected), name
		if name not in NOT_IN_REPORTS:
			assert totals[insight.REPORTS[name]].get(name) == expected, name
		for measure in set(indicator.measures) - {"satisfaction_sum"}:
			assert len(records(measure, scope, length=1000)) == row.get(measure, 0), measure


@pytest.mark.parametrize("indicator", CHARTS)
def test_the_chart_draws_the_number_of_the_card(month: None, supervisor: str, indicator: str) -> None:
	chart = frappe.get_doc("Dashboard Chart", CHARTS[indicator])
	assert chart.chart_type == "Report" and chart.use_report_chart
	frappe.set_user(supervisor)
	data = run(chart.report_name, **json.loads(chart.filters_json))["chart"]["data"]
	drawn = dict(zip(data["labels"], data["datasets"][0]["values"], strict=True))
	for name in (golden.CARDIOLOGY, golden.SURGERY):
		assert drawn[name] == card(indicator, department=name)


def test_every_chart_says_so_when_there_is_nothing_to_draw(site: Any, supervisor: str) -> None:
	empty = department("Nothing Happens Here")
	charts = [
		frappe.get_doc("Dashboard Chart", row.chart)
		for row in frappe.get_doc("Dashboard", "Hospital Follow-up").charts
	]
	assert len(charts) == 11
	frappe.set_user(supervisor)
	for chart in charts:
		drawn = run(chart.report_name, **json.loads(chart.filters_json), department=empty)["chart"]
		values = [value for line in drawn["data"].get("datasets", ()) for value in line["values"]]
		assert not any(values), chart.name


def test_who_works_for_one_department_gets_its_numbers(month: None) -> None:
	own = {"department": golden.CARDIOLOGY}
	frappe.set_user(person(SV, departments=(golden.CARDIOLOGY,)))
	for indicator in INDICATORS:
		assert card(indicator) == by_hand(indicator, own)
		assert card(indicator, department=golden.SURGERY) == insight.UNKNOWN
		if indicator not in NOT_IN_REPORTS:
			assert total_of(run(insight.REPORTS[indicator])).get(indicator) == by_hand(indicator, own)


def test_a_specialist_sees_the_own_work_and_nothing_that_nobody_owns(month: None) -> None:
	frappe.set_user(make_user(SP, email=golden.LI))
	own = Counts(**golden.EXPECTED["staff", golden.LI])
	for indicator in ("completion_rate", "timeliness", "reach_rate", "satisfaction"):
		assert card(indicator) == round(value(indicator, own), 1)
	for indicator in ("coverage", "revisit_conversion", "readmission_rate"):
		assert card(indicator) == insight.UNKNOWN
	found = insight_api.indicator_card({"indicator": "completion_rate", **MARCH})
	assert found["route"] == ["query-report", "Staff Workload and Targets"]


def test_a_card_says_what_it_is_made_of_and_what_was_before(month: None, supervisor: str) -> None:
	frappe.set_user(supervisor)
	found = insight_api.indicator_card({"indicator": "completion_rate", **MARCH})
	assert found["beside"] == {"parts": "4 of 8"}
	assert found["route"] == ["query-report", "Follow-up Performance"]
	assert found["route_options"] == MARCH
	april = {"from_date": "2024-04-01", "to_date": "2024-05-01"}
	found = insight_api.indicator_card({"indicator": "reach_rate", **april})["beside"]
	march = by_hand("reach_rate", {})
	assert found["former"] == f"{march}% in the 31 days before"
	assert found["change"] == round(100 - march, 1) and found["better"] and not found["worse"]


def test_less_is_better_for_readmissions(month: None, supervisor: str) -> None:
	frappe.set_user(supervisor)
	later = {"from_date": "2024-03-02", "to_date": "2024-03-31", "department": golden.CARDIOLOGY}
	found = insight_api.indicator_card({"indicator": "readmission_rate", **later})
	assert found["value"] == 0
	earlier = {"from_date": "2024-02-01", "to_date": "2024-03-01", "department": golden.CARDIOLOGY}
	assert insight_api.indicator_card({"indicator": "readmission_rate", **earlier})["value"] == 100
	assert "former" in found["beside"] and found["beside"]["better"] and not found["beside"]["worse"]


def test_without_dates_it_is_the_last_thirty_days(site: Any, supervisor: str) -> None:
	record("Follow-up Alert", raised_on=now_datetime(), respond_by=now_datetime(), status="Open")
	figure_marks.add([getdate()])  # written past the services: its day is to be counted
	frappe.set_user(supervisor)
	options = insight_api.indicator_card({"indicator": "alert_response"})["route_options"]
	assert options == {"from_date": add_days(today(), -29), "to_date": today()}


def alert(status: str, severity: str, hours: int, **fields: Any) -> None:
	until = add_to_date(now_datetime(), hours=hours)
	record("Follow-up Alert", status=status, severity=severity, respond_by=until, raised_on=today(), **fields)


def test_what_waits_is_what_the_list_shows(site: Any) -> None:
	ward, other = department("Cardiology"), department("Surgery")
	for status, severity, hours, where in (
		("Open", "Red", -1, ward),
		("Acknowledged", "Red", -1, ward),
		("In Progress", "Red", 5, ward),
		("Answered", "Red", -9, ward),
		("Closed", "Red", -9, ward),
		("Open", "Amber", 5, ward),
		("Open", "Red", -1, other),
	):
		alert(status, severity, hours, department=where)
	frappe.set_user(person(DR, departments=(ward,)))
	red = insight_api.waiting_card({"waiting": "red_alerts"})
	assert red["value"] == 3 and red["beside"] == {"parts": "1 past their time", "worse": True}
	assert red["route"] == ["List", "Follow-up Alert", "List"]
	assert len(frappe.get_list("Follow-up Alert", filters=red["route_options"], limit=0)) == 3
	amber = insight_api.waiting_card({"waiting": "amber_alerts", "department": ward})
	assert amber["value"] == 1 and amber["beside"] == {"parts": "0 past their time", "worse": False}
	assert insight_api.waiting_card({"waiting": "amber_alerts", "department": other})["value"] == 0


def test_missed_revisits_of_the_period(month: None, supervisor: str) -> None:
	frappe.set_user(supervisor)
	found = insight_api.waiting_card({"waiting": "missed_revisits", **MARCH})
	assert found["value"] == 1
	names = frappe.get_list("Follow-up Revisit", filters=found["route_options"], pluck="name")
	assert names == [golden_records.name_of("R3")]
	assert insight_api.waiting_card({"waiting": "missed_revisits"})["value"] == 0


def test_strangers_are_refused_and_nonsense_is_named(site: Any, supervisor: str) -> None:
	stranger = make_user("Blogger")
	frappe.set_user(stranger)
	for ask in (
		lambda: insight_api.indicator_card({"indicator": "coverage"}),
		lambda: insight_api.waiting_card({"waiting": "red_alerts"}),
	):
		with pytest.raises(frappe.PermissionError):
			ask()
	frappe.set_user(supervisor)
	with pytest.raises(InvalidValueError, match="completion_rate"):
		insight_api.indicator_card({"indicator": "<b>"})
	with pytest.raises(InvalidValueError, match="red_alerts"):
		insight_api.waiting_card(None)


def sign_in(role: str) -> None:
	frappe.set_user("Administrator")
	frappe.set_user(make_user(role))


def permitted(kind: str, role: str) -> set[str]:
	sign_in(role)
	names = frappe.get_all(kind, filters={"module": "Hospital Followup"}, pluck="name", order_by="name")
	return {name for name in names if frappe.has_permission(kind, doc=name)}


def test_nobody_is_offered_a_card_or_chart_that_would_be_refused(site: Any) -> None:
	alone = {"Coverage of Discharges", "Revisit Conversion Rate", "Readmission within 30 Days", "Alert Yield"}
	assert alone.isdisjoint(permitted("Number Card", SP) | permitted("Number Card", DR))
	assert alone < permitted("Number Card", SV) and alone < permitted("Number Card", AD)
	assert permitted("Dashboard Chart", SP) == {"Completion by Person"}
	assert "Alert Response and Yield by Kind" in permitted("Dashboard Chart", DR)
	assert permitted("Dashboard Chart", SV) == permitted("Dashboard Chart", AD)
	for role in (SP, DR, SV, AD):
		for name in sorted(permitted("Number Card", role)):
			doc = frappe.get_doc("Number Card", name)
			if doc.type == "Custom":
				frappe.get_attr(doc.method)(json.loads(doc.filters_json))


def workspace(role: str) -> dict[str, set[str]]:
	sign_in(role)
	page = get_desktop_page(
		json.dumps({"name": "Hospital Follow-up", "title": "Hospital Follow-up", "public": 1})
	)
	links = {link["link_to"] for group in page["cards"]["items"] for link in group["links"]}
	cards = {item.number_card_name for item in page["number_cards"]["items"]}
	return {"links": links, "cards": cards}


def test_the_workspace_offers_what_the_role_may_open(site: Any) -> None:
	specialist, doctor, head = workspace(SP), workspace(DR), workspace(SV)
	for closed in ("Follow-up Performance", "Contact Equity", "Alert Response and Yield", "Patient Tier"):
		assert closed not in specialist["links"] and closed in head["links"]
	assert {"Staff Workload and Targets", "Follow-up Alert", "Follow-up Revisit"} <= specialist["links"]
	assert "Alert Response and Yield" in doctor["links"] and "Follow-up Performance" not in doctor["links"]
	assert {"Completion Rate", "Open Red Alerts"} <= specialist["cards"] <= head["cards"]
