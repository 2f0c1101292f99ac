"""Discharges planned in memory, as the planner would with a chosen policy and pathways. Nothing is written.

Snapshot, decision and configuration are the planner's own; only what is stored of earlier planning is left out, so
that every discharge is planned as on the day it came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import frappe

from hospital_followup.channels.registry import open_channels, registered
from hospital_followup.engine.decisions import Contact
from hospital_followup.engine.facts import Pathway
from hospital_followup.engine.made_up import Volume, made_up
from hospital_followup.engine.policy import NoRule
from hospital_followup.engine.simulation import Counts, counted
from hospital_followup.exceptions import PlanningError
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import decide
from hospital_followup.services.followed_pathways import PlanPathways
from hospital_followup.services.snapshot import DISCHARGE, DischargeSnapshot, read_discharges
from hospital_followup.services.writer import chunks

#: Discharges per read: as many as the planner reads at once.
CHUNK = 500
#: The decision of a discharge that could not be planned; its reason is the code of the error.
FAILED = "Failed"
Reached = Callable[[int], None]


class Scenario:
	"""One configuration, and what it makes of the discharges that it is shown in the order of their dates."""

	def __init__(self, configuration: Configuration, since: date) -> None:
		self.configuration, self.since = configuration, since
		self.counts: Counter[tuple[date, str, str]] = Counter()
		#: Discharges by decision and reason.
		self.decisions: Counter[tuple[str, str]] = Counter()
		self._days: defaultdict[str, list[date]] = defaultdict(list)

	def plan(self, item: DischargeSnapshot) -> tuple[Contact, ...]:
		"""The contacts of one discharge; those of the patient's stays before it keep their days."""
		patient = item.facts.patient_id
		planned = _as_new(item, self._days[patient], self.since)
		try:
			decision = decide(planned, self.configuration, item.facts.discharge_date)
		except (PlanningError, NoRule, OverflowError) as error:
			self.decisions[FAILED, _code(error)] += 1
			return ()
		contacts = decision.contacts.contacts
		self.decisions[decision.decision, decision.reason or ""] += 1
		self.counts.update(counted(contacts))
		self._days[patient] += [contact.due_date for contact in contacts]
		return contacts


@dataclass(frozen=True, slots=True)
class Outcome:
	"""`discharges` were looked at; what became of them, by scenario."""

	discharges: int
	counts: tuple[Counts, ...]
	decisions: tuple[Counter[tuple[str, str]], ...]


def simulate(
	items: Iterable[DischargeSnapshot], scenarios: Sequence[Scenario], reached: Reached | None = None
) -> Outcome:
	"""Show every discharge to every scenario; `reached` hears now and then how many are done."""
	done = 0
	for item in items:
		for scenario in scenarios:
			scenario.plan(item)
		done += 1
		if reached and done % CHUNK == 0:
			reached(done)
	return Outcome(
		done,
		tuple(scenario.counts for scenario in scenarios),
		tuple(scenario.decisions for scenario in scenarios),
	)


def past_names(
	since: date, until: date, department: str | None = None, *, everybody: bool = False
) -> list[str]:
	"""The discharges of a period in the order of their dates: those that the session's user may see, or all."""
	filters = [["discharge_date", "between", (since, until)]]
	if department:
		filters.append(["department", "=", department])
	find = frappe.get_all if everybody else frappe.get_list
	return find(DISCHARGE, filters=filters, pluck="name", order_by="discharge_date, name", limit=0)


def past_discharges(names: Sequence[str]) -> Iterator[DischargeSnapshot]:
	"""Read as the planner reads them, without locks."""
	for part in chunks(names, CHUNK):
		yield from sorted(
			read_discharges(part, lock=False), key=lambda item: (item.facts.discharge_date, item.row["name"])
		)


def made_up_discharges(volume: Volume, pathways: Sequence[Pathway]) -> Iterator[DischargeSnapshot]:
	"""A made-up volume: everybody can be reached on every channel that the site has."""
	channels = open_channels(frappe.get_cached_doc("Follow-up Settings"), registered())
	for one in made_up(volume, pathways, channels):
		row = dict.fromkeys(("decision_reason", "risk_tier", "comparison_group", "followed_up_after_all"))
		row |= {"name": one.discharge.id, "key": one.discharge.id}
		yield DischargeSnapshot(row, {}, one.discharge, one.patient, one.value, None, None, None)


def _as_new(item: DischargeSnapshot, days: Sequence[date], since: date) -> DischargeSnapshot:
	"""The discharge as if nothing had been planned for it or for the stays before it in the period.

	What took place before the period stays: it is not simulated.
	"""
	return replace(
		item,
		row={**item.row, "decision_reason": None, "risk_tier": None},
		plan=None,
		pathways=PlanPathways(),
		tasks=[],
		earlier_plans=[],
		ended_plan=None,
		occupied=tuple(sorted({*days, *(day for day in item.occupied if day < since)})),
	)


def _code(error: Exception) -> str:
	return error.code if isinstance(error, PlanningError) else type(error).__name__
