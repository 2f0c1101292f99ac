"""What is done beside the matter itself: it succeeds or is left out, and never undoes what a person has recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.model.document import Document

from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.runs import note_failure

#: What these failures are listed as among the runs.
JOB = "beside"


def beside(doc: Document, work: Callable[[Any], object]) -> None:
	"""Do `work` for `doc` in the running transaction; what fails is taken back alone and noted by its code, as a run that
	the health page names.

	A conflict goes up: the whole transaction is tried again.
	"""
	point = f"followup_{work.__module__.rsplit('.', 1)[-1]}"
	frappe.db.savepoint(point)
	try:
		work(doc)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
		frappe.db.rollback(save_point=point)
		frappe.clear_last_message()
		frappe.logger("hospital_followup").error("%s beside %s: %s", point, doc.name, code_of(error))
		note_failure(JOB, error, doc.doctype, doc.name, status="Finished")
	else:
		frappe.db.release_savepoint(point)
