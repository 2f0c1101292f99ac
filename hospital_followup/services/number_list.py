"""The list of numbers that lead nowhere: whose, since when, and how many contacts wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from hospital_followup.channels.phone import DEAD_NUMBERS
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.services.attempts import NUMBER_STATE
from hospital_followup.services.numbers import NUMBER_FIELD
from hospital_followup.services.phone import masked

REPORT = "Phone Numbers to Correct"
PATIENT = "Follow-up Patient"
TASK = "Follow-up Task"
LOG = "Follow-up Log"
FIELDS = ("name", "patient_id", "patient_name", "risk_tier", "department", "caregiver_name")
STATES = tuple(state for state, _changed in NUMBER_STATE.values())


def rows(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""One row per number that leads nowhere, of the living patients whom the session's user may see.

	The patients with the earliest open contact first. Three queries, however many patients.
	"""
	wanted: dict[str, Any] = {"status": "Active"}
	if filters.get("department"):
		wanted["department"] = filters["department"]
	patients = frappe.get_list(
		PATIENT,
		filters=wanted,
		or_filters=[[PATIENT, state, "in", DEAD_NUMBERS] for state in STATES],
		fields=[*FIELDS, *STATES],
		order_by="name",
		limit=0,
	)
	names = [row.name for row in patients]
	numbers, waiting, found_out = _numbers(names), _waiting(names), _found_out(names)
	found = [
		{
			"patient": row.name,
			"patient_name": row.patient_name,
			"patient_id": row.patient_id,
			"whose": whose,
			"number": masked(numbers[row.name][NUMBER_FIELD[whose]]),
			"state": row[state],
			"since": found_out.get((row.name, whose)),
			"open_contacts": len(waiting.get(row.name, ())),
			"next_due": min(waiting.get(row.name, ()), default=None),
			"risk_tier": row.risk_tier,
			"department": row.department,
		}
		for row in patients
		for whose, (state, _changed) in NUMBER_STATE.items()
		if row[state] in DEAD_NUMBERS
	]
	return sorted(found, key=lambda row: (row["next_due"] is None, row["next_due"], row["patient_name"]))


def _numbers(patients: list[str]) -> dict[str, frappe._dict]:
	fields = ["name", *NUMBER_FIELD.values()]
	found = frappe.get_all(PATIENT, filters={"name": ("in", patients)}, fields=fields, order_by="name")
	return {row.name: row for row in found}


def _waiting(patients: list[str]) -> dict[str, list]:
	"""The due dates of the patients' contacts that are still to be done."""
	found: dict[str, list] = {}
	for row in frappe.get_all(
		TASK,
		filters={"patient": ("in", patients), "status": ("in", sorted(OPEN_STATUSES))},
		fields=["patient", "due_date"],
		order_by="name",
	):
		found.setdefault(row.patient, []).append(row.due_date)
	return found


def _found_out(patients: list[str]) -> dict[tuple[str, str], Any]:
	"""When each number was last found to lead nowhere."""
	logs = frappe.get_all(
		LOG,
		filters={"patient": ("in", patients), "docstatus": 1, "outcome": ("in", DEAD_NUMBERS)},
		fields=["patient", "contact_point", "contacted_at"],
		order_by="contacted_at",
	)
	return {(row.patient, row.contact_point or "Patient"): row.contacted_at for row in logs}
