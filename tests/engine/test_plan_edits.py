"""What holds for a plan that has begun, whatever people do to it and whatever is changed around it.

Held on their day are: the first contact of a High-risk patient, what a person pinned or is working on, and a contact
whose day has passed and that still waits to be made. Everything else gives way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from hospital_followup.engine.decisions import ExistingTask
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.model import OPEN_STATUSES, Contact, Origin
from hospital_followup.engine.progress import covered, is_over
from hospital_followup.engine.replan import diff
from hospital_followup.engine.schedule import on_working_day
from tests.engine.factories import (
	after,
	config,
	discharge,
	only_rule,
	pathway,
	patient,
	rule,
	step,
	weekdays_except,
)
from tests.engine.plan_cases import (
	EXAMPLES,
	KEY,
	Case,
	calendars,
	cases,
	policies,
	several_pathways,
	too_many,
	write,
)

DONE_BY_PEOPLE = ("complete", "start", "pin", "skip", "cancel")
EVENTS = st.lists(
	st.tuples(
		st.sampled_from([*DONE_BY_PEOPLE, "complete", "miss", "policy", "pathways", "calendar", "nothing"]),
		st.integers(0, 9),
		st.integers(0, 12),
	),
	max_size=6,
)


@dataclass
class Running:
	"""A plan with its tasks as the site keeps them, from day to day."""

	case: Case
	today: date
	occupied: Sequence[date] = ()
	tasks: dict[str, ExistingTask] = field(default_factory=dict)

	@property
	def existing(self) -> list[ExistingTask]:
		return list(self.tasks.values())

	@property
	def open(self) -> list[ExistingTask]:
		waiting = [task for task in self.existing if task.status in OPEN_STATUSES]
		return sorted(waiting, key=lambda task: (task.due_date, task.key))

	def decided(self) -> tuple[Contact, ...]:
		found = self.case.plan(today=self.today, existing=self.existing, occupied=self.occupied)
		return found.contacts

	def again(self) -> None:
		"""Plan, see that everything holds, write it, and see that nothing is left to do."""
		note(f"{self.today}: " + "; ".join(map(told, self.existing)))
		contacts = self.decided()
		self.nothing_is_lost(contacts)
		self.not_too_often(contacts)
		self.inside_its_window(contacts)
		backwards = self.case.backwards().plan(
			today=self.today, existing=self.existing[::-1], occupied=self.occupied[::-1]
		)
		assert backwards.contacts == contacts
		write(self.tasks, diff(self.existing, contacts, self.today))
		assert diff(self.existing, self.decided(), self.today).empty

	def nothing_is_lost(self, contacts: Sequence[Contact]) -> None:
		raw = self.case.raw()
		carried = [origin for contact in contacts for origin in contact.origins]
		assert len(set(carried)) == len(carried)
		over = self.over(raw)
		made = [task for task in self.existing if task.status == "Completed"]
		kept = {key for task in self.open for key in covered(task)}
		for origin, draft in raw.items():
			done = origin.key(KEY) in over or any(
				key.rpartition("|")[0] == origin.key(KEY).rpartition("|")[0]
				and draft.covers(task.completed_on)
				for task in made
				for key in covered(task)
			)
			if done:
				assert origin not in carried
			elif draft.end >= self.today:
				assert origin in carried
			elif origin in carried:
				# A task that was put off, or that carries it for want of a day of its own, goes on doing so.
				assert origin.key(KEY) in kept
		assert set(carried) <= set(raw)
		assert len({contact.key for contact in contacts}) == len(contacts)
		assert all(contact.key == contact.origins[0].key(KEY) for contact in contacts)
		assert [c.sequence for c in contacts] == sorted({c.sequence for c in contacts})

	def over(self, raw: Mapping[Origin, Draft]) -> set[str]:
		"""Keys of what is done or past. A missed task speaks for what it carried only while it is wanted itself."""
		wanted = {origin.key(KEY) for origin in raw}
		return {
			key
			for task in self.existing
			if is_over(task, self.today) and (task.key in wanted or task.status in ("Completed", "Skipped"))
			for key in covered(task)
		}

	def not_too_often(self, contacts: Sequence[Contact]) -> None:
		due = [contact.due_date for contact in contacts]
		raw = {origin.key(KEY): draft for origin, draft in self.case.raw().items()}
		elsewhere = [*self.occupied]
		for task in self.existing:
			if task.status == "Completed":
				elsewhere.append(task.completed_on)
			elif is_over(task, self.today) and task.status in OPEN_STATUSES and task.key in raw:
				# Where its own contact is no longer wanted, what it carried is made anew: nobody has called that day.
				elsewhere.append(task.due_date)
		for contact in contacts:
			if self.holds(contact, raw):
				continue
			assert not too_many(contact.due_date, due)
			if too_many(contact.due_date, due + elsewhere):
				# Days that are full with contacts already made: it stays where nobody else can carry it.
				others = [abs(contact.due_date - day) for day in due if day != contact.due_date]
				assert not others or min(others) >= timedelta(7)

	def inside_its_window(self, contacts: Sequence[Contact]) -> None:
		raw = self.case.raw()
		by_key = {origin.key(KEY): draft for origin, draft in raw.items()}
		for contact in contacts:
			assert contact.expires_on >= max(contact.due_date, self.today)
			if self.holds(contact, by_key):
				continue
			assert contact.due_date >= self.today
			assert raw[contact.origins[0]].covers(contact.due_date)
			if "capped" not in contact.reasons:
				assert all(raw[origin].covers(contact.due_date) for origin in contact.origins)
				assert contact.expires_on == min(raw[origin].end for origin in contact.origins)

	def holds(self, contact: Contact, raw: dict[str, Draft]) -> bool:
		if self.case.held(contact):
			return True
		# The key of a merged task may be that of a contact that nobody wants any more.
		key = contact.key
		carriers = [task for task in self.open if key in covered(task) and task.due_date == contact.due_date]
		if not carriers:
			return False
		task = carriers[0]
		calendar = self.case.config.calendar
		members = [raw[key] for key in covered(task) if key in raw]
		passed = any(min(one.raw, on_working_day(one, calendar).due) < self.today for one in members)
		return task.pinned or task.status == "In Progress" or passed


def told(task: ExistingTask) -> str:
	marks = f"{task.status}{' pinned' if task.pinned else ''} {task.completed_on or ''}"
	names = ", ".join(key.removeprefix(KEY) for key in covered(task))
	return f"{names} {task.due_date}-{task.expires_on} {marks}"


def act(plan: Running, what: str, which: int, days: int) -> None:
	"""Something happens to one of the open tasks."""
	open_tasks = plan.open
	if not open_tasks:
		return
	task = open_tasks[which % len(open_tasks)]
	day = after(plan.today, days)
	fields = {
		"complete": {"status": "Completed", "completed_on": plan.today},
		"start": {"status": "In Progress"},
		"skip": {"status": "Skipped"},
		"cancel": {"status": "Cancelled"},
		"miss": {"status": "Missed"} if task.expires_on < plan.today else {},
		"pin": {
			"status": "Scheduled",
			"pinned": True,
			"due_date": day,
			"opens_on": day,
			"expires_on": max(day, task.expires_on),
			"reasons": tuple(dict.fromkeys((*task.reasons, "rescheduled"))),
		},
	}[what]
	plan.tasks[task.key] = replace(task, **fields)


def change_settings(draw, plan: Running, what: str) -> None:
	new = {
		"policy": lambda: {"policy": draw(policies())},
		"pathways": lambda: {"pathways": draw(several_pathways(4))},
		"calendar": lambda: {"calendar": draw(calendars(plan.case.day))},
	}[what]()
	plan.case = replace(plan.case, config=replace(plan.case.config, **new))


@EXAMPLES
@given(
	case=cases(4),
	late=st.integers(0, 20),
	elsewhere=st.lists(st.integers(0, 40), max_size=3),
	events=EVENTS,
	days=st.lists(st.integers(0, 9), min_size=6, max_size=6),
	data=st.data(),
)
def test_whatever_happens(case, late, elsewhere, events, days, data):
	note(repr(case))
	plan = Running(case, after(case.day, late), [after(case.day, n) for n in elsewhere])
	plan.again()
	for (what, which, more), passed in zip(events, days, strict=False):
		plan.today = after(plan.today, passed)
		if what in ("policy", "pathways", "calendar"):
			change_settings(data.draw, plan, what)
		elif what != "nothing":
			act(plan, what, which, more)
		plan.again()


def test_a_pair_that_another_contact_carries_brings_the_ends_of_both():
	"""Found by the property: of the pair one window is over on the carrier's day, the other's last day comes first."""
	day = date(2028, 2, 28)
	way = pathway(
		"Wound",
		step("visit", 0, window=16),
		step("dressing", 10, window=0, repeat_every=1, repeat_unit="Day", repeat_count=4),
	)
	rules = config(policy=only_rule(rule(3, "Day", 5, 1)), calendar=weekdays_except(), merge_within_days=2)
	plan = Running(Case("High", discharge(day), patient(), rules), after(day, 7))
	write(plan.tasks, diff((), plan.decided(), plan.today))
	plan.today = after(day, 13)
	act(plan, "complete", 0, 0)
	plan.case = replace(plan.case, config=replace(rules, pathways=(way,)))
	(contact,) = plan.decided()
	assert [origin.step_id for origin in contact.origins] == ["visit", "dressing#4", "5"]
	assert (contact.due_date, contact.expires_on) == (date(2028, 3, 13), date(2028, 3, 14))
	write(plan.tasks, diff(plan.existing, plan.decided(), plan.today))
	assert diff(plan.existing, plan.decided(), plan.today).empty


@EXAMPLES
@given(case=cases(4), late=st.integers(0, 20), passed=st.lists(st.integers(0, 9), max_size=5))
def test_days_that_pass_change_nothing(case, late, passed):
	plan = Running(case, after(case.day, late))
	plan.again()
	for days in passed:
		plan.today = after(plan.today, days)
		assert diff(plan.existing, plan.decided(), plan.today).empty


@EXAMPLES
@given(case=cases(4), days=st.integers(0, 30), which=st.integers(0, 9))
def test_a_raised_tier_asks_for_everything_from_its_day_and_for_nothing_twice(case, days, which):
	"""The policy's contacts begin anew; the pathways' keep what they had."""
	plan = Running(replace(case, risk="Low"), case.day)
	plan.again()
	plan.today = after(case.day, days)
	act(plan, "complete", which, 0)
	raised = replace(case, risk="High")
	contacts = raised.plan(today=plan.today, existing=plan.existing, anchor=plan.today).contacts
	over = plan.over(raised.raw(plan.today))
	wanted = {
		origin
		for origin, draft in raised.raw(plan.today).items()
		if draft.end >= plan.today and origin.key(KEY) not in over
	}
	made = {task.completed_on: covered(task) for task in plan.existing if task.status == "Completed"}
	repeated = {
		origin
		for origin in wanted
		for day, keys in made.items()
		if raised.raw(plan.today)[origin].covers(day)
		and any(key.startswith(f"{KEY}|{origin.source}|{origin.step_id}|") for key in keys)
	}
	assert {origin for contact in contacts for origin in contact.origins} == wanted - repeated
	write(plan.tasks, diff(plan.existing, contacts, plan.today))
	repeated_plan = raised.plan(today=plan.today, existing=plan.existing, anchor=plan.today)
	assert diff(plan.existing, repeated_plan.contacts, plan.today).empty
