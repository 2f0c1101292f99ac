"""Messages that were written and must not go out any more, because the patient has just said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe

from hospital_followup.services import outbox_results, queries
from hospital_followup.services.writer import set_values

MESSAGE = "Follow-up Message"


def suppress_queued(patients: Sequence[str], channel: str, now: datetime) -> int:
	"""Take back every message to `patients` that waits for `channel`; returns how many.

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
	values = {"status": "Suppressed", "status_reason": "withdrawn"}
	set_values(MESSAGE, [row.name for row in rows], values)
	for row in rows:
		row.update(values)
	outbox_results.settle(rows, now)
	return len(rows)
