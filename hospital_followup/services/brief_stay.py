"""Why a patient is called: the stay, its diagnoses and instructions, the medicines, and what was still open."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import date_diff, today

from hospital_followup.services.medical_record import KnownRecord


def stay_of(
	discharge: Document | None, patient: Document, record: KnownRecord, medicines_taken: bool | None
) -> dict[str, Any]:
	"""The part `why` of the brief; both documents come without what the reader may not read.

	`medicines_taken` is what the patient said last, about all of them.
	"""
	stay = discharge or frappe._dict()
	left = stay.get("discharge_date")
	return {
		"discharge": stay.get("name"),
		"discharge_date": left,
		"admission_date": stay.get("admission_date"),
		"days_since": date_diff(today(), left) if left else None,
		"department": stay.get("department") or patient.get("department"),
		"attending_doctor": stay.get("attending_doctor"),
		"diagnoses": _diagnoses(stay, record),
		"procedures": [
			{"code": row.code, "title": row.title, "performed_on": row.performed_on}
			for row in stay.get("procedures") or ()
		],
		"instructions": stay.get("instructions") or record.instructions,
		"medicines": [
			{
				"drug": medicine.drug,
				"dosage": medicine.dosage,
				"ordered_on": medicine.ordered_on,
				"taken": medicines_taken,
			}
			for medicine in record.medicines or ()
		],
		"medicines_taken": medicines_taken,
		"allergies": _either(patient.get("allergies"), record.allergies),
		"conditions": _conditions(patient, record),
		"habits": patient.get("habits"),
		"pending_results": [*_lines(stay.get("pending_results")), *record.pending_results],
		"record": {"doctype": record.link[0], "name": record.link[1]} if record.link else None,
		"record_withheld": record.withheld,
	}


def _diagnoses(stay: Any, record: KnownRecord) -> list[dict[str, Any]]:
	"""Those of the discharge, the principal one first, then what only the encounters name."""
	rows = sorted(stay.get("diagnoses") or (), key=lambda row: not row.primary)
	found = [{"code": row.code, "title": row.title, "primary": bool(row.primary)} for row in rows]
	known = {row["title"] for row in found}
	found += [
		{"code": None, "title": title, "primary": False} for title in record.diagnoses if title not in known
	]
	return found


def _conditions(patient: Document, record: KnownRecord) -> list[str]:
	ours = [row.title or row.code for row in patient.get("conditions") or ()]
	return list(dict.fromkeys([*ours, *record.conditions]))


def _either(ours: str | None, theirs: str | None) -> str | None:
	"""Both, when the patient told the caller something that the record does not say, or the other way round."""
	if not ours or not theirs or theirs in ours:
		return ours or theirs
	return theirs if ours in theirs else f"{ours}\n{theirs}"


def _lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]
