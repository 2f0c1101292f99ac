"""Frappe Health (Marley): its diary. Its schedules are read here, because its own helpers check no permission.

An appointment is made by inserting one as the session's user, so Frappe Health's own permissions and checks apply.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, format_datetime, get_time, getdate, now_datetime

from hospital_followup.engine.appointments import Hours, Practitioner, Slot, Taken, slots_of
from hospital_followup.exceptions import BookingError
from hospital_followup.sources.base import exists

APPOINTMENT, PRACTITIONER, KIND = "Patient Appointment", "Healthcare Practitioner", "Appointment Type"
SCHEDULES, SCHEDULE, TIMES = (
	"Practitioner Service Unit Schedule",
	"Practitioner Schedule",
	"Healthcare Schedule Time Slot",
)
UNIT, STAY = "Healthcare Service Unit", "Inpatient Record"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class MarleyAppointmentBook:
	"""Books Patient Appointment with a practitioner."""

	patient_doctype = "Patient"

	def available(self) -> bool:
		return exists(APPOINTMENT)

	def may_book(self) -> bool:
		return bool(frappe.has_permission(APPOINTMENT, "create"))

	def kinds(self) -> Sequence[str]:
		rows = frappe.get_all(
			KIND, filters={"allow_booking_for": "Practitioner"}, pluck="name", order_by="creation, name"
		)
		usual = frappe.get_cached_doc("Follow-up Settings").revisit_appointment_kind
		return sorted(rows, key=lambda name: name != usual)

	def practitioners(self, stay: str | None) -> Sequence[Practitioner]:
		fields = ["discharge_practitioner", "primary_practitioner", "medical_department"]
		known = (stay and frappe.db.get_value(STAY, stay, fields, as_dict=True)) or frappe._dict()
		scheduled = frappe.get_all(
			SCHEDULES, filters={"parenttype": PRACTITIONER}, pluck="parent", distinct=True, order_by="parent"
		)
		rows = frappe.get_all(
			PRACTITIONER,
			filters={"name": ("in", scheduled or [""]), "status": "Active"},
			fields=["name", "practitioner_name", "department"],
			order_by="practitioner_name, name",
		)
		rows.sort(
			key=lambda row: (
				row.name != known.discharge_practitioner,
				row.name != known.primary_practitioner,
				row.department != known.medical_department,
			)
		)
		return [Practitioner(row.name, row.practitioner_name or row.name, row.department) for row in rows]

	def slots(self, patient: str, practitioner: str, since: date, until: date) -> Sequence[Slot]:
		hours = list(_hours(practitioner, since, until))
		taken = _taken(patient, practitioner, {line.place for line in hours}, since, until)
		return slots_of(hours, taken, now_datetime())

	def book(self, patient: str, practitioner: str, start: datetime, kind: str, note: str) -> tuple[str, str]:
		# Frappe Health looks for overlaps and then inserts; two callers at once would both find the time free.
		frappe.db.get_value(PRACTITIONER, practitioner, "name", for_update=True)
		slot = self._free(patient, practitioner, start)
		values: dict[str, Any] = {
			"doctype": APPOINTMENT,
			"patient": patient,
			"appointment_type": kind,
			"appointment_for": "Practitioner",
			"practitioner": practitioner,
			"department": frappe.db.get_value(PRACTITIONER, practitioner, "department"),
			"service_unit": slot.place,
			"company": _company(slot.place),
			"appointment_date": start.date(),
			"appointment_time": start.time(),
			"duration": slot.minutes,
			"appointment_based_on_check_in": cint(slot.by_queue),
			"notes": note,
		}
		doc = frappe.get_doc(values).insert()
		return APPOINTMENT, doc.name

	def _free(self, patient: str, practitioner: str, start: datetime) -> Slot:
		slots = self.slots(patient, practitioner, start.date(), start.date())
		for slot in slots:
			if slot.start == start and slot.seats:
				return slot
		frappe.throw(
			_("{0} is not free any more. Choose another time.").format(format_datetime(start)),
			BookingError,
			title=_("Not Booked"),
		)


def _hours(practitioner: str, since: date, until: date) -> Iterable[Hours]:
	"""The practitioner's schedule between the two days, day by day, without holidays and leave."""
	places = frappe.get_all(
		SCHEDULES,
		filters={"parenttype": PRACTITIONER, "parent": practitioner},
		fields=["schedule", "service_unit"],
		order_by="idx",
	)
	times = _times([row.schedule for row in places])
	units = _units([row.service_unit for row in places])
	away = _away(practitioner, since, until)
	for offset in range((until - since).days + 1):
		day = since + timedelta(days=offset)
		if day in away:
			continue
		for place in places:
			for row in times[place.schedule, DAYS[day.weekday()]]:
				yield _line(row, day, place.service_unit or None, units)


