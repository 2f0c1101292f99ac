"""Fields above a reader's level must not be guessed at either: not by filters, not by counts, not by old versions.

Frappe 15 checks the level of the columns that a list returns, not of those it filters, sorts or groups by;
`frappe.client.get_count` checks nothing; and the versions of a document are sent with all their values.
"""

import json
import re

import frappe
from frappe import _
from frappe.core.doctype.docfield.docfield import DocField
from frappe.desk import reportview
from frappe.model.document import Document

from hospital_followup.services.phone import masked

#: What a list can be asked by, in the requests of lists, reports, number cards and charts.
ASKED_BY = (
	*("filters", "or_filters", "filters_json", "current_filters", "order_by", "sort_by"),
	*("group_by", "group_by_based_on", "field", "searchfield"),
)
#: Where a request names the columns that it wants.
LISTED = ("fields", "fieldname")
HIDDEN = "•••"
MODULE = "Hospital Followup"


def refuse_hidden_filters(doctype: str, user: str) -> None:
	"""Raise PermissionError when the request asks for rows by a field that `user` may not read."""
	form = getattr(frappe.local, "form_dict", None)
	words = _asked(form) if form else set()
	for fieldname in words & hidden_fields(doctype, user) if words else ():
		frappe.throw(
			_("You may not filter or sort {0} by {1}.").format(_(doctype), fieldname),
			frappe.PermissionError,
			title=_("Not permitted"),
		)


def _asked(form: dict[str, object]) -> set[str]:
	"""Every word by which the request selects, sorts or counts, in lower case as the database reads column names."""
	asked = [_decoded(form.get(key)) for key in ASKED_BY]
	for key in LISTED:
		fields = _decoded(form.get(key))
		# Frappe leaves out a column above one's level, but of a function's arguments it looks at the first only.
		asked += [field for field in (fields if isinstance(fields, list) else [fields]) if "(" in str(field)]
	return set(re.findall(r"\w+", " ".join(str(part) for part in asked if part).lower()))


def _decoded(value: object) -> object:
	"""JSON as Frappe will read it: a name may be written with escapes."""
	try:
		return json.loads(value) if isinstance(value, str) else value
	except ValueError:
		return value


def hidden_fields(doctype: str, user: str) -> set[str]:
	"""Fields of `doctype` whose level `user` may not read."""
	meta = frappe.get_meta(doctype)
	levels = meta.get_permlevel_access("read", user=user)
	return {field.fieldname for field in meta.fields if field.permlevel and field.permlevel not in levels}


@frappe.whitelist(methods=["GET", "POST"])
def get_count(
	doctype: str, filters: str | dict | list | None = None, debug: bool = False, cache: bool = False
) -> int:
	"""`frappe.client.get_count`, with the permissions of lists for the doctypes of this app."""
	if frappe.get_meta(doctype).module == MODULE:
		return reportview.get_count()
	return frappe.client.get_count(doctype, filters, debug, cache)


def mask_version(doc: Document, method: str | None = None) -> None:
	"""Before a Version is kept (doc_events): which protected field changed stays visible, the values do not."""
	if not doc.data or frappe.get_meta(doc.ref_doctype).module != MODULE:
		return
	data = json.loads(doc.data)
	protected = {
		field.fieldname: field for field in frappe.get_meta(doc.ref_doctype).get_high_permlevel_fields()
	}
	for change in data.get("changed") or []:
		if field := protected.get(change[0]):
			change[1:] = [_mask(field, value) for value in change[1:]]
	for kind in ("added", "removed"):
		data[kind] = [[field, {} if field in protected else row] for field, row in data.get(kind) or []]
	data["row_changed"] = [
		[field, index, row, [] if field in protected else changes]
		for field, index, row, changes in data.get("row_changed") or []
	]
	doc.data = frappe.as_json(data, indent=None, separators=(",", ":"))


def _mask(field: DocField, value: object) -> str:
	"""Of a telephone number enough to tell two apart, of anything else only that it was there."""
	if not value:
		return ""
	return (masked(str(value)) if field.fieldname.endswith("mobile") else None) or HIDDEN
