"""Booking a revisit while the patient is on the phone, in the diary that the site keeps for this kind of patient."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, getdate, now_datetime, today

from hospital_followup.engine import revisits as engine
from hospital_followup.engine.appointments import AppointmentBook, Slot
from hospital_followup.exceptions import BookingError
from hospital_followup.services import revisits
from hospital_followup.sources.registry import appointment_book

REVISIT, PATIENT, DISCHARGE = revisits.REVISIT, revisits.PATIENT, revisits.DISCHARGE
#: Days shown at once.
DAYS = 7
#: Appointments of these statuses are still to be kept.
STILL_BOOKED = ("Scheduled", "Open")


def book_of(patient: str) -> tuple[AppointmentBook | None, frappe._dict]:
	"""The diary in which a Follow-up Patient is booked, None without one; and the patient's source."""
	source = frappe.db.get_value(PATIENT, patient, ["source_doctype", "source_name"], as_dict=True)
	return (appointment_book(source.source_doctype) if source.source_name else None), source


def options(
	patient: str, *, revisit: str | None = None, practitioner: str | None = None, since: date | None = None
) -> dict[str, Any]:
	"""Whom the patient can be booked with, and when in the week from `since` (the expected day's).

	`practitioner` defaults to whoever treated the patient. Without a diary `available` is False: then a day is agreed in
	the call itself.
	"""
	book, source = book_of(patient)
	name = revisit or revisits.next_of(patient)
	row = name and frappe.db.get_value(
		REVISIT, name, ["expected_on", "discharge", "appointment"], as_dict=True
	)
	found: dict[str, Any] = {"available": book is not None, "revisit": name, "may_book": False, "days": []}
	if book is None:
		return found
	people = book.practitioners(_stay_of(row.discharge if row else None))
	chosen = practitioner or (people[0].name if people else None)
	first = max(since or _first_day(row), getdate(today()))
	last = first + timedelta(days=DAYS - 1)
	slots = book.slots(source.source_name, chosen, first, last) if chosen else []
	return {
		**found,
		"may_book": book.may_book(),
		"appointment": row.appointment if row else None,
		"expected_on": row.expected_on if row else None,
		"kinds": list(book.kinds()),
		"practitioners": [
			{"name": each.name, "title": each.title, "department": each.department} for each in people
		],
		"practitioner": chosen,
		"since": first,
		"today": getdate(today()),
		"days": [_day(first + timedelta(days=number), slots) for number in range(DAYS)],
	}


def book(
	patient: str, *, practitioner: str, start: datetime, kind: str, revisit: str | None = None
) -> dict[str, Any]:
	"""Make the appointment as the session's user and write it into the patient's revisit; both, or neither.

	Raises BookingError when there is no diary, the time is past or taken, or the revisit is booked already.
	"""
	diary, source = book_of(patient)
	if diary is None:
		_refuse(_("There is no diary for this patient. Agree on a day and write it down in the call."))
	if start <= now_datetime():
		_refuse(_("{0} has passed. Choose a later time.").format(format_datetime(start)))
	name = revisit or revisits.next_of(patient)
	if name:
		_check_free(frappe.get_doc(REVISIT, name, for_update=True))
	doctype, appointment = diary.book(
		source.source_name, practitioner, start, kind, _("Revisit agreed in a follow-up call")
	)
	people = {each.name: each.title for each in diary.practitioners(None)}
	values = {
		"status": engine.BOOKED,
		"expected_on": start.date(),
		"appointment_doctype": doctype,
		"appointment": appointment,
		"appointment_at": start,
		"appointment_with": people.get(practitioner, practitioner),
	}
	doc = frappe.get_doc(REVISIT, name) if name else _new(patient, appointment)
	doc.update(values)
	doc.save()
	if not name:
		revisits.prepare([doc.name])
	return {"revisit": doc.name, **values, "date": start.date()}


def _check_free(doc: Any) -> None:
	"""Two appointments for one visit would leave one of them missed."""
	if doc.status in (engine.ATTENDED, engine.CANCELLED):
		_refuse(_("This revisit is {0}. Enter another revisit first.").format(_(doc.status, context=REVISIT)))
	if not doc.appointment or doc.status == engine.MISSED:
		return
	status = frappe.db.get_value(doc.appointment_doctype, doc.appointment, "status")
	if status in STILL_BOOKED:
		_refuse(
			_("This revisit is booked for {0}. Open the appointment to move or cancel it.").format(
				format_datetime(doc.appointment_at)
			)
		)


def _new(patient: str, appointment: str) -> Any:
	doc = frappe.new_doc(REVISIT)
	place = frappe.db.get_value(PATIENT, patient, ["department", "company"], as_dict=True)
	doc.update({"patient": patient, **place, "origin": "Contact", "key": f"appointment|{appointment}"})
	return doc


def _stay_of(discharge: str | None) -> str | None:
	return discharge and frappe.db.get_value(DISCHARGE, discharge, "source_name")


def _first_day(row: frappe._dict | None) -> date:
	"""A few days before the expected day, so that it stands in the middle of the week shown."""
	return row.expected_on - timedelta(days=DAYS // 2) if row else getdate(today())


def _day(day: date, slots: Any) -> dict[str, Any]:
	return {"date": day, "slots": [_slot(slot) for slot in slots if slot.start.date() == day]}


def _slot(slot: Slot) -> dict[str, Any]:
	return {
		"start": slot.start,
		"time": slot.start.strftime("%H:%M"),
		"minutes": slot.minutes,
		"place": slot.place,
		"seats": slot.seats,
		"by_queue": slot.by_queue,
	}


def _refuse(message: str) -> None:
	frappe.throw(message, BookingError, title=_("Not Booked"))
