"""Life-long programmes: who is enrolled in which pathway from which day, and how an enrolment begins, rests and ends.

Whoever calls these functions has checked the right to (programme_api, the rule, the page). An enrolment without the
patient's consent waits: it is Paused (`awaiting_consent`), is seen in the list and plans nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.engine.programme_rules import anchor_of_enrolment
from hospital_followup.exceptions import EnrolmentError
from hospital_followup.services import programme_consents, queries
from hospital_followup.services.programme_candidates import folded
from hospital_followup.services.programme_consents import ConsentGiven
from hospital_followup.services.programme_status import AWAITING, ENROLMENT, OPEN, course_of, open_of
from hospital_followup.services.wake import roll_programmes_after_commit
from hospital_followup.services.writer import insert_rows, new_names

PATIENT, PATHWAY = "Follow-up Patient", "Care Pathway"
BY_HAND, RULE, VISIT = "By Hand", "Rule", "Outpatient Visit"


@dataclass(frozen=True, slots=True)
class Entry:
	"""One row for `enrol_many`. `anchor_date` None: the day of birth, or of the enrolment, as the pathway counts."""

	patient: str
	pathway: str
	anchor_date: date | None = None


def enrol(
	patient: str,
	pathway: str,
	*,
	anchor_date: date | str | None = None,
	through: str = BY_HAND,
	enrolled_on: date | str | None = None,
	consent: ConsentGiven | None = None,
	related: str | None = None,
	relation: str | None = None,
) -> str:
	"""Enrol `patient` in the approved version `pathway`; returns the name of the enrolment.

	Who is enrolled from the same day already keeps that enrolment, whatever its status; only by hand does one that was
	left begin again. Nobody follows one programme twice at a time. With `consent` it is active at once. Raises EnrolmentError when the pathway is not approved, the
	patient is not followed up any more, or the day to count from is unknown.
	"""
	title = title_of(pathway)
	# Two who enrol the same patient at once make one enrolment.
	frappe.db.get_value(PATIENT, patient, "name", for_update=True)
	day = getdate(enrolled_on or today())
	anchor = getdate(anchor_date) if anchor_date else default_anchor(pathway, patient, day)
	if consent:
		programme_consents.give(patient, title, consent)
	name = frappe.db.get_value(ENROLMENT, {"key": key_of(patient, title, anchor)})
	if not name and through != BY_HAND and (running := open_of(patient, title)):
		return running[0]
	if name:
		if through == BY_HAND and frappe.db.get_value(ENROLMENT, name, "status") == "Left":
			_move(name, "Active" if programme_consents.agreed(patient, title) else "Paused", AWAITING)
		return name
	doc = frappe.get_doc(
		{
			"doctype": ENROLMENT,
			"patient": patient,
			"pathway": pathway,
			"anchor_date": anchor,
			"enrolled_on": day,
			"enrolled_through": through,
			"related_enrolment": related,
			"relation": relation,
		}
	)
	doc.insert(ignore_permissions=True)  # reason: the caller has checked the right to enrol this patient
	return doc.name


def enrol_many(
	entries: Sequence[Entry], *, through: str = RULE, enrolled_on: date | None = None
) -> list[str]:
	"""Enrol many at once in a bounded number of queries; returns the new enrolments.

	Who is or was enrolled from the same day is left out, and so is an entry without a day to count from. Who has agreed
	to the programme before is active and is planned right after the commit; the others wait for their consent.
	"""
	day = getdate(enrolled_on or today())
	pathways = {
		row.name: row
		for row in queries.select(PATHWAY, ("name", "title", "anchor"), "name", {e.pathway for e in entries})
	}
	fields = ("name", "patient_name", "date_of_birth", "status", "department", "company")
	patients = {
		row.name: row for row in queries.select(PATIENT, fields, "name", {e.patient for e in entries})
	}
	# As the database compares keys: a title that was only written differently is the same programme.
	wanted: dict[str, tuple[Entry, date, str]] = {}
	for entry in entries:
		pathway, patient = pathways[entry.pathway], patients[entry.patient]
		anchor = entry.anchor_date or anchor_of_enrolment(pathway.anchor, patient.date_of_birth, day)
		if anchor and patient.status == "Active":
			key = key_of(entry.patient, pathway.title, getdate(anchor))
			wanted.setdefault(folded(key), (entry, getdate(anchor), key))
	for row in queries.select(ENROLMENT, ("name", "key"), "key", [key for _e, _a, key in wanted.values()]):
		wanted.pop(folded(row.key), None)
	words = programme_consents.words((e.patient, pathways[e.pathway].title) for e, _a, _k in wanted.values())
	rows = []
	new = [wanted[one] for one in sorted(wanted)]
	for name, (entry, anchor, key) in zip(new_names(len(new)), new, strict=True):
		word = words.get((entry.patient, pathways[entry.pathway].title))
		consented = bool(word and word.agreed)
		patient = patients[entry.patient]
		rows.append(
			{
				"name": name,
				"key": key,
				"patient": entry.patient,
				"patient_name": patient.patient_name,
				"pathway": entry.pathway,
				"anchor_date": anchor,
				"enrolled_on": day,
				"enrolled_by": frappe.session.user,
				"enrolled_through": through,
				"status": "Active" if consented else "Paused",
				"status_reason": None if consented else AWAITING,
				"paused_on": None if consented else day,
				"consent": word.name if word and consented else None,
				"department": patient.department,
				"company": patient.company,
			}
		)
	insert_rows(ENROLMENT, rows)
	if any(row["status"] == "Active" for row in rows):
		roll_programmes_after_commit()
	return [row["name"] for row in rows]


def pause(name: str, reason: str) -> None:
	"""Take the programme's open contacts off the worklists until it is resumed; dates do not shift."""
	_move(name, "Paused", reason)


