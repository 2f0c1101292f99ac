"""What a patient can ask for on the own page beside an answer and a call: to be left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from hospital_followup.services import consents, patient_pages

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey


def stop_contact(page: FollowupSurvey) -> None:
	"""Withdraw every consent of the patient, for every purpose: as easy as it was to give."""
	with patient_pages.in_hospital_language():
		consents.withdraw(page.patient, evidence=_("On the own page, {0}").format(page.name))
