"""The values that stand in messages, read for many messages at once: a few queries, whatever the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import cint, get_system_timezone, getdate, today

from hospital_followup.services import queries, spoken
from hospital_followup.services.message_placeholders import (
	CLOSED_CHANNELS,
	LINK,
	LINK_TOKEN,
	stop_hint,
)
from hospital_followup.services.revisit_preparation import plain_text
from hospital_followup.services.stay_dates import completed_years

if TYPE_CHECKING:
	from hospital_followup.services.messages import Wanted

#: A moment as callers write it, and nothing that a person wrote.
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?")
#: Signs that mark where the link goes; a value never brings them along.
MARKS = str.maketrans("", "", "⟨⟩")
#: The library's texts end where a sentence ends when they are longer than a message may be.
LONGEST_CONTENT = 1800
Rows = dict[str, frappe._dict]


@dataclass(frozen=True, slots=True)
class Known:
	"""What the records say about patients, contacts, revisits and advice; see `read`."""

	settings: Any
	patients: Rows
	departments: Rows
	tasks: Rows
	revisits: Rows
	contents: Rows
	doctors: Mapping[str, str]

	def language_of(self, patient: str) -> str | None:
		return self.patients[patient].language if patient in self.patients else None

	def values_of(self, item: Wanted, language: str) -> dict[str, str]:
		"""Every value that is known, said in `language`; what is not known is left out."""
		patient = self.patients.get(item.patient) or frappe._dict()
		department = self.departments.get(item.department or patient.department or "") or frappe._dict()
		revisit = self.revisits.get(item.revisit or "") or frappe._dict()
		task = self.tasks.get(item.task or "") or frappe._dict()
		phone = department.contact_phone or self.settings.hospital_phone
		link = bool(item.survey and self.settings.base_url)
		found = {
			"salutation": self._salutation(patient, language),
			"patient_name": patient.patient_name,
			"hospital_name": self.settings.hospital_name or item.company or patient.company,
			"hospital_phone": phone,
			"emergency_number": self.settings.emergency_number,
			"department": department.department_name,
			"doctor": self.doctors.get(item.plan or task.plan or ""),
			"due_date": task.due_date,
			"revisit_date": revisit.expected_on,
			"preparation": revisit.preparation,
			**self._content(item, language),
			"stop_hint": stop_hint(item.channel, language, link=link, phone=phone),
			**{name: value for name, value in item.values.items() if value},
		}
		values = {
			name: said(_one_line(value, item.channel, language), language, patient.time_zone)
			for name, value in found.items()
			if value
		}
		return values | {"link": LINK, "link_token": LINK_TOKEN} if link else values

	def _salutation(self, patient: frappe._dict, language: str) -> str | None:
		name = patient.patient_name
		if not name:
			return None
		if self._is_child(patient):
			return f"{name}小朋友的家长" if spoken.base_language(language) == "zh" else f"Parents of {name}"
		return spoken.salutation(name, patient.sex, language)

	def _is_child(self, patient: frappe._dict) -> bool:
		if not patient.date_of_birth:
			return False
		limit = cint(self.settings.guardian_under_age) or 18
		return completed_years(getdate(patient.date_of_birth), getdate(today())) < limit

	def _content(self, item: Wanted, language: str) -> dict[str, str | None]:
		content = self.contents.get(item.content or "")
		if not content or spoken.base_language(content.language) != spoken.base_language(language):
			return {}
		return {"content_title": content.title, "content_text": _shortened(plain_text(content.body or ""))}


def read(wanted: Sequence[Wanted]) -> Known:
	"""What the texts of these messages may need."""
	patients = _rows(
		"Follow-up Patient",
		("patient_name", "sex", "date_of_birth", "language", "department", "company", "time_zone"),
		(item.patient for item in wanted),
	)
	tasks = _rows("Follow-up Task", ("due_date", "plan"), (item.task for item in wanted))
	plans = {item.plan for item in wanted} | {row.plan for row in tasks.values()}
	return Known(
		settings=frappe.get_cached_doc("Follow-up Settings"),
		patients=patients,
		departments=_rows(
			"Follow-up Department",
			("department_name", "contact_phone"),
			{item.department for item in wanted} | {row.department for row in patients.values()},
		),
		tasks=tasks,
		revisits=_rows(
			"Follow-up Revisit", ("expected_on", "preparation"), (item.revisit for item in wanted)
		),
		contents=_rows("Care Content", ("title", "language", "body"), (item.content for item in wanted)),
		doctors=_doctors(plans),
	)


def said(value: Any, language: str, zone: str | None = None) -> str:
	"""A date or moment as people say it in `language`; anything else as it stands, without marks of our own.

	A moment, on the site's clock, is said on the clock of `zone` where one is given.
	"""
	text = str(value).strip()
	moment = MOMENT.fullmatch(text)
	if not moment:
		return text.translate(MARKS)
	at = datetime.fromisoformat(text)
	if moment[1] and zone:
		at = at.replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo(zone))
	day = spoken.day(at.date(), getdate(today()), language)
	if not moment[1]:
		return day
	return f"{day}{at:%H:%M}" if spoken.base_language(language) == "zh" else f"{day}, {at:%H:%M}"


def _one_line(value: Any, channel: str, language: str) -> Any:
	"""Several lines as one where the channel has no room for lines."""
	if not isinstance(value, str) or channel in CLOSED_CHANNELS:
		return value
	mark = "；" if spoken.base_language(language) == "zh" else "; "
	return mark.join(line.strip() for line in value.splitlines() if line.strip())


def _shortened(text: str | None) -> str | None:
	"""At most so much of a text as fits, in whole lines."""
	if not text or len(text) <= LONGEST_CONTENT:
		return text
	kept = text[:LONGEST_CONTENT].rpartition("\n")[0]
	return kept or None


def _rows(doctype: str, fields: Sequence[str], names: Iterable[str | None]) -> Rows:
	wanted = {name for name in names if name}
	return {row.name: row for row in queries.select(doctype, ("name", *fields), "name", wanted)}


def _doctors(plans: Iterable[str | None]) -> dict[str, str]:
	"""The attending doctor of the stay that each plan follows."""
	discharges = _rows("Follow-up Plan", ("discharge",), plans)
	stays = _rows("Patient Discharge", ("attending_doctor",), (row.discharge for row in discharges.values()))
	return {
		plan: stays[row.discharge].attending_doctor
		for plan, row in discharges.items()
		if row.discharge in stays and stays[row.discharge].attending_doctor
	}
