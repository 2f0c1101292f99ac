"""A contact on its way from the raw date to the final one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hospital_followup.engine.decisions import Origin

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
	"""`raw`: the date before closed days, merge and cap. It may move inside [start, end], or not at all if `held`.

	`reasons` tell what happened to the date. `origins`: the earliest member first. `ends`: where it stands for several
	contacts, those of all of them; which one counts depends on the day that they are made.
	"""

	raw: date
	due: date
	start: date
	end: date
	channel: str
	role: str
	topics: tuple[str, ...]
	origins: tuple[Origin, ...]
	script: str | None = None
	questionnaire: str | None = None
	first_contact: bool = False
	held: bool = False
	reasons: frozenset[str] = frozenset()
	ends: frozenset[date] = frozenset()

	@property
	def order(self) -> tuple[date, str, date, str]:
		"""By date, ties by source name (clinical.md §1), then by the step."""
		origin = self.origins[0]
		return (self.due, origin.source, self.raw, origin.step_id)

	def covers(self, day: date) -> bool:
		return self.start <= day <= self.end
