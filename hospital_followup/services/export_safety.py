"""Spreadsheets that cannot run what somebody typed into a field.

A spreadsheet program takes a text that begins with one of these signs for a formula, which may fetch a page or start a
program (OWASP, "CSV Injection"). Such a text gets an apostrophe in front; numbers stay numbers. The finished file is
looked at, not the data it is made of, because Frappe still takes HTML out of the texts on the way.
"""

from __future__ import annotations

import re
from io import BytesIO

from openpyxl import load_workbook

MARK = "'"
#: The signs in their usual and their full-width form, after white space that programs drop; or a tab or line break.
FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200d\u2060\ufeff]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def neutral(text: str) -> str:
	"""The text, marked as text where a spreadsheet program would calculate it."""
	return MARK + text if FORMULA.match(text) else text


def neutral_csv(content: str, delimiter: str = ",") -> str:
	"""The same table with every text neutral, nothing else changed. What is quoted is text, unless told otherwise."""
	bare = rf"[^{re.escape(delimiter)}\r\n\"]+"
	return re.sub(rf'"((?:[^"]|"")*)"|({bare})', _neutral_field, content)


def neutral_xlsx(content: bytes) -> bytes:
	"""The same workbook with every text and everything that became a formula neutral."""
	# Most tables hold nothing of the kind: looking is cheap and needs no memory.
	looked_at = load_workbook(BytesIO(content), read_only=True)
	if not any(_is_formula(value) for row in looked_at.active.values for value in row):
		return content
	book = load_workbook(BytesIO(content))
	for row in book.active.iter_rows():
		for cell in row:
			if _is_formula(cell.value):
				cell.value = neutral(cell.value)
				cell.data_type = "s"
	file = BytesIO()
	book.save(file)
	return file.getvalue()


def _is_formula(value: object) -> bool:
	return isinstance(value, str) and bool(FORMULA.match(value))


def _neutral_field(found: re.Match[str]) -> str:
	quoted, bare = found.groups()
	if quoted is not None:
		return f'"{neutral(quoted)}"'
	return bare if NUMBER.fullmatch(bare) else neutral(bare)
