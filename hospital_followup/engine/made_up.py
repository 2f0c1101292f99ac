"""Discharges that nobody was, to see what a hospital of a given size would have to do. The same question, the same discharges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from hospital_followup.engine.dates import add
from hospital_followup.engine.facts import (
	Diagnosis,
	DischargeFacts,
	Pathway,
	PatientFacts,
	Procedure,
	ValueFacts,
)
from hospital_followup.engine.names import OF_A_STAY
from hospital_followup.engine.pathway import is_one_of

SEED = b"hospital_followup"
_LOTS = 1 << 64
_BEFORE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Volume:
	"""`per_day` discharges on every day of the period, both ends included.

	`risk` and `value`: shares of the tiers in percent. `pathway_percent` of the discharges meet the criteria of one of the pathways.
	"""

	since: date
	until: date
	per_day: int
	risk: Mapping[str, int]
	value: Mapping[str, int]
	pathway_percent: int = 0
	department: str | None = None
	company: str | None = None

	@property
	def discharges(self) -> int:
		return ((self.until - self.since).days + 1) * self.per_day


@dataclass(frozen=True, slots=True)
class MadeUp:
	discharge: DischargeFacts
	patient: PatientFacts
	value: ValueFacts


def made_up(
	volume: Volume, pathways: Sequence[Pathway], reachable: frozenset[str] | None = None
) -> Iterator[MadeUp]:
	"""Day after day. Tiers and pathways are drawn by a lot that depends on the number of the discharge alone.

	`reachable`: the channels on which everybody can be reached; None = all.
	"""
	fitting = sorted((one for one in pathways if _can_begin(one, volume)), key=lambda one: one.title)
	for number in range(volume.discharges):
		day = volume.since + timedelta(days=number // volume.per_day)
		pathway = None
		if fitting and _lot(number, "pathway") < volume.pathway_percent:
			pathway = fitting[int(_lot(number, "which") * len(fitting) / 100)]
		yield _one(number, day, volume, pathway, reachable)


def _one(
	number: int, day: date, volume: Volume, pathway: Pathway | None, reachable: frozenset[str] | None
) -> MadeUp:
	name = f"made-up-{number + 1}"
	diagnoses: tuple[Diagnosis, ...] = ()
	procedures: tuple[Procedure, ...] = ()
	sex, born, department = None, None, volume.department
	if pathway:
		wanted = pathway.applies
		diagnoses = tuple(Diagnosis(entry, entry, True) for entry in wanted.diagnoses[:1])
		procedures = tuple(Procedure(entry, entry, day - _BEFORE) for entry in wanted.procedures[:1])
		if pathway.anchor == "Surgery" and not procedures:
			procedures = (Procedure("", "", day - _BEFORE),)
		department = department or next(iter(wanted.departments), None)
		sex, born = wanted.sex, _born(pathway, day)
	return MadeUp(
		DischargeFacts(
			name,
			name,
			day,
			department=department,
			company=volume.company,
			diagnoses=diagnoses,
			procedures=procedures,
			given_risk_tier=_drawn(volume.risk, number, "risk"),
		),
		PatientFacts(name, sex=sex, date_of_birth=born, reachable=reachable),
		ValueFacts(_drawn(volume.value, number, "value")),
	)


def _can_begin(pathway: Pathway, volume: Volume) -> bool:
	"""With a discharge, from the department that all of them come from."""
	departments = pathway.applies.departments if volume.department else ()
	return pathway.anchor in OF_A_STAY and (not departments or is_one_of(volume.department, departments))


def _born(pathway: Pathway, day: date) -> date | None:
	"""A birthday with which the patient is of age, as young as the pathway allows; None where age says nothing."""
	youngest, oldest = pathway.applies.age_from, pathway.applies.age_to
	if youngest is None and oldest is None:
		return None
	return add(day, -12 * (youngest or 0), "Month") - _BEFORE


def _drawn(shares: Mapping[str, int], number: int, what: str) -> str:
	"""The tier on which the lot falls; the last one takes what rounding leaves."""
	lot, upto = _lot(number, what), 0
	for tier, percent in shares.items():
		upto += percent
		if lot < upto:
			return tier
	return list(shares)[-1]


def _lot(number: int, what: str) -> float:
	"""From 0 to below 100."""
	digest = blake2b(f"{what}|{number}".encode(), digest_size=8, key=SEED).digest()
	return int.from_bytes(digest, "big") * 100 / _LOTS
