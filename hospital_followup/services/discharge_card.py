"""The small card that a patient takes home: whom to call, when the hospital calls, when to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe

from hospital_followup.services.handout import contact_words, long_date, revisit_words
from hospital_followup.services.overview import OPEN_TASKS, contacts_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

#: What a card has room for; the hand-out lists them all.
CONTACTS = 4


def discharge_card(discharge: PatientDischarge) -> frappe._dict[str, Any]:
	"""The content of the card, in the language of the print. Never a diagnosis: cards are lost."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	department = discharge.department and frappe.get_cached_doc("Follow-up Department", discharge.department)
	contacts = (
		contacts_of(plan=discharge.plan, status=("in", OPEN_TASKS))[:CONTACTS] if discharge.plan else []
	)
	return frappe._dict(
		hospital=settings.hospital_name or discharge.company or "",
		department=department.department_name if department else "",
		phones=[
			number
			for number in dict.fromkeys((department and department.contact_phone, settings.hospital_phone))
			if number
		],
		emergency=settings.emergency_number,
		patient_name=discharge.patient_name,
		patient_id=frappe.get_cached_value("Follow-up Patient", discharge.patient, "patient_id"),
		doctor=discharge.attending_doctor or "",
		discharged=long_date(discharge.discharge_date),
		contacts=[contact_words(row) for row in contacts],
		revisit=revisit_words(discharge.plan, frappe._dict(revisit_date=discharge.revisit_date)),
	)
