"""Whom programme rules look at: who changed since the last look, and what is known of them. Reads only.

The number of queries depends on the number of chunks alone, and who did not change is not read.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import frappe

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.names import CHANNELS
from hospital_followup.engine.programme_rules import Person, born_between
from hospital_followup.services import queries
from hospital_followup.services.facts import agreed_and_refused

CONSENT = queries.CONSENT
PATIENT, DISCHARGE, ENROLMENT = "Follow-up Patient", "Patient Discharge", "Programme Enrolment"
PATIENT_FIELDS = ("name", "sex", "date_of_birth", "department", "status", "erased_on")
#: Who is asked nothing (Do Not Contact), lives no more (Deceased) or is somebody else (Merged) enters no programme.
ACTIVE = "Active"
#: The next look goes back so far before the last one: the clocks of several servers differ, and a transaction commits
#: after it has stamped its rows.
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Candidate:
	"""`entered`: the titles (`folded`) of the pathways in which the patient is or ever was enrolled, whatever became of it."""

	patient: str
	person: Person
	entered: frozenset[str]

	def has_entered(self, title: str) -> bool:
		return folded(title) in self.entered


def folded(text: str) -> str:
	"""`text` as the database compares it: neither case nor accents nor spaces at the end make a difference."""
	letters = unicodedata.normalize("NFKD", text.rstrip())
	return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def silenced(patients: Sequence[str]) -> frozenset[str]:
	"""Those of `patients` who want no contact on any channel, as they said last; one query."""
	words = queries.group(queries.consents(patients), "patient")
	everything = frozenset(CHANNELS)
	return frozenset(patient for patient, own in words.items() if agreed_and_refused(own)[1] >= everything)


def everybody() -> list[str]:
	"""The patients whom a programme may take in, by name."""
	patient = frappe.qb.DocType(PATIENT)
	query = frappe.qb.from_(patient).select(patient.name).where(patient.status == ACTIVE)
	return query.orderby(patient.name).run(pluck=True)


def changed(since: datetime, ages: Iterable[int], day: date) -> list[str]:
	"""Patients who were written since, of whom a discharge or a consent was, or who completed one of `ages` years since."""
	patient, stay, consent = (frappe.qb.DocType(doctype) for doctype in (PATIENT, DISCHARGE, CONSENT))
	who = frappe.qb.from_(patient).select(patient.name).where(patient.status == ACTIVE)
	found = set(who.where(patient.modified >= since).run(pluck=True))
	stays = frappe.qb.from_(stay).select(stay.patient).where(stay.cancelled == 0)
	found.update(stays.where(stay.modified >= since).run(pluck=True))
	words = frappe.qb.from_(consent).select(consent.patient).where(queries.in_general(consent))
	found.update(words.where(consent.modified >= since).run(pluck=True))
	for age in sorted(set(ages)):
		after, until = born_between(age, since.date(), day)
		born = patient.date_of_birth
		found.update(who.where((born > after) & (born <= until)).run(pluck=True))
	return sorted(found)


def read(names: Sequence[str], *, lock: bool = False) -> list[Candidate]:
	"""Those of `names` whom a programme may take in, with what is known of them; seven queries.

	Who wants no contact on any channel is asked for nothing, and left out.
	With `lock` their rows are held until the end of the transaction, so that two runs do not enrol the same patient.
	"""
	rows = [
		row
		for row in queries.select(PATIENT, PATIENT_FIELDS, "name", names, lock=lock)
		if row.status == ACTIVE and not row.erased_on
	]
	left_alone = silenced([row.name for row in rows])
	rows = [row for row in rows if row.name not in left_alone]
	patients = [row.name for row in rows]
	stays = _stays(patients)
	discharges = [stay.name for of_patient in stays.values() for stay in of_patient]
	conditions = queries.children("Follow-up Patient Condition", ("code", "title"), patients)
	diagnoses = queries.children("Discharge Diagnosis", ("code", "title"), discharges)
	procedures = queries.children("Discharge Procedure", ("code", "title"), discharges)
	entered = _entered(patients)
	return [
		_candidate(
			row,
			stays.get(row.name, ()),
			[*conditions.get(row.name, ()), *_of(stays.get(row.name, ()), diagnoses)],
			_of(stays.get(row.name, ()), procedures),
			entered[row.name],
		)
		for row in rows
	]


def _candidate(
	row: frappe._dict,
	stays: Sequence[frappe._dict],
	diagnoses: Iterable[frappe._dict],
	procedures: Iterable[frappe._dict],
	entered: Iterable[str],
) -> Candidate:
	departments = {row.department, *(stay.department for stay in stays)}
	return Candidate(
		row.name,
		Person(
			row.sex or None,
			row.date_of_birth,
			frozenset(filter(None, departments)),
			tuple(Diagnosis(item.code or "", item.title or "") for item in diagnoses),
			tuple(Procedure(item.code or "", item.title or "") for item in procedures),
		),
		frozenset(folded(title) for title in entered),
	)


def _stays(patients: Sequence[str]) -> dict[str, list[frappe._dict]]:
	if not patients:
		return {}
	stay = frappe.qb.DocType(DISCHARGE)
	rows = (
		frappe.qb.from_(stay)
		.select(stay.name, stay.patient, stay.department)
		.where(stay.patient.isin(patients) & (stay.cancelled == 0))
		.orderby(stay.name)
		.run(as_dict=True)
	)
	return queries.group(rows, "patient")


def _entered(patients: Sequence[str]) -> dict[str, list[str]]:
	found: defaultdict[str, list[str]] = defaultdict(list)
	if not patients:
		return found
	enrolment, pathway = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType("Care Pathway")
	rows = (
		frappe.qb.from_(enrolment)
		.inner_join(pathway)
		.on(pathway.name == enrolment.pathway)
		.select(enrolment.patient, pathway.title)
		.where(enrolment.patient.isin(patients))
		.orderby(enrolment.name)
		.run()
	)
	for patient, title in rows:
		found[patient].append(title)
	return found


def _of(stays: Iterable[frappe._dict], children: dict[str, list[frappe._dict]]) -> Iterable[frappe._dict]:
	return (item for stay in stays for item in children.get(stay.name, ()))
