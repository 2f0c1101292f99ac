"""What the number cards of the dashboard and the workspace ask. Reads only; what a person may see decides services/insight.py."""

from typing import Any

import frappe

from hospital_followup.services import insight


@frappe.whitelist(methods=["GET", "POST"])
def indicator_card(filters: str | dict[str, Any] | list[Any] | None = None) -> dict[str, Any] | str:
	"""One indicator of the period, what it is made of, the period before, and the report behind it; "–" when not known.

	`filters`: `indicator`, and what the dashboard is filtered by (`from_date`, `to_date`, `company`, `department`).
	"""
	frappe.has_permission("Follow-up Task", "read", throw=True)
	return insight.indicator_card(_filters(filters)) or insight.UNKNOWN


@frappe.whitelist(methods=["GET", "POST"])
def waiting_card(filters: str | dict[str, Any] | list[Any] | None = None) -> dict[str, Any]:
	"""How many records wait for somebody, and the list that shows exactly these.

	`filters`: `waiting` (services/insight.py), and what the dashboard is filtered by.
	"""
	frappe.has_permission("Follow-up Task", "read", throw=True)
	return insight.waiting_card(_filters(filters))


def _filters(filters: str | dict[str, Any] | list[Any] | None) -> dict[str, Any]:
	parsed = frappe.parse_json(filters) or {}
	return dict(parsed) if isinstance(parsed, dict) else {}
