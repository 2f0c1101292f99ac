"""Consent as it is asked at the bedside: per purpose and channel, with evidence, one record per word of the patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname, now_datetime

from hospital_followup.engine.names import CHANNELS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import patients, queries
from hospital_followup.services.facts import agreed_and_refused

CONSENT = "Follow-up Consent"
PURPOSES = ("Clinical", "Survey", "Promotion", "Research")
YES, NO = "Yes", "No"


@dataclass(frozen=True, slots=True)
class Word:
	"""What the patient said about one purpose on one channel, or on all of them."""

	purpose: str
	channel: str
	agreed: bool


def standing(patient: str, *, lock: bool = False) -> dict[str, dict[str, str]]:
	"""The latest word by purpose and channel: Yes, No, or empty when nobody asked. With `lock` as committed now."""
	consent = frappe.qb.DocType(CONSENT)
	query = (
		frappe.qb.from_(consent)
		.select(consent.purpose, consent.channel, consent.given_on, consent.withdrawn_on)
		.where((consent.patient == patient) & queries.in_general(consent))
		.orderby(consent.creation)
		.orderby(consent.name)
	)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	found = {}
	for purpose in PURPOSES:
		agreed, refused = agreed_and_refused(row for row in rows if row.purpose == purpose)
		found[purpose] = {
			channel: YES if channel in agreed else NO if channel in refused else "" for channel in CHANNELS
		}
	return found


def changes(patient: str, words: Mapping[str, Mapping[str, str]]) -> list[Word]:
	"""Which of `words` {purpose: {channel: Yes, No or empty}} are new. Empty takes nothing back: it was not asked.

	The patient must be locked: who prepares the same patient at the same time says nothing twice.
	"""
	before, found = standing(patient, lock=True), []
	for purpose, said in words.items():
		if (
			purpose not in PURPOSES
			or not set(said) <= set(CHANNELS)
			or not set(said.values()) <= {YES, NO, ""}
		):
			frappe.throw(_("Consent is asked per purpose and channel, with Yes or No."), InvalidValueError)
		new = {channel: word for channel, word in said.items() if word and word != before[purpose][channel]}
		everywhere = {
			before[purpose][channel] if not said.get(channel) else said[channel] for channel in CHANNELS
		}
		if new and len(everywhere) == 1:
			found.append(Word(purpose, "All", everywhere == {YES}))
		else:
			found += [Word(purpose, channel, word == YES) for channel, word in new.items()]
	return found


def record(patient: Any, words: list[Word], language: str) -> None:
	"""Write one consent per word, with who asked, how and in which language; contacts are planned anew once."""
	now = now_datetime()
	evidence = _("Said at the bedside to {0}, after the purpose was read out ({1}).").format(
		get_fullname(frappe.session.user), language
	)
	for word in words:
		doc = frappe.get_doc(
			{
				"doctype": CONSENT,
				"patient": patient.name,
				"purpose": word.purpose,
				"channel": word.channel,
				"given_on" if word.agreed else "withdrawn_on": now,
				"evidence": evidence,
			}
		)
		doc.flags.plan_later = True
		doc.insert()
	if any(word.purpose == "Clinical" for word in words):
		patients.on_consent_changed(patient.name)
