"""Frappe Health (Marley): what a submitted Patient Encounter says about a patient of the outpatient department."""

from __future__ import annotations

from datetime import datetime

import frappe

from hospital_followup.engine.ports import VisitRecord
from hospital_followup.sources.base import exists
from hospital_followup.sources.marley_stay import encounter_diagnoses

ENCOUNTER = "Patient Encounter"
FIELDS = ("name", "patient", "company", "medical_department", "docstatus")


def read(name: str) -> VisitRecord | None:
	"""The visit behind an encounter; None while it is a draft, and when it was cancelled or deleted."""
	row = frappe.db.get_value(ENCOUNTER, name, FIELDS, as_dict=True)
	if row is None or row.docstatus != 1:
		return None
	return VisitRecord(
		source_doctype=ENCOUNTER,
		source_name=row.name,
		patient_doctype="Patient",
		patient_name=row.patient,
		department_doctype="Medical Department" if row.medical_department else None,
		department_name=row.medical_department or None,
		diagnoses=encounter_diagnoses(name),
		company=row.company or None,
	)


def changed(since: datetime) -> list[str]:
	"""Encounters that were submitted or written after it since `since`; none on a site without Frappe Health."""
	if not exists(ENCOUNTER):
		return []
	return frappe.get_all(
		ENCOUNTER,
		filters={"modified": (">=", since), "docstatus": 1},
		pluck="name",
		order_by="modified, name",
	)
