"""The pre-call brief: who is called, why, what happened before and what is due, in a fixed number of queries.

Who may read a task may read its brief, without the fields above the reader's permission level (numbers, diagnoses,
notes, answers) and without what the reader may not see elsewhere: another department's contacts and alerts, and the
record in the hospital's own system. Never a value tier.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, today

from hospital_followup.engine.programme_course import PROGRAMME
from hospital_followup.services import revisit_booking
from hospital_followup.services.brief_history import happened
from hospital_followup.services.brief_revisit import revisit_of
from hospital_followup.services.brief_stay import stay_of
from hospital_followup.services.facts import split
from hospital_followup.services.medical_record import record_of
from hospital_followup.services.programme_status import AWAITING, ENROLMENT
from hospital_followup.services.stay_dates import completed_years

TASK = "Follow-up Task"
PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"
OPEN = ("Scheduled", "Open", "In Progress")
PATIENT_FIELDS = (
	"patient_name",
	"patient_id",
	"sex",
	"status",
	"language",
	"mobile",
	"mobile_masked",
	"mobile_status",
	"preferred_slot",
	"preferred_channel",
	"caregiver_name",
	"caregiver_relation",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"special_care",
	"special_care_note",
	"home_address",
	"directions",
	"may_hear",
	"may_hear_names",
)
CONTACTS_AHEAD = 5


def brief(task: str) -> dict[str, Any]:
	"""The brief of a task in four parts, `who`, `why`, `happened` and `due`; its keys are always the same.

	A value that is unknown, or that the session's user may not read, is None (or an empty list). Raises
	frappe.DoesNotExistError for a task that is gone. The permission to read the task itself is the caller's to check.
	"""
	row = frappe.db.get_value(TASK, task, "*", as_dict=True)
	if row is None:
		raise frappe.DoesNotExistError(f"{TASK} {task}")
	patient = _document(PATIENT, row.patient)
	discharge = _document(DISCHARGE, row.discharge) if row.discharge else None
	record = record_of(discharge, patient)
	history = happened(row)
	return {
		"who": _who(patient),
		"why": {
			**stay_of(discharge, patient, record, history.medicines_taken),
			"programmes": _programmes(row.name),
			"awaiting_consent": _awaiting_consent(row.patient),
		},
		"happened": history.shown,
		"due": _due(row, discharge, record.tests),
	}


def _document(doctype: str, name: str) -> Document:
	doc = frappe.get_doc(doctype, name)
	doc.apply_fieldlevel_read_permissions()
	return doc


def _who(patient: Document) -> dict[str, Any]:
	born = patient.get("date_of_birth")
	facts = {field: patient.get(field) for field in PATIENT_FIELDS}
	readable = patient.has_permission("read")
	return {
		"patient": patient.name,
		**facts,
		"date_of_birth": born,
		"age": completed_years(getdate(born), getdate(today())) if born else None,
		"link": {"doctype": PATIENT, "name": patient.name} if readable else None,
	}


def _programmes(task: str) -> list[str]:
	"""Titles of the life-long programmes that the contact belongs to, for whoever may read who is in which."""
	if not frappe.has_permission(ENROLMENT, "read"):
		return []
	wanted = {"parent": task, "parenttype": TASK, "source": ("like", f"{PROGRAMME}%")}
	titles = frappe.get_all("Follow-up Task Source", filters=wanted, pluck="title", order_by="idx")
	return list(dict.fromkeys(titles))


def _awaiting_consent(patient: str) -> list[dict[str, Any]]:
	"""Enrolments that begin as soon as the patient agrees: this call is the occasion to ask."""
	if not frappe.has_permission(ENROLMENT, "read"):
		return []
	waiting = {"patient": patient, "status": "Paused", "status_reason": AWAITING}
	rows = frappe.get_list(ENROLMENT, filters=waiting, fields=["name", "pathway"], order_by="name", limit=0)
	return [
		{
			"doctype": ENROLMENT,
			"name": row.name,
			"title": frappe.db.get_value("Care Pathway", row.pathway, "title"),
		}
		for row in rows
	]


def _due(row: frappe._dict, discharge: Document | None, tests: tuple[str, ...]) -> dict[str, Any]:
	return {
		"revisit": revisit_of(row),
		"diary": revisit_booking.book_of(row.patient)[0] is not None,
		"revisit_date": discharge.get("revisit_date") if discharge else None,
		"tests": list(tests),
		"next_contacts": _next_contacts(row),
	}


def _next_contacts(row: frappe._dict) -> list[frappe._dict]:
	"""The plan's contacts after this one. They belong to the plan, whoever will make them."""
	if not row.plan:
		return []
	rows = frappe.get_all(
		TASK,
		filters={"plan": row.plan, "name": ("!=", row.name), "status": ("in", OPEN)},
		fields=["name", "due_date", "channel", "role", "topics", "kind"],
		order_by="due_date, sequence, name",
		limit=CONTACTS_AHEAD,
	)
	for contact in rows:
		contact.topics = split(contact.topics)
	return rows
