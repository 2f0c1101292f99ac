"""Frappe Health (Marley): which documents show that a patient came back, or did not.

What its own status says is not enough: a missed appointment stays Open (or becomes No Show when somebody saves it), and
Closed and Cancelled are written past every event. An appointment made on the ward carries the stay for ever, and one paid
in advance has an invoice long before the visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import frappe
from frappe.utils import get_time, getdate

from hospital_followup.engine.revisits import Evidence, EvidenceKind
from hospital_followup.sources.base import exists

APPOINTMENT, ENCOUNTER, STAY, INVOICE = (
	"Patient Appointment",
	"Patient Encounter",
	"Inpatient Record",
	"Sales Invoice",
)
KINDS: dict[str, EvidenceKind] = {
	"Scheduled": "booking",
	"Open": "booking",
	"No Show": "booking",
	"Checked In": "kept",
	"Checked Out": "kept",
	"Closed": "kept",
	"Cancelled": "dropped",
}
IN_BED = ("Admitted", "Discharge Scheduled", "Discharged")
#: Billed in advance, or shown by a document that says more than its bill.
NOT_SHOWN_BY_A_BILL = frozenset({APPOINTMENT, ENCOUNTER, "Inpatient Occupancy"})


class MarleyRevisitSource:
	"""Reads Patient Encounter, Patient Appointment, Sales Invoice and Inpatient Record."""

	patient_doctype = "Patient"
	department_doctype = "Medical Department"
	knows_absence = True

	def available(self) -> bool:
		return exists(APPOINTMENT)

	def evidence(
		self, patients: Sequence[str], since: date, until: date, appointments: Sequence[str] = ()
	) -> Sequence[Evidence]:
		if not patients:
			return []
		return [
			*_visits(patients, since, until),
			*_appointments(patients, since, until, appointments),
			*_admissions(patients, since, until),
			*_bills(patients, since, until),
		]


def _visits(patients: Sequence[str], since: date, until: date) -> Iterable[Evidence]:
	"""A draft counts: Frappe Health closes the appointment as soon as the encounter is begun."""
	rows = frappe.get_all(
		ENCOUNTER,
		filters={
			"patient": ("in", patients),
			"docstatus": ("<", 2),
			"encounter_date": ("between", (since, until)),
		},
		fields=["name", "patient", "encounter_date", "appointment", "medical_department", "inpatient_record"],
		order_by="encounter_date, name",
	)
	for row in rows:
		yield Evidence(
			kind="visit",
			on=row.encounter_date,
			patient=row.patient,
			doctype=ENCOUNTER,
			name=row.name,
			appointment=row.appointment or None,
			department=row.medical_department or None,
			stay=row.inpatient_record or None,
		)


def _appointments(
	patients: Sequence[str], since: date, until: date, names: Sequence[str]
) -> Iterable[Evidence]:
	fields = ["name", "patient", "appointment_date", "appointment_time", "status", "department"]
	fields.append("practitioner_name")
	of_patients = {"patient": ("in", patients)}
	rows = frappe.get_all(
		APPOINTMENT,
		filters={**of_patients, "appointment_date": ("between", (since, until))},
		fields=fields,
		order_by="appointment_date, name",
	)
	rows += frappe.get_all(
		APPOINTMENT,
		filters={"name": ("in", [name for name in names if name] or [""])},
		fields=fields,
		order_by="appointment_date, name",
	)
	for row in {row.name: row for row in rows}.values():
		yield Evidence(
			kind=KINDS.get(row.status, "booking"),
			on=row.appointment_date,
			patient=row.patient,
			doctype=APPOINTMENT,
			name=row.name,
			department=row.department or None,
			at=datetime.combine(row.appointment_date, get_time(row.appointment_time or "00:00")),
			who=row.practitioner_name or None,
		)


def _admissions(patients: Sequence[str], since: date, until: date) -> Iterable[Evidence]:
	rows = frappe.get_all(
		STAY,
		filters={
			"patient": ("in", patients),
			"status": ("in", IN_BED),
			"admitted_datetime": ("between", (since, until)),
		},
		fields=["name", "patient", "admitted_datetime"],
		order_by="admitted_datetime, name",
	)
	for row in rows:
		on = getdate(row.admitted_datetime)
		yield Evidence(kind="admission", on=on, patient=row.patient, doctype=STAY, name=row.name)


def _bills(patients: Sequence[str], since: date, until: date) -> Iterable[Evidence]:
	"""Invoices for something done in the outpatient department: at the lab, the pharmacy, the desk."""
	if not (exists(INVOICE) and frappe.get_meta(INVOICE).has_field("patient")):
		return
	rows = frappe.get_all(
		INVOICE,
		filters={
			"patient": ("in", patients),
			"docstatus": 1,
			"is_return": 0,
			"posting_date": ("between", (since, until)),
		},
		fields=["name", "patient", "posting_date"],
		order_by="posting_date, name",
	)
	outpatient = _for_outpatients([row.name for row in rows])
	stays = _stays([row.patient for row in rows])
	for row in rows:
		if row.name in outpatient and not _during(stays[row.patient], row.posting_date):
			yield Evidence("bill", row.posting_date, row.patient, INVOICE, row.name)


def _for_outpatients(invoices: Sequence[str]) -> set[str]:
	"""Those of `invoices` that bill at least one thing that neither belongs to a stay nor was paid in advance."""
	items = frappe.get_all(
		"Sales Invoice Item",
		filters={"parent": ("in", list(invoices) or [""])},
		fields=["parent", "reference_dt", "reference_dn"],
		order_by="parent, idx",
	)
	billed: defaultdict[str, set[str]] = defaultdict(set)
	for item in items:
		if item.reference_dt and item.reference_dn:
			billed[item.reference_dt].add(item.reference_dn)
	of_stays = {(doctype, name) for doctype, names in billed.items() for name in _of_stays(doctype, names)}
	return {
		item.parent
		for item in items
		if item.reference_dt not in NOT_SHOWN_BY_A_BILL
		and (item.reference_dt, item.reference_dn) not in of_stays
	}


def _of_stays(doctype: str, names: set[str]) -> list[str]:
	if not exists(doctype) or not frappe.get_meta(doctype).has_field("inpatient_record"):
		return []
	filters = {"name": ("in", sorted(names)), "inpatient_record": ("is", "set")}
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")


def _stays(patients: Sequence[str]) -> dict[str, list[tuple[date, date]]]:
	"""From the admission to the day on which the record was closed, which is when the last bill is written."""
	found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
	rows = frappe.get_all(
		STAY,
		filters={
			"patient": ("in", sorted(set(patients)) or [""]),
			"status": ("in", IN_BED),
			"admitted_datetime": ("is", "set"),
		},
		fields=["patient", "admitted_datetime", "discharge_datetime", "status"],
		order_by="admitted_datetime, name",
	)
	for row in rows:
		closed = (
			getdate(row.discharge_datetime)
			if row.status == "Discharged" and row.discharge_datetime
			else date.max
		)
		found[row.patient].append((getdate(row.admitted_datetime), closed))
	return found


def _during(stays: Iterable[tuple[date, date]], day: date) -> bool:
	return any(admitted <= day <= closed for admitted, closed in stays)
