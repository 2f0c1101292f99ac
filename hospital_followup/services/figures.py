"""The figures of follow-up: every card, chart and report asks here, and nowhere else.

`totals` and `by` give `engine.metrics.Counts`; `engine.metrics.value` makes the indicators of them. `records` (services/
figure_records.py) are the documents behind each number.
"""

from __future__ import annotations

from hospital_followup.engine.metrics import Counts
from hospital_followup.services import figure_marks, figure_recount, figure_rows
from hospital_followup.services.figure_recount import Key
from hospital_followup.services.figure_scope import DIMENSIONS, Scope, check_dimensions, scope_of, settled

__all__ = ["DIMENSIONS", "Key", "Scope", "by", "recount", "recount_by", "scope_of", "totals"]


def totals(scope: Scope) -> Counts:
	"""What was counted in `scope`, up to today."""
	return _only(by(scope), scope)


def by(scope: Scope, *dimensions: str) -> dict[Key, Counts]:
	"""The counts of `scope` by the values of `dimensions` (figure_scope.DIMENSIONS), in no special order.

	None stands for what is not filled in. Groups with nothing in them are left out. Every group is judged by the end of
	the whole period, so that the groups add up to the total; by `pathway` they may add up to more, because a plan can
	follow several.

	Read from the roll-up; days that have changed since they were rolled up are counted in the records, so that the answer
	is exact at any moment. What the roll-up does not know (doctor, pathway, value tier) is counted in the records.
	"""
	check_dimensions(dimensions, scope)
	asked = settled(scope)
	if not {*dimensions, *asked.filters} <= figure_rows.KNOWN:
		return recount_by(scope, *dimensions)
	changed = figure_marks.pending(asked.start, asked.end)
	found = figure_rows.count(asked, dimensions, but=changed)
	if changed:
		for key, counts in figure_recount.count(asked, dimensions, changed).items():
			found[key] = found[key] + counts if key in found else counts
	return _filled(found)


def recount(scope: Scope) -> Counts:
	"""The same as `totals`, counted in the records themselves."""
	return _only(recount_by(scope), scope)


def recount_by(scope: Scope, *dimensions: str) -> dict[Key, Counts]:
	"""The same as `by`, counted in the records themselves."""
	check_dimensions(dimensions, scope)
	return _filled(figure_recount.count(settled(scope), dimensions))


def _only(groups: dict[Key, Counts], scope: Scope) -> Counts:
	nothing = Counts().without(figure_recount.unknown_families(scope.filters))
	return groups.get((), nothing)


def _filled(groups: dict[Key, Counts]) -> dict[Key, Counts]:
	return {key: counts for key, counts in groups.items() if any(counts.as_dict().values())}
