"""The discharges behind coverage and readmission, one by one, with what one asks first about each."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import cint, date_diff

from hospital_followup.services.report_columns import Column, Row, column, count
from hospital_followup.services.report_records import NAMES_PER_QUERY, names, read
from hospital_followup.services.report_scope import Filters, scope_of
from hospital_followup.services.wording import sentences_of

DISCHARGE = "Patient Discharge"
TASK = "Follow-up Task"
FIELDS = (
	"name",
	"patient_name",
	"discharge_date",
	"department",
	"attending_doctor",
	"risk_tier",
	"decision",
	"decision_reason",
	"readmitted_on",
)


def not_covered(filters: Filters | None) -> tuple[list[Column], list[Row]]:
	"""The discharges without any completed follow-up: why, and how often it was tried. The oldest first."""
	scope = scope_of(filters)
	done = set(names("discharges_covered", scope))
	missing = [name for doctype, name in names("discharges", scope) if (doctype, name) not in done]
	attempts = _attempts(missing)
	rows = _rows(missing)
	for row in rows:
		row["reason"] = " ".join(sentences_of(row["decision_reason"]))
		row["attempts"] = attempts.get(row["name"], 0)
	columns = [*_columns(), column("reason", _("Reason"), width=260), count("attempts", _("Attempts"))]
	return columns, rows


def readmitted(filters: Filters | None) -> tuple[list[Column], list[Row]]:
	"""The discharges after which the patient was admitted again, with the days in between."""
	rows = _rows([name for _doctype, name in names("readmissions", scope_of(filters))])
	for row in rows:
		row["days"] = date_diff(row["readmitted_on"], row["discharge_date"])
	columns = [
		*_columns(),
		column("readmitted_on", _("Readmitted On"), "Date", 120),
		count("days", _("Days After Discharge"), 150),
	]
	return columns, rows


def _columns() -> list[Column]:
	return [
		column("patient_name", _("Patient"), width=130),
		column("discharge_date", _("Discharge Date"), "Date", 120),
		column("department", _("Department"), width=140),
		column("attending_doctor", _("Doctor"), width=120),
		column("risk_label", _("Risk Tier"), width=90),
		column("decision_label", _("Decision"), width=110),
	]


def _rows(wanted: Sequence[str]) -> list[Row]:
	found = sorted(read(DISCHARGE, wanted, FIELDS), key=lambda row: (row.discharge_date, row.name))
	return [
		{
			**row,
			"risk_label": _(row.risk_tier) if row.risk_tier else None,
			"decision_label": _(row.decision),
			"record": {"column": "patient_name", "doctype": DISCHARGE, "name": row.name},
		}
		for row in found
	]


def _attempts(discharges: Sequence[str]) -> dict[str, int]:
	"""How often somebody tried to reach the patient of each discharge."""
	tried: dict[str, int] = {}
	for start in range(0, len(discharges), NAMES_PER_QUERY):
		part = {"discharge": ("in", discharges[start : start + NAMES_PER_QUERY])}
		tasks = frappe.get_all(TASK, filters=part, fields=["discharge", "attempts"], order_by="name", limit=0)
		for task in tasks:
			tried[task.discharge] = tried.get(task.discharge, 0) + cint(task.attempts)
	return tried
