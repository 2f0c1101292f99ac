"""The page that a patient opens without signing in: made for an occasion, found by its token, gone when its time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import add_to_date, now_datetime

from hospital_followup.services import page_links, queries
from hospital_followup.services.call_context import spoken_language
from hospital_followup.services.erased_patients import refuse_erased
from hospital_followup.services.writer import insert_new, new_names

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

PAGE = "Follow-up Survey"
PATIENT = "Follow-up Patient"
#: Statuses in which a page can still be written on.
OPEN = ("Sent", "Opened")
#: Days for which a page can be opened, where nothing else says so.
VALID_DAYS = 14
PATIENT_FIELDS = ("name", "patient_name", "language", "department", "company", "erased_on")


def make(patient: str, *, key: str, valid_days: int | None = None, **values: Any) -> str:
	"""The name of the page that `key` stands for, made when there is none yet; `values` are fields of Follow-up Survey."""
	until = {"expires_at": add_to_date(now_datetime(), days=valid_days)} if valid_days else {}
	return make_all([{"patient": patient, "key": key, **until, **values}])[key]


def make_all(pages: Sequence[Mapping[str, Any]]) -> dict[str, str]:
	"""The names of the pages by their `key`, those made that are not there yet; a few queries however many.

	Each has `key`, `patient` and fields of Follow-up Survey. Raises ErasureError when one is for a patient who was erased.
	"""
	found = _existing([page["key"] for page in pages])
	new = {page["key"]: page for page in pages if page["key"] not in found}
	wanted = sorted({page["patient"] for page in new.values()})
	patients = {row.name: row for row in queries.select(PATIENT, PATIENT_FIELDS, "name", wanted)}
	for patient in patients.values():
		if patient.erased_on:
			refuse_erased(patient.name)
	fields = dict.fromkeys(field for page in new.values() for field in page)
	rows = [_row(dict.fromkeys(fields) | page, patients[page["patient"]]) for page in new.values()]
	if insert_new(PAGE, rows):
		return found | {row["key"]: row["name"] for row in rows}
	for row in rows:  # a rival has made at least one of them meanwhile
		key = row["key"]
		found[key] = row["name"] if insert_new(PAGE, [row]) else _existing([key], lock=True)[key]
	return found


def _row(page: Mapping[str, Any], patient: frappe._dict) -> dict[str, Any]:
	name = new_names(1)[0]
	given = {field: value for field, value in page.items() if value is not None}
	return {
		**page,
		"name": name,
		"patient_name": patient.patient_name,
		"status": "Sent",
		"language": spoken_language(patient.language),
		"expires_at": add_to_date(now_datetime(), days=VALID_DAYS),
		"department": patient.department,
		"company": patient.company,
		"asks_satisfaction": 1,
		"token_hash": page_links.hash_of(page_links.token_of(name)),
		**given,
	}


def _existing(keys: Sequence[str], *, lock: bool = False) -> dict[str, str]:
	"""Names by key; with `lock` also those that a rival has committed since this transaction began."""
	rows = queries.select(PAGE, ("name", "key"), "key", keys, lock=lock)
	return {row["key"]: row["name"] for row in rows}


def on_page_inserted(doc: FollowupSurvey) -> None:
	"""Only the hash of the token is stored; the name is known from now on."""
	doc.db_set("token_hash", page_links.hash_of(page_links.token_of(doc.name)), update_modified=False)


def name_of(token: object) -> str | None:
	"""The name of the page that has or had this token; None for a token that never was one."""
	if not page_links.well_formed(token):
		return None
	return frappe.db.get_value(PAGE, {"token_hash": page_links.hash_of(str(token))}, "name")


def find(token: object, *, lock: bool = False) -> FollowupSurvey | None:
	"""The page of `token`; None for a wrong one, one whose time is over, and one of a patient who is not ours any more.

	With `lock` it is read as it is now and held until the end of the transaction.
	"""
	name = name_of(token)
	if not name:
		return None
	if lock:
		frappe.db.get_value(PATIENT, frappe.db.get_value(PAGE, name, "patient"), "name", for_update=True)
	page = frappe.get_doc(PAGE, name, for_update=lock)
	status = frappe.db.get_value(PATIENT, page.patient, "status")
	if page.status == "Expired" or page.expires_at <= now_datetime() or status in ("Deceased", "Merged"):
		return None
	return page


def store(page: FollowupSurvey) -> None:
	"""Save what a patient did on the page; alerts that come of it speak the hospital's language.

	A record that it links to may have been cancelled or removed by somebody else meanwhile: the patient's words count.
	"""
	page.flags.ignore_links = True
	page.flags.followup_service = True
	with in_hospital_language():
		page.save(ignore_permissions=True, ignore_version=True)  # reason: the token is the permission


@contextmanager
def in_hospital_language() -> Iterator[None]:
	"""Speak as staff read, whatever the patient's page speaks."""
	before = frappe.local.lang
	frappe.local.lang = frappe.get_system_settings("language") or "en"
	try:
		yield
	finally:
		frappe.local.lang = before
