"""The small card that a patient takes home: whom to call, when the hospital calls, when to come back."""

from __future__ import annotations

import base64
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import frappe
import pyqrcode
from frappe.utils import add_days, date_diff, now_datetime, today

from hospital_followup.services import page_links, patient_pages
from hospital_followup.services.erased_patients import is_erased
from hospital_followup.services.handout import contact_words, long_date, revisit_words
from hospital_followup.services.overview import OPEN_TASKS, contacts_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

DISCHARGE, PLAN = "Patient Discharge", "Follow-up Plan"
#: What a card has room for; the hand-out lists them all.
CONTACTS = 4
#: Days after the last planned contact for which the card's page still opens.
PAGE_DAYS = 30


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
		code=page_code(discharge.name),
		revisit=revisit_words(discharge.plan, frappe._dict(revisit_date=discharge.revisit_date)),
	)


def page_code(discharge: Any) -> str | None:
	"""The address of the patient's own page as a QR code (an SVG image as a data URL), to ask for a call and to stop.

	None where there is no page to open: no plan, no public address, or nobody to reach. The discharge is read as it is
	stored: a print may be asked for with a document that somebody made up.
	"""
	if not isinstance(discharge, str):
		return None
	row = frappe.db.get_value(
		DISCHARGE, discharge, ["patient", "plan", "department", "company"], as_dict=True
	)
	if not row or not row.plan or not frappe.get_cached_doc("Follow-up Settings").base_url:
		return None
	status = frappe.db.get_value(patient_pages.PATIENT, row.patient, "status")
	until, plan_status = frappe.db.get_value(PLAN, row.plan, ["end_date", "status"])
	days = date_diff(until or today(), today()) + PAGE_DAYS
	stopped = plan_status == "Stopped" or is_erased(row.patient)
	if status not in ("Active", "Do Not Contact") or stopped or days <= 0:
		return None
	page = patient_pages.make(
		row.patient,
		key=f"card|{discharge}",
		valid_days=days,
		plan=row.plan,
		asks_satisfaction=0,
		department=row.department,
		company=row.company,
	)
	until = add_days(now_datetime(), days)
	page_status, expires_at = frappe.db.get_value(patient_pages.PAGE, page, ["status", "expires_at"])
	if page_status == "Expired":
		frappe.db.set_value(patient_pages.PAGE, page, {"status": "Sent", "expires_at": until})
	elif expires_at < until - timedelta(days=1):
		frappe.db.set_value(patient_pages.PAGE, page, "expires_at", until)
	# Frappe prints with GET, which it does not commit.
	frappe.local.flags.commit = True
	picture = BytesIO()
	pyqrcode.create(page_links.link_of(page), error="M").svg(picture, scale=4, quiet_zone=2, xmldecl=False)
	return f"data:image/svg+xml;base64,{base64.b64encode(picture.getvalue()).decode()}"
