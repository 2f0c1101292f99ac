"""A provider that fails again and again is left alone for a while, then tried with one message.

The pattern is Nygard's circuit breaker (Release It!, 2nd ed., chapter 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: So many failures in a row open the breaker.
THRESHOLD = 5
PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)


#: Reasons of an answer that are about this one message; with any other the service could not or would not.
ABOUT_THE_MESSAGE = frozenset(
	{"no_such_number", "bad_address", "opted_out", "not_wanted", "content", "template", "address_limit"}
)


@dataclass(frozen=True, slots=True)
class Breaker:
	"""`failures` in a row; while it is open, `retry_at` is when one message may try, `openings` how often it opened."""

	failures: int = 0
	openings: int = 0
	retry_at: datetime | None = None

	def lets_through(self, now: datetime) -> bool:
		return self.retry_at is None or now >= self.retry_at

	def after(self, healthy: bool, now: datetime) -> Breaker:
		"""`healthy`: the provider answered, be it with a refusal of this one message; not when it could not or would not."""
		if healthy:
			return Breaker()
		failures = self.failures + 1
		if failures < THRESHOLD and not self.openings:
			return Breaker(failures)
		pause = min(PAUSE * 2**self.openings, LONGEST_PAUSE) if self.openings < 10 else LONGEST_PAUSE
		return Breaker(failures, self.openings + 1, now + pause)

	def claimed(self, now: datetime) -> Breaker:
		"""While one message tries, the others wait one pause longer: the breaker is half open."""
		return self if self.retry_at is None else Breaker(self.failures, self.openings, now + PAUSE)


def is_healthy(state: str, reason: str | None) -> bool:
	"""Whether an answer (engine.message_ports.SendResult) shows a service that does its work."""
	return state == "accepted" or reason in ABOUT_THE_MESSAGE
