"""What the hospital's own system knows besides the discharge, read through the adapters of `sources/` for this user."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from hospital_followup.engine.ports import MedicalRecord, MedicalRecordReader, Medicine
from hospital_followup.sources.registry import intakes, patient_sources


@dataclass(frozen=True, slots=True)
class KnownRecord:
	"""The stay's record and the patient's record as one. `medicines` None = not kept, or not for this user's eyes."""

	link: tuple[str, str] | None = None
	medicines: tuple[Medicine, ...] | None = None
	allergies: str | None = None
	conditions: tuple[str, ...] = ()
	diagnoses: tuple[str, ...] = ()
	instructions: str | None = None
	pending_results: tuple[str, ...] = ()
	tests: tuple[str, ...] = ()
	withheld: bool = False
	"""The hospital's system keeps a record of this stay whose medicines this user may not read there."""


def record_of(discharge: Document | None, patient: Document) -> KnownRecord:
	"""The medical record behind a discharge and its patient; an empty one when neither came from another app."""
	kept_stay, stay = _read(intakes(), discharge)
	kept_person, person = _read(patient_sources(), patient)
	records = [record for record in (stay, person) if record]
	if not records:
		return KnownRecord(withheld=kept_stay or kept_person)
	first = records[0]
	return KnownRecord(
		link=(first.doctype, first.name),
		medicines=first.medicines,
		allergies=next((record.allergies for record in records if record.allergies), None),
		conditions=tuple(dict.fromkeys(each for record in records for each in record.conditions)),
		diagnoses=first.diagnoses,
		instructions=first.instructions,
		pending_results=first.pending_results or (),
		tests=first.tests,
		withheld=kept_stay and (not stay or stay.medicines is None),
	)


def _read(adapters: dict, doc: Document | None) -> tuple[bool, MedicalRecord | None]:
	"""Whether another app keeps a record of `doc`, and the record when this user may read it there."""
	adapter = adapters.get(doc.get("source_doctype")) if doc and doc.get("source_name") else None
	if not isinstance(adapter, MedicalRecordReader) or not adapter.available():
		return False, None
	try:
		return True, adapter.record(doc.source_name)
	except Exception as error:
		# A patient is called without the record rather than not at all.
		frappe.logger("hospital_followup").warning(
			"%s %s: its record could not be read (%s)",
			doc.source_doctype,
			doc.source_name,
			type(error).__name__,
		)
		return True, None
