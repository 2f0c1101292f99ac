"""A call that was promised to a patient is confirmed in writing: when we call, and what to do if it cannot wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
from frappe.utils import get_datetime, now_datetime

from hospital_followup.services import message_channels, message_withdrawal, messages
from hospital_followup.services.attempts import PROMISES
from hospital_followup.services.messages import Wanted

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

OCCASION = "Promised Callback"
#: Who is called again so soon needs no message, and one that late would cross the call.
SOON, LATE = timedelta(hours=2), timedelta(minutes=30)


def on_log_submitted(doc: FollowupLog) -> None:
	"""Confirm the time that was agreed with the patient; an earlier promise for the same contact is void."""
	if not doc.task:
		return
	_take_back(doc.task)
	agreed = get_datetime(doc.next_attempt_at) if doc.next_attempt_at else None
	now = now_datetime()
	if doc.outcome not in PROMISES or not agreed or agreed < now + SOON or doc.contact_point == "Caregiver":
		return
	channel = message_channels.of([doc.patient], beside_a_person=True).get(doc.patient)
	if channel:
		messages.write([_wanted(doc, channel)])


def on_log_cancelled(doc: FollowupLog) -> None:
	"""Nothing was promised after all."""
	if doc.task and doc.outcome in PROMISES:
		_take_back(doc.task)


def _take_back(task: str) -> None:
	message_withdrawal.call_off({"task": task, "occasion": OCCASION})


def _wanted(doc: FollowupLog, channel: str) -> Wanted:
	agreed = get_datetime(doc.next_attempt_at)
	plan, department, company = frappe.db.get_value(
		"Follow-up Task", doc.task, ["plan", "department", "company"]
	)
	return Wanted(
		key=f"callback|{doc.name}",
		patient=doc.patient,
		channel=channel,
		purpose="Clinical",
		occasion=OCCASION,
		send_after=now_datetime(),
		expires_at=agreed - LATE,
		task=doc.task,
		plan=plan,
		department=department,
		company=company,
		values={"call_by": f"{agreed:%Y-%m-%d %H:%M}"},
	)
