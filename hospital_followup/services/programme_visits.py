"""What follows from a visit to the outpatient department: rules may take the patient into a life-long programme.

Asked right after the visit's own commit, and again every night for whatever was written since the night before: the wake-up
may be lost, the encounter is not.
"""

from __future__ import annotations

from collections.abc import Sequence
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
#: Encounters of one transaction.
AT_ONCE = 100


def is_asked_for() -> bool:
	"""Whether any rule wants to know of visits."""
	return bool(frappe.db.exists(RULE, {"enabled": 1, "on_visit": 1}))


def enrol_after_visit(encounter: str, day: date) -> int:
	"""Enrol the patient of `encounter` wherever a rule for visits takes them in; how many programmes. Twice is once.

	A patient whom we do not know yet becomes one of ours only when a rule fits.
	"""
	rules = programme_rules.enabled("on_visit")
	return _enrol(rules, [encounter], day) if rules else 0


def enrol_after_visits(record: Run, day: date) -> None:
	"""Every visit that was written since the last look, or failed then, for rules that want to know of visits."""
	rules = programme_rules.enabled("on_visit")
	if not rules:
		return
	started = now_datetime()
	since, again = _last_look(started)
	names = list(dict.fromkeys([*marley_encounter.changed(since), *again]))
	errors_before = len(record.tally.errors)
	encounter = marley_encounter.ENCOUNTER
	record.each(encounter, names, lambda part: record.done(_enrol(rules, part, day)), size=AT_ONCE)
	failed = programme_rules.failed_since(record, errors_before, encounter)
	if failed is not None:
		reached = {"visits_until": started - programme_rules.OVERLAP, "visits_again": "\n".join(failed)}
		record.transaction(partial(_note, [rule.name for rule in rules], reached))


def _enrol(rules: Sequence[Rule], encounters: Sequence[str], day: date) -> int:
	"""What the rules make of these encounters; patients are read together, each encounter counts by itself."""
	visits = [visit for name in encounters if (visit := marley_encounter.read(name))]
	known = _patients_of(rules, visits, day)
	candidates = {one.patient: one for one in programme_candidates.read(sorted({*known.values()}), lock=True)}
	told = [
		_told(candidates[patient], visit)
		for visit in visits
		if (patient := known.get(visit.patient_name)) in candidates
	]
	return sum(programme_rules.enrol(rules, told, day, programmes.VISIT).values())


def _patients_of(rules: Sequence[Rule], visits: Sequence[VisitRecord], day: date) -> dict[str, str]:
	"""Our patients by the hospital's; a stranger becomes one of ours only when a rule fits."""
	known: dict[str, str] = {}
	for doctype in sorted({visit.patient_doctype for visit in visits}):
		names = [visit.patient_name for visit in visits if visit.patient_doctype == doctype]
		known |= patient_intake.stored_patients(doctype, names)
	for visit in visits:
		if visit.patient_name not in known and _takes_stranger(rules, visit, day):
			known[visit.patient_name] = patient_intake.ensure_patient(
				visit.patient_doctype, visit.patient_name, company=visit.company
			)
	return known


def _last_look(now: datetime) -> tuple[datetime, list[str]]:
	marks = frappe.get_all(
		RULE,
		filters={"enabled": 1, "on_visit": 1},
		fields=["visits_until", "visits_again"],
		order_by="name",
	)
	since = min((mark.visits_until or now - FIRST_LOOK for mark in marks), default=now - FIRST_LOOK)
	return since, sorted({name for mark in marks for name in (mark.visits_again or "").split("\n") if name})


def _note(rules: list[str], reached: dict[str, object]) -> None:
	for rule in rules:
		frappe.db.set_value(RULE, rule, reached, update_modified=False)


def _takes_stranger(rules: Sequence[Rule], visit: VisitRecord, day: date) -> bool:
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
