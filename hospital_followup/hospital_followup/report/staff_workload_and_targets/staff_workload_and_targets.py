"""Who does how much, against the targets that were agreed, and what is waiting for whom today."""

from __future__ import annotations

from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters
from hospital_followup.services.report_staff import staff_report


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary; one's own row for those who see only their own work."""
	return staff_report(filters)
