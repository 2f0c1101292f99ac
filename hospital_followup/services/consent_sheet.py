"""The sheet "Consent and Purpose": what was read out, what the patient agrees to, and room for signatures.

Whatever was said already stands ticked; what nobody asked stays empty, to be ticked by hand. Never a diagnosis.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from hospital_followup.engine.names import CHANNELS
from hospital_followup.services import bedside_consent, purpose_text
from hospital_followup.services.handout import long_date
from hospital_followup.services.stay_dates import completed_years

PATIENT = "Follow-up Patient"


def consent_sheet(patient: str, *, first_visit: bool) -> frappe._dict[str, Any]:
	"""The content of the sheet in the language of the print."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.check_permission("read")
	settings = frappe.get_cached_doc("Follow-up Settings")
	language = frappe.local.lang
	standing = bedside_consent.standing(patient)
	meanings = purpose_text.explained(language)
	return frappe._dict(
		hospital=settings.hospital_name or doc.company or "",
		patient_name=doc.patient_name,
		patient_id=doc.patient_id,
		paragraphs=purpose_text.paragraphs(language, first_visit=first_visit),
		channels=[_(channel) for channel in CHANNELS],
		purposes=[
			frappe._dict(
				title=_(purpose, context="Follow-up Consent"),
				meaning=meanings[purpose],
				words=[standing[purpose][channel] for channel in CHANNELS],
			)
			for purpose in bedside_consent.PURPOSES
		],
		ways_out=purpose_text.ways_out(language),
		guardian=_needs_guardian(doc, settings),
		caregiver=doc.caregiver_name,
		printed=long_date(today()),
	)


def _needs_guardian(patient: Any, settings: Any) -> bool:
	"""For a child the guardian signs (clinical.md §5)."""
	if not patient.date_of_birth:
		return False
	limit = cint(settings.guardian_under_age) or 18
	return completed_years(getdate(patient.date_of_birth), getdate(today())) < limit
