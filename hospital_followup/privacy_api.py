"""What an administrator may call when a patient asks for a copy of what is kept, or to be erased."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import ErasureError
from hospital_followup.services import patient_copy, patient_erasure
from hospital_followup.services.patient_records import person, records_of
from hospital_followup.services.retry import with_retry

PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"


@frappe.whitelist(methods=["GET", "POST"])
def erasure_summary(patient: str) -> dict[str, Any]:
	"""What an erasure would touch: records by doctype, files, plans that still run."""
	_administered(patient)
	return patient_erasure.summary(patient)


@frappe.whitelist(methods=["POST"])
def erase_patient(patient: str, number: str, reason: str) -> dict[str, int]:
	"""Erase a patient for good. `number` is the patient's hospital number, typed once more so that it is the right one."""
	doc = _administered(patient)
	if number.strip() != doc.patient_id:
		frappe.throw(
			_("This is not the hospital number of this patient. Nothing was erased."),
			ErasureError,
			title=_("Please Check the Number"),
		)
	if not reason.strip():
		frappe.throw(_("Say why, for example with the date of the request."), ErasureError)
	return with_retry(lambda: patient_erasure.erase(patient, reason.strip()), commit=False)


@frappe.whitelist(methods=["POST"])
def copy_patient(patient: str) -> None:
	"""Download everything that is kept about a patient as a zip file."""
	_administered(patient)
	response = frappe.local.response
	response.filename = f"patient-{patient}.zip"
	response.filecontent = patient_copy.archive(patient)
	response.type = "binary"


def _administered(patient: str) -> Document:
	"""The patient, when this person may delete the record and every discharge of it."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.check_permission("delete")
	for name in records_of(person(patient)).get(DISCHARGE, []):
		frappe.get_doc(DISCHARGE, name).check_permission("delete")
	return doc
