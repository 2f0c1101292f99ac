"""Frappe Health (Marley): the clinical facts of one stay, gathered from the documents around its Inpatient Record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import add_months, getdate

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.sources.base import day_of

STAY = "Inpatient Record"
ENCOUNTER = "Patient Encounter"
#: Code systems are records of the site: "ICD-10-CM (United States)", "ICD-10 国家临床版".
ICD_10 = "ICD%10%"
#: ICD-10 codes as Chinese front pages write them in front of the name: "I50.901 急性心力衰竭", "I21.0x00x001 …".
ICD_IN_TITLE = re.compile(r"^([A-Z]\d{2}(?:\.[0-9A-Za-z]{1,9})?)[\s,，、:：-]+(\S.*)$")


def diagnoses(stay: str, encounter: str | None) -> tuple[Diagnosis, ...]:
	"""The diagnoses of the encounter that ordered the discharge, then those of the admission; the first is the principal.

	Frappe Health copies the diagnoses of the *admitting* encounter into the record of the stay and no others.
	"""
	titles = [*(_titles(ENCOUNTER, encounter) if encounter else ()), *_titles(STAY, stay)]
	return _coded(titles, encounter)


def encounter_diagnoses(encounter: str) -> tuple[Diagnosis, ...]:
	"""The diagnoses of one encounter; the first is the principal."""
	return _coded(_titles(ENCOUNTER, encounter), encounter)


def _coded(titles: Sequence[str], encounter: str | None) -> tuple[Diagnosis, ...]:
	codes = _icd_codes("Diagnosis", titles)
	found: list[Diagnosis] = []
	for title in dict.fromkeys(titles):
		written = ICD_IN_TITLE.match(title)
		code = codes.get(title, ("",))[0] or (written.group(1) if written else "")
		found.append(Diagnosis(code=code, title=title, primary=not found))
	for code, name in _icd_codes(ENCOUNTER, [encounter]).values() if encounter else ():
		if code not in {each.code for each in found}:
			found.append(Diagnosis(code=code, title=name, primary=not found))
	return tuple(found)


def procedures(stay: str, admitted: date | None, discharged: date | None) -> tuple[Procedure, ...]:
	"""Completed procedures with their day, then ordered ones that nobody completed in the system."""
	done = frappe.get_all(
		"Clinical Procedure",
		filters={"inpatient_record": stay, "status": "Completed", "docstatus": ("<", 2)},
		fields=["procedure_template", "start_date"],
		order_by="start_date, name",
	)
	ordered = frappe.get_all(
		"Procedure Prescription",
		filters={"parenttype": STAY, "parent": stay},
		fields=["procedure", "procedure_name", "date"],
		order_by="idx",
	)
	found = [Procedure(title=row.procedure_template, performed_on=day_of(row.start_date)) for row in done]
	completed = {row.procedure_template for row in done}
	for row in ordered:
		if row.procedure in completed:
			continue
		planned = day_of(row.date)
		inside = planned and admitted and admitted <= planned and (not discharged or planned <= discharged)
		title = row.procedure_name or row.procedure
		found.append(Procedure(title=title, performed_on=planned if inside else None))
	return tuple(found)


def admissions_before(patient: str, stay: str, admitted: date | None) -> int | None:
	"""Other admissions in the year before; None while the site's own records do not reach back that far."""
	if not admitted:
		return None
	year_before = getdate(add_months(admitted, -12))
	first = frappe.get_all(
		STAY,
		filters={"admitted_datetime": ("is", "set")},
		pluck="admitted_datetime",
		order_by="creation",
		limit=1,
	)
	if not first or getdate(first[0]) > year_before:
		return None
	others = frappe.get_all(
		STAY,
		filters=[
			["patient", "=", patient],
			["name", "!=", stay],
			["status", "!=", "Cancelled"],
			["admitted_datetime", ">=", year_before],
			["admitted_datetime", "<", admitted],
		],
		pluck="name",
		order_by="name",
	)
	return len(others)


def _titles(doctype: str, name: str) -> list[str]:
	return frappe.get_all(
		"Patient Encounter Diagnosis",
		filters={"parenttype": doctype, "parent": name, "parentfield": "diagnosis"},
		pluck="diagnosis",
		order_by="idx",
	)


def _icd_codes(doctype: str, names: Sequence[str]) -> dict[str, tuple[str, str]]:
	"""Code and name of the ICD-10 entries of these documents; other systems (SNOMED, ICD-9) are not Charlson's.

	By document for Diagnosis, where the first entry counts; by code for an encounter, where every entry does.
	"""
	if not names:
		return {}
	rows = frappe.get_all(
		"Codification Table",
		filters={"parenttype": doctype, "parent": ("in", names), "code_system": ("like", ICD_10)},
		fields=["parent", "code", "display", "definition"],
		order_by="parent, idx desc",
	)
	by_document = doctype == "Diagnosis"
	return {
		row.parent if by_document else row.code: (row.code, row.display or row.definition or row.code)
		for row in rows
		if row.code
	}
