"""Is follow-up done, in time, and does it reach people? Completion, timeliness, coverage and reach by group."""

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
		"planned",
		"completed",
		"completion_rate",
		"completed_in_window",
		"timeliness",
		"missed",
		"skipped",
		"open_tasks",
		"cancelled",
		"informed",
		"attempts",
		"attempts_reached",
		"reach_rate",
		"discharges",
		"discharges_covered",
		"coverage",
	),
	charted=("completion_rate", "timeliness"),
	summary=("completion_rate", "timeliness", "coverage", "reach_rate"),
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	return figures_report(SHOWN, filters)
