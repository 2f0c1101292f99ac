"""The roll-up, brought up to date inside a test's own transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from hospital_followup.services import figure_marks, figure_rollup
from hospital_followup.services.figure_rollup import DETAIL, PLACE, TOTAL
from hospital_followup.services.figure_scope import FIGURE

#: Everything that any test writes.
ALWAYS = (date(1990, 1, 1), date(2100, 1, 1))


def roll_up() -> int:
	"""What the dispatcher's step does, without its commits; returns how many days were counted."""
	figure_marks.flush()
	counted = 0
	while days := figure_rollup.count_some():
		counted += days
	return counted


def differences() -> list[tuple[str, Any, Any, Any]]:
	"""Where the roll-up does not hold what the records say: (table, cell, in the records, in the roll-up)."""
	cells = figure_rollup.counted(*ALWAYS)
	found = []
	for doctype, dimensions, right in (
		(FIGURE, DETAIL, cells),
		(TOTAL, PLACE, figure_rollup.totalled(cells)),
	):
		stored = figure_rollup.stored(doctype, dimensions, *ALWAYS)
		for cell in {*right, *stored}:
			one, other = ({k: v for k, v in side.get(cell, {}).items() if v} for side in (right, stored))
			if one != other:
				found.append((doctype, cell, one, other))
	return found
