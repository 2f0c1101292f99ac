"""Home visits of a day: who goes where in which order. By address, until somebody moves a visit up or down."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, get_fullname, getdate, today

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import bedside
from hospital_followup.services.stay_dates import completed_years
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

PATIENT = "Follow-up Patient"
REPORT = "Home Visit List"
TASK_FIELDS = (
	"name",
	"patient",
	"patient_name",
	"assigned_to",
	"due_date",
	"status",
	"next_attempt_at",
	"attempts",
	"topics",
	"visit_order",
	"visit_day",
	"department",
	"risk_tier",
)
PATIENT_FIELDS = (
	"name",
	"date_of_birth",
	"sex",
	"home_address",
	"directions",
	"mobile",
	"preferred_slot",
	"special_care_note",
	"caregiver_name",
	"caregiver_relation",
	"may_hear",
	"may_hear_names",
)
#: Before or after the neighbour in the route.
STEPS = {"up": -1, "down": 1}


def day_list(day: date, *, person: str | None = None, department: str | None = None) -> list[dict[str, Any]]:
	"""The visits to make on `day` in the order of the route, one person after the other; two queries.

	As far as the session's user may see them; without level 1 address, directions and number stay empty. What is
	overdue is visited today.
	"""
	filters: dict[str, Any] = {"channel": "Home Visit", "on_hold": 0}
	filters["status"] = ("in", ("Scheduled", "Open", "In Progress"))
	if person:
		filters["assigned_to"] = person
	if department:
		filters["department"] = department
	evening = datetime.combine(day, time.max)
	tasks = frappe.get_list(
		TASK,
		filters=filters,
		or_filters=[[TASK, "due_date", "<=", day], [TASK, "next_attempt_at", "<=", evening]],
		fields=list(TASK_FIELDS),
		order_by="name",
		limit=0,
	)
	wanted = [task for task in tasks if _is_on(task, day)]
	people = _patients([task.patient for task in wanted])
	rows = [_row(task, people.get(task.patient, frappe._dict()), day) for task in wanted]
	rows.sort(key=lambda row: (row["assigned_name"], row["assigned_to"] or "", _route_key(row)))
	places: dict[str | None, int] = {}
	for row in rows:
		places[row["assigned_to"]] = row["place"] = places.get(row["assigned_to"], 0) + 1
	return rows


def move(task: str, step: str, day: date) -> int:
	"""Move a visit one place `up` or `down` in its person's route of `day`; returns its new place, counted from 1."""
	if step not in STEPS:
		frappe.throw(_("A visit is moved up or down."), InvalidValueError)
	owner = frappe.db.get_value(TASK, task, "assigned_to")
	route = [row for row in day_list(day) if row["assigned_to"] == owner]
	names = [row["task"] for row in route]
	if task not in names:
		frappe.throw(
			_("This visit is not on the list of {0} any more.").format(frappe.format(day, "Date")),
			InvalidValueError,
			title=_("Please Reload"),
		)
	place = names.index(task)
	other = min(max(place + STEPS[step], 0), len(names) - 1)
	names[place], names[other] = names[other], names[place]
	for order, name in enumerate(names, start=1):
		set_values(TASK, [name], {"visit_order": order, "visit_day": day})
	return other + 1


def address_key(address: str | None) -> tuple[Any, ...]:
	"""Addresses in the order of the street: numbers count as numbers (5 before 12), width and case do not matter."""
	text = unicodedata.normalize("NFKC", address or "").casefold()
	parts = re.findall(r"\d+|[^\d\s,，.。、\-#]+", text)
	return (not parts, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts])


def _route_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
	"""What was put in order by hand comes first, in that order; what came later follows by address."""
	return (not row["visit_order"], row["visit_order"], address_key(row["home_address"]), row["task"])


def _is_on(task: frappe._dict, day: date) -> bool:
	on = get_datetime(task.next_attempt_at).date() if task.next_attempt_at else getdate(task.due_date)
	return on == day or (day == getdate(today()) and on < day)


def _patients(names: list[str]) -> dict[str, frappe._dict]:
	"""The patients by name; fields above the session user's level are left out by Frappe."""
	levels = frappe.get_meta(PATIENT).get_permlevel_access("read")
	meta = frappe.get_meta(PATIENT)
	fields = [
		field
		for field in PATIENT_FIELDS
		if field == "name" or (meta.get_field(field).permlevel or 0) in levels
	]
	rows = frappe.get_list(PATIENT, filters={"name": ("in", names)}, fields=fields, order_by="name", limit=0)
	return {row.name: row for row in rows}


def _row(task: frappe._dict, patient: frappe._dict, day: date) -> dict[str, Any]:
	born = patient.get("date_of_birth")
	return {
		"task": task.name,
		"patient": task.patient,
		"patient_name": task.patient_name,
		"age": completed_years(getdate(born), day) if born else None,
		"sex": patient.get("sex"),
		"time": get_datetime(task.next_attempt_at) if task.next_attempt_at else None,
		"preferred_slot": patient.get("preferred_slot"),
		"home_address": patient.get("home_address"),
		"directions": patient.get("directions"),
		"mobile": patient.get("mobile"),
		"special_care_note": patient.get("special_care_note"),
		"may_hear": bedside.may_hear_of(patient) if patient else None,
		"topics": task.topics,
		"attempts": task.attempts,
		"risk_tier": task.risk_tier,
		"department": task.department,
		"assigned_to": task.assigned_to,
		"assigned_name": get_fullname(task.assigned_to) if task.assigned_to else "",
		"visit_order": task.visit_order if task.visit_day == day else 0,
	}
