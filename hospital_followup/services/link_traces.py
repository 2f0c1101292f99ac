"""Links of pages lie in Frappe's own tables for as long as somebody needs them there, and no longer.

A mail that the mail server has taken needs its text no more. One that failed keeps it: an administrator who has put the
mail server right sends that very mail again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe

from hospital_followup.services.patient_pages import PAGE
from hospital_followup.services.writer import set_values

MESSAGE, QUEUE, NOTICE = "Follow-up Message", "Email Queue", "Notification Log"
#: What is older was looked at before, unless the dispatcher stood still for so long.
LOOK_BACK = timedelta(days=7)
STATUSES = ("Sent", "Opened", "Answered", "Expired")
PER_TICK = 1_000


def forget_mails(now: datetime) -> int:
	"""Empty mails of ours that were handed to the mail server; returns how many."""
	mail, message = frappe.qb.DocType(QUEUE), frappe.qb.DocType(MESSAGE)
	names = (
		frappe.qb.from_(mail)
		.join(message)
		.on(message.provider_id == mail.name)
		.select(mail.name)
		.where((mail.status == "Sent") & (mail.modified >= now - LOOK_BACK) & mail.message.isnotnull())
		.where(message.channel == "Email")
		.orderby(mail.modified)
		.limit(PER_TICK)
		.run(pluck=True)
	)
	set_values(QUEUE, names, {"message": None})
	return len(names)


def forget_notices(now: datetime) -> int:
	"""Take the link out of notices whose page's time is over; returns how many."""
	page, message, notice = (frappe.qb.DocType(doctype) for doctype in (PAGE, MESSAGE, NOTICE))
	names = (
		frappe.qb.from_(page)
		.join(message)
		.on(message.survey == page.name)
		.join(notice)
		.on(notice.name == message.reference)
		.select(notice.name)
		.where(page.status.isin(STATUSES) & (page.expires_at <= now) & (page.expires_at > now - LOOK_BACK))
		.where((message.channel == "App Push") & notice.link.isnotnull())
		.orderby(notice.name)
		.limit(PER_TICK)
		.run(pluck=True)
	)
	set_values(NOTICE, names, {"link": None})
	return len(names)
