"""A follow-up in the Patient History of Frappe Health: one Patient Medical Record per submitted log, none for any other.

Patient History shows what has a Patient Medical Record, to everybody who may open that page. So the entry says what a
treating doctor needs (how it went, what the patient answered, what was agreed) and leaves out the caller's notes.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import date_diff, escape_html, getdate, now_datetime

from hospital_followup.services.log_answers import answers_of
from hospital_followup.sources.base import exists

LOG = "Follow-up Log"
PATIENT = "Follow-up Patient"
RECORD = "Patient Medical Record"
SOURCE = "Patient"
#: How far back the nightly run looks for entries that failed; an event that failed is tried again within minutes.
LOOKS_BACK = timedelta(days=30)
ROUND = 1_000


def settle(name: str) -> None:
	"""Bring the entry of one log in line with the log: made when it is missing, removed when the log is not submitted."""
	if not exists(RECORD):
		return
	log = frappe.db.get_value(LOG, name, ["patient", "docstatus"], as_dict=True, for_update=True)
	entries = frappe.get_all(
		RECORD, filters={"reference_doctype": LOG, "reference_name": name}, pluck="name", order_by="creation"
	)
	patient = _source_patient(log.patient) if log and log.docstatus == 1 else None
	if patient and not entries:
		_keep(frappe.get_doc(LOG, name), patient)
	for surplus in entries[1 if patient else 0 :]:
		void = {"force": True, "ignore_permissions": True}  # reason: the follow-up is void
		frappe.delete_doc(RECORD, surplus, **void)


def release_patient(source_name: str) -> None:
	"""Remove the entries of a patient who is being deleted in Frappe Health: they would forbid it."""
	if exists(RECORD):
		frappe.db.delete(RECORD, {"patient": source_name, "reference_doctype": LOG})


def unsettled() -> list[str]:
	"""Recent logs whose entry is missing, and cancelled or deleted ones that still have one."""
	if not exists(RECORD):
		return []
	return [*_missing(), *_surplus()]


def _missing() -> list[str]:
	log, patient, record = (frappe.qb.DocType(doctype) for doctype in (LOG, PATIENT, RECORD))
	return (
		frappe.qb.from_(log)
		.join(patient)
		.on(patient.name == log.patient)
		.left_join(record)
		.on((record.reference_name == log.name) & (record.reference_doctype == LOG))
		.select(log.name)
		.where((log.docstatus == 1) & (log.contacted_at >= now_datetime() - LOOKS_BACK))
		.where((patient.source_doctype == SOURCE) & record.name.isnull())
		.orderby(log.contacted_at)
		.limit(ROUND)
		.run(pluck=True)
	)


def _surplus() -> list[str]:
	log, record = frappe.qb.DocType(LOG), frappe.qb.DocType(RECORD)
	return (
		frappe.qb.from_(record)
		.left_join(log)
		.on(log.name == record.reference_name)
		.select(record.reference_name)
		.where((record.reference_doctype == LOG) & (log.name.isnull() | (log.docstatus != 1)))
		.orderby(record.name)
		.limit(ROUND)
		.run(pluck=True)
	)


def _source_patient(patient: str) -> str | None:
	"""The patient of Frappe Health behind ours; None for everybody else."""
	row = frappe.db.get_value(PATIENT, patient, ["source_doctype", "source_name"], as_dict=True)
	if not row or row.source_doctype != SOURCE or not row.source_name:
		return None
	return row.source_name if frappe.db.exists(SOURCE, row.source_name) else None


def _keep(log: Document, patient: str) -> None:
	doc = frappe.get_doc(
		{
			"doctype": RECORD,
			"patient": patient,
			"status": "Open",
			"communication_date": getdate(log.contacted_at),
			"reference_doctype": LOG,
			"reference_name": log.name,
			"reference_owner": log.owner,
			"subject": subject(log),
		}
	)
	doc.insert(ignore_permissions=True)  # reason: Frappe Health writes its own entries so


def subject(log: Document) -> str:
	"""What a doctor reads in the timeline, as HTML in the language of the site."""
	with print_language(frappe.get_system_settings("language") or "en"):
		lines = [_heading(log), *_answers(log), *_agreed(log)]
	return "<br>".join(lines)


def _heading(log: Document) -> str:
	discharged = log.plan and frappe.db.get_value("Patient Discharge", {"plan": log.plan}, "discharge_date")
	parts = [_(log.outcome, context=LOG), _(log.channel)]
	if discharged:
		days = date_diff(getdate(log.contacted_at), discharged)
		parts.append(_("day {0} after discharge").format(days))
	return f"<b>{escape_html(_('Follow-up'))}: {escape_html(' · '.join(parts))}</b>"


def _answers(log: Document) -> list[str]:
	flags = {"Red": _("red flag"), "Amber": _("needs attention")}
	lines = []
	for row in answers_of([log.name]):
		line = f"{escape_html(row.text)} {escape_html(row.shown)}"
		lines.append(f"<b>{line} ({flags[row.flag]})</b>" if row.flag in flags else line)
	return lines


def _agreed(log: Document) -> list[str]:
	advice = [row.title for row in log.guidance if row.title]
	lines = [_("Advice given: {0}").format(", ".join(advice))] if advice else []
	if log.revisit_booked_on:
		lines.append(_("Revisit booked for {0}").format(frappe.format(log.revisit_booked_on, "Date")))
	if log.next_step:
		lines.append(_("Next step: {0}").format(log.next_step))
	return [escape_html(line) for line in lines]
