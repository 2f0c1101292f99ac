"""Access tokens: fetched once, kept until shortly before they expire, fetched by one at a time.

Both WeChat's stable token and WeCom's token stay the same while they are valid, however often they are asked for, so every
process may keep its own; a hospital with very many short-lived workers can pass a shared store instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

#: WeChat hands out the next token five minutes before the end and honours both meanwhile.
EARLY_SECONDS = 300


class TokenStore(Protocol):
	"""Where tokens are kept between messages."""

	def get(self, key: str) -> str | None: ...

	def put(self, key: str, token: str, seconds: int) -> None:
		"""Keep `token`, which its service said is good for `seconds`."""
		...

	def drop(self, key: str, token: str) -> None:
		"""Forget `token` if it is still the one that is kept."""
		...

	def lock(self, key: str) -> AbstractContextManager[object]:
		"""Held while a token is fetched."""
		...


class ProcessTokens:
	"""Tokens of this process, for all its threads."""

	def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
		self._clock = clock
		self._kept: dict[str, tuple[str, float]] = {}
		self._locks: dict[str, threading.Lock] = {}
		self._own = threading.Lock()

	def get(self, key: str) -> str | None:
		with self._own:
			token, until = self._kept.get(key, ("", 0.0))
			return token if token and self._clock() < until else None

	def put(self, key: str, token: str, seconds: int) -> None:
		with self._own:
			self._kept[key] = (token, self._clock() + max(0, seconds - EARLY_SECONDS))

	def drop(self, key: str, token: str) -> None:
		with self._own:
			if self._kept.get(key, ("", 0.0))[0] == token:
				del self._kept[key]

	def lock(self, key: str) -> AbstractContextManager[object]:
		with self._own:
			return self._locks.setdefault(key, threading.Lock())


TOKENS = ProcessTokens()
