"""Trends: whether readings of one question rise or fall over contacts, or by so much within days.

Contacts without a reading are passed over; how far back a trend may reach is limited by days. Readings in another unit,
or on another scale, are not comparable: the series begins anew with the last change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, takewhile

RISES, FALLS = "Rises", "Falls"
#: One unit in several spellings; a patient may be asked in Chinese today and was in English the last time.
_SAME_UNITS = (
	("mmhg", "毫米汞柱"),
	("kg", "公斤", "千克"),
	("bpm", "次/分", "次/分钟", "beats/min", "/min"),
	("°c", "摄氏度", "度"),
	("mmol/l", "毫摩尔/升"),
	("cm", "厘米"),
	("%", "percent"),
)
_UNITS = {spelling: names[0] for names in _SAME_UNITS for spelling in names}
#: 2.0 kg may be stored as 1.9999999; differences of readings are compared with this tolerance.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Reading:
	"""A number a patient gave in a contact; `unit` also names the ends of a scale."""

	on: datetime
	value: float
	unit: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
	"""The readings that make the trend, oldest first, and the change from the first to the last."""

	readings: tuple[Reading, ...]

	@property
	def change(self) -> float:
		return self.readings[-1].value - self.readings[0].value


def trend(
	readings: Iterable[Reading],
	direction: str,
	*,
	until: datetime | None = None,
	over_contacts: int = 0,
	over_days: int = 0,
	smallest: float = 0.0,
) -> Trend | None:
	"""The trend that ends with the last reading at or before `until` (with the last of all), None when there is none.

	`over_contacts` (2 or more): each of so many readings in a row is beyond the one before, by `smallest` in all, and no
	more than `over_days` lie between the first and the last, if given. Without it: the last reading is at least `smallest`
	beyond the lowest (highest, for a fall) of the `over_days` before it.
	"""
	sign = {RISES: 1, FALLS: -1}.get(direction)
	series = comparable(reading for reading in readings if until is None or reading.on <= until)
	if sign is None or len(series) < 2 or max(over_contacts, over_days) < 1:
		return None
	last = series[-1]
	near = tuple(reading for reading in series if not over_days or _days(reading, last) <= over_days)
	if over_contacts >= 2:
		part = near[-over_contacts:]
		steady = all(sign * (later.value - earlier.value) > TOLERANCE for earlier, later in pairwise(part))
		found = Trend(part) if len(part) == over_contacts and steady else None
	else:
		start = min(range(len(near)), key=lambda place: (sign * near[place].value, -place))
		found = Trend(near[start:]) if start < len(near) - 1 else None
	if found is None:
		return None
	change = sign * found.change
	return found if change > TOLERANCE and change >= smallest - TOLERANCE else None


def comparable(readings: Iterable[Reading]) -> tuple[Reading, ...]:
	"""The last readings in the unit of the very last one, oldest first."""
	latest_first = sorted(readings, key=lambda reading: reading.on, reverse=True)
	if not latest_first:
		return ()
	unit = plain_unit(latest_first[0].unit)
	return tuple(takewhile(lambda reading: plain_unit(reading.unit) == unit, latest_first))[::-1]


def plain_unit(unit: str) -> str:
	"""A unit without spelling: "℃", "°C" and "摄氏度" are one."""
	plain = "".join(unicodedata.normalize("NFKC", unit).casefold().split())
	return _UNITS.get(plain, plain)


def _days(earlier: Reading, later: Reading) -> int:
	return (later.on.date() - earlier.on.date()).days
