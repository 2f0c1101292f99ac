"""Message services for whole runs of the outbox: they take any text, count under a lock, and answer when they are told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from tests.providers.services.aliyun import AliyunService
from tests.providers.services.twilio import TwilioService
from tests.providers.stubs import Handler, Mood, Said, Seen, well


class Forgetful(TwilioService):
	"""Knows a message by its own number only: when the answer was lost it cannot be asked."""

	text = None

	def __init__(self) -> None:
		super().__init__()
		self._lock = threading.Lock()

	def handle(self, seen: Seen) -> Said:
		with self._lock:
			return super().handle(seen)


class Mindful(AliyunService):
	"""Keeps our reference: it can be asked what became of a message whose answer was lost."""

	variables = frozenset({"name"})

	def __init__(self) -> None:
		super().__init__()
		self._lock = threading.Lock()

	def handle(self, seen: Seen) -> Said:
		with self._lock:
			return super().handle(seen)


class Held:
	"""A mood: takes every message at once and answers only after `answer()`; the first `at_once` are answered at once."""

	def __init__(self, at_once: int = 0) -> None:
		self.taken = 0
		self._at_once = at_once
		self._lock = threading.Lock()
		self._may_answer = threading.Event()

	def __call__(self, handler: Handler, act: Callable[[], Said]) -> None:
		said = act()
		with self._lock:
			self.taken += 1
			waits = self.taken > self._at_once
		while waits and not self._may_answer.wait(0.05) and not handler.server.stub.over.is_set():
			continue
		handler.say(said)

	def answer(self) -> None:
		self._may_answer.set()


class InTurn:
	"""A mood: the first message meets the first of `moods`, the next one the next; then the service is well."""

	def __init__(self, moods: Sequence[Mood]) -> None:
		self._moods = list(moods)
		self._lock = threading.Lock()

	@property
	def left(self) -> int:
		return len(self._moods)

	def __call__(self, handler: Handler, act: Callable[[], Said]) -> None:
		with self._lock:
			mood = self._moods.pop(0) if self._moods else well
		mood(handler, act)
