"""Reading what strangers send: answers and callbacks of message services, of any size, shape and honesty.

Nothing here raises for a bad input: what cannot be read is None or empty, what is too long is cut. XML with a document type or
an entity is refused, which is why the parser may be the standard one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl
from xml.parsers import expat  # nosec B407

#: Beijing time, which Chinese services write without saying so; without daylight saving since 1991.
CHINA = timezone(timedelta(hours=8))
LONGEST_TEXT = 2000
MOST_FIELDS = 200
MOST_ROWS = 1000
DEEPEST_XML = 8


def json_value(body: bytes | str) -> object:
	"""What a JSON text says; None when it is none."""
	try:
		return json.loads(body)
	except (ValueError, RecursionError):
		return None


def json_object(body: bytes | str) -> dict[str, object]:
	"""A JSON object; empty when the text is anything else."""
	value = json_value(body)
	return value if isinstance(value, dict) else {}


def json_rows(body: bytes | str) -> list[dict[str, object]]:
	"""The objects of a JSON array, or the one object that stands alone."""
	return objects(json_value(body))


def objects(value: object) -> list[dict[str, object]]:
	"""The objects among `value`, whether it is a list or one of them."""
	rows = value if isinstance(value, list) else [value]
	return [row for row in rows[:MOST_ROWS] if isinstance(row, dict)]


def part(values: Mapping[str, object], *path: str) -> object:
	"""The value at the end of `path` through nested objects; None when the path breaks off."""
	found: object = values
	for name in path:
		found = found.get(name) if isinstance(found, dict) else None
	return found


def text(value: object, longest: int = LONGEST_TEXT) -> str:
	"""A string or a number as text without control characters; empty for anything else."""
	if isinstance(value, bool) or not isinstance(value, str | int):
		return ""
	# Python refuses to print integers of more than 4300 digits.
	if isinstance(value, int) and abs(value) >= 10**40:
		return ""
	kept = "".join(c for c in str(value)[: longest * 2] if c in "\n\t" or (c.isprintable() and c != "\ufeff"))
	return kept[:longest].strip()


def identifier(value: object, longest: int = 140) -> str:
	"""An id that a service gives: the signs of numbers, addresses and base64. Empty for anything else, also when it is too long.

	It is kept as it came, shown where nothing is escaped, and compared: neither cut nor mended.
	"""
	found = text(value, longest + 1)
	allowed = found.isascii() and all(c.isalnum() or c in "._:@^/+=-" for c in found)
	return found if allowed and len(found) <= longest else ""


def code(value: object) -> str | None:
	"""An error code: short ASCII without spaces. None for anything else, so that no free text passes for a code."""
	found = text(value, 80)
	allowed = found.isascii() and all(c.isalnum() or c in "._:-/^" for c in found)
	return found if found and allowed else None


def form(body: bytes) -> dict[str, str]:
	"""The fields of a form, the last of each name; empty when it is none or far too large."""
	try:
		pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
	except ValueError:
		return {}
	return dict(pairs)


def xml_fields(body: bytes | str) -> dict[str, str]:
	"""The texts of the elements right below the root; empty when the XML is broken, too deep or has a document type."""
	depth = 0
	fields: dict[str, str] = {}
	words: list[str] = []

	def start(_name: str, _attributes: dict[str, str]) -> None:
		nonlocal depth
		depth += 1
		words.clear()
		if depth > DEEPEST_XML or len(fields) > MOST_FIELDS:
			raise ValueError

	def end(name: str) -> None:
		nonlocal depth
		if depth == 2:
			fields[name] = "".join(words)
		depth -= 1
		words.clear()

	def refuse(*_arguments: object) -> int:
		raise ValueError

	parser = expat.ParserCreate()
	parser.StartElementHandler, parser.EndElementHandler = start, end
	parser.CharacterDataHandler = words.append
	parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
	parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = refuse
	try:
		parser.Parse(body, True)
	except (expat.ExpatError, ValueError, LookupError):
		return {}
	return fields


def unix_time(value: object, otherwise: datetime) -> datetime:
	"""Seconds since 1970; `otherwise` when the value is none or lies outside this century."""
	found = text(value, 20)
	if not (found.isascii() and found.isdecimal()):
		return otherwise
	seconds = int(found)
	# Some services count in milliseconds.
	seconds = seconds // 1000 if seconds > 10**11 else seconds
	return datetime.fromtimestamp(seconds, timezone.utc) if 946684800 <= seconds < 4102444800 else otherwise


def china_time(value: object, otherwise: datetime) -> datetime:
	"""`2026-03-01 10:00:00` or `20260301100000`, Beijing time; `otherwise` when it is neither."""
	found = text(value, 30)
	for shape in ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"):
		try:
			return datetime.strptime(found, shape).replace(tzinfo=CHINA)
		except ValueError:
			continue
	return otherwise


def seconds(value: object) -> int | None:
	"""How long to wait, from a Retry-After header: whole seconds, at most a day; None for anything else."""
	found = text(value, 12)
	return min(int(found), 86400) if found.isascii() and found.isdecimal() else None
