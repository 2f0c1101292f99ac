"""Who is taken into a life-long programme by rule: the criteria, and whose birthday makes them fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hospital_followup.engine.dates import add, age_on
from hospital_followup.engine.facts import Applicability, Diagnosis, Procedure
from hospital_followup.engine.pathway import matches_any

#: Years that nobody lives beyond.
OLDEST = 130
#: What a rule can count from by itself; the day of a delivery or an operation must be told by a person.
ANCHORS_OF_RULES = ("Birth", "Enrolment")


@dataclass(frozen=True, slots=True)
class Person:
	"""What is known of somebody, whatever stays it comes from; None and empty are unknown."""

	sex: str | None = None
	born: date | None = None
	departments: frozenset[str] = frozenset()
	diagnoses: tuple[Diagnosis, ...] = ()
	procedures: tuple[Procedure, ...] = ()


def fits(criteria: Sequence[Applicability], person: Person, day: date) -> bool:
	"""Whether every stated criterion holds on `day`; what is unknown meets no criterion about it."""
	return all(_meets(wanted, person, day) for wanted in criteria)


def ages_of(criteria: Iterable[Applicability]) -> frozenset[int]:
	"""The ages at which somebody begins to fit."""
	return frozenset(age for wanted in criteria if 0 < (age := wanted.age_from or 0) <= OLDEST)


def born_between(age: int, after: date, until: date) -> tuple[date, date]:
	"""The birth days of those who complete `age` years after `after` and not after `until`: (exclusive, inclusive)."""
	return add(after, -12 * age, "Month"), add(until, -12 * age, "Month")


def anchor_of_enrolment(anchor: str, born: date | None, day: date) -> date | None:
	"""What a programme that somebody enters on `day` counts from unless a person says it; None when that is unknown."""
	return {"Birth": born, "Enrolment": day}.get(anchor)


def _meets(wanted: Applicability, person: Person, day: date) -> bool:
	return (
		(not wanted.sex or wanted.sex == person.sex)
		and _of_age(wanted, person.born, day)
		and (not wanted.departments or not person.departments.isdisjoint(wanted.departments))
		and (not wanted.diagnoses or matches_any(wanted.diagnoses, person.diagnoses))
		and (not wanted.procedures or matches_any(wanted.procedures, person.procedures))
	)


def _of_age(wanted: Applicability, born: date | None, day: date) -> bool:
	if wanted.age_from is None and wanted.age_to is None:
		return True
	if born is None or born > day:
		return False
	age = age_on(born, day)
	return (wanted.age_from or 0) <= age and (wanted.age_to is None or age <= wanted.age_to)
