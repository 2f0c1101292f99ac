"""Documents as somebody typed them, not saved yet: for tests of what a form accepts, refuses and completes."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from hospital_followup.engine.model import RISK_TIERS, VALUE_TIERS
from hospital_followup.tests import factories

CONTACTS = {"High": 3, "Medium": 2, "Low": 1}


def new(doctype: str, **values: Any) -> Document:
	"""An unsaved document."""
	return frappe.get_doc({"doctype": doctype, **values})


def patient(**values: Any) -> Document:
	"""A saved patient of whom little is known: no age, no sex."""
	return factories.patient(**{"patient_name": "李梅", "date_of_birth": None, "sex": None, **values})


def discharge(**values: Any) -> Document:
	"""Home, yesterday; of a new patient unless one is given."""
	person = values.pop("patient", None) or patient().name
	return new(
		"Patient Discharge",
		**{"patient": person, "discharge_date": add_days(today(), -1), "disposition": "Home", **values},
	)


def policy(**values: Any) -> Document:
	"""A draft policy with all nine cells."""
	rules = [policy_rule(risk_tier=risk, value_tier=value) for risk in RISK_TIERS for value in VALUE_TIERS]
	return new(
		"Follow-up Policy", **{"title": f"Test {frappe.generate_hash(length=6)}", "rules": rules, **values}
	)


def policy_rule(**values: Any) -> dict[str, Any]:
	"""One weekly row of the matrix; value adds contacts."""
	return {
		"interval": 1,
		"interval_unit": "Week",
		"contacts": CONTACTS[values.get("value_tier", "Low")],
		"first_contact_day": 2,
		"channel": "Phone",
		"role": "Follow-up Specialist",
		"topics": "Condition, Guidance",
		**values,
	}


def department(**values: Any) -> Document:
	"""A department with a name of its own."""
	return new(
		"Follow-up Department", **{"department_name": f"Ward {frappe.generate_hash(length=6)}", **values}
	)


def calendar(**values: Any) -> Document:
	"""Monday to Friday."""
	return new("Follow-up Calendar", **{"title": f"Calendar {frappe.generate_hash(length=6)}", **values})
