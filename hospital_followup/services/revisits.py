"""Expected revisits: one Follow-up Revisit per discharge and expected visit, kept in line with what it comes from.

Whether the patient came is found out in `revisit_detection`, what is done about it in `revisit_tasks`, what a call does in
`revisit_calls`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from hospital_followup.engine import revisits as engine
from hospital_followup.exceptions import ConcurrentWriteError
from hospital_followup.services import revisit_tasks
from hospital_followup.services.revisit_limits import limits
from hospital_followup.services.writer import insert_rows, new_names, set_values, update_rows

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_revisit.follow_up_revisit import (
		FollowupRevisit,
	)
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

REVISIT = "Follow-up Revisit"
DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
#: Who left in one of these ways is not expected back here (clinical.md §5).
NOT_EXPECTED = {"Deceased": "deceased", "Transferred": "transferred", "Hospice": "hospice"}
NO_DATE, CANCELLED_STAY, DIED = "no_revisit_date", "discharge_cancelled", "deceased"
#: The plan was made again, and its pathways speak of this visit no more.
NOT_PLANNED = "not_planned_any_more"
#: Nobody has come yet.
UNDECIDED = (*engine.OPEN, engine.MISSED)
#: What cancels a revisit by itself and therefore gives it back by itself.
OWN_REASONS = (*NOT_EXPECTED.values(), NO_DATE, CANCELLED_STAY, NOT_PLANNED, engine.READMITTED)


def expect(
	*,
	key: str,
	patient: str,
	expected_on: date | str,
	origin: str,
	plan: str | None = None,
	discharge: str | None = None,
	preparation: str | None = None,
	status: str = engine.EXPECTED,
) -> str:
	"""Write down that a patient is expected on a day, or that the same visit (`key`) is expected on another day now.

	Saying the same again changes nothing: a revisit that was booked for another day since keeps that day. Returns its name.
	"""
	day = getdate(expected_on)
	fields = ["name", "status", "status_reason", "planned_on", "expected_on", "appointment", "plan"]
	if name := frappe.db.get_value(REVISIT, {"key": key}):
		# Locked by name: a lock on a key that is not there yet would hold up the insert of its neighbours.
		known = frappe.db.get_value(REVISIT, name, fields, as_dict=True, for_update=True)
		write({name: _renewed(known, day, plan)})
		return name
	place = frappe.db.get_value(PATIENT, patient, ["patient_name", "company", "department"], as_dict=True)
	if discharge:
		stay = frappe.db.get_value(DISCHARGE, discharge, ["company", "department"], as_dict=True)
		place.update({field: value for field, value in stay.items() if value})
	name = new_names(1)[0]
	row = {
		"name": name,
		"key": key,
		"patient": patient,
		**place,
		"plan": plan,
		"discharge": discharge,
		"expected_on": day,
		"planned_on": day,
		"origin": origin,
		"status": status,
		"preparation": preparation,
		"prepared": int(bool(preparation)),
	}
	_insert(row)
	return name


def _insert(row: dict[str, Any]) -> None:
	try:
		insert_rows(REVISIT, [row])
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		raise ConcurrentWriteError(
			_("The same record is being written elsewhere. Please try again.")
		) from error


def _renewed(known: frappe._dict, day: date, plan: str | None) -> dict[str, Any]:
	"""What the origin's present word changes in a revisit that is recorded already."""
	values: dict[str, Any] = {"plan": plan} if plan and plan != known.plan else {}
	if known.status == engine.CANCELLED and known.status_reason in OWN_REASONS:
		values.update({"status": engine.EXPECTED, "status_reason": None})
	if known.planned_on and getdate(known.planned_on) == day:
		return values
	values["planned_on"] = day
	if known.status == engine.ATTENDED or known.appointment:
		return values
	over = known.status == engine.MISSED or known.status_reason == engine.UNKNOWN
	if over and day >= getdate(today()):
		values.update({"status": engine.EXPECTED, "status_reason": None})
	return {**values, "expected_on": day}


def follow_discharge(doc: PatientDischarge) -> None:
	"""Expect the revisit that a saved discharge names, and no longer expect one that it does not name any more."""
	key = key_of(doc.name)
	reason = _not_expected(doc)
	if reason is None:
		name = expect(
			key=key,
			patient=doc.patient,
			expected_on=doc.revisit_date,
			origin="Discharge",
			plan=doc.plan,
			discharge=doc.name,
		)
		if not (frappe.flags.in_import or doc.flags.plan_later):
			prepare([name])
		return
	if not doc.get_doc_before_save():
		return
	name = frappe.db.get_value(REVISIT, {"key": key})
	if name and frappe.db.get_value(REVISIT, name, "status", for_update=True) in UNDECIDED:
		cancel([name], reason)


def forgotten(today: date) -> list[str]:
	"""Discharges that name a revisit which is not expected: they came past every event (a script, an earlier release)."""
	discharge, revisit = frappe.qb.DocType(DISCHARGE), frappe.qb.DocType(REVISIT)
	return (
		frappe.qb.from_(discharge)
		.left_join(revisit)
		.on((revisit.discharge == discharge.name) & (revisit.origin == "Discharge"))
		.select(discharge.name)
		.where(discharge.revisit_date >= add_days(today, -limits().late))
		.where((discharge.cancelled == 0) & revisit.name.isnull())
		.orderby(discharge.name)
		.run(pluck=True)
	)


def catch_up(discharges: Sequence[str]) -> int:
	"""Expect the revisits that these discharges name; returns how many were looked at."""
	for name in discharges:
		follow_discharge(frappe.get_doc(DISCHARGE, name))
	return len(discharges)


