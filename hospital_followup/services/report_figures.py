"""Reports that are nothing but figures by group: one row per group, the total, a chart and the most important numbers.

Nothing is counted here: services/figures.py counts, engine/metrics.py divides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frappe import _
from frappe.utils import getdate

from hospital_followup.engine.metrics import FAMILY_OF, INDICATORS, Counts
from hospital_followup.services import figures
from hospital_followup.services.figure_words import indicator_label
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_charts import Chart, chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column
from hospital_followup.services.report_groups import (
	DIMENSIONS,
	PERIODS,
	chosen_group,
	days_of,
	group_label,
	in_order,
	label_of,
)
from hospital_followup.services.report_records import GROUPINGS
from hospital_followup.services.report_scope import Filters, scope_of
from hospital_followup.services.report_words import beside, column_of, shown

Report = tuple[list[Column], list[Row], str | None, Chart | None, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class FigureReport:
	"""What one report shows, by the names of engine/metrics.py. The first of `groups` is the usual one."""

	groups: tuple[str, ...]
	columns: tuple[str, ...]
	charted: tuple[str, ...]
	summary: tuple[str, ...]

	@property
	def families(self) -> tuple[str, ...]:
		parts = [part for name in self.columns for part in _measures(name)]
		return tuple(dict.fromkeys(FAMILY_OF[part] for part in parts))


def figures_report(spec: FigureReport, filters: Filters | None) -> Report:
	"""The report `spec` for `filters`, as far as the session's user may see."""
	scope, group = scope_of(filters), chosen_group(filters, spec.groups)
	found = figures.by(scope, DIMENSIONS[group])
	counts = {keys[0]: part for keys, part in found.items()}
	return shaped(spec, scope, group, counts, figures.totals(scope)).report


@dataclass(slots=True)
class Shaped:
	"""A report before it is handed over: `keys` are the groups of `rows`, whose last one is the total."""

	columns: list[Column]
	rows: list[Row]
	keys: list[Any]
	said: str
	chart: Chart | None
	summary: list[dict[str, Any]]

	@property
	def report(self) -> Report:
		return self.columns, self.rows, self.said, self.chart, self.summary


def shaped(
	spec: FigureReport, scope: Scope, group: str, counts: Mapping[Any, Counts], everything: Counts
) -> Shaped:
	"""The report of `counts` by the members of `group`; `everything` is the total."""
	columns = [column("group", group_label(group), width=190), *map(column_of, spec.columns)]
	keys = [key for key in in_order(group, counts) if _is_known(counts[key], spec.columns)]
	rows = [_row(spec, label_of(group, key), counts[key], narrowed(scope, group, key)) for key in keys]
	drawn = figures_chart(spec, group, rows, everything)
	if rows:
		rows.append({**_row(spec, _("Total"), everything, {}), "is_total": 1})
	said = beside(scope, everything, spec.families)
	return Shaped(columns, rows, keys, said, drawn, figures_summary(spec.summary, everything))


def narrowed(scope: Scope, group: str, key: Any) -> dict[str, Any] | None:
	"""The filters that lead from the whole to one group, for the way down to the records; None = no way."""
	if group in GROUPINGS:
		return {"group_by": group, "group": "" if key is None else str(key)}
	if key in (None, ""):
		return None
	if group not in PERIODS:
		return {DIMENSIONS[group]: key}
	first, last = days_of(group, getdate(key))
	return {"first_day": str(max(first, scope.start)), "last_day": str(min(last, scope.end))}


def figures_chart(spec: FigureReport, group: str, rows: list[Row], everything: Counts) -> Chart | None:
	if not spec.charted:
		return None
	datasets = {indicator_label(name): [row[name] for row in rows] for name in spec.charted}
	first = spec.charted[0]
	percent = INDICATORS[first].unit == "percent"
	return chart(
		[row["group"] for row in rows],
		datasets,
		fieldtype="Percent" if percent else "Float",
		line=group in PERIODS,
		mark=(_("Total"), shown(first, everything)) if len(spec.charted) == 1 and len(rows) > 1 else None,
	)


def figures_summary(names: tuple[str, ...], everything: Counts) -> list[dict[str, Any]]:
	types = {"percent": "Percent", "score": "Float", "points": "Float"}
	return [
		summary_item(
			column_of(name)["label"],
			shown(name, everything),
			types[INDICATORS[name].unit] if name in INDICATORS else "Int",
		)
		for name in names
	]


def _row(spec: FigureReport, label: str, counts: Counts, narrow: dict[str, Any] | None) -> Row:
	return {"group": label, **{name: shown(name, counts) for name in spec.columns}, "narrow": narrow}


def _is_known(counts: Counts, names: tuple[str, ...]) -> bool:
	"""Whether anything of the report was counted in this group."""
	return any(counts.get(part) for name in names for part in _measures(name))


def _measures(name: str) -> tuple[str, ...]:
	return INDICATORS[name].measures if name in INDICATORS else (name,)
