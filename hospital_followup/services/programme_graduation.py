"""From one stage of life to the next: who has outgrown a programme finishes it, and goes on with the one that follows.

The next programme is one of its own: the patient is asked for consent to it. Each night looks only at whose birthday it
was, who changed, which enrolments ended and which pathways were written since the last night that came to its end, and at
what failed then. Of a pathway the version in use says how old its patients may be and what follows, whichever version
somebody was enrolled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

from hospital_followup.engine.dates import age_on
from hospital_followup.engine.programme_rules import ANCHORS_OF_RULES, OLDEST, born_between, fits
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import care_pathways, programme_candidates, programmes, queries
from hospital_followup.services.care_pathways import PATHWAY, ApprovedPathway
from hospital_followup.services.facts import whole
from hospital_followup.services.programme_candidates import ACTIVE, OVERLAP, PATIENT
from hospital_followup.services.programme_plans import COURSE_OVER
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.runs import RUN, Run

#: The nightly run that graduation is part of, and what that calls it.
JOB, STAGE = "enrol", "stages"
#: Nights that are asked for the last look.
NIGHTS = 30
#: Before anybody was born who is followed up.
NEVER = get_datetime("1880-01-01 00:00:00")
#: Why an enrolment is Finished: its patient is too old for it, or its last contact is over.
OUTGROWN = "outgrown"
ENDED_BY_ITSELF = (OUTGROWN, COURSE_OVER)
EARLIER = "Earlier Programme"
AT_ONCE = 50


def graduate(record: Run, day: date) -> None:
	"""Finish what was outgrown, then enrol in the next stage whoever finished by themselves and fits it by now."""
	since, failed = _last_look()
	stages = _stages()
	old = outgrown(stages, since, day, failed)
	record.each(ENROLMENT, old, lambda part: _finish(record, part), size=AT_ONCE)
	following = _following(stages)
	record.each(
		ENROLMENT,
		finished(stages, following, since, day, failed),
		lambda part: _go_on(record, part, following, day),
		size=AT_ONCE,
	)


def outgrown(stages: Iterable[Stage], since: datetime, day: date, failed: Sequence[str] = ()) -> list[str]:
	"""Open enrolments of patients who came over the oldest age of the pathway while they took part.

	Who was older at the enrolment, or when a person took the programme up again, is there because a person wanted it.
	"""
	found: set[str] = set()
	for stage in stages:
		if stage.age_to is None:
			continue
		looked_from = NEVER if stage.modified >= since else since
		rows = _enrolments(stage.version, programmes.OPEN, stage.age_to + 1, looked_from, day, failed)
		for row in rows:
			if age_on(row.date_of_birth, row.resumed_on or row.enrolled_on) <= stage.age_to:
				found.add(row.name)
	return sorted(found)


def finished(
	stages: Iterable[Stage],
	following: dict[str, ApprovedPathway],
	since: datetime,
	day: date,
	failed: Sequence[str] = (),
) -> list[str]:
	"""Enrolments that ended by themselves since, and older ones whose patients have now reached the age of what follows.

	A next stage that is new or was written since asks all who finished the one before it.
	"""
	if not following:
		return []
	written = _written(since)
	enrolment = frappe.qb.DocType(ENROLMENT)
	new = {stage.version for stage in stages if stage.version in following and stage.modified >= since}
	new |= {version for version, after in following.items() if after.name in written}
	recent = (enrolment.ended_on >= since.date()) | enrolment.name.isin([*failed, ""])
	ended = (
		frappe.qb.from_(enrolment)
		.select(enrolment.name)
		.where(enrolment.status == "Finished")
		.where(enrolment.pathway.isin(list(following)))
		.where(recent | enrolment.pathway.isin([*sorted(new), ""]))
		.run(pluck=True)
	)
	found = set(ended)
	for version, after in following.items():
		if age := after.pathway.applies.age_from:
			rows = _enrolments(version, ("Finished",), age, since, day, birthdays_only=True)
			found.update(row.name for row in rows)
	return sorted(found)


def check_next(doc: Any) -> None:
	"""Refuse a next pathway that nobody can be enrolled in without a day that only a person knows, or the same one."""
	if not doc.next_pathway:
		return
	title, anchor = frappe.db.get_value(PATHWAY, doc.next_pathway, ["title", "anchor"])
	if title == doc.title or anchor not in ANCHORS_OF_RULES:
		frappe.throw(
			_("Nobody goes on from {0} with {1}. Choose another pathway that counts from {2}.").format(
				frappe.bold(doc.title),
				frappe.bold(doc.next_pathway),
				" / ".join(_(name) for name in ANCHORS_OF_RULES),
			),
			InvalidValueError,
			title=_(doc.meta.get_label("next_pathway")),
		)


def _last_look() -> tuple[datetime, list[str]]:
	"""The start of the last night that came to its end, and the enrolments that failed in it; they are looked at again.

	Without such a night everybody is looked at. A night that could not name all that failed does not count.
	"""
	nights = frappe.get_all(
		RUN,
		filters={"job": JOB, "status": "Finished"},
		fields=["name", "started_at", "failed"],
		order_by="started_at desc",
		limit=NIGHTS,
	)
	errors = queries.children(
		"Follow-up Run Error", ("code", "reference_doctype", "reference_name"), [row.name for row in nights]
	)
	for night in nights:
		rows = errors.get(night.name, [])
		broken = any(row.code.startswith(f"{STAGE}:") for row in rows)
		if night.failed == len(rows) and not broken:
			names = [row.reference_name for row in rows if row.reference_doctype == ENROLMENT]
			return night.started_at - OVERLAP, names
	return NEVER, []


def _finish(record: Run, names: Sequence[str]) -> None:
	for name in names:
		with record.row(ENROLMENT, name):
			programmes.finish(name, OUTGROWN)


def _go_on(record: Run, names: Sequence[str], following: dict[str, ApprovedPathway], day: date) -> None:
	rows = queries.select(ENROLMENT, ("name", "patient", "pathway", "status_reason"), "name", names)
	rows = [row for row in rows if row.status_reason in ENDED_BY_ITSELF]
	read = programme_candidates.read(sorted({row.patient for row in rows}), lock=True)
	candidates = {candidate.patient: candidate for candidate in read}
	for row in rows:
		after, candidate = following[row.pathway], candidates.get(row.patient)
		if not candidate or candidate.has_entered(after.pathway.title):
			continue
		if fits((after.pathway.applies,), candidate.person, day):
			with record.row(ENROLMENT, row.name):
				programmes.enrol(
					row.patient,
					after.name,
					through=programmes.RULE,
					enrolled_on=day,
					related=row.name,
					relation=EARLIER,
				)


@dataclass(frozen=True, slots=True)
class Stage:
	"""A version of a pathway that somebody may be enrolled in, with what the version in use says of it now."""

	version: str
	age_to: int | None
	next_pathway: str | None
	modified: datetime


def _stages() -> list[Stage]:
	rows = frappe.get_all(
		PATHWAY,
		filters={"status": ("in", ("Approved", "Retired"))},
		fields=["name", "title", "status", "age_to", "next_pathway", "modified"],
		order_by="title, version desc",
	)
	in_use: dict[str, frappe._dict] = {}
	for row in rows:
		if row.status == "Approved":
			in_use.setdefault(row.title, row)
	found = []
	for row in rows:
		rules = in_use.get(row.title, row)
		age = whole(rules.age_to)
		oldest = age if age is not None and age < OLDEST else None
		found.append(Stage(row.name, oldest, rules.next_pathway, rules.modified))
	return found


def _following(stages: Iterable[Stage]) -> dict[str, ApprovedPathway]:
	"""By version of a pathway, the approved version of the one that follows it."""
	nexts = {stage.version: stage.next_pathway for stage in stages if stage.next_pathway}
	titles = {
		row.name: row.title for row in queries.select(PATHWAY, ("name", "title"), "name", set(nexts.values()))
	}
	in_use = {one.pathway.title: one for one in care_pathways.approved()} if nexts else {}
	return {version: in_use[titles[after]] for version, after in nexts.items() if titles.get(after) in in_use}


def _written(since: datetime) -> set[str]:
	written = {"status": "Approved", "modified": (">=", since)}
	return set(frappe.get_all(PATHWAY, filters=written, pluck="name", order_by="name"))


def _enrolments(
	pathway: str,
	statuses: Iterable[str],
	age: int,
	since: datetime,
	day: date,
	failed: Sequence[str] = (),
	*,
	birthdays_only: bool = False,
) -> list[frappe._dict]:
	"""Enrolments in the version `pathway` of patients who completed `age` years since, or who did earlier and of whom
	something was written since."""
	patient, enrolment = frappe.qb.DocType(PATIENT), frappe.qb.DocType(ENROLMENT)
	after, until = born_between(age, since.date(), day)
	born = patient.date_of_birth
	occasions = [(born > after) & (born <= until)]
	if not birthdays_only:
		occasions += [
			(born <= until) & (patient.modified >= since),
			(born <= until) & (enrolment.modified >= since),
		]
	if failed:
		occasions.append((born <= until) & enrolment.name.isin(failed))
	found: list[frappe._dict] = []
	for occasion in occasions:
		found += (
			frappe.qb.from_(patient)
			.inner_join(enrolment)
			.on(enrolment.patient == patient.name)
			.select(enrolment.name, enrolment.enrolled_on, enrolment.resumed_on, born)
			.where((patient.status == ACTIVE) & occasion)
			.where(enrolment.status.isin(list(statuses)) & (enrolment.pathway == pathway))
			.orderby(enrolment.name)
			.run(as_dict=True)
		)
	return found
