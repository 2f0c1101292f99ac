"""What an event of another app could not leave with us at the time: noted in its transaction, done again by the dispatcher."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from hospital_followup.services.runs import RUN, note_failure

JOB = "intake"
Missed = tuple[str, str, str]


def note(error: BaseException, doctype: str, name: str) -> None:
	"""Note in the current transaction that the event of this document failed, once for as long as it is not resolved."""
	if not any(row[1:] == (doctype, name) for row in unresolved()):
		note_failure(JOB, error, doctype, name)


def unresolved() -> list[Missed]:
	"""(run, doctype, name) of each noted event that nothing has made up for since, oldest first."""
	run, error = frappe.qb.DocType(RUN), frappe.qb.DocType("Follow-up Run Error")
	rows = (
		frappe.qb.from_(run)
		.inner_join(error)
		.on(error.parent == run.name)
		.select(run.name, error.reference_doctype, error.reference_name)
		.where((run.job == JOB) & (run.status == "Failed"))
		.orderby(run.started_at)
		.orderby(run.name)
		.run()
	)
	return [tuple(row) for row in rows]


def resolve(run_name: str) -> None:
	"""What the event should have done has been done."""
	values = {"status": "Finished", "done": 1, "failed": 0, "ended_at": now_datetime()}
	frappe.db.set_value(RUN, run_name, values)
