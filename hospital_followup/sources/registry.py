"""Which adapters this site has: for patients, discharges, revisits and appointments."""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.engine.appointments import AppointmentBook
from hospital_followup.engine.complaints import ComplaintDesk
from hospital_followup.engine.ports import DischargeIntake, PatientSource, RevisitSource
from hospital_followup.exceptions import SourceError

PATIENT_HOOK = "followup_patient_sources"
DISCHARGE_HOOK = "followup_sources"
REVISIT_HOOK = "followup_revisit_sources"
BOOK_HOOK = "followup_appointment_books"
COMPLAINT_HOOK = "followup_complaints"


def patient_sources() -> dict[str, PatientSource]:
	"""Every patient source by doctype, installed or not; of several apps the last installed one wins."""
	return _adapters(PATIENT_HOOK)


def intakes() -> dict[str, DischargeIntake]:
	"""Every discharge intake by doctype, installed or not; of several apps the last installed one wins."""
	return _adapters(DISCHARGE_HOOK)


def source_for(doctype: str) -> PatientSource:
	"""The patient source that reads `doctype`. Raises SourceError when no installed app offers one."""
	return _available(patient_sources(), doctype)


def intake_for(doctype: str) -> DischargeIntake:
	"""The discharge intake that reads `doctype`. Raises SourceError when no installed app offers one."""
	return _available(intakes(), doctype)


def revisit_sources() -> dict[str, RevisitSource]:
	"""Where it shows that patients came back, by the patients' doctype; only those that this site can read."""
	return {doctype: each for doctype, each in _adapters(REVISIT_HOOK).items() if each.available()}


def appointment_book(patient_doctype: str | None) -> AppointmentBook | None:
	"""The diary in which patients of this doctype are booked; None when the site keeps none."""
	book = _adapters(BOOK_HOOK).get(patient_doctype)
	return book if book and book.available() else None


def complaint_desks() -> list[ComplaintDesk]:
	"""Where the site keeps complaints, the last installed app first."""
	paths = frappe.get_hooks(COMPLAINT_HOOK) or []
	desks = [frappe.get_attr(path)() for path in reversed(paths)]
	return [desk for desk in desks if desk.available()]


def _adapters(hook: str) -> dict:
	return {
		doctype: frappe.get_attr(paths[-1])() for doctype, paths in frappe.get_hooks(hook, default={}).items()
	}


def _available(adapters: dict, doctype: str):
	adapter = adapters.get(doctype)
	if adapter is None or not adapter.available():
		known = ", ".join(_(name) for name, each in adapters.items() if each.available())
		frappe.throw(
			_("Follow-up cannot read {0} on this site. It reads: {1}.").format(_(doctype), known or "–"),
			SourceError,
			title=_("Unknown source"),
		)
	return adapter
