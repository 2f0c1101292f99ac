"""The rows of a research export: from the site's records to what may be told, patient by patient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import frappe
from frappe.utils import get_datetime, getdate

from hospital_followup.engine.deidentify import HIDDEN, Masks, part_of_day
from hospital_followup.engine.questionnaire import Question
from hospital_followup.services.research_answers import FixedAnswers, SharedAnswers
from hospital_followup.services.research_archive import Archive
from hospital_followup.services.research_cohort import (
	AGE,
	DEPARTMENTS,
	DIAGNOSES,
	DISPOSITIONS,
	LENGTHS,
	SEX,
	Cohort,
)
from hospital_followup.services.wording import sentences
from hospital_followup.services.writer import chunks

#: Patients read together.
CHUNK = 200
LOG, SURVEY = "Follow-up Log", "Follow-up Survey"
#: What is still to come would tell where today lies among the shifted dates of a patient.
OVER = ("Completed", "Missed", "Skipped", "Cancelled")
REVISIT_OVER = ("Attended", "Missed", "Cancelled")
PLAN_FIELDS = (
	*("name", "patient", "discharge", "status", "stop_reason", "start_date", "end_date"),
	*("planned_contacts", "completed_contacts"),
)
TASK_FIELDS = (
	*(
		"name",
		"patient",
		"discharge",
		"plan",
		"kind",
		"due_date",
		"opens_on",
		"expires_on",
		"channel",
		"role",
	),
	*("status", "status_reason", "attempts", "outcome", "completed_on"),
)
LOG_FIELDS = (
	*("name", "patient", "task", "contacted_at", "channel", "direction", "contact_point", "outcome"),
	*("duration_seconds", "satisfaction", "questionnaire"),
)


class ResearchRows:
	"""Writes a cohort into an archive."""

	def __init__(self, archive: Archive, cohort: Cohort, masks: Masks) -> None:
		self.archive, self.cohort, self.masks = archive, cohort, masks
		self.answers = FixedAnswers()
		self.shared = SharedAnswers(lambda patient, row: self._add("answers", patient, **row))
		self.codes = frozenset(sentences())

	def write(self, reached: Callable[[int, int], None]) -> None:
		"""Everything; `reached(done, total)` after each part. Patients stand in the order of their pseudonyms."""
		names = sorted(self.cohort.stays, key=lambda name: self._as("patient", name))
		done = 0
		for part in chunks(names, CHUNK):
			self._write_part(part)
			done += len(part)
			reached(done, len(names))
		self._questions(self.answers.met)

	def _write_part(self, patients: list[str]) -> None:
		stays = [row for name in patients for row in self.cohort.stays[name]]
		for name in patients:
			profile = self.cohort.profiles[name]
			self._add(
				"patients", name, sex=profile[SEX], age_band=profile[AGE], stays=len(self.cohort.stays[name])
			)
		for row in stays:
			self._discharge(row)
		of_stays = {"discharge": ("in", [row.name for row in stays])}
		for row in self._read("Follow-up Plan", of_stays, PLAN_FIELDS):
			self._plan(row)
		tasks = self._read("Follow-up Task", {**of_stays, "status": ("in", OVER)}, TASK_FIELDS)
		for row in tasks:
			self._contact(row)
		of_tasks = {"task": ("in", [row.name for row in tasks] or [""])}
		self._talks(self._read(LOG, {**of_tasks, "docstatus": 1}, LOG_FIELDS))
		discharge_of = {row.name: row.discharge for row in tasks}
		self._surveys(of_tasks, discharge_of)
		self._alerts(of_tasks, discharge_of)
		self._revisits(of_stays)
		self._deaths(patients)

	def _discharge(self, row: frappe._dict) -> None:
		profile = self.cohort.profiles[row.patient]
		ending, length = profile[DISPOSITIONS] == HIDDEN, profile[LENGTHS] == HIDDEN
		self._add(
			"discharges",
			row.patient,
			stay=self._as("stay", row.name),
			department=HIDDEN if profile[DEPARTMENTS] == HIDDEN else row.department,
			diagnosis=HIDDEN if profile[DIAGNOSES] == HIDDEN else row.diagnosis,
			admission_date=HIDDEN if length else row.admission_date,
			discharge_date=row.discharge_date,
			emergency_admission=row.emergency_admission,
			disposition=HIDDEN if ending else row.disposition,
			risk_tier=row.risk_tier,
			decision=row.decision,
			decision_reason=HIDDEN if ending else self._code(row.decision_reason),
			comparison_group=row.comparison_group,
		)
		if row.readmitted_on:
			# The day of admission of the next stay.
			self._outcome("Readmission", row.patient, row.name, None if length else row.readmitted_on)

	def _plan(self, row: frappe._dict) -> None:
		self._add(
			"plans",
			row.patient,
			stay=self._as("stay", row.discharge),
			plan=self._as("plan", row.name),
			status=row.status,
			stop_reason=self._code(row.stop_reason),
			start_date=row.start_date,
			end_date=row.end_date,
			planned_contacts=row.planned_contacts,
			completed_contacts=row.completed_contacts,
		)

	def _contact(self, row: frappe._dict) -> None:
		same = ("kind", "channel", "role", "status", "attempts", "outcome")
		days = ("due_date", "opens_on", "expires_on", "completed_on")
		self._add(
			"contacts",
			row.patient,
			stay=self._as("stay", row.discharge),
			plan=self._as("plan", row.plan),
			contact=self._as("contact", row.name),
			status_reason=self._code(row.status_reason),
			**{field: row[field] for field in (*same, *days)},
		)

	def _talks(self, logs: Sequence[frappe._dict]) -> None:
		for row in logs:
			at = get_datetime(row.contacted_at)
			same = ("channel", "direction", "contact_point", "outcome", "duration_seconds")
			self._add(
				"attempts",
				row.patient,
				contact=self._as("contact", row.task),
				attempt=self._as("attempt", row.name),
				date=at.date(),
				part_of_day=part_of_day(at.hour),
				satisfaction=row.satisfaction or None,
				**{field: row[field] for field in same},
			)
		self._answers(LOG, logs, "contacted_at")

	def _surveys(self, of_tasks: dict[str, Any], discharge_of: dict[str, str]) -> None:
		fields = ("name", "patient", "task", "answered_on", "satisfaction", "recommend", "questionnaire")
		surveys = self._read(SURVEY, {**of_tasks, "status": "Answered", "log": ("is", "not set")}, fields)
		for row in surveys:
			for outcome, score in (
				("Satisfaction", row.satisfaction or ""),
				("Recommendation", row.recommend),
			):
				if score not in ("", None):
					stay = discharge_of[row.task]
					self._outcome(outcome, row.patient, stay, row.answered_on, contact=row.task, value=score)
		self._answers(SURVEY, surveys, "answered_on")

	def _answers(self, doctype: str, parents: Sequence[frappe._dict], moment: str) -> None:
		by_name = {row.name: row for row in parents}
		place = {name: number for number, name in enumerate(by_name)}
		found = sorted(self.answers.of(doctype, parents), key=lambda one: place[one[0]])
		for parent, questionnaire, answer, flag in found:
			row = by_name[parent]
			told = {
				"contact": self._as("contact", row.task),
				"attempt": self._as("attempt", row.name) if doctype == LOG else None,
				"date": getdate(row[moment]) if row[moment] else None,
				"questionnaire": self._as("questionnaire", questionnaire),
				"question": answer.question,
				"value": answer.text,
				"number": answer.number,
				"flag": flag,
			}
			self.shared.add(questionnaire, row.patient, told)

	def _alerts(self, of_tasks: dict[str, Any], discharge_of: dict[str, str]) -> None:
		fields = ("name", "patient", "task", "raised_on", "severity", "kind", "judgement")
		for row in self._read("Follow-up Alert", of_tasks, fields):
			self._outcome(
				"Alert",
				row.patient,
				discharge_of[row.task],
				row.raised_on,
				contact=row.task,
				value=row.severity,
				kind=row.kind,
				judgement=row.judgement,
			)

	def _revisits(self, of_stays: dict[str, Any]) -> None:
		fields = ("name", "patient", "discharge", "expected_on", "status", "attended_on")
		for row in self._read("Follow-up Revisit", {**of_stays, "status": ("in", REVISIT_OVER)}, fields):
			self._outcome("Revisit Expected", row.patient, row.discharge, row.expected_on, value=row.status)
			if row.attended_on:
				self._outcome("Revisit Attended", row.patient, row.discharge, row.attended_on)

	def _deaths(self, patients: list[str]) -> None:
		died = {"name": ("in", patients), "status": "Deceased", "deceased_on": ("is", "set")}
		for row in self._read("Follow-up Patient", died, ("name", "deceased_on")):
			last = self.cohort.stays[row.name][-1]
			in_hospital = getdate(row.deceased_on) <= getdate(last.discharge_date)
			if in_hospital and self.cohort.profiles[row.name][DISPOSITIONS] == HIDDEN:
				continue
			self._outcome("Death", row.name, last.name, row.deceased_on)

	def _questions(self, met: dict[tuple[str, str], Question]) -> None:
		for (questionnaire, code), question in sorted(
			met.items(), key=lambda one: (self._as("questionnaire", one[0][0]), one[0][1])
		):
			if not self.shared.shared(questionnaire):
				continue
			self.archive.add(
				"questions",
				{
					"questionnaire": self._as("questionnaire", questionnaire),
					"question": code,
					"text": question.text,
					"answer_type": question.answer_type,
					"unit": question.unit,
					"minimum": question.minimum,
					"maximum": question.maximum,
					"choices": " / ".join(choice.label for choice in question.choices),
				},
			)

	def _read(self, doctype: str, filters: dict[str, Any], fields: Iterable[str]) -> list[frappe._dict]:
		"""Records in the order of their pseudonyms: the real order would tell who is who."""
		rows = frappe.get_all(doctype, filters=filters, fields=list(fields), order_by="name")
		return sorted(
			rows, key=lambda row: (self._as("patient", row.get("patient")) or "", self._as(doctype, row.name))
		)

	def _outcome(
		self, outcome: str, patient: str, stay: str, on: Any, *, contact: str | None = None, **more: Any
	) -> None:
		self._add(
			"outcomes",
			patient,
			outcome=outcome,
			stay=self._as("stay", stay),
			date=getdate(on) if on else None,
			contact=self._as("contact", contact) if contact else None,
			**more,
		)

	def _add(self, table: str, patient: str, **row: Any) -> None:
		shown = {
			field: self.masks.day(patient, value) if isinstance(value, date) else value
			for field, value in row.items()
		}
		self.archive.add(table, {"patient": self._as("patient", patient), **shown})

	def _as(self, kind: str, name: str | None) -> str | None:
		return self.masks.pseudonym(kind, name) if name else None

	def _code(self, reason: str | None) -> str | None:
		"""A reason code; the words of the person who stopped or skipped something stay in the hospital."""
		return reason if reason in self.codes else None
