"""Which share of the discharged patients was followed up (出院患者随访比例), and the discharges that were not."""

from __future__ import annotations

from hospital_followup.services.report_discharges import not_covered
from hospital_followup.services.report_figures import FigureReport, Report, figures_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters

SHOWN = FigureReport(
	groups=("Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"),
	columns=(
		"discharges",
		"discharges_planned",
		"discharges_covered",
		"coverage",
		"held_out",
		"died",
	),
	charted=("coverage",),
	summary=("coverage", "discharges", "discharges_covered", "held_out"),
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	report = figures_report(SHOWN, filters)
	if (filters or {}).get("show") != "Discharges Not Covered":
		return report
	columns, rows = not_covered(filters)
	return columns, rows, *report[2:]
