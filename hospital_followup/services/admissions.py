"""A patient is back in hospital: the follow-up of earlier stays stops, and goes on when the admission is cancelled.

The foreign event only notes it on the Patient Discharge (`mark`, `withdraw`); plans move afterwards, in a transaction of
our own (`settle`), woken by the event and repeated by the dispatcher.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import add_days, getdate

from hospital_followup.engine.ports import DischargeIntake
from hospital_followup.services import plans, queries, readmissions
from hospital_followup.services.discharge_key import discharge_key
from hospital_followup.services.revisit_limits import readmission_days
from hospital_followup.services.writer import chunks, set_values
from hospital_followup.sources.registry import intakes

DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
REASON = "readmitted"
#: `readmission_state` of a discharge after which the patient came back: what is to be done with its plan, or was.
TO_STOP, STOPPED, TO_UNDO = "To Stop", "Stopped", "To Undo"
NOTHING = {
	"readmission_key": None,
	"readmission_state": None,
	"readmitted_on": None,
	"readmission_evidence_doctype": None,
	"readmission_evidence": None,
}


def mark(patient: str, key: str, admitted: date, evidence: tuple[str, str] | None = None) -> list[str]:
	"""Note on the patient's earlier discharges that the stay `key` began on `admitted`; the names of those noted.

	`evidence` is the doctype and name of the source's record of that stay.

	A discharge within the readmission interval (a setting, 30 days) is a readmission for the record; one whose plan is
	still open is noted too, because the patient is in other hands now.
	"""
	earliest = add_days(admitted, -readmission_days())
	discharge, plan = frappe.qb.DocType(DISCHARGE), frappe.qb.DocType(PLAN)
	rows = (
		frappe.qb.from_(discharge)
		.left_join(plan)
		.on(plan.name == discharge.plan)
		.select(discharge.name, discharge.discharge_date)
		.where((discharge.patient == patient) & (discharge.cancelled == 0) & (discharge.key != key))
		.where(Coalesce(discharge.readmission_key, "") == "")
		.where(discharge.discharge_date <= admitted)
		.where((discharge.discharge_date >= earliest) | plan.status.isin(plans.OPEN_PLANS))
		.orderby(discharge.discharge_date, discharge.name)
		.run(as_dict=True)
	)
	for row in rows:
		readmitted_on = admitted if row.discharge_date >= earliest else None
		doctype, name = evidence if evidence and readmitted_on else (None, None)
		values = {
			"readmission_key": key,
			"readmission_state": TO_STOP,
			"readmitted_on": readmitted_on,
			"readmission_evidence_doctype": doctype,
			"readmission_evidence": name,
		}
		set_values(DISCHARGE, [row.name], values)
	return [row.name for row in rows]


def withdraw(key: str) -> None:
	"""The stay `key` never came to pass: what it stopped is to go on."""
	names = frappe.get_all(DISCHARGE, filters={"readmission_key": key}, pluck="name", order_by="name")
	set_values(DISCHARGE, names, {"readmission_state": TO_UNDO})


def mark_current() -> int:
	"""Note every patient who is in hospital now, as every source tells it; how many discharges were noted."""
	return sum(_mark_current_of(intake) for intake in intakes().values() if intake.available())


def pending(state: str) -> list[str]:
	"""Discharges whose plan waits to be stopped (`TO_STOP`) or to go on (`TO_UNDO`)."""
	return frappe.get_all(DISCHARGE, filters={"readmission_state": state}, pluck="name", order_by="name")


def stop_plan_of(discharge: str) -> None:
	"""Stop the open plan of a discharge after which the patient came back; one that is still to come stays due."""
	if frappe.db.get_value(DISCHARGE, discharge, "decision") == "Pending":
		return
	plan = _plan_of(discharge)
	if plan and plan.status in plans.OPEN_PLANS:
		plans.stop(plan.name, REASON)
	set_values(DISCHARGE, [discharge], {"readmission_state": STOPPED})


def restore_plan_of(discharge: str) -> None:
	"""Take the stop back and forget the readmission."""
	plan = _plan_of(discharge)
	if plan and plan.status == "Stopped" and plan.stop_reason == REASON and not _reported([plan.patient]):
		plans.undo_stop(plan.name)
	set_values(DISCHARGE, [discharge], NOTHING)
	readmissions.record(frappe.db.get_value(DISCHARGE, discharge, "patient"))


def programme_plans() -> tuple[list[str], list[str]]:
	"""Programme plans to pause (their patient is in hospital) and to resume (paused for that, and the patient is out)."""
	inside = {patient for intake in intakes().values() if intake.available() for patient in _inside(intake)}
	programme = {"purpose": "Programme"}
	to_pause: list[str] = []
	# By the few who are in hospital, never by the many who are in a programme.
	for part in chunks(sorted(inside), 500):
		running = {**programme, "status": "Active", "patient": ("in", part)}
		to_pause += frappe.get_all(PLAN, filters=running, pluck="name", order_by="name")
	rows = frappe.get_all(
		PLAN,
		filters={**programme, "status": "Paused", "pause_reason": REASON},
		fields=["name", "patient"],
		order_by="name",
	)
	paused = [row for row in rows if row.patient not in inside]
	reported = _reported([row.patient for row in paused])
	return sorted(to_pause), [row.name for row in paused if row.patient not in reported]


def _reported(patients: list[str]) -> set[str]:
	"""Those of `patients` whose readmission was told in a call and who have not been discharged since: no source knows
	where they are, so nothing here ends it."""
	told = frappe.get_all(
		"Follow-up Log",
		filters={
			"patient": ("in", patients or [""]),
			"outcome": "Readmitted",
			"stopped_plan": 1,
			"docstatus": 1,
		},
		fields=["patient", "contacted_at"],
		order_by="patient",
	)
	stays = queries.group(queries.stays(sorted({row.patient for row in told})), "patient")
	home = {patient: max(stay.discharge_date for stay in own) for patient, own in stays.items()}
	return {row.patient for row in told if getdate(row.contacted_at) >= home.get(row.patient, date.min)}


def _mark_current_of(intake: DischargeIntake) -> int:
	stays = intake.current()
	by_source = {stay.patient_name: stay for stay in stays}
	marked = 0
	for names in chunks(sorted(by_source), 500):
		for patient, source_name in _patients(intake.patient_doctype, names):
			stay = by_source[source_name]
			key = discharge_key(frappe._dict(source_doctype=intake.doctype, source_name=stay.source_name))
			marked += len(mark(patient, key, stay.admission_date, (intake.doctype, stay.source_name)))
	return marked


def _inside(intake: DischargeIntake) -> list[str]:
	names = sorted({stay.patient_name for stay in intake.current()})
	return [
		patient for part in chunks(names, 500) for patient, _source in _patients(intake.patient_doctype, part)
	]


def _patients(doctype: str, names: list[str]) -> list[tuple[str, str]]:
	return frappe.get_all(
		PATIENT,
		filters={"source_doctype": doctype, "source_name": ("in", names), "status": ("!=", "Merged")},
		fields=["name", "source_name"],
		order_by="name",
		as_list=True,
	)


def _plan_of(discharge: str) -> frappe._dict | None:
	plan = frappe.db.get_value(DISCHARGE, discharge, "plan")
	return plan and frappe.db.get_value(
		PLAN, plan, ["name", "patient", "status", "stop_reason"], as_dict=True
	)
