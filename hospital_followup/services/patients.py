"""What follows when a patient's record changes: death, do not contact, a merge, another phone or preference."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from hospital_followup.services import (
	numbers,
	planning,
	programme_candidates,
	programme_consents,
	programme_merge,
	programme_status,
)
from hospital_followup.services.patient_stops import PATIENT_STOPS, restore_patient, stop_patient
from hospital_followup.services.writer import set_values

PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"
#: What the channel, the contact point or the tier of a contact depends on.
PLANNING_FIELDS = (
	"preferred_channel",
	"special_care",
	"mobile",
	"mobile_status",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"email",
	"wechat_openid",
	"app_account",
	"home_address",
	"date_of_birth",
	"sex",
)


def on_patient_saved(doc: Document) -> None:
	"""Carry a saved Follow-up Patient into its plans. Death and do-not-contact stop everything; both can be taken back."""
	before = doc.get_doc_before_save()
	if not before:
		return
	if before.status != doc.status:
		_change_status(doc, before.status)
	elif doc.status == "Active" and any(before.get(field) != doc.get(field) for field in PLANNING_FIELDS):
		planning.plan_discharges(_discharges(doc.name, ("Planned",)), cause="patient_changed")
		programme_status.wake([doc.name])
		numbers.on_patient_saved(doc)


def on_consent_changed(patient: str) -> None:
	"""A patient agreed or refused: which channels may be used, and whether any may, is planned anew at once.

	Who wants no contact at all is asked for no programme either; who does again, is asked again.
	"""
	waiting = _discharges(patient, ("Pending", "Planned", "Excluded"))
	planning.plan_discharges(waiting, cause="consent_changed")
	programme_status.wake([patient])
	silenced = programme_candidates.silenced([patient])
	answer = programme_status.stop_waiting if silenced else programme_consents.restore_waiting
	answer(patient, programme_consents.WITHDRAWN)


def mark_deceased(patient: str, day: object = None) -> None:
	"""Record that a patient has died and stop everything, as the system (a log, a HIS)."""
	before = frappe.db.get_value(PATIENT, patient, "status")
	values = {"status": "Deceased", "deceased_on": day, "status_before_death": before}
	set_values(PATIENT, [patient], values)
	stop_patient(patient, PATIENT_STOPS["Deceased"])


def unmark_deceased(patient: str) -> None:
	"""Take `mark_deceased` back; who had asked not to be contacted has still asked for it."""
	status = frappe.db.get_value(PATIENT, patient, "status_before_death") or "Active"
	set_values(PATIENT, [patient], {"status": status, "deceased_on": None, "status_before_death": None})
	if status == "Active":
		_restore(patient, "Deceased")


def _change_status(doc: Document, before: str) -> None:
	if doc.status == "Merged":
		_move_records(doc.name, doc.merged_into)
		programme_merge.take_over(doc.name, doc.merged_into)
	elif doc.status in PATIENT_STOPS:
		stop_patient(doc.name, PATIENT_STOPS[doc.status])
	elif before in PATIENT_STOPS:
		_restore(doc.name, before)


def _restore(patient: str, before: str) -> None:
	"""Restore what the former status had stopped, and plan what came in or changed meanwhile."""
	restore_patient(patient, PATIENT_STOPS[before])
	waiting = _discharges(patient, ("Pending", "Planned", "Excluded"))
	planning.plan_discharges(waiting, cause="patient_restored")


def _discharges(patient: str, decisions: tuple[str, ...]) -> list[str]:
	return frappe.get_all(
		DISCHARGE,
		filters={"patient": patient, "decision": ("in", decisions)},
		pluck="name",
		order_by="discharge_date, name",
	)


def _move_records(source: str, target: str) -> None:
	"""Two records were one person: everything of `source` goes on under `target`, so that no work is lost."""
	title = frappe.db.get_value(PATIENT, target, "patient_name")
	linked = frappe.get_all(
		"DocField",
		filters={"options": PATIENT, "fieldtype": "Link", "fieldname": "patient"},
		pluck="parent",
		order_by="parent",
	)
	for doctype in linked:
		values = {"patient": target}
		if frappe.get_meta(doctype).has_field("patient_name"):
			values["patient_name"] = title
		names = frappe.get_all(doctype, filters={"patient": source}, pluck="name", order_by="name")
		set_values(doctype, names, values)
