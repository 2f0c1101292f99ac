"""Raising the alarm: one Follow-up Alert per reason, at once and in the caller's transaction (quality.md, Reliability 1).

What people then do with an alert is in `alert_actions`, who is told in `alert_notices`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count, takewhile
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from hospital_followup.engine.names import DOCTOR
from hospital_followup.engine.response_time import HOURS_OF_A_DAY
from hospital_followup.engine.response_time import respond_by as end_of_response
from hospital_followup.services import alert_duty, alert_notices
from hospital_followup.services.alert_course import ANSWERED, publish
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.writer import set_values

ALERT = "Follow-up Alert"
RULE = "Follow-up Alert Rule"
SEVERITIES = ("Amber", "Red")
KEY_LENGTH = 120
#: What an alert may come of; together with the key it says whether it is the same occasion.
CAUSES = ("log", "survey", "revisit")
FIELDS = ("name", "severity", "status", "respond_by", "detail", "role", "rule", *CAUSES)


def raise_alert(
	*,
	kind: str,
	severity: str,
	patient: str,
	detail: str,
	key: str,
	task: str | None = None,
	log: str | None = None,
	survey: str | None = None,
	revisit: str | None = None,
	rule: str | None = None,
	role: str | None = None,
	instead_of: str | None = None,
) -> str | None:
	"""Insert an alert, or make the one that `key` has raised already as severe as this; its name, None if nothing changed.

	An alert that was answered is not opened again: the same reason on another occasion (log, survey or revisit), or
	worse on the same one, raises a new one. `instead_of` is the log that `log` amends, whose alerts stand for both.
	`rule` says whom the alert goes to and how fast; without one it is `role`, else the doctor, and the settings' times.
	"""
	now = now_datetime().replace(microsecond=0)
	values = {
		"doctype": ALERT,
		"kind": kind,
		"severity": severity,
		"patient": patient,
		"task": task,
		"log": log,
		"survey": survey,
		"revisit": revisit,
		"rule": rule,
		"role": role,
		"detail": detail,
		"raised_on": now,
		**_place(patient, task),
	}
	values.update(_response(values, now))
	values["assigned_to"] = alert_duty.person_for(frappe._dict(values), now)
	for unique in _keys(key):
		existing = _existing(unique)
		if existing is None:
			name = _insert({**values, "key": unique})
			if name:
				after_raised(name)
				return name
			existing = _existing(unique, lock=True)
		if existing.status not in ANSWERED:
			return _worsen(existing, values)
		if _same_occasion(existing, values, instead_of) and _rank(existing.severity) >= _rank(severity):
			return None
	return None


def complete(doc: Document) -> None:
	"""Fill in whom an alert that a person writes goes to, and by when; before its insert."""
	start = get_datetime(doc.raised_on or now_datetime())
	place = _place(doc.patient, doc.task)
	doc.update({field: value for field, value in place.items() if not doc.get(field)})
	doc.update(_response(doc, start))
	doc.assigned_to = doc.assigned_to or alert_duty.person_for(doc, start)


def after_raised(name: str, occasion: str = alert_notices.RAISED, also: str | None = None) -> None:
	"""Tell the person of the alert and `also`, or everybody responsible when nobody takes it, after the commit."""
	alert = frappe.db.get_value(ALERT, name, "*", as_dict=True)
	alert.respond_by = look_by(alert)
	people = list(dict.fromkeys(filter(None, (alert.assigned_to, also)))) or alert_duty.responsible(alert)
	alert_notices.tell(people, alert, occasion, once=alert.severity)


def note(key: str, log: str, text: str) -> None:
	"""Add a line to the detail of the alert that `key` raised in `log`, else of the last one, say a correction."""
	raised = _raised(key)
	chosen = next((row for row in reversed(raised) if row.log == log), raised[-1] if raised else None)
	if chosen and text not in (chosen.detail or ""):
		set_values(ALERT, [chosen.name], {"detail": f"{chosen.detail or ''}\n{text}".strip()})


def respond_by(severity: str, now: datetime, department: str | None) -> datetime:
	"""Without a rule red counts in clock hours of every day, amber in the department's working days (clinical.md §5)."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	red = severity == "Red"
	hours = (
		(settings.red_response_hours or 2) if red else (settings.amber_response_days or 1) * HOURS_OF_A_DAY
	)
	return end_of_response(now, hours, Configuration().calendar(department), working_days=not red)


