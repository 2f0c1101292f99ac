"""Messages about a revisit: the reminder with what to bring, and the notice after a missed one (clinical.md, section 5).

They need no answer, so they are messages of the revisit and no contacts. Where none can be written, or it was lost, the
caller of this module has a person call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe

from hospital_followup.engine.outbox import is_lost
from hospital_followup.services import message_channels, messages
from hospital_followup.services.messages import Wanted

MESSAGE = "Follow-up Message"
REMINDER, MISSED_NOTICE = "Revisit Reminder", "Missed Revisit Notice"


@dataclass(frozen=True, slots=True)
class Notice:
	"""One message about the revisit `row`, worth sending until `expires_at`."""

	key: str
	row: frappe._dict
	occasion: str
	expires_at: datetime


def write(notices: Sequence[Notice], now: datetime) -> dict[str, str]:
	"""Write these messages, once each; returns by key why a person has to call instead of those that are not sent."""
	stands = standing([notice.key for notice in notices])
	found = {key: reason for key, reason in stands.items() if reason}
	new = [notice for notice in notices if notice.key not in stands]
	channels = message_channels.of([notice.row.patient for notice in new])
	wanted = []
	for notice in new:
		if notice.row.patient not in channels:
			found[notice.key] = "no_channel"
		elif notice.expires_at <= now:
			found[notice.key] = "message_too_late"
		else:
			wanted.append(_wanted(notice, channels[notice.row.patient], now))
	written = messages.write(wanted) if wanted else {}
	return found | {key: item.reason for key, item in written.items() if item.reason}


def standing(keys: Iterable[str]) -> Mapping[str, str | None]:
	"""By key of the messages that exist: why a person has to call, None while the message does its work."""
	references = {messages.reference_of(key): key for key in keys}
	rows = frappe.get_all(
		MESSAGE,
		filters={"reference": ("in", sorted(references) or [""])},
		fields=["reference", "status", "status_reason"],
		order_by="name",
	)
	return {references[row.reference]: _lost(row) for row in rows}


def _lost(row: frappe._dict) -> str | None:
	if not is_lost(row.status, row.status_reason):
		return None
	return {"Uncertain": "message_uncertain", "Failed": "message_failed"}.get(row.status, "message_too_late")


def _wanted(notice: Notice, channel: str, now: datetime) -> Wanted:
	row = notice.row
	return Wanted(
		key=notice.key,
		patient=row.patient,
		channel=channel,
		purpose="Clinical",
		occasion=notice.occasion,
		send_after=now,
		expires_at=notice.expires_at,
		revisit=row.name,
		plan=row.plan,
		department=row.department,
		company=row.company,
	)
