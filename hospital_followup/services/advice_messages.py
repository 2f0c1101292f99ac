"""Advice in writing: what a caller explained, and after a discharge the library's texts for the condition, one a week.

It goes out where a text can be read in peace and by the patient alone (WeChat, email), at most once per plan and text. It is
no contact: where none can be sent nobody calls, and the caps of messages hold for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import frappe
from frappe.utils import add_days, cint, getdate, now_datetime

from hospital_followup.channels.registry import registered
from hospital_followup.services import message_channels, messages
from hospital_followup.services.call_context import context_of
from hospital_followup.services.content import choose_content
from hospital_followup.services.figure_sources import REACHED
from hospital_followup.services.message_placeholders import CLOSED_CHANNELS
from hospital_followup.services.messages import Wanted
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

PLAN = "Follow-up Plan"
OCCASION = "Education"
TOPICS = ("Condition", "Guidance")
#: Between two texts, and until one that waited is of no use any more.
APART, WORTH = timedelta(days=7), timedelta(days=3)
#: Of an evening nobody reads long texts; the discharge itself is one day ago by then.
HOUR = time(10)
#: A plan that began earlier is not advised any more.
LOOKED_BACK = 7


def on_log_submitted(doc: FollowupLog) -> None:
	"""Send what was explained in a conversation, to be read again."""
	pieces = [row.content for row in doc.guidance if row.content][: _pieces()]
	if doc.outcome not in REACHED or not pieces:
		return
	channel = _channels([doc.patient]).get(doc.patient)
	if channel:
		plan = frappe._dict(
			name=doc.plan, patient=doc.patient, department=doc.department, company=doc.company
		)
		now = now_datetime()
		messages.write([_wanted(plan, content, channel, now) for content in pieces])


def to_advise(now: datetime) -> list[str]:
	"""Plans that began lately and whose patients have not been sent the texts for their condition."""
	if not _pieces() or not _any_channel():
		return []
	return frappe.get_all(
		PLAN,
		filters={
			"advised": 0,
			"status": "Active",
			"purpose": "Discharge",
			"start_date": (">=", add_days(getdate(now), -LOOKED_BACK)),
		},
		pluck="name",
		order_by="start_date, name",
	)


def advise(names: Sequence[str], now: datetime) -> int:
	"""Write the advice for these plans, once; returns how many messages were written."""
	rows = frappe.get_all(
		PLAN,
		filters={"name": ("in", list(names) or [""]), "advised": 0},
		fields=["name", "patient", "discharge", "department", "company", "start_date"],
		order_by="name",
	)
	channels = _channels([row.patient for row in rows])
	wanted = []
	for row in rows:
		if row.patient not in channels:
			continue
		for number, content in enumerate(_fitting(row, channels[row.patient])):
			begins = datetime.combine(add_days(getdate(row.start_date), 1), HOUR)
			wanted.append(_wanted(row, content, channels[row.patient], max(begins, now) + number * APART))
	written = messages.write(wanted)
	set_values(PLAN, [row.name for row in rows], {"advised": 1})
	return sum(item.name is not None for item in written.values())


def _fitting(plan: frappe._dict, channel: str) -> list[str]:
	"""The texts for the patient's condition, the most specific first, in the patient's language."""
	contact = frappe._dict(
		patient=plan.patient,
		discharge=plan.discharge,
		department=plan.department,
		channel=channel,
		topics=", ".join(TOPICS),
	)
	return [
		piece["name"]
		for piece in choose_content(context_of(contact))
		if piece["topic"] in TOPICS and not piece["other_language"] and not piece["general"]
	][: _pieces()]


def _wanted(plan: frappe._dict, content: str, channel: str, send_after: datetime) -> Wanted:
	return Wanted(
		key=f"advice|{plan.name or plan.patient}|{content}",
		patient=plan.patient,
		channel=channel,
		purpose="Clinical",
		occasion=OCCASION,
		send_after=send_after,
		expires_at=send_after + WORTH,
		plan=plan.name,
		content=content,
		department=plan.department,
		company=plan.company,
	)


def _pieces() -> int:
	return cint(frappe.get_cached_doc("Follow-up Settings").advice_messages)


def _any_channel() -> bool:
	return any(channel.available() for name, channel in registered().items() if name in CLOSED_CHANNELS)


def _channels(patients: Iterable[str]) -> dict[str, str]:
	return message_channels.of(sorted(set(patients)), among=CLOSED_CHANNELS, beside_a_person=True)
