"""Finding out whether patients came back, from whatever their source shows; the engine judges (engine/revisits.py).

Run every night over everything undecided and, right after an event of another app, for the patient concerned. It can run
twice or in two processes: rows are locked, and the same documents lead to the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import frappe
from frappe.utils import add_days

from hospital_followup.engine import revisits as engine
from hospital_followup.services import queries, revisits
from hospital_followup.services.revisit_attribution import attribute
from hospital_followup.services.revisit_limits import limits
from hospital_followup.services.runs import Run
from hospital_followup.sources.registry import revisit_sources

REVISIT, PATIENT, DISCHARGE = revisits.REVISIT, revisits.PATIENT, revisits.DISCHARGE
AT_ONCE = 200
FIELDS = (
	*("name", "patient", "discharge", "department", "expected_on", "status", "status_reason", "appointment"),
	*(
		"attended_on",
		"evidence_doctype",
		"evidence_name",
		"attributed_log",
		"appointment_doctype",
		"appointment_at",
	),
	"appointment_with",
)
MAPPING = "Follow-up Department Mapping"


def detect(record: Run, today: date) -> None:
	"""Judge every revisit that may have changed, a few hundred at a time."""
	names = candidates(today)
	record.total += len(names)
	record.each(REVISIT, names, partial(_part, record, today), size=AT_ONCE)


def candidates(today: date, patients: Sequence[str] | None = None) -> list[str]:
	"""Revisits that documents may still decide: undecided ones, and those that a document has decided lately."""
	revisit = frappe.qb.DocType(REVISIT)
	recent = revisit.expected_on >= add_days(today, -limits().late)
	by_document = (revisit.status == engine.ATTENDED) & (revisit.evidence_name != "")
	readmitted = (revisit.status == engine.CANCELLED) & (revisit.status_reason == engine.READMITTED)
	undecided = revisit.status.isin(engine.OPEN)
	missed = revisit.status == engine.MISSED
	query = (
		frappe.qb.from_(revisit)
		.select(revisit.name)
		.where(undecided | (recent & (missed | by_document | readmitted)))
		.orderby(revisit.name)
	)
	if patients is not None:
		query = query.where(revisit.patient.isin(list(patients) or [""]))
	return query.run(pluck=True)


def check_source(doctype: str, name: str, today: date) -> int:
	"""Judge the revisits of whoever is the document `name` of another app; returns how many changed."""
	patients = frappe.get_all(
		PATIENT,
		filters={"source_doctype": doctype, "source_name": name, "status": ("!=", "Merged")},
		pluck="name",
		order_by="name",
	)
	return check(candidates(today, patients), today)


def with_readmission_to_settle(today: date) -> list[str]:
	"""Revisits whose discharge tells of a readmission by their day, and those that a readmission cancelled which is gone."""
	revisit, discharge = frappe.qb.DocType(REVISIT), frappe.qb.DocType(DISCHARGE)
	by_the_day = discharge.readmitted_on <= revisit.expected_on
	cancelled = (revisit.status == engine.CANCELLED) & (revisit.status_reason == engine.READMITTED)
	gone = discharge.readmitted_on.isnull() | (discharge.readmitted_on > revisit.expected_on)
	return (
		frappe.qb.from_(revisit)
		.join(discharge)
		.on(discharge.name == revisit.discharge)
		.select(revisit.name)
		.where((revisit.status.isin(revisits.UNDECIDED) & by_the_day) | (cancelled & gone))
		.where(revisit.expected_on >= add_days(today, -engine.RECENT_DAYS))
		.orderby(revisit.name)
		.run(pluck=True)
	)


def check(names: Sequence[str], today: date) -> int:
	"""Judge these revisits and write what changed; returns how many changed."""
	rows = queries.select(REVISIT, FIELDS, "name", names, lock=True)
	if not rows:
		return 0
	patients = _by_name(PATIENT, ("name", "source_doctype", "source_name"), [row.patient for row in rows])
	stays = _by_name(
		DISCHARGE,
		("name", "discharge_date", "source_name", "readmitted_on"),
		[row.discharge for row in rows if row.discharge],
	)
	known = _evidence(rows, patients, stays, today)
	booked = _booked([row.patient for row in rows])
	changes = {}
	for row in rows:
		stay = stays.get(row.discharge) or frappe._dict()
		patient = patients[row.patient]
		source = revisit_sources().get(patient.source_doctype)
		verdict = engine.judge(
			_recorded(row, stay, bool(source and source.knows_absence)),
			known.get(row.patient, ()),
			today,
			limits(),
			taken=[name for of, name in booked.get(row.patient, ()) if of != row.name],
		)
		values = _changed(row, _values(row, verdict, stay))
		if values:
			changes[row.name] = values
			if verdict.booking:
				booked.setdefault(row.patient, []).append((row.name, verdict.booking.name))
	revisits.write(changes)
	return len(changes)


def _part(record: Run, today: date, names: list[str]) -> None:
	check(names, today)
	record.done(len(names))


def _recorded(row: frappe._dict, stay: frappe._dict, knowable: bool) -> engine.Revisit:
	return engine.Revisit(
		expected_on=row.expected_on,
		status=row.status,
		after=stay.discharge_date,
		appointment=row.appointment or None,
		department=row.department or None,
		own_stay=stay.source_name or None,
		readmitted_on=stay.readmitted_on,
		knowable=knowable,
	)


def _values(row: frappe._dict, verdict: engine.Verdict, stay: frappe._dict) -> dict[str, Any]:
	"""The fields of a revisit as `verdict` has them."""
	evidence, booking = verdict.evidence, verdict.booking
	attended = verdict.attended_on
	return {
		"status": verdict.status,
		"status_reason": verdict.reason,
		"expected_on": verdict.expected_on,
		"attended_on": attended,
		"evidence_doctype": evidence.doctype if evidence else None,
		"evidence_name": evidence.name if evidence else None,
		"attributed_log": attribute(row.patient, attended, stay.discharge_date) if attended else None,
		"appointment_doctype": booking.doctype if booking else None,
		"appointment": booking.name if booking else None,
		"appointment_at": booking.at if booking else None,
		"appointment_with": booking.who if booking else None,
	}


def _changed(row: frappe._dict, values: dict[str, Any]) -> dict[str, Any]:
	return {field: value for field, value in values.items() if str(row.get(field) or "") != str(value or "")}


def _evidence(
	rows: Sequence[frappe._dict],
	patients: dict[str, frappe._dict],
	stays: dict[str, frappe._dict],
	today: date,
) -> dict[str, list[engine.Evidence]]:
	"""What every source shows, by Follow-up Patient."""
	known = limits()
	days = [row.expected_on for row in rows]
	discharged = [stay.discharge_date for stay in stays.values()]
	since = min([*days, *discharged]) - timedelta(days=known.early)
	until = max([*days, today]) + timedelta(days=known.late)
	found: dict[str, list[engine.Evidence]] = {}
	for doctype, source in revisit_sources().items():
		ours = {each.source_name: name for name, each in patients.items() if each.source_doctype == doctype}
		appointments = [row.appointment for row in rows if row.appointment]
		if not ours:
			continue
		mapped = _departments(source.department_doctype)
		for each in source.evidence(sorted(ours), since, until, appointments):
			if each.patient in ours:
				found.setdefault(ours[each.patient], []).append(
					replace(each, department=mapped.get(each.department))
				)
	return found


def _departments(doctype: str | None) -> dict[str | None, str]:
	rows = frappe.get_all(
		MAPPING,
		filters={"source_doctype": doctype or ""},
		fields=["source_name", "parent"],
		order_by="parent, idx",
	)
	return {row.source_name: row.parent for row in rows}


def _booked(patients: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
	"""By patient: revisits and the appointments they are booked with."""
	rows = frappe.get_all(
		REVISIT,
		filters={
			"patient": ("in", sorted(set(patients))),
			"appointment": ("is", "set"),
			"status": ("!=", engine.CANCELLED),
		},
		fields=["name", "patient", "appointment"],
		order_by="name",
	)
	return {
		patient: [(row.name, row.appointment) for row in of_patient]
		for patient, of_patient in queries.group(rows, "patient").items()
	}


def _by_name(doctype: str, fields: tuple[str, ...], names: Iterable[str]) -> dict[str, frappe._dict]:
	return {row.name: row for row in queries.select(doctype, fields, "name", sorted(set(names)))}
