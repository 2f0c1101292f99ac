"""When do people answer? Attempts by hour, weekday and number of the attempt, and what became of them."""

from __future__ import annotations

from hospital_followup.services.report_attempts import attempt_report
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	return attempt_report(filters)
