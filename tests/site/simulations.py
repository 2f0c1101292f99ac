"""Questions to the simulator, and discharges that it can be held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.decisions import Contact
from hospital_followup.services.simulation import Scenario, past_discharges, past_names
from hospital_followup.services.simulation_choice import PAST, Proposed, chosen
from hospital_followup.tests import factories
from tests.site.samples import saved

Line = tuple[str, date, date, str, str]


def day(number: int) -> date:
	return getdate(today()) + timedelta(days=number)


def question(policy: str, **values: Any) -> dict[str, Any]:
	return {
		"policy": policy,
		"pathways": [],
		"source": PAST,
		"from_date": day(-30),
		"to_date": day(0),
		**values,
	}


def discharge(of: str | None = None, *, later: bool = False, **values: Any) -> Any:
	"""`later`: it stays without a plan, as an import leaves it."""
	if not later:
		return factories.discharge(of, **values)
	given = {"given_risk_tier": "High", "department": factories.department(), **values}
	doc = frappe.get_doc({"doctype": "Patient Discharge", "patient": of or factories.patient().name, **given})
	doc.flags.plan_later = True
	return doc.insert()


def pathway(title: str = "After Cholecystectomy", **values: Any) -> Any:
	"""A draft for K80 whose first contact falls together with the policy's, and whose second does not."""
	steps = [
		{"title": "Wound", "offset": 3, "window_days": 3, "channel": "Phone", "role": "Follow-up Doctor"},
		{"title": "Month", "offset": 1, "offset_unit": "Month", "window_days": 5, "topics": "Revisit"},
	]
	return saved("Care Pathway", title=title, **{"diagnoses": [{"code": "K80"}], "steps": steps, **values})


def dense_policy(title: str = "Dense", **values: Any) -> Any:
	"""A draft in which everybody is called on the three days after the discharge: the cap of a week leaves no more."""
	doc = factories.policy(title, activate=False, **values)
	for row in doc.rules:
		row.update({"interval": 1, "interval_unit": "Day", "contacts": 5, "first_contact_day": 1})
		row.update({"channel": "Phone", "role": "Follow-up Specialist"})
	return doc.save()


def contacts_of(policy: str, pathways: Iterable[str], since: date, until: date) -> dict[str, list[Line]]:
	"""What the simulator makes of the discharges of a period, by discharge."""
	scenario = Scenario(Proposed(chosen(policy, list(pathways))), since)
	return {
		item.row["name"]: [line(contact) for contact in scenario.plan(item)]
		for item in past_discharges(past_names(since, until))
	}


def line(contact: Contact) -> Line:
	return (contact.key, contact.due_date, contact.expires_on, contact.channel, contact.role)


def tasks_of(discharge: str) -> list[Line]:
	"""What real planning wrote."""
	rows = frappe.get_all(
		"Follow-up Task",
		filters={"discharge": discharge, "status": ("!=", "Cancelled")},
		fields=["key", "due_date", "expires_on", "channel", "role"],
		order_by="sequence, due_date",
	)
	return [(row.key, row.due_date, row.expires_on, row.channel, row.role) for row in rows]
