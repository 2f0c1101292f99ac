"""What the choice of a script, a questionnaire and advice depends on, read once for a contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.relevance import Stay
from hospital_followup.services import queries
from hospital_followup.services.stay_dates import completed_years

FOLLOW_UP = "Follow-up"


@dataclass(frozen=True, slots=True)
class CallContext:
	"""`language` is that of what is read out; `task_script` and `task_questionnaire` are what the plan asks for."""

	stay: Stay
	department: str | None
	channel: str
	language: str
	topics: tuple[str, ...] = ()
	task_script: str | None = None
	task_questionnaire: str | None = None
	purpose: str = FOLLOW_UP
	#: A call that tells a doctor's answer asks nothing unless its task says so.
	asks: bool = True


def context_of(task: frappe._dict) -> CallContext:
	"""The context of a contact from its Follow-up Task, a row or document; four queries whatever the history."""
	patient = frappe.db.get_value(
		"Follow-up Patient", task.patient, ["sex", "date_of_birth", "language"], as_dict=True
	)
	return CallContext(
		stay=stay_of(task.discharge, patient),
		department=task.department or None,
		channel=task.channel,
		language=spoken_language(patient.language),
		topics=tuple(topic.strip() for topic in (task.topics or "").split(",") if topic.strip()),
		task_script=task.script or None,
		task_questionnaire=task.questionnaire or None,
		asks=task.kind != "Alert",
	)


def stay_of(discharge: str | None, patient: frappe._dict) -> Stay:
	"""The stay that a contact follows; without a discharge only what is known of the patient."""
	wanted = [discharge] if discharge else []
	diagnoses = queries.children("Discharge Diagnosis", ("code", "title", "primary"), wanted)
	procedures = queries.children("Discharge Procedure", ("code", "title", "performed_on"), wanted)
	return Stay(
		diagnoses=tuple(
			Diagnosis(row.code or "", row.title or "", bool(row.primary))
			for row in diagnoses.get(discharge, ())
		),
		procedures=tuple(
			Procedure(row.code or "", row.title or "", row.performed_on)
			for row in procedures.get(discharge, ())
		),
		age=age_on(patient.date_of_birth, getdate(today())),
		sex=patient.sex or None,
	)


def age_on(born: date | str | None, day: date) -> int | None:
	"""Age in completed years; None when the date of birth is not known."""
	return completed_years(getdate(born), day) if born else None


def spoken_language(of_patient: str | None) -> str:
	"""The patient's own language, else the hospital's default, else the site's."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	return of_patient or settings.default_language or frappe.get_system_settings("language") or "en"
