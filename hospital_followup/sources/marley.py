"""Frappe Health (Marley): Patient, and Inpatient Record as the record of a stay.

Only reads. Its Inpatient Record is never saved from here: saving an old one blanks the patient's current admission.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Concat
from frappe.utils import getdate

from hospital_followup.engine.ports import CurrentStay, MedicalRecord, PatientRecord, StayRecord, StayState
from hospital_followup.sources import marley_record
from hospital_followup.sources.base import address_of, day_of, exists, require, sex_of
from hospital_followup.sources.marley_stay import admissions_before, diagnoses, procedures

PATIENT_FIELDS = (
	"name",
	"patient_name",
	"sex",
	"dob",
	"mobile",
	"phone",
	"email",
	"language",
	"allergies",
	"tobacco_current_use",
	"alcohol_current_use",
)
HABIT_FIELDS = ("tobacco_current_use", "alcohol_current_use")
STAY_FIELDS = (
	"name",
	"patient",
	"status",
	"company",
	"medical_department",
	"primary_practitioner",
	"discharge_practitioner",
	"discharge_encounter",
	"admitted_datetime",
	"discharge_datetime",
	"discharge_ordered_date",
	"followup_date",
	"discharge_instructions",
)
#: The statuses of an Inpatient Record in which the patient lies in a bed or is about to leave it.
IN_HOSPITAL = ("Admitted", "Discharge Scheduled")


class MarleyPatientSource:
	"""Reads Patient. `status` is left alone: Disabled may only mean an unpaid registration fee."""

	doctype = "Patient"

	def available(self) -> bool:
		return exists(self.doctype)

	def same_as(self, name: str) -> tuple[str, str] | None:
		return None

	def read(self, name: str) -> PatientRecord:
		row = require(self.doctype, name, PATIENT_FIELDS)
		relation, caregiver = self._caregiver(name)
		return PatientRecord(
			patient_id=row.name,
			patient_name=row.patient_name or row.name,
			sex=sex_of(row.sex),
			date_of_birth=day_of(row.dob),
			mobile=row.mobile or row.phone or None,
			email=row.email or None,
			language=row.language or None,
			home_address=address_of(self.doctype, name),
			allergies=row.allergies or None,
			habits=self._habits(row),
			caregiver_name=caregiver.patient_name if caregiver else None,
			caregiver_relation=relation,
			caregiver_mobile=(caregiver.mobile or caregiver.phone or None) if caregiver else None,
		)

	def record(self, name: str) -> MedicalRecord | None:
		return marley_record.of_patient(name)

	def _habits(self, row: frappe._dict) -> str | None:
		meta = frappe.get_meta(self.doctype)
		lines = [f"{_(meta.get_label(field))}: {row[field]}" for field in HABIT_FIELDS if row[field]]
		return "\n".join(lines) or None

	def _caregiver(self, name: str) -> tuple[str | None, frappe._dict | None]:
		relations = frappe.get_all(
			"Patient Relation",
			filters={"parenttype": self.doctype, "parent": name},
			fields=["relation", "patient"],
			order_by="idx",
			limit=1,
		)
		if not relations:
			return None, None
		fields = ("patient_name", "mobile", "phone")
		caregiver = frappe.db.get_value(self.doctype, relations[0].patient, fields, as_dict=True)
		return relations[0].relation or None, caregiver


class InpatientRecordIntake:
	"""Reads Inpatient Record."""

	doctype = "Inpatient Record"
	patient_doctype = "Patient"

	def available(self) -> bool:
		return exists(self.doctype)

	def read(self, name: str) -> StayRecord | None:
		row = frappe.db.get_value(self.doctype, name, STAY_FIELDS, as_dict=True)
		if row is None:
			return None
		admitted = day_of(row.admitted_datetime)
		discharged = self._discharge_day(row)
		return StayRecord(
			source_doctype=self.doctype,
			source_name=row.name,
			patient_doctype=self.patient_doctype,
			patient_name=row.patient,
			state=self._state(row.status),
			admission_date=admitted,
			discharge_date=discharged,
			department_doctype="Medical Department" if row.medical_department else None,
			department_name=row.medical_department or None,
			attending_doctor=self._doctor(row.discharge_practitioner or row.primary_practitioner),
			diagnoses=diagnoses(name, row.discharge_encounter),
			procedures=procedures(name, admitted, discharged),
			length_of_stay=max((discharged - admitted).days, 0) if admitted and discharged else None,
			admissions_12m=admissions_before(row.patient, name, admitted),
			revisit_date=day_of(row.followup_date),
			instructions=row.discharge_instructions or None,
			company=row.company or None,
		)

	def unrecorded(self, since: date, limit: int) -> Sequence[str]:
		stay, discharge = frappe.qb.DocType(self.doctype), frappe.qb.DocType("Patient Discharge")
		return (
			frappe.qb.from_(stay)
			.left_join(discharge)
			.on(discharge.key == Concat(f"source|{self.doctype}|", stay.name))
			.select(stay.name)
			.where(stay.status.isin(self._trigger_statuses()) & discharge.name.isnull())
			# `modified` is the indexed column; a stay that ended on or after `since` was written on or after it.
			.where((stay.modified >= since) & (self._ended(stay) >= since))
			.orderby(stay.modified, stay.name)
			.limit(limit)
			.run(pluck=True)
		)

	def changed(self, since: datetime) -> Sequence[str]:
		return frappe.get_all(
			self.doctype, filters={"modified": (">=", since)}, pluck="name", order_by="modified, name"
		)

	def current(self) -> Sequence[CurrentStay]:
		rows = frappe.get_all(
			self.doctype,
			filters={"status": ("in", IN_HOSPITAL), "admitted_datetime": ("is", "set")},
			fields=["name", "patient", "admitted_datetime"],
			order_by="name",
		)
		return [CurrentStay(row.name, row.patient, getdate(row.admitted_datetime)) for row in rows]

	def record(self, name: str) -> MedicalRecord | None:
		return marley_record.of_stay(name)

	def _trigger_statuses(self) -> tuple[str, ...]:
		trigger = frappe.get_cached_doc("Follow-up Settings").trigger_status
		return ("Discharged", "Discharge Scheduled") if trigger == "Discharge Scheduled" else ("Discharged",)

	def _state(self, status: str) -> StayState:
		if status in self._trigger_statuses():
			return "discharged"
		if status in IN_HOSPITAL:
			return "admitted"
		return "cancelled" if status == "Cancelled" else "expected"

	def _ended(self, stay):
		return Coalesce(stay.discharge_datetime, stay.discharge_ordered_date, stay.modified)

	def _discharge_day(self, row: frappe._dict) -> date | None:
		"""*Discharged* can come days late (unbilled items, open nursing tasks): the bed knows when the patient left."""
		left = frappe.get_all(
			"Inpatient Occupancy",
			filters={"parenttype": self.doctype, "parent": row.name, "check_out": ("is", "set")},
			pluck="check_out",
			order_by="check_out desc",
			limit=1,
		)
		return day_of((left and left[0]) or row.discharge_datetime or row.discharge_ordered_date)

	def _doctor(self, practitioner: str | None) -> str | None:
		if not practitioner:
			return None
		return (
			frappe.db.get_value("Healthcare Practitioner", practitioner, "practitioner_name") or practitioner
		)
