"""Whose data a research export may hold: who agreed, what may be told about them, who would stand out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import getdate, now_datetime

from hospital_followup.engine.deidentify import HIDDEN, age_band, icd_category, stay_band, suppress
from hospital_followup.services.queries import in_general
from hospital_followup.services.stay_dates import completed_years
from hospital_followup.services.writer import chunks

CONSENT = "Follow-up Consent"
DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
DISCHARGE_FIELDS = (
	*("name", "patient", "department", "admission_date", "discharge_date"),
	*("emergency_admission", "disposition", "risk_tier", "decision", "decision_reason"),
	*("comparison_group", "readmitted_on"),
)
#: Names in one query.
AT_ONCE = 1000
#: Between the entries of a feature that holds several: not in any code or name.
BAR = "\x1f"
#: Places in a profile (engine.deidentify.Profile).
SEX, AGE, DEPARTMENTS, DIAGNOSES, DISPOSITIONS, LENGTHS = range(6)


@dataclass(slots=True)
class Cohort:
	"""The stays that go out by patient, and what may be told of each patient."""

	consenting: int
	stays: dict[str, list[frappe._dict]]
	profiles: dict[str, tuple[str, ...]]
	left_out: int
	generalised: int = field(init=False)

	def __post_init__(self) -> None:
		self.generalised = sum(HIDDEN in profile for profile in self.profiles.values())


def consenting_patients() -> list[str]:
	"""Patients whose last word about research was yes; of two words at one moment the no counts.

	What was said to a record that has been merged since, was said by the patient who remains.
	"""
	consent, patient = frappe.qb.DocType(CONSENT), frappe.qb.DocType(PATIENT)
	rows = (
		frappe.qb.from_(consent)
		.join(patient)
		.on(patient.name == consent.patient)
		.select(consent.patient, patient.merged_into, consent.given_on, consent.withdrawn_on)
		.where((consent.purpose == "Research") & in_general(consent))
		.orderby(consent.creation)
		.run(as_dict=True)
	)
	last: dict[str, tuple[Any, bool]] = {}
	for row in rows:
		said = (row.withdrawn_on or row.given_on, bool(row.withdrawn_on))
		name = row.merged_into or row.patient
		if said[0] and said[0] <= now_datetime() and said >= last.get(name, said):
			last[name] = said
	return sorted(name for name, (_on, withdrawn) in last.items() if not withdrawn)


def cohort(filters: Mapping[str, Any]) -> Cohort:
	"""The stays of consenting patients that the person who asks may read, without anybody who would stand out."""
	consenting = consenting_patients()
	stays: defaultdict[str, list[frappe._dict]] = defaultdict(list)
	for part in chunks(consenting, AT_ONCE):
		for row in _stays(filters, part):
			stays[row.patient].append(row)
	codes = _diagnoses([row.name for rows in stays.values() for row in rows])
	for rows in stays.values():
		for row in rows:
			row.diagnosis = codes.get(row.name, "")
	known: dict[str, tuple[str, ...]] = {}
	for part in chunks(list(stays), AT_ONCE):
		fields = ["name", "sex", "date_of_birth"]
		for row in frappe.get_all(PATIENT, filters={"name": ("in", part)}, fields=fields, order_by="name"):
			known[row.name] = _profile(row, stays[row.name])
	told = suppress(known)
	return Cohort(
		consenting=len(consenting),
		stays={name: stays[name] for name in told},
		profiles=told,
		left_out=len(known) - len(told),
	)


def _stays(filters: Mapping[str, Any], patients: list[str]) -> list[frappe._dict]:
	conditions: dict[str, Any] = {
		"patient": ("in", patients),
		"cancelled": 0,
		"discharge_date": ("between", (filters["from_date"], filters["to_date"])),
	}
	for name in ("department", "company"):
		if filters.get(name):
			conditions[name] = filters[name]
	return frappe.get_list(
		DISCHARGE, filters=conditions, fields=list(DISCHARGE_FIELDS), order_by="discharge_date, name", limit=0
	)


def _diagnoses(stays: list[str]) -> dict[str, str]:
	"""The category of each stay's primary diagnosis."""
	found: dict[str, str] = {}
	for part in chunks(stays, AT_ONCE):
		rows = frappe.get_all(
			"Discharge Diagnosis",
			filters={"parenttype": DISCHARGE, "parent": ("in", part), "primary": 1},
			fields=["parent", "code"],
			order_by="parent, idx",
		)
		found.update((row.parent, icd_category(row.code)) for row in rows)
	return found


def _profile(patient: frappe._dict, stays: list[frappe._dict]) -> tuple[str, ...]:
	first = min(getdate(row.discharge_date) for row in stays)
	born = getdate(patient.date_of_birth) if patient.date_of_birth else None
	return (
		patient.sex or "",
		age_band(completed_years(born, first) if born else None),
		BAR.join(sorted({row.department or "" for row in stays})),
		BAR.join(sorted({row.diagnosis for row in stays})),
		BAR.join(sorted({row.disposition or "" for row in stays})),
		BAR.join(sorted({stay_band(_nights(row)) for row in stays})),
	)


def _nights(stay: frappe._dict) -> int | None:
	if not stay.admission_date:
		return None
	return (getdate(stay.discharge_date) - getdate(stay.admission_date)).days
