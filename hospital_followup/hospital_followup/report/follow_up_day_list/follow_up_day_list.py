"""A person's contacts of one day on paper, for the morning on which the network is down."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from hospital_followup.services.day_list import day_list
from hospital_followup.services.report_columns import Column, Row, column
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import day_of

Filters = dict[str, Any]


@refusals_told
def execute(filters: Filters | None = None) -> tuple[list[Column], list[Row]]:
	"""Columns and rows of the report; the rows that the session's user may see."""
	chosen = frappe._dict(filters or {})
	return columns(), day_list(day_of(chosen, "date"), user=chosen.assigned_to, department=chosen.department)


def columns() -> list[Column]:
	return [
		column("time", _("Time"), width=110),
		column("task", _("Task"), "Link", options="Follow-up Task", hidden=1),
		column("patient_name", _("Patient"), width=130),
		column("number", _("Phone Number"), width=170),
		column("due_date", _("Due Date"), "Date", 110),
		column("why", _("Why"), width=300),
		column("attempts", _("Attempts"), "Int", 90),
		column("staff", _("Assigned To"), width=130),
	]
