"""What services report about our messages: kept once, and applied to the message as soon as it can be.

A receipt can be there before we know its message's id, twice, late, or for nobody. So each is a row with a unique key: it
waits until its message is known and not being sent at that moment, and after three days it belongs to nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from hospital_followup.engine.message_ports import Delivery
from hospital_followup.engine.outbox import received
from hospital_followup.exceptions import ConcurrentWriteError
from hospital_followup.services import numbers, outbox_results, queries, refused_addresses
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.runs import Run
from hospital_followup.services.writer import chunks, insert_rows, new_names, set_values, update_rows

RECEIPT = "Follow-up Receipt"
MESSAGE = "Follow-up Message"
PATIENT = "Follow-up Patient"
#: Carriers stop trying after three days; what has found no message by then never will.
GIVE_UP = timedelta(days=3)
PER_PART = 500
STATES = {"delivered": "Delivered", "failed": "Failed"}
_ASKED = (
	"name",
	"provider",
	"provider_id",
	"reference",
	"state",
	"reported_at",
	"dead_number",
	"opted_out",
	"status",
)
#: What a receipt changes in its message.
_CHANGED = ("status", "status_reason", "provider_id", "sent_at", "delivered_at")


def take(provider: str, deliveries: Sequence[Delivery], now: datetime) -> int:
	"""Keep what the Follow-up Provider `provider` reported, and apply what can be; returns how many were news.

	`now` without a zone, on the site's clock. When applying fails the receipts still stand, and wait for the dispatcher.
	Raises ConcurrentWriteError when the same receipt is being taken by somebody else: try the transaction again.
	"""
	rows = {row["key"]: row for row in (_row(provider, delivery, now) for delivery in deliveries)}
	new: list[str] = []
	for part in chunks(list(rows.values()), PER_PART):
		new += _keep(part)
	point = "followup_receipts"
	frappe.db.savepoint(point)
	try:
		for names in chunks(new, PER_PART):
			apply(names, now)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
		frappe.db.rollback(save_point=point)
		frappe.logger("hospital_followup").error("receipts: %s", code_of(error))
	else:
		frappe.db.release_savepoint(point)
	return len(new)


def apply_waiting(record: Run, now: datetime) -> None:
	"""Apply what has found its message meanwhile, a few hundred to a transaction, and give up what never will."""
	record.each(RECEIPT, _ready(), partial(_apply_part, record, now), size=PER_PART)
	record.step("receipts", partial(give_up, now))


def apply(names: Sequence[str], now: datetime) -> int:
	"""Apply those of these receipts whose message is known and at rest; returns how many.

	Receipts and messages are locked: a second dispatcher waits and finds nothing left to do.
	"""
	receipts = _locked_receipts(names)
	messages = _locked_messages(receipts)
	by_reference = {message.reference: message for message in messages if message.reference}
	by_id = {(message.provider, message.provider_id): message for message in messages if message.provider_id}
	changed: dict[str, frappe._dict] = {}
	settled: dict[str, frappe._dict] = {}
	applied: dict[str, dict[str, Any]] = {}
	dead: set[tuple[str, str]] = set()
	for receipt in receipts:
		message = by_id.get((receipt.provider, receipt.provider_id))
		if message is None:
			message = by_reference.get(receipt.reference)
		# While it is being sent, the sender is about to write the provider's id and the status: the receipt comes after.
		if message is None or message.status == "Sending" or not _may_speak_of(message, receipt):
			continue
		applied[receipt.name] = {"status": "Applied", "message": message.name}
		before = {field: message[field] for field in _CHANGED}
		_carry_over(message, receipt)
		if message.status != before["status"]:
			settled[message.name] = message
		if any(message[field] != before[field] for field in _CHANGED):
			changed[message.name] = message
		if receipt.dead_number and message.channel == "SMS" and message.recipient:
			dead.add((message.patient, message.recipient))
	update_rows(MESSAGE, {name: {field: row[field] for field in _CHANGED} for name, row in changed.items()})
	update_rows(RECEIPT, applied)
	for patient, number in sorted(dead):
		numbers.mark_out_of_service(patient, number)
	outbox_results.settle(list(settled.values()), now)
	return len(applied)


def give_up(now: datetime) -> int:
	"""Mark receipts that have waited too long as Unknown; returns how many."""
	table = frappe.qb.DocType(RECEIPT)
	old = (table.status == "Waiting") & (table.creation < now - GIVE_UP)
	names = frappe.qb.from_(table).select(table.name).where(old).orderby(table.name).run(pluck=True)
	set_values(RECEIPT, names, {"status": "Unknown"})
	return len(names)


def local_time(at: datetime, now: datetime) -> datetime:
	"""`at` on the site's clock, without a zone and never later than `now`: the clocks of two machines differ."""
	here = at.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None, microsecond=0)
	return min(here, now.replace(microsecond=0))


