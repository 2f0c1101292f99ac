"""What the forms of a patient and of an enrolment ask about life-long programmes."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname

from hospital_followup.consent_api import choices, evidence_of
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import programme_offers, programmes
from hospital_followup.services.programme_consents import CONSENT, ConsentGiven
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.retry import with_retry

PATIENT = "Follow-up Patient"


@frappe.whitelist(methods=["GET", "POST"])
def programmes_of(patient: str) -> dict[str, Any]:
	"""The programmes that can be chosen for a patient, and how a patient can say yes."""
	frappe.get_doc(PATIENT, patient).check_permission("read")
	frappe.has_permission(ENROLMENT, "read", throw=True)
	return {"offered": programme_offers.offered_to(patient), "ways": choices()}


@frappe.whitelist(methods=["GET", "POST"])
def ways_to_agree(enrolment: str) -> list[dict[str, str]]:
	"""How the patient of an enrolment can say yes."""
	frappe.has_permission(ENROLMENT, "read", doc=enrolment, throw=True)
	return choices()


@frappe.whitelist(methods=["POST"])
def enrol(patient: str, pathway: str, anchor_date: str | date | None = None, way: str | None = None) -> str:
	"""Enrol a patient by hand; `way`: how the patient agreed, empty when nobody has asked yet. Name of the enrolment."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.check_permission("read")
	of_patient = {"patient": patient, "department": doc.department, "company": doc.company}
	frappe.new_doc(ENROLMENT, pathway=pathway, **of_patient).check_permission("create")
	consent = consent_by(way) if way else None
	return with_retry(
		lambda: programmes.enrol(patient, pathway, anchor_date=anchor_date, consent=consent), commit=False
	)


@frappe.whitelist(methods=["POST"])
def record_consent(enrolment: str, way: str) -> None:
	"""The patient agrees to the programme: what waited for that begins."""
	_allowed(enrolment)
	evidence = consent_by(way).evidence
	with_retry(lambda: programmes.give_consent(enrolment, evidence), commit=False)


@frappe.whitelist(methods=["POST"])
def record_refusal(enrolment: str) -> None:
	"""The patient does not want the programme (any more)."""
	_allowed(enrolment)
	said = _("Recorded by {0} at the patient's word.").format(get_fullname(frappe.session.user))
	frappe.has_permission(CONSENT, "create", throw=True)
	with_retry(lambda: programmes.refuse_consent(enrolment, said), commit=False)


@frappe.whitelist(methods=["POST"])
def pause_enrolment(enrolment: str, reason: str) -> None:
	"""Take the programme's contacts off the worklists until it is resumed."""
	_allowed(enrolment)
	with_retry(lambda: programmes.pause(enrolment, _stated(reason)), commit=False)


@frappe.whitelist(methods=["POST"])
def resume_enrolment(enrolment: str) -> None:
	"""Go on with a programme that was paused, left or finished."""
	_allowed(enrolment)
	with_retry(lambda: programmes.resume(enrolment), commit=False)


@frappe.whitelist(methods=["POST"])
def leave_programme(enrolment: str, reason: str) -> None:
	"""End the programme because the patient leaves it."""
	_allowed(enrolment)
	with_retry(lambda: programmes.leave(enrolment, _stated(reason)), commit=False)


@frappe.whitelist(methods=["POST"])
def finish_programme(enrolment: str, reason: str) -> None:
	"""End the programme because its purpose is reached."""
	_allowed(enrolment)
	with_retry(lambda: programmes.finish(enrolment, _stated(reason)), commit=False)


def consent_by(way: str) -> ConsentGiven:
	"""The consent to a programme that the user records, given in one of the `consent_api.ways`."""
	frappe.has_permission(CONSENT, "create", throw=True)
	return ConsentGiven(evidence_of(way))


def _stated(reason: str) -> str:
	if not (words := reason.strip()):
		frappe.throw(_("Give the reason in a few words."), InvalidValueError, title=_("Reason missing"))
	return words


def _allowed(enrolment: str) -> None:
	frappe.get_doc(ENROLMENT, enrolment).check_permission("write")
