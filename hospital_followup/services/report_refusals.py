"""What a report cannot show is said above an empty table, never raised."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import frappe
from frappe import _
from frappe.utils.html_utils import sanitize_html

from hospital_followup.services.failures import code_of
from hospital_followup.services.report_scope import Filters, plain

Execute = Callable[[Filters | None], tuple[Any, ...]]
SAVEPOINT = "followup_report"


def refusals_told(execute: Execute) -> Execute:
	"""`execute`, told its filters as texts; what goes wrong becomes the sentence above the table.

	Frappe starts a timer before a script report and stops it after. One that raises leaves it running, and 15 seconds
	later the report is a prepared one for everybody, without a chart until a background job has run (Report.
	execute_script_report in 15.55): one person's wrong date would change the report for all. It would also write an
	Error Log with every local variable, which are patients.
	"""

	@wraps(execute)
	def run(filters: Filters | None = None) -> tuple[Any, ...]:
		told_before = len(frappe.local.message_log)
		frappe.db.savepoint(SAVEPOINT)
		try:
			return execute(plain(filters))
		except (frappe.ValidationError, frappe.PermissionError) as refusal:
			said = sanitize_html(str(refusal), always_sanitize=True)
			said = said or _("You are not allowed to see these figures.")
		except Exception as error:
			frappe.logger("hospital_followup").error("%s: %s", execute.__module__, code_of(error))
			said = _(
				"This report could not be made. Check the filters and try again; if it stays like this, please tell "
				"your administrator."
			)
		frappe.db.rollback(save_point=SAVEPOINT)
		del frappe.local.message_log[told_before:]
		return [], [], said, None, []

	return run
