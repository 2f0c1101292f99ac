"""What the call sheet and the worklist call. Each function checks permission on the document first, then calls a service.

A write is one transaction that is run again when two people meet in the database; it answers POST only.
"""

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import call_fields, calls, callsheet, inbound, patient_search
from hospital_followup.services import worklist as lists
from hospital_followup.services.retry import with_retry

TASK = "Follow-up Task"
LOG = "Follow-up Log"
PATIENT = "Follow-up Patient"

# Frappe checks what is sent against these types; annotations kept as text it would not look at.
Changes = str | dict[str, Any]
Moment = str | datetime


@frappe.whitelist(methods=["GET", "POST"])
def call_sheet(task: str) -> dict[str, Any]:
	"""Everything that the caller of this contact sees: brief, script, questions, advice, draft and outcomes."""
	_allowed(TASK, task, "read")
	return callsheet.call_sheet(task)


@frappe.whitelist(methods=["POST"])
def start_call(task: str) -> dict[str, Any]:
	"""Hold the patient for the caller and open the contact's draft."""
	patient = _may_call(task)
	doc = with_retry(lambda: calls.start(task, patient), commit=False)
	return {"task": callsheet.task_state(task), **_draft(task, doc)}


@frappe.whitelist(methods=["POST"])
def save_call(task: str, changes: Changes, sequence: int = 0) -> dict[str, Any]:
	"""Save what the caller has entered; `errors` names what cannot be meant, everything else is saved."""
	patient = _may_call(task)
	given = _changes(changes)
	doc, errors = with_retry(lambda: calls.save(task, given, sequence, patient=patient), commit=False)
	return {
		"log": doc.name,
		"state": callsheet.state_of(doc, task, doc.questionnaire),
		"errors": errors,
		"sequence": int(doc.last_sequence or 0),
		"saved_at": now_datetime(),
	}


@frappe.whitelist(methods=["POST"])
def finish_call(
	task: str,
	outcome: str,
	changes: Changes | None = None,
	next_attempt_at: Moment | None = None,
	contacted_at: Moment | None = None,
	direction: str | None = None,
	duration_seconds: int | None = None,
	incomplete_reason: str | None = None,
	sequence: int = 0,
) -> dict[str, Any]:
	"""Submit the contact's draft with its outcome; returns the log's name and where the task stands now."""
	patient = _may_call(task)
	given = _changes(changes)
	doc = with_retry(
		lambda: calls.finish(
			task,
			outcome,
			given,
			sequence=sequence,
			patient=patient,
			next_attempt_at=call_fields.moment(next_attempt_at),
			contacted_at=call_fields.moment(contacted_at),
			direction=direction,
			duration_seconds=duration_seconds,
			incomplete_reason=incomplete_reason,
		),
		commit=False,
	)
	return {"log": doc.name, **callsheet.task_state(task)}


@frappe.whitelist(methods=["POST"])
def leave_call(task: str) -> dict[str, Any]:
	"""Give the patient back without an outcome; what was written stays for whoever goes on."""
	patient = _may_call(task)
	with_retry(lambda: calls.leave(task, patient), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["GET", "POST"])
def worklist(
	tab: str = "due", search: str | None = None, start: int = 0, length: int = lists.PAGE, team: int = 0
) -> dict[str, Any]:
	"""One page of the caller's own contacts (`team`: all that the caller may see) and the counts of the tabs."""
	frappe.has_permission(TASK, "read", throw=True)
	if tab not in (*lists.TABS, lists.DONE):
		frappe.throw(_("There is no tab {0}.").format(tab), InvalidValueError)
	return lists.worklist(tab, search, start, length, team=bool(team))


@frappe.whitelist(methods=["GET", "POST"])
def find_patient(text: str) -> list[dict[str, Any]]:
	"""Who may be calling: patients by telephone number, name or hospital number."""
	frappe.has_permission(PATIENT, "read", throw=True)
	return patient_search.find_patients(text)


@frappe.whitelist(methods=["POST"])
def log_inbound(
	patient: str,
	outcome: str,
	changes: Changes | None = None,
	channel: str | None = None,
	contact_point: str | None = None,
	duration_seconds: int | None = None,
	incomplete_reason: str | None = None,
	finish_task: str | None = None,
) -> dict[str, Any]:
	"""Write down a contact that the patient began; `finish_task` is the open contact that it settles."""
	_allowed(PATIENT, patient, "read")
	frappe.has_permission(LOG, "create", throw=True)
	if finish_task:
		_allowed(TASK, finish_task, "write")
	given = _changes(changes)
	doc = with_retry(
		lambda: inbound.log_inbound(
			patient,
			outcome,
			given,
			task=finish_task,
			channel=channel,
			contact_point=contact_point,
			duration_seconds=duration_seconds,
			incomplete_reason=incomplete_reason,
		),
		commit=False,
	)
	return {"log": doc.name, "task": callsheet.task_state(finish_task) if finish_task else None}


def _draft(task: str, doc: Any) -> dict[str, Any]:
	row = frappe.db.get_value(TASK, task, "*", as_dict=True)
	return {"draft": callsheet.draft_of(doc, row), "state": callsheet.state_of(doc, task, doc.questionnaire)}


def _may_call(task: str) -> str:
	"""The patient of a task whose contact the user may make."""
	doc = frappe.get_doc(TASK, task)
	doc.check_permission("write")
	frappe.has_permission(LOG, "create", throw=True)
	return doc.patient


def _allowed(doctype: str, name: str, permission: str) -> None:
	frappe.get_doc(doctype, name).check_permission(permission)


def _changes(changes: Changes | None) -> dict[str, Any]:
	try:
		given = frappe.parse_json(changes) if changes else {}
	except ValueError:
		given = None
	if not isinstance(given, dict):
		frappe.throw(_("Changes are given as fields with values."), InvalidValueError)
	return given
