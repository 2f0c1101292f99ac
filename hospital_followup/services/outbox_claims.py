"""Claiming messages: which are due, whether each may go out now, and through which provider."""

from __future__ import annotations

import json
import os
import socket
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe

from hospital_followup.channels.handing_over import Letter, Watch
from hospital_followup.engine.breaker import Breaker
from hospital_followup.engine.message_ports import MessageProvider, OutgoingMessage
from hospital_followup.engine.outbox import Verdict, decide
from hospital_followup.services import (
	breakers,
	go_live,
	locking,
	message_guards,
	message_texts,
	outbox_results,
	page_links,
	provider_settings,
)
from hospital_followup.services.message_guards import Snapshot
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.writer import update_rows

MESSAGE = "Follow-up Message"
PATIENT = "Follow-up Patient"
FIELDS = (
	"name",
	"status",
	"status_reason",
	"reference",
	"patient",
	"department",
	"company",
	"channel",
	"purpose",
	"occasion",
	"task",
	"plan",
	"revisit",
	"survey",
	"content",
	"recipient",
	"language",
	"send_after",
	"expires_at",
	"subject",
	"body",
	"provider",
	"provider_template",
	"variables",
	"tries",
)
#: Messages per commit. When a sender is killed, so many become uncertain. Measured with two senders (bench_outbox.py): 400 at once
#: are no faster than 200, and 100 cost about 15 %.
GROUP = 200
#: A claim that has run out belongs to a sender that was killed, so it outlasts every exchange by far.
LEASE = timedelta(minutes=15)
#: The last moment of a lease at which an exchange may still begin: the longest one that can be set is two minutes.
MARGIN = timedelta(minutes=4)
#: What waits for something that has no time of its own (a plan to go on, a provider to be set up) is looked at again.
LOOK_AGAIN = timedelta(minutes=15)


@dataclass(slots=True)
class Claimed:
	"""What one transaction claimed: `letters` go through the net, `local` ones into our own database."""

	claim_id: str
	now: datetime
	decided: int = 0
	rows: dict[str, frappe._dict] = field(default_factory=dict)
	letters: list[Letter] = field(default_factory=list)
	local: list[Letter] = field(default_factory=list)
	providers: dict[str, MessageProvider] = field(default_factory=dict)
	trials: set[str] = field(default_factory=set)
	watch: Watch = field(init=False)
	until: float = 0.0

	def __post_init__(self) -> None:
		self.watch = Watch({}, self.now)


@dataclass(slots=True)
class Ways:
	"""The providers by channel in their order, and which of them takes a message now."""

	now: datetime
	by_channel: Mapping[str, Sequence[Any]]
	breakers: dict[str, Breaker]
	trials: set[str] = field(default_factory=set)
	spent: set[str] = field(default_factory=set)

	def find(self, row: Mapping[str, Any]) -> tuple[Any | None, datetime | None]:
		"""The provider for a message, and from when on: None and a time when all of them rest, None and None without any."""
		rest: list[datetime] = []
		for doc in provider_settings.carriers(row, self.by_channel.get(row["channel"], ())):
			breaker = self.breakers.get(doc.name, Breaker())
			if doc.name not in self.spent and breaker.lets_through(self.now):
				return doc, None
			rest.append(max(breaker.retry_at or self.now, self.now + timedelta(seconds=30)))
		return None, min(rest, default=None)

	def none_carries(self, row: Mapping[str, Any]) -> bool:
		"""Whether every provider of the channel asks for a registered text, and this message has none."""
		offered = self.by_channel.get(row["channel"], ())
		return bool(offered) and not (row["provider_template"] or provider_settings.carriers(row, offered))

	def take(self, doc: Any) -> bool:
		"""Whether this very message may go to the provider: while its breaker is half open only one does."""
		if self.breakers.get(doc.name, Breaker()).retry_at is None:
			return True
		self.spent.add(doc.name)
		if breakers.try_one(doc.name, self.now) is None:
			return False
		self.trials.add(doc.name)
		return True


def due(now: datetime, size: int, sender: int) -> list[frappe._dict]:
	"""Name and patient of `size` queued messages that are due, for sender number `sender`.

	While nothing may be sent only those are due that have not been looked at yet, or whose time is over.
	"""
	table = frappe.qb.DocType(MESSAGE)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.patient)
		.where((table.status == "Queued") & (table.send_after <= now))
		.orderby(table.send_after)
		.orderby(table.name)
		.limit(size)
	)
	if not go_live.state().live:
		unseen = table.status_reason.isnull() | (table.status_reason != go_live.NOT_LIVE)
		query = query.where(unseen | (table.expires_at <= now))
	found = query.offset(size * (sender - 1)).run(as_dict=True)
	return found or (query.run(as_dict=True) if sender > 1 else [])


