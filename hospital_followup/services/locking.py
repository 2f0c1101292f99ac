"""Rows by name: many at once, locked, or only those that nobody else is working on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe

LOCK, FREE = " FOR UPDATE", " FOR UPDATE SKIP LOCKED"


def rows(doctype: str, fields: Sequence[str], names: Iterable[str], *, lock: str = "") -> list[frappe._dict]:
	"""`fields` of the documents `names`, in the order of their names; with LOCK as committed now and held until the end of the
	transaction, with FREE only those that nobody else holds.

	Locked by name, never by a range: a lock on a range would hold up whoever writes a new row into it.
	"""
	wanted = sorted(set(names))
	if not wanted:
		return []
	columns = ", ".join(f"`{field}`" for field in fields)
	marks = ", ".join(["%s"] * len(wanted))
	statement = f"SELECT {columns} FROM `tab{doctype}` WHERE `name` IN ({marks}) ORDER BY `name`"
	if frappe.db.db_type == "sqlite":
		lock = ""  # it has one writer at a time, and no locks on rows
	try:
		return _run(statement + lock, wanted)
	except Exception as error:
		if lock != FREE or not frappe.db.is_syntax_error(error):
			raise
		return _run(statement + LOCK, wanted)  # MariaDB before 10.6: the second one waits instead


def _run(statement: str, values: Sequence[str]) -> list[frappe._dict]:
	return frappe.db.sql(statement, values, as_dict=True)  # reason: 4 x faster than the builder
