"""Documents for tests, made the way a person makes them: through `insert`, with all hooks and permissions.

Every function takes the fields that matter to the test and fills in the rest.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime, today

STANDARD_POLICY = Path(frappe.get_app_path("hospital_followup", "seed", "policy.json"))


def days_from_now(days: int = 0) -> date:
	"""The site's today plus `days`."""
	return getdate(today()) + timedelta(days=days)


def department(name: str = "Test Surgery", **fields: Any) -> str:
	"""Name of a Follow-up Department, made when missing."""
	if not frappe.db.exists("Follow-up Department", name):
		frappe.get_doc({"doctype": "Follow-up Department", "department_name": name, **fields}).insert()
	return name


def patient(**fields: Any) -> Document:
	"""A patient who can be called."""
	number = frappe.generate_hash(length=8)
	return frappe.get_doc(
		{
			"doctype": "Follow-up Patient",
			"patient_id": f"P-{number}",
			"patient_name": f"Test Patient {number}",
			"sex": "Female",
			"date_of_birth": "1960-05-04",
			"mobile": "13800138000",
			**fields,
		}
	).insert()


def discharge(of: str | None = None, **fields: Any) -> Document:
	"""A discharge of today for a fresh patient (or the patient `of`), High risk unless told otherwise."""
	values = {"discharge_date": today(), "given_risk_tier": "High", "department": department(), **fields}
	return frappe.get_doc(
		{"doctype": "Patient Discharge", "patient": of or patient().name, **values}
	).insert()


def value(of: str, value_tier: str) -> Document:
	"""The value tier of a patient, as a supervisor's import gives it."""
	return frappe.get_doc({"doctype": "Patient Value", "patient": of, "value_tier": value_tier}).insert()


def policy(title: str = "Standard", *, activate: bool = True, **fields: Any) -> Document:
	"""The nine-cell policy of the package, as its own document."""
	rules = json.loads(STANDARD_POLICY.read_text(encoding="utf-8"))["rules"]
	for rule in rules:
		rule["topics"] = ", ".join(rule["topics"])
	doc = frappe.get_doc(
		{"doctype": "Follow-up Policy", "title": title, "version": 1, "rules": rules, **fields}
	).insert()
	if activate:
		doc.db_set("status", "Active")
	return doc


def standard_policy() -> None:
	"""Make sure that the standard policy is active, as it is on a site where the app was installed."""
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		policy()


def tasks_of(plan: str, **filters: Any) -> list[frappe._dict]:
	"""The tasks of a plan in their order."""
	return frappe.get_all(
		"Follow-up Task", filters={"plan": plan, **filters}, fields=["*"], order_by="sequence, due_date"
	)


def plan(of: str | None = None, **fields: Any) -> Document:
	"""An Active plan without any task, for a fresh patient or the patient `of`."""
	return frappe.get_doc(
		{
			"doctype": "Follow-up Plan",
			"patient": of or patient().name,
			"status": "Active",
			"start_date": today(),
			"planned_contacts": 1,
			"key": f"test|{frappe.generate_hash(length=8)}",
			**fields,
		}
	).insert()


def task(of: Document | None = None, **fields: Any) -> Document:
	"""A planned call of the plan `of` (or of none), Open since today and for six more days.

	Written as the services write it, so that a test can start from any state.
	"""
	doc = frappe.get_doc(
		{
			"doctype": "Follow-up Task",
			"patient": fields.pop("patient", None) or (of.patient if of else patient().name),
			"plan": of.name if of else None,
			"kind": "Planned",
			"status": "Open",
			"due_date": days_from_now(0),
			"opens_on": days_from_now(0),
			"expires_on": days_from_now(6),
			"channel": "Phone",
			"role": "Follow-up Specialist",
			"risk_tier": "Medium",
			**fields,
		}
	)
	doc.flags.followup_service = True
	return doc.insert()


def log(of: Document, outcome: str, **fields: Any) -> Document:
	"""A submitted log of the task `of`, saved and then submitted as the form does it."""
	doc = frappe.get_doc(
		{
			"doctype": "Follow-up Log",
			"task": of.name,
			"patient": of.patient,
			"outcome": outcome,
			"contacted_at": now_datetime(),
			"staff": frappe.session.user,
			**fields,
		}
	).insert()
	return doc.submit()


def staff(user: str, *departments: str, role: str = "Follow-up Specialist", **fields: Any) -> Document:
	"""Somebody who takes contacts of these departments, of every department when none is given."""
	doc = frappe.get_doc({"doctype": "Follow-up Staff", "user": user, "role": role, **fields})
	for name in departments:
		doc.append("departments", {"department": name})
	return doc.insert()
