"""The records that a number of another report counts, one by one: the way down where no list can show exactly them."""

from __future__ import annotations

from hospital_followup.services.report_behind import behind_report
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows and the sentence above, of the records that the session's user may know of."""
	return behind_report(filters)
