"""An approved pathway, a stay that it fits, and what a plan says about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe

from hospital_followup.tests import factories
from tests.site.samples import saved

REVISIT = "Follow-up Revisit"
#: Far enough from the contacts of the tier (day 2 and 9) that nothing is merged.
STEPS = (
	{
		"title": "One month",
		"offset": 1,
		"offset_unit": "Month",
		"window_days": 3,
		"topics": "Revisit",
		"revisit_after_days": "2",
	},
	{"title": "Two months", "offset": 2, "offset_unit": "Month", "window_days": 3, "topics": "Condition"},
)


def approved(title: str = "After Cholecystectomy", **values: Any) -> Any:
	given = {"diagnoses": [{"code": "K80"}], "steps": [dict(step) for step in STEPS], **values}
	return saved("Care Pathway", title=title, status="Approved", sign_off="Administrator", **given)


def stay(**values: Any) -> Any:
	given = {"diagnoses": [{"code": "K80.2", "title": "胆囊结石", "primary": 1}], **values}
	return factories.discharge(**given)


def sources(plan: str, **filters: Any) -> dict[str, list[str]]:
	"""By step: where the contact comes from."""
	return {
		str(task.due_date): frappe.get_all(
			"Follow-up Task Source", filters={"parent": task.name}, pluck="source", order_by="idx"
		)
		for task in factories.tasks_of(plan, **filters)
	}


def expected(plan: str, **filters: Any) -> list[tuple[date, str, str]]:
	rows = frappe.get_all(
		REVISIT,
		filters={"plan": plan, **filters},
		fields=["expected_on", "status", "origin"],
		order_by="expected_on, name",
	)
	return [(row.expected_on, row.status, row.origin) for row in rows]
