"""Who was erased, and that nothing brings them back."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import ErasureError

PATIENT = "Follow-up Patient"


def is_erased(patient: str | None) -> bool:
	"""Whether only an empty record is left of this patient."""
	return bool(patient and frappe.db.get_value(PATIENT, patient, "erased_on"))


def refuse_erased(patient: str | None) -> None:
	"""Raise ErasureError when the patient was erased: there is nobody left to change or to follow up."""
	if is_erased(patient):
		frappe.throw(
			_(
				"This patient was erased; only figures are left. If the person comes back, the next discharge makes a new record."
			),
			ErasureError,
			title=_("Not possible"),
		)


def check(doc: Document, method: str | None = None) -> None:
	"""Before a record about a patient is saved or cancelled (doc_events): nothing is written about who was erased."""
	if doc.doctype != PATIENT:
		refuse_erased(doc.get("patient"))
	elif not doc.is_new():
		refuse_erased(doc.name)
