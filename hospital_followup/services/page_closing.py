"""What ends a page: its patient, the end of its time, or an alarming answer that was never sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import frappe

from hospital_followup.services import (
	claims,
	complaints,
	page_answers,
	patient_pages,
	reactions,
	service_recovery,
)
from hospital_followup.services.beside import beside
from hospital_followup.services.patient_pages import OPEN, PAGE

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

#: How long an alarming answer waits for the patient to press "Send". Then a person is told of it all the same.
UNSENT_AFTER = timedelta(minutes=30)


def hand_in(page: FollowupSurvey) -> None:
	"""Make the answers final, with everything that follows from them. The page must be locked."""
	with patient_pages.in_hospital_language():
		page_answers.hand_in(page)
		patient_pages.store(page)
		beside(page, reactions.on_page_answered)
		if page.complaint:
			complaints.take(page)
		service_recovery.begin(page)


def unsent(now: datetime) -> list[str]:
	"""Open pages on which something was entered that nobody will send any more, or that cannot wait for it."""
	page = frappe.qb.DocType(PAGE)
	alarming = page.alarming_since <= now - UNSENT_AFTER
	over = (page.expires_at <= now) & page.written_on.isnotnull()
	found: set[str] = set()
	for waiting in (alarming, over):
		query = frappe.qb.from_(page).select(page.name).where(page.status.isin(OPEN) & waiting)
		found.update(query.orderby(page.name).run(pluck=True))
	return sorted(found)


def hand_in_unsent(name: str, now: datetime) -> None:
	"""Take what the patient has entered for the answer: a contact on the timeline, with its alarms."""
	patient = frappe.db.get_value(PAGE, name, "patient")
	if not frappe.db.get_value(claims.PATIENT, patient, "name", for_update=True):
		return
	page = frappe.get_doc(PAGE, name, for_update=True)
	if page.status not in OPEN:
		return
	hand_in(page)


def expire(now: datetime) -> int:
	"""Close the pages whose time is over and on which nothing was entered; returns how many."""
	page = frappe.qb.DocType(PAGE)
	due = page.status.isin(OPEN) & (page.expires_at <= now) & page.written_on.isnull()
	names = frappe.qb.from_(page).select(page.name).where(due).orderby(page.name).run(pluck=True)
	if names:
		frappe.qb.update(page).set(page.status, "Expired").where(page.name.isin(names) & due).run()
	return len(names)
