"""Booking a visit in another app's diary: what an adapter offers, and which hours of a schedule are free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Practitioner:
	"""Somebody who sees patients. `department` is that of the diary's own app."""

	name: str
	title: str
	department: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
	"""A time that can be booked."""

	start: datetime
	minutes: int
	place: str | None = None
	"""Room or unit of the diary's own app."""
	seats: int = 1
	"""How many more patients it can take; 0 is full."""
	by_queue: bool = False
	"""Several patients come at this time and are seen in the order in which they arrive."""


@dataclass(frozen=True, slots=True)
class Hours:
	"""One line of a schedule on a day. `limit` patients come at the same time; 0 is one after the other."""

	start: datetime
	end: datetime
	minutes: int
	place: str | None = None
	limit: int = 0
	capacity: int = 1
	"""Patients whom the place takes at once."""


@dataclass(frozen=True, slots=True)
class Taken:
	"""An appointment that exists. `mine`: it is the patient's own."""

	start: datetime
	minutes: int
	place: str | None = None
	mine: bool = False


@runtime_checkable
class AppointmentBook(Protocol):
	"""The diary of another app."""

	patient_doctype: str

	def available(self) -> bool:
		"""Whether the site keeps this diary."""
		...

	def may_book(self) -> bool:
		"""Whether the session's user may make appointments in it."""
		...

	def kinds(self) -> Sequence[str]:
		"""The kinds of appointment that a person can be booked for, the usual one first."""
		...

	def practitioners(self, stay: str | None) -> Sequence[Practitioner]:
		"""Those who can be booked; whoever treated the patient in `stay` first, then the same department."""
		...

	def slots(self, patient: str, practitioner: str, since: date, until: date) -> Sequence[Slot]:
		"""The practitioner's times between the two days, full ones included."""
		...

	def book(self, patient: str, practitioner: str, start: datetime, kind: str, note: str) -> tuple[str, str]:
		"""Make the appointment as the session's user; its doctype and name.

		Raises BookingError when the time is not free (any more), and the other app's own error for whatever it refuses.
		"""
		...


def slots_of(hours: Iterable[Hours], taken: Sequence[Taken], now: datetime) -> list[Slot]:
	"""The times of a schedule that are still to come, with how many patients each can still take."""
	found = {
		(line.start, line.place): Slot(
			line.start, line.minutes, line.place, _seats(line, taken), bool(line.limit)
		)
		for line in hours
		if line.start > now
	}
	return sorted(found.values(), key=lambda slot: (slot.start, slot.place or ""))


def _seats(line: Hours, taken: Sequence[Taken]) -> int:
	if line.limit:
		at_once = [each for each in taken if each.start == line.start and each.place in (None, line.place)]
		return 0 if any(each.mine for each in at_once) else max(0, line.limit - len(at_once))
	end = line.start + timedelta(minutes=line.minutes)
	others = [each for each in taken if _overlap(each, line.start, end)]
	if any(each.mine for each in others):
		return 0
	return max(0, line.capacity - len(others))


def _overlap(each: Taken, start: datetime, end: datetime) -> bool:
	"""An appointment without a length takes the moment at which it begins."""
	if not each.minutes:
		return start <= each.start < end
	return each.start < end and each.start + timedelta(minutes=each.minutes) > start
