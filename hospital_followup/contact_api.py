"""What the desk and other programs may call about reaching patients. Same rules as in `api`: permission first."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from hospital_followup.services import bedside, number_list, numbers, patient_undo, telephony, visits
from hospital_followup.services.retry import with_retry
from hospital_followup.services.wording import sentence

PATIENT = "Follow-up Patient"
TASK = "Follow-up Task"


@frappe.whitelist(methods=["POST"])
def correct_number(
	patient: str, whose: str, number: str, verified_with: str | None = None, note: str | None = None
) -> dict[str, Any]:
	"""Replace a number that leads nowhere; `whose`: Patient or Caregiver. Returns the state of both numbers."""
	doc = _allowed(PATIENT, patient, "write")
	_may_write_numbers(doc)
	saved = with_retry(
		lambda: numbers.correct(patient, whose, number, verified_with or "", note), commit=False
	)
	return {
		field: saved.get(field) for field in ("mobile_status", "caregiver_mobile_status", "mobile_masked")
	}


@frappe.whitelist(methods=["GET", "POST"])
def numbers_to_correct(filters: str | list[Any] | dict[str, Any] | None = None) -> dict[str, Any]:
	"""For the number card: numbers that lead nowhere, of the patients whom the caller may see.

	`filters` is what the desk sends along with every card; this one has none.
	"""
	frappe.has_permission(PATIENT, "read", throw=True)
	return {
		"value": len(number_list.rows({})),
		"fieldtype": "Int",
		"route": ["query-report", number_list.REPORT],
		"route_options": {},
	}


@frappe.whitelist(methods=["POST"])
def undo_patient_stop(patient: str, reason: str) -> list[str]:
	"""Take back what a death, a readmission or a move stopped; returns the plans that go on."""
	doc = _allowed(PATIENT, patient, "write")
	restored = with_retry(lambda: patient_undo.undo_patient(patient, reason), commit=False)
	doc.add_comment("Info", _("Taken back: {0}").format(sentence(reason)))
	return restored


@frappe.whitelist(methods=["GET", "POST"])
def bedside_form(patient: str) -> dict[str, Any]:
	"""What the dialog of the bedside preparation starts with."""
	_allowed(PATIENT, patient, "read")
	return bedside.form(patient)


@frappe.whitelist(methods=["POST"])
def prepare_bedside(
	patient: str, answers: str | dict[str, Any], discharge: str | None = None
) -> dict[str, Any]:
	"""Keep what was answered at the bedside, consents included; returns who prepared the patient and when."""
	doc = _allowed(PATIENT, patient, "write")
	_may_write_numbers(doc)
	frappe.has_permission("Follow-up Consent", "create", throw=True)
	if discharge:
		_allowed("Patient Discharge", discharge, "write")
	values = bedside.read(answers)
	saved = with_retry(lambda: bedside.prepare(patient, values, discharge), commit=False)
	fields = ("prepared_on", "prepared_by", "mobile_status", "phone_verified", "mobile_masked")
	return {field: saved.get(field) for field in fields}


@frappe.whitelist(methods=["POST"])
def move_visit(task: str, step: str, day: str | date) -> int:
	"""Move a home visit one place up or down in its person's route; returns its new place."""
	_allowed(TASK, task, "write")
	return with_retry(lambda: visits.move(task, step, getdate(day)), commit=False)


@frappe.whitelist(methods=["POST"])
def click_to_call(task: str, contact_point: str | None = None) -> str:
	"""Let the telephone system call the number on record (`contact_point`: Patient or Caregiver); the call's id."""
	doc = _allowed(TASK, task, "write")
	patient = _allowed(PATIENT, doc.patient, "read")
	if not patient.has_permlevel_access_to("mobile"):
		frappe.throw(_("You may not call telephone numbers that you may not read."), frappe.PermissionError)
	return telephony.click_to_call(task, contact_point)


def _may_write_numbers(doc: Any) -> None:
	"""Telephone numbers are at permission level 1."""
	if not doc.has_permlevel_access_to("mobile", permission_type="write"):
		frappe.throw(_("You may not change telephone numbers."), frappe.PermissionError)


def _allowed(doctype: str, name: str, permission: str) -> Any:
	doc = frappe.get_doc(doctype, name)
	doc.check_permission(permission)
	return doc
