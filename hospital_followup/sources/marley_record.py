"""Frappe Health (Marley): what a caller wants to know of the medical record, with Frappe Health's own permissions.

The medicines are those of the encounter that ordered the discharge: the Inpatient Record itself keeps the ones of the
admission, which the discharge may have changed.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, formatdate

from hospital_followup.engine.ports import MedicalRecord, Medicine
from hospital_followup.sources.base import readable

PATIENT = "Patient"
STAY = "Inpatient Record"
ENCOUNTER = "Patient Encounter"
LAB_TEST = "Lab Test"
#: What the patient had before, as Patient keeps it: one illness or operation per line.
HISTORY = ("medical_history", "surgical_history")
#: Which parts of a prescription make up its dosage, in the order in which a nurse reads them out.
DOSAGE = ("dosage", "dosage_form", "period", "comment")
RESULTS_SHOWN = 20


def of_stay(name: str) -> MedicalRecord | None:
	"""The record of a stay: medicines, diagnoses and tests of the encounter that ordered the discharge."""
	stay = readable(STAY, name)
	if stay is None:
		return None
	encounter_name = stay.get("discharge_encounter") or _latest_encounter(inpatient_record=name)
	encounter = readable(ENCOUNTER, encounter_name)
	of_admission = _medicines(stay) if not encounter_name else None
	return MedicalRecord(
		doctype=STAY,
		name=name,
		medicines=_medicines(encounter) if encounter else of_admission,
		diagnoses=_diagnoses(encounter),
		instructions=stay.get("discharge_instructions") or None,
		pending_results=_pending_results(name),
		tests=_tests(encounter),
	)


def of_patient(name: str) -> MedicalRecord | None:
	"""What is known of a patient beyond one stay; medicines as written into the patient's own document."""
	patient = readable(PATIENT, name)
	if patient is None:
		return None
	encounter = readable(ENCOUNTER, _latest_encounter(patient=name))
	lines = [Medicine(drug=line) for line in _lines(patient.get("medication"))]
	return MedicalRecord(
		doctype=PATIENT,
		name=name,
		medicines=(_medicines(encounter) or tuple(lines)) if encounter else (tuple(lines) or None),
		allergies=patient.get("allergies") or None,
		conditions=tuple(line for field in HISTORY for line in _lines(patient.get(field))),
		diagnoses=_diagnoses(encounter),
		tests=_tests(encounter),
	)


def _latest_encounter(**filters: str) -> str | None:
	names = frappe.get_all(
		ENCOUNTER,
		filters={**filters, "docstatus": 1},
		pluck="name",
		order_by="encounter_date desc, encounter_time desc, creation desc",
		limit=1,
	)
	return names[0] if names else None


def _medicines(doc: Document) -> tuple[Medicine, ...] | None:
	"""None when the list is not for this user's eyes."""
	if not hasattr(doc, "drug_prescription"):
		return None
	return tuple(
		Medicine(
			drug=row.drug_name or row.get("medication") or row.drug_code or "?",
			dosage=_dosage(row),
			ordered_on=doc.get("encounter_date") or doc.get("admission_ordered_for"),
		)
		for row in doc.drug_prescription
	)


def _dosage(row: Document) -> str | None:
	parts = []
	if row.get("strength"):
		parts.append(f"{row.strength:g} {row.get('strength_uom') or ''}".strip())
	parts += [_(cstr(row.get(field)).strip()) for field in DOSAGE if cstr(row.get(field)).strip()]
	return " · ".join(parts) or None


def _diagnoses(encounter: Document | None) -> tuple[str, ...]:
	rows = (encounter.get("diagnosis") or ()) if encounter else ()
	return tuple(dict.fromkeys(row.diagnosis for row in rows))


def _tests(encounter: Document | None) -> tuple[str, ...]:
	rows = (encounter.get("lab_test_prescription") or ()) if encounter else ()
	return tuple(
		row.lab_test_name or row.lab_test_code or row.get("observation_template")
		for row in rows
		if not row.lab_test_created
	)


def _pending_results(stay: str) -> tuple[str, ...] | None:
	"""A laboratory's result is there once its Lab Test is submitted."""
	if not frappe.has_permission(LAB_TEST, "read"):
		return None
	rows = frappe.get_list(
		LAB_TEST,
		filters={"inpatient_record": stay, "docstatus": 0},
		fields=["lab_test_name", "template", "date"],
		order_by="date, name",
		limit=RESULTS_SHOWN,
	)
	return tuple(
		_("{0} (made on {1})").format(row.lab_test_name or row.template, formatdate(row.date))
		if row.date
		else row.lab_test_name or row.template
		for row in rows
	)


def _lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]
