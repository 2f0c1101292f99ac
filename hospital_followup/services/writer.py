"""Rows into tables, many at a time.

Planning writes thousands of documents that no person typed: the documents' own hooks would cost far more than the
rows. One multi-row INSERT per chunk keeps bulk planning at the speed of the database, on every database that
Frappe supports; the caller fires one hook for the whole batch (`followup_planned`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import frappe
from frappe.utils import now

from hospital_followup.services import figure_marks

Row = dict[str, Any]

# MariaDB's default max_allowed_packet is 16 MB; 500 task rows are about 0.3 MB. SQLite allows 32,766 parameters.
ROWS_PER_STATEMENT = 500
MAX_PARAMETERS = 30_000
NAMES_PER_STATEMENT = 1_000
# 56 bits: among a million rows two names are equal once in 100,000 tables; with Frappe's own 40 bits in every third.
NAME_LENGTH = 14
# A CASE is searched from its start for every row, so short ones are faster than long ones.
ROWS_PER_UPDATE = 100


def new_names(count: int) -> list[str]:
	"""`count` fresh document names like those that `autoname: hash` gives, long enough to be unlike a million others."""
	return [frappe.generate_hash(length=NAME_LENGTH) for _ in range(count)]


def insert_rows(doctype: str, rows: Sequence[Row], *, docstatus: int = 0) -> None:
	"""Insert `rows` (all with the same keys, `name` among them) into the table of `doctype`.

	Raises the database's own unique-key error when a row exists already: uniqueness is kept by the database, so the
	caller runs this under a savepoint.
	"""
	if not rows:
		return
	stamp, user = now(), frappe.session.user
	standard = {
		"creation": stamp,
		"modified": stamp,
		"owner": user,
		"modified_by": user,
		"docstatus": docstatus,
	}
	fields = list(rows[0])
	columns = ", ".join(f"`{column}`" for column in [*standard, *fields])
	marks = "(" + ", ".join(["%s"] * (len(standard) + len(fields))) + ")"
	head = f"INSERT INTO `tab{doctype}` ({columns}) VALUES "
	fixed = list(standard.values())
	per_statement = min(ROWS_PER_STATEMENT, MAX_PARAMETERS // (len(standard) + len(fields)))
	for chunk in chunks(rows, per_statement):
		values: list[Any] = []
		for row in chunk:
			values += fixed
			values += row.values()
		statement = head + ", ".join([marks] * len(chunk))
		frappe.db.sql(statement, values)  # reason: 3-4 x faster than the query builder
	figure_marks.rows_inserted(doctype, rows)


def insert_new(doctype: str, rows: Sequence[Row]) -> bool:
	"""Whether the rows are in now; False, and nothing written, when one of them was there already by its unique key."""
	point = "followup_insert"
	frappe.db.savepoint(point)
	try:
		insert_rows(doctype, rows)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		frappe.db.rollback(save_point=point)
		return False
	frappe.db.release_savepoint(point)
	return True


def insert_children(
	doctype: str, parenttype: str, parentfield: str, rows_by_parent: Mapping[str, Sequence[Row]]
) -> None:
	"""Insert child rows for many parents at once; every row must have the same keys."""
	flat: list[Row] = []
	for parent, rows in rows_by_parent.items():
		for index, row in enumerate(rows, start=1):
			flat.append(
				{
					"name": frappe.generate_hash(length=NAME_LENGTH),
					"parent": parent,
					"parenttype": parenttype,
					"parentfield": parentfield,
					"idx": index,
					**row,
				}
			)
	insert_rows(doctype, flat)


def delete_children(doctype: str, parents: Iterable[str]) -> None:
	"""Delete all child rows of the given parents."""
	for names in chunks(list(parents), NAMES_PER_STATEMENT):
		frappe.db.delete(doctype, {"parent": ("in", names)})


def update_rows(doctype: str, changes: Mapping[str, Row]) -> None:
	"""Write field values per document name, leaving `modified` alone: no person edited these documents.

	Documents with the same values share one statement; the rest are written many at a time, each field as one CASE.
	"""
	figure_marks.rows_changed(doctype, list(changes), {field for row in changes.values() for field in row})
	by_values: defaultdict[tuple[tuple[str, Any], ...], list[str]] = defaultdict(list)
	for name, values in changes.items():
		by_values[tuple(values.items())].append(name)
	by_fields: defaultdict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
	for items, names in by_values.items():
		if len(names) > 1 or len(by_values) == 1:
			_set_values(doctype, names, dict(items))
		else:
			by_fields[tuple(field for field, _value in items)][names[0]] = dict(items)
	for fields, rows in by_fields.items():
		for part in chunks(list(rows.items()), ROWS_PER_UPDATE):
			_update_part(doctype, fields, part)


def _update_part(doctype: str, fields: Sequence[str], rows: Sequence[tuple[str, Row]]) -> None:
	branches = " ".join(["WHEN %s THEN %s"] * len(rows))
	assignments = ", ".join(f"`{field}` = CASE `name` {branches} END" for field in fields)
	marks = ", ".join(["%s"] * len(rows))
	values: list[Any] = []
	for field in fields:
		for name, row in rows:
			values += (name, row[field])
	values += (name for name, _row in rows)
	statement = f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` IN ({marks})"
	frappe.db.sql(statement, values)  # reason: 6 x faster than the query builder


def set_values(doctype: str, names: Iterable[str], values: Row) -> None:
	"""Write the same `values` into many documents, leaving `modified` alone."""
	wanted = list(names)
	figure_marks.rows_changed(doctype, wanted, values)
	_set_values(doctype, wanted, values)


def _set_values(doctype: str, names: Sequence[str], values: Row) -> None:
	assignments = ", ".join(f"`{field}` = %s" for field in values)
	for part in chunks(names, NAMES_PER_STATEMENT):
		marks = ", ".join(["%s"] * len(part))
		statement = f"UPDATE `tab{doctype}` SET {assignments} WHERE `name` IN ({marks})"
		frappe.db.sql(statement, [*values.values(), *part])  # reason: 4 x faster than the query builder


def chunks(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
	"""`items` in lists of at most `size`."""
	iterator = iter(items)
	while part := list(islice(iterator, size)):
		yield part