def _place(patient: str, task: str | None) -> dict[str, Any]:
	"""Name, tier, department and company; of the contact where there is one, else of the patient."""
	fields = ["patient_name", "risk_tier", "department", "company"]
	values = frappe.db.get_value("Follow-up Patient", patient, fields, as_dict=True)
	of_task = (
		frappe.db.get_value("Follow-up Task", task, ["department", "company"], as_dict=True) if task else {}
	)
	return {**values, **{field: value for field, value in (of_task or {}).items() if value}}


def response_end(alert: Mapping[str, Any] | Document, start: datetime) -> datetime:
	"""The end of the alert's response time (severity, department, rule) if it begins at `start`."""
	department = alert.get("department")
	rule = alert.get("rule") and frappe.get_cached_doc(RULE, alert.get("rule"))
	if not rule:
		return respond_by(alert.get("severity"), start, department)
	return end_of_response(
		start,
		rule.respond_within_hours,
		Configuration().calendar(department),
		working_days=rule.hours_counted == "Working Days",
	)


def look_by(alert: Mapping[str, Any]) -> datetime | None:
	"""By when somebody has to look at the alert; one that became worse after its first look has its whole time again."""
	worsened = alert.get("worsened_on")
	return response_end(alert, worsened) if worsened else alert.get("respond_by")


def _response(values: Mapping[str, Any] | Document, now: datetime) -> dict[str, Any]:
	"""Whom the alert goes to and by when it is to be answered."""
	by_rule = values.get("rule") and frappe.get_cached_value(RULE, values.get("rule"), "role")
	return {"role": by_rule or values.get("role") or DOCTOR, "respond_by": response_end(values, now)}


def _keys(key: str) -> Iterator[str]:
	"""The unique keys of the first, second, … alert that `key` raises; a long key is shortened by its checksum."""
	if len(key) > KEY_LENGTH:
		key = f"{key[:80]}|{hashlib.sha256(key.encode()).hexdigest()[:32]}"
	yield key
	for number in count(2):
		yield f"{key}|{number}"


def _raised(key: str) -> list[frappe._dict]:
	"""The alerts that `key` has raised, oldest first, locked."""
	return list(takewhile(bool, map(_existing, _keys(key))))


def _existing(key: str, *, lock: bool = False) -> frappe._dict | None:
	"""The alert with this unique key as it is now: seen by this transaction, then locked; a free key is not locked."""
	if not (lock or frappe.db.get_value(ALERT, {"key": key}, "name")):
		return None
	return frappe.db.get_value(ALERT, {"key": key}, FIELDS, as_dict=True, for_update=True)


def _same_occasion(existing: frappe._dict, values: dict[str, Any], instead_of: str | None) -> bool:
	if instead_of and existing.log == instead_of:
		return True
	return all((existing[cause] or None) == (values[cause] or None) for cause in CAUSES)


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
		"rule": values["rule"] or existing.rule,
		"escalations": 0,
	}
	on_duty = values["assigned_to"]
	if existing.status != "Open":
		changed["worsened_on"] = values["raised_on"]
	elif values["role"] != existing.role:
		changed.update({"role": values["role"], "assigned_to": on_duty})
	set_values(ALERT, [existing.name], changed)
	publish(existing.name)
	after_raised(existing.name, alert_notices.WORSENED, also=on_duty if existing.status != "Open" else None)
	return existing.name


def _rank(severity: str) -> int:
	return SEVERITIES.index(severity)
