"""How fast alerts are taken up and answered, and which rules raise alarms that are true."""

from __future__ import annotations

from hospital_followup.services.report_alerts import alert_report
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	return alert_report(filters)
