"""What patients say: the mean of 1 to 5, the share of 4 and 5, and whether they would recommend the hospital."""

from __future__ import annotations

from hospital_followup.services.report_figures import FigureReport, Report, figures_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters

SHOWN = FigureReport(
	groups=(
		"Department",
		"Company",
		"Staff",
		"Doctor",
		"Risk Tier",
		"Channel",
		"Pathway",
		"Day",
		"Week",
		"Month",
	),
	columns=(
		"satisfaction_count",
		"satisfaction",
		"satisfaction_good",
		"satisfaction_share",
		"recommend_count",
		"promoters",
		"detractors",
		"nps",
	),
	charted=("satisfaction_share",),
	summary=("satisfaction", "satisfaction_share", "nps", "satisfaction_count"),
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	return figures_report(SHOWN, filters)
