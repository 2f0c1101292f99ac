"""Texts that are in use and whose day of review comes near: who looks after them is told, two weeks before and after it.

One entry per person, however many texts. Nothing is stored for it: the entry is named after the last day on which a
text came within two weeks of its review, or passed it, so the job may run twice, days late, or not at all on Sundays.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import format_date

from hospital_followup.engine.names import ROLES
from hospital_followup.services.reminders import language_of, list_link, supervisors_of, tell

REVIEWED = ("Follow-up Script", "Follow-up Questionnaire", "Care Content", "Care Pathway")
DAYS_BEFORE = 14
ADMINISTRATOR = ROLES[-1]


def review_reminders(today: date) -> int:
	"""Tell the administrators of follow-up about all texts, an approver about their own; returns the entries written."""
	due = _due(today)
	if not due:
		return 0
	keepers = set(_administrators())
	approvers = {row.approved_by for row in due if row.approved_by}
	written = 0
	for user in sorted(keepers | approvers):
		mine = due if user in keepers else [row for row in due if row.approved_by == user]
		written += _tell(user, mine, today)
	return written


def _due(today: date) -> list[frappe._dict]:
	"""Approved texts to be reviewed within two weeks or earlier than today, the most urgent first."""
	found = []
	for doctype in REVIEWED:
		fields = ["name", "title", "review_by"]
		if frappe.get_meta(doctype).has_field("approved_by"):
			fields.append("approved_by")
		rows = frappe.get_all(
			doctype,
			filters={
				"status": "Approved",
				"review_by": ("between", (date(1900, 1, 1), today + timedelta(days=DAYS_BEFORE))),
			},
			fields=fields,
			order_by="review_by, name",
		)
		found += [row.update(doctype=doctype) for row in rows]
	return sorted(found, key=lambda row: (row.review_by, row.doctype, row.name))


def _administrators() -> list[str]:
	"""Everybody with the role; where nobody has it, those who supervise."""
	users = frappe.get_all(
		"Has Role",
		filters={"role": ADMINISTRATOR, "parenttype": "User"},
		pluck="parent",
		order_by="parent",
	)
	people = [user for user in users if frappe.db.get_value("User", user, "enabled")]
	return people or supervisors_of(None)


def _tell(user: str, rows: list[frappe._dict], today: date) -> bool:
	language, first = language_of(user), rows[0]
	counts = Counter(row.doctype for row in rows)
	subject = _(
		"To be reviewed: {0} scripts, {1} questionnaires, {2} pieces of advice, {3} pathways. First “{4}”, by {5}.",
		language,
	).format(*(counts[doctype] for doctype in REVIEWED), first.title, format_date(first.review_by))
	last_day = today + timedelta(days=DAYS_BEFORE)
	link = list_link(first.doctype, {"status": "Approved", "review_by": f'["<=","{last_day}"]'})
	once = f"review|{user}|{max(_crossed(row.review_by, today) for row in rows)}"
	return tell(user, subject, link=link, document_type=first.doctype, once=once)


def _crossed(review_by: date, today: date) -> date:
	"""The day on which the text last came into a reminder: when its review came near, or when it was missed."""
	missed = review_by + timedelta(days=1)
	return missed if missed <= today else review_by - timedelta(days=DAYS_BEFORE)
