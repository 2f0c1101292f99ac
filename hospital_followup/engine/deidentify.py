"""Taking people out of their data: pseudonyms, shifted dates, bands, and nobody left in a small group.

The secret is made for one export and thrown away after it, so that no key leads back from pseudonyms and dates. The
days between a patient's dates stay true: whoever holds two exports of the same patients can join them by these.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

#: One patient's features that somebody else might know, from the one kept longest to the one hidden first.
Profile: TypeAlias = tuple[str, ...]
#: What stands where a feature is hidden because too few patients share it.
HIDDEN = "*"
SMALLEST_GROUP = 5
#: Days. Nobody keeps a real date, nobody is moved by more than a year: the season is gone, the years roughly stay.
SHIFT_FROM, SHIFT_TO = 31, 365
#: Lower ends of the age bands. Very old people are few, so they share one (as in the HIPAA safe harbour, 90 and over).
AGE_BANDS = (0, 18, 30, 40, 50, 60, 70, 80, 90)
#: Lower ends of the bands of nights in hospital, at the steps of LACE (van Walraven 2010) as far as groups stay large.
STAY_BANDS = (0, 4, 7, 14, 31)
#: Days. Whoever knows the days of all discharges, knows each patient's shift but for the length of the period.
SHORTEST_PERIOD = 90
_CATEGORY = re.compile(r"[A-Z][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Masks:
	"""What one export makes of names and dates. `secret`: 32 random bytes of that export."""

	secret: bytes

	def pseudonym(self, kind: str, name: str) -> str:
		"""Twelve letters and digits that stand for one record."""
		return self._digest(f"{kind}|{name}").hex()[:12]

	def shift(self, patient: str) -> timedelta:
		"""By how much all dates of this patient move, at least a month and at most a year, either way."""
		number = int.from_bytes(self._digest(f"shift|{patient}")[:8], "big")
		days = SHIFT_FROM + number // 2 % (SHIFT_TO - SHIFT_FROM + 1)
		return timedelta(days=days if number % 2 else -days)

	def day(self, patient: str, real: date | None) -> date | None:
		"""The patient's shifted date; the days between two dates of one patient stay what they are."""
		return None if real is None else real + self.shift(patient)

	def _digest(self, text: str) -> bytes:
		return hmac.digest(self.secret, text.encode(), "sha256")


def age_band(age: int | None) -> str:
	"""The band of an age in completed years, `90+` for the oldest; empty when unknown."""
	return _band(age, AGE_BANDS)


def stay_band(nights: int | None) -> str:
	"""The band of a length of stay in nights, `31+` for the longest; empty when unknown."""
	return _band(nights, STAY_BANDS)


def _band(number: int | None, lows: tuple[int, ...]) -> str:
	if number is None or number < 0:
		return ""
	start = max(low for low in lows if low <= number)
	following = [low for low in lows if low > start]
	return f"{start}-{following[0] - 1}" if following else f"{start}+"


def icd_category(code: str | None) -> str:
	"""The three characters that name the disease of an ICD-10 code; empty for anything else."""
	found = _CATEGORY.match((code or "").strip().upper())
	return found.group() if found else ""


def part_of_day(hour: int) -> str:
	"""Morning until 12, Afternoon until 17, then Evening."""
	return "Morning" if hour < 12 else "Afternoon" if hour < 17 else "Evening"


def suppress(profiles: Mapping[str, Profile], smallest: int = SMALLEST_GROUP) -> dict[str, Profile]:
	"""By patient the features that may be told, so that at least `smallest` patients share each combination.

	Whoever is in a smaller group has one more feature hidden, from the last on, until the group is large enough. Who
	is still nearly alone with everything hidden is left out altogether.
	"""
	told: dict[str, Profile] = {}
	rest = dict(profiles)
	width = max((len(profile) for profile in rest.values()), default=0)
	for kept in range(width, -1, -1):
		shown = {name: profile[:kept] + (HIDDEN,) * (width - kept) for name, profile in rest.items()}
		sizes = Counter(shown.values())
		large = {name: profile for name, profile in shown.items() if sizes[profile] >= smallest}
		told |= large
		rest = {name: profile for name, profile in rest.items() if name not in large}
	return told
