"""The Chinese rows: `source,translation[,context]`, sorted by source, as Frappe reads them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from tests.contract.app_files import ZH_CSV
from tests.contract.visible_strings import Use

# Names of scores, units and formulas: a Chinese reader sees them as they are.
SAME_IN_CHINESE = {"ICD-10", "LACE", "HOSPITAL", "g/L", "g/dL", "120 g/L = 12 g/dL"}


@dataclass(frozen=True, order=True)
class Row:
	source: str
	context: str
	translation: str


def read_rows(path: Path = ZH_CSV) -> list[Row]:
	with path.open(encoding="utf-8", newline="") as stream:
		return [_row(columns) for columns in csv.reader(stream) if columns]


def _row(columns: list[str]) -> Row:
	if len(columns) not in (2, 3):
		raise ValueError(f"2 or 3 columns expected, {len(columns)} found: {columns}")
	return Row(columns[0], columns[2] if len(columns) == 3 else "", columns[1])


def written(rows: list[Row]) -> str:
	"""The file's text: each row once (the first translation wins), sorted by source, then context."""
	first: dict[tuple[str, str], Row] = {}
	for row in rows:
		first.setdefault((row.source, row.context), row)
	stream = io.StringIO()
	writer = csv.writer(stream, lineterminator="\n")
	for row in sorted(first.values()):
		writer.writerow(
			[row.source, row.translation, row.context] if row.context else [row.source, row.translation]
		)
	return stream.getvalue()


def missing(rows: list[Row], uses: list[Use]) -> list[Use]:
	"""Uses that a Chinese reader would see in English."""
	known = {(row.source, row.context) for row in rows}
	return [
		use
		for use in uses
		if use.text not in SAME_IN_CHINESE and not known & {(use.text, use.context or ""), (use.text, "")}
	]


def orphans(rows: list[Row], uses: list[Use]) -> list[Row]:
	"""Rows that translate nothing any more."""
	texts = {use.text for use in uses}
	with_context = {(use.text, use.context) for use in uses}
	return [
		row
		for row in rows
		if ((row.source, row.context) not in with_context if row.context else row.source not in texts)
	]
