"""Erasing a patient: the follow-up stops, everything that tells who it was goes, the figures stay right.

A record per discharge, contact and answer stays, because every figure is counted from them; what stays of each is listed
in `patient_records.KEPT`. What other apps keep, above all the medical record, is theirs: a hospital has to keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.translate import print_language
from frappe.utils import now_datetime, today

from hospital_followup.exceptions import ErasureError
from hospital_followup.services import (
	access_note,
	alert_course,
	complaints,
	patient_traces,
	programme_status,
	wording,
)
from hospital_followup.services.discharge_key import erased_key
from hospital_followup.services.erased_patients import refuse_erased
from hospital_followup.services.patient_records import CODED, KEPT, KEPT_ROWS, PATIENT, person, records_of
from hospital_followup.services.patient_stops import PATIENT_STOPS, stop_patient
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.writer import NAMES_PER_STATEMENT, chunks, set_values, update_rows

MESSAGE, SURVEY, REVISIT = "Follow-up Message", "Follow-up Survey", "Follow-up Revisit"
DISCHARGE = "Patient Discharge"
NUMERIC = frozenset({"Int", "Check", "Float", "Currency", "Percent", "Duration", "Rating"})
Records = dict[str, list[str]]


def summary(patient: str) -> dict[str, Any]:
	"""What an erasure would touch, for the person who is asked: records by doctype, complaints that another app keeps by
	doctype with their names, files, plans that still run.
	"""
	records = records_of(person(patient))
	plans = {"patient": ("in", records[PATIENT]), "status": ("in", ("Draft", "Active", "Paused"))}
	return {
		"records": {doctype: len(names) for doctype, names in records.items()},
		"complaints": complaints.kept_elsewhere(records.get(alert_course.ALERT, ())),
		"files": len(patient_traces.files_of(records)),
		"open_plans": frappe.db.count("Follow-up Plan", plans),
	}


def erase(patient: str, reason: str) -> dict[str, int]:
	"""Erase the patient for good; returns how many records were emptied or deleted, and how many traces went.

	Raises ErasureError for a record that was merged into another one (that one is to be erased), for a patient who was
	erased already, and while a message is on its way.
	"""
	_check(
		frappe.db.get_value(PATIENT, patient, ["status", "merged_into"], as_dict=True, for_update=True),
		patient,
	)
	patients = person(patient)
	records = records_of(patients)
	_stop(patients, records)
	traces = _erase_complaints(complaints.kept_elsewhere(records.get(alert_course.ALERT, ())))
	patient_traces.forget_receipts(records.get(MESSAGE, ()))
	traces += patient_traces.remove(records)
	_forget_recommenders(patients)
	for doctype, names in records.items():
		if doctype in KEPT:
			_empty(doctype, names)
		else:
			_delete(doctype, names)
	set_values(PATIENT, patients, {"erased_on": now_datetime(), "erased_by": frappe.session.user})
	for doctype, names in records.items():
		for name in names:
			frappe.clear_document_cache(doctype, name)
	counts = {"records": sum(map(len, records.values())), "traces": traces}
	frappe.get_doc(PATIENT, patient).add_comment(
		"Info", _("Erased: {0}").format(frappe.utils.escape_html(reason))
	)
	access_note.note(PATIENT, patient, "Erase", counts=counts)
	return counts


def _check(row: frappe._dict, patient: str) -> None:
	refuse_erased(patient)
	if row.status == "Merged":
		frappe.throw(
			_("This record was merged into {0}. Erase that one; this one goes with it.").format(
				row.merged_into
			),
			ErasureError,
			title=_("Not possible"),
		)
	if frappe.db.exists(MESSAGE, {"patient": ("in", person(patient)), "status": "Sending"}):
		frappe.throw(
			_("A message to this patient is on its way at this moment. Try again in a few minutes."),
			ErasureError,
			title=_("Not possible"),
		)


def _stop(patients: list[str], records: Records) -> None:
	"""Nobody calls, writes, waits or sounds an alarm any more."""
	for name in patients:
		status = frappe.db.get_value(PATIENT, name, "status")
		if status not in PATIENT_STOPS:
			status = "Do Not Contact"
			set_values(PATIENT, [name], {"status": status})
		stop_patient(name, PATIENT_STOPS[status])
		closing = "Deceased" if status == "Deceased" else "Lost to Follow-up"
		for alert in _with_status(alert_course.ALERT, [name], alert_course.UNANSWERED):
			alert_course.move(alert_course.lock(alert), "Closed", looked=False, closed_reason=closing)
	set_values(
		MESSAGE,
		_with_status(MESSAGE, patients, ("Queued",)),
		{"status": "Suppressed", "status_reason": "do_not_contact"},
	)
	set_values(
		MESSAGE,
		_with_status(MESSAGE, patients, ("Uncertain",)),
		{"status": "Failed", "status_reason": "do_not_contact"},
	)
	set_values(SURVEY, _with_status(SURVEY, patients, ("Sent", "Opened")), {"status": "Expired"})
	waiting = _with_status(REVISIT, patients, ("Expected", "Booked"), expected_on=(">=", today()))
	set_values(REVISIT, waiting, {"status": "Cancelled", "status_reason": "do_not_contact"})
	set_values(DISCHARGE, _pending(patients), {"decision": "Excluded", "decision_reason": "do_not_contact"})


def _pending(patients: list[str]) -> list[str]:
	filters = {"patient": ("in", patients), "decision": "Pending"}
	return frappe.get_all(DISCHARGE, filters=filters, pluck="name", order_by="name")


def _with_status(doctype: str, patients: list[str], statuses: Sequence[str], **more: Any) -> list[str]:
	filters = {"patient": ("in", patients), "status": ("in", statuses), **more}
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")


def _empty(doctype: str, names: list[str]) -> None:
	"""Empty every field but those that stay, and delete the child rows."""
	meta, kept = frappe.get_meta(doctype), KEPT[doctype]
	values: dict[str, Any] = {}
	for field in meta.fields:
		if field.fieldname in kept or field.is_virtual:
			continue
		if field.fieldtype in frappe.model.table_fields:
			for part in chunks(names, NAMES_PER_STATEMENT):
				frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", part)})
		elif field.fieldtype not in no_value_fields:
			values[field.fieldname] = 0 if field.fieldtype in NUMERIC else None
	if "patient_name" in values:
		with print_language(frappe.get_system_settings("language") or "en"):
			values["patient_name"] = _("Erased Patient")
	set_values(doctype, names, values)
	for table in meta.get_table_fields():
		if table.fieldname in kept and table.options in KEPT_ROWS:
			_empty_rows(table.options, doctype, names)
	if doctype == PATIENT:
		for name in names:  # unique within a company, so each keeps a number of its own
			set_values(PATIENT, [name], {"patient_id": name})
	if doctype == DISCHARGE:
		keys = frappe.get_all(
			doctype, filters={"name": ("in", names)}, fields=["name", "key"], order_by="name"
		)
		update_rows(doctype, {row.name: {"key": erased_key(row.key)} for row in keys if row.key})
	for fieldname in sorted(CODED & kept):
		_keep_codes(doctype, names, fieldname)
	patient_traces.clear_loose_columns(doctype, names)


def _empty_rows(table: str, parenttype: str, parents: list[str]) -> None:
	"""Empty every field but those that stay, in the rows of a table that stays itself."""
	fields = [
		field.fieldname for field in frappe.get_meta(table).fields if field.fieldname not in KEPT_ROWS[table]
	]
	for part in chunks(parents, NAMES_PER_STATEMENT):
		filters = {"parenttype": parenttype, "parent": ("in", part)}
		rows = frappe.get_all(table, filters=filters, pluck="name", order_by="name")
		set_values(table, rows, dict.fromkeys(fields))


def _keep_codes(doctype: str, names: list[str], fieldname: str) -> None:
	"""Where a person wrote words into the field of a reason code, the words go."""
	known = wording.sentences()
	rows = frappe.get_all(
		doctype,
		filters={"name": ("in", names), fieldname: ("is", "set")},
		fields=["name", fieldname],
		order_by="name",
	)
	worded = [
		row.name for row in rows if not {code.strip() for code in row[fieldname].split(",")} <= set(known)
	]
	set_values(doctype, worded, {fieldname: None})


def _delete(doctype: str, names: list[str]) -> None:
	if doctype == ENROLMENT:
		programme_status.part(names)
	for part in chunks(names, NAMES_PER_STATEMENT):
		for field in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", part)})
		frappe.db.delete(doctype, {"name": ("in", part)})


def _erase_complaints(kept: Records) -> int:
	"""Delete what we opened at another app's desk for complaints: the patient's own words stand in it."""
	removed = patient_traces.remove(kept)
	for doctype, names in kept.items():
		for name in names:
			frappe.delete_doc(
				doctype,
				name,
				force=True,
				ignore_permissions=True,  # reason: who may erase the patient erases what was opened for the patient
				delete_permanently=True,
			)
			removed += 1
	return removed


def _forget_recommenders(patients: list[str]) -> None:
	"""Who recommended the hospital stands by name in the records of those who came."""
	for doctype in (DISCHARGE, SURVEY):
		filters = {"recommended_by_patient": ("in", patients)}
		names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")
		set_values(doctype, names, {"recommended_by": None, "recommended_by_patient": None})
