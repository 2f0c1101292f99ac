"""What the choice of a script, a questionnaire and advice depends on, read once for a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.relevance import Stay
from hospital_followup.services import queries
from hospital_followup.services.stay_dates import completed_years

FOLLOW_UP = "Follow-up"
PATIENT_FIELDS = ("name", "sex", "date_of_birth", "language")


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
	"""The context of one contact from its Follow-up Task, a row or document."""
	return contexts_of([task])[task.name]


def contexts_of(tasks: Sequence[frappe._dict]) -> dict[str, CallContext]:
	"""The context of each contact by the name of its Follow-up Task; three queries however many and whatever the history."""
	patients = {
		row.name: row
		for row in queries.select(
			"Follow-up Patient", PATIENT_FIELDS, "name", sorted({task.patient for task in tasks})
		)
	}
	wanted = sorted({task.discharge for task in tasks if task.discharge})
	diagnoses = queries.children("Discharge Diagnosis", ("code", "title", "primary"), wanted)
	procedures = queries.children("Discharge Procedure", ("code", "title", "performed_on"), wanted)
	found = {}
	for task in tasks:
		patient = patients[task.patient]
		stay = _stay(diagnoses.get(task.discharge, ()), procedures.get(task.discharge, ()), patient)
		found[task.name] = _context(task, stay, patient)
	return found


def _context(task: frappe._dict, stay: Stay, patient: frappe._dict) -> CallContext:
	return CallContext(
		stay=stay,
		department=task.department or None,
		channel=task.channel,
		language=spoken_language(patient.language),
		topics=tuple(topic.strip() for topic in (task.topics or "").split(",") if topic.strip()),
		task_script=task.script or None,
		task_questionnaire=task.questionnaire or None,
		asks=task.kind != "Alert",
	)


def _stay(diagnoses: Iterable[frappe._dict], procedures: Iterable[frappe._dict], patient: Mapping) -> Stay:
	"""The stay that a contact follows; without a discharge only what is known of the patient."""
	return Stay(
		diagnoses=tuple(Diagnosis(row.code or "", row.title or "", bool(row.primary)) for row in diagnoses),
		procedures=tuple(Procedure(row.code or "", row.title or "", row.performed_on) for row in procedures),
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
