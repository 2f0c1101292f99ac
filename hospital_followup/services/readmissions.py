"""Readmission of a discharge: the first new admission within the interval of the settings, and how it is known.

An Inpatient Record of the site's own system is noted by `admissions`; here is what the site learns in other ways: another
Patient Discharge of the patient (typed, imported, sent), or a contact that tells of a stay in another hospital. Derived
anew each time, so that a correction of either takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from hospital_followup.services.facts import admission_day
from hospital_followup.services.revisit_limits import readmission_days
from hospital_followup.services.writer import set_values

DISCHARGE, LOG = "Patient Discharge", "Follow-up Log"
FIELDS = (
	*("name", "admission_date", "discharge_date", "length_of_stay", "cancelled", "readmission_key"),
	*("readmitted_on", "readmission_evidence_doctype", "readmission_evidence"),
)

Found = tuple[date, str, str]


def record(patient: str) -> int:
	"""Bring the readmissions of the patient's discharges in line with what is known; returns how many changed."""
	stays = frappe.get_all(
		DISCHARGE, filters={"patient": patient}, fields=list(FIELDS), order_by="discharge_date, name"
	)
	known = [*_admissions(stays), *(_told(patient) if stays else ())]
	changed = 0
	for stay in stays:
		if stay.readmission_key:
			continue  # the site's own system has said so
		values = _values(None if stay.cancelled else _first(stay, known))
		if any(stay[field] != value for field, value in values.items()):
			set_values(DISCHARGE, [stay.name], values)
			changed += 1
	return changed


def _first(stay: frappe._dict, known: Iterable[Found]) -> Found | None:
	"""The first admission after `stay`, when it lies within the interval."""
	last = stay.discharge_date + timedelta(days=readmission_days())
	later = [each for each in known if each[2] != stay.name and stay.discharge_date <= each[0] <= last]
	return min(later, default=None)


def _admissions(stays: Sequence[frappe._dict]) -> list[Found]:
	"""When each stay began. One that nobody knows the beginning of is no proof of a new admission."""
	begun = [
		(
			stay,
			stay.admission_date
			or (stay.length_of_stay and admission_day(stay.discharge_date, stay.length_of_stay)),
		)
		for stay in stays
		if not stay.cancelled
	]
	return [(getdate(day), DISCHARGE, stay.name) for stay, day in begun if day]


def _told(patient: str) -> list[Found]:
	"""Contacts in which somebody told that the patient is in hospital again, by day."""
	rows = frappe.get_all(
		LOG,
		filters={"patient": patient, "outcome": "Readmitted", "docstatus": 1},
		fields=["name", "contacted_at"],
		order_by="contacted_at, name",
	)
	return [(getdate(row.contacted_at), LOG, row.name) for row in rows]


def _values(found: Found | None) -> dict[str, Any]:
	day, doctype, name = found or (None, None, None)
	return {
		"readmitted_on": day,
		"readmission_evidence_doctype": doctype,
		"readmission_evidence": name,
	}
