"""The health of telephone numbers: which lead nowhere, putting them right, and what that means for open contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime, today

from hospital_followup.channels.phone import DEAD_NUMBERS
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import attempts, claims, settling, task_actions, tasks
from hospital_followup.services.phone import international
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog
	from hospital_followup.hospital_followup.doctype.follow_up_patient.follow_up_patient import (
		FollowupPatient,
	)

PATIENT = "Follow-up Patient"
LOG = "Follow-up Log"
#: Whose number it is, and the field that holds it.
NUMBER_FIELD = {"Patient": "mobile", "Caregiver": "caregiver_mobile"}
#: Ways in which somebody confirmed the number; from the others it is only hoped to be right.
CONFIRMED = ("Entered Again", "Test Call", "Patient in Person", "Caregiver")
WAYS = (*CONFIRMED, "Ward or Clinic", "Other")


def mark(log: FollowupLog) -> None:
	"""Put the number that was dialled on the list of numbers to fix; the patient's other calls go to the caregiver."""
	frappe.db.set_value(PATIENT, log.patient, state_field(log), log.outcome)
	point_tasks(log.patient, but=log.task)


def mark_out_of_service(patient: str, number: str) -> bool:
	"""A message service says that `number` (international form) does not exist; whether it is on the list to fix now.

	Carriers' codes are not exact: a number that a person has confirmed, or found to be wrong, stays as it is.
	"""
	fields = [*NUMBER_FIELD.values(), *(state for state, _on in attempts.NUMBER_STATE.values())]
	row = frappe.db.get_value(PATIENT, patient, fields, as_dict=True, for_update=True)
	found = [attempts.NUMBER_STATE[whose][0] for whose, field in NUMBER_FIELD.items() if row[field] == number]
	unproven = {state: "Out of Service" for state in found if row[state] in (None, "", "Unknown")}
	if unproven:
		frappe.db.set_value(PATIENT, patient, unproven)
		point_tasks(patient)
	return bool(unproven)


def restore(log: FollowupLog) -> None:
	"""Take the number off that list again, unless another log says the same."""
	field = state_field(log)
	if frappe.db.get_value(PATIENT, log.patient, field) != log.outcome:
		return
	same = {
		"patient": log.patient,
		"docstatus": 1,
		"outcome": log.outcome,
		"contact_point": log.contact_point,
		"name": ("!=", log.name),
	}
	if frappe.db.exists(LOG, same):
		return
	verified = field == "mobile_status" and frappe.db.get_value(PATIENT, log.patient, "phone_verified")
	frappe.db.set_value(PATIENT, log.patient, field, "Verified" if verified else "Unknown")
	point_tasks(log.patient, but=log.task)


def state_field(log: FollowupLog) -> str:
	"""The field that holds the state of the number that was dialled."""
	return attempts.NUMBER_STATE[log.contact_point or "Patient"][0]


def note_changes(doc: FollowupPatient) -> None:
	"""Remember since when a number is the one that counts, and who confirmed the patient's own and how."""
	before = doc.get_doc_before_save()
	for whose, (state, changed_on) in attempts.NUMBER_STATE.items():
		changed = before and before.get(NUMBER_FIELD[whose]) != doc.get(NUMBER_FIELD[whose])
		revived = before and before.get(state) in DEAD_NUMBERS and doc.get(state) not in DEAD_NUMBERS
		if changed or revived:
			doc.set(changed_on, now_datetime())
	if doc.mobile_status != "Verified":
		if doc.mobile_status == "Unknown":
			doc.update(dict.fromkeys(("phone_verified_on", "phone_verified_by", "phone_verified_how")))
	elif doc.flags.verified_how or not doc.phone_verified_on or doc.has_value_changed("mobile"):
		doc.phone_verified_on, doc.phone_verified_by = now_datetime(), frappe.session.user
		doc.phone_verified_how = doc.flags.verified_how


def on_patient_saved(doc: FollowupPatient) -> None:
	"""A number was put right: what had gone elsewhere, or was given up, because of it comes back to the patient."""
	states = attempts.NUMBER_STATE.values()
	if any(doc.has_value_changed(field) for pair in states for field in pair):
		point_tasks(doc.name)
	if any(doc.has_value_changed(changed_on) for _state, changed_on in states):
		reopen(doc.name)


