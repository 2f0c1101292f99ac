"""The link to a patient's page leaves Frappe's own tables when it has served."""

from __future__ import annotations

from datetime import datetime

import frappe
import pytest
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from hospital_followup.services import dispatch
from hospital_followup.tests import factories as make
from tests.site.outbox_samples import a_run
from tests.site.rights import record

MESSAGE, QUEUE, NOTICE = "Follow-up Message", "Email Queue", "Notification Log"
LINK = "https://hospital.example/follow-up#token"


def mail(status: str, *, ours: bool = True) -> Document:
	doc = record(QUEUE, status=status, message=f"Subject: Visit\n\n{LINK}")
	if ours:
		record(MESSAGE, patient=make.patient().name, channel="Email", status="Sent", provider_id=doc.name)
	return doc


def notice(expires_at: datetime, status: str) -> Document:
	patient = make.patient().name
	page = record("Follow-up Survey", patient=patient, status=status, expires_at=expires_at)
	doc = record(NOTICE, link=LINK, subject="Visit", type="Alert")
	sent = {"channel": "App Push", "status": "Sent", "survey": page.name}
	record(MESSAGE, patient=patient, reference=doc.name, **sent)
	return doc


def held(doc: Document, field: str) -> bool:
	return LINK in (frappe.db.get_value(doc.doctype, doc.name, field) or "")


@pytest.mark.commits
def test_a_mail_that_was_taken_holds_none_and_every_other_one_does() -> None:
	sent, waiting, failed, other = mail("Sent"), mail("Not Sent"), mail("Error"), mail("Sent", ours=False)
	dispatch.close_pages(a_run(), now_datetime())
	assert not held(sent, "message")
	assert all(held(doc, "message") for doc in (waiting, failed, other))


@pytest.mark.commits
def test_a_notice_holds_it_while_the_page_opens() -> None:
	now = now_datetime()
	soon, before = add_to_date(now, hours=1), add_to_date(now, minutes=-1)
	open_ones = [notice(soon, "Sent"), notice(soon, "Answered")]
	over = [notice(before, "Sent"), notice(before, "Answered")]
	dispatch.close_pages(a_run(), now)
	assert all(held(doc, "link") for doc in open_ones)
	assert not any(held(doc, "link") for doc in over)
	assert all(frappe.db.get_value(NOTICE, doc.name, "subject") == "Visit" for doc in over)
