"""Charts of the reports, in the shape of Frappe Charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from frappe.utils import escape_html

Chart = dict[str, Any]
NO_VALUE = "–"
#: Told apart by people who see no difference between red and green as well.
COLOURS = ("#2563eb", "#f59e0b", "#0f766e", "#94a3b8")


def chart(
	labels: Sequence[str],
	datasets: Mapping[str, Sequence[float | int | None]],
	*,
	fieldtype: str = "Percent",
	line: bool = False,
	stacked: bool = False,
	mark: tuple[str, float | None] | None = None,
) -> Chart:
	"""Bars, or a line where time runs along the axis. `mark` is a level to compare with: its name and its value.

	Groups of which nothing is known are left out; a chart without any says so. Frappe Charts draws labels as HTML, so they are escaped here.
	"""
	known = [i for i in range(len(labels)) if any(values[i] is not None for values in datasets.values())]
	if not known:
		# Nothing at all would make a dashboard draw the rows in its own way.
		return {"data": {}, "type": "bar"}
	data: dict[str, Any] = {
		"labels": [escape_html(labels[i]) for i in known],
		"datasets": [
			{"name": escape_html(name), "values": [values[i] or 0 for i in known]}
			for name, values in datasets.items()
		],
	}
	if mark and mark[1] is not None:
		data["yMarkers"] = [
			{"label": escape_html(mark[0]), "value": mark[1], "options": {"labelPos": "left"}}
		]
	drawn_as_line = line and len(known) > 2
	return {
		"data": data,
		"type": "line" if drawn_as_line else "bar",
		"colors": list(COLOURS[: len(datasets)]),
		"fieldtype": fieldtype,
		"barOptions": {"stacked": int(stacked), "spaceRatio": 0.5},
		"lineOptions": {"dotSize": 4, "regionFill": 0},
		# The drawing-in swaps the picture, which fails when the page is drawn again meanwhile.
		"animate": 0,
		"disableEntryAnimation": 1,
	}


def summary_item(label: str, value: float | str | None, datatype: str = "Int") -> dict[str, Any]:
	"""One number above the table; a dash where it is not known."""
	if value is None:
		return {"label": label, "value": NO_VALUE, "datatype": "Data"}
	if datatype == "Float":
		return {"label": label, "value": f"{value:.1f}", "datatype": "Data"}
	return {"label": label, "value": value, "datatype": datatype}
