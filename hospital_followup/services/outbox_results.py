"""What the providers answered, written by whoever still holds the claim, and what follows from it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from hospital_followup.engine.breaker import is_healthy
from hospital_followup.engine.message_ports import MessageProvider, SendResult
from hospital_followup.engine.outbox import Step, Verdict, answered
from hospital_followup.engine.transitions import MESSAGE as TRANSITIONS
from hospital_followup.engine.transitions import allowed
from hospital_followup.services import breakers, locking, message_effects, queries
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import has_lost_transaction, is_conflict, with_retry
from hospital_followup.services.writer import set_values, update_rows

if TYPE_CHECKING:
	from hospital_followup.channels.handing_over import Letter
	from hospital_followup.services.outbox_claims import Claimed
	from hospital_followup.services.runs import Run

MESSAGE = "Follow-up Message"
PATIENT = "Follow-up Patient"
#: A sender that is late may still tell what it heard: nobody sends a message that is Uncertain.
HELD = ("Sending", "Uncertain")
VOID = {"expire": "Expired", "suppress": "Suppressed"}
#: A restart of the database takes a while, and what is known now will not be known again.
ATTEMPTS = 7
CODE_LENGTH = 140


def keep(record: Run, group: Claimed, results: Mapping[str, SendResult | None]) -> None:
	"""Write down what became of the group, in one transaction that is tried again as often as it takes."""
	counted = with_retry(partial(_keep, group, results), attempts=ATTEMPTS)
	record.done(counted)


def void(decided: Sequence[tuple[frappe._dict, Verdict]], now: datetime) -> None:
	"""What will never go out, in the transaction of the claim."""
	changes = {
		row.name: {"status": VOID[verdict.action], "status_reason": verdict.reason}
		for row, verdict in decided
	}
	update_rows(MESSAGE, changes)
	for row, _verdict in decided:
		row.update(changes[row.name])
	settle([row for row, _verdict in decided], now)


def settle(rows: Sequence[frappe._dict], now: datetime) -> None:
	"""Let follow what follows. If that fails, the status stands, and the effects are tried again (`repeat_effects`)."""
	if not rows:
		return
	frappe.db.savepoint("followup_effects")
	try:
		message_effects.settled(rows, now)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
		frappe.db.rollback(save_point="followup_effects")
		set_values(MESSAGE, [row.name for row in rows], {"effects_due": 1})
		frappe.logger("hospital_followup").warning("effects of messages failed: %s", code_of(error))
		return
	frappe.db.release_savepoint("followup_effects")


def with_failed_effects() -> list[str]:
	"""Messages whose effects have to be tried again."""
	table = frappe.qb.DocType(MESSAGE)
	query = frappe.qb.from_(table).select(table.name).where(table.effects_due == 1)
	return query.orderby(table.name).limit(1000).run(pluck=True)


def repeat_effects(names: Sequence[str], now: datetime) -> int:
	"""Try the effects of these messages again; what fails is raised, so that the run names the message."""
	fields = frappe.get_meta(MESSAGE).get_valid_columns()
	rows = queries.select(MESSAGE, fields, "name", names, lock=True)
	rows = [row for row in rows if row.effects_due]
	message_effects.settled(rows, now)
	set_values(MESSAGE, [row.name for row in rows], {"effects_due": 0})
	return len(rows)


def become(
	row: frappe._dict, step: Step, cause: str, result: SendResult | None, now: datetime
) -> dict[str, Any]:
	"""The fields of a message after `step`, also written into `row`. Refuses what the table of transitions does not have."""
	if not allowed(TRANSITIONS, row.status, step.status, cause):
		raise AssertionError(f"{row.status} to {step.status} by {cause}")
	values: dict[str, Any] = {"status": step.status, "status_reason": step.reason}
	if result is not None:
		values["provider_code"] = (result.code or "")[:CODE_LENGTH] or None
		if result.provider_id:
			values["provider_id"] = result.provider_id[:CODE_LENGTH]
		if step.status == "Failed" and result.reason:
			values["status_reason"] = result.reason
	if step.status == "Queued":
		values["send_after"] = step.send_after or now
	if step.status == "Sent":
		values["sent_at"] = row.tried_at or now
	row.update(values)
	return values


def step_of(row: Mapping[str, Any], result: SendResult, now: datetime) -> Step:
	"""What an answer makes of a message that was tried; one that would be tried again too late has failed."""
	wait = timedelta(seconds=result.retry_after) if result.retry_after else None
	step = answered(result.state, row["tries"], now, retry_after=wait, jitter=random.random())  # nosec B311
	late = step.send_after and row["expires_at"] and step.send_after >= row["expires_at"]
	return Step("Failed", "not_accepted_in_time") if late else step


def _keep(group: Claimed, results: Mapping[str, SendResult | None]) -> int:
	now = now_datetime()
	heard = dict(results)
	held = _held(group, heard)
	for letter in group.local:
		if letter.name in held:
			heard[letter.name] = _send_here(group.providers[letter.provider], letter)
	changes, over = {}, []
	for name, row in held.items():
		result = heard.get(name)
		if result is None:
			changes[name] = _not_tried(row, group, now)
			continue
		changes[name] = become(row, step_of(row, result, now), "answer", result, now)
		if row.status not in ("Queued", "Uncertain"):
			over.append(row)
	_write(changes)
	seen = [*group.watch.seen, *_seen_here(group, heard)]
	breakers.note(seen, group.trials, now)
	_tell(group, heard, now)
	settle(over, now)
	return len(changes)


def _held(group: Claimed, heard: Mapping[str, SendResult | None]) -> dict[str, frappe._dict]:
	"""The messages that still belong to this claim, locked, as they are now: after their patients, like everywhere."""
	bad = [row.patient for name, row in group.rows.items() if _is_bad(heard.get(name))]
	locking.rows(PATIENT, ["name"], bad, lock=locking.LOCK)
	fields = ("name", "status", "claim_id", "tries")
	found = {}
	for row in locking.rows(MESSAGE, fields, group.rows, lock=locking.LOCK):
		if row.claim_id == group.claim_id and row.status in HELD:
			found[row.name] = frappe._dict(group.rows[row.name], status=row.status, tries=row.tries)
	return found


def _is_bad(result: SendResult | None) -> bool:
	return result is not None and result.state == "refused"


def _send_here(provider: MessageProvider, letter: Letter) -> SendResult:
	"""Into our own database: the message and the word that it was accepted are one transaction."""
	frappe.db.savepoint("followup_send_here")
	try:
		result = provider.send(letter.message)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
		frappe.db.rollback(save_point="followup_send_here")
		frappe.clear_last_message()
		return SendResult("retry", code=type(error).__name__, reason="service_error")
	frappe.db.release_savepoint("followup_send_here")
	return result


def _seen_here(group: Claimed, heard: Mapping[str, SendResult | None]) -> list[tuple[str, bool]]:
	results = [(letter.provider, heard.get(letter.name)) for letter in group.local]
	return [(provider, is_healthy(result.state, result.reason)) for provider, result in results if result]


def _not_tried(row: frappe._dict, group: Claimed, now: datetime) -> dict[str, Any]:
	"""Put back what was claimed and not tried, because its provider failed or the lease would have run out."""
	breaker = group.watch.breakers.get(row.provider)
	until = breaker.retry_at if breaker and breaker.retry_at and breaker.retry_at > now else now
	if row.expires_at:
		until = min(until, row.expires_at)  # then at the latest a person is to take over
	values = become(row, Step("Queued", "provider_down", until), "answer", None, now)
	values["tries"] = row.tries = max((row.tries or 1) - 1, 0)
	return values


def _write(changes: Mapping[str, dict[str, Any]]) -> None:
	"""Many rows in few statements: all that was accepted differs only in the provider's number of it."""
	ids, rest = {}, {}
	for name, values in changes.items():
		if values["status"] == "Sent" and "provider_id" in values:
			ids[name] = {"provider_id": values["provider_id"]}
			values = {field: value for field, value in values.items() if field != "provider_id"}
		rest[name] = values
	update_rows(MESSAGE, rest)
	update_rows(MESSAGE, ids)


def _tell(group: Claimed, heard: Mapping[str, SendResult | None], now: datetime) -> None:
	by_provider: dict[str, list[SendResult]] = {}
	for name, row in group.rows.items():
		result = heard.get(name)
		if result is not None:
			by_provider.setdefault(row.provider, []).append(result)
	for provider, results in by_provider.items():
		breakers.tell(provider, results, now)
