"""Several requests at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests


def at_once(*calls: Callable[[], requests.Response]) -> list[requests.Response]:
	"""The answers to `calls`, sent together, in the order of the calls."""
	with ThreadPoolExecutor(len(calls)) as pool:
		return [future.result() for future in [pool.submit(call) for call in calls]]
