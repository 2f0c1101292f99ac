"""What follows from a visit to the outpatient department: rules may take the patient into a life-long programme.

Asked right after the visit's own commit, and again every night for whatever was written since the night before: the wake-up
may be lost, the encounter is not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import frappe
from frappe.utils import now_datetime

from hospital_followup.engine.ports import VisitRecord
from hospital_followup.engine.programme_rules import Person
from hospital_followup.services import (
	department_intake,
	patient_intake,
	programme_candidates,
	programme_rules,
	programmes,
)
from hospital_followup.services.programme_candidates import Candidate
from hospital_followup.services.programme_rules import RULE, Rule
from hospital_followup.services.runs import Run
from hospital_followup.sources import marley_encounter
from hospital_followup.sources.registry import source_for

#: How far back the first night looks; later ones look back to the one before.
FIRST_LOOK = timedelta(days=3)


def is_asked_for() -> bool:
	"""Whether any rule wants to know of visits."""
	return bool(frappe.db.exists(RULE, {"enabled": 1, "on_visit": 1}))


def enrol_after_visit(encounter: str, day: date) -> int:
	"""Enrol the patient of `encounter` wherever a rule for visits takes them in; how many programmes. Twice is once.

	A patient whom we do not know yet becomes one of ours only when a rule fits.
	"""
	rules = programme_rules.enabled("on_visit")
	visit = marley_encounter.read(encounter) if rules else None
	if visit is None:
		return 0
	source = (visit.patient_doctype, visit.patient_name)
	known = patient_intake.stored_patient(*source)
	if known is None:
		if not _takes_stranger(rules, visit, day):
			return 0
		known = patient_intake.ensure_patient(*source, company=visit.company)
	candidates = [_told(one, visit) for one in programme_candidates.read([known], lock=True)]
	return sum(programme_rules.enrol(rules, candidates, day, programmes.VISIT).values())


def enrol_after_visits(record: Run, day: date) -> None:
	"""Every visit that was written since the last look, for rules that want to know of visits."""
	rules = programme_rules.enabled("on_visit")
	if not rules:
		return
	started = now_datetime()
	since = _last_look(started)
	names = marley_encounter.changed(since)

	def work(part: list[str]) -> None:
		for name in part:
			record.done(enrol_after_visit(name, day))

	failed_before = record.tally.failed
	record.each(marley_encounter.ENCOUNTER, names, work, size=20)
	if not record.stopped and record.tally.failed == failed_before:
		reached = started - programme_rules.OVERLAP
		record.transaction(partial(_note, [rule.name for rule in rules], reached))


def _last_look(now: datetime) -> datetime:
	marks = frappe.get_all(RULE, filters={"enabled": 1, "on_visit": 1}, pluck="visits_until", order_by="name")
	return min((mark or now - FIRST_LOOK for mark in marks), default=now - FIRST_LOOK)


def _note(rules: list[str], reached: datetime) -> None:
	for rule in rules:
		frappe.db.set_value(RULE, rule, "visits_until", reached, update_modified=False)


def _takes_stranger(rules: list[Rule], visit: VisitRecord, day: date) -> bool:
	record = source_for(visit.patient_doctype).read(visit.patient_name)
	person = _at_visit(Person(record.sex, record.date_of_birth), visit)
	return not record.deceased and any(rule.takes(person, day) for rule in rules)


def _told(candidate: Candidate, visit: VisitRecord) -> Candidate:
	return replace(candidate, person=_at_visit(candidate.person, visit))


def _at_visit(person: Person, visit: VisitRecord) -> Person:
	department = department_intake.known_department(
		visit.department_doctype, visit.department_name, visit.company
	)
	departments = person.departments | ({department} if department else frozenset())
	return replace(person, departments=departments, diagnoses=(*person.diagnoses, *visit.diagnoses))
