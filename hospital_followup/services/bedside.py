"""Bedside preparation: before the patient goes home, confirm the number, ask for preferences, explain, take consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, get_fullname, getdate, now_datetime, today

from hospital_followup.engine.names import CHANNELS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import bedside_consent, numbers, purpose_text
from hospital_followup.services.call_fields import LONGEST_TEXT
from hospital_followup.services.phone import masked
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_patient.follow_up_patient import (
		FollowupPatient,
	)
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"
#: Ways in which the number is confirmed beside the bed.
AT_THE_BEDSIDE = ("Entered Again", "Test Call")
#: What is asked and kept as it is answered.
ASKED = (
	"preferred_slot",
	"preferred_channel",
	"language",
	"caregiver_name",
	"caregiver_relation",
	"caregiver_mobile",
	"may_hear",
	"may_hear_names",
	"special_care",
	"special_care_note",
	"home_address",
	"directions",
)
SIMPLE = (str, int, float, type(None))
#: Without an admission date a preparation counts for a discharge that follows within so many days.
LONGEST_STAY = 60


def form(patient: str) -> dict[str, Any]:
	"""What is known already, what is to be read out, and which consents were given, for the dialog."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.apply_fieldlevel_read_permissions()
	return {
		"patient_name": doc.patient_name,
		"known": {field: doc.get(field) for field in ASKED},
		"number": doc.mobile_masked,
		"number_state": doc.mobile_status,
		"prepared_on": doc.prepared_on,
		"prepared_by": get_fullname(doc.prepared_by) if doc.prepared_by else None,
		"purpose_explained": doc.purpose_explained,
		"purpose": purpose_text.in_languages(),
		"language": spoken_language(doc),
		"purposes": list(bedside_consent.PURPOSES),
		"channels": list(CHANNELS),
		"consents": bedside_consent.standing(patient),
	}


def read(answers: Any) -> dict[str, Any]:
	"""What the dialog sent. Raises InvalidValueError for anything but fields with values."""
	try:
		given = frappe.parse_json(answers)
	except ValueError:
		given = None
	simple = isinstance(given, dict) and all(
		isinstance(value, dict if field == "consents" else SIMPLE) for field, value in given.items()
	)
	words = list((given.get("consents") or {}).values()) if simple else []
	if not simple or not all(
		isinstance(said, dict) and all(isinstance(word, str) for word in said.values()) for said in words
	):
		_refuse(_("Changes are given as fields with values."))
	if any(len(cstr(value)) > LONGEST_TEXT for field, value in given.items() if field in ASKED):
		_refuse(_("This text is too long: at most {0} characters.").format(LONGEST_TEXT))
	return given


def prepare(patient: str, answers: Mapping[str, Any], discharge: str | None = None) -> FollowupPatient:
	"""Keep what was answered at the bedside; who did it and when is noted. Nothing is kept when anything is refused.

	`answers`: the fields of ASKED, `way` (one of AT_THE_BEDSIDE, or empty: the number is not confirmed), `number`,
	`number_changed`, `purpose_explained`, `consents` {purpose: {channel: Yes, No or empty}}. Marks `discharge`, else the
	patient's discharges of today and later. Raises InvalidValueError.
	"""
	doc = frappe.get_doc(PATIENT, patient, for_update=True)
	doc.update({field: answers[field] for field in ASKED if field in answers})
	_check_listeners(doc)
	_confirm_number(doc, answers)
	explained = bool(cint(answers.get("purpose_explained")))
	words = answers.get("consents") or {}
	changes = bedside_consent.changes(patient, words)
	if changes and not explained:
		_refuse(
			_("Consent counts only when the purpose was explained. Read the text out and tick {0}.").format(
				frappe.bold(_("Purpose Explained"))
			)
		)
	doc.update(
		{
			"prepared_on": now_datetime(),
			"prepared_by": frappe.session.user,
			"purpose_explained": int(explained),
		}
	)
	doc.save()
	bedside_consent.record(doc, changes, spoken_language(doc))
	set_values(DISCHARGE, _discharges(patient, discharge), _mark(doc.prepared_on))
	return doc


def take_over(doc: PatientDischarge) -> None:
	"""A new discharge takes over the preparation that was made during its stay."""
	prepared_on = frappe.db.get_value(PATIENT, doc.patient, "prepared_on")
	if doc.bedside_prepared or not prepared_on:
		return
	begin = (
		getdate(doc.admission_date)
		if doc.admission_date
		else add_days(getdate(doc.discharge_date), -LONGEST_STAY)
	)
	if begin <= prepared_on.date() <= getdate(doc.discharge_date):
		doc.update(_mark(prepared_on))


def may_hear_of(patient: Mapping[str, Any]) -> str:
	"""Who may be told about the patient's health, as a sentence for the caller."""
	caregiver = " ".join(filter(None, (patient.get("caregiver_name"), patient.get("caregiver_relation"))))
	return {
		"Only the Patient": _("Only the patient."),
		"The Caregiver": _("The patient and the caregiver {0}.").format(caregiver),
		"The People Named": _("The patient and: {0}.").format(patient.get("may_hear_names") or ""),
	}.get(patient.get("may_hear") or "", _("Nobody has asked yet: speak with the patient only."))


def spoken_language(doc: Any) -> str:
	"""The language that is spoken with the patient: the patient's, else the hospital's default, else the site's."""
	default = frappe.get_cached_doc("Follow-up Settings").default_language
	return doc.get("language") or default or frappe.db.get_default("lang") or "en"


def _confirm_number(doc: FollowupPatient, answers: Mapping[str, Any]) -> None:
	way, typed = answers.get("way") or "", cstr(answers.get("number")).strip()
	if not way:
		if typed:
			_refuse(_("Say how the number was confirmed: entered again, or by a test call."))
		return
	if way not in AT_THE_BEDSIDE:
		_refuse(_("{0} is no way to confirm a number.").format(way))
	if not typed and (way == "Entered Again" or not doc.mobile):
		_refuse(_("Enter the number as the patient says it."))
	number = numbers.dialable(typed or doc.mobile)
	if doc.mobile and number != doc.mobile and not cint(answers.get("number_changed")):
		_refuse(
			_("This is not the number on record ({0}). Ask once more; if it is right, tick {1}.").format(
				masked(doc.mobile), frappe.bold(_("The number has changed"))
			)
		)
	numbers.set_number(doc, "Patient", number, way)


def _check_listeners(doc: FollowupPatient) -> None:
	if doc.may_hear == "The Caregiver" and not doc.caregiver_name:
		_refuse(_("Enter the name of the caregiver who may hear about the patient's health."))
	if doc.may_hear == "The People Named" and not (doc.may_hear_names or "").strip():
		_refuse(_("Enter the names of those who may hear about the patient's health."))
	if doc.may_hear != "The People Named":
		doc.may_hear_names = None


def _discharges(patient: str, discharge: str | None) -> list[str]:
	if discharge:
		if frappe.db.get_value(DISCHARGE, discharge, "patient") != patient:
			_refuse(_("This discharge belongs to another patient."))
		return [discharge]
	coming = {"patient": patient, "cancelled": 0, "discharge_date": (">=", today())}
	return frappe.get_all(DISCHARGE, filters=coming, pluck="name", order_by="name")


def _mark(prepared_on: Any) -> dict[str, Any]:
	return {"bedside_prepared": 1, "bedside_prepared_on": prepared_on}


def _refuse(message: str) -> None:
	frappe.throw(message, InvalidValueError, title=_("Bedside Preparation"))