def claim(names: Sequence[Mapping[str, Any]], now: datetime) -> Claimed:
	"""Decide on those of `names` that are still queued and that nobody else holds; one whole transaction.

	The patients are locked first, so that two senders cannot both find room under the same patient's cap. Nothing is read
	before that: what is read afterwards is what others have committed.
	"""
	wanted = (row["patient"] for row in names)
	patients = {row.name for row in locking.rows(PATIENT, ["name"], wanted, lock=locking.FREE)}
	mine = [row["name"] for row in names if row["patient"] in patients]
	rows = locking.rows(MESSAGE, FIELDS, mine, lock=locking.FREE)
	rows = [row for row in rows if row.status == "Queued"]
	rows.sort(key=lambda row: (row.send_after, row.name))
	group = Claimed(frappe.generate_hash(length=20), now, decided=len(rows))
	if not rows:
		return group
	live = go_live.state().live
	snapshot = message_guards.read(rows, now, settings=frappe.get_doc(message_guards.SETTINGS))
	enabled = provider_settings.enabled()
	known = breakers.read({doc.name for docs in enabled.values() for doc in docs})
	ways = Ways(now, enabled, known)
	decisions = [(row, *_decide(row, snapshot, ways, live)) for row in rows]
	letters = _letters(decisions, snapshot)
	_write_waits(decisions, snapshot)
	outbox_results.void(
		[(row, verdict) for row, verdict, _doc in decisions if verdict.action in ("expire", "suppress")], now
	)
	chosen = [(row, doc) for row, verdict, doc in decisions if verdict.action == "send"]
	_take(chosen, letters, group)
	group.trials = ways.trials
	group.watch = Watch(known, now)
	group.until = time.monotonic() + (LEASE - MARGIN).total_seconds()
	if group.rows:
		go_live.count_group()
	return group


def _decide(row: frappe._dict, snapshot: Snapshot, ways: Ways, live: bool) -> tuple[Verdict, Any | None]:
	doc, ready_at = ways.find(row)
	guards = snapshot.guards(
		row, live=live, provider_ready_at=snapshot.at_site(ready_at) if ready_at else None
	)
	expires_at = snapshot.at_site(row.expires_at) if row.expires_at else None
	verdict = decide(snapshot.at_site(row.send_after), expires_at, guards, snapshot.at_site(snapshot.now))
	if verdict.action != "send":
		return verdict, None
	if ways.none_carries(row):
		return Verdict("suppress", "no_template"), None
	if doc is None:
		return Verdict("wait", "no_provider"), None
	if row.survey and not snapshot.settings.base_url:
		return Verdict("wait", "no_link"), None
	if not ways.take(doc):
		return Verdict("wait", "provider_down"), None
	if not row.task:
		snapshot.count(row.patient)
	return verdict, doc


def _write_waits(decisions: Sequence[tuple[frappe._dict, Verdict, Any]], snapshot: Snapshot) -> None:
	changes = {}
	for row, verdict, _doc in decisions:
		if verdict.action != "wait":
			continue
		values: dict[str, Any] = {"status_reason": verdict.reason}
		if verdict.at is not None:
			values["send_after"] = snapshot.in_database(verdict.at)
		elif verdict.reason != go_live.NOT_LIVE:
			later = snapshot.now + LOOK_AGAIN
			values["send_after"] = min(later, row.expires_at) if row.expires_at else later
		changes[row.name] = values
	update_rows(MESSAGE, changes)


def _letters(
	decisions: list[tuple[frappe._dict, Verdict, Any]], snapshot: Snapshot
) -> dict[str, OutgoingMessage]:
	"""By name what the providers get. A row of which nothing can be made stops itself, not the others."""
	letters = {}
	for place, (row, verdict, _doc) in enumerate(decisions):
		if verdict.action != "send":
			continue
		try:
			letters[row.name] = _message(row, snapshot.address(row))
		except Exception as error:
			if has_lost_transaction(error) or is_conflict(error):
				raise
			decisions[place] = (row, Verdict("suppress", "unreadable"), None)
	return letters


def _take(
	chosen: Sequence[tuple[frappe._dict, Any]], letters: Mapping[str, OutgoingMessage], group: Claimed
) -> None:
	"""Write the claim over what is to be sent now."""
	by_provider: defaultdict[str, list[str]] = defaultdict(list)
	moved: dict[str, dict[str, Any]] = {}
	for row, doc in chosen:
		address = letters[row.name].to
		by_provider[doc.name].append(row.name)
		if address != row.recipient:
			moved[row.name] = {"recipient": address}
		letter = Letter(row.name, doc.name, letters[row.name])
		local = provider_settings.CODE[doc.provider] in provider_settings.IN_OUR_DATABASE
		(group.local if local else group.letters).append(letter)
		if doc.name not in group.providers:
			group.providers[doc.name] = provider_settings.made(doc)
		row.update(provider=doc.name, recipient=address, status="Sending", tries=(row.tries or 0) + 1)
		row.tried_at = group.now
		group.rows[row.name] = row
	for provider, names in by_provider.items():
		values = {
			"status": "Sending",
			"status_reason": None,
			"provider_code": None,
			"provider": provider,
			"tried_at": group.now,
			"asked_at": None,
			"claim_id": group.claim_id,
			"claimed_by": f"{socket.gethostname()}:{os.getpid()}"[:140],
			"claimed_until": group.now + LEASE,
		}
		claim = ", ".join([*(f"`{name}` = %s" for name in values), "`tries` = `tries` + 1"])
		marks = ", ".join(["%s"] * len(names))
		statement = f"UPDATE `tab{MESSAGE}` SET {claim} WHERE `name` IN ({marks})"
		frappe.db.sql(statement, [*values.values(), *names])  # reason: 4 x faster than the query builder
	update_rows(MESSAGE, moved)


def _message(row: frappe._dict, address: str | None) -> OutgoingMessage:
	"""What the provider gets; only here, and only in memory, the link to the patient's page stands in the text."""
	link = page_links.link_of(row.survey) if row.survey else None
	variables = json.loads(row.variables) if row.variables else {}
	return OutgoingMessage(
		reference=row.reference,
		to=address or "",
		body=message_texts.fill_link(row.body or "", link),
		subject=row.subject or None,
		language=row.language or None,
		template=row.provider_template or None,
		variables={name: message_texts.fill_link(str(value), link) for name, value in variables.items()},
		link=link,
	)
