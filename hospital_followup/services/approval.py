"""Who approved a document and when, written at the moment its status becomes Approved."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate, now_datetime, today

from hospital_followup.exceptions import ReviewDateError


def stamp_approval(doc: Document) -> None:
	"""Fill `approved_by` and `approved_on` when the document is approved; a draft carries neither."""
	if doc.status == "Draft":
		doc.approved_by = doc.approved_on = None
	elif doc.status == "Approved" and doc.has_value_changed("status"):
		doc.approved_by, doc.approved_on = frappe.session.user, now_datetime()


def require_review_date(doc: Document) -> None:
	"""Nothing is approved for ever: at its approval a text names the day on which somebody looks at it again."""
	if doc.status != "Approved" or not doc.has_value_changed("status"):
		return
	field = frappe.bold(_(doc.meta.get_label("review_by")))
	if not doc.review_by:
		frappe.throw(
			_(
				"Enter in the field {0} when this text is to be looked at again, save, and approve it then."
			).format(field),
			ReviewDateError,
			title=_("Review Date Missing"),
		)
	if getdate(doc.review_by) < getdate(today()):
		frappe.throw(
			_("{0} in the field {1} has passed. Enter a day to come.").format(
				format_date(doc.review_by), field
			),
			ReviewDateError,
			title=_("Review Date Has Passed"),
		)
