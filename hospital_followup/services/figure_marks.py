"""Which days have to be counted again: every write that can change a figure leaves its days behind, in its own transaction.

Days are collected while a transaction runs and written once, right before its commit (Follow-up Changed Day). Rows are only
ever added here, so writers never wait for each other, and a day is in the table exactly when the change is.
`figure_rollup` counts the days and takes their rows away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Date
from frappe.utils import getdate

MARK = "Follow-up Changed Day"
TASK, LOG, SURVEY, MESSAGE = "Follow-up Task", "Follow-up Log", "Follow-up Survey", "Follow-up Message"
DISCHARGE, REVISIT, ALERT = "Patient Discharge", "Follow-up Revisit", "Follow-up Alert"
NAMES_PER_STATEMENT = 1_000
UNDONE = frozenset({"Scheduled", "Open", "In Progress"})

#: The day on which a document is counted.
DAY = {
	TASK: "due_date",
	LOG: "contacted_at",
	SURVEY: "answered_on",
	DISCHARGE: "discharge_date",
	REVISIT: "expected_on",
	ALERT: "raised_on",
}
TIMED = frozenset({LOG, SURVEY, ALERT})
_PLACE = {"company", "department"}
#: Fields that decide where a document is counted, and as what.
FIELDS: Mapping[str, frozenset[str]] = {
	TASK: frozenset(
		_PLACE
		| {"kind", "due_date", "expires_on", "status", "late_completion", "attempts", "outcome"}
		| {"assigned_to", "risk_tier", "channel", "discharge"}
	),
	LOG: frozenset(
		_PLACE
		| {
			"docstatus",
			"contacted_at",
			"direction",
			"outcome",
			"duration_seconds",
			"satisfaction",
			"recommend",
		}
		| {"staff", "channel", "task"}
	),
	SURVEY: frozenset(_PLACE | {"status", "answered_on", "satisfaction", "recommend", "task", "log"}),
	DISCHARGE: frozenset(
		_PLACE
		| {"discharge_date", "cancelled", "disposition", "decision", "decision_reason", "readmitted_on"}
		| {"risk_tier"}
	),
	REVISIT: frozenset(_PLACE | {"expected_on", "status", "attributed_log", "discharge"}),
	ALERT: frozenset(
		_PLACE | {"raised_on", "respond_by", "acknowledged_on", "judgement", "assigned_to", "risk_tier"}
	),
	MESSAGE: frozenset({"status", "task", "occasion"}),
}
#: What is counted under something that another document says: (of, when these fields change) → (doctype, its link).
ONWARD = (
	(TASK, frozenset({"risk_tier"}), LOG, "task"),
	(TASK, frozenset({"risk_tier", "assigned_to", "channel"}), SURVEY, "task"),
	(DISCHARGE, frozenset({"risk_tier"}), REVISIT, "discharge"),
)
#: Links to a document that is counted differently because of this one: (of, when these fields change) → (link, doctype).
BACK = (
	(TASK, frozenset({"status", "discharge"}), "discharge", DISCHARGE),
	(REVISIT, frozenset({"status", "discharge"}), "discharge", DISCHARGE),
	(MESSAGE, frozenset({"status", "task", "occasion"}), "task", TASK),
)


@dataclass(slots=True)
class Changes:
	"""The days of one transaction: known ones, and where the others are to be looked up once, at its end."""

	database: Any
	days: set[date] = field(default_factory=set)
	#: (doctype, column) → values: the days of those rows.
	rows: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
	#: (doctype, link, linked doctype) → names: the days of what these rows link to.
	links: defaultdict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
	listening: bool = False

	def all(self) -> set[date]:
		"""Every day collected so far, as the rows stand now."""
		wanted = {key: set(names) for key, names in self.rows.items()}
		for (doctype, link, linked), names in self.links.items():
			wanted.setdefault((linked, "name"), set()).update(_column(doctype, link, "name", names))
		found = set(self.days)
		for (doctype, column), names in wanted.items():
			found.update(getdate(day) for day in _column(doctype, DAY[doctype], column, names))
		return found

	def write(self) -> None:
		"""One row for each day."""
		if (self.days or self.rows or self.links) and _is_installed():
			add(self.all())
		self.forget()

	def forget(self) -> None:
		self.days.clear()
		self.rows.clear()
		self.links.clear()
		self.listening = False


def add(days: Iterable[date]) -> None:
	"""Have `days` counted again."""
	now, user = frappe.utils.now(), frappe.session.user
	rows = [(frappe.generate_hash(length=10), now, now, user, user, 0, day) for day in sorted(set(days))]
	table = frappe.qb.DocType(MARK)
	columns = ("name", "creation", "modified", "owner", "modified_by", "docstatus", "day")
	for start in range(0, len(rows), NAMES_PER_STATEMENT):
		part = rows[start : start + NAMES_PER_STATEMENT]
		frappe.qb.into(table).columns(*columns).insert(*part).run()


def every_day() -> set[date]:
	"""All days on which anything is counted."""
	found: set[date] = set()
	for doctype, column in DAY.items():
		table = frappe.qb.DocType(doctype)
		term = Date(table[column]) if doctype in TIMED else table[column]
		found.update(
			getdate(day) for day in frappe.qb.from_(table).select(term).distinct().run(pluck=True) if day
		)
	return found


def pending(start: date, end: date) -> set[date]:
	"""Days of the period whose figures have changed since they were counted, by this very transaction too."""
	table = frappe.qb.DocType(MARK)
	stored = frappe.qb.from_(table).select(table.day).distinct().where(table.day[start:end]).run(pluck=True)
	return {*stored, *(day for day in _changes().all() if start <= day <= end)}


def flush() -> None:
	"""Write down the days of the running transaction now, not only at its commit."""
	_changes().write()


def forget() -> None:
	"""The changes of the running transaction were undone."""
	_changes().forget()


def rows_inserted(doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
	"""Rows were written without their documents' events."""
	if doctype not in DAY or not rows:
		return
	days = {row.get(DAY[doctype]) for row in rows} - {None}
	_listening().days.update(getdate(day) for day in days)
	for of, _fields, link, linked in BACK:
		if of == doctype and (names := {row[link] for row in rows if row.get(link)}):
			_listening().rows[linked, "name"] |= names


