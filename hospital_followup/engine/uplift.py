"""Two groups compared: difference and ratio of proportions, each with its 95 % confidence interval.

Single proportions: Wilson's score interval. Differences: the square-and-add method from two Wilson intervals, without
continuity correction (Newcombe, Stat Med 1998;17:873-890, method 10), which keeps its promise with small groups and
with 0 or 100 %. Ratios: Katz' logarithmic interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

#: Two-sided 95 %.
Z = 1.959963984540054
#: Below so many patients in either group nothing is said.
ENOUGH = 30
TOO_FEW, HIGHER, LOWER, NOT_SHOWN = "too_few", "higher", "lower", "not_shown"


@dataclass(frozen=True, slots=True)
class Proportion:
	"""`events` among `total` patients."""

	events: int
	total: int

	def __post_init__(self) -> None:
		if not 0 <= self.events <= self.total:
			raise ValueError(f"{self.events} of {self.total}")

	@property
	def share(self) -> float | None:
		return self.events / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Estimate:
	"""A number and its 95 % confidence interval."""

	value: float
	low: float
	high: float


@dataclass(frozen=True, slots=True)
class Uplift:
	"""`treated` against `control`. `difference` is treated − control (0.05 = 5 points); None where a group is empty."""

	treated: Proportion
	control: Proportion
	difference: Estimate | None
	ratio: Estimate | None
	verdict: str


def uplift(treated: Proportion, control: Proportion) -> Uplift:
	"""Compare two groups. The verdict speaks only when both hold at least `ENOUGH` patients."""
	found = difference(treated, control)
	return Uplift(treated, control, found, ratio(treated, control), _verdict(treated, control, found))


def wilson(one: Proportion) -> Estimate | None:
	"""Wilson's score interval; None for an empty group."""
	if not one.total:
		return None
	share = one.events / one.total
	square = Z * Z
	centre = 2 * one.events + square
	spread = Z * sqrt(square + 4 * one.events * (1 - share))
	below = 2 * (one.total + square)
	# At 0 and 100 % the limits are exactly 0 and 1; rounding must not move them.
	low = 0.0 if not one.events else (centre - spread) / below
	high = 1.0 if one.events == one.total else (centre + spread) / below
	return Estimate(share, low, high)


def difference(treated: Proportion, control: Proportion) -> Estimate | None:
	"""Newcombe's interval for treated − control; None where a group is empty."""
	one, other = wilson(treated), wilson(control)
	if one is None or other is None:
		return None
	value = one.value - other.value
	low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
	high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
	return Estimate(value, max(-1.0, low), min(1.0, high))


def ratio(treated: Proportion, control: Proportion) -> Estimate | None:
	"""Risk ratio with Katz' interval; None where either group has no event."""
	if not (treated.events and control.events):
		return None
	value = (treated.events / treated.total) / (control.events / control.total)
	error = sqrt(
		1 / treated.events - 1 / treated.total + 1 / control.events - 1 / control.total,
	)
	return Estimate(value, exp(log(value) - Z * error), exp(log(value) + Z * error))


def _verdict(treated: Proportion, control: Proportion, found: Estimate | None) -> str:
	if found is None or min(treated.total, control.total) < ENOUGH:
		return TOO_FEW
	if found.low > 0:
		return HIGHER
	return LOWER if found.high < 0 else NOT_SHOWN
