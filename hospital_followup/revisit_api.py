"""What the desk may call about revisits. Same rules as in `api`: permission on the document first, writes by POST only."""

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import revisit_booking
from hospital_followup.services.retry import with_retry

PATIENT = "Follow-up Patient"
REVISIT = "Follow-up Revisit"


@frappe.whitelist(methods=["GET", "POST"])
def booking_options(
	patient: str,
	revisit: str | None = None,
	practitioner: str | None = None,
	since: str | date | None = None,
) -> dict[str, Any]:
	"""Whom a patient can be booked with for the revisit, and when."""
	_may_book(patient, revisit, "read")
	return revisit_booking.options(
		patient, revisit=revisit, practitioner=practitioner, since=getdate(since) if since else None
	)


@frappe.whitelist(methods=["POST"])
def book_revisit(
	patient: str, practitioner: str, start: str | datetime, kind: str, revisit: str | None = None
) -> dict[str, Any]:
	"""Book the revisit; returns it with its day. The other app's own permissions decide about the appointment."""
	_may_book(patient, revisit, "write")
	at = get_datetime(start)
	return with_retry(
		lambda: revisit_booking.book(
			patient, practitioner=practitioner, start=at, kind=kind, revisit=revisit
		),
		commit=False,
	)


@frappe.whitelist(methods=["POST"])
def mark_revisit(
	revisit: str, status: str, attended_on: str | date | None = None, reason: str | None = None
) -> dict[str, Any]:
	"""Write down what is known of a revisit: Attended (with the day), Missed, Cancelled (with the reason) or Expected."""
	doc = frappe.get_doc(REVISIT, revisit)
	doc.check_permission("write")
	if status not in ("Attended", "Missed", "Cancelled", "Expected"):
		frappe.throw(_("{0} is not something to write down here.").format(status), InvalidValueError)
	if status == "Cancelled" and not (reason or "").strip():
		frappe.throw(_("Say why the patient is not expected any more."), InvalidValueError)
	doc.update(
		{
			"status": status,
			"attended_on": getdate(attended_on) if status == "Attended" and attended_on else None,
			"status_reason": (reason or "").strip() or None,
			"evidence_doctype": None,
			"evidence_name": None,
		}
	)
	doc.save()
	return {field: doc.get(field) for field in ("name", "status", "attended_on", "attributed_log")}


def _may_book(patient: str, revisit: str | None, permission: str) -> None:
	frappe.get_doc(PATIENT, patient).check_permission("read")
	if not revisit:
		frappe.has_permission(REVISIT, "create" if permission == "write" else "read", throw=True)
		return
	doc = frappe.get_doc(REVISIT, revisit)
	doc.check_permission(permission)
	if doc.patient != patient:
		frappe.throw(_("The revisit belongs to another patient."), InvalidValueError)
