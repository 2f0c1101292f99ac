"""Who is enrolled by rule: every night whoever changed and now fits, and, before that, who would be.

A rule looks at everybody once, when it is new or changed; from then on only at who changed since its last look. Who ever
was in the programme, whatever became of it, is not enrolled by rule again. The trial and the real run share one reader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import cint, get_datetime, now_datetime

from hospital_followup.engine.facts import Applicability
from hospital_followup.engine.programme_rules import Person, ages_of, anchor_of_enrolment, fits
from hospital_followup.services import care_pathways, programme_candidates, programmes, queries
from hospital_followup.services.facts import whole
from hospital_followup.services.programme_candidates import OVERLAP, PATIENT, Candidate, folded
from hospital_followup.services.runs import Run
from hospital_followup.services.writer import chunks

RULE = "Programme Rule"
FIELDS = ("name", "pathway", "nightly", "sex", "age_from", "age_to")
MARKS = ("looked_until", "looked_with", "look_again")
#: Patients read, judged and enrolled in one transaction.
AT_ONCE = 500
#: Patients that a trial names.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Rule:
	"""A rule whose pathway is in use. `criteria`: its own and those of the pathway, all of which must hold.

	`looked_until`: since when nobody who changed was looked at; None for a rule that has to look at everybody.
	`look_again`: who could not be looked at the last time.
	"""

	name: str
	pathway: str
	programme: str
	anchor: str
	criteria: tuple[Applicability, ...]
	digest: str
	looked_until: datetime | None
	look_again: tuple[str, ...] = ()

	def takes(self, person: Person, day: date) -> date | None:
		"""The day from which the programme counts for who fits; None for who does not."""
		return (
			anchor_of_enrolment(self.anchor, person.born, day) if fits(self.criteria, person, day) else None
		)


def enabled(occasion: str) -> list[Rule]:
	"""The rules that are switched on for `occasion` (nightly or on_visit) and whose pathway is approved, by name."""
	rows = frappe.get_all(
		RULE, filters={"enabled": 1, occasion: 1}, fields=[*FIELDS, *MARKS], order_by="name"
	)
	return _read(rows)


def named(name: str) -> Rule | None:
	"""One rule, switched on or not; None while its pathway has no approved version."""
	return next(iter(_read(queries.select(RULE, [*FIELDS, *MARKS], "name", [name]))), None)


def enrol_by_rules(record: Run, day: date) -> None:
	"""Look at whom the nightly rules have to look at, and enrol who fits; each rule notes how far it has come."""
	rules = enabled("nightly")
	started = now_datetime()
	new = [rule for rule in rules if rule.looked_until is None]
	if new:
		_look(record, new, programme_candidates.everybody(), day, started)
	known = [rule for rule in rules if rule.looked_until is not None]
	if known:
		since = min(rule.looked_until for rule in known if rule.looked_until)
		ages = ages_of(wanted for rule in known for wanted in rule.criteria)
		again = {name for rule in known for name in rule.look_again}
		changed = programme_candidates.changed(since, ages, day)
		_look(record, known, sorted({*changed, *again}), day, started)


def trial(rule: Rule, day: date) -> dict[str, Any]:
	"""Whom `rule` would enrol if it ran on everybody now: figures, and `first` the names of some. Writes nothing."""
	looked_at, entered, found = 0, 0, 0
	first: list[str] = []
	for names in chunks(programme_candidates.everybody(), AT_ONCE):
		for candidate in programme_candidates.read(names):
			looked_at += 1
			if rule.takes(candidate.person, day) is None:
				continue
			if candidate.has_entered(rule.programme):
				entered += 1
				continue
			found += 1
			if len(first) < SHOWN:
				first.append(candidate.patient)
	return {"looked_at": looked_at, "would_enrol": found, "entered": entered, "first": first}


def entries(
	rules: Sequence[Rule], candidates: Iterable[Candidate], day: date
) -> dict[str, list[tuple[Candidate, date]]]:
	"""Whom each rule (by name) takes in, with the day that the programme counts from; a programme takes in nobody twice."""
	found: dict[str, list[tuple[Candidate, date]]] = {rule.name: [] for rule in rules}
	for candidate in candidates:
		entered = set(candidate.entered)
		for rule in rules:
			programme = folded(rule.programme)
			anchor = None if programme in entered else rule.takes(candidate.person, day)
			if anchor is not None:
				entered.add(programme)
				found[rule.name].append((candidate, anchor))
	return found


def enrol(rules: Sequence[Rule], candidates: Iterable[Candidate], day: date, through: str) -> dict[str, int]:
	"""Enrol whom the rules take in; how many by rule. They take part once they agree (services/programme_consents.py)."""
	enrolled: dict[str, int] = {}
	found = entries(rules, candidates, day)
	for rule in rules:
		rows = [
			programmes.Entry(candidate.patient, rule.pathway, anchor)
			for candidate, anchor in found[rule.name]
		]
		enrolled[rule.name] = (
			len(programmes.enrol_many(rows, through=through, enrolled_on=day)) if rows else 0
		)
	return enrolled


def _look(record: Run, rules: Sequence[Rule], names: Sequence[str], day: date, started: datetime) -> None:
	errors_before = len(record.tally.errors)
	enrolled: dict[str, dict[str, int]] = {}

	def work(part: list[str]) -> None:
		# Kept by the part, not added up: a transaction that is tried again counts once.
		enrolled[part[0]] = enrol(rules, programme_candidates.read(part, lock=True), day, programmes.RULE)
		record.done(sum(enrolled[part[0]].values()))

	record.each(PATIENT, names, work, size=AT_ONCE)
	again = failed_since(record, errors_before, PATIENT)
	record.transaction(lambda: _note(rules, len(names), list(enrolled.values()), started, again))


def failed_since(record: Run, errors_before: int, doctype: str) -> list[str] | None:
	"""The records of `doctype` that failed after the first `errors_before` errors, to be looked at again.

	None when not all of them are known: the run was stopped, or too many failed to be named.
	"""
	if record.stopped or record.tally.failed != len(record.tally.errors):
		return None
	rows = record.tally.errors[errors_before:]
	return sorted({row["reference_name"] for row in rows if row["reference_doctype"] == doctype})


def _note(
	rules: Sequence[Rule],
	looked_at: int,
	enrolled: list[dict[str, int]],
	started: datetime,
	again: list[str] | None,
) -> None:
	"""The next look begins where this one began, and takes in `again`; without that the same patients are looked at."""
	for rule in rules:
		values: dict[str, Any] = {
			"last_run_on": started,
			"last_looked_at": looked_at,
			"last_enrolled": sum(counts.get(rule.name, 0) for counts in enrolled),
		}
		if again is not None:
			values |= {"looked_until": started - OVERLAP, "looked_with": rule.digest}
			values["look_again"] = "\n".join(again)
		frappe.db.set_value(RULE, rule.name, values, update_modified=False)


def _read(rows: Sequence[frappe._dict]) -> list[Rule]:
	names = [row.name for row in rows]
	titles = {
		row.name: row.title
		for row in queries.select(
			"Care Pathway", ("name", "title"), "name", sorted({row.pathway for row in rows})
		)
	}
	in_use = {one.pathway.title: one for one in care_pathways.approved()}
	conditions = queries.children("Programme Rule Condition", ("code", "title"), names)
	departments = queries.children("Care Pathway Department", ("department",), names)
	rules = []
	for row in rows:
		approved = in_use.get(titles.get(row.pathway, ""))
		if approved is None:
			continue
		own = Applicability(
			diagnoses=care_pathways.wanted(conditions.get(row.name, ())),
			departments=tuple(item.department for item in departments.get(row.name, ())),
			sex=row.sex or None,
			age_from=whole(row.age_from),
			age_to=whole(row.age_to),
		)
		criteria = (own, approved.pathway.applies)
		digest = _digest(approved.pathway.title, approved.pathway.anchor, cint(row.nightly), criteria)
		rules.append(
			Rule(
				row.name,
				approved.name,
				approved.pathway.title,
				approved.pathway.anchor,
				criteria,
				digest,
				get_datetime(row.looked_until) if row.looked_until and row.looked_with == digest else None,
				tuple(filter(None, (row.look_again or "").split("\n"))),
			)
		)
	return rules


def _digest(*inputs: Any) -> str:
	"""What a rule looks for. When it is not what the last look was made with, everybody has to be looked at again."""
	return hashlib.sha256(repr(inputs).encode()).hexdigest()[:32]
