"""What holds for the programmes of one patient, whatever the enrolments, the other plans' contacts and the calendar.

Held on their day are the open contacts of other plans (hosts) and what a person pinned or is working on. A host never
moves; what falls together with it joins it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.draft import Draft
from hospital_followup.engine.model import OPEN_STATUSES, Config, Contact, ExistingTask
from hospital_followup.engine.programme import ProgrammeDecision, plan_programmes
from hospital_followup.engine.programme_course import Enrolled, courses
from hospital_followup.engine.progress import covered, is_over
from hospital_followup.engine.replan import diff
from tests.engine.factories import after, config, pathway, patient, stored
from tests.engine.plan_cases import DAYS, EXAMPLES, calendars, steps, too_many, write

HORIZON = timedelta(90)


@dataclass(frozen=True, slots=True)
class Life:
	"""A patient's enrolments, and the open contacts that other plans have with the patient."""

	enrolled: tuple[Enrolled, ...]
	hosts: tuple[ExistingTask, ...]
	config: Config
	today: date

	@property
	def raw(self) -> dict[str, Draft]:
		return courses(self.enrolled, self.config, "Medium", "Medium")[0]

	def plan(self, **more) -> ProgrammeDecision:
		more = {"today": self.today, "hosts": self.hosts, **more}
		return plan_programmes(
			self.enrolled, patient(), self.config, **{"until": more["today"] + HORIZON, **more}
		)


def host(name: str, day: date, window: int, status: str = "Scheduled") -> ExistingTask:
	return ExistingTask(
		key=name,
		status=status,
		due_date=day,
		opens_on=day,
		expires_on=after(day, window),
		channel="WeChat",
		role="Follow-up Specialist",
		topics=("Condition",),
		sources=("policy",),
		covers=(name,),
	)


@st.composite
def lives(draw, most_hosts=5):
	today = draw(DAYS)
	enrolled = []
	for title in draw(st.lists(st.sampled_from("ABCD"), unique=True, min_size=1, max_size=4)):
		anchor = after(today, draw(st.sampled_from([0, 0, 20, -30, -366, -1461]) | st.integers(-60, 30)))
		since = min(today, after(today, draw(st.integers(-40, 0))))
		course = pathway(title, *(draw(steps(f"{title}{n}")) for n in range(draw(st.integers(1, 3)))))
		enrolled.append(Enrolled(f"{title}|Programme", course, anchor, max(since, anchor)))
	days = draw(st.lists(st.integers(-3, 60), unique=True, max_size=most_hosts))
	hosts = tuple(host(f"h{n}", after(today, n), draw(st.integers(max(0, -n), 9))) for n in days)
	rules = config(calendar=draw(calendars(today)), merge_within_days=draw(st.just(2) | st.integers(0, 5)))
	return Life(tuple(enrolled), hosts, rules, today)


def all_of(decision: ProgrammeDecision) -> list[Contact]:
	return sorted((one for own in decision.contacts.values() for one in own), key=lambda one: one.due_date)


def joined(hosts: Sequence[ExistingTask], decision: ProgrammeDecision) -> tuple[ExistingTask, ...]:
	"""The hosts as stored: their own values stay apart, the guests stand in `covers`."""
	guests = {one.host: tuple(origin.key("") for origin in one.origins) for one in decision.joins}
	return tuple(replace(task, covers=(task.key, *guests.get(task.key, ()))) for task in hosts)


def standing(life: Life, decision: ProgrammeDecision) -> list[date]:
	"""The days of all contacts that the patient will have, hosts included: what is late is made today at the earliest."""
	hosts = [max(task.due_date, life.today) for task in life.hosts]
	return sorted([*hosts, *(contact.due_date for contact in all_of(decision))])


@EXAMPLES
@given(life=lives())
def test_every_contact_in_the_horizon_is_made_or_has_joined_once(life):
	decision = life.plan()
	found = Counter(origin for contact in all_of(decision) for origin in contact.origins)
	found += Counter(origin for one in decision.joins for origin in one.origins)
	wanted = {
		draft.origins[0]
		for draft in life.raw.values()
		if draft.raw <= life.today + HORIZON and draft.end >= life.today
	}
	assert found == Counter(list(wanted))
	for contact in all_of(decision):
		assert contact.key == contact.origins[0].key("")


