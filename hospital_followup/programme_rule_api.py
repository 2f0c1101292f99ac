"""What the form of a Programme Rule asks. Nothing here writes."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import programme_rules

RULE = programme_rules.RULE
PATIENT = programme_rules.PATIENT


@frappe.whitelist(methods=["POST"])
def try_programme_rule(rule: str) -> dict[str, Any]:
	"""Whom a saved rule would enrol if it ran on everybody now: how many, and some of those the user may see.

	Raises InvalidValueError while no version of the pathway is approved.
	"""
	frappe.has_permission(RULE, "write", doc=rule, throw=True)
	found = programme_rules.named(rule)
	if found is None:
		frappe.throw(
			_("No version of {0} is approved. Approve one first; until then nobody is enrolled.").format(
				frappe.bold(frappe.db.get_value(RULE, rule, "pathway"))
			),
			InvalidValueError,
			title=_("Pathway Not Approved"),
		)
	result = programme_rules.trial(found, getdate(today()))
	shown = frappe.get_list(
		PATIENT,
		filters={"name": ("in", result.pop("first") or [""])},
		fields=["name", "patient_name"],
		order_by="name",
		limit=programme_rules.SHOWN,
	)
	return {**result, "pathway": found.pathway, "first": shown}
