"""The revisit that a contact is about, as the caller sees it before the call."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, getdate, today

from hospital_followup.engine.revisits import MISSED
from hospital_followup.services.revisits import UNDECIDED

REVISIT = "Follow-up Revisit"
FIELDS = (
	*("name", "expected_on as date", "preparation", "status", "discharge", "reminded_on"),
	*("appointment_doctype", "appointment", "appointment_at", "appointment_with"),
)
#: A revisit missed longer ago than this is no matter for a call any more.
MISSED_DAYS = 60
LOOKED_AT = 10


def revisit_of(task: frappe._dict) -> frappe._dict | None:
	"""The revisit that comes next: the task's own, else the patient's first.

	One that was expected and not kept stays the next until it is settled.
	"""
	if not frappe.has_permission(REVISIT, "read"):
		return None
	rows = frappe.get_list(
		REVISIT,
		filters={
			"patient": task.patient,
			"status": ("in", UNDECIDED),
			"expected_on": (">=", add_days(today(), -MISSED_DAYS)),
		},
		fields=list(FIELDS),
		order_by="expected_on, name",
		limit=LOOKED_AT,
	)
	rows.sort(key=lambda row: (row.name != task.revisit, row.status == MISSED))
	if not rows:
		return None
	row = rows[0]
	row.may_write = bool(frappe.has_permission(REVISIT, "write"))
	row.passed = row.date < getdate(today())
	return row
