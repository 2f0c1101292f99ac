"""The home visits of one day in the order of the route, per person; to be printed and taken along."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.services import visits
from hospital_followup.services.report_columns import Column, Row, column
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import day_of


@refusals_told
def execute(filters: dict[str, Any] | None = None) -> tuple[list[Column], list[Row]]:
	wanted = frappe._dict(filters or {})
	rows = visits.day_list(
		day_of(wanted, "day") or getdate(today()),
		person=wanted.person or None,
		department=wanted.department or None,
	)
	for row in rows:
		topics = (topic.strip() for topic in (row["topics"] or "").split(","))
		row["topics"] = ", ".join(_(topic) for topic in topics if topic)
		row["preferred_slot"] = _(row["preferred_slot"]) if row["preferred_slot"] else None
		row["clock"] = row["time"].strftime("%H:%M") if row["time"] else row["preferred_slot"]
	return columns(), rows


def columns() -> list[Column]:
	return [
		column("place", _("Place in the Route"), "Int", 90),
		column("move", _("Move"), "Data", 90),
		column("clock", _("Time"), "Data", 80),
		column("patient_name", _("Patient"), "Data", 120),
		column("age", _("Age"), "Int", 60),
		column("home_address", _("Home Address"), "Data", 260),
		column("directions", _("Directions for a Visit"), "Data", 220),
		column("mobile", _("Mobile"), "Data", 150),
		column("special_care_note", _("What to Consider"), "Data", 180),
		column("topics", _("Topics"), "Data", 160),
		column("attempts", _("Attempts So Far"), "Int", 80),
		column("assigned_name", _("Assigned To"), "Data", 120),
		column("department", _("Department"), "Link", 130, "Follow-up Department"),
	]
