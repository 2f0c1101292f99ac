"""From another app's patient, customer or contact to our Follow-up Patient, and keeping the two together.

The source owns what it says; staff own what they found out. A number that staff verified is never overwritten, a value
that staff corrected stays until the source itself changes it (`sources.changes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import getdate, validate_email_address, validate_phone_number

from hospital_followup.engine.ports import PatientRecord
from hospital_followup.services.phone import international
from hospital_followup.services.retry import unseen_duplicates
from hospital_followup.sources.changes import news
from hospital_followup.sources.registry import patient_sources, source_for

PATIENT = "Follow-up Patient"
#: What looks like one telephone number inside a field where someone typed more than that.
NUMBER = re.compile(r"\+?\d[\d ()-]{5,18}\d")
NUMBERS = ("mobile", "caregiver_mobile")


def ensure_patient(source_doctype: str, source_name: str, *, company: str | None = None) -> str:
	"""The Follow-up Patient of another app's document, made when there is none; its name.

	`company` is used for a new patient of a source that knows no company. Raises SourceError for a document that is no
	person or that no installed app can read.
	"""
	doctype, name = person_behind(source_doctype, source_name)
	return stored_patient(doctype, name) or _insert(doctype, name, company)


def refresh_patient(source_doctype: str, source_name: str) -> str | None:
	"""Take over what the source has changed about a patient we know; None for a patient we do not know.

	Two Follow-up Patients of one document (the source merged two of its own) become one first.
	"""
	source = source_for(source_doctype)
	names = _with_source(source_doctype, source_name)
	if not names:
		return None
	record = source.read(source_name)
	kept = _merge_duplicates(names, record) if len(names) > 1 else names[0]
	_take_over(frappe.get_doc(PATIENT, kept, for_update=True), record)
	return kept


def stored_patient(source_doctype: str, source_name: str) -> str | None:
	"""The Follow-up Patient of a source document, the surviving one where records were merged; None without one."""
	names = _with_source(source_doctype, source_name)
	return names[0] if names else None


def stored_patients(source_doctype: str, source_names: Iterable[str]) -> dict[str, str]:
	"""`stored_patient` of many, by the name of the source document; one query."""
	rows = frappe.get_all(
		PATIENT,
		filters={
			"source_doctype": source_doctype,
			"source_name": ("in", sorted(set(source_names)) or [""]),
			"status": ("!=", "Merged"),
		},
		fields=["name", "source_name"],
		order_by="creation desc, name desc",
	)
	return {row.source_name: row.name for row in rows}  # the first of several, as `stored_patient`


def person_behind(source_doctype: str, source_name: str) -> tuple[str, str]:
	"""The document that knows the person best: a contact card leads to its customer, a customer to its patient."""
	while better := source_for(source_doctype).same_as(source_name):
		source_doctype, source_name = better
	return source_doctype, source_name


def detach_patient(source_doctype: str, source_name: str) -> None:
	"""The source document is being deleted: the patient's follow-up stays, without the link to it."""
	for name in _with_source(source_doctype, source_name):
		values = {"source_doctype": None, "source_name": None}
		frappe.db.set_value(PATIENT, name, values, update_modified=False)


def changed_patients(since: datetime) -> list[tuple[str, str]]:
	"""(doctype, name) of the source documents of our patients that were written since, or that two of ours share."""
	table = frappe.qb.DocType(PATIENT)
	found = []
	for doctype, source in patient_sources().items():
		if not source.available():
			continue
		document = frappe.qb.DocType(doctype)
		ours = frappe.qb.from_(table).where((table.source_doctype == doctype) & (table.status != "Merged"))
		changed = (
			ours.inner_join(document)
			.on(document.name == table.source_name)
			.where(document.modified >= since)
			.select(document.name)
			.distinct()
			.run(pluck=True)
		)
		shared = (
			ours.select(table.source_name).groupby(table.source_name).having(Count("*") > 1).run(pluck=True)
		)
		found += [(doctype, name) for name in sorted({*changed, *shared})]
	return found


