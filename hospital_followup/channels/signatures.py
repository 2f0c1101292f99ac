"""Secrets compared in constant time, and the age of a signed request."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

#: How far the clock of a signed request may be from ours, either way.
WINDOW_SECONDS = 300


def same(given: str | None, expected: str) -> bool:
	"""Whether two secrets are equal; never when one of them is empty."""
	return bool(given and expected) and hmac.compare_digest(_bytes(given or ""), _bytes(expected))


def _bytes(text: str) -> bytes:
	"""A header may hold characters that no encoding has; it is wrong then, not a reason to fail."""
	return text.encode(errors="backslashreplace")


def hmac_sha256(key: bytes, message: str | bytes) -> bytes:
	signed = message if isinstance(message, bytes) else message.encode()
	return hmac.new(key, signed, hashlib.sha256).digest()


def sha256(message: bytes) -> str:
	return hashlib.sha256(message).hexdigest()


def recent(timestamp: str | None, now: datetime, window: int = WINDOW_SECONDS) -> bool:
	"""Whether `timestamp`, in seconds since 1970, lies within `window` seconds of `now`."""
	if not timestamp or not (timestamp.isascii() and timestamp.isdecimal()) or len(timestamp) > 12:
		return False
	return abs(int(timestamp) - now.timestamp()) <= window
