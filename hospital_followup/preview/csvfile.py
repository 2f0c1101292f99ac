"""CSV as hospitals export it: several encodings and separators, and rows that must not take others with them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hospital_followup.preview.language import BadValue, Unusable

_SEPARATORS = (",", ";", "\t")
_LINE = re.compile(r"\r\n|\n|\r")
_MARKS = (
	(codecs.BOM_UTF8, "utf-8-sig"),
	(codecs.BOM_UTF16_LE, "utf-16"),
	(codecs.BOM_UTF16_BE, "utf-16"),
)
# How Excel's own files begin, the present and the old ones.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Only what Chinese keyboards produce; Unicode's own folding would also read 5² as 52.
_HALF_WIDTH = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
# A cell of more lines than this is a quotation mark that somebody forgot to close.
_LONGEST_CELL = 1000


@dataclass(frozen=True, slots=True)
class Row:
	"""`line`: where the row starts, the header being line 1. `problem`: why it cannot be read, and in which column."""

	line: int
	cells: Mapping[str, str]
	problem: tuple[str, BadValue] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
	"""`unused`: header cells that name no known column."""

	columns: tuple[str, ...]
	unused: tuple[str, ...]
	rows: tuple[Row, ...]


def read_sheet(path: str, recognise: Callable[[str], str | None], required: Sequence[str]) -> Sheet:
	"""Read a file whose header cells `recognise` turns into column names; raises Unusable."""
	texts = list(_decode(path, read_bytes(path)))
	if not any(text.strip() for text in texts):
		raise Unusable("empty_file", path)
	# The encoding and separator under which the header makes most sense; the likelier ones come first.
	text, separator, known = max(
		((text, mark, _known(text, mark, recognise)) for text in texts for mark in _SEPARATORS),
		key=lambda reading: len(set(reading[2]) & set(required)) * 1000 + len(set(reading[2])),
	)
	missing = [column for column in required if column not in known]
	if missing:
		raise Unusable("missing_columns", path, ", ".join(missing))
	twice = next((column for column in known if known.count(column) > 1), None)
	if twice:
		raise Unusable("column_twice", path, twice)
	records = _records(text, separator)
	header = next((record for record in records if any(record.cells)), None)
	if header is None:  # nothing but quotation marks
		raise Unusable("empty_file", path)
	names = [recognise(cell) for cell in header.cells]
	unused = tuple(
		cell.strip() for cell, name in zip(header.cells, names, strict=True) if not name and cell.strip()
	)
	rows = tuple(_row(record, names) for record in records if record.broken or any(record.cells))
	return Sheet(tuple(known), unused, rows)


def read_bytes(path: str) -> bytes:
	"""Raises Unusable with what is wrong, in words."""
	try:
		return Path(path).read_bytes()
	except (OSError, ValueError) as error:
		raise Unusable("cannot_read", path, why(error)) from error


def why(error: Exception) -> Unusable:
	kinds: dict[type[Exception], str] = {
		FileNotFoundError: "not_there",
		NotADirectoryError: "not_there",
		IsADirectoryError: "is_folder",
		PermissionError: "not_allowed",
	}
	return Unusable(kinds.get(type(error), "system_error"))


def plain(cell: str) -> str:
	"""Without the full-width forms, spaces at the ends and differences of case that people do not see."""
	return cell.translate(_HALF_WIDTH).strip(" \t\r\n\ufeff\u200b").casefold()


def _decode(path: str, content: bytes) -> Iterator[str]:
	"""The readings that the bytes allow, the likeliest first."""
	if content.startswith(_WORKBOOKS):
		raise Unusable("workbook", path)
	for mark, encoding in _MARKS:
		if content.startswith(mark):
			try:
				yield content.decode(encoding)
			except UnicodeDecodeError as error:
				raise Unusable("no_text", path) from error
			return
	# UTF-16 without a mark is full of zero bytes; the header then tells the byte order.
	encodings = ("utf-8", "gb18030", *(("utf-16-le", "utf-16-be") if b"\0" in content else ()))
	readings = 0
	for encoding in encodings:
		try:
			text = content.decode(encoding)
		except UnicodeDecodeError:
			continue
		readings += 1
		yield text
	if not readings:
		raise Unusable("no_text", path)


def _known(text: str, separator: str, recognise: Callable[[str], str | None]) -> list[str]:
	for record in _records(text, separator):
		if any(record.cells):
			return [name for name in map(recognise, record.cells) if name]
	return []


@dataclass(frozen=True, slots=True)
class _Record:
	line: int
	cells: list[str]
	broken: bool = False


def _row(record: _Record, names: Sequence[str | None]) -> Row:
	cells = {name: cell.strip() for name, cell in zip(names, record.cells, strict=False) if name}
	if record.broken:
		place = min(len(record.cells), len(names)) - 1
		return Row(record.line, cells, (names[place] or "", BadValue("open_quote")))
	if any(cell.strip() for cell in record.cells[len(names) :]):
		problem = BadValue("extra_cells", len(record.cells), len(names))
		return Row(record.line, cells, (str(len(names) + 1), problem))
	return Row(record.line, cells)


def _records(text: str, separator: str) -> Iterator[_Record]:
	"""Rows with the line they start in. A row with a stray quotation mark ends with its own line."""
	lines = _LINE.split(text)
	place = 0
	while place < len(lines):
		line = lines[place]
		if '"' not in line:
			yield _Record(place + 1, [cell.strip() for cell in line.split(separator)])
			place += 1
			continue
		cells, used = _quoted(lines, place, separator)
		if used:
			yield _Record(place + 1, cells)
		else:
			yield _Record(place + 1, cells, broken=True)
		place += used or 1


def _quoted(lines: Sequence[str], first: int, separator: str) -> tuple[list[str], int]:
	"""The cells of a row with quotation marks and how many lines it takes; 0 lines when the marks do not match."""
	cells: list[str] = []
	place, line, at = first, lines[first], 0
	while True:
		start = at
		while start < len(line) and line[start] == " ":
			start += 1
		if start == len(line) or line[start] != '"':
			end = line.find(separator, at)
			cells.append((line[at:] if end < 0 else line[at:end]).strip())
			if end < 0:
				return cells, place - first + 1
			at = end + 1
			continue
		cell, at = [], start + 1
		while True:
			end = line.find('"', at)
			if end < 0:
				cell += [line[at:], "\n"]
				place, at = place + 1, 0
				if place == len(lines) or place - first >= _LONGEST_CELL:
					return [*cells, ""], 0
				line = lines[place]
			elif line[end + 1 : end + 2] == '"':
				cell.append(line[at : end + 1])
				at = end + 2
			else:
				cell.append(line[at:end])
				break
		cells.append("".join(cell).strip())
		at = end + 1
		while at < len(line) and line[at] == " ":
			at += 1
		if at == len(line):
			return cells, place - first + 1
		if line[at] != separator:
			return cells, 0
		at += 1
