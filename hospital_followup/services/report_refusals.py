"""What a report cannot show is said above an empty table, never raised."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import frappe
from frappe import _

from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_scope import Filters

Execute = Callable[[Filters | None], Report]


def refusals_told(execute: Execute) -> Execute:
	"""`execute`, whose refusals become the sentence above the table.

	Frappe starts a timer before a script report and stops it after. One that raises leaves it running, and 15 seconds
	later the report is a prepared one for everybody, without a chart until a background job has run (Report.
	execute_script_report in 15.55): one person's wrong date would change the report for all.
	"""

	@wraps(execute)
	def run(filters: Filters | None = None) -> Report:
		try:
			return execute(filters)
		except (frappe.ValidationError, frappe.PermissionError) as refusal:
			frappe.clear_last_message()
			said = str(refusal) or _("You are not allowed to see these figures.")
			return [], [], said, None, []

	return run