def resume(name: str) -> None:
	"""Go on with a paused programme, or with one that was left or finished too early. Needs the patient's consent."""
	_move(name, "Active")


def leave(name: str, reason: str) -> None:
	"""The patient leaves the programme: what is open is cancelled."""
	_move(name, "Left", reason)


def finish(name: str, reason: str) -> None:
	"""The programme has reached its end before its last contact: what is open is cancelled."""
	_move(name, "Finished", reason)


def give_consent(name: str, evidence: str, *, evidence_file: str | None = None, given_on: Any = None) -> str:
	"""Record the patient's consent to the programme of this enrolment, which begins if it waited; name of the consent."""
	return programme_consents.give(*course_of(name), ConsentGiven(evidence, evidence_file, given_on))


def refuse_consent(name: str, evidence: str) -> str:
	"""Record that the patient does not want this programme (any more): its enrolments end; name of the record."""
	return programme_consents.refuse(*course_of(name), evidence)


def title_of(pathway: str) -> str:
	"""The title of a pathway, by which all its versions are one programme."""
	return frappe.db.get_value(PATHWAY, pathway, "title")


def key_of(patient: str, title: str, anchor: date) -> str:
	"""The unique key of an enrolment (model.md)."""
	return f"{patient}|{title}|{anchor.isoformat()}"


def default_anchor(pathway: str, patient: str, day: date) -> date:
	"""The day that `pathway` counts from for `patient` when nobody says it; `day` is the day of the enrolment."""
	kind = frappe.db.get_value(PATHWAY, pathway, "anchor")
	anchor = anchor_of_enrolment(kind, frappe.db.get_value(PATIENT, patient, "date_of_birth"), day)
	if anchor is None:
		frappe.throw(
			_("{0} counts from: {1}. Enter that day ({2}).").format(
				frappe.bold(title_of(pathway)), _(kind), _("Anchor Date")
			),
			EnrolmentError,
			title=_("Day Missing"),
		)
	return anchor


def begin(doc: Any) -> None:
	"""A new enrolment: the day it counts from, and whether it begins or waits for the patient's consent."""
	status = frappe.db.get_value(PATHWAY, doc.pathway, "status")
	if status != "Approved":
		frappe.throw(
			_("{0} is {1}. Choose a pathway that the hospital has approved.").format(
				frappe.bold(title_of(doc.pathway)), _(status)
			),
			EnrolmentError,
			title=_("Not Approved"),
		)
	if frappe.db.get_value(PATIENT, doc.patient, "status") != "Active":
		frappe.throw(
			_("{0} is not followed up any more and cannot be enrolled.").format(
				frappe.bold(doc.patient_name)
			),
			EnrolmentError,
			title=_("Not possible"),
		)
	doc.enrolled_on = doc.enrolled_on or today()
	doc.anchor_date = doc.anchor_date or default_anchor(doc.pathway, doc.patient, getdate(doc.enrolled_on))
	if doc.status in OPEN:
		doc.consent = programme_consents.agreed(doc.patient, title_of(doc.pathway))
		doc.status = "Active" if doc.consent else "Paused"
		doc.status_reason = None if doc.consent else AWAITING


def _move(name: str, status: str, reason: str | None = None) -> None:
	doc = frappe.get_doc(ENROLMENT, name, for_update=True)
	if doc.status == status:
		return
	doc.update({"status": status, "status_reason": None if status == "Active" else reason})
	doc.flags.reason_given = bool(reason)
	doc.flags.ignore_permissions = True  # reason: programme_api, or who else called, has checked the right
	doc.save()
