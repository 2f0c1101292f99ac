"""One click that takes back what a death, a readmission or a move stopped, from the plan or from the patient."""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.engine.names import DOCTOR, SUPERVISOR
from hospital_followup.exceptions import PlanTransitionError
from hospital_followup.services import patient_stops, plans, programme_consents
from hospital_followup.services.erased_patients import refuse_erased

PATIENT = "Follow-up Patient"
PLAN = plans.PLAN


def undo_plan(plan: str) -> None:
	"""Take the stop of `plan` back. A death is the patient's: taking it back brings everything of the patient back."""
	row = frappe.db.get_value(PLAN, plan, ["patient", "stop_reason"], as_dict=True)
	refuse_erased(row.patient)
	if row.stop_reason == "deceased" and frappe.db.get_value(PATIENT, row.patient, "status") == "Deceased":
		undo_death(row.patient)
	else:
		programme_consents.refuse_to_go_on(plan)
		plans.undo_stop(plan)


def undo_patient(patient: str, reason: str) -> list[str]:
	"""Take back what `reason` (deceased, readmitted, moved_away) stopped for the patient; names of the plans restored.

	Raises PermissionError for somebody who may not stop plans and did not report it either (rules.md: doctors and
	supervisors; who pressed the wrong key may take that back), PlanTransitionError when there is nothing to undo.
	"""
	refuse_erased(patient)
	if reason == "deceased" and frappe.db.get_value(PATIENT, patient, "status") == "Deceased":
		stopped = frappe.get_all(
			PLAN,
			filters={"patient": patient, "status": "Stopped", "stop_reason": reason},
			pluck="name",
			order_by="name",
		)
		undo_death(patient)
		return stopped
	stops = [stop for stop in patient_stops.stops_of(patient) if stop.reason == reason]
	if not stops:
		frappe.throw(_("Nothing is stopped for this reason."), PlanTransitionError, title=_("Not possible"))
	mine = all(stop.by == frappe.session.user for stop in stops)
	if (
		not mine
		and frappe.session.user != "Administrator"
		and not {DOCTOR, SUPERVISOR} & set(frappe.get_roles())
	):
		frappe.throw(
			_("Only a doctor, a supervisor or the person who reported it can take this back."),
			frappe.PermissionError,
		)
	return patient_stops.undo(patient, reason)


def undo_death(patient: str) -> None:
	"""The patient lives: the record is Active again and its plans go on, as when the form's button is pressed."""
	doc = frappe.get_doc(PATIENT, patient, for_update=True)
	doc.update({"status": doc.status_before_death or "Active", "status_reason": None, "deceased_on": None})
	doc.status_before_death = None
	doc.save()
