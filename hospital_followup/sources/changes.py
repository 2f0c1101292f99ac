"""Which of a source's values are news: the hospital's system changed them since we last read it.

Staff correct what a source gave: a number after a call, a diagnosis after reading the letter. Reading the source again
must not undo that, yet a change at the source must arrive. So each document keeps a digest of what the source said last:
a value counts as news only when the source itself has changed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

Values = Mapping[str, Any]


def news(source: Values, ours: Values, digest: str | None) -> tuple[dict[str, Any], str]:
	"""The values of `source` to take over into `ours`, and the new digest.

	A value that this source gives for the first time fills an empty field only. A value that the source has emptied
	empties ours unless staff changed ours. None and empty mean that the source does not know.
	"""
	former = _parse(digest)
	taken = {}
	for field, value in source.items():
		mark = _mark(value)
		if field not in former:
			if mark and not _mark(ours.get(field)):
				taken[field] = value
		elif mark != former[field] and (mark or _mark(ours.get(field)) == former[field]):
			taken[field] = value
	marks = {**former, **{field: _mark(value) for field, value in source.items()}}
	return taken, " ".join(f"{field}:{marks[field]}" for field in sorted(marks))


def _mark(value: Any) -> str:
	"""A short digest of a value; empty for a value that is unknown."""
	if value is None or value == "" or value == []:
		return ""
	return sha256(repr(_plain(value)).encode()).hexdigest()[:8]


def _plain(value: Any) -> Any:
	"""Dates, numbers and rows as text, so that a value read back from the database has the digest it was written with."""
	if isinstance(value, list):
		return [_plain(row) for row in value]
	if isinstance(value, Mapping):
		return [_plain(item) for item in value.values()]
	if isinstance(value, bool):
		return str(int(value))
	return "" if value is None else str(value)


def _parse(digest: str | None) -> dict[str, str]:
	return dict(part.split(":", 1) for part in (digest or "").split())