def point_tasks(patient: str, *, but: str | None = None) -> None:
	"""Calls that nobody has tried yet go to the caregiver while the patient's number leads nowhere, and back."""
	row = frappe.db.get_value(PATIENT, patient, attempts.PATIENT_FIELDS, as_dict=True)
	to_caregiver = row.mobile_status in DEAD_NUMBERS and attempts.caregiver_reachable(row)
	waiting = {
		"patient": patient,
		"status": ("in", sorted(OPEN_STATUSES - {"In Progress"})),
		"channel": "Phone",
		"attempts": 0,
		"name": ("!=", but or ""),
	}
	if to_caregiver:
		waiting |= {"contact_point": "Patient", "planned_contact_point": ("is", "not set")}
		values = {
			"contact_point": "Caregiver",
			"planned_contact_point": "Patient",
			"next_attempt_reasons": "patient_number_dead,caregiver_next",
		}
	else:
		waiting |= {"contact_point": "Caregiver", "planned_contact_point": "Patient"}
		values = {"contact_point": "Patient", "planned_contact_point": None, "next_attempt_reasons": None}
	names = frappe.get_all(TASK, filters=waiting, pluck="name", order_by="name")
	tasks.move(names, ("Scheduled", "Open"), values)


def reopen(patient: str) -> None:
	"""Tell the state of the patient's begun contacts again; one that was given up comes back while its window is open."""
	task = frappe.qb.DocType(TASK)
	lost = (task.status == "Missed") & (task.status_reason == "lost_to_follow_up")
	names = (
		frappe.qb.from_(task)
		.select(task.name)
		.where((task.patient == patient) & (task.attempts > 0))
		.where(task.status.isin(sorted(OPEN_STATUSES)) | lost)
		.where(task.expires_on.isnull() | (task.expires_on >= today()))
		.orderby(task.name)
		.run(pluck=True)
	)
	for name in names:
		claims.lock(name)
		missed = frappe.db.get_value(TASK, name, "status") == "Missed"
		doc = settling.settle(name, settling.NUMBER_CORRECTED)
		if missed and doc.status != "Missed":
			task_actions.reopen_plan(doc.plan)


def correct(
	patient: str, whose: str, number: str, verified_with: str, note: str | None = None
) -> FollowupPatient:
	"""Replace a number that leads nowhere; the patient's open contacts come back to it.

	`whose`: Patient or Caregiver. `verified_with`: one of WAYS, "" for nobody. Raises InvalidValueError for a number
	that cannot be dialled, or the very number that leads nowhere, unless somebody confirmed it.
	"""
	if whose not in NUMBER_FIELD:
		frappe.throw(_("Say whose number it is: the patient's or the caregiver's."), InvalidValueError)
	if verified_with and verified_with not in WAYS:
		frappe.throw(_("{0} is no way to confirm a number.").format(verified_with), InvalidValueError)
	doc = frappe.get_doc(PATIENT, patient, for_update=True)
	set_number(doc, whose, dialable(number), verified_with)
	doc.save()
	doc.add_comment("Info", _remark(whose, verified_with, note))
	return doc


def set_number(doc: FollowupPatient, whose: str, number: str, verified_with: str) -> None:
	"""Put `number` (international form) into the unsaved record, with what is known about it."""
	field, confirmed = NUMBER_FIELD[whose], verified_with in CONFIRMED
	state = attempts.NUMBER_STATE[whose][0]
	if doc.get(field) == number and doc.get(state) in DEAD_NUMBERS and not confirmed:
		frappe.throw(
			_("This is the number that leads nowhere. Enter another one, or confirm it with somebody first."),
			InvalidValueError,
			title=_("Please Check the Number"),
		)
	doc.set(field, number)
	doc.set(state, "Verified" if confirmed else "Unknown")
	doc.flags.numbers_checked = {*(doc.flags.numbers_checked or ()), field}
	if whose == "Patient":
		doc.flags.verified_how = verified_with if confirmed else None


def dialable(number: str) -> str:
	"""`number` in international form; raises InvalidValueError when it cannot be dialled."""
	country = frappe.get_cached_doc("Follow-up Settings").default_country_code
	found, valid = international(number, country)
	if not found or not valid:
		frappe.throw(
			_(
				"This is no valid telephone number. Enter it with its area code, or with + and the country code."
			),
			InvalidValueError,
			title=_("Please Check the Number"),
		)
	return found


def _remark(whose: str, verified_with: str, note: str | None) -> str:
	"""What people read in the timeline; never the number itself."""
	text = (
		_("Number of the patient corrected.")
		if whose == "Patient"
		else _("Number of the caregiver corrected.")
	)
	parts = [text]
	if verified_with:
		parts.append(_("Confirmed: {0}.").format(_(verified_with, context=PATIENT)))
	if (note or "").strip():
		parts.append(frappe.utils.escape_html(note.strip()))
	return " ".join(parts)
