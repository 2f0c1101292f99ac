"""Enrolments follow their plans: whoever moves a programme's plan moves the enrolment with it.

Below `plans`, which calls it. The other way, from the enrolment to its plan, is in `programme_plans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from hospital_followup.exceptions import DuplicateRecordError
from hospital_followup.services.wake import roll_programmes_after_commit
from hospital_followup.services.writer import set_values

ENROLMENT, PATHWAY, PLAN = "Programme Enrolment", "Care Pathway", "Follow-up Plan"
#: In the programme, or waiting to be.
OPEN = ("Active", "Paused")
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


def course_of(enrolment: str) -> tuple[str, str]:
	"""The patient and the title of the programme of `enrolment`."""
	patient, pathway = frappe.db.get_value(ENROLMENT, enrolment, ["patient", "pathway"])
	return patient, frappe.db.get_value(PATHWAY, pathway, "title")


def open_of(patient: str, title: str, *, but: str | None = None) -> list[str]:
	"""Enrolments, `but` that one, by which `patient` is in the programme `title` now, or waits to be: at most one course."""
	enrolment, pathway = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType(PATHWAY)
	query = (
		frappe.qb.from_(enrolment)
		.join(pathway)
		.on(pathway.name == enrolment.pathway)
		.select(enrolment.name)
		.where((enrolment.patient == patient) & (pathway.title == title) & enrolment.status.isin(OPEN))
		.where(enrolment.name != (but or ""))
	)
	return query.orderby(enrolment.name).run(pluck=True)


def refuse_second(patient: str, title: str, *, but: str | None = None) -> None:
	"""Raise DuplicateRecordError when `patient` is in the programme `title` already, by another enrolment than `but`."""
	if running := open_of(patient, title, but=but):
		name = frappe.db.get_value("Follow-up Patient", patient, "patient_name")
		frappe.throw(
			_(
				"{0} is in {1} already. Open enrolment {2} and finish it first, or correct the day it counts from."
			).format(frappe.bold(name), frappe.bold(title), frappe.bold(running[0])),
			DuplicateRecordError,
			title=_("Enrolled Already"),
		)


def stop_waiting(patient: str, reason: str) -> None:
	"""End the enrolments of `patient` that never had a plan: nobody is asked for consent any more."""
	waiting = {"patient": patient, "status": "Paused", "plan": ("is", "not set")}
	names = frappe.get_all(ENROLMENT, filters=waiting, pluck="name", order_by="name")
	set_values(ENROLMENT, names, fields_of("Left", reason))


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
	if frappe.db.get_value(ENROLMENT, enrolment, "status", for_update=True) == status:
		return
	values = fields_of(status, reason)
	if status != "Active":
		# Due, although it runs no more, until planning has parted its contacts from the tasks that they had joined.
		values["planned_until"] = getdate(add_days(today(), -1))
		roll_programmes_after_commit()
	set_values(ENROLMENT, [enrolment], values)
