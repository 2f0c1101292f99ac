"""The page that a patient opens without signing in: made for an occasion, found by its token, gone when its time is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import add_to_date, now_datetime

from hospital_followup.services import page_links
from hospital_followup.services.call_context import spoken_language

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

PAGE = "Follow-up Survey"
PATIENT = "Follow-up Patient"
#: Statuses in which a page can still be written on.
OPEN = ("Sent", "Opened")
#: Days for which a page can be opened, where nothing else says so.
VALID_DAYS = 14


def make(patient: str, *, key: str, valid_days: int | None = None, **values: Any) -> str:
	"""The name of the page that `key` stands for, made when there is none yet; `values` are fields of Follow-up Survey."""
	existing = frappe.db.get_value(PAGE, {"key": key}, "name")
	if existing:
		return existing
	language = values.pop("language", None) or frappe.db.get_value(PATIENT, patient, "language")
	doc = frappe.get_doc(
		{
			"doctype": PAGE,
			"patient": patient,
			"key": key,
			"status": "Sent",
			"language": spoken_language(language),
			"expires_at": add_to_date(now_datetime(), days=valid_days or VALID_DAYS),
			**values,
		}
	)
	point = f"followup_page_{frappe.generate_hash(length=8)}"
	frappe.db.savepoint(point)
	try:
		doc.insert(ignore_permissions=True)  # reason: pages come into being with a message or a print
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.db.rollback(save_point=point)
		frappe.clear_last_message()
		return frappe.db.get_value(PAGE, {"key": key}, "name", for_update=True)
	frappe.db.release_savepoint(point)
	return doc.name


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
		page.save(
			ignore_permissions=True, ignore_version=True
		)  # reason: the token is the patient's permission


@contextmanager
def in_hospital_language() -> Iterator[None]:
	"""Speak as staff read, whatever the patient's page speaks."""
	before = frappe.local.lang
	frappe.local.lang = frappe.get_system_settings("language") or "en"
	try:
		yield
	finally:
		frappe.local.lang = before
