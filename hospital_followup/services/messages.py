"""Writing messages: in the transaction of their cause, once per key, never to somebody who may not be written to.

What is written here is only a row. `outbox` sends it, after the same guards were asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import now_datetime

from hospital_followup.engine.outbox import suppressed
from hospital_followup.services import message_guards, message_texts, provider_settings, wake
from hospital_followup.services.message_texts import Text
from hospital_followup.services.writer import insert_new, new_names

MESSAGE = "Follow-up Message"
#: As long as the column; of a longer key the reference stands in for it.
KEY_LENGTH = 140
#: A message on its way, or one that arrived: no second one goes out beside it.
ALIVE = ("Queued", "Sending", "Sent", "Delivered", "Uncertain")


@dataclass(frozen=True, slots=True)
class Wanted:
	"""One message that some cause wants to go out; times without a zone, on the site's clock.

	`key` says what the message is for: the same key is never written twice. `values` fill the template's placeholders and
	stay out of the repr, because that is what tracebacks print.
	"""

	key: str
	patient: str
	channel: str
	purpose: str
	occasion: str
	send_after: datetime
	expires_at: datetime
	task: str | None = None
	plan: str | None = None
	revisit: str | None = None
	survey: str | None = None
	content: str | None = None
	department: str | None = None
	company: str | None = None
	language: str | None = None
	#: The occasion of the texts to choose from, where it is not the message's own.
	worded_for: str | None = None
	values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Written:
	"""`name` of the message, also of one that was there already; without one `reason` says why nothing was written.

	Reasons: those of `engine.outbox.suppressed` (deceased, do_not_contact, contact_closed, withdrawn, no_consent, no_address,
	channel_disabled, or why the plan ended), `expired`, `no_provider`, `no_link`, `no_template`.
	"""

	name: str | None
	reason: str | None = None


def write(wanted: Sequence[Wanted]) -> dict[str, Written]:
	"""Write what is `wanted`, by key, in the running transaction; few queries however many.

	The caller decides what becomes of a message that was not written: mostly a person calls instead.
	"""
	if not wanted:
		return {}
	by_key = {item.key: item for item in wanted}
	found = {key: Written(name) for key, name in _existing(by_key).items()}
	new = [item for key, item in by_key.items() if key not in found]
	if not new:
		return found
	now = now_datetime()
	rows = {item.key: _facts(item) for item in new}
	snapshot = message_guards.read(list(rows.values()), now)
	providers = provider_settings.enabled()
	allowed = []
	for item in new:
		reason = _refusal(item, snapshot, providers, now)
		if reason:
			found[item.key] = Written(None, reason)
		else:
			allowed.append(item)
	texts = message_texts.prepare(allowed, providers)
	ready = []
	for item in allowed:
		text = texts.get(item.key)
		if text is None:
			found[item.key] = Written(None, "no_template")
		else:
			ready.append((item.key, _row(item, text, snapshot)))
	found |= _insert(ready)
	if any(row["send_after"] <= now for _key, row in ready):
		wake.send_messages_after_commit()
	return found


def reference_of(key: str) -> str:
	"""What a provider is told instead of our key: 128 bits of its hash, as hexadecimal digits."""
	return hashlib.sha256(key.encode()).hexdigest()[:32]


def _existing(keys: Iterable[str], *, lock: bool = False) -> dict[str, str]:
	"""Names by key; with `lock` also those that a rival has committed since this transaction began."""
	table = frappe.qb.DocType(MESSAGE)
	by_reference = {reference_of(key): key for key in keys}
	query = (
		frappe.qb.from_(table)
		.select(table.reference, table.name)
		.where(table.reference.isin(sorted(by_reference)))
		.orderby(table.reference)
	)
	rows = (query.for_update() if lock else query).run()
	return {by_reference[reference]: name for reference, name in rows}


def _facts(item: Wanted) -> frappe._dict:
	"""What the guards look at, as a row of Follow-up Message has it."""
	fields = ("patient", "channel", "purpose", "occasion", "task", "plan", "send_after", "expires_at")
	return frappe._dict(name=item.key, **{field: getattr(item, field) for field in fields})


def _refusal(
	item: Wanted, snapshot: message_guards.Snapshot, providers: Mapping[str, Any], now: datetime
) -> str | None:
	if reason := suppressed(snapshot.guards(_facts(item))):
		return reason
	if item.expires_at <= max(item.send_after, now):
		return "expired"
	if item.channel not in providers:
		return "no_provider"
	return "no_link" if item.survey and not snapshot.settings.base_url else None


def _row(item: Wanted, text: Text, snapshot: message_guards.Snapshot) -> dict[str, Any]:
	patient = snapshot.patients[item.patient]
	return {
		"name": new_names(1)[0],
		"key": item.key if len(item.key) <= KEY_LENGTH else reference_of(item.key),
		"reference": reference_of(item.key),
		"patient": item.patient,
		"patient_name": patient.patient_name,
		"task": item.task,
		"plan": item.plan,
		"revisit": item.revisit,
		"survey": item.survey,
		"content": item.content,
		"status": "Queued",
		"channel": item.channel,
		"purpose": item.purpose,
		"occasion": item.occasion,
		"template": text.template,
		"recipient": snapshot.address(_facts(item)),
		"language": item.language or patient.language,
		"send_after": item.send_after,
		"expires_at": item.expires_at,
		"subject": text.subject,
		"body": text.body,
		"provider_template": text.provider_template,
		"variables": json.dumps(dict(text.variables), ensure_ascii=False) if text.variables else None,
		# A template's number means something to one provider only: the message stays with it.
		"provider": text.provider,
		"tries": 0,
		"department": item.department or patient.department,
		"company": item.company or patient.company,
	}


def _insert(ready: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Written]:
	rows = [row for _key, row in ready]
	if insert_new(MESSAGE, rows):
		return {key: Written(row["name"]) for key, row in ready}
	done = {}
	for key, row in ready:  # a rival has written at least one of them meanwhile
		name = row["name"] if insert_new(MESSAGE, [row]) else _existing([key], lock=True)[key]
		done[key] = Written(name)
	return done
