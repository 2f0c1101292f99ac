"""Columns of a report, one line each; a number may say which records are behind it."""

from __future__ import annotations

from typing import Any

Column = dict[str, Any]
Row = dict[str, Any]
#: In pixels: a Chinese sign, a Latin letter, and what the table keeps free around a heading.
WIDE, NARROW, MARGIN = 15, 8, 28
LATIN = 0x2E80


def column(
	fieldname: str,
	label: str,
	fieldtype: str = "Data",
	width: int = 120,
	options: str | None = None,
	**more: Any,
) -> Column:
	"""A column as Frappe's query reports want it, wide enough for `label`, which is in the reader's language already."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"width": max(width, MARGIN + sum(WIDE if ord(sign) > LATIN else NARROW for sign in label)),
		"options": options,
		**more,
	}


def count(fieldname: str, label: str, width: int = 110, *, measure: str | None = None) -> Column:
	"""A number of records. `measure` names the records that a click shows; without it the number leads nowhere."""
	return column(fieldname, label, "Int", width, measure=measure)


def percent(fieldname: str, label: str, width: int = 130) -> Column:
	"""A share in percent with one decimal; empty where nothing can be divided."""
	return column(fieldname, label, "Percent", width, precision=1)


def number(fieldname: str, label: str, width: int = 120) -> Column:
	"""A mean, points or hours with one decimal; empty where there is nothing to take it of."""
	return column(fieldname, label, "Float", width, precision=1)
