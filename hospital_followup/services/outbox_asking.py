"""Messages of which nobody knows what became: the provider is asked, and when it cannot tell, a person takes over.

Nothing here sends. Only an answer that says "not accepted" puts a message back into the queue.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone, now_datetime

from hospital_followup.channels.handing_over import Asked, Pool, Question, asked
from hospital_followup.engine.message_ports import Delivery, MessageProvider, SendResult
from hospital_followup.engine.outbox import UNRESOLVED, Step, lease_ended, received
from hospital_followup.services import locking, outbox_results, provider_settings, queries, refused_addresses
from hospital_followup.services.outbox_claims import FIELDS, MESSAGE
from hospital_followup.services.retry import with_retry
from hospital_followup.services.runs import Run
from hospital_followup.services.writer import set_values, update_rows

#: Services write their records a little later than they answer.
FIRST_ASKED_AFTER = timedelta(minutes=1)
ASKED_EVERY = timedelta(minutes=10)
#: Then a person calls: later than this a reminder is of no use, and a receipt is not to be expected.
GIVEN_UP_AFTER = timedelta(hours=1)
GROUP = 200
#: Seconds for one group of questions.
PATIENCE = 60
LEASE_FIELDS = ("name", "status", "claimed_until", "expires_at")
ROW_FIELDS = (*FIELDS, "provider_id", "tried_at", "asked_at")


def end_leases(now: datetime) -> int:
	"""What a sender held that is gone becomes Uncertain; how many. One whole transaction."""
	table = frappe.qb.DocType(MESSAGE)
	query = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Sending") & (table.claimed_until < now))
		.orderby(table.claimed_until)
		.limit(1000)
	)
	rows = locking.rows(MESSAGE, LEASE_FIELDS, query.run(pluck=True), lock=locking.FREE)
	gone = [row for row in rows if row.status == "Sending" and row.claimed_until < now]
	step = lease_ended()
	update_rows(
		MESSAGE, {row.name: outbox_results.become(row, step, "lease_ended", None, now) for row in gone}
	)
	return len(gone)


def ask_all(record: Run) -> None:
	"""Ask about what is uncertain and whose turn it is, for `PATIENCE` seconds in all; the rest has its turn later."""
	ends = time.monotonic() + PATIENCE
	with Pool() as pool:
		while time.monotonic() < ends and (rows := record.transaction(partial(take_turn, now_datetime()))):
			providers = _providers(rows)
			answers = pool.ask(
				_questions(rows, providers, here=False),
				{name: provider for name, (provider, _here) in providers.items()},
				ends,
			)
			record.done(with_retry(partial(_keep, rows, providers, answers)))


def take_turn(now: datetime) -> list[frappe._dict]:
	"""The messages to ask about now, marked so that nobody else asks meanwhile; one whole transaction."""
	table = frappe.qb.DocType(MESSAGE)
	turn = table.asked_at.isnull() | (table.asked_at <= now - ASKED_EVERY)
	query = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Uncertain") & (table.tried_at <= now - FIRST_ASKED_AFTER) & turn)
		.where(table.status_reason.isnull() | (table.status_reason != UNRESOLVED))
		.orderby(table.name)
		.limit(GROUP)
	)
	rows = locking.rows(MESSAGE, ROW_FIELDS, query.run(pluck=True), lock=locking.FREE)
	rows = [row for row in rows if row.status == "Uncertain" and row.status_reason != UNRESOLVED]
	set_values(MESSAGE, [row.name for row in rows], {"asked_at": now})
	return rows


def _providers(rows: Sequence[frappe._dict]) -> dict[str, tuple[MessageProvider, bool]]:
	"""By name the providers that still exist, also those switched off: what they took, they can be asked about."""
	found = {}
	for name in sorted({row.provider for row in rows if row.provider}):
		if frappe.db.exists(provider_settings.PROVIDER, name):
			doc = frappe.get_cached_doc(provider_settings.PROVIDER, name)
			here = provider_settings.CODE[doc.provider] in provider_settings.IN_OUR_DATABASE
			found[name] = (provider_settings.made(doc), here)
	return found


def _questions(
	rows: Sequence[frappe._dict], providers: Mapping[str, tuple[MessageProvider, bool]], *, here: bool
) -> list[Question]:
	zone = ZoneInfo(get_system_timezone())
	return [
		Question(
			row.name,
			row.provider,
			row.reference,
			row.provider_id or None,
			row.tried_at.replace(tzinfo=zone),
			row.recipient or "",
		)
		for row in rows
		if row.provider in providers and providers[row.provider][1] == here
	]


def _keep(
	rows: Sequence[frappe._dict],
	providers: Mapping[str, tuple[MessageProvider, bool]],
	answers: Mapping[str, Asked],
) -> int:
	now = now_datetime()
	patients = sorted({row.patient for row in rows})
	queries.select("Follow-up Patient", ["name"], "name", patients, lock=True)
	names = [row.name for row in rows]
	current = {row.name: row for row in queries.select(MESSAGE, ROW_FIELDS, "name", names, lock=True)}
	uncertain = {name: row for name, row in current.items() if row.status == "Uncertain"}
	heard = dict(answers)
	for question in _questions(list(uncertain.values()), providers, here=True):
		heard[question.name] = asked(providers[question.provider][0], question)
	changes, over = {}, []
	for name, row in uncertain.items():
		answer = heard.get(name)
		step, result = _step(row, answer, now)
		if step is None:
			continue
		cause = "receipt" if isinstance(answer, Delivery) else "answer"
		changes[name] = outbox_results.become(row, step, cause, result, now)
		if step.status == "Delivered":
			changes[name]["delivered_at"] = row.delivered_at = now
		if row.status != "Queued":
			over.append(row)
	update_rows(MESSAGE, changes)
	outbox_results.settle(over, now)
	return len(changes)


def _step(row: frappe._dict, answer: Asked, now: datetime) -> tuple[Step | None, SendResult | None]:
	if isinstance(answer, Delivery):
		return refused_addresses.step_of(received(row.status, answer.state), answer), None
	if answer is not None and answer.state != "uncertain":
		return outbox_results.step_of(row, answer, now), answer
	over = row.tried_at + GIVEN_UP_AFTER <= now or (row.expires_at and row.expires_at <= now)
	return (Step("Uncertain", UNRESOLVED), None) if over else (None, None)


def settle_by_hand(doc: Any) -> None:
	"""A person said what became of a message, or held it back: what follows from that follows now."""
	before = doc.get_doc_before_save()
	if before and before.status != doc.status:
		outbox_results.settle([frappe._dict(doc.as_dict())], now_datetime())
