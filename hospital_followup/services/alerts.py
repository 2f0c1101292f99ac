"""Raising the alarm: one Follow-up Alert per reason, at once and in the caller's transaction (quality.md, Reliability 1).

What people then do with an alert belongs to the alert.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe.utils import getdate, now_datetime

from hospital_followup.services.configuration import Configuration
from hospital_followup.services.writer import set_values

ALERT = "Follow-up Alert"
ANSWERED = ("Answered", "Closed")
SEVERITIES = ("Amber", "Red")
#: Working days are looked for this far ahead; a calendar has at least one in two weeks or none at all.
HORIZON = 31
FIELDS = ("name", "severity", "status", "log", "respond_by", "detail")


def raise_alert(
	*,
	kind: str,
	severity: str,
	patient: str,
	detail: str,
	key: str,
	task: str | None = None,
	log: str | None = None,
	rule: str | None = None,
	instead_of: str | None = None,
) -> str | None:
	"""Insert an alert, or make the one that `key` has raised already as severe as this; its name, None if nothing changed.

	An alert that was answered is not opened again: the same reason in another contact raises a new one. `instead_of` is
	the log that `log` amends, whose alerts stand for both.
	"""
	now = now_datetime().replace(microsecond=0)
	owner = frappe.db.get_value(
		"Follow-up Patient", patient, ["patient_name", "risk_tier", "department", "company"], as_dict=True
	)
	values = {
		"doctype": ALERT,
		"kind": kind,
		"severity": severity,
		"patient": patient,
		"task": task,
		"log": log,
		"rule": rule,
		"detail": detail,
		"raised_on": now,
		**owner,
	}
	if task:
		of_task = frappe.db.get_value("Follow-up Task", task, ["department", "company"], as_dict=True)
		values.update({field: value for field, value in of_task.items() if value})
	values["respond_by"] = respond_by(severity, now, values["department"])
	for unique in (key, f"{key}|{log or now.isoformat()}"):
		existing = _existing(unique)
		if existing is None:
			name = _insert({**values, "key": unique})
			if name:
				return name
			existing = _existing(unique, lock=True)
		if existing.status not in ANSWERED:
			return _worsen(existing, values)
		if existing.log in (log, instead_of) and _rank(existing.severity) >= _rank(severity):
			return None
	return None


def note(key: str, log: str, text: str) -> None:
	"""Add a line to the detail of the alert that `key` raised, in `log` if it was again, for example a correction."""
	existing = _existing(f"{key}|{log}", lock=True) or _existing(key, lock=True)
	if existing and text not in (existing.detail or ""):
		set_values(ALERT, [existing.name], {"detail": f"{existing.detail or ''}\n{text}".strip()})


def respond_by(severity: str, now: datetime, department: str | None) -> datetime:
	"""Red counts in clock hours of every day, amber in working days of the department (clinical.md §5)."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	if severity == "Red":
		return now + timedelta(hours=settings.red_response_hours or 2)
	calendar, day = Configuration().calendar(department), getdate(now)
	until = day + timedelta(days=HORIZON)
	for _number in range(settings.amber_response_days or 1):
		day = calendar.next_working(day, until) or day + timedelta(days=1)
	return datetime.combine(day, now.time())


def _existing(key: str, *, lock: bool = False) -> frappe._dict | None:
	return frappe.db.get_value(ALERT, {"key": key}, FIELDS, as_dict=True, for_update=lock)


def _insert(values: dict) -> str | None:
	"""The name of the new alert; None when somebody else has just raised it."""
	point = f"followup_alert_{frappe.generate_hash(length=8)}"
	frappe.db.savepoint(point)
	try:
		doc = frappe.get_doc(values)
		doc.insert(ignore_permissions=True)  # reason: the answer raises it, whoever wrote the answer down
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.db.rollback(save_point=point)
		frappe.clear_last_message()
		return None
	frappe.db.release_savepoint(point)
	return doc.name


def _worsen(existing: frappe._dict, values: dict) -> str | None:
	if _rank(values["severity"]) <= _rank(existing.severity):
		return None
	changed = {
		"severity": values["severity"],
		"respond_by": min(filter(None, (existing.respond_by, values["respond_by"]))),
		"detail": f"{existing.detail or ''}\n{values['detail']}".strip(),
	}
	set_values(ALERT, [existing.name], changed)
	return existing.name


def _rank(severity: str) -> int:
	return SEVERITIES.index(severity)
