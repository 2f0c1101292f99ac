"""Cutting off what takes too long: one thread per process watches every exchange.

A timer of its own for each would cost more than the rest of the exchange.
"""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable


class Deadlines:
	"""Calls back once a moment has come. The thread begins with the first one, and again in a forked process."""

	def __init__(self) -> None:
		self._changed = threading.Condition()
		self._due: list[tuple[float, int, Callable[[], None]]] = []
		self._number = itertools.count()
		self._thread: threading.Thread | None = None

	def after(self, seconds: float, action: Callable[[], None]) -> None:
		"""Call `action`, which must be quick and harmless when it is no longer wanted, in `seconds`."""
		entry = (time.monotonic() + seconds, next(self._number), action)
		with self._changed:
			heapq.heappush(self._due, entry)
			if self._thread is None or not self._thread.is_alive():
				self._thread = threading.Thread(target=self._watch, name="followup-deadlines", daemon=True)
				self._thread.start()
			elif self._due[0] is entry:
				self._changed.notify()

	def _watch(self) -> None:
		while True:
			with self._changed:
				while not self._due or self._due[0][0] > time.monotonic():
					self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
				_moment, _number, action = heapq.heappop(self._due)
			action()


DEADLINES = Deadlines()


def _begin_anew() -> None:
	"""A fork takes the entries along but neither the thread nor whoever holds its lock."""
	DEADLINES.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_begin_anew)
