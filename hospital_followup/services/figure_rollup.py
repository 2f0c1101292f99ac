"""The roll-up: what was counted on each day, kept ready to be added up.

A day is always counted as a whole, by the queries of `figure_recount`, and replaces what was there: an event that came late,
was changed or taken back needs no arithmetic of its own. Follow-up Daily Figure holds a day per department, person, tier and
channel; Follow-up Daily Total the same per department only. Rows with `closes_on` say how many of the day's contacts have a
window that ends later: they are taken off in a period that ends before (clinical.md §6).
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import blake2b
from typing import Any

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import getdate, now_datetime

from hospital_followup.engine.metrics import MEASURES
from hospital_followup.services import figure_marks
from hospital_followup.services.figure_recount import rows_of
from hospital_followup.services.figure_scope import FIGURE, Scope
from hospital_followup.services.figure_sources import closes_on, sources, tasks
from hospital_followup.services.runs import Run
from hospital_followup.services.writer import insert_rows

TOTAL = "Follow-up Daily Total"
PLACE = ("company", "department")
DETAIL = (*PLACE, "staff", "risk_tier", "channel")
#: Measures of contacts whose window ends later, by the measure that they are taken off.
LATER = {
	"planned": "open_tasks",
	"completed": "open_completed",
	"completed_in_window": "open_in_window",
	"skipped": "open_skipped",
	"missed": "open_missed",
	"informed": "open_informed",
	"tasks_attempted": "open_attempted",
	"tasks_reached": "open_reached",
}
STORED = tuple(name for name in MEASURES if name not in LATER.values())
COLUMNS = (*STORED, *LATER.values())
#: Days counted in one transaction.
DAYS_AT_ONCE = 20

#: Day, the dimensions, and the end of the window (None for everything else).
Cell = tuple[Any, ...]
Cells = dict[Cell, dict[str, int]]


def count_marked(record: Run) -> None:
	"""Count every day again that has changed, some days per transaction; what changes meanwhile is left for the next run."""
	while days := record.transaction(count_some):
		record.done(days)


def prove(record: Run) -> None:
	"""Count every day of the past and the future again, and repair those that differ from the roll-up.

	A day that differs is a defect of a writer that did not mark it: it is noted as failed, with its date. A month that cannot
	be counted is noted, and the months before it are proven all the same.
	"""
	for start, end in _months():
		record.stage("figures", partial(record.transaction, partial(_prove, record, start, end)))


def write_days(days: Collection[date]) -> None:
	"""Count `days` in the records and replace their rows."""
	if not days:
		return
	cells = counted(min(days), max(days), days)
	_delete(days)
	_insert(FIGURE, DETAIL, cells)
	_insert(TOTAL, PLACE, totalled(cells))


def counted(start: date, end: date, days: Collection[date] | None = None) -> Cells:
	"""What the records say about the days of the period, by day, place, person, tier and channel."""
	cells: Cells = defaultdict(lambda: defaultdict(int))
	scope = Scope(start, end)
	for source in sources():
		known = tuple(name for name in DETAIL if name in source.dimensions)
		for row in rows_of(source, scope, ("date", *known), days):
			cell = (row["date"], *(row.get(name) or None for name in DETAIL), None)
			_add(cells[cell], {name: row[name] for name in source.measures})
	source = tasks()
	later = closes_on(source.table)
	open_later = replace(
		source,
		base=source.base & (later > source.day),
		dimensions={**source.dimensions, "closes_on": later},
		measures={name: source.measures[name] for name in LATER},
		own=source.own | {"closes_on"},
	)
	for row in rows_of(open_later, scope, ("date", *DETAIL, "closes_on"), days):
		cell = (row["date"], *(row[name] or None for name in DETAIL), getdate(row["closes_on"]))
		_add(cells[cell], {LATER[name]: row[name] for name in LATER})
	return {cell: dict(numbers) for cell, numbers in cells.items() if any(numbers.values())}


def totalled(cells: Cells) -> Cells:
	"""The same, by day and place only."""
	totals: Cells = defaultdict(lambda: defaultdict(int))
	for (day, company, department, *_others, closes), numbers in cells.items():
		_add(totals[day, company, department, closes], numbers)
	return totals


def stored(doctype: str, dimensions: tuple[str, ...], start: date, end: date) -> Cells:
	"""What the roll-up holds about the days of the period."""
	table = frappe.qb.DocType(doctype)
	groups = [table[name] for name in ("date", *dimensions, "closes_on")]
	query = frappe.qb.from_(table).select(*groups, *[Sum(table[name]).as_(name) for name in COLUMNS])
	cells: Cells = {}
	for row in query.where(table.date[start:end]).groupby(*groups).run(as_dict=True):
		cell = (row.date, *(row[name] or None for name in dimensions), row.closes_on)
		cells[cell] = {name: int(row[name]) for name in COLUMNS if row[name]}
	return cells


def count_some() -> int:
	"""Count the earliest marked days and take exactly the marks away that were read; returns how many days.

	The lock comes first: this transaction's view of the records begins after it, so that of two dispatchers the second sees
	all that the first one saw. It must therefore begin a transaction.
	"""
	_lock()
	table = frappe.qb.DocType(figure_marks.MARK)
	marks = frappe.qb.from_(table).select(table.name, table.day).orderby(table.day).run()
	days = sorted({day for _name, day in marks})[:DAYS_AT_ONCE]
	write_days(days)
	# Last: until the commit that follows at once, nobody else may write beside the rows that go.
	names = [name for name, day in marks if day in days]
	for start in range(0, len(names), figure_marks.NAMES_PER_STATEMENT):
		part = names[start : start + figure_marks.NAMES_PER_STATEMENT]
		frappe.qb.from_(table).delete().where(table.name.isin(part)).run()
	return len(days)


def _prove(record: Run, start: date, end: date) -> None:
	_lock()
	waiting = figure_marks.pending(start, end)
	cells = counted(start, end)
	wrong = _differing(cells, stored(FIGURE, DETAIL, start, end))
	wrong |= _differing(totalled(cells), stored(TOTAL, PLACE, start, end))
	wrong -= waiting
	write_days(wrong)
	for day in sorted(wrong):
		record.failed("figures_repaired", message=str(day))


def _differing(one: Cells, other: Cells) -> set[date]:
	"""Days on which two roll-ups do not hold the same; a number that is not there is 0."""
	left, right = ({key: _filled(numbers) for key, numbers in cells.items()} for cells in (one, other))
	return {key[0] for key in {*left, *right} if left.get(key, {}) != right.get(key, {})}


def _filled(numbers: dict[str, int]) -> dict[str, int]:
	return {name: number for name, number in numbers.items() if number}


def _months() -> Iterator[tuple[date, date]]:
	"""The months in which something is counted, or was, as first and last days; the newest first.

	Only months that occur: a day mistyped by centuries costs one month, not all those between.
	"""
	days = figure_marks.every_day()
	for doctype in (FIGURE, TOTAL):
		table = frappe.qb.DocType(doctype)
		days.update(frappe.qb.from_(table).select(table.date).distinct().run(pluck=True))
	for year, month in sorted({(day.year, day.month) for day in days}, reverse=True):
		yield date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _lock() -> None:
	"""One counter at a time: the row of the doctype itself, which nobody else writes but a migration."""
	table = frappe.qb.DocType("DocType")
	frappe.qb.from_(table).select(table.name).where(table.name == FIGURE).for_update().run()


def _delete(days: Iterable[date]) -> None:
	for doctype in (FIGURE, TOTAL):
		frappe.db.delete(doctype, {"date": ("in", sorted(days))})


def _insert(doctype: str, dimensions: tuple[str, ...], cells: Cells) -> None:
	counted_at = now_datetime()
	rows = []
	for cell, numbers in cells.items():
		day, *values, closes = cell
		place = dict(zip(dimensions, values, strict=True))
		key = blake2b(repr(cell).encode(), digest_size=16).hexdigest()
		rows.append(
			{
				# Random names of ten digits would meet among a million rows; what a row stands for is unique.
				"name": key,
				"key": key,
				"date": day,
				**place,
				"closes_on": closes,
				"counted_at": counted_at,
				**{column: numbers.get(column, 0) for column in COLUMNS},
			}
		)
	insert_rows(doctype, rows)


def _add(numbers: dict[str, int], more: dict[str, Any]) -> None:
	for name, number in more.items():
		numbers[name] += int(number or 0)
