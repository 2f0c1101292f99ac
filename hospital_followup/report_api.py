"""What the reports call: where the records behind a number are, and what a filter can be set to."""

from typing import Any

import frappe
from frappe import _

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.figure_records import list_filters
from hospital_followup.services.report_behind import known_measure
from hospital_followup.services.report_scope import plain, scope_behind

#: Filters that are texts: where the reader's own records hold them.
TEXTS = {
	"company": ("Patient Discharge", "company"),
	"doctor": ("Patient Discharge", "attending_doctor"),
}
CHOICES = 20


@frappe.whitelist(methods=["GET", "POST"])
def list_behind(measure: str, filters: str | dict[str, Any]) -> dict[str, Any] | None:
	"""The list that shows exactly the records behind a number, as doctype and filters; None when no list can."""
	frappe.has_permission("Follow-up Task", "report", throw=True)
	chosen = frappe.parse_json(filters)
	if not isinstance(chosen, dict):
		frappe.throw(_("The filters cannot be read."), InvalidValueError)
	chosen = plain(chosen)
	scope = scope_behind(known_measure(measure), chosen)
	if chosen.get("group_by") or chosen.get("first_day"):
		return None
	found = list_filters(measure, scope)
	return {"doctype": found[0], "filters": found[1]} if found else None


@frappe.whitelist(methods=["GET", "POST"])
def choices(field: str, txt: str = "") -> list[str]:
	"""What a filter that is a text can be set to: the values in the records that the reader may see."""
	if field not in TEXTS:
		frappe.throw(_("There is nothing to choose from."), InvalidValueError)
	doctype, fieldname = TEXTS[field]
	return frappe.get_list(
		doctype,
		filters=[[fieldname, "is", "set"], [fieldname, "like", f"%{txt}%"]],
		pluck=fieldname,
		distinct=True,
		order_by=fieldname,
		limit=CHOICES,
	)
