"""Many records at once, written as an import leaves them."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, today

from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories

DISCHARGE, PATIENT, PLAN, TASK = (
	"Patient Discharge",
	"Follow-up Patient",
	"Follow-up Plan",
	"Follow-up Task",
)


def pending_discharges(count: int, *, days_ago: int = 0) -> list[str]:
	"""Committed discharges without a decision, each of a patient of its own who can be called; their names."""
	factories.standard_policy()
	department = factories.department()
	patients, discharges = new_names(count), new_names(count)
	insert_rows(
		PATIENT,
		[
			{
				"name": name,
				"patient_id": f"B-{name}",
				"external_key": f"|B-{name}",
				"patient_name": f"Patient {name}",
				"company": "",
				"status": "Active",
				"mobile": "+8613812345678",
				"mobile_status": "Unknown",
				"date_of_birth": "1960-01-01",
			}
			for name in patients
		],
	)
	insert_rows(
		DISCHARGE,
		[
			{
				"name": name,
				"patient": patient,
				"patient_name": f"Patient {patient}",
				"discharge_date": add_days(today(), -days_ago),
				"disposition": "Home",
				"department": department,
				"company": "",
				"given_risk_tier": "High",
				"decision": "Pending",
				"key": f"id||{name}",
				"external_id": name,
			}
			for name, patient in zip(discharges, patients, strict=True)
		],
	)
	frappe.db.commit()  # reason: other processes must see them
	return discharges


def nothing_lost(discharges: list[str]) -> None:
	"""Each discharge is either wholly planned or still waits; nothing is there twice or half."""
	rows = frappe.get_all(
		DISCHARGE,
		filters={"name": ("in", discharges)},
		fields=["name", "decision", "plan", "planned_contacts", "tier"],
		order_by="name",
	)
	assert len(rows) == len(discharges)
	plans = frappe.get_all(
		PLAN, filters={"discharge": ("in", discharges)}, fields=["name", "discharge"], order_by="name"
	)
	tasks = frappe.get_all(
		TASK, filters={"discharge": ("in", discharges)}, fields=["plan", "key"], order_by="name"
	)
	by_discharge = {plan.discharge: plan.name for plan in plans}
	assert len(by_discharge) == len(plans), "two plans for one discharge"
	assert len({task.key for task in tasks}) == len(tasks), "one contact twice"
	for row in rows:
		made = [task for task in tasks if task.plan == row.plan]
		if row.decision == "Pending":
			assert row.name not in by_discharge and not row.tier and not made
		else:
			assert row.decision == "Planned"
			assert by_discharge[row.name] == row.plan and len(made) == row.planned_contacts > 0


def decided(discharges: list[str]) -> int:
	"""How many of these have a decision by now, as another connection sees it."""
	frappe.db.rollback()
	return frappe.db.count(DISCHARGE, {"name": ("in", discharges), "decision": ("!=", "Pending")})
