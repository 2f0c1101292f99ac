"""Taking messages back that have not gone out: their cause is gone, or says something else now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from hospital_followup.services import figure_marks
from hospital_followup.services.messages import MESSAGE

CAUSE_GONE = "cause_gone"


def call_off(filters: Mapping[str, Any], reason: str = CAUSE_GONE) -> int:
	"""Suppress the queued messages that `filters` name; returns how many were found.

	Nothing follows from it for a person: what the messages were for is gone, and if it comes back, whoever writes them
	finds them suppressed and has somebody call (`revisit_messages.standing`). For contacts there is `message_stops`. The
	condition of the write reads what is committed: a message that is being sent meanwhile is left as it is.
	"""
	names = frappe.get_all(MESSAGE, filters={**filters, "status": "Queued"}, pluck="name", order_by="name")
	if not names:
		return 0
	message = frappe.qb.DocType(MESSAGE)
	figure_marks.rows_changed(MESSAGE, names, ["status"])
	query = frappe.qb.update(message).set(message.status, "Suppressed").set(message.status_reason, reason)
	query.where(message.name.isin(names) & (message.status == "Queued")).run()
	return len(names)
