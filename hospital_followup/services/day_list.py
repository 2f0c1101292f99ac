"""One person's contacts of one day as short rows: when, whom, on which number, why."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, get_fullname, getdate, today

from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.services.facts import split

TASK = "Follow-up Task"
PATIENT = "Follow-up Patient"
OPEN = ("Scheduled", "Open", "In Progress")
#: More than anybody can do in a day; the worklist shows the rest.
ROWS = 500


def day_list(
	day: date | str | None, *, user: str | None = None, department: str | None = None
) -> list[dict[str, Any]]:
	"""The open contacts that are due by `day` (today), in the order of their priority; three queries.

	As far as the session's user may read them: numbers are masked below their permission level.
	"""
	when = getdate(day or today())
	filters: dict[str, Any] = {"status": ("in", OPEN), "due_date": ("<=", when), "on_hold": 0}
	filters["channel"] = ("in", sorted(HUMAN_CHANNELS))
	filters |= {"assigned_to": user} if user else {}
	filters |= {"department": department} if department else {}
	tasks = frappe.get_list(
		TASK,
		filters=filters,
		fields=[
			*("name", "patient", "patient_name", "due_date", "channel", "contact_point", "kind", "topics"),
			*("risk_tier", "attempts", "next_attempt_at", "assigned_to", "first_contact"),
		],
		order_by="priority, due_date, name",
		limit=ROWS,
	)
	patients = _patients([task.patient for task in tasks])
	return [
		_row(task, patients.get(task.patient, frappe._dict()))
		for task in tasks
		# A call that was promised for a later day is not this day's work.
		if not task.next_attempt_at or getdate(task.next_attempt_at) <= when
	]


def _patients(names: list[str]) -> dict[str, frappe._dict]:
	"""The telephone fields that the reader may see; a patient of somebody's contact is in that person's care."""
	if not names or not frappe.has_permission(PATIENT, "read"):
		return {}
	rows = frappe.get_list(
		PATIENT,
		filters={"name": ("in", sorted(set(names)))},
		fields=["name", "mobile", "mobile_masked", "caregiver_name", "caregiver_mobile", "preferred_slot"],
		order_by="name",
		limit=0,
	)
	return {row.name: row for row in rows}


def _row(task: frappe._dict, patient: frappe._dict) -> dict[str, Any]:
	if task.contact_point == "Caregiver":
		number = " ".join(filter(None, (patient.caregiver_name, patient.caregiver_mobile)))
	else:
		number = patient.mobile or patient.mobile_masked
	promised = format_datetime(task.next_attempt_at, "HH:mm") if task.next_attempt_at else None
	return {
		"task": task.name,
		"time": promised or (_(patient.preferred_slot) if patient.preferred_slot else ""),
		"patient_name": task.patient_name,
		"number": number or "",
		"due_date": task.due_date,
		"why": _why(task),
		"attempts": task.attempts,
		"staff": get_fullname(task.assigned_to) if task.assigned_to else "",
	}


def _why(task: frappe._dict) -> str:
	tiers = {"High": _("High risk"), "Medium": _("Medium risk"), "Low": _("Low risk")}
	parts = [
		_("First contact") if task.first_contact else None,
		_(task.kind, context=TASK) if task.kind != "Planned" else None,
		tiers.get(task.risk_tier),
		_(task.channel) if task.channel != "Phone" else None,
		*(_(topic) for topic in split(task.topics)),
	]
	return " · ".join(filter(None, parts))
