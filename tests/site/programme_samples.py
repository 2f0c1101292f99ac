"""Patients in life-long programmes, for the tests of enrolments and their plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from hospital_followup.services import programme_plans, programme_rolling, programmes
from hospital_followup.services.programme_consents import ConsentGiven
from hospital_followup.tests import factories
from tests.site.samples import approved_pathway

ENROLMENT, PLAN, TASK = "Programme Enrolment", "Follow-up Plan", "Follow-up Task"
SIGNED = ConsentGiven("Signed form of the out-patient clinic")


def monthly(title: str = "Hypertension", *, times: int = 12, **step: Any) -> str:
	"""An approved pathway with a contact every month, counted from the enrolment; its name."""
	given = {
		"title": "Monthly",
		"offset": 1,
		"offset_unit": "Month",
		"repeat_every": 1,
		"repeat_unit": "Month",
		"repeat_count": times,
		"window_days": 3,
		"topics": "Guidance",
		**step,
	}
	return approved_pathway(title=title, anchor="Enrolment", steps=[given])


def after_days(*days: int, title: str = "Diabetes", anchor: str = "Enrolment", **step: Any) -> str:
	"""An approved pathway with a contact on each of these days after its anchor; its name."""
	steps = [
		{
			"title": f"Day {day}",
			"offset": day,
			"offset_unit": "Day",
			"window_days": 3,
			"topics": "Guidance",
			**step,
		}
		for day in days
	]
	return approved_pathway(title=title, anchor=anchor, steps=steps)


def enrolled(patient: str, pathway: str, **values: Any) -> Document:
	"""An enrolment of a patient who has agreed."""
	name = programmes.enrol(patient, pathway, **{"consent": SIGNED, **values})
	return frappe.get_doc(ENROLMENT, name)


def plan_of(enrolment: Document) -> Document:
	return frappe.get_doc(PLAN, {"enrolment": enrolment.name})


def tasks_of(enrolment: Document, **filters: Any) -> list[frappe._dict]:
	return factories.tasks_of(plan_of(enrolment).name, **filters)


def open_days(enrolment: Document) -> list[date]:
	rows = tasks_of(enrolment, status=("in", ("Scheduled", "Open", "In Progress")))
	return sorted(row.due_date for row in rows)


def guests_of(task: str) -> set[str]:
	"""Sources of other plans' contacts that have joined a task."""
	rows = frappe.get_all(
		"Follow-up Task Source",
		filters={"parent": task, "plan": ("is", "set")},
		pluck="source",
		order_by="idx",
	)
	return set(rows)


def roll() -> None:
	"""What the job does, inside the test's own transaction."""
	programme_plans.plan_patients(programme_rolling.due(getdate()))
