"""Which pathways a plan follows: those whose criteria hold, and what people have decided about this one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hospital_followup.engine.facts import DischargeFacts, Pathway, PatientFacts
from hospital_followup.engine.pathway import anchor_of, applies


@dataclass(frozen=True, slots=True)
class Following:
	"""What a plan that has begun says about its pathways; an empty one leaves everything to the criteria.

	`versions`: those that the plan keeps while a newer one is in use (rules.md, Planning again). `added`: by a person,
	whomever they are for, each with the day that it counts from. `ended`: titles that this plan follows no more.
	"""

	versions: tuple[Pathway, ...] = ()
	added: tuple[tuple[Pathway, date], ...] = ()
	ended: frozenset[str] = frozenset()


NOTHING_SAID = Following()


def followed(
	pathways: Sequence[Pathway], following: Following, discharge: DischargeFacts, patient: PatientFacts
) -> tuple[tuple[Pathway, date], ...]:
	"""The pathways of one plan, each with the day that it counts from, by title: their order does not matter.

	One whose anchor is unknown is left out.
	"""
	if following != NOTHING_SAID:
		by_title = {pathway.title: pathway for pathway in (*pathways, *following.versions)}
		added = {pathway.title for pathway, _start in following.added}
		pathways = [by_title[title] for title in by_title.keys() - following.ended - added]
	found = [entry for entry in following.added if entry[0].title not in following.ended]
	for pathway in pathways:
		start = anchor_of(pathway, discharge, patient)
		if start is not None and applies(pathway, discharge, patient):
			found.append((pathway, start))
	return tuple(sorted(found, key=lambda entry: entry[0].title))
