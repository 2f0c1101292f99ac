"""Alerts by rule, kind, severity or whoever got them: taken up in time, true or false, and hours until the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from statistics import median
from typing import Any

from frappe import _
from frappe.utils import getdate

from hospital_followup.engine.metrics import FAMILIES, Counts
from hospital_followup.services import figures
from hospital_followup.services.figure_scope import period_of
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_charts import summary_item
from hospital_followup.services.report_columns import number
from hospital_followup.services.report_figures import FigureReport, Report, shaped
from hospital_followup.services.report_groups import DIMENSIONS, PERIODS, chosen_group
from hospital_followup.services.report_records import ALERT, Rows, names, rows_of
from hospital_followup.services.report_scope import Filters, scope_of_alerts
from hospital_followup.services.report_words import DECIMALS

SHOWN = FigureReport(
	groups=(
		"Rule",
		"Kind",
		"Severity",
		"Department",
		"Company",
		"Staff",
		"Risk Tier",
		"Day",
		"Week",
		"Month",
	),
	columns=("alerts", "alerts_in_time", "alert_response", "alerts_judged", "alerts_true", "alert_yield"),
	charted=("alert_response", "alert_yield"),
	summary=("alerts", "alert_response", "alert_yield"),
)
HOURS = "hours_to_answer"
SECONDS_PER_HOUR = 3600
#: The field of an alert by which each group is made.
FIELDS = {
	"Rule": "rule",
	"Kind": "kind",
	"Severity": "severity",
	"Department": "department",
	"Company": "company",
	"Staff": "assigned_to",
	"Risk Tier": "risk_tier",
}


def alert_report(filters: Filters | None) -> Report:
	"""The report of the alerts that the session's user may see."""
	scope, group = scope_of_alerts(filters), chosen_group(filters, SHOWN.groups)
	fields = ("raised_on", "answered_on", *FIELDS.values())
	groups = _grouped(rows_of("alerts", scope, ALERT, fields), group)
	found = shaped(SHOWN, scope, group, _counts(groups, scope), figures.totals(scope))
	hours = {key: _hours(rows) for key, rows in groups.items()}
	everything = _hours([row for rows in groups.values() for row in rows])
	for row, key in zip(found.rows, found.keys, strict=False):
		row[HOURS] = hours[key]
	if found.rows:
		found.rows[-1][HOURS] = everything
	label = _("Median Hours to Answer")
	found.columns.insert(4, number(HOURS, label, 170))
	found.summary.append(summary_item(label, everything, "Float"))
	return found.report


def _grouped(rows: Rows, group: str) -> Mapping[Any, Rows]:
	groups: defaultdict[Any, Rows] = defaultdict(list)
	for row in rows:
		if group in PERIODS:
			groups[period_of(getdate(row.raised_on), DIMENSIONS[group])].append(row)
		else:
			groups[row[FIELDS[group]] or None].append(row)
	return groups


def _counts(groups: Mapping[Any, Rows], scope: Scope) -> dict[Any, Counts]:
	behind = {measure: {name for _doctype, name in names(measure, scope)} for measure in FAMILIES["alerts"]}
	return {
		key: Counts(**{measure: sum(row.name in found for row in rows) for measure, found in behind.items()})
		for key, rows in groups.items()
	}


def _hours(rows: Rows) -> float | None:
	"""The median of the hours from raising to answering, of the alerts that were answered."""
	taken = [
		(row.answered_on - row.raised_on).total_seconds() / SECONDS_PER_HOUR
		for row in rows
		if row.answered_on
	]
	return round(median(taken), DECIMALS) if taken else None
