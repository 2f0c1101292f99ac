"""The outpatient department of a hospital on Frappe Health, moved by its own forms' methods and documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import add_days, getdate, nowtime, today
from healthcare.healthcare.doctype.patient_appointment.patient_appointment import (
	make_encounter,
	update_appointment_status,
	update_status,
)

from tests.support import frappe_health as hospital

APPOINTMENT = "Patient Appointment"
KIND = "Revisit"
SCHEDULE = "Follow-up Test Mornings"
HOURS = (("09:00:00", "09:30:00"), ("09:30:00", "10:00:00"), ("10:00:00", "10:30:00"))
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kind() -> str:
	"""The appointment type, made when missing."""
	if not frappe.db.exists("Appointment Type", KIND):
		frappe.get_doc(
			{
				"doctype": "Appointment Type",
				"appointment_type": KIND,
				"default_duration": 30,
				"allow_booking_for": "Practitioner",
			}
		).insert()
	return KIND


def appointment(patient: str, day: date | str, at: str = "09:00:00", **values: Any) -> Any:
	"""Somebody at the desk books a visit. A day that has passed is booked for tomorrow and then time goes by."""
	past = getdate(day) < getdate(today())
	doc = frappe.get_doc(
		{
			"doctype": APPOINTMENT,
			"patient": patient,
			"appointment_type": kind(),
			"appointment_for": "Practitioner",
			"practitioner": hospital.make_practitioner(),
			"company": hospital.COMPANY,
			"appointment_date": add_days(today(), 1) if past else day,
			"appointment_time": at,
			"duration": 30,
			**values,
		}
	).insert()
	if past:
		time_goes_by(doc, getdate(day))
	return doc


def time_goes_by(doc: Any, day: date) -> None:
	"""The day of the appointment is `day` now, and Frappe Health's daily job has run."""
	doc.db_set({"appointment_date": day, "appointment_datetime": f"{day} 09:00:00"}, update_modified=False)
	update_appointment_status()
	doc.reload()


def keep(doc: Any, day: date | str | None = None) -> Any:
	"""The doctor opens the appointment's encounter and finishes it."""
	encounter = make_encounter(doc.name)
	encounter.update(
		{
			"appointment": doc.name,
			"encounter_date": day or doc.appointment_date,
			"encounter_time": nowtime(),
			"practitioner": doc.practitioner,
		}
	)
	encounter.insert()
	encounter.submit()
	doc.reload()
	return encounter


def walk_in(patient: str, day: date | str | None = None, **values: Any) -> Any:
	"""The patient comes without an appointment."""
	return hospital.make_encounter(patient, encounter_date=day or today(), **values)


def set_status(doc: Any, status: str) -> None:
	"""A button of the appointment's form: Check In, Cancel, …"""
	update_status(doc.name, status)
	doc.reload()


def reschedule(doc: Any, day: date | str) -> None:
	"""The desk gives the appointment another day in its form."""
	doc.appointment_date = day
	doc.save()


def bill(patient: str, day: date | str, *items: dict[str, Any]) -> Any:
	"""A submitted invoice of the outpatient department; each item may name what it bills."""
	service = _service()
	doc = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"patient": patient,
			"customer": frappe.db.get_value("Patient", patient, "customer"),
			"company": hospital.COMPANY,
			"set_posting_time": 1,
			"posting_date": day,
			"due_date": add_days(today(), 30),
			"items": [{"item_code": service, "qty": 1, "rate": 50, **item} for item in items or ({},)],
		}
	)
	doc.set_missing_values()
	doc.insert()
	doc.submit()
	return doc


def _service() -> str:
	name = "Outpatient Service"
	if not frappe.db.exists("Item", name):
		facts = {"item_code": name, "item_name": name, "item_group": "All Item Groups", "stock_uom": "Nos"}
		frappe.get_doc({"doctype": "Item", **facts, "is_stock_item": 0}).insert()
	return name


def opens_mornings(practitioner: str, **slot: Any) -> str:
	"""Give the practitioner three half hours every morning in a consulting room; its name."""
	room = consulting_room()
	if not frappe.db.exists("Practitioner Schedule", SCHEDULE):
		times = [
			{"day": day, "from_time": start, "to_time": end, **slot} for day in WEEK for start, end in HOURS
		]
		frappe.get_doc(
			{"doctype": "Practitioner Schedule", "schedule_name": SCHEDULE, "time_slots": times}
		).insert()
	doc = frappe.get_doc("Healthcare Practitioner", practitioner)
	doc.append("practitioner_schedules", {"schedule": SCHEDULE, "service_unit": room})
	doc.save()
	return room


def consulting_room(**values: Any) -> str:
	root = frappe.db.get_value(
		"Healthcare Service Unit",
		{"company": hospital.COMPANY, "parent_healthcare_service_unit": ("is", "not set")},
	)
	kind_of_room = "Follow-up Test Consulting"
	if not frappe.db.exists("Healthcare Service Unit Type", kind_of_room):
		frappe.get_doc(
			{
				"doctype": "Healthcare Service Unit Type",
				"service_unit_type": kind_of_room,
				"allow_appointments": 1,
				"overlap_appointments": 0,
			}
		).insert()
	return (
		frappe.get_doc(
			{
				"doctype": "Healthcare Service Unit",
				"healthcare_service_unit_name": f"Room {frappe.generate_hash(length=6)}",
				"service_unit_type": kind_of_room,
				"parent_healthcare_service_unit": root,
				"company": hospital.COMPANY,
				"allow_appointments": 1,
				**values,
			}
		)
		.insert()
		.name
	)


def working_day(ahead: int = 1) -> date:
	return getdate(today()) + timedelta(days=ahead)
