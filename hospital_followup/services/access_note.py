"""An entry in Frappe's Access Log in the running transaction; Frappe's own helper commits whatever is under way."""

from __future__ import annotations

import frappe
from frappe.utils import cstr


def note(
	doctype: str, document: str, method: str, *, file_type: str | None = None, counts: object = None
) -> None:
	"""Who did `method` with `document`, with plain counts; never anything about a patient."""
	frappe.get_doc(
		{
			"doctype": "Access Log",
			"user": frappe.session.user,
			"export_from": doctype,
			"reference_document": document,
			"method": method,
			"file_type": file_type,
			"filters": cstr(counts) or None,
		}
	).insert(ignore_permissions=True)  # reason: the system's own record of what a person did
