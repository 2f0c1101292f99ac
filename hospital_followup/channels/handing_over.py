"""Many messages to their services at the same time: threads that know nothing of Frappe and keep nothing.

A service that stops answering is left alone at once: what has not been tried by then is not tried.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from hospital_followup.engine.breaker import Breaker, is_healthy
from hospital_followup.engine.message_ports import Delivery, MessageProvider, OutgoingMessage, SendResult

#: Waiting for a service costs no time of the processor, and a hospital's account allows few requests at once.
THREADS = 8

Asked = SendResult | Delivery | None
Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Letter:
	"""One message, and which provider is to carry it."""

	name: str
	provider: str
	message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class Question:
	"""A message of which nobody knows what became; `to` is an address."""

	name: str
	provider: str
	reference: str
	provider_id: str | None
	sent_on: datetime
	to: str = field(repr=False)


@dataclass(slots=True)
class Watch:
	"""Breakers of one group, and what they have seen, in the order of the answers."""

	breakers: dict[str, Breaker]
	now: datetime
	seen: list[tuple[str, bool]] = field(default_factory=list)
	_lock: threading.Lock = field(default_factory=threading.Lock)

	def lets_through(self, provider: str) -> bool:
		with self._lock:
			return self._breaker(provider).lets_through(self.now)

	def note(self, provider: str, healthy: bool) -> None:
		"""Failures of requests that were on their way when the breaker opened say nothing new."""
		with self._lock:
			breaker = self._breaker(provider)
			if healthy or breaker.lets_through(self.now):
				self.breakers[provider] = breaker.after(healthy, self.now)
				self.seen.append((provider, healthy))

	def _breaker(self, provider: str) -> Breaker:
		return self.breakers.get(provider) or Breaker()


class Pool:
	"""The threads of one job; ends with the block."""

	def __init__(self, threads: int = THREADS) -> None:
		self._pool = ThreadPoolExecutor(threads, thread_name_prefix="followup-sender")

	def __enter__(self) -> Pool:
		return self

	def __exit__(self, *_error: object) -> None:
		self._pool.shutdown()

	def send(
		self, letters: Iterable[Letter], providers: Mapping[str, MessageProvider], watch: Watch, until: float
	) -> dict[str, SendResult | None]:
		"""What became of each letter by name; None for one that was not tried.

		`until`: after this moment of `time.monotonic` none is begun any more, because its lease would run out.
		"""

		def one(letter: Letter) -> tuple[str, SendResult | None]:
			if time.monotonic() >= until or not watch.lets_through(letter.provider):
				return letter.name, None
			result = _sent(providers[letter.provider], letter.message)
			watch.note(letter.provider, is_healthy(result.state, result.reason))
			return letter.name, result

		return dict(self._all(one, letters))

	def ask(
		self, questions: Iterable[Question], providers: Mapping[str, MessageProvider], until: float
	) -> dict[str, Asked]:
		"""What each service says by name of the message; None when it cannot be asked or time is over."""

		def one(question: Question) -> tuple[str, Asked]:
			if time.monotonic() >= until:
				return question.name, SendResult("uncertain", reason="no_answer")
			return question.name, asked(providers[question.provider], question)

		return dict(self._all(one, questions))

	def _all(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
		return list(self._pool.map(work, tasks))


def asked(provider: MessageProvider, question: Question) -> Asked:
	"""One question, answered in this thread."""
	return provider.ask(question.reference, question.provider_id, question.sent_on, question.to)


def _sent(provider: MessageProvider, message: OutgoingMessage) -> SendResult:
	try:
		return provider.send(message)
	except Exception as error:
		# An adapter that breaks its promise not to raise may have sent; the error's text may hold what was sent.
		return SendResult("uncertain", code=type(error).__name__, reason="unreadable")
