"""The revisit that a contact is about, as the caller sees it before the call."""

from __future__ import annotations

import frappe
from frappe.utils import getdate, today

from hospital_followup.services import revisits

REVISIT = revisits.REVISIT
FIELDS = (
	*("name", "expected_on as date", "preparation", "status", "discharge", "reminded_on"),
	*("appointment_doctype", "appointment", "appointment_at", "appointment_with"),
)


def revisit_of(task: frappe._dict) -> frappe._dict | None:
	"""The revisit that a contact for this task is about, as far as the session's user may read it.

	One that was expected and not kept stays the next until it is settled.
	"""
	if not frappe.has_permission(REVISIT, "read"):
		return None
	rows = frappe.get_list(
		REVISIT,
		filters={"name": revisits.next_of(task.patient, task.revisit) or ""},
		fields=list(FIELDS),
		order_by="name",
	)
	if not rows:
		return None
	row = rows[0]
	row.may_write = bool(frappe.has_permission(REVISIT, "write"))
	row.passed = row.date < getdate(today())
	return row