def key_of(discharge: str) -> str:
	"""The key of the revisit that a discharge itself names."""
	return f"discharge|{discharge}"


def _not_expected(doc: PatientDischarge) -> str | None:
	if doc.cancelled:
		return CANCELLED_STAY
	if doc.disposition in NOT_EXPECTED:
		return NOT_EXPECTED[doc.disposition]
	if not doc.revisit_date or getdate(doc.revisit_date) < getdate(doc.discharge_date):
		return NO_DATE
	return None


def on_planned(plans: Sequence[str], cause: str | None = None) -> None:
	"""Name the plan on the revisits of discharges that have been planned (hook `followup_planned`)."""
	revisit, plan = frappe.qb.DocType(REVISIT), frappe.qb.DocType(PLAN)
	rows = (
		frappe.qb.from_(plan)
		.join(revisit)
		.on(revisit.discharge == plan.discharge)
		.select(revisit.name, plan.name.as_("plan"))
		.where(plan.name.isin(list(plans)) & (revisit.plan.isnull() | (revisit.plan == "")))
		.orderby(revisit.name)
		.run(as_dict=True)
	)
	update_rows(REVISIT, {row.name: {"plan": row.plan} for row in rows})


def write(changes: Mapping[str, Mapping[str, Any]]) -> None:
	"""Write what was found out about revisits, leaving `modified` alone, and call off what is not to be done any more.

	The rows are to be locked by the caller.
	"""
	wanted = {name: dict(values) for name, values in changes.items() if values}
	update_rows(REVISIT, wanted)
	settled = [
		name
		for name, values in wanted.items()
		if "expected_on" in values
		or values.get("status") in (engine.ATTENDED, engine.MISSED, engine.CANCELLED)
	]
	if settled:
		revisit_tasks.call_off(settled)


def next_of(patient: str, own: str | None = None) -> str | None:
	"""The revisit that a contact with the patient is about.

	`own`, the one that its task was made for, else the next that is expected, else the first that was missed lately.
	"""
	rows = frappe.get_all(
		REVISIT,
		filters={
			"patient": patient,
			"status": ("in", UNDECIDED),
			"expected_on": (">=", add_days(today(), -engine.RECENT_DAYS)),
		},
		fields=["name", "status"],
		order_by="expected_on, name",
	)
	rows.sort(key=lambda row: (row.name != own, row.status == engine.MISSED))
	return rows[0].name if rows else None


def cancel(names: Sequence[str], reason: str) -> None:
	"""No longer expect these revisits; `reason` is a code or a person's words."""
	write({name: {"status": engine.CANCELLED, "status_reason": reason} for name in names})


def with_death_to_settle() -> list[str]:
	"""Revisits of patients who have died, and those that a death cancelled which was a mistake."""
	return [*_of_patients("Deceased", UNDECIDED), *_of_patients("Active", (engine.CANCELLED,), reason=DIED)]


def settle_deaths(names: Sequence[str]) -> int:
	"""Who has died is not expected any more; whose death was a mistake is expected again. Returns how many of `names`."""
	died = _of_patients("Deceased", UNDECIDED, among=names)
	cancel(died, DIED)
	back = _of_patients("Active", (engine.CANCELLED,), reason=DIED, among=names)
	write({name: {"status": engine.EXPECTED, "status_reason": None} for name in back})
	return len(died) + len(back)


def _of_patients(
	patient_status: str, statuses: Iterable[str], reason: str = "", among: Sequence[str] | None = None
) -> list[str]:
	"""Revisits of these statuses, of patients of that status, whose day is not long past."""
	revisit, patient = frappe.qb.DocType(REVISIT), frappe.qb.DocType(PATIENT)
	query = (
		frappe.qb.from_(revisit)
		.join(patient)
		.on(patient.name == revisit.patient)
		.select(revisit.name)
		.where(revisit.status.isin(list(statuses)) & (patient.status == patient_status))
		.where(revisit.expected_on >= add_days(today(), -engine.RECENT_DAYS))
		.orderby(revisit.name)
	)
	if reason:
		query = query.where(revisit.status_reason == reason)
	if among is not None:
		query = query.where(revisit.name.isin(list(among) or [""]))
	return query.run(pluck=True)


def prepare(names: Sequence[str]) -> int:
	"""Fill in what to bring and do before, where nobody has written it: the hospital's text for the condition. How many."""
	from hospital_followup.services.revisit_preparation import preparation_of

	fields = ["name", "patient", "discharge", "department", "preparation"]
	rows = frappe.get_all(
		REVISIT, filters={"name": ("in", names), "prepared": 0}, fields=fields, order_by="name"
	)
	for row in rows:
		text = row.preparation or preparation_of(row)
		set_values(REVISIT, [row.name], {"preparation": text, "prepared": 1})
	return len(rows)


def unprepared() -> list[str]:
	"""Revisits that came in bulk and have no preparation yet."""
	return frappe.get_all(
		REVISIT,
		filters={"status": ("in", engine.OPEN), "prepared": 0},
		pluck="name",
		order_by="expected_on, name",
	)


def after_saved(doc: FollowupRevisit) -> None:
	"""A person saved a revisit: what is not to be done any more is called off."""
	before = doc.get_doc_before_save()
	if not before:
		return
	moved = getdate(before.expected_on) != getdate(doc.expected_on)
	if moved or (before.status != doc.status and doc.status not in engine.OPEN):
		revisit_tasks.call_off([doc.name])
