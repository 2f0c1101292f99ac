"""Who approved a document and when, written at the moment its status becomes Approved."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime


def stamp_approval(doc: Document) -> None:
	"""Fill `approved_by` and `approved_on` when the document is approved; a draft carries neither."""
	if doc.status == "Draft":
		doc.approved_by = doc.approved_on = None
	elif doc.status == "Approved" and doc.has_value_changed("status"):
		doc.approved_by, doc.approved_on = frappe.session.user, now_datetime()
