"""The records behind one number of a report, as a table that says of each what, whose and when it is."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from hospital_followup.engine.metrics import MEASURES
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.figure_words import measure_label
from hospital_followup.services.report_columns import Column, Row, column
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_groups import label_of
from hospital_followup.services.report_records import DATED_BY, behind, read
from hospital_followup.services.report_scope import Filters, scope_behind

#: The fields that say how a record of each kind stands and who has it.
STATE = {
	"Follow-up Task": "status",
	"Follow-up Log": "outcome",
	"Follow-up Survey": "status",
	"Patient Discharge": "decision",
	"Follow-up Revisit": "status",
	"Follow-up Alert": "status",
}
PERSON = {"Follow-up Task": "assigned_to", "Follow-up Log": "staff", "Follow-up Alert": "assigned_to"}
#: More than anybody reads one by one.
ROWS = 2_000


def behind_report(filters: Filters | None) -> Report:
	"""The records behind `measure` of `filters`; with no measure, nothing but the way to find one."""
	chosen = dict(filters or {})
	if not chosen.get("measure"):
		return _columns(), [], _("Click a number in a report of follow-up to see its records here."), None, []
	measure = known_measure(chosen["measure"])
	found = behind(measure, scope_behind(measure, chosen), chosen)
	rows = _rows(found[:ROWS])
	said = _("{0}: {1} records.").format(measure_label(measure), len(found))
	if len(found) > ROWS:
		said += " " + _("Only the first {0} are shown.").format(ROWS)
	return _columns(), rows, said, None, []


def known_measure(measure: str) -> str:
	"""`measure`, refused when no report counts it."""
	if measure not in MEASURES:
		frappe.throw(
			_("No report counts {0}. Open the records by a click on a number of a report.").format(
				frappe.utils.escape_html(str(measure))
			),
			InvalidValueError,
			title=_("Unknown figure"),
		)
	return measure


def _columns() -> list[Column]:
	return [
		column("patient_name", _("Patient"), width=130),
		column("kind", _("Record"), width=140),
		column("day", _("Date"), "Date", 110),
		column("state", _("Status"), width=140),
		column("department", _("Department"), width=140),
		column("person", _("Staff"), width=130),
	]


def _rows(found: list[tuple[str, str]]) -> list[Row]:
	known: dict[tuple[str, str], frappe._dict] = {}
	for doctype in {kind for kind, _name in found}:
		fields = ("name", "patient_name", "department", DATED_BY[doctype], STATE[doctype])
		fields += (PERSON[doctype],) if doctype in PERSON else ()
		for row in read(doctype, [name for kind, name in found if kind == doctype], fields):
			known[doctype, row.name] = row
	return [_row(doctype, known[doctype, name]) for doctype, name in found]


def _row(doctype: str, record: frappe._dict) -> Row:
	person: Any = record.get(PERSON.get(doctype, ""))
	state = record[STATE[doctype]]
	return {
		"patient_name": record.patient_name,
		"kind": _(doctype),
		"day": record[DATED_BY[doctype]],
		"state": _(state, context=doctype) if state else None,
		"department": record.department,
		"person": label_of("Staff", person) if person else None,
		"record": {"column": "patient_name", "doctype": doctype, "name": record.name},
	}
