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
from frappe.utils import getdate, today

STANDARD_POLICY = Path(frappe.get_app_path("hospital_followup", "seed", "policy.json"))


def days_from_now(days: int) -> date:
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


def tasks_of(plan: str, **filters: Any) -> list[frappe._dict]:
	"""The tasks of a plan in their order."""
	return frappe.get_all(
		"Follow-up Task", filters={"plan": plan, **filters}, fields=["*"], order_by="sequence, due_date"
	)
