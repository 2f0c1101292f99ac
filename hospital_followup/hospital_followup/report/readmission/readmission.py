"""Who was admitted again within 30 days of the discharge, and how often."""

from __future__ import annotations

from hospital_followup.services.report_discharges import readmitted
from hospital_followup.services.report_figures import FigureReport, Report, figures_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters

SHOWN = FigureReport(
	groups=("Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"),
	columns=("discharges", "readmissions", "readmission_rate"),
	charted=("readmission_rate",),
	summary=("readmission_rate", "discharges", "readmissions"),
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	report = figures_report(SHOWN, filters)
	if (filters or {}).get("show") != "Readmitted Patients":
		return report
	columns, rows = readmitted(filters)
	return columns, rows, *report[2:]
