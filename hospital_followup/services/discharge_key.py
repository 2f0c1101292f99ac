"""Which discharges are one and the same stay, however often and from wherever they arrive."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from frappe.utils import getdate
from frappe.utils.password import get_encryption_key

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


def erased_key(key: str) -> str:
	"""The key of an erased stay: known again when the stay is told again, and no way back to the hospital's number of it.

	The other keys name records of this site only; the proof that no stay was forgotten asks the database for them.
	"""
	if not key.startswith("id|"):
		return key
	mark = hmac.new(get_encryption_key().encode(), f"erased discharge|{key}".encode(), hashlib.sha256)
	return f"erased|{mark.hexdigest()}"


def forms_of(key: str) -> tuple[str, ...]:
	"""The keys under which a stay may be recorded: its own, and that of an erased one."""
	return tuple(dict.fromkeys((key, erased_key(key))))
