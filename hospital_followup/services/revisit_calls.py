"""What a recorded contact does to the patient's revisit: a day that was agreed, and that somebody was reminded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from hospital_followup.engine import revisits as engine
from hospital_followup.services import revisits
from hospital_followup.services.revisit_attribution import REACHED, attribute, last_reminded
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

REVISIT = revisits.REVISIT
FIELDS = ("name", "status", "expected_on", "appointment", "discharge")


def note_reminder(doc: FollowupLog) -> None:
	"""Whoever agreed on a day, or was called about the revisit, was reminded of it; who was not reached was not."""
	about = bool(doc.task) and frappe.db.get_value(TASK, doc.task, "kind") == "Revisit"
	reached = doc.outcome in REACHED
	doc.revisit_reminded = int(reached and bool(doc.revisit_reminded or doc.revisit_booked_on or about))


def on_log_submitted(doc: FollowupLog) -> None:
	"""Carry the contact into the revisit that comes next."""
	if doc.outcome not in REACHED or not (doc.revisit_booked_on or doc.revisit_reminded):
		return
	if doc.revisit_booked_on:
		_agree(doc, next_revisit(doc))
	_count_reminders(doc.patient)


def on_log_cancelled(doc: FollowupLog) -> None:
	"""Take back what the contact did to the revisit."""
	name = frappe.db.get_value(REVISIT, {"agreed_in": doc.name})
	if name:
		_take_back(name)
	if doc.revisit_reminded:
		_count_reminders(doc.patient)


def next_revisit(doc: FollowupLog) -> str | None:
	"""The revisit that a contact is about, as its sheet shows it."""
	return revisits.next_of(doc.patient, doc.task and frappe.db.get_value(TASK, doc.task, "revisit"))


def _agree(doc: FollowupLog, name: str | None) -> None:
	"""The patient will come on the day written down in the contact."""
	day = getdate(doc.revisit_booked_on)
	if name is None:
		name = revisits.expect(
			key=f"log|{doc.name}",
			patient=doc.patient,
			expected_on=day,
			origin="Contact",
			plan=doc.plan,
			discharge=_discharge(doc),
			status=engine.BOOKED,
		)
		revisits.write({name: {"agreed_in": doc.name}})
		revisits.prepare([name])
		return
	row = frappe.db.get_value(REVISIT, name, FIELDS, as_dict=True, for_update=True)
	if row.appointment or row.status not in revisits.UNDECIDED:
		return  # the diary knows the day better, and a visit that took place is no plan
	values = {"status": engine.BOOKED, "agreed_in": doc.name, "expected_before": row.expected_on}
	if getdate(row.expected_on) != day:
		values["expected_on"] = day
	revisits.write({name: values})


def _take_back(name: str) -> None:
	fields = ["key", "agreed_in", "expected_before", "expected_on", "status", "appointment"]
	row = frappe.db.get_value(REVISIT, name, fields, as_dict=True, for_update=True)
	if row.status == engine.ATTENDED or row.appointment:
		return
	if row.key == f"log|{row.agreed_in}":
		revisits.write(
			{name: {"status": engine.CANCELLED, "status_reason": "log_cancelled", "agreed_in": None}}
		)
		return
	values = {"status": engine.EXPECTED, "agreed_in": None, "expected_before": None}
	if row.expected_before and row.expected_before != row.expected_on:
		values["expected_on"] = row.expected_before
	revisits.write({name: values})


def _count_reminders(patient: str) -> None:
	"""When the patient was reminded last, and which contact a visit goes back to, as the remaining contacts say."""
	rows = frappe.get_all(
		REVISIT,
		filters={"patient": patient, "status": ("!=", engine.CANCELLED)},
		fields=["name", "discharge", "status", "attended_on", "attributed_log", "reminded_on"],
		order_by="name",
	)
	changes = {}
	for row in rows:
		left = row.discharge and frappe.db.get_value(revisits.DISCHARGE, row.discharge, "discharge_date")
		values = {"reminded_on": last_reminded(patient, left)}
		if row.status == engine.ATTENDED:
			values["attributed_log"] = attribute(patient, row.attended_on, left)
		changes[row.name] = {field: value for field, value in values.items() if row[field] != value}
	revisits.write(changes)


def _discharge(doc: FollowupLog) -> str | None:
	return frappe.db.get_value(TASK, doc.task, "discharge") if doc.task else None
