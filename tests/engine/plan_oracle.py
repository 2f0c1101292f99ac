"""The calendar of a plan once more, written down word by word from clinical.md §1, slowly and without the engine."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
Working = Callable[[date], bool]


@dataclass
class Wanted:
	"""One contact on its way; `members`: (source, step) of everything it stands for."""

	source: str
	step: str
	raw: date
	due: date
	start: date
	end: date
	first: bool = False
	held: bool = False
	members: list[tuple[str, str]] = field(default_factory=list)
	notes: set[str] = field(default_factory=set)
	ends: list[date] = field(default_factory=list)

	def __post_init__(self) -> None:
		self.members = self.members or [(self.source, self.step)]
		self.ends = self.ends or [self.end]

	@property
	def days(self) -> list[date]:
		return [self.start + n * DAY for n in range((self.end - self.start).days + 1)]

	@property
	def order(self) -> tuple[date, str, date, str]:
		return (self.due, self.source, self.raw, self.step)


def later(day: date, count: int, unit: str) -> date:
	if unit != "Month":
		return day + count * DAY * (7 if unit == "Week" else 1)
	year, month = day.year, day.month
	for _ in range(count):
		year, month = (year + 1, 1) if month == 12 else (year, month + 1)
	return date(year, month, min(day.day, monthrange(year, month)[1]))


def of_policy(
	anchor: date, interval: int, unit: str, contacts: int, first_day: int, high: bool
) -> list[Wanted]:
	found = []
	for k in range(contacts):
		after = later(anchor, k * interval, unit)
		until = later(anchor, (k + 1) * interval, unit)
		due = later(anchor + first_day * DAY, k * interval, unit)
		due = due if due > after else due + DAY
		found.append(Wanted("policy", str(k + 1), due, due, after + DAY, until, k == 0, high and k == 0))
	return found


def of_step(title: str, step, anchor: date, discharged: date) -> list[Wanted]:
	"""A step's interval is its due date ± window_days; nobody is contacted while still in hospital."""
	found = []
	for k in range(max(step.repeat_count, 1) if step.repeat_every else 1):
		if step.offset_unit == step.repeat_unit:
			due = later(anchor, step.offset + k * step.repeat_every, step.offset_unit)
		else:
			due = later(later(anchor, step.offset, step.offset_unit), k * step.repeat_every, step.repeat_unit)
		start, end = due - step.window_days * DAY, due + step.window_days * DAY
		if due == discharged:
			start = due
		else:
			start = max(start, discharged + DAY)
			due = max(due, discharged + DAY)
		if end >= due:
			found.append(
				Wanted(f"pathway:{title}", step.id if k == 0 else f"{step.id}#{k + 1}", due, due, start, end)
			)
	return found


def off_closed_days(wanted: Iterable[Wanted], working: Working) -> None:
	for one in wanted:
		if working(one.due):
			continue
		open_days = [day for day in one.days if working(day)]
		if one.held or not open_days:
			one.notes.add("kept_on_closed_day")
			continue
		one.notes.add("moved_working_day")
		following = [day for day in open_days if day > one.due]
		if one.first:
			one.due = min(open_days, key=lambda day, due=one.due: (abs(day - due), day))
		else:
			one.due = following[0] if following else max(open_days)


def common(group: Sequence[Wanted]) -> date | None:
	choices = [one.due for one in group if one.held] or [one.due for one in group]
	suits = [day for day in choices if all(one.start <= day <= one.end for one in group)]
	return min(suits, default=None)


def merged(wanted: Iterable[Wanted], within: int) -> list[Wanted]:
	waiting, found = sorted(wanted, key=lambda one: one.order), []
	while waiting:
		group = [waiting.pop(0)]
		for one in list(waiting):
			near = one.due - group[0].due <= within * DAY
			if near and one.source not in {other.source for other in group} and common([*group, one]):
				group.append(one)
				waiting.remove(one)
		if len(group) > 1:
			group = [as_one(group)]
		found += group
	return found


def as_one(group: list[Wanted]) -> Wanted:
	day = common(group)
	notes = {"merged"}.union(*(one.notes for one in group if one.due == day))
	first = group[0]
	return Wanted(
		first.source,
		first.step,
		min(one.raw for one in group),
		day,
		max(one.start for one in group),
		min(one.end for one in group),
		any(one.first for one in group),
		any(one.held for one in group),
		[member for one in group for member in one.members],
		notes,
		[end for one in group for end in one.ends],
	)


def fits(days: Iterable[date], per_day: int, per_week: int) -> bool:
	days = list(days)
	return all(days.count(day) <= per_day for day in days) and all(
		sum(0 <= (other - day).days < 7 for other in days) <= per_week for day in days
	)


def has_room(day: date, used: Sequence[date], per_day: int, per_week: int) -> bool:
	weeks = ([day + (n - k) * DAY for n in range(7)] for k in range(7))
	return used.count(day) < per_day and all(sum(one in week for one in used) < per_week for week in weeks)


def capped(
	wanted: Iterable[Wanted], working: Working, per_day: int, per_week: int, elsewhere: Sequence[date] = ()
) -> list[Wanted]:
	wanted = sorted(wanted, key=lambda one: one.order)
	placed = [one for one in wanted if one.held]
	surplus = []
	for one in (one for one in wanted if not one.held):
		used = [other.due for other in placed] + list(elsewhere)
		if not has_room(one.due, used, per_day, per_week):
			following = [day for day in one.days if day > one.due and working(day)]
			free = [day for day in following if has_room(day, used, per_day, per_week)]
			if not free:
				surplus.append(one)
				continue
			one.due = free[0]
			one.notes = (one.notes - {"kept_on_closed_day"}) | {"capped"}
		placed.append(one)
	for one in surplus:
		inside = [other for other in placed if one.start <= other.due <= one.end]
		week = [other for other in placed if abs(other.due - one.due) < 7 * DAY]
		carriers = inside or [other for other in week if other.due <= one.due] or week
		if not carriers:
			placed.append(one)
			continue
		nearest = min(carriers, key=lambda other, due=one.due: (abs(other.due - due), other.due))
		nearest.members += one.members
		nearest.notes |= {"capped"} | (one.notes & {"merged"})
		nearest.first |= one.first
		nearest.ends += one.ends
		nearest.end = min([nearest.end, *(end for end in one.ends if end >= nearest.due)])
	return sorted(placed, key=lambda one: one.due)