@EXAMPLES
@given(life=lives())
def test_inside_the_interval_and_never_before_the_enrolment(life):
	decision, raw = life.plan(), life.raw
	since = {one.key: one.enrolled_on for one in life.enrolled}
	for contact in all_of(decision):
		assert contact.due_date >= max(life.today, *(since[origin.plan] for origin in contact.origins[:1]))
		assert raw[contact.key].covers(contact.due_date)
		if "capped" not in contact.reasons:
			assert all(raw[origin.key("")].covers(contact.due_date) for origin in contact.origins)
			assert len({origin.source for origin in contact.origins}) == len(contact.origins)
	days = {task.key: max(task.due_date, life.today) for task in life.hosts}
	for one in decision.joins:
		assert one.expires_on >= days[one.host]
		for origin in one.origins:
			assert raw[origin.key("")].covers(days[one.host]) or "capped" in one.reasons


@EXAMPLES
@given(life=lives(), elsewhere=st.lists(st.integers(-6, 40), max_size=4))
def test_not_too_often_hosts_included(life, elsewhere):
	taken = [after(life.today, days) for days in elsewhere]
	decision = life.plan(taken=taken)
	due = standing(life, decision)
	for contact in all_of(decision):
		assert not too_many(contact.due_date, due)
		if too_many(contact.due_date, due + taken):
			others = [abs(contact.due_date - day) for day in due if day != contact.due_date]
			assert not others or min(others) >= timedelta(7)


@EXAMPLES
@given(life=lives())
def test_the_order_of_enrolments_and_hosts_does_not_matter(life):
	turned = replace(life, enrolled=life.enrolled[::-1], hosts=life.hosts[::-1])
	one, other = life.plan(), turned.plan()
	assert all_of(one) == all_of(other)
	assert set(one.joins) == set(other.joins)
	assert one.planned_until == other.planned_until and one.over == other.over


@EXAMPLES
@given(life=lives())
def test_planning_again_changes_nothing(life):
	first = life.plan()
	tasks = [stored(contact) for contact in all_of(first)]
	again = life.plan(existing=tasks, hosts=joined(life.hosts, first))
	assert diff(tasks, all_of(again), life.today).empty
	assert set(again.joins) == set(first.joins)
	assert again.planned_until == first.planned_until


@dataclass
class Course:
	"""A patient's programmes from day to day: tasks as the site keeps them, beside those of other plans."""

	life: Life
	today: date
	tasks: dict[str, ExistingTask] = field(default_factory=dict)
	hosts: dict[str, ExistingTask] = field(default_factory=dict)

	def decided(self, until: date) -> ProgrammeDecision:
		done = [task for task in self.hosts.values() if task.status == "Completed"]
		return self.life.plan(
			today=self.today,
			until=until,
			existing=[*self.tasks.values(), *(task for task in done if len(task.covers) > 1)],
			hosts=self.open_hosts,
			taken=[task.completed_on for task in done if len(task.covers) == 1],
		)

	@property
	def open_hosts(self) -> list[ExistingTask]:
		return [task for task in self.hosts.values() if task.status in OPEN_STATUSES]

	def again(self, until: date) -> ProgrammeDecision:
		decision = self.decided(until)
		write(self.tasks, diff(list(self.tasks.values()), all_of(decision), self.today))
		self.hosts |= {
			task.key: task for task in joined(self.open_hosts, decision) if task.key not in decision.untouched
		}
		return decision

	def year(self, every: int | None = None, horizon: timedelta = HORIZON) -> set[tuple]:
		"""What is made in 300 days, every contact on its day, planned every so many days; None = when planning itself
		said that it should look again, as the site does."""
		start = self.today
		looked: date | None = None
		for number in range(300):
			self.today = after(start, number)
			if (number % every == 0) if every else (looked is None or looked < self.today):
				looked = min(self.again(self.today + horizon).planned_until.values())
			for tasks in (self.tasks, self.hosts):
				for key, task in tasks.items():
					if task.status in OPEN_STATUSES and task.due_date <= self.today:
						tasks[key] = replace(task, status="Completed", completed_on=self.today)
		both = [*self.tasks.values(), *self.hosts.values()]
		return {(one.completed_on, frozenset(covered(one))) for one in both if one.status == "Completed"}


def begun(life: Life, hosts: Sequence[ExistingTask]) -> Course:
	return Course(life, life.today, hosts={task.key: task for task in hosts})


