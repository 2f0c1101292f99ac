"""Enrolments follow their plans: whoever moves a programme's plan moves the enrolment with it.

Below `plans`, which calls it. The other way, from the enrolment to its plan, is in `programme_plans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe.utils import getdate, today

from hospital_followup.services.wake import roll_programmes_after_commit
from hospital_followup.services.writer import set_values

ENROLMENT, PLAN = "Programme Enrolment", "Follow-up Plan"
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
	if row.enrolment:
		_follow(row.enrolment, STATUS_OF[status], reason)
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


def part(names: Sequence[str]) -> None:
	"""Enrolments that named one of `names` as the mother's, the newborn's or the earlier one name nobody any more."""
	linked = frappe.get_all(
		ENROLMENT, filters={"related_enrolment": ("in", list(names))}, pluck="name", order_by="name"
	)
	set_values(ENROLMENT, linked, {"related_enrolment": None, "relation": None})


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


def _follow(enrolment: str, status: str, reason: str | None) -> None:
	if frappe.db.get_value(ENROLMENT, enrolment, "status", for_update=True) != status:
		set_values(ENROLMENT, [enrolment], fields_of(status, reason))
