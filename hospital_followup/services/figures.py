"""The figures of follow-up: every card, chart and report asks here, and nowhere else.

`totals` and `by` give `engine.metrics.Counts`; `engine.metrics.value` makes the indicators of them. `records` (services/
figure_records.py) are the documents behind each number.
"""

from __future__ import annotations

from hospital_followup.engine.metrics import Counts
from hospital_followup.services import figure_recount
from hospital_followup.services.figure_recount import Key
from hospital_followup.services.figure_scope import DIMENSIONS, Scope, check_dimensions, scope_of, settled

__all__ = ["DIMENSIONS", "Key", "Scope", "by", "recount", "recount_by", "scope_of", "totals"]


def totals(scope: Scope) -> Counts:
	"""What was counted in `scope`, up to today."""
	return by(scope)[()]


def by(scope: Scope, *dimensions: str) -> dict[Key, Counts]:
	"""The counts of `scope` by the values of `dimensions` (figure_scope.DIMENSIONS), in no special order.

	None stands for what is not filled in. Groups with nothing in them are left out. Every group is judged by the end of
	the whole period, so that the groups add up to the total; by `pathway` they may add up to more, because a plan can
	follow several.
	"""
	return recount_by(scope, *dimensions)


def recount(scope: Scope) -> Counts:
	"""The same as `totals`, counted in the records themselves."""
	return recount_by(scope)[()]


def recount_by(scope: Scope, *dimensions: str) -> dict[Key, Counts]:
	"""The same as `by`, counted in the records themselves."""
	check_dimensions(dimensions, scope)
	return figure_recount.count(settled(scope), dimensions)
