"""The number cards: one indicator, or one kind of record that waits, with the way to the report or list behind it.

Nothing is counted here. Indicators come from services/figures.py through the scope of the reports, so that a card, a chart and
a report of the same filters cannot differ; what waits is counted as the list counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from hospital_followup.engine.metrics import INDICATORS, Counts, Indicator
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import figures
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_scope import scope_behind
from hospital_followup.services.report_words import DECIMALS, shown

Filters = Mapping[str, Any]
UNKNOWN = "–"
#: What a card shows when nothing is chosen: the last days up to today, as many on the 1st as on the 31st.
USUAL_DAYS = 30
#: indicator → the report that shows it by groups, down to the records.
REPORTS: Mapping[str, str] = {
	"completion_rate": "Follow-up Performance",
	"timeliness": "Follow-up Performance",
	"coverage": "Follow-up Coverage",
	"reach_rate": "Follow-up Performance",
	"task_reach_rate": "Follow-up Performance",
	"satisfaction": "Patient Satisfaction",
	"satisfaction_share": "Patient Satisfaction",
	"nps": "Patient Satisfaction",
	"revisit_conversion": "Revisit Conversion",
	"alert_response": "Alert Response and Yield",
	"alert_yield": "Alert Response and Yield",
	"readmission_rate": "Readmission",
}
#: The report of a person's own work, for those who may not open the report of everybody's.
OWN_REPORT = "Staff Workload and Targets"
FIELDTYPES = {"percent": "Percent", "score": "Float", "points": "Float"}
ALERT = "Follow-up Alert"
REVISIT = "Follow-up Revisit"
UNANSWERED = ("Open", "Acknowledged", "In Progress")


def indicator_card(filters: Filters) -> dict[str, Any] | None:
	"""The card of `filters["indicator"]`; None when the indicator is not known for these filters and this person.

	Raises InvalidValueError for an indicator that does not exist.
	"""
	name = str(filters.get("indicator") or "")
	if name not in INDICATORS:
		frappe.throw(
			_("There is no indicator {0}. Choose one of: {1}.").format(
				frappe.utils.escape_html(name), ", ".join(INDICATORS)
			),
			InvalidValueError,
			title=_("Unknown indicator"),
		)
	indicator, limits = INDICATORS[name], _with_period(filters)
	scope = scope_behind(indicator.numerator, limits)
	counts = figures.totals(scope)
	value = shown(name, counts)
	if value is None:
		return None
	return {
		"value": value,
		"fieldtype": FIELDTYPES[indicator.unit],
		"precision": DECIMALS,
		"beside": {"parts": _parts(indicator, counts), **_compared(indicator, value, scope)},
		**_way_to(_report_of(name), limits),
	}


def waiting_card(filters: Filters) -> dict[str, Any]:
	"""The card of `filters["waiting"]`: red_alerts, amber_alerts or missed_revisits.

	Raises InvalidValueError for anything else, PermissionError for who may not read the list.
	"""
	what, limits = str(filters.get("waiting") or ""), _with_period(filters)
	if what not in WAITING:
		frappe.throw(
			_("There is no list {0}. Choose one of: {1}.").format(
				frappe.utils.escape_html(what), ", ".join(WAITING)
			),
			InvalidValueError,
			title=_("Unknown list"),
		)
	doctype, wanted, urgent = WAITING[what](limits)
	wanted |= {name: limits[name] for name in ("company", "department") if limits.get(name)}
	card = {
		"value": _count(doctype, wanted),
		"fieldtype": "Int",
		"route": ["List", doctype, "List"],
		"route_options": wanted,
	}
	if urgent:
		late = _count(doctype, wanted | urgent)
		card["beside"] = {"parts": _("{0} past their time").format(late), "worse": bool(late)}
	return card


def _alerts(severity: str) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
	wanted = {"status": ("in", UNANSWERED), "severity": severity}
	return ALERT, wanted, {"status": "Open", "respond_by": ("<", now_datetime())}


def _missed_revisits(limits: Filters) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
	between = (str(limits["from_date"]), str(limits["to_date"]))
	return REVISIT, {"status": "Missed", "expected_on": ("between", between)}, None


WAITING = {
	"red_alerts": lambda _limits: _alerts("Red"),
	"amber_alerts": lambda _limits: _alerts("Amber"),
	"missed_revisits": _missed_revisits,
}


def _count(doctype: str, wanted: Mapping[str, Any]) -> int:
	return len(frappe.get_list(doctype, filters=dict(wanted), pluck="name", order_by="name", limit=0))


def _with_period(filters: Filters) -> dict[str, Any]:
	last: date = getdate(filters.get("to_date") or today())
	first: date = getdate(filters.get("from_date") or last - timedelta(days=USUAL_DAYS - 1))
	chosen = {name: filters[name] for name in ("company", "department") if filters.get(name)}
	return {"from_date": str(first), "to_date": str(last), **chosen}


def _parts(indicator: Indicator, counts: Counts) -> str:
	"""What the number is made of: "412 of 494", "mean of 96 answers", "60 − 12 of 96 answers"."""
	top, bottom = counts.get(indicator.numerator), counts.get(str(indicator.denominator))
	if indicator.unit == "score":
		return str(_("mean of {0} answers").format(bottom))
	if indicator.subtracted:
		less = counts.get(indicator.subtracted)
		return str(_("{0} promoters − {1} detractors of {2}").format(top, less, bottom))
	return str(_("{0} of {1}", context="Count").format(top, bottom))


def _compared(indicator: Indicator, value: float, scope: Scope) -> dict[str, Any]:
	"""The same indicator in as many days before; empty when it was not known then."""
	days = (scope.end - scope.start).days + 1
	before = replace(scope, start=scope.start - timedelta(days=days), end=scope.start - timedelta(days=1))
	former = shown(indicator.name, figures.totals(before))
	if former is None:
		return {}
	change = round(value - former, DECIMALS)
	return {
		"former": _("{0} in the {1} days before").format(_written(former, indicator), days),
		"change": change,
		"better": change > 0 if indicator.better == "higher" else change < 0,
		"worse": change < 0 if indicator.better == "higher" else change > 0,
	}


def _written(value: float, indicator: Indicator) -> str:
	return f"{value:g}%" if indicator.unit == "percent" else f"{value:g}"


def _report_of(indicator: str) -> str | None:
	"""The report that the person may open for `indicator`."""
	candidates = (REPORTS[indicator], OWN_REPORT)
	return next((report for report in candidates if _may_open(report)), None)


def _may_open(report: str) -> bool:
	return bool(frappe.get_cached_doc("Report", report).is_permitted())


def _way_to(report: str | None, limits: Filters) -> dict[str, Any]:
	return {"route": ["query-report", report], "route_options": dict(limits)} if report else {}
