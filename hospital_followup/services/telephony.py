"""Calling by a click: the number comes from the record, the lease is taken first, the recording is linked afterwards."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from hospital_followup.channels.phone import DEAD_NUMBERS
from hospital_followup.channels.telephony import telephony
from hospital_followup.engine.ports import CallRequest, Telephony
from hospital_followup.exceptions import TelephonyError
from hospital_followup.services import claims
from hospital_followup.services.attempts import NUMBER_STATE
from hospital_followup.services.numbers import NUMBER_FIELD
from hospital_followup.services.phone import international, masked
from hospital_followup.services.retry import with_retry
from hospital_followup.services.runs import Run
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

PATIENT = "Follow-up Patient"
LOG = "Follow-up Log"
#: ERPNext's record of a call; other sites have none.
CALL_LOG = "Call Log"
#: How long a recording is asked for, and how many in one tick.
RECORDING_DAYS, RECORDINGS_AT_ONCE = 3, 50


def click_to_call(task: str, contact_point: str | None = None) -> str:
	"""Hold the patient and let the telephone system call; returns the system's id of the call.

	The lease is committed before the system is asked: nobody's locks wait for a telephone, and the patient stays held
	whatever becomes of the call. Raises TelephonyError without a system or a number, or when the call was not taken,
	TaskClaimedError while somebody else is on the phone with the patient.
	"""
	adapter = telephony()
	if adapter is None:
		_refuse(_("No telephone system is connected. Dial the number by hand."))
	row = frappe.db.get_value(TASK, task, ["patient", "contact_point"], as_dict=True)
	whose = contact_point or row.contact_point or "Patient"
	number = number_of(row.patient, whose)
	with_retry(lambda: claims.claim(task), commit=False)
	frappe.db.commit()  # reason: the lease must stand before the telephone rings, and no lock may wait for it
	request = CallRequest(task=task, patient=row.patient, contact_point=whose, user=frappe.session.user)
	call_id = _call(adapter, number, request)
	set_values(TASK, [task], {"call_id": call_id})
	_keep_call_log(adapter, call_id, number, request)
	return call_id


def number_of(patient: str, whose: str) -> str:
	"""The number to dial, from the patient's record. Raises TelephonyError when there is none that leads somewhere."""
	if whose not in NUMBER_FIELD:
		_refuse(_("Say whose number it is: the patient's or the caregiver's."))
	fields = [NUMBER_FIELD[whose], NUMBER_STATE[whose][0]]
	number, state = frappe.db.get_value(PATIENT, patient, fields)
	if state in DEAD_NUMBERS:
		_refuse(_("This number leads nowhere: {0}. Correct it first.").format(_(state)))
	found, valid = international(number, frappe.get_cached_doc("Follow-up Settings").default_country_code)
	if not found or not valid:
		_refuse(_("No number that can be dialled is on record."))
	return found


def take_over(log: str, task: str | None) -> None:
	"""The submitted log keeps which call it was; the next call of the task is another one."""
	call_id = task and frappe.db.get_value(TASK, task, "call_id")
	if call_id:
		set_values(LOG, [log], {"call_id": call_id})
		set_values(TASK, [task], {"call_id": None})


def fetch_recordings(record: Run) -> None:
	"""Ask for the recordings of the latest calls that have none yet; a telephone system that fails costs only itself."""
	adapter = telephony()
	if adapter is None and not frappe.db.exists("DocType", CALL_LOG):
		return
	names = frappe.get_all(
		LOG,
		filters={
			"docstatus": 1,
			"call_id": ("is", "set"),
			"recording_url": ("is", "not set"),
			"contacted_at": (">=", add_days(now_datetime(), -RECORDING_DAYS)),
		},
		pluck="name",
		order_by="contacted_at, name",
		limit=RECORDINGS_AT_ONCE,
	)
	record.each(LOG, names, partial(_fetch, record, adapter), size=1)


def _fetch(record: Run, adapter: Telephony | None, names: list[str]) -> None:
	for name in names:
		call_id = frappe.db.get_value(LOG, name, "call_id")
		url = _recording_of(call_id) or (adapter.recording_url(call_id) if adapter else None)
		if url and urlsplit(url).scheme in ("https", "http"):
			set_values(LOG, [name], {"recording_url": url})
			record.done()


def _recording_of(call_id: str) -> str | None:
	"""What ERPNext's record of the call knows."""
	if not frappe.db.exists("DocType", CALL_LOG):
		return None
	return frappe.db.get_value(CALL_LOG, call_id, "recording_url")


def _call(adapter: Telephony, number: str, request: CallRequest) -> str:
	try:
		call_id = adapter.call(number, request)
	except Exception:
		call_id = None  # whatever the adapter says may hold the number, which belongs in no log
	if not call_id:
		_refuse(_("The telephone system did not take the call. Dial the number by hand."))
	return call_id


def _keep_call_log(adapter: Telephony, call_id: str, number: str, request: CallRequest) -> None:
	"""Write or link ERPNext's record of the call. The number in it is masked: every employee may read that record."""
	if not frappe.db.exists("DocType", CALL_LOG):
		return
	links = [
		{"link_doctype": PATIENT, "link_name": request.patient},
		{"link_doctype": TASK, "link_name": request.task},
	]
	if frappe.db.exists(CALL_LOG, call_id):
		doc = frappe.get_doc(CALL_LOG, call_id)
	else:
		doc = frappe.get_doc(
			{
				"doctype": CALL_LOG,
				"id": call_id,
				"type": "Outgoing",
				"status": "Ringing",
				"medium": adapter.name,
				"to": masked(number),
				"employee_user_id": request.user,
				"start_time": now_datetime(),
			}
		)
	for link in links:
		doc.append("links", link)
	doc.flags.ignore_permissions = (
		True  # reason: staff of follow-up have no right of their own on ERPNext's record
	)
	doc.save()


def _refuse(message: str) -> None:
	frappe.throw(message, TelephonyError, title=_("Not Called"))
