"""A person's contacts of one day on paper, for the morning on which the network is down."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from hospital_followup.services.day_list import day_list

Filters = dict[str, Any]


def execute(filters: Filters | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
	"""Columns and rows of the report; the rows that the session's user may see."""
	chosen = frappe._dict(filters or {})
	return columns(), day_list(chosen.date, user=chosen.assigned_to, department=chosen.department)


def columns() -> list[dict[str, Any]]:
	return [
		{"fieldname": "time", "label": _("Time"), "fieldtype": "Data", "width": 110},
		{
			"fieldname": "task",
			"label": _("Task"),
			"fieldtype": "Link",
			"options": "Follow-up Task",
			"hidden": 1,
		},
		{"fieldname": "patient_name", "label": _("Patient"), "fieldtype": "Data", "width": 130},
		{"fieldname": "number", "label": _("Phone Number"), "fieldtype": "Data", "width": 170},
		{"fieldname": "due_date", "label": _("Due Date"), "fieldtype": "Date", "width": 110},
		{"fieldname": "why", "label": _("Why"), "fieldtype": "Data", "width": 300},
		{"fieldname": "attempts", "label": _("Attempts"), "fieldtype": "Int", "width": 90},
		{"fieldname": "staff", "label": _("Assigned To"), "fieldtype": "Data", "width": 130},
	]
