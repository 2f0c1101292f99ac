"""From one stage of life to the next: who has outgrown a programme finishes it, and goes on with the one that follows.

The next programme is one of its own: the patient is asked for consent to it. Each night looks only at whose birthday it
was, who changed, and which enrolments ended since the last night that came to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

from hospital_followup.engine.programme_rules import ANCHORS_OF_RULES, OLDEST, born_between, fits
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import care_pathways, programme_candidates, programmes
from hospital_followup.services.care_pathways import PATHWAY, ApprovedPathway
from hospital_followup.services.facts import whole
from hospital_followup.services.programme_candidates import ACTIVE, PATIENT
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.runs import RUN, Run

#: The nightly run that graduation is part of.
JOB = "enrol"
#: The clocks of several servers differ, and a transaction commits after it has stamped its rows.
OVERLAP = timedelta(hours=1)
#: Before anybody was born who is followed up.
NEVER = get_datetime("1880-01-01 00:00:00")
#: Why an enrolment is Finished: its patient is too old for it, or its last contact is over.
OUTGROWN = "outgrown"
ENDED_BY_ITSELF = (OUTGROWN, "course_over")
EARLIER = "Earlier Programme"
AT_ONCE = 50


def graduate(record: Run, day: date) -> None:
	"""Finish what was outgrown, then enrol in the next stage whoever finished by themselves and fits it by now."""
	since = _last_look()
	record.each(ENROLMENT, outgrown(since, day), lambda part: _finish(record, part), size=AT_ONCE)
	following = _following()
	record.each(
		ENROLMENT,
		finished(following, since, day),
		lambda part: _go_on(record, part, following, day),
		size=AT_ONCE,
	)


def outgrown(since: datetime, day: date) -> list[str]:
	"""Open enrolments of patients who are over the oldest age of the pathway."""
	found: set[str] = set()
	for age, pathways in _by_age("age_to").items():
		found.update(_enrolments(pathways, programmes.OPEN, age + 1, since, day))
	return sorted(found)


def finished(following: dict[str, ApprovedPathway], since: datetime, day: date) -> list[str]:
	"""Enrolments that ended by themselves since, and older ones whose patients have now reached the age of what follows."""
	if not following:
		return []
	enrolment = frappe.qb.DocType(ENROLMENT)
	ended = (
		frappe.qb.from_(enrolment)
		.select(enrolment.name)
		.where((enrolment.status == "Finished") & (enrolment.ended_on >= since.date()))
		.where(enrolment.pathway.isin(list(following)))
		.run(pluck=True)
	)
	found = set(ended)
	for pathway, after in following.items():
		if after.pathway.applies.age_from:
			age = after.pathway.applies.age_from
			found.update(_enrolments([pathway], ("Finished",), age, since, day, birthdays_only=True))
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


def _last_look() -> datetime:
	"""The start of the last night that came to its end without a failure; without one everybody is looked at."""
	last = frappe.get_all(
		RUN,
		filters={"job": JOB, "status": "Finished", "failed": 0},
		pluck="started_at",
		order_by="started_at desc",
		limit=1,
	)
	return last[0] - OVERLAP if last else NEVER


def _finish(record: Run, names: Sequence[str]) -> None:
	for name in names:
		with record.row(ENROLMENT, name):
			programmes.finish(name, OUTGROWN)


def _go_on(record: Run, names: Sequence[str], following: dict[str, ApprovedPathway], day: date) -> None:
	fields = ("name", "patient", "pathway", "status_reason")
	for row in frappe.get_all(ENROLMENT, {"name": ("in", names)}, fields, order_by="name"):
		if row.status_reason not in ENDED_BY_ITSELF:
			continue
		after = following[row.pathway]
		for candidate in programme_candidates.read([row.patient], lock=True):
			fit = fits((after.pathway.applies,), candidate.person, day)
			if fit and after.pathway.title not in candidate.entered:
				with record.row(ENROLMENT, row.name):
					programmes.enrol(
						row.patient,
						after.name,
						through=programmes.RULE,
						enrolled_on=day,
						related=row.name,
						relation=EARLIER,
					)


def _following() -> dict[str, ApprovedPathway]:
	"""By version of a pathway, the approved version of the one that follows it."""
	rows = frappe.get_all(
		PATHWAY,
		filters={"next_pathway": ("is", "set")},
		fields=["name", "next_pathway.title as next_title"],
		order_by="name",
	)
	in_use = {one.pathway.title: one for one in care_pathways.approved()}
	return {row.name: in_use[row.next_title] for row in rows if row.next_title in in_use}


def _by_age(field: str) -> dict[int, list[str]]:
	"""Versions of pathways, in use or retired, by the age that they name."""
	rows = frappe.get_all(PATHWAY, filters={field: ("is", "set")}, fields=["name", field], order_by="name")
	found: dict[int, list[str]] = {}
	for row in rows:
		age = whole(row[field])
		if age is not None and age < OLDEST:
			found.setdefault(age, []).append(row.name)
	return found


def _enrolments(
	pathways: Iterable[str],
	statuses: Iterable[str],
	age: int,
	since: datetime,
	day: date,
	*,
	birthdays_only: bool = False,
) -> list[str]:
	"""Enrolments of patients who completed `age` years since, or who did earlier and of whom something was written since."""
	patient, enrolment = frappe.qb.DocType(PATIENT), frappe.qb.DocType(ENROLMENT)
	after, until = born_between(age, since.date(), day)
	born = patient.date_of_birth
	occasions = [(born > after) & (born <= until)]
	if not birthdays_only:
		occasions += [
			(born <= until) & (patient.modified >= since),
			(born <= until) & (enrolment.modified >= since),
		]
	found: set[str] = set()
	for occasion in occasions:
		found.update(
			frappe.qb.from_(patient)
			.inner_join(enrolment)
			.on(enrolment.patient == patient.name)
			.select(enrolment.name)
			.where((patient.status == ACTIVE) & occasion)
			.where(enrolment.status.isin(list(statuses)) & enrolment.pathway.isin(list(pathways)))
			.run(pluck=True)
		)
	return sorted(found)
