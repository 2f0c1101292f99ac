"""The circuit breaker of each provider, kept on its record for all senders of the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import frappe

from hospital_followup.engine.breaker import Breaker
from hospital_followup.engine.message_ports import SendResult
from hospital_followup.services import queries
from hospital_followup.services.provider_settings import PROVIDER
from hospital_followup.services.writer import set_values

FIELDS = ("name", "breaker_failures", "breaker_openings", "breaker_retry_at", "last_accepted_on")
#: How exact "last accepted" is: written more often, senders would wait for each other.
TOLD_EVERY = timedelta(minutes=1)


def read(providers: Collection[str], *, lock: bool = False) -> dict[str, Breaker]:
	"""The breakers as committed; with `lock` nobody else changes them until the end of the transaction."""
	rows = queries.select(PROVIDER, FIELDS, "name", sorted(providers), lock=lock)
	return {row.name: _breaker(row) for row in rows}


def try_one(provider: str, now: datetime) -> Breaker | None:
	"""The breaker under which one message may try now, when no other sender has one trying; None when it has to wait."""
	breaker = read([provider], lock=True).get(provider)
	if breaker is None or not breaker.lets_through(now):
		return None
	if breaker.retry_at is not None:
		_write(provider, breaker.claimed(now))
	return breaker


def note(seen: Iterable[tuple[str, bool]], trials: Collection[str], now: datetime) -> None:
	"""Write down what senders saw: (provider, healthy) in the order of the answers.

	`trials`: providers whose breaker was half open, so that their one answer counts although it is closed to all others.
	"""
	by_provider: defaultdict[str, list[bool]] = defaultdict(list)
	for provider, healthy in seen:
		by_provider[provider].append(healthy)
	known = read(by_provider)
	for provider in sorted(by_provider):
		answers = by_provider[provider]
		if all(answers) and known.get(provider) == Breaker():
			continue
		before = read([provider], lock=True).get(provider)
		if before is None:
			continue
		after = before
		for healthy in answers:
			if healthy or provider in trials or after.lets_through(now):
				after = after.after(healthy, now)
		if after != before:
			_write(provider, after)


def tell(provider: str, results: Iterable[SendResult], now: datetime) -> None:
	"""Keep when the provider last took a message and what it last complained about, for people."""
	results = list(results)
	values: dict[str, object] = {}
	row = frappe.db.get_value(PROVIDER, provider, ["last_accepted_on", "last_error_code"], as_dict=True)
	if row is None:
		return
	accepted = any(result.state == "accepted" for result in results)
	if accepted and (not row.last_accepted_on or now - row.last_accepted_on >= TOLD_EVERY):
		values["last_accepted_on"] = now
	codes = [result.code or result.reason for result in results if result.state != "accepted"]
	if codes and codes[-1] and codes[-1][:140] != row.last_error_code:
		values["last_error_code"] = codes[-1][:140]
	if values:
		set_values(PROVIDER, [provider], values)


def _breaker(row: frappe._dict) -> Breaker:
	return Breaker(row.breaker_failures or 0, row.breaker_openings or 0, row.breaker_retry_at)


def _write(provider: str, breaker: Breaker) -> None:
	values = {
		"breaker_failures": breaker.failures,
		"breaker_openings": breaker.openings,
		"breaker_retry_at": breaker.retry_at,
	}
	set_values(PROVIDER, [provider], values)
