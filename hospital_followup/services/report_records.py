"""The records behind a number, and the numbers of records by something that only the records themselves know.

Which records count is decided by services/figures.py; here they are read, named and sorted into groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import get_datetime, getdate

from hospital_followup.services import figure_records
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_scope import day_of

NAMES_PER_QUERY = 1_000
ALL = 2**31
LOG = "Follow-up Log"
ALERT = "Follow-up Alert"
Rows = list[frappe._dict]
#: The field that says when a record of each kind counts.
DATED_BY = {
	"Follow-up Task": "due_date",
	"Follow-up Log": "contacted_at",
	"Follow-up Survey": "answered_on",
	"Patient Discharge": "discharge_date",
	"Follow-up Revisit": "expected_on",
	"Follow-up Alert": "raised_on",
}


def names(measure: str, scope: Scope) -> list[tuple[str, str]]:
	"""Doctype and name of every record that `measure` counts in `scope`."""
	return figure_records.records(measure, scope, length=ALL)


def rows_of(measure: str, scope: Scope, doctype: str, fields: Sequence[str]) -> Rows:
	"""`fields` of the records of `doctype` behind `measure`, in their order."""
	wanted = [name for kind, name in names(measure, scope) if kind == doctype]
	found = {row.name: row for row in read(doctype, wanted, ("name", *fields))}
	return [found[name] for name in wanted if name in found]


def read(doctype: str, wanted: Sequence[str], fields: Sequence[str]) -> Rows:
	"""`fields` of these records, a thousand to a query."""
	found: Rows = []
	for start in range(0, len(wanted), NAMES_PER_QUERY):
		part = wanted[start : start + NAMES_PER_QUERY]
		found += frappe.get_all(
			doctype, filters={"name": ("in", part)}, fields=list(fields), order_by="name", limit=0
		)
	return found


def hours(rows: Rows) -> list[int]:
	return [get_datetime(row.contacted_at).hour for row in rows]


def weekdays(rows: Rows) -> list[int]:
	return [get_datetime(row.contacted_at).weekday() for row in rows]


def attempt_numbers(rows: Rows) -> list[int]:
	"""Which attempt of its contact each log was: 1, 2, 3 … in the order of the contacts; a log of no task is the first."""
	tasks = sorted({row.task for row in rows if row.task})
	outgoing: dict[str, list[tuple]] = {}
	for start in range(0, len(tasks), NAMES_PER_QUERY):
		part = {"task": ("in", tasks[start : start + NAMES_PER_QUERY]), "docstatus": 1, "direction": "Out"}
		fields = ["name", "task", "contacted_at", "creation"]
		for log in frappe.get_all(LOG, filters=part, fields=fields, order_by="name", limit=0):
			outgoing.setdefault(log.task, []).append((log.contacted_at, log.creation, log.name))
	place = {log[2]: number for logs in outgoing.values() for number, log in enumerate(sorted(logs), start=1)}
	return [place.get(row.name, 1) for row in rows]


def field(fieldname: str) -> Callable[[Rows], list]:
	return lambda rows: [row[fieldname] or None for row in rows]


#: Groups that only the records know: the doctype, the fields to read, and how they make the group.
GROUPINGS: Mapping[str, tuple[str, tuple[str, ...], Callable[[Rows], list]]] = {
	"Rule": (ALERT, ("rule",), field("rule")),
	"Kind": (ALERT, ("kind",), field("kind")),
	"Severity": (ALERT, ("severity",), field("severity")),
	"Hour": (LOG, ("contacted_at",), hours),
	"Weekday": (LOG, ("contacted_at",), weekdays),
	"Attempt": (LOG, ("task", "contacted_at"), attempt_numbers),
}


def behind(measure: str, scope: Scope, narrow: Mapping[str, Any]) -> list[tuple[str, str]]:
	"""Doctype and name of the records behind one cell: those of `scope`, then of one group that a scope cannot say.

	`narrow`: `group_by` with the member's key as text in `group`, or the first and last day of a day, week or month.
	"""
	found = names(measure, scope)
	first = day_of(narrow, "first_day")
	if first:
		return _between(found, first, day_of(narrow, "last_day") or first)
	group = narrow.get("group_by")
	if group not in GROUPINGS:
		return found
	doctype, fields, keys = GROUPINGS[group]
	rows = read(doctype, [name for kind, name in found if kind == doctype], ("name", *fields))
	wanted = str(narrow.get("group") or "")
	kept = {row.name for row, key in zip(rows, keys(rows), strict=True) if _text(key) == wanted}
	return [(kind, name) for kind, name in found if name in kept]


def _text(key: Any) -> str:
	return "" if key is None else str(key)


def _between(found: list[tuple[str, str]], first: Any, last: Any) -> list[tuple[str, str]]:
	kept: set[str] = set()
	for doctype in {kind for kind, _name in found}:
		dated = DATED_BY[doctype]
		rows = read(doctype, [name for kind, name in found if kind == doctype], ("name", dated))
		kept |= {row.name for row in rows if first <= getdate(row[dated]) <= last}
	return [(kind, name) for kind, name in found if name in kept]
