"""Is the promise kept for everybody alike? Completion by value tier inside each risk tier."""

from __future__ import annotations

import frappe

from hospital_followup.services.report_equity import equity_report
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary. The value tier is not for everybody (rules.md)."""
	frappe.has_permission("Patient Value", "read", throw=True)
	return equity_report(filters)