def _line(row: frappe._dict, day: date, place: str | None, units: dict[str, frappe._dict]) -> Hours:
	start = datetime.combine(day, get_time(row.from_time))
	end = datetime.combine(day, get_time(row.to_time))
	unit = units.get(place or "")
	at_once = unit.service_unit_capacity if unit and unit.overlap_appointments else 1
	limit = cint(row.maximum_appointments)
	minutes = cint(row.duration) if limit else int((end - start).total_seconds() // 60)
	return Hours(start, end, minutes, place, limit=limit, capacity=max(1, cint(at_once)))


def _times(schedules: Sequence[str]) -> defaultdict[tuple[str, str], list[frappe._dict]]:
	in_use = frappe.get_all(
		SCHEDULE,
		filters={"name": ("in", list(schedules) or [""]), "disabled": 0},
		pluck="name",
		order_by="name",
	)
	rows = frappe.get_all(
		TIMES,
		filters={"parenttype": SCHEDULE, "parent": ("in", in_use or [""])},
		fields=["parent", "day", "from_time", "to_time", "maximum_appointments", "duration"],
		order_by="from_time, idx",
	)
	found: defaultdict[tuple[str, str], list[frappe._dict]] = defaultdict(list)
	for row in rows:
		found[row.parent, row.day].append(row)
	return found


def _units(names: Sequence[str | None]) -> dict[str, frappe._dict]:
	rows = frappe.get_all(
		UNIT,
		filters={"name": ("in", [name for name in names if name] or [""])},
		fields=["name", "overlap_appointments", "service_unit_capacity"],
		order_by="name",
	)
	return {row.name: row for row in rows}


def _taken(patient: str, practitioner: str, places: set[str | None], since: date, until: date) -> list[Taken]:
	"""Appointments of the practitioner, of the rooms, and of the patient with anybody."""
	rows = frappe.get_all(
		APPOINTMENT,
		filters={"appointment_date": ("between", (since, until)), "status": ("!=", "Cancelled")},
		or_filters=[
			["practitioner", "=", practitioner],
			["patient", "=", patient],
			["service_unit", "in", sorted(filter(None, places)) or [""]],
		],
		fields=["patient", "appointment_date", "appointment_time", "duration", "service_unit"],
		order_by="appointment_date, appointment_time, name",
	)
	return [
		Taken(
			datetime.combine(row.appointment_date, get_time(row.appointment_time)),
			cint(row.duration),
			row.service_unit or None,
			row.patient == patient,
		)
		for row in rows
		if row.appointment_time is not None
	]


def _away(practitioner: str, since: date, until: date) -> set[date]:
	"""Holidays of the practitioner's employee and, with HRMS, days on leave."""
	person = frappe.db.get_value(PRACTITIONER, practitioner, ["employee", "user_id"], as_dict=True)
	employee = person and (
		person.employee or (person.user_id and frappe.db.get_value("Employee", {"user_id": person.user_id}))
	)
	if not employee:
		return set()
	return _holidays(employee, since, until) | _leave(employee, since, until)


def _holidays(employee: str, since: date, until: date) -> set[date]:
	own, company = frappe.db.get_value("Employee", employee, ["holiday_list", "company"])
	calendar = own or frappe.db.get_value("Company", company, "default_holiday_list")
	days = frappe.get_all(
		"Holiday",
		filters={"parent": calendar or "", "holiday_date": ("between", (since, until))},
		pluck="holiday_date",
		order_by="holiday_date",
	)
	return {getdate(day) for day in days}


def _leave(employee: str, since: date, until: date) -> set[date]:
	if not exists("Leave Application"):
		return set()
	rows = frappe.get_all(
		"Leave Application",
		filters={"employee": employee, "docstatus": 1, "from_date": ("<=", until), "to_date": (">=", since)},
		fields=["from_date", "to_date"],
		order_by="from_date",
	)
	days: set[date] = set()
	for row in rows:
		length = (getdate(row.to_date) - getdate(row.from_date)).days
		days |= {getdate(add_days(row.from_date, offset)) for offset in range(length + 1)}
	return days


def _company(unit: str | None) -> str | None:
	of_unit = unit and frappe.db.get_value(UNIT, unit, "company")
	return of_unit or frappe.defaults.get_user_default("Company") or frappe.db.get_default("Company")
