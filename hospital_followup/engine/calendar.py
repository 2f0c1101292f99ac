"""Working days: weekdays plus dated exceptions (holidays and swapped working days)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset(range(5))
MONDAY_TO_SATURDAY = frozenset(range(6))
EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)


class Calendar:
	"""Immutable and hashable, so that a schedule worked out once for it can be kept.

	`weekdays` counts Monday as 0, like `date.weekday`. `exceptions` maps a date to whether it is worked; it wins
	over the weekday.
	"""

	__slots__ = ("_hash", "exceptions", "weekdays")

	weekdays: frozenset[int]
	exceptions: Mapping[date, bool]

	def __init__(
		self, weekdays: Iterable[int] = MONDAY_TO_FRIDAY, exceptions: Mapping[date, bool] | None = None
	) -> None:
		object.__setattr__(self, "weekdays", frozenset(weekdays))
		object.__setattr__(self, "exceptions", dict(exceptions or {}))
		object.__setattr__(self, "_hash", hash((self.weekdays, frozenset(self.exceptions.items()))))

	def __setattr__(self, name: str, value: object) -> None:
		raise AttributeError(f"Calendar is immutable, {name} cannot be set")

	def __hash__(self) -> int:
		return self._hash  # type: ignore[attr-defined, no-any-return]

	def __eq__(self, other: object) -> bool:
		if self is other:
			return True
		if not isinstance(other, Calendar):
			return NotImplemented
		return self.weekdays == other.weekdays and self.exceptions == other.exceptions

	def __reduce__(self) -> tuple[type[Calendar], tuple[frozenset[int], Mapping[date, bool]]]:
		return Calendar, (self.weekdays, self.exceptions)

	def __repr__(self) -> str:
		return f"Calendar({sorted(self.weekdays)}, {len(self.exceptions)} exceptions)"

	def is_working(self, day: date) -> bool:
		worked = self.exceptions.get(day)
		return day.weekday() in self.weekdays if worked is None else worked

	def next_working(self, after: date, until: date) -> date | None:
		"""The first working day in (after, until]."""
		while after < until:
			after += _DAY
			if self.is_working(after):
				return after
		return None

	def previous_working(self, before: date, since: date) -> date | None:
		"""The last working day in [since, before)."""
		while before > since:
			before -= _DAY
			if self.is_working(before):
				return before
		return None

	def nearest_working(self, day: date, since: date, until: date) -> date | None:
		"""The working day in [since, until] closest to `day`, the earlier one on a tie."""
		if self.is_working(day):
			return day
		earlier = self.previous_working(day, since)
		limit = until if earlier is None else day + min(until - day, day - earlier - _DAY)
		later = self.next_working(day, limit)
		return earlier if later is None else later