def digest(*parts: str | None) -> str:
	"""The key of a receipt: what a second copy of it has in common with the first."""
	return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def insert(rows: Sequence[dict[str, Any]]) -> None:
	"""Insert new receipts. Raises ConcurrentWriteError when one of them has just come in elsewhere."""
	try:
		insert_rows(RECEIPT, rows)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		raise ConcurrentWriteError(
			_("The same record is being written elsewhere. Please try again.")
		) from error


def known(keys: Sequence[str]) -> set[str]:
	"""Those of `keys` that have come in before."""
	table = frappe.qb.DocType(RECEIPT)
	return set(frappe.qb.from_(table).select(table.key).where(table.key.isin(list(keys))).run(pluck=True))


def _apply_part(record: Run, now: datetime, names: list[str]) -> None:
	record.done(apply(names, now))


def _row(provider: str, delivery: Delivery, now: datetime) -> dict[str, Any]:
	identity = delivery.provider_id or delivery.reference
	return {
		"name": new_names(1)[0],
		"key": digest("delivery", provider, identity, delivery.state),
		"kind": "Delivery",
		"state": STATES[delivery.state],
		"status": "Waiting",
		"message": None,
		"provider": provider,
		"provider_id": delivery.provider_id,
		"reference": delivery.reference,
		"reported_at": local_time(delivery.at, now),
		"code": delivery.code,
		"dead_number": int(delivery.dead_number),
		"opted_out": int(delivery.opted_out),
	}


def _keep(rows: Sequence[dict[str, Any]]) -> list[str]:
	there = known([row["key"] for row in rows])
	fresh = [row for row in rows if row["key"] not in there]
	insert(fresh)
	return [row["name"] for row in fresh]


def _may_speak_of(message: frappe._dict, receipt: frappe._dict) -> bool:
	"""Nobody reports about what another provider carries."""
	return not message.provider or message.provider == receipt.provider


def _carry_over(message: frappe._dict, receipt: frappe._dict) -> None:
	step = refused_addresses.step_of(received(message.status, receipt.state.lower()), receipt)
	if step:
		message.status, message.status_reason = step.status, step.reason
		message.sent_at = message.sent_at or receipt.reported_at
		message.delivered_at = receipt.reported_at if step.status == "Delivered" else None
	message.provider_id = message.provider_id or receipt.provider_id


def _ready() -> list[str]:
	"""Waiting receipts whose message is known and at rest, the oldest first."""
	receipt, message = frappe.qb.DocType(RECEIPT), frappe.qb.DocType(MESSAGE)
	names: dict[str, None] = {}
	theirs = message.provider.isnull() | (message.provider == receipt.provider)
	for meets in (
		(message.reference == receipt.reference) & theirs,
		(message.provider_id == receipt.provider_id) & (message.provider == receipt.provider),
	):
		rows = (
			frappe.qb.from_(receipt)
			.join(message)
			.on(meets)
			.select(receipt.name)
			.where((receipt.status == "Waiting") & (message.status != "Sending"))
			.orderby(receipt.creation)
			.orderby(receipt.name)
			.run(pluck=True)
		)
		names |= dict.fromkeys(rows)
	return list(names)


def _locked_receipts(names: Sequence[str]) -> list[frappe._dict]:
	rows = queries.select(RECEIPT, _ASKED, "name", names, lock=True)
	return [row for row in rows if row.status == "Waiting"]


def _locked_messages(receipts: Sequence[frappe._dict]) -> list[frappe._dict]:
	"""The messages that these receipts could be about, whole; after the patients of bad news, like everywhere."""
	found: set[str] = set()
	bad: set[str] = set()
	for field in ("reference", "provider_id"):
		values = {receipt[field] for receipt in receipts if receipt[field]}
		failed = {receipt[field] for receipt in receipts if receipt[field] and receipt.state == "Failed"}
		for row in queries.select(MESSAGE, ("name", "patient", field), field, sorted(values)):
			found.add(row.name)
			if row[field] in failed:
				bad.add(row.patient)
	queries.select(PATIENT, ("name",), "name", sorted(bad), lock=True)
	fields = frappe.get_meta(MESSAGE).get_valid_columns()
	return queries.select(MESSAGE, fields, "name", sorted(found), lock=True)