@EXAMPLES
@given(life=lives(most_hosts=3), every=st.integers(2, 40))
def test_small_steps_and_large_steps_give_one_calendar(life, every):
	"""Rolled every day, every few weeks, when planning asked to be asked again, or planned for the whole year at once."""
	hosts = [task for task in life.hosts if task.due_date >= life.today]
	expected = begun(life, hosts).year(400, timedelta(400))
	for steps_of in (1, every, None):
		assert begun(life, hosts).year(steps_of) == expected


@EXAMPLES
@given(life=lives(), passed=st.lists(st.integers(0, 9), max_size=5))
def test_days_that_pass_change_nothing(life, passed):
	"""What waits to be made keeps its day, and a guest its host, as long as the hosts are made when they are due."""
	course = begun(life, [task for task in life.hosts if task.due_date >= after(life.today, sum(passed))])
	until = life.today + HORIZON
	before = course.again(until)
	for days in passed:
		course.today = after(course.today, days)
		now = course.decided(until)
		open_tasks = [task for task in course.tasks.values() if task.expires_on >= course.today]
		assert diff(open_tasks, all_of(now), course.today).empty
		assert set(now.joins) == set(before.joins)


HAPPENINGS = st.lists(
	st.tuples(
		st.sampled_from(
			[
				"complete",
				"miss",
				"start",
				"pin",
				"host done",
				"host gone",
				"host moved",
				"host called",
				"new host",
			]
		),
		st.integers(0, 9),
		st.integers(0, 12),
		st.integers(0, 9),
	),
	max_size=5,
)


@EXAMPLES
@given(life=lives(), happenings=HAPPENINGS)
def test_whatever_happens(life, happenings):
	course = begun(life, life.hosts)
	course.again(life.today + HORIZON)
	for what, which, days, passed in happenings:
		course.today = after(course.today, passed)
		happen(course, what, which, after(course.today, days))
		until = course.today + HORIZON
		decision = course.decided(until)
		nothing_is_lost(course, decision, until)
		course.again(until)
		again = course.decided(until)
		assert diff(list(course.tasks.values()), all_of(again), course.today).empty
		assert set(again.joins) == set(decision.joins)


def happen(course: Course, what: str, which: int, day: date) -> None:
	tasks = course.hosts if "host" in what else course.tasks
	if what == "new host":
		name = f"new{len(tasks)}"
		tasks[name] = host(name, day, 5)
	waiting = sorted((t for t in tasks.values() if t.status in OPEN_STATUSES), key=lambda t: t.key)
	if not waiting or what == "new host":
		return
	task = waiting[which % len(waiting)]
	moved = {"due_date": day, "opens_on": day, "expires_on": max(day, task.expires_on)}
	fields = {
		"complete": {"status": "Completed", "completed_on": course.today},
		"host done": {"status": "Completed", "completed_on": course.today},
		"miss": {"status": "Missed"} if task.expires_on < course.today else {},
		"start": {"status": "In Progress"},
		"host called": {"status": "In Progress"},
		"host gone": {"status": "Cancelled", "covers": (task.key,)},
		"host moved": moved,
		"pin": {**moved, "pinned": True, "reasons": tuple(dict.fromkeys((*task.reasons, "rescheduled")))},
	}[what]
	tasks[task.key] = replace(task, **fields)


def nothing_is_lost(course: Course, decision: ProgrammeDecision, until: date) -> None:
	"""Every contact is made, has joined, is done, waits with a host that is on the phone, or its window is gone."""
	found = Counter(origin.key("") for contact in all_of(decision) for origin in contact.origins)
	found += Counter(origin.key("") for one in decision.joins for origin in one.origins)
	assert all(count == 1 for count in found.values())
	everything = [*course.tasks.values(), *course.hosts.values()]
	over = {
		key
		for task in everything
		if (is_over(task, course.today) and task.key not in course.hosts) or task.status == "Completed"
		for key in covered(task)
	}
	calling = {key for name in decision.untouched for key in covered(course.hosts[name])}
	begun = {key for task in everything if task.status in OPEN_STATUSES for key in covered(task)}
	for key, draft in course.life.raw.items():
		if key in over or key in calling:
			assert key not in found
		elif draft.end >= course.today and draft.raw <= until:
			assert key in found
		elif key in found:
			assert key in begun