def _with_source(source_doctype: str, source_name: str) -> list[str]:
	return frappe.get_all(
		PATIENT,
		filters={"source_doctype": source_doctype, "source_name": source_name, "status": ("!=", "Merged")},
		pluck="name",
		order_by="creation, name",
	)


def _insert(source_doctype: str, source_name: str, company: str | None) -> str:
	record = source_for(source_doctype).read(source_name)
	company = record.company or company or frappe.defaults.get_global_default("company") or ""
	known = frappe.db.get_value(
		PATIENT, {"external_key": f"{company}|{record.patient_id}"}, ["name", "merged_into"], as_dict=True
	)
	if known:
		return _adopt(known.merged_into or known.name, source_doctype, source_name, record)
	doc = frappe.new_doc(PATIENT)
	doc.update({"source_doctype": source_doctype, "source_name": source_name, "company": company})
	taken, doc.source_digest = news(_values(record), {}, None)
	doc.update(taken)
	if record.deceased:
		doc.status = "Deceased"
	with unseen_duplicates():
		doc.insert(ignore_permissions=True)  # reason: the clerk discharges, the system records
	return doc.name


def _adopt(name: str, source_doctype: str, source_name: str, record: PatientRecord) -> str:
	"""The hospital number is known already (an import, another app): the same patient, now with a source."""
	doc = frappe.get_doc(PATIENT, name, for_update=True)
	if not doc.source_name:
		doc.update({"source_doctype": source_doctype, "source_name": source_name})
		_take_over(doc, record, save=True)
	return name


def _take_over(doc: Document, record: PatientRecord, *, save: bool = False) -> None:
	taken, digest = news(_values(record), doc.as_dict(), doc.source_digest)
	if doc.phone_verified:
		taken.pop("mobile", None)
	if record.deceased and doc.status == "Active":
		taken["status"] = "Deceased"
	if not taken and not save:
		if digest != doc.source_digest:
			doc.db_set("source_digest", digest, update_modified=False)
		return
	doc.update(taken)
	doc.source_digest = digest
	doc.save(ignore_permissions=True)  # reason: the source changed, whoever triggered it


def _merge_duplicates(names: list[str], record: PatientRecord) -> str:
	"""Keep the one that carries the source's number, else the oldest; the others go on under it."""
	numbers = dict(
		frappe.get_all(
			PATIENT,
			filters={"name": ("in", names)},
			fields=["name", "patient_id"],
			order_by="creation, name",
			as_list=True,
		)
	)
	kept = next((name for name in names if numbers[name] == record.patient_id), names[0])
	for name in names:
		if name != kept:
			doc = frappe.get_doc(PATIENT, name, for_update=True)
			doc.update({"status": "Merged", "merged_into": kept})
			doc.save(ignore_permissions=True)  # reason: the hospital's own system merged the two patients
	return kept


def _values(record: PatientRecord) -> dict[str, Any]:
	"""The record's values in the form in which Follow-up Patient keeps them; unusable ones are left out."""
	values = asdict(record)
	values.pop("deceased")
	values.pop("company")
	for field in NUMBERS:
		values[field] = usable_number(values[field])
	email = (values["email"] or "").strip()
	values["email"] = email if email and validate_email_address(email) else None
	if values["date_of_birth"] and values["date_of_birth"] > getdate():
		values["date_of_birth"] = None
	return values


def usable_number(text: str | None) -> str | None:
	"""The telephone number in `text` as Follow-up Patient keeps it; None when there is none to dial."""
	if not text:
		return None
	country = frappe.get_cached_doc("Follow-up Settings").default_country_code
	number, _valid = international(text, country)
	if number and validate_phone_number(number):
		return number
	found = NUMBER.search(text)
	return international(found.group(), country)[0] if found else None
