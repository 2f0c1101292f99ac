"""Which discharges are one and the same stay, however often and from wherever they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe.utils import getdate

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)


def discharge_key(doc: PatientDischarge) -> str:
	"""The external id, else the source document, else patient and date (model.md); the database keeps it unique."""
	if doc.external_id:
		return f"id|{doc.company or ''}|{doc.external_id}"
	if doc.source_doctype and doc.source_name:
		return f"source|{doc.source_doctype}|{doc.source_name}"
	return f"patient|{doc.patient}|{getdate(doc.discharge_date).isoformat()}"
