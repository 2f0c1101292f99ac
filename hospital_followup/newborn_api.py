"""Mother and newborn, from the form of the mother's enrolment."""

from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from hospital_followup.consent_api import choices
from hospital_followup.programme_api import consent_by
from hospital_followup.services import newborns
from hospital_followup.services.newborns import ENROLMENT, PATIENT
from hospital_followup.services.retry import with_retry


@frappe.whitelist(methods=["POST"])
def newborn_proposal(enrolment: str) -> dict[str, Any]:
	"""What the dialog fills in and offers: a free hospital number, the mother's name, the pathways that count from birth,
	and the ways in which she can agree."""
	frappe.has_permission(ENROLMENT, "write", doc=enrolment, throw=True)
	return {**newborns.proposal(enrolment), "ways": choices()}


@frappe.whitelist(methods=["POST"])
def enrol_newborn(
	enrolment: str,
	pathway: str,
	child: str | None = None,
	patient_id: str | None = None,
	patient_name: str | None = None,
	sex: str | None = None,
	date_of_birth: str | date | None = None,
	way: str | None = None,
) -> str:
	"""Enrol the newborn of the woman of `enrolment`, known (`child`) or new; the name of the child's enrolment.

	`way`: how the mother agreed to the child's programme; without it the enrolment waits for her consent.
	"""
	frappe.has_permission(ENROLMENT, "write", doc=enrolment, throw=True)
	frappe.has_permission(ENROLMENT, "create", throw=True)
	if child:
		frappe.has_permission(PATIENT, "write", doc=child, throw=True)
	consent = consent_by(way) if way else None
	return with_retry(
		lambda: newborns.enrol_newborn(
			enrolment,
			pathway,
			child=child,
			patient_id=patient_id,
			patient_name=patient_name,
			sex=sex,
			date_of_birth=getdate(date_of_birth) if date_of_birth else None,
			consent=consent,
		),
		commit=False,
	)
