"""The value tier from recency, frequency and spending over 24 months (clinical.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hospital_followup.engine.facts import ValueFacts


@dataclass(frozen=True, slots=True)
class ValueFigures:
	"""One patient's figures: days since the last visit, visits, spending; None = unknown."""

	recency_days: float | None = None
	visits: float | None = None
	spend: float | None = None


@dataclass(frozen=True, slots=True)
class ValueCuts:
	"""Four nearest-rank cut points each (empty = unknown), and how many patients they come from."""

	recency: tuple[float, ...]
	frequency: tuple[float, ...]
	monetary: tuple[float, ...]
	patients: int


def cut_points(values: Sequence[float]) -> tuple[float, ...]:
	raise NotImplementedError


def cuts_of(population: Sequence[ValueFigures]) -> ValueCuts:
	"""Cut points over distinct patients; the caller passes each patient once."""
	raise NotImplementedError


def score_value(figures: ValueFigures, cuts: ValueCuts | None) -> ValueFacts:
	raise NotImplementedError
