"""Finding a patient by what a caller says or a telephone shows: a number in any format, a name, a hospital number."""

from __future__ import annotations

import unicodedata
from typing import Any

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import getdate, today

from hospital_followup.services.call_context import age_on
from hospital_followup.services.phone import international, masked

PATIENT = "Follow-up Patient"
TASK = "Follow-up Task"
LOG = "Follow-up Log"
FOUND = 20
NUMBER_FIELDS = ("mobile", "caregiver_mobile")
FIELDS = ("name", "patient_name", "patient_id", "sex", "date_of_birth", "mobile", "department", "status")


def find_patients(text: str) -> list[dict[str, Any]]:
	"""Patients that fit `text` and that the user may see, those found by a number first; five queries at most."""
	typed = unicodedata.normalize("NFKC", text or "").strip()
	if not typed:
		return []
	names = by_number(typed)
	if len(names) < FOUND:
		names += [name for name in _by_name(typed) if name not in names]
	names = names[:FOUND]
	rows = {row.name: row for row in _patients(names)}
	tasks, contacts = _open_tasks(names), _last_contacts(names)
	shown = (lambda number: number) if may_read_numbers() else masked
	return [
		{
			"patient": name,
			"patient_name": rows[name].patient_name,
			"patient_id": rows[name].patient_id,
			"number": shown(rows[name].mobile),
			"age": age_on(rows[name].date_of_birth, getdate(today())),
			"sex": rows[name].sex,
			"department": rows[name].department,
			"status": rows[name].status,
			"open_task": tasks.get(name),
			"last_contact": contacts.get(name),
		}
		for name in names
		if name in rows
	]


def by_number(text: str) -> list[str]:
	"""Patients with this hospital number or, for those who may read numbers, this telephone number."""
	typed = unicodedata.normalize("NFKC", text).strip()
	ways: list[list[Any]] = [["patient_id", "=", typed]]
	if may_read_numbers():
		country = frappe.get_cached_doc("Follow-up Settings").default_country_code
		number, _valid = international(typed, country)
		ways += [[field, "in", sorted({typed, number or typed})] for field in NUMBER_FIELDS]
	return _names(or_filters=ways)


def escaped(text: str) -> str:
	"""`text` for the inside of a LIKE pattern."""
	for character in ("\\", "%", "_"):
		text = text.replace(character, f"\\{character}")
	return text


def may_read_numbers() -> bool:
	"""Whether the user reads telephone numbers in full (permission level 1)."""
	return 1 in frappe.get_meta(PATIENT).get_permlevel_access("read")


def _by_name(typed: str) -> list[str]:
	"""Names that begin so, which an index finds; only when there is none, names that hold it somewhere."""
	begins = _names(filters=[["patient_name", "like", f"{escaped(typed)}%"]])
	return begins or _names(filters=[["patient_name", "like", f"%{escaped(typed)}%"]])


def _names(**wanted: Any) -> list[str]:
	wanted.setdefault("filters", []).append(["status", "!=", "Merged"])
	return frappe.get_list(PATIENT, pluck="name", order_by="patient_name, name", limit=FOUND, **wanted)


def _patients(names: list[str]) -> list[frappe._dict]:
	if not names:
		return []
	return frappe.get_all(PATIENT, filters={"name": ("in", names)}, fields=list(FIELDS), order_by="name")


def _open_tasks(names: list[str]) -> dict[str, str]:
	"""By patient the open contact that is due first."""
	if not names:
		return {}
	rows = frappe.get_list(
		TASK,
		filters={"patient": ("in", names), "status": ("in", ("Open", "In Progress")), "on_hold": 0},
		fields=["name", "patient"],
		order_by="due_date desc, name desc",
		limit=0,
	)
	return {row.patient: row.name for row in rows}


def _last_contacts(names: list[str]) -> dict[str, Any]:
	if not names:
		return {}
	log = frappe.qb.DocType(LOG)
	rows = (
		frappe.qb.from_(log)
		.select(log.patient, Max(log.contacted_at))
		.where(log.patient.isin(names) & (log.docstatus == 1))
		.groupby(log.patient)
		.orderby(log.patient)
		.run()
	)
	return dict(rows)
