"""Taking messages back that have not gone out: their cause is gone, or says something else now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from hospital_followup.services import figure_marks, queries
from hospital_followup.services.messages import MESSAGE
from hospital_followup.services.writer import set_values

CAUSE_GONE, WITHDRAWN = "cause_gone", "withdrawn"


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


def take_back(patients: Sequence[str], channel: str) -> list[frappe._dict]:
	"""Suppress every message to `patients` that waits for `channel`, because they refuse it; whoever calls lets follow what follows.

	Locked: one that is claimed at this moment is gone already, and its sender has looked at the consent.
	"""
	waiting = frappe.get_all(
		MESSAGE,
		filters={"patient": ("in", list(patients)), "channel": channel, "status": "Queued"},
		pluck="name",
		order_by="name",
	)
	fields = frappe.get_meta(MESSAGE).get_valid_columns()
	rows = [
		row for row in queries.select(MESSAGE, fields, "name", waiting, lock=True) if row.status == "Queued"
	]
	values = {"status": "Suppressed", "status_reason": WITHDRAWN}
	set_values(MESSAGE, [row.name for row in rows], values)
	for row in rows:
		row.update(values)
	return rows
