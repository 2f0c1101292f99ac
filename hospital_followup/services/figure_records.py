"""The documents behind a number: by name for every measure, as filters of a list where a list can show exactly those."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder.functions import Count

from hospital_followup.services.figure_recount import joined, knows, within
from hospital_followup.services.figure_scope import Scope, check_dimensions, settled
from hospital_followup.services.figure_sources import REACHED, Source, sources

Filters = list[list[Any]]

TASK, LOG = "Follow-up Task", "Follow-up Log"
DISCHARGE, REVISIT, ALERT = "Patient Discharge", "Follow-up Revisit", "Follow-up Alert"
#: Fields of each list by which a figure's filters can be told; a filter without one needs `records`.
FIELDS: dict[str, dict[str, str]] = {
	TASK: {"staff": "assigned_to", "risk_tier": "risk_tier", "channel": "channel"},
	LOG: {"staff": "staff", "channel": "channel"},
	DISCHARGE: {"risk_tier": "risk_tier", "doctor": "attending_doctor"},
	REVISIT: {},
	ALERT: {"staff": "assigned_to", "risk_tier": "risk_tier"},
}
DAYS = {
	TASK: "due_date",
	LOG: "contacted_at",
	DISCHARGE: "discharge_date",
	REVISIT: "expected_on",
	ALERT: "raised_on",
}
_KEPT = ["status", "!=", "Cancelled"]
_ALIVE = ["disposition", "!=", "Deceased"]
#: Measures that filters of a list can tell, beside those of `_common`.
LISTS: dict[str, tuple[str, Filters]] = {
	"planned": (TASK, [_KEPT]),
	"completed": (TASK, [["status", "=", "Completed"]]),
	"completed_in_window": (TASK, [["status", "=", "Completed"], ["late_completion", "=", 0]]),
	"skipped": (TASK, [["status", "=", "Skipped"]]),
	"missed": (TASK, [["status", "=", "Missed"]]),
	"tasks_attempted": (TASK, [_KEPT, ["attempts", ">", 0]]),
	"tasks_reached": (TASK, [_KEPT, ["attempts", ">", 0], ["outcome", "in", list(REACHED)]]),
	"cancelled": (TASK, [["status", "=", "Cancelled"]]),
	"open_tasks": (TASK, [_KEPT]),
	"open_completed": (TASK, [["status", "=", "Completed"]]),
	"attempts": (LOG, [["direction", "=", "Out"]]),
	"attempts_reached": (LOG, [["direction", "=", "Out"], ["outcome", "in", list(REACHED)]]),
	"call_seconds": (LOG, [["direction", "=", "Out"], ["duration_seconds", ">", 0]]),
	"discharges": (DISCHARGE, [_ALIVE]),
	"discharges_planned": (DISCHARGE, [_ALIVE, ["decision", "=", "Planned"]]),
	"held_out": (DISCHARGE, [_ALIVE, ["decision", "=", "Excluded"], ["decision_reason", "=", "hold_out"]]),
	"died": (DISCHARGE, [["disposition", "=", "Deceased"]]),
	"revisits_due": (REVISIT, []),
	"revisits_kept": (REVISIT, [["status", "=", "Attended"]]),
	"revisits_attended": (REVISIT, [["status", "=", "Attended"], ["attributed_log", "is", "set"]]),
	"alerts": (ALERT, []),
	"alerts_judged": (ALERT, [["judgement", "in", ["True", "False"]]]),
	"alerts_true": (ALERT, [["judgement", "=", "True"]]),
}
#: What every row that is counted has in common.
COMMON: dict[str, Filters] = {
	TASK: [["kind", "=", "Planned"]],
	LOG: [["docstatus", "=", 1]],
	DISCHARGE: [["cancelled", "=", 0]],
	REVISIT: [_KEPT],
	ALERT: [],
}
OPEN = frozenset({"open_tasks", "open_completed"})
WHENEVER = frozenset({"cancelled"})


def records(measure: str, scope: Scope, start: int = 0, length: int = 100) -> list[tuple[str, str]]:
	"""(doctype, name) of the documents that `measure` counts in `scope`, oldest first, `length` of them from `start` on.

	For a sum (seconds, points of satisfaction) the documents that add to it. Empty where the measure is not known.
	"""
	check_dimensions((), scope)
	asked = settled(scope)
	found: list[tuple[str, str]] = []
	for source in sources(asked.end):
		if measure not in source.measures or not knows(source, asked.filters):
			continue
		names = _names(source, measure, asked, start, length - len(found))
		found += [(source.doctype, name) for name in names]
		if len(found) == length:
			break
		start = 0 if names else max(0, start - _number(source, measure, asked))
	return found


def list_filters(measure: str, scope: Scope) -> tuple[str, Filters] | None:
	"""The doctype and the filters of a list that shows exactly what `measure` counts; None where `records` is needed."""
	if measure not in LISTS or not _list_is_as_wide(scope):
		return None
	doctype, own = LISTS[measure]
	fields = {"company": "company", "department": "department", **FIELDS[doctype]}
	if set(scope.filters) - set(fields):
		return None
	asked = settled(scope)
	filters = [[DAYS[doctype], "between", [str(asked.start), str(asked.end)]], *COMMON[doctype], *own]
	if doctype == TASK and measure not in WHENEVER:
		filters.append(["expires_on", ">" if measure in OPEN else "<=", str(asked.end)])
	filters += [[fields[name], "=", value] for name, value in scope.filters.items()]
	return doctype, filters


def _list_is_as_wide(scope: Scope) -> bool:
	"""Whether a person's list holds the same records: it may hold more than the department's, such as one's own."""
	reach = scope.reach
	if reach is None or reach.everywhere:
		return True
	return (reach.departments is None or scope.department in reach.departments) and (
		reach.companies is None or scope.company in reach.companies
	)


def _names(source: Source, measure: str, scope: Scope, start: int, length: int) -> list[str]:
	query = _query(source, measure, scope).select(source.table.name)
	query = query.orderby(source.day).orderby(source.table.name)
	names: list[str] = query.limit(length).offset(start).run(pluck=True)
	return names


def _number(source: Source, measure: str, scope: Scope) -> int:
	number: int = _query(source, measure, scope).select(Count("*")).run(pluck=True)[0]
	return number


def _query(source: Source, measure: str, scope: Scope) -> Any:
	condition, weight = source.measures[measure]
	query = joined(frappe.qb.from_(source.table), source, set(scope.filters))
	query = query.where(within(source, scope) & condition)
	return query if weight is None else query.where(weight != 0)
