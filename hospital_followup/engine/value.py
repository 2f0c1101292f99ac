"""The value tier from recency, frequency and spending over 24 months (clinical.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hospital_followup.engine.facts import ValueFacts


@dataclass(frozen=True, slots=True)
class ValueRules:
	"""Where the tiers begin: the lowest sum of three scores of 1-5, and of two when recency is unknown.

	No quintiles from fewer than `minimum_patients`, no value from fewer than `minimum_visits`: Medium instead.
	"""

	high_from: int = 12
	medium_from: int = 7
	high_from_two: int = 8
	medium_from_two: int = 5
	minimum_patients: int = 20
	minimum_visits: int = 2


STANDARD = ValueRules()


@dataclass(frozen=True, slots=True)
class ValueFigures:
	"""One patient's figures: days since the last visit, number of visits, spending; None = unknown."""

	recency_days: float | None = None
	visits: float | None = None
	spend: float | None = None


@dataclass(frozen=True, slots=True)
class ValueCuts:
	"""Four nearest-rank cut points each (empty = unknown), and how many patients with both visits and spending."""

	recency: tuple[float, ...]
	frequency: tuple[float, ...]
	monetary: tuple[float, ...]
	patients: int


def cut_points(values: Iterable[float]) -> tuple[float, ...]:
	"""The 20th, 40th, 60th and 80th percentile by nearest rank: the value at place ceil(p x n), counted from 1."""
	ordered = sorted(values)
	if not ordered:
		return ()
	return tuple(ordered[-(-len(ordered) * fifth // 5) - 1] for fifth in (1, 2, 3, 4))


def cuts_of(population: Sequence[ValueFigures]) -> ValueCuts:
	"""Cut points over distinct patients (the caller passes each once); only patients with both figures count."""
	complete = [figures for figures in population if figures.visits is not None and figures.spend is not None]
	return ValueCuts(
		recency=cut_points(figures.recency_days for figures in complete if figures.recency_days is not None),
		frequency=cut_points(figures.visits for figures in complete if figures.visits is not None),
		monetary=cut_points(figures.spend for figures in complete if figures.spend is not None),
		patients=len(complete),
	)


def score_value(figures: ValueFigures, cuts: ValueCuts | None, rules: ValueRules = STANDARD) -> ValueFacts:
	"""The patient's tier among the site's own patients; Medium and Assumed when there is too little to go by."""
	visits, spend = figures.visits, figures.spend
	if cuts is None or cuts.patients < rules.minimum_patients or visits is None or spend is None:
		return ValueFacts("Medium", "Assumed")
	if visits < rules.minimum_visits:
		return ValueFacts("Medium", "Assumed")
	frequency = _quintile(visits, cuts.frequency)
	monetary = _quintile(spend, cuts.monetary)
	recency = None
	if figures.recency_days is not None and cuts.recency:
		recency = 6 - _quintile(figures.recency_days, cuts.recency)
	total = (recency or 0) + frequency + monetary
	high, medium = rules.high_from, rules.medium_from
	if recency is None:
		high, medium = rules.high_from_two, rules.medium_from_two
	tier = "High" if total >= high else "Medium" if total >= medium else "Low"
	return ValueFacts(tier, "Scored", total, recency, frequency, monetary)


def _quintile(value: float, cuts: tuple[float, ...]) -> int:
	return 1 + sum(cut < value for cut in cuts)
