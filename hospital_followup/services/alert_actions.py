"""What a doctor does with an alert: acknowledge, work on it, judge it, close it, take it up again.

Each step may be tapped twice or by two people at once: the second changes nothing. Who called checks the permission.
"""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.exceptions import AlertError, InvalidValueError
from hospital_followup.services import alert_course as course
from hospital_followup.services import alert_tasks
from hospital_followup.services.alert_course import ALERT

JUDGEMENTS = ("True", "False")
#: Why nobody can be told any more, and what the open call to tell the patient is cancelled for.
CLOSING_REASONS = {
	"Deceased": "deceased",
	"Readmitted": "readmitted",
	"Lost to Follow-up": "lost_to_follow_up",
}


def acknowledge(alert: str) -> frappe._dict:
	"""Somebody has seen the alert and takes care of it; it becomes that person's. Returns the alert's row.

	When it was acknowledged before, nothing changes: the row says by whom. Since it became worse somebody has to look
	again and has it then; the first look stays on record.
	"""
	row = course.lock(alert)
	if not course.waits_for_a_look(row):
		return row
	course.move(row, _looked_at(row), assigned_to=frappe.session.user)
	remark(alert, _("Acknowledged"))
	return row


def start_work(alert: str) -> frappe._dict:
	"""Somebody works on the answer."""
	row = course.lock(alert)
	if row.status in ("Open", "Acknowledged"):
		course.move(row, "In Progress")
		remark(alert, _("Work has begun"))
	return row


def judge(alert: str, judgement: str) -> frappe._dict:
	"""Say whether the alarm was right ("True" or "False"); the alert counts as acknowledged from then on."""
	if judgement not in JUDGEMENTS:
		frappe.throw(
			_("A judgement is {0} or {1}, not {2}.").format(*JUDGEMENTS, judgement), InvalidValueError
		)
	row = course.lock(alert)
	if row.judgement == judgement:
		return row
	if course.waits_for_a_look(row):
		course.move(row, _looked_at(row), judgement=judgement)
	else:
		course.write(row, {"judgement": judgement})
	remark(alert, _("Judged: true alarm") if judgement == "True" else _("Judged: false alarm"))
	return row


def close(alert: str, reason: str | None = None) -> frappe._dict:
	"""Close an answered and judged alert; with a reason also one that nobody can be told the answer of any more.

	Raises AlertError while the patient waits for an answer or nobody has judged the alarm.
	"""
	if reason and reason not in CLOSING_REASONS:
		frappe.throw(
			_("Choose one of these reasons: {0}.").format(
				", ".join(_(word, context=ALERT) for word in CLOSING_REASONS)
			),
			InvalidValueError,
			title=_("Not possible"),
		)
	row = course.lock(alert)
	if row.status == "Closed":
		return row
	if not reason or row.status == "Answered":
		course.check_closing(row.status, row.judgement)
		course.move(row, "Closed")
		remark(alert, _("Closed"))
		return row
	course.move(row, "Closed", closed_reason=reason)
	alert_tasks.call_off(alert, CLOSING_REASONS[reason])
	remark(alert, _("Closed without an answer: {0}").format(_(reason, context=ALERT)))
	return row


def reopen(alert: str) -> frappe._dict:
	"""Take up an answered or closed alert again; who acknowledged it and when stays."""
	row = course.lock(alert)
	if row.status not in course.ANSWERED:
		frappe.throw(
			_("This alert is not answered yet, so there is nothing to reopen."),
			AlertError,
			title=_("Not possible"),
		)
	course.move(row, "In Progress")
	remark(alert, _("Reopened"))
	return row


def _looked_at(row: frappe._dict) -> str:
	return "Acknowledged" if row.status == "Open" else row.status


def remark(alert: str, text: str) -> None:
	"""The timeline carries what people did (rules.md)."""
	frappe.get_doc(ALERT, alert).add_comment("Info", text)
