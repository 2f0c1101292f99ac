"""Enrolments follow their plans: whoever moves a programme's plan moves the enrolment with it.

Below `plans`, which calls it. The other way, from the enrolment to its plan, is in `programme_plans`.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.utils import getdate, today

from hospital_followup.services.wake import plan_after_commit, roll_programmes_after_commit
from hospital_followup.services.writer import set_values

ENROLMENT, PLAN = "Programme Enrolment", "Follow-up Plan"
PATIENT, DISCHARGE = "Follow-up Patient", "Patient Discharge"
#: What an enrolment is while its plan is …
STATUS_OF = {
	"Draft": "Active",
	"Active": "Active",
	"Paused": "Paused",
	"Stopped": "Left",
	"Completed": "Finished",
}
#: Why an enrolment is paused from the beginning: nobody has asked the patient yet.
AWAITING = "awaiting_consent"


def plan_moved(plan: str, status: str, reason: str | None) -> None:
	"""Carry a step of a plan to `status` into its enrolment, and have the patient's programmes planned again.

	A programme's contact may have joined a task of this plan, or finds room now that the plan stands still.
	"""
	row = frappe.db.get_value(PLAN, plan, ["patient", "enrolment", "pause_reason"], as_dict=True)
	if status == "Paused":
		reason = row.pause_reason or reason
	if row.enrolment and _follow(row.enrolment, STATUS_OF[status], reason):
		_plan_discharges_again(row.patient)
	wake([row.patient])


def wake(patients: Iterable[str]) -> None:
	"""Plan the active programmes of these patients again, right after the commit."""
	wanted = {"patient": ("in", sorted(set(patients)) or [""]), "status": "Active"}
	if names := frappe.get_all(ENROLMENT, filters=wanted, pluck="name", order_by="name"):
		set_values(ENROLMENT, names, {"planned_until": None})
		roll_programmes_after_commit()


def stop_waiting(patient: str, reason: str) -> None:
	"""End the enrolments of `patient` that never had a plan: nobody is asked for consent any more."""
	waiting = {"patient": patient, "status": "Paused", "plan": ("is", "not set")}
	names = frappe.get_all(ENROLMENT, filters=waiting, pluck="name", order_by="name")
	set_values(ENROLMENT, names, fields_of("Left", reason))


def restore_waiting(patient: str, reason: str) -> None:
	"""Take `stop_waiting` back."""
	ended = {"patient": patient, "status": "Left", "status_reason": reason, "plan": ("is", "not set")}
	names = frappe.get_all(ENROLMENT, filters=ended, pluck="name", order_by="name")
	set_values(ENROLMENT, names, fields_of("Paused", AWAITING))


def fields_of(status: str, reason: str | None) -> dict[str, object]:
	"""What is written into an enrolment that becomes `status` today."""
	day = getdate(today())
	return {
		"status": status,
		"status_reason": None if status == "Active" else reason,
		"paused_on": day if status == "Paused" else None,
		"ended_on": day if status in ("Finished", "Left") else None,
		"planned_until": None,
	}


def _follow(enrolment: str, status: str, reason: str | None) -> bool:
	"""Whether the patient has thereby left the programme, or come back to it."""
	before = frappe.db.get_value(ENROLMENT, enrolment, "status", for_update=True)
	if before == status:
		return False
	set_values(ENROLMENT, [enrolment], fields_of(status, reason))
	return "Left" in (before, status)


def _plan_discharges_again(patient: str) -> None:
	"""A running plan takes up the pathway that is no programme any more, or gives it back, right after the commit."""
	if frappe.db.get_value(PATIENT, patient, "status") != "Active":
		return
	plan, discharge = frappe.qb.DocType(PLAN), frappe.qb.DocType(DISCHARGE)
	names = (
		frappe.qb.from_(discharge)
		.join(plan)
		.on(plan.name == discharge.plan)
		.select(discharge.name)
		.where((discharge.patient == patient) & (discharge.decision == "Planned"))
		.where((plan.status == "Active") & (plan.purpose == "Discharge"))
		.orderby(discharge.name)
		.run(pluck=True)
	)
	if names:
		set_values(DISCHARGE, names, {"decision": "Pending", "inputs_hash": None})
		plan_after_commit()