def rows_changed(
	doctype: str, names: Collection[str], fields: Iterable[str], *, between: Iterable[str] | None = None
) -> None:
	"""`fields` of the rows `names` are about to be written without their documents' events.

	`between`: the statuses that rows go from and to. While a contact is still to be done, which of the undone statuses it
	has makes no difference.
	"""
	changed = FIELDS.get(doctype, frozenset()) & set(fields)
	if between is not None and set(between) <= UNDONE:
		changed -= {"status"}
	if not changed or not names:
		return
	changes = _listening()
	if DAY.get(doctype) in changed:
		changes.days.update(getdate(day) for day in _column(doctype, DAY[doctype], "name", names))
	_follow(changes, doctype, names, changed)
	for of, causes, link, linked in BACK:
		if of == doctype and changed & causes:
			changes.links[doctype, link, linked].update(names)


def document_changed(doc: Document, method: str | None = None) -> None:
	"""A document was inserted, saved, submitted, cancelled or changed by `db_set`."""
	before = doc.get_doc_before_save()
	watched = FIELDS[doc.doctype]
	changed = {name for name in watched if before is None or doc.get(name) != before.get(name)}
	if changed:
		_document(doc, before, changed)


def document_deleted(doc: Document, method: str | None = None) -> None:
	"""A document goes, with everything that was counted of it."""
	_document(doc, None, set(FIELDS[doc.doctype]))


def settings_changed(doc: Document, method: str | None = None) -> None:
	"""The days within which a new admission counts as a readmission stand in the figures of every discharge."""
	before = doc.get_doc_before_save()
	if before and before.readmission_days != doc.readmission_days:
		_listening().days.update(every_day())


def _document(doc: Document, before: Document | None, changed: Collection[str]) -> None:
	changes = _listening()
	for state in (doc, before):
		if state is None:
			continue
		if day := state.get(DAY.get(doc.doctype)):
			changes.days.add(getdate(day))
		for of, causes, link, linked in BACK:
			if of == doc.doctype and _any(changed, causes) and state.get(link):
				changes.rows[linked, "name"].add(state.get(link))
	_follow(changes, doc.doctype, [doc.name], changed, itself=False)


def _any(changed: Collection[str], causes: frozenset[str]) -> bool:
	return not causes.isdisjoint(changed)


def _follow(
	changes: Changes, doctype: str, names: Iterable[str], changed: Collection[str], *, itself: bool = True
) -> None:
	if itself and doctype in DAY:
		changes.rows[doctype, "name"].update(names)
	for of, causes, other, link in ONWARD:
		if of == doctype and _any(changed, causes):
			changes.rows[other, link].update(names)


def _changes() -> Changes:
	"""The collection of the running transaction of this connection."""
	found = getattr(frappe.local, "followup_changes", None)
	if found is None or found.database is not frappe.local.db:
		found = frappe.local.followup_changes = Changes(frappe.local.db)
	return found


def _listening() -> Changes:
	changes = _changes()
	if not changes.listening:
		changes.listening = True
		frappe.db.before_commit.add(changes.write)
		frappe.db.after_rollback.add(changes.forget)
	return changes


def _column(doctype: str, column: str, key: str, values: Iterable[str]) -> set[Any]:
	"""The distinct values of `column` in the rows whose `key` is in `values`; datetimes as their days."""
	table = frappe.qb.DocType(doctype)
	term = Date(table[column]) if doctype in TIMED and column == DAY[doctype] else table[column]
	found: set[Any] = set()
	wanted = sorted(values)
	for start in range(0, len(wanted), NAMES_PER_STATEMENT):
		part = wanted[start : start + NAMES_PER_STATEMENT]
		query = frappe.qb.from_(table).select(term).distinct().where(table[key].isin(part))
		found.update(query.run(pluck=True))
	return found - {None, ""}


def _is_installed() -> bool:
	"""While the app comes or goes, documents are written for which there is no table yet, or none any more."""
	flags = frappe.flags
	if flags.in_install or flags.in_migrate or flags.in_uninstall:
		return frappe.db.table_exists(MARK, cached=False)
	return True
