"""Old messages and receipts leave, as Log Settings says; what a figure is counted from stays, without its text.

Never touched: what waits, is on its way, or of which nobody knows whether it arrived.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe.utils import add_days, now_datetime

from hospital_followup.services import patient_traces
from hospital_followup.services.writer import set_values

MESSAGE, RECEIPT = "Follow-up Message", "Follow-up Receipt"
SETTLED = ("Sent", "Delivered", "Failed", "Expired", "Suppressed")
#: A contact whose message went out counts as informed (clinical.md §6): these rows stay.
INFORMING = ("Sent", "Delivered")
#: What of them goes.
TEXT = ("subject", "body", "variables", "recipient")
BATCH = 500


def clear_messages(days: int) -> None:
	"""Delete settled messages that were due more than `days` ago, or empty those that a figure is counted from."""
	before = add_days(now_datetime(), -days)
	while names := _deletable(before):
		patient_traces.remove({MESSAGE: names})
		frappe.db.delete(MESSAGE, {"name": ("in", names)})
		frappe.db.commit()  # reason: years of messages are no single transaction
	while names := _with_text(before):
		patient_traces.remove({MESSAGE: names})
		set_values(MESSAGE, names, dict.fromkeys(TEXT))
		frappe.db.commit()  # reason: years of messages are no single transaction


def _deletable(before: datetime) -> list[str]:
	message = frappe.qb.DocType(MESSAGE)
	informing = message.status.isin(INFORMING) & message.task.isnotnull() & (message.task != "")
	return _settled(message, before).where(informing.negate()).run(pluck=True)


def _with_text(before: datetime) -> list[str]:
	message = frappe.qb.DocType(MESSAGE)
	filled = message.subject.isnotnull()
	for field in TEXT[1:]:
		filled |= message[field].isnotnull()
	return _settled(message, before).where(filled).run(pluck=True)


def _settled(message: Any, before: datetime) -> Any:
	return (
		frappe.qb.from_(message)
		.select(message.name)
		.where(message.status.isin(SETTLED) & (message.send_after < before))
		.orderby(message.send_after)
		.limit(BATCH)
	)
