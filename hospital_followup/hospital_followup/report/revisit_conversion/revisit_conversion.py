"""Of the patients due for a revisit, who came, and who came after a contact that reminded them."""

from __future__ import annotations

from hospital_followup.services.report_figures import FigureReport, Report, figures_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters

SHOWN = FigureReport(
	groups=("Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"),
	columns=("revisits_due", "revisits_kept", "revisits_attended", "revisit_conversion"),
	charted=("revisit_conversion",),
	summary=("revisit_conversion", "revisits_due", "revisits_kept", "revisits_attended"),
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	return figures_report(SHOWN, filters)
