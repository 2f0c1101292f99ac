"""Which telephone numbers lead nowhere, so that somebody puts them right before the next contact is due."""

from __future__ import annotations

from typing import Any

from frappe import _

from hospital_followup.services import number_list
from hospital_followup.services.report_columns import Column, Row, column
from hospital_followup.services.report_refusals import refusals_told


@refusals_told
def execute(filters: dict[str, Any] | None = None) -> tuple[list[Column], list[Row]]:
	rows = number_list.rows(filters or {})
	for row in rows:
		row["whose_label"] = _(row["whose"])
		row["state_label"] = _(row["state"])
	return columns(), rows


def columns() -> list[Column]:
	return [
		column("patient_name", _("Patient"), "Data", 130),
		column("patient_id", _("Hospital Number"), "Data", 120),
		column("whose_label", _("Whose Number"), "Data", 110),
		column("number", _("Telephone Number"), "Data", 130),
		column("state_label", _("State of the Number"), "Data", 130),
		column("action", _("Correct"), "Data", 130),
		column("since", _("Found Out"), "Date", 110),
		column("open_contacts", _("Open Contacts"), "Int", 110),
		column("next_due", _("Next Due"), "Date", 110),
		column("risk_tier", _("Risk Tier"), "Data", 100),
		column("department", _("Department"), "Link", 130, "Follow-up Department"),
	]
