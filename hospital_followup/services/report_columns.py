"""Columns of a report, one line each; a number may say which records are behind it."""

from __future__ import annotations

from typing import Any

Column = dict[str, Any]
Row = dict[str, Any]


def column(
	fieldname: str,
	label: str,
	fieldtype: str = "Data",
	width: int = 120,
	options: str | None = None,
	**more: Any,
) -> Column:
	"""A column as Frappe's query reports want it. `label` is already in the reader's language."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"width": width,
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
