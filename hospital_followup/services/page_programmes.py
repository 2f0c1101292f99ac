"""What the patient's page says of life-long programmes that wait for the patient's word, and what the patient answers.

A programme's name may be a diagnosis, and links are opened on other people's telephones: the page says what taking part
means, never what for. Who wants to know that first, calls.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.engine.dates import add
from hospital_followup.engine.pathway import due_on, times
from hospital_followup.services import care_pathways, patient_pages, programme_candidates, programmes
from hospital_followup.services.care_pathways import ApprovedPathway
from hospital_followup.services.programme_status import AWAITING, ENROLMENT
from hospital_followup.services.spoken import listed

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

YEAR = 12


def offers(page: FollowupSurvey, language: str) -> list[dict[str, Any]]:
	"""The programmes that wait for the word of the page's patient: what each asks of them in a year."""
	rows = [] if programme_candidates.silenced([page.patient]) else _waiting(page.patient)
	pathways = care_pathways.named([row.pathway for row in rows])
	return [
		{"programme": row.name, "text": _meaning(pathways[row.pathway], getdate(row.anchor_date), language)}
		for row in rows
	]


def answer(page: FollowupSurvey, programme: object, agrees: bool, language: str) -> bool:
	"""Take the patient's word for the enrolment `programme`; False when it does not wait for this patient's word."""
	offer = next((one for one in offers(page, language) if one["programme"] == programme), None)
	if offer is None:
		return False
	with patient_pages.in_hospital_language():
		waiting, said = offer["programme"], _("On the own page, {0}: “{1}”").format(page.name, offer["text"])
		if agrees:
			programmes.give_consent(waiting, said)
		else:
			programmes.refuse_consent(waiting, said)
	return True


def _waiting(patient: str) -> list[frappe._dict]:
	return frappe.get_all(
		ENROLMENT,
		filters={"patient": patient, "status": "Paused", "status_reason": AWAITING},
		fields=["name", "pathway", "anchor_date"],
		order_by="creation, name",
	)


def _meaning(approved: ApprovedPathway, anchor: date, language: str) -> str:
	"""How often and how in the year to come; without a word about what for."""
	begins = getdate(today())
	ends = add(begins, YEAR, "Month")
	steps = [
		step
		for step in approved.pathway.steps
		for place in range(times(step))
		if begins <= due_on(step, anchor, place) < ends
	]
	if not steps:
		return _("We contact you from time to time, as your health needs it.", language)
	channels = dict.fromkeys(step.channel for step in steps)
	if None in channels:  # chosen for each patient when the contact is planned
		if len(steps) == 1:
			return _("In the coming year we would contact you once.", language)
		return _("In the coming year we would contact you about {0} times.", language).format(len(steps))
	by = listed((_(channel, language) for channel in channels), language)
	if len(steps) == 1:
		return _("In the coming year we would contact you once, by: {0}.", language).format(by)
	return _("In the coming year we would contact you about {0} times, by: {1}.", language).format(
		len(steps), by
	)
