"""Hard cases for properties of plans: many pathways at once, windows of nothing, closed weeks, month ends, leap days."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.model import (
	CHANNELS,
	RISK_TIERS,
	ROLES,
	TOPICS,
	Config,
	Contact,
	DischargeFacts,
	ExistingTask,
	Origin,
	PatientFacts,
	PlanDecision,
	PlanDiff,
	Procedure,
)
from hospital_followup.engine.pathway import anchor_of
from hospital_followup.engine.plan import plan
from hospital_followup.engine.policy import cell
from hospital_followup.engine.schedule import POLICY
from hospital_followup.engine.timetable import raw_contacts
from tests.engine.factories import config, discharge, only_rule, pathway, patient, rule, step, stored, tier

KEY = "D1|Discharge"
UNIT = st.sampled_from(["Day", "Week", "Month"])
UNIT_DAYS = {"Day": 1, "Week": 7, "Month": 28}
# The days on which calendars are got wrong, and any other.
DAYS = st.one_of(
	st.sampled_from(
		[date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 31)]
	),
	st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
# The same ones every time; more, and others each time, for whoever has the time: ENGINE_EXAMPLES=5000.
EXAMPLES = settings(max_examples=int(os.environ.get("ENGINE_EXAMPLES", "60")))


@dataclass(frozen=True, slots=True, repr=False)
class Case:
	"""One patient's stay with everything that decides its calendar."""

	risk: str
	facts: DischargeFacts
	who: PatientFacts
	config: Config

	def __repr__(self) -> str:
		"""Short enough to be read when a property does not hold."""
		row, _ = cell(self.config.policy, self.risk, "Medium")
		lines = [f"{self.risk} {self.day} born {self.who.date_of_birth}, {self.facts.procedures}"]
		lines += [f"{row.contacts} x {row.interval} {row.interval_unit} from day {row.first_contact_day}"]
		lines += [f"merge {self.config.merge_within_days}, {self.config.calendar}"]
		lines += [
			f"closed or open {day}: {worked}" for day, worked in self.config.calendar.exceptions.items()
		]
		for way in self.config.pathways:
			lines += [
				f"{way.title} {way.anchor} {one.id}: {one.offset} {one.offset_unit} +- {one.window_days}, "
				f"{one.repeat_count} x {one.repeat_every} {one.repeat_unit}"
				for one in way.steps
			]
		return "\n".join(lines)

	@property
	def day(self) -> date:
		return self.facts.discharge_date

	@property
	def hold_first(self) -> bool:
		return self.risk == "High"

	def plan(self, **more) -> PlanDecision:
		judged = tier(self.risk, "Medium", self.config)
		return plan(self.facts, self.who, judged, self.config, key=KEY, **more)

	def raw(self, anchor: date | None = None) -> dict[Origin, Draft]:
		"""What is asked for: every contact with its interval, by where it comes from."""
		ways = [(way, anchor_of(way, self.facts, self.who)) for way in self.config.pathways]
		row, _ = cell(self.config.policy, self.risk, "Medium")
		known = tuple((way, start) for way, start in ways if start is not None)
		policy = self.config.policy
		drafts = raw_contacts(
			row, policy.title, policy.version, anchor or self.day, self.day, self.hold_first, known
		)
		return {draft.origins[0]: draft for draft in drafts}

	def held(self, contact: Contact) -> bool:
		"""Whether the plan itself, before anybody touches it, may not move this contact."""
		return self.hold_first and any(
			origin.source == POLICY and origin.step_id == "1" for origin in contact.origins
		)

	def backwards(self) -> Case:
		return replace(self, config=replace(self.config, pathways=self.config.pathways[::-1]))


def too_many(day: date, due: Sequence[date]) -> bool:
	"""Whether the contacts on `due` are more than one on that day or more than three in any seven days around it."""
	weeks = (day - timedelta(n) for n in range(7))
	return due.count(day) > 1 or any(
		sum(start <= one < start + timedelta(7) for one in due) > 3 for start in weeks
	)


def write(tasks: dict[str, ExistingTask], change: PlanDiff) -> None:
	"""Do to `tasks`, by key, what planning has decided, as the site does."""
	for contact in change.create:
		tasks[contact.key] = stored(contact)
	for moved in change.move:
		before = tasks.pop(moved.task.key)
		tasks[moved.contact.key] = stored(moved.contact, before.status, pinned=before.pinned)
	for opened in change.reopen:
		tasks[opened.task.key] = stored(opened.contact)
	for gone in change.cancel:
		tasks[gone.task.key] = replace(gone.task, status="Cancelled", pinned=False)


@st.composite
def policies(draw, longest=4, most=8):
	unit, interval = draw(UNIT), draw(st.integers(1, longest))
	first = draw(st.integers(1, interval * UNIT_DAYS[unit]))
	channel, role = draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(ROLES))
	return only_rule(rule(interval, unit, draw(st.integers(1, most)), first, channel=channel, role=role))


@st.composite
def steps(draw, name):
	return step(
		name,
		draw(st.integers(0, 12) | st.integers(0, 45)),
		draw(st.sampled_from(["Day", "Day", "Week", "Month"])),
		window=draw(st.just(0) | st.integers(0, 4) | st.integers(0, 40)),
		repeat_every=draw(st.integers(0, 4)),
		repeat_unit=draw(UNIT),
		repeat_count=draw(st.integers(1, 4)),
		topics=tuple(draw(st.sets(st.sampled_from(TOPICS)))),
		channel=draw(st.none() | st.sampled_from(CHANNELS)),
		role=draw(st.none() | st.sampled_from(ROLES)),
	)


@st.composite
def several_pathways(draw, most=6):
	return tuple(
		pathway(
			name,
			*(draw(steps(f"{name}{n}")) for n in range(draw(st.integers(1, 3)))),
			anchor=draw(st.sampled_from(["Discharge", "Discharge", "Surgery", "Birth"])),
		)
		for name in draw(st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=most))
	)


@st.composite
def calendars(draw, day):
	"""Working weeks of any kind, none included, with single exceptions and weeks on end that are closed."""
	weekdays = draw(st.sampled_from([range(5), range(7), ()]) | st.frozensets(st.integers(0, 6)))
	worked = {n: draw(st.booleans()) for n in draw(st.sets(st.integers(0, 60), max_size=6))}
	closed_from, closed = draw(st.integers(0, 40)), draw(st.sampled_from([0, 0, 8, 40]))
	worked |= dict.fromkeys(range(closed_from, closed_from + closed), False)
	left = (date.max - day).days
	return Calendar(weekdays, {day + timedelta(n): open for n, open in worked.items() if n <= left})


@st.composite
def cases(draw, most_pathways=6, day=DAYS):
	day = draw(day)
	operated = draw(st.none() | st.integers(0, 10))
	born = draw(st.none() | st.integers(0, 40))
	operations = () if operated is None else (Procedure("51.23", "", day - timedelta(operated)),)
	return Case(
		draw(st.sampled_from(RISK_TIERS)),
		discharge(day, procedures=operations),
		patient(date_of_birth=None if born is None else day - timedelta(born)),
		config(
			policy=draw(policies()),
			pathways=draw(several_pathways(most_pathways)),
			calendar=draw(calendars(day)),
			merge_within_days=draw(st.just(2) | st.integers(0, 6)),
		),
	)
