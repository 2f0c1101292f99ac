"""A department with people, and alerts raised in it, for the tests of what happens to an alert."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, get_system_timezone, getdate
from freezegun import freeze_time

from hospital_followup.services.alerts import raise_alert
from hospital_followup.tests import factories as make
from tests.site.rights import DR, SP, SV
from tests.stack.users import make_user

ALERT = "Follow-up Alert"
TASK = "Follow-up Task"
LOG = "Follow-up Log"
NOTICE = "Notification Log"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
#: National Day 2026: 1-7 October are closed, Saturday 10 October is worked in exchange.
GOLDEN_WEEK = (*[(f"2026-10-0{day}", 0) for day in range(1, 8)], ("2026-10-10", 1))


def at(moment: str) -> freeze_time:
	"""The site's clock stands at `moment`; Frappe compares times with their microseconds, and wants some."""
	zone = ZoneInfo(get_system_timezone())
	return freeze_time(get_datetime(moment).replace(microsecond=1, tzinfo=zone))


def ward(**fields: Any) -> str:
	"""A department that works Monday to Friday, keeps the golden week of 2026 and has no people yet."""
	calendar = frappe.get_doc(
		{
			"doctype": "Follow-up Calendar",
			"title": f"Calendar {frappe.generate_hash(length=6)}",
			**dict.fromkeys(WEEKDAYS, 1),
			"exceptions": [{"date": day, "working": working} for day, working in GOLDEN_WEEK],
		}
	).insert()
	return make.department(f"Ward {frappe.generate_hash(length=6)}", calendar=calendar.name, **fields)


def member(ward: str, role: str = DR, **fields: Any) -> str:
	"""Somebody who works in the ward in this role; returns the user."""
	user = make_user(role)
	make.staff(user, ward, role=role, **fields)
	return user


def doctor(ward: str, **fields: Any) -> str:
	return member(ward, DR, **fields)


def supervisor(ward: str, **fields: Any) -> str:
	return member(ward, SV, **fields)


def caller(ward: str, **fields: Any) -> str:
	return member(ward, SP, **fields)


def on_duty(user: str, day: str, role: str = DR, ward: str | None = None) -> None:
	frappe.get_doc(
		{"doctype": "Duty Roster", "date": getdate(day), "role": role, "user": user, "department": ward}
	).insert()


def raised(ward: str, severity: str = "Red", **fields: Any) -> Document:
	"""A clinical alert of a patient of the ward."""
	patient = fields.pop("patient", None) or make.patient(department=ward).name
	values = {
		"kind": "Clinical",
		"detail": "Do you have a fever?: Yes",
		"key": f"test|{frappe.generate_hash(length=8)}",
		**fields,
	}
	return frappe.get_doc(ALERT, raise_alert(severity=severity, patient=patient, **values))


def told(user: str, alert: str) -> list[str]:
	"""What stands in the inbox of `user` about the alert."""
	return frappe.get_all(
		NOTICE,
		filters={"for_user": user, "document_type": ALERT, "document_name": alert},
		pluck="subject",
		order_by="creation, name",
	)


def calls_of(alert: str) -> list[frappe._dict]:
	"""The calls that were to tell the patient, oldest first."""
	return frappe.get_all(TASK, filters={"alert": alert}, fields=["*"], order_by="creation, name")
