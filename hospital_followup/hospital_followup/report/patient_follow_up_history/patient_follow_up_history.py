"""Everything that was done for one patient, or for all patients of the reader in a period: contact by contact."""

from __future__ import annotations

from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_history import history_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, of the contacts that the session's user may read."""
	return history_report(filters)
