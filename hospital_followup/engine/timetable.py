"""The dates of a plan: raw dates → closed days → merge → cap, worked out once for all patients they are the same for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.cap import cap
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.facts import Pathway, PolicyRule
from hospital_followup.engine.merge import merge
from hospital_followup.engine.pathway import pathway_contacts
from hospital_followup.engine.schedule import POLICY, on_working_day, policy_contacts


@dataclass(frozen=True, slots=True)
class Spacing:
	"""How close contacts of one patient may be."""

	merge_within_days: int
	max_per_day: int
	max_per_week: int


@dataclass(frozen=True, slots=True)
class Dated:
	"""A settled draft with what every patient's contact takes from it."""

	draft: Draft
	sources: tuple[str, ...]
	key_ending: str


@lru_cache(maxsize=16384)
def timetable(
	rule: PolicyRule,
	title: str,
	version: int,
	anchor: date,
	discharged: date,
	hold_first: bool,
	pathways: tuple[tuple[Pathway, date], ...],
	calendar: Calendar,
	spacing: Spacing,
) -> tuple[Dated, ...]:
	"""The contacts of a plan that has not begun, seen from the day of its discharge."""
	raw = raw_contacts(rule, title, version, anchor, discharged, hold_first, pathways)
	return finish(settle(raw, calendar, spacing))


def raw_contacts(
	rule: PolicyRule,
	title: str,
	version: int,
	anchor: date,
	discharged: date,
	hold_first: bool,
	pathways: tuple[tuple[Pathway, date], ...],
) -> list[Draft]:
	drafts = list(policy_contacts(rule, title, version, anchor, hold_first))
	for pathway, start in pathways:
		drafts += pathway_contacts(pathway, start, discharged, rule.channel, rule.role)
	return drafts


def settle(
	raw: Iterable[Draft],
	calendar: Calendar,
	spacing: Spacing,
	*,
	fixed: Iterable[Draft] = (),
	taken: Iterable[date] = (),
) -> list[Draft]:
	"""`fixed`: contacts of a plan that has begun and that keep their date. `taken`: days of contacts already made."""
	open_days = (on_working_day(draft, calendar) for draft in raw)
	merged = merge(open_days, spacing.merge_within_days)
	return cap([*fixed, *merged], calendar, spacing.max_per_day, spacing.max_per_week, taken)


def finish(drafts: Iterable[Draft]) -> tuple[Dated, ...]:
	return tuple(Dated(draft, sources_of(draft), draft.origins[0].key("")) for draft in drafts)


def sources_of(draft: Draft) -> tuple[str, ...]:
	"""The policy first, then the pathways by name."""
	sources = {origin.source for origin in draft.origins}
	return tuple(sorted(sources, key=lambda source: (source != POLICY, source)))
