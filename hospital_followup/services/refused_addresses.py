"""What a message service said about an address when it refused a message for good.

That the person refuses messages is the person's word, and counts like a STOP that came to us; that there is no such number puts
it on the list of numbers to correct. What else is wrong with an address says nothing about the person and nothing about
the telephone.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _

from hospital_followup.engine.message_ports import Delivery
from hospital_followup.engine.outbox import Step
from hospital_followup.services import consents, message_withdrawal, numbers, queries
from hospital_followup.services.bedside_consent import CONSENT

OPTED_OUT, NO_SUCH_NUMBER = "opted_out", "no_such_number"


def step_of(step: Step | None, said: Delivery | frappe._dict) -> Step | None:
	"""`step`, which follows from the last word on a message, with what `said` tells about the address: a service's
	answer or its receipt."""
	if step is None or step.status != "Failed":
		return step
	if said.opted_out:
		return Step("Failed", OPTED_OUT)
	return Step("Failed", NO_SUCH_NUMBER) if said.dead_number else step


def note(rows: Sequence[frappe._dict]) -> list[frappe._dict]:
	"""Write down what the Failed ones among `rows` of Follow-up Message tell about their addresses.

	Returns the messages that were taken back because of it. The patients of Failed rows are locked by the caller.
	"""
	failed = [row for row in rows if row.status == "Failed"]
	for row in failed:
		if row.status_reason == NO_SUCH_NUMBER and row.channel == "SMS" and row.recipient:
			numbers.mark_out_of_service(row.patient, row.recipient)
	taken_back = []
	for row in failed:
		if row.status_reason == OPTED_OUT and not _agreed_since(row):
			consents.withdraw(row.patient, row.channel, evidence=_evidence(row))
			taken_back += message_withdrawal.take_back([row.patient], row.channel)
	return taken_back


def _agreed_since(row: frappe._dict) -> bool:
	"""Whether the patient has agreed to such messages after this one went to the service: the later word counts.

	A consent to a programme is none to messages: it is mostly given on the very page that this message led to.
	"""
	if not row.tried_at:
		return False
	consent = frappe.qb.DocType(CONSENT)
	query = (
		frappe.qb.from_(consent)
		.select(consent.name)
		.where((consent.patient == row.patient) & (consent.purpose == "Clinical"))
		.where(consent.channel.isin((row.channel, consents.ALL)) & queries.in_general(consent))
		.where((consent.given_on > row.tried_at) & consent.withdrawn_on.isnull())
	)
	return bool(query.limit(1).run())


def _evidence(row: frappe._dict) -> str:
	"""Which service said so, about which message; the address is not named."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	language = settings.default_language or frappe.get_system_settings("language") or "en"
	sentence = _(
		"The message service {0} says that this person refuses messages ({1}, message {2}).", language
	)
	return sentence.format(row.provider, _(row.channel, language), row.name)
