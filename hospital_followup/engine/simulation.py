"""What planned contacts mean for the people who make them: work per day, peaks, and where there are too few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from hospital_followup.engine.decisions import Contact
from hospital_followup.engine.names import HUMAN_CHANNELS

#: How many contacts fall on a day, for a role, on a channel.
Counts: TypeAlias = Mapping[tuple[date, str, str], int]


@dataclass(frozen=True, slots=True)
class Day:
	"""The contacts due on one day. `by_person`: those that somebody has to call or visit, by role."""

	date: date
	contacts: int
	by_role: Mapping[str, int]
	by_channel: Mapping[str, int]
	by_person: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strength:
	"""Who is there for one role on one day: how many people, and how many contacts they can complete together."""

	people: int = 0
	capacity: int = 0
	#: No working day; only who stands in the duty roster is there.
	closed: bool = False


#: By day and role; who is not named is not there.
Staffing: TypeAlias = Mapping[tuple[date, str], Strength]
NOBODY = Strength()


@dataclass(frozen=True, slots=True)
class Overload:
	"""A day on which a role has more contacts than its people can complete."""

	date: date
	role: str
	contacts: int
	strength: Strength
	#: People who are missing, at the usual number of contacts each.
	missing: int

	@property
	def excess(self) -> int:
		return self.contacts - self.strength.capacity


@dataclass(frozen=True, slots=True)
class Peak:
	"""The busiest day of a role, the first of several, and how many people it takes."""

	date: date
	contacts: int
	needed: int


@dataclass(frozen=True, slots=True)
class Summary:
	"""A whole period in a few numbers. `by_person` and `peaks` are by role and count calls and visits only."""

	contacts: int
	by_role: Mapping[str, int]
	by_channel: Mapping[str, int]
	by_person: Mapping[str, int]
	peaks: Mapping[str, Peak]
	overloads: tuple[Overload, ...]

	@property
	def excess(self) -> int:
		"""Contacts for which nobody has time on their day."""
		return sum(overload.excess for overload in self.overloads)


def counted(contacts: Iterable[Contact]) -> Counter[tuple[date, str, str]]:
	"""Contacts by day, role and channel."""
	return Counter((contact.due_date, contact.role, contact.channel) for contact in contacts)


def workload(counts: Counts) -> list[Day]:
	"""The days on which anything is due, in their order."""
	by_day: dict[date, tuple[Counter[str], Counter[str], Counter[str]]] = {}
	for (day, role, channel), number in counts.items():
		roles, channels, persons = by_day.setdefault(day, (Counter(), Counter(), Counter()))
		roles[role] += number
		channels[channel] += number
		if channel in HUMAN_CHANNELS:
			persons[role] += number
	return [
		Day(day, sum(roles.values()), _sorted(roles), _sorted(channels), _sorted(persons))
		for day, (roles, channels, persons) in sorted(by_day.items())
	]


def needed(contacts: int, per_person: int) -> int:
	"""People who can complete so many contacts on one day; one who completes none cannot help."""
	return -(-contacts // max(per_person, 1))


def overloads(days: Iterable[Day], staffing: Staffing, per_person: int) -> tuple[Overload, ...]:
	"""Every day and role with more calls and visits than the people who are there can complete."""
	found = []
	for day in days:
		for role, contacts in day.by_person.items():
			there = staffing.get((day.date, role), NOBODY)
			if contacts > there.capacity:
				missing = needed(contacts - there.capacity, per_person)
				found.append(Overload(day.date, role, contacts, there, missing))
	return tuple(found)


def worst_first(found: Iterable[Overload]) -> list[Overload]:
	"""By the contacts for which nobody has time."""
	return sorted(found, key=lambda one: (-one.excess, one.date, one.role))


def summary(days: Sequence[Day], staffing: Staffing, per_person: int) -> Summary:
	"""`per_person`: contacts that one person usually completes on a day."""
	by_person = _total(day.by_person for day in days)
	peaks = {}
	for role in by_person:
		day = max(days, key=lambda one: one.by_person.get(role, 0))
		most = day.by_person[role]
		peaks[role] = Peak(day.date, most, needed(most, per_person))
	return Summary(
		contacts=sum(day.contacts for day in days),
		by_role=_total(day.by_role for day in days),
		by_channel=_total(day.by_channel for day in days),
		by_person=by_person,
		peaks=peaks,
		overloads=overloads(days, staffing, per_person),
	)


def _total(parts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
	total: Counter[str] = Counter()
	for part in parts:
		total.update(part)
	return _sorted(total)


def _sorted(numbers: Mapping[str, int]) -> Mapping[str, int]:
	return dict(sorted(numbers.items()))
