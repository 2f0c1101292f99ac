"""Every indicator of the hospital, defined once (clinical.md §6): cards, charts, reports and exports all read it here.

A measure is something that can be counted on one day and added up over many; an indicator is made of measures only, so
that a month, a department or a year is the sum of its days, never a mean of percentages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: By what is counted: its measures. A filter that one of them does not know (a discharge has no caller and no channel)
#: leaves all measures of that family unknown.
FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
	{
		"tasks": (
			"planned",
			"completed",
			"completed_in_window",
			"skipped",
			"missed",
			"informed",
			"tasks_attempted",
			"tasks_reached",
			"cancelled",
			"open_tasks",
			"open_completed",
		),
		"attempts": ("attempts", "attempts_reached", "call_seconds"),
		"satisfaction": (
			"satisfaction_count",
			"satisfaction_sum",
			"satisfaction_good",
			"recommend_count",
			"promoters",
			"detractors",
		),
		"discharges": (
			"discharges",
			"discharges_planned",
			"discharges_covered",
			"discharges_revisited",
			"readmissions",
			"held_out",
			"died",
		),
		"revisits": ("revisits_due", "revisits_kept", "revisits_attended"),
		"alerts": ("alerts", "alerts_in_time", "alerts_judged", "alerts_true"),
	}
)
MEASURES: tuple[str, ...] = tuple(name for names in FAMILIES.values() for name in names)
FAMILY_OF: Mapping[str, str] = MappingProxyType(
	{name: family for family, names in FAMILIES.items() for name in names}
)


@dataclass(frozen=True, slots=True)
class Counts:
	"""What was counted in one period and one group; None = not known there, never 0 instead.

	Tasks are planned contacts by their due date. `planned`, `completed`, `completed_in_window`, `skipped`, `missed`,
	`informed` (a message was sent, nobody has answered), `tasks_attempted` and `tasks_reached` count contacts whose window has
	ended in the period and that were not cancelled; `cancelled` stands beside, and so do `open_tasks`, whose window ends
	later, with those of them that are completed already (`open_completed`).
	Attempts are outgoing logs by the day of the contact. `discharges` are those discharged alive; of them
	`discharges_covered` have at least one completed follow-up and `discharges_revisited` came back for one; `held_out`
	(among them) and `died` (not among them) stand beside. `revisits_kept` came back in whatever way,
	`revisits_attended` within the set time after a reached contact that reminded of the revisit.
	"""

	planned: int | None = 0
	completed: int | None = 0
	completed_in_window: int | None = 0
	skipped: int | None = 0
	missed: int | None = 0
	informed: int | None = 0
	tasks_attempted: int | None = 0
	tasks_reached: int | None = 0
	cancelled: int | None = 0
	open_tasks: int | None = 0
	open_completed: int | None = 0
	attempts: int | None = 0
	attempts_reached: int | None = 0
	call_seconds: int | None = 0
	satisfaction_count: int | None = 0
	satisfaction_sum: int | None = 0
	satisfaction_good: int | None = 0
	recommend_count: int | None = 0
	promoters: int | None = 0
	detractors: int | None = 0
	discharges: int | None = 0
	discharges_planned: int | None = 0
	discharges_covered: int | None = 0
	discharges_revisited: int | None = 0
	readmissions: int | None = 0
	held_out: int | None = 0
	died: int | None = 0
	revisits_due: int | None = 0
	revisits_kept: int | None = 0
	revisits_attended: int | None = 0
	alerts: int | None = 0
	alerts_in_time: int | None = 0
	alerts_judged: int | None = 0
	alerts_true: int | None = 0

	def get(self, measure: str) -> int | None:
		"""The count of `measure`; None when it is not known here."""
		count: int | None = getattr(self, measure)
		return count

	def as_dict(self) -> dict[str, int | None]:
		return {name: self.get(name) for name in MEASURES}

	def __add__(self, other: Counts) -> Counts:
		return Counts(**{name: _add(self.get(name), other.get(name)) for name in MEASURES})

	def without(self, families: Iterable[str]) -> Counts:
		"""The same counts, those of `families` unknown."""
		gone = {name for family in families for name in FAMILIES[family]}
		return Counts(**{name: None if name in gone else self.get(name) for name in MEASURES})


@dataclass(frozen=True, slots=True)
class Indicator:
	"""`numerator` less `subtracted`, divided by `denominator`.

	`unit`: percent (0 to 100), score (the scale that was asked), points (-100 to 100), count. `better`: which way is good.
	"""

	name: str
	numerator: str
	denominator: str | None
	unit: str = "percent"
	better: str = "higher"
	subtracted: str | None = None

	@property
	def measures(self) -> tuple[str, ...]:
		return tuple(name for name in (self.numerator, self.subtracted, self.denominator) if name)


INDICATORS: Mapping[str, Indicator] = MappingProxyType(
	{
		indicator.name: indicator
		for indicator in (
			Indicator("completion_rate", "completed", "planned"),
			Indicator("timeliness", "completed_in_window", "planned"),
			# 国卫办医政函〔2023〕313号, indicator 21: 出院患者随访比例
			Indicator("coverage", "discharges_covered", "discharges"),
			Indicator("reach_rate", "attempts_reached", "attempts"),
			Indicator("task_reach_rate", "tasks_reached", "tasks_attempted"),
			Indicator("satisfaction", "satisfaction_sum", "satisfaction_count", "score"),
			Indicator("satisfaction_share", "satisfaction_good", "satisfaction_count"),
			Indicator("nps", "promoters", "recommend_count", "points", subtracted="detractors"),
			Indicator("revisit_conversion", "revisits_attended", "revisits_due"),
			Indicator("alert_response", "alerts_in_time", "alerts"),
			Indicator("alert_yield", "alerts_true", "alerts_judged"),
			Indicator("readmission_rate", "readmissions", "discharges", better="lower"),
		)
	}
)


def value(name: str, counts: Counts) -> float | None:
	"""The indicator `name` of `counts`, in its unit; None when there is nothing to divide by or a part is unknown."""
	indicator = INDICATORS[name]
	top = counts.get(indicator.numerator)
	less = counts.get(indicator.subtracted) if indicator.subtracted else 0
	if top is None or less is None:
		return None
	if indicator.denominator is None:
		return float(top - less)
	bottom = counts.get(indicator.denominator)
	if not bottom:
		return None
	return (top - less) / bottom * (1 if indicator.unit == "score" else 100)


def total(counts: Iterable[Counts]) -> Counts:
	"""All of `counts` added up."""
	return sum(counts, Counts())


def _add(one: int | None, other: int | None) -> int | None:
	return None if one is None or other is None else one + other
