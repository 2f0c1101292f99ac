"""Rows that nobody else is working on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe


def free_rows(doctype: str, fields: Sequence[str], names: Iterable[str]) -> list[frappe._dict]:
	"""The rows `names` as committed now, locked until the end of the transaction; those that others hold are left out.

	Locked by name, never by a range: a lock on a range would hold up whoever writes a new row into it.
	"""
	wanted = sorted(set(names))
	if not wanted:
		return []
	table = frappe.qb.DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(*[table[field] for field in fields])
		.where(table.name.isin(wanted))
		.orderby(table.name)
	)
	try:
		return query.for_update(skip_locked=True).run(as_dict=True)
	except Exception as error:
		if not frappe.db.is_syntax_error(error):
			raise
		return query.for_update().run(as_dict=True)  # MariaDB before 10.6: the second one waits instead
