"""What people send back: "stop" is obeyed at once, anything else lands on the plan and reaches somebody who reads it.

A reply is known by the key of its receipt, so a second copy does nothing. Its words are kept in the Follow-up Log of the
patient and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import get_url_to_form
from frappe.utils.password import get_encryption_key

from hospital_followup.engine.message_ports import Reply
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.opt_out import asks_to_stop
from hospital_followup.services import consents, message_stops, receipts, reminders, repliers
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import new_names

LOG = "Follow-up Log"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
CLINICAL = "Clinical"
TEXT, STOP, SUBSCRIBED, UNSUBSCRIBED = "Text", "Stop", "Subscribed", "Unsubscribed"


def take(provider: str, channel: str, replies: Sequence[Reply], now: datetime) -> int:
	"""Act on what came in through the Follow-up Provider `provider`; returns how many could not be taken.

	Each reply stands or falls alone, and one that failed is as if it had never come: the service sends it again. `now`
	without a zone, on the site's clock. Raises ConcurrentWriteError when the same reply is being taken elsewhere.
	"""
	failed = 0
	for reply in replies:
		point = "followup_reply"
		frappe.db.savepoint(point)
		try:
			_take(provider, channel, reply, now)
		except Exception as error:
			if has_lost_transaction(error) or is_conflict(error):
				raise
			frappe.db.rollback(save_point=point)
			frappe.logger("hospital_followup").error("reply: %s", code_of(error))
			failed += 1
		else:
			frappe.db.release_savepoint(point)
	return failed


def kind_of(reply: Reply) -> str:
	"""What a reply is to us."""
	if reply.kind == "unsubscribed":
		return UNSUBSCRIBED
	if reply.kind == "subscribed":
		return SUBSCRIBED
	return STOP if asks_to_stop(reply.text) else TEXT


def _take(provider: str, channel: str, reply: Reply, now: datetime) -> None:
	key = _key(provider, reply)
	if receipts.known([key]):
		return
	kind, at = kind_of(reply), receipts.local_time(reply.at, now)
	patients = repliers.patients_of(channel, reply.from_address)
	message = repliers.last_message(patients, channel) if patients else None
	row: dict[str, Any] = {
		"name": new_names(1)[0],
		"key": key,
		"kind": "Reply",
		"state": kind,
		"status": "Applied" if patients else "Unknown",
		"message": message.name if message else None,
		"provider": provider,
		"reported_at": at,
		"dead_number": 0,
		"opted_out": 0,
	}
	receipts.insert([row])
	if not patients:
		return
	if kind == TEXT:
		_write_down(patients, message, channel, reply, at)
	elif kind == SUBSCRIBED:
		_came_back(patients, channel, reply, row["name"])
	else:
		evidence = _evidence(kind, channel, row["name"])
		for patient in patients:
			consents.withdraw(patient, channel, evidence=evidence)
		message_stops.suppress_queued(patients, channel, now)


def _came_back(patients: Sequence[str], channel: str, reply: Reply, receipt: str) -> None:
	"""START is the patient's own word; to follow an account again is none, so a person is asked to ask."""
	for patient in patients:
		refused = consents.standing_of([patient], CLINICAL)[patient].get(channel) is False
		if refused and reply.text.strip():
			consents.give(patient, channel, (CLINICAL,), evidence=_evidence(SUBSCRIBED, channel, receipt))
		elif refused:
			_tell_about_return(patient, receipt)


def _write_down(
	patients: Sequence[str], message: frappe._dict | None, channel: str, reply: Reply, at: datetime
) -> None:
	patient = message.patient if message else _likeliest(patients)
	log = frappe.get_doc(
		{
			"doctype": LOG,
			"patient": patient,
			"plan": (message and message.plan) or _plan_of(patient),
			"channel": channel,
			"direction": "In",
			"outcome": "Replied",
			"staff": frappe.session.user,
			"contacted_at": at,
			"patient_feedback": reply.text
			or _("A message without words came in, perhaps a picture.", _hospital_language()),
			"next_step": _who_was_it(patients),
			"docstatus": 1,
		}
	)
	log.flags.ignore_permissions = True  # reason: the service has vouched for the number or account
	log.insert()
	path = urlsplit(get_url_to_form(LOG, log.name)).path
	for user in _in_charge(patient, message.task if message else None):
		subject = _("A patient has answered a message. Please read it.", reminders.language_of(user))
		reminders.tell(
			user,
			subject,
			link=path,
			document_type=LOG,
			document_name=log.name,
			once=f"reply|{log.name}|{user}",
		)


def _tell_about_return(patient: str, receipt: str) -> None:
	path = urlsplit(get_url_to_form(PATIENT, patient)).path
	for user in _in_charge(patient, None):
		subject = _(
			"A patient who had left can be written to again. Please ask whether the hospital may.",
			reminders.language_of(user),
		)
		reminders.tell(
			user,
			subject,
			link=path,
			document_type=PATIENT,
			document_name=patient,
			once=f"return|{receipt}|{patient}|{user}",
		)


def _in_charge(patient: str, task: str | None) -> list[str]:
	"""Who is to read what the patient wrote: the owner of the contact that was asked about, of the next one, else supervisors."""
	owned = frappe.get_all(
		TASK,
		filters={
			"patient": patient,
			"status": ("in", sorted(OPEN_STATUSES)),
			"assigned_to": ("is", "set"),
		},
		fields=["name", "assigned_to"],
		order_by="due_date, name",
	)
	first = sorted(owned, key=lambda row: row.name != task)[:1]
	if first:
		return [first[0].assigned_to]
	return reminders.supervisors_of(frappe.db.get_value(PATIENT, patient, "department"))


def _likeliest(patients: Sequence[str]) -> str:
	"""Of several who share an address and were never written to: one in our care, the latest to have come in."""
	rows = frappe.get_all(
		PATIENT,
		filters={"name": ("in", list(patients))},
		fields=["name", "status"],
		order_by="creation desc, name",
	)
	return sorted(rows, key=lambda row: row.status != "Active")[0].name


def _plan_of(patient: str) -> str | None:
	return frappe.db.get_value(
		PLAN, {"patient": patient, "status": "Active"}, "name", order_by="start_date desc, name"
	)


def _who_was_it(patients: Sequence[str]) -> str | None:
	if len(patients) == 1:
		return None
	return _(
		"This number or account belongs to {0} patients: please check who wrote.", _hospital_language()
	).format(len(patients))


def _evidence(kind: str, channel: str, receipt: str) -> str:
	"""How the patient said it; the receipt is named, the number is not."""
	language = _hospital_language()
	sentence = {
		STOP: _("Asked to stop in a reply ({0}, receipt {1}).", language),
		UNSUBSCRIBED: _("Left the account or refused messages there ({0}, receipt {1}).", language),
		SUBSCRIBED: _("Asked for messages again in a reply ({0}, receipt {1}).", language),
	}[kind]
	return sentence.format(_(channel, language), receipt)


def _hospital_language() -> str:
	settings = frappe.get_cached_doc("Follow-up Settings")
	return settings.default_language or frappe.get_system_settings("language") or "en"


def _key(provider: str, reply: Reply) -> str:
	"""What a second copy has in common with the first; made with the site's secret, since numbers are easily guessed."""
	said = (reply.provider_id,) if reply.provider_id else (reply.from_address, str(reply.at), reply.text)
	parts = "\x1f".join(("reply", provider, *said))
	return hmac.new(get_encryption_key().encode(), parts.encode(), hashlib.sha256).hexdigest()
