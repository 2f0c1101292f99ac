"""Consent to a programme: one word per patient and programme, which says nothing about messages or calls in general.

The record is a Follow-up Consent that names the programme (the title of its pathway). The latest word counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.exceptions import InvalidValueError, PlanTransitionError
from hospital_followup.services.programme_status import (
	AWAITING,
	ENROLMENT,
	PLAN,
	course_of,
	fields_of,
	open_of,
	refuse_second,
)
from hospital_followup.services.writer import set_values

CONSENT = "Follow-up Consent"
WITHDRAWN = "withdrawn"
#: The patient said no to this programme; other contacts go on.
REFUSED = "programme_refused"


@dataclass(frozen=True, slots=True)
class ConsentGiven:
	"""How the patient agreed: words (never a number or the text of a message), a signed form, and when; now by default."""

	evidence: str
	evidence_file: str | None = None
	given_on: datetime | None = None


def words(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], frappe._dict]:
	"""The latest word of each (patient, programme) that has said one: name, agreed; one query for all of them."""
	wanted = set(pairs)
	if not wanted:
		return {}
	consent = frappe.qb.DocType(CONSENT)
	rows = (
		frappe.qb.from_(consent)
		.select(consent.name, consent.patient, consent.programme, consent.given_on, consent.withdrawn_on)
		.where(consent.patient.isin(sorted({patient for patient, _title in wanted})))
		.where(consent.programme.isin(sorted({title for _patient, title in wanted})))
		.orderby(consent.creation)
		.orderby(consent.name)
		.run(as_dict=True)
	)
	latest: dict[tuple[str, str], frappe._dict] = {}
	for row in rows:
		row.agreed, row.said_on = not row.withdrawn_on, row.withdrawn_on or row.given_on
		before = latest.get((row.patient, row.programme))
		if before is None or row.said_on >= before.said_on:
			latest[row.patient, row.programme] = row
	return latest


def agreed(patient: str, programme: str) -> str | None:
	"""Name of the consent that stands for this programme; None when the patient was not asked or said no."""
	word = words([(patient, programme)]).get((patient, programme))
	return word.name if word and word.agreed else None


def refuse_to_go_on(plan: str) -> None:
	"""Raise when `plan` is a programme's that a person may not set going.

	PlanTransitionError: the patient has not agreed, or agrees no more. DuplicateRecordError: the patient is in the programme
	by another enrolment.
	"""
	if enrolment := frappe.db.get_value(PLAN, plan, "enrolment"):
		refuse_second(*course_of(enrolment), but=enrolment)
	if is_unagreed(plan):
		frappe.throw(
			_("The patient has not agreed to this programme, or not any more. Record the consent first."),
			PlanTransitionError,
			title=_("Consent Missing"),
		)


def is_unagreed(plan: str) -> bool:
	"""Whether `plan` is a programme's without the patient's consent to it."""
	enrolment = frappe.db.get_value(PLAN, plan, "enrolment")
	return bool(enrolment) and not agreed(*course_of(enrolment))


def give(patient: str, programme: str, given: ConsentGiven) -> str:
	"""Record that `patient` agrees to `programme`; its enrolments that waited for that become active."""
	if not (given.evidence or "").strip():
		frappe.throw(
			_("Say how the patient agreed, for example “signed form” or “said on the phone”."),
			InvalidValueError,
			title=_("Evidence Missing"),
		)
	said = {"given_on": given.given_on or now_datetime(), "evidence_file": given.evidence_file}
	return _insert(patient, programme, given.evidence.strip(), said)


def refuse(patient: str, programme: str, evidence: str) -> str:
	"""Record that `patient` does not (any more) want `programme`; its enrolments end."""
	return _insert(patient, programme, evidence, {"withdrawn_on": now_datetime()})


def on_word(doc: Any) -> None:
	"""A word about a programme was saved: enrolments that wait for it begin, those of a refusal end."""
	pair = (doc.patient, doc.programme)
	word = words([pair]).get(pair)
	for name in open_of(*pair):
		enrolment = frappe.get_doc(ENROLMENT, name, for_update=True)
		if word and word.agreed:
			enrolment.consent = word.name
			if enrolment.status == "Paused" and enrolment.status_reason == AWAITING:
				enrolment.update({"status": "Active", "status_reason": None})
		elif word:
			enrolment.update({"status": "Left", "status_reason": REFUSED, "consent": None})
		else:
			enrolment.update({"status": "Paused", "status_reason": AWAITING, "consent": None})
		enrolment.flags.ignore_permissions = True  # reason: the right to record the word was checked
		enrolment.save()


def restore_waiting(patient: str, reason: str) -> None:
	"""Take `programme_status.stop_waiting` back, but for what the patient has been enrolled in again since.

	What was said of the programme meanwhile counts at once: who agreed is not asked again, nor is who refused.
	"""
	ended = {"patient": patient, "status": "Left", "status_reason": reason, "plan": ("is", "not set")}
	names = frappe.get_all(ENROLMENT, filters=ended, pluck="name", order_by="creation desc, name")
	courses = {name: course_of(name) for name in names}
	said = words(courses.values())
	for name, course in courses.items():
		if not open_of(*course):
			set_values(ENROLMENT, [name], fields_of("Paused", AWAITING))
			if word := said.get(course):
				on_word(word)


def _insert(patient: str, programme: str, evidence: str, said: dict[str, Any]) -> str:
	values = {"patient": patient, "programme": programme, "purpose": "Clinical", "channel": "All"}
	doc = frappe.get_doc({"doctype": CONSENT, **values, "evidence": evidence, **said})
	doc.insert(ignore_permissions=True)  # reason: the patient's own word; whoever records it was checked
	return doc.name
