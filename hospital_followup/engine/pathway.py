"""Condition pathways: whom they are for, what their dates count from, and the contacts of their steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hospital_followup.engine.dates import add, age_on
from hospital_followup.engine.decisions import Origin
from hospital_followup.engine.draft import DAY, Draft
from hospital_followup.engine.facts import (
	Applicability,
	Diagnosis,
	DischargeFacts,
	Pathway,
	PathwayStep,
	PatientFacts,
	Procedure,
)
from hospital_followup.engine.names import ANCHORS, CHANNELS, ROLES, UNITS

_NOT_OF_A_CODE = re.compile(r"[^0-9A-Za-z]")
_CODE = re.compile(r"[A-Za-z][0-9][0-9A-Za-z](\.?[0-9A-Za-z]+)*")
LARGEST_OFFSET = 1200
MOST_REPEATS = 366
LONGEST_WINDOW = 366


@dataclass(frozen=True, slots=True)
class PathwayIssue:
	"""`code`: no_steps, unknown_value, out_of_range or duplicate; `step` counted from 1, 0 = the pathway as a whole."""

	code: str
	step: int = 0
	field: str = ""
	value: str = ""
	expected: str = ""


def applies(pathway: Pathway, discharge: DischargeFacts, patient: PatientFacts) -> bool:
	"""Whether every stated criterion holds; a fact that is unknown does not meet a criterion about it."""
	wanted = pathway.applies
	return (
		(not wanted.diagnoses or matches_any(wanted.diagnoses, discharge.diagnoses))
		and (not wanted.procedures or matches_any(wanted.procedures, discharge.procedures))
		and (not wanted.departments or is_one_of(discharge.department, wanted.departments))
		and (not wanted.sex or is_one_of(patient.sex, (wanted.sex,)))
		and _of_age(wanted, patient.date_of_birth, discharge.discharge_date)
	)


def matches_any(wanted: tuple[str, ...], found: tuple[Diagnosis, ...] | tuple[Procedure, ...]) -> bool:
	"""A wanted code matches every code that starts with it, dots and case aside; a name matches inside the title."""
	return any(_matches(entry, item.code, item.title) for entry in wanted for item in found)


def anchor_of(pathway: Pathway, discharge: DischargeFacts, patient: PatientFacts) -> date | None:
	"""What the pathway counts from, None when unknown. Enrolment and delivery dates come with a programme only."""
	if pathway.anchor == "Discharge":
		return discharge.discharge_date
	if pathway.anchor == "Birth":
		return patient.date_of_birth
	if pathway.anchor == "Surgery":
		days = [procedure.performed_on for procedure in discharge.procedures if procedure.performed_on]
		return max(days, default=None)
	return None


@lru_cache(maxsize=4096)
def pathway_contacts(
	pathway: Pathway, anchor: date, discharged: date, channel: str, role: str
) -> tuple[Draft, ...]:
	"""The contacts of every step on their raw dates; `channel` and `role` stand in where a step names none.

	A step's interval is its due date ± window_days. A patient still in hospital is not contacted: what was due
	before the discharge moves to the day after it, or is left out when its interval is over by then.
	"""
	return tuple(
		draft for step in pathway.steps for draft in _expand(pathway, step, anchor, discharged, channel, role)
	)


def visits(
	pathway: Pathway, anchor: date, discharged: date, days: Mapping[str, int]
) -> tuple[tuple[str, date], ...]:
	"""The visits to the hospital that a pathway speaks of, as (id of the contact, day), those after the discharge only.

	`days`: for a step, how many days after its contact's own day the visit is. Moving a contact moves no visit.
	"""
	return tuple(
		(step.id if place == 0 else f"{step.id}#{place + 1}", day)
		for step in pathway.steps
		if step.id in days
		for place in range(times(step))
		if (day := add(due_on(step, anchor, place), days[step.id], "Day")) > discharged
	)


def times(step: PathwayStep) -> int:
	"""How many contacts a step is."""
	return max(step.repeat_count, 1) if step.repeat_every else 1


def _expand(
	pathway: Pathway, step: PathwayStep, anchor: date, discharged: date, channel: str, role: str
) -> Iterator[Draft]:
	for place in range(times(step)):
		due = due_on(step, anchor, place)
		start = add(due, -step.window_days, "Day")
		end = add(due, step.window_days, "Day")
		if due < discharged:
			due = discharged + DAY
			if end < due:
				continue
		start = max(start, discharged + DAY) if due > discharged else due
		step_id = step.id if place == 0 else f"{step.id}#{place + 1}"
		yield Draft(
			raw=due,
			due=due,
			start=start,
			end=end,
			channel=step.channel or channel,
			role=step.role or role,
			topics=step.topics,
			origins=(Origin(f"pathway:{pathway.title}", pathway.title, pathway.version, step_id, anchor),),
			script=step.script,
			questionnaire=step.questionnaire,
		)


def due_on(step: PathwayStep, anchor: date, place: int) -> date:
	"""The raw day of a contact of a step, `place` counted from 0.

	Months are counted from the anchor in one go, so that 31 January, 28 February, 31 March stay what they are.
	"""
	repeats = place * step.repeat_every
	if step.offset_unit == step.repeat_unit:
		return add(anchor, step.offset + repeats, step.offset_unit)
	return add(add(anchor, step.offset, step.offset_unit), repeats, step.repeat_unit)


def _matches(wanted: str, code: str, title: str) -> bool:
	if _CODE.fullmatch(wanted.strip()):
		return plain_code(code).startswith(plain_code(wanted))
	name = wanted.strip().casefold()
	return bool(name) and (name in title.casefold() or name == code.casefold())


def plain_code(code: str) -> str:
	return _NOT_OF_A_CODE.sub("", code).upper()


def is_one_of(found: str | None, wanted: tuple[str, ...]) -> bool:
	"""Whether one of `wanted` is this name, however it is written; what is unknown is none of them."""
	return found is not None and found.strip().casefold() in {entry.strip().casefold() for entry in wanted}


def _of_age(wanted: Applicability, born: date | None, day: date) -> bool:
	if wanted.age_from is None and wanted.age_to is None:
		return True
	if born is None:
		return False
	age = age_on(born, day)
	return (wanted.age_from is None or age >= wanted.age_from) and (
		wanted.age_to is None or age <= wanted.age_to
	)


def check(pathway: Pathway) -> tuple[PathwayIssue, ...]:
	"""Everything that is wrong with a pathway, in the order of its steps."""
	return tuple(_check(pathway))


def _check(pathway: Pathway) -> Iterator[PathwayIssue]:
	if pathway.anchor not in ANCHORS:
		yield PathwayIssue("unknown_value", 0, "anchor", pathway.anchor, ", ".join(ANCHORS))
	if not pathway.steps:
		yield PathwayIssue("no_steps")
	seen: set[str] = set()
	for number, step in enumerate(pathway.steps, 1):
		if not step.id or step.id in seen or "|" in step.id or "#" in step.id:
			yield PathwayIssue("duplicate" if step.id in seen else "unknown_value", number, "id", step.id)
		seen.add(step.id)
		yield from _check_step(pathway, number, step)


def _check_step(pathway: Pathway, number: int, step: PathwayStep) -> Iterator[PathwayIssue]:
	for name, allowed in (
		("offset_unit", UNITS),
		("repeat_unit", UNITS),
		("channel", (None, *CHANNELS)),
		("role", (None, *ROLES)),
	):
		value = getattr(step, name)
		if value not in allowed:
			expected = ", ".join(entry for entry in allowed if entry)
			yield PathwayIssue("unknown_value", number, name, str(value), expected)
	# Only a delivery is awaited: its contacts lie before the anchor (clinical.md §4, antenatal weeks).
	earliest = -LARGEST_OFFSET if pathway.anchor == "Expected Delivery" else 0
	for name, least, most in (
		("offset", earliest, LARGEST_OFFSET),
		("repeat_every", 0, LARGEST_OFFSET),
		("repeat_count", 0, MOST_REPEATS),
		("window_days", 0, LONGEST_WINDOW),
	):
		value = getattr(step, name)
		if not least <= value <= most:
			yield PathwayIssue("out_of_range", number, name, str(value), f"{least}-{most}")
