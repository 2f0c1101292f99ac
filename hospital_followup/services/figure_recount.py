"""Figures counted in the records themselves: right at any moment, as slow as the records are many.

The roll-up (`figure_rows`) is made by the same queries and must always equal them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Coalesce, Date, Sum
from frappe.utils import getdate
from pypika.terms import Criterion

from hospital_followup.engine.metrics import Counts
from hospital_followup.permissions import Reach, keeps_unassigned
from hospital_followup.services.figure_scope import PERIODS, Scope, period_of
from hospital_followup.services.figure_sources import Source, sources

Key = tuple[Any, ...]
#: Families whose records lead to a plan, and by it to the value tier of the time.
WITH_VALUE_TIER = frozenset({"tasks", "discharges", "revisits"})


def count(
	scope: Scope, dimensions: tuple[str, ...], days: Collection[date] | None = None
) -> dict[Key, Counts]:
	"""Counts by the values of `dimensions`; with `days` only what happened on those of them that are in the period.

	A family that does not know one of the filters or dimensions is left unknown (None) in every group.
	"""
	asked = {*dimensions, *scope.filters} - set(PERIODS)
	found: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
	unknown = set()
	for source in sources(scope.end):
		if not knows(source, asked):
			unknown.add(source.family)
			continue
		for row in rows_of(source, scope, dimensions, days):
			key = key_of(row, dimensions)
			for measure in source.measures:
				found[key][measure] += int(row[measure] or 0)
	return {key: Counts(**measures).without(unknown) for key, measures in found.items()}


def knows(source: Source, asked: Iterable[str]) -> bool:
	"""Whether the records of `source` can be told apart by everything in `asked`."""
	known = {*source.dimensions, "doctor", "pathway"}
	if source.family in WITH_VALUE_TIER:
		known.add("value_tier")
	return set(asked) <= known


def unknown_families(asked: Iterable[str]) -> set[str]:
	"""Families of measures that cannot be told apart by everything in `asked`."""
	wanted = set(asked) - set(PERIODS)
	return {source.family for source in sources() if not knows(source, wanted)}


def key_of(row: dict[str, Any], dimensions: tuple[str, ...]) -> Key:
	"""The group of a row: periods as dates, names as they are, None for what is not filled in."""
	return tuple(
		period_of(row["date"], name) if name in PERIODS else row[name] or None for name in dimensions
	)


def within(source: Source, scope: Scope, days: Collection[date] | None = None) -> Criterion:
	"""The condition on the rows of `source` that `scope` counts, its filters included."""
	condition = _period(source, scope.start, scope.end)
	if days is not None:
		condition &= Criterion.any([_period(source, day, day) for day in sorted(days)])
	if source.base is not None:
		condition &= source.base
	for name, value in scope.filters.items():
		condition &= _filter(source, name, value)
	return reached(source.dimensions, scope.reach) & condition if scope.reach else condition


def reached(columns: Any, reach: Reach) -> Criterion:
	"""The condition that a row belongs to the departments and companies of `reach` (permissions.py).

	Empty for a reach without limits: an empty criterion may stand before another one, never after it.
	"""
	limits = []
	for column, allowed in (
		(columns["department"], reach.departments),
		(columns["company"], reach.companies),
	):
		if allowed is not None:
			condition = column.isin(allowed)
			limits.append(condition | column.isnull() | (column == "") if keeps_unassigned() else condition)
	return Criterion.all(limits)


def joined(query: Any, source: Source, asked: Collection[str]) -> Any:
	"""`query` with the tables that `asked` needs beside the table of `source`."""
	leads_further = {"doctor", "value_tier"} & set(asked)
	if source.joined and (leads_further or set(asked) - source.own):
		query = source.joined(query)
	if "doctor" in asked and "doctor" not in source.dimensions:
		query = query.left_join(_stay()).on(_stay().name == source.discharge)
	if "value_tier" in asked:
		plan, tier = _plan(), _tier()
		query = query.left_join(plan).on(plan.name == source.plan).left_join(tier).on(tier.name == plan.tier)
	return query


def column(source: Source, name: str) -> Any:
	"""The column of a dimension."""
	if name in source.dimensions:
		return source.dimensions[name]
	return {"doctor": _stay().attending_doctor, "value_tier": _tier().value_tier}[name]


def rows_of(
	source: Source, scope: Scope, dimensions: tuple[str, ...], days: Collection[date] | None
) -> list[dict[str, Any]]:
	"""What the records of `source` add to each of its measures, by day (where a period is asked for) and `dimensions`."""
	query = joined(frappe.qb.from_(source.table), source, {*dimensions, *scope.filters} - set(PERIODS))
	# By the expressions, not by their names: a joined table may have a column of that name.
	groups = {}
	if set(PERIODS) & set(dimensions):
		groups["date"] = day_of(source)
	for name in dimensions:
		if name == "pathway":
			rows = _pathways()
			query = query.left_join(rows).on(rows.parent == source.plan)
			groups[name] = rows.pathway
		elif name == "closes_on":
			groups[name] = column(source, name)
		elif name not in PERIODS:
			groups[name] = Coalesce(column(source, name), "")
	for name, term in groups.items():
		query = query.select(term.as_(name)).groupby(term)
	for name, (condition, weight) in source.measures.items():
		amount = Case().when(condition, 1 if weight is None else weight).else_(0)
		query = query.select(Sum(amount).as_(name))
	rows: list[dict[str, Any]] = query.where(within(source, scope, days)).run(as_dict=True)
	if source.timed and "date" in groups:
		for row in rows:
			row["date"] = getdate(row["date"])  # SQLite answers an expression with a text
	return rows


def day_of(source: Source) -> Any:
	return Date(source.day) if source.timed else source.day


def _period(source: Source, start: date, end: date) -> Criterion:
	if source.timed:
		return (source.day >= start) & (source.day < end + timedelta(days=1))
	return source.day[start:end]


def _filter(source: Source, name: str, value: str) -> Criterion:
	if name == "pathway":
		row = frappe.qb.DocType("Follow-up Plan Pathway")
		return source.plan.isin(frappe.qb.from_(row).select(row.parent).where(row.pathway == value))
	return column(source, name) == value


def _pathways() -> Any:
	"""A plan and each of its pathways once: what belongs to two pathways is counted under both."""
	row = frappe.qb.DocType("Follow-up Plan Pathway")
	query = frappe.qb.from_(row).select(row.parent, row.pathway).distinct()
	return query.where(row.parenttype == "Follow-up Plan").as_("pathways_of_plan")


def _stay() -> Any:
	return frappe.qb.DocType("Patient Discharge").as_("stay_of_doctor")


def _plan() -> Any:
	return frappe.qb.DocType("Follow-up Plan").as_("plan_of_tier")


def _tier() -> Any:
	return frappe.qb.DocType("Patient Tier").as_("tier_of_plan")
