"""What doctors call about alerts. Each function checks permission on the alert first, then calls a service.

A write is one transaction that is run again when two people meet in the database; it answers POST only.
"""

from datetime import datetime
from typing import Any

import frappe
from frappe.utils import get_fullname

from hospital_followup.services import alert_actions, alert_told, call_fields, complaints
from hospital_followup.services import alert_context as contexts
from hospital_followup.services.retry import with_retry

ALERT = "Follow-up Alert"
LOG = "Follow-up Log"


@frappe.whitelist(methods=["POST"])
def acknowledge(alert: str) -> dict[str, Any]:
	"""Take care of an alert; somebody who was faster is named in the answer."""
	_allowed(alert, "write")
	with_retry(lambda: alert_actions.acknowledge(alert), commit=False)
	return _state(alert)


@frappe.whitelist(methods=["POST"])
def start_work(alert: str) -> dict[str, Any]:
	"""Begin to work on the answer."""
	_allowed(alert, "write")
	with_retry(lambda: alert_actions.start_work(alert), commit=False)
	return _state(alert)


@frappe.whitelist(methods=["POST"])
def have_patient_told(alert: str, answer: str, assigned_to: str | None = None) -> dict[str, Any]:
	"""Have a caller tell the patient the answer; returns the call's task and where the alert stands now."""
	_allowed(alert, "write")
	task = with_retry(lambda: alert_told.have_patient_told(alert, answer, assigned_to), commit=False)
	return {"task": task, **_state(alert)}


@frappe.whitelist(methods=["POST"])
def patient_was_told(
	alert: str,
	answer: str,
	channel: str = "Phone",
	contacted_at: str | datetime | None = None,
	notes: str | None = None,
	outcome: str = "Reached Patient",
) -> dict[str, Any]:
	"""Record that the session's user has told the patient; returns the log and where the alert stands now."""
	_allowed(alert, "write")
	frappe.has_permission(LOG, "create", throw=True)
	log = with_retry(
		lambda: alert_told.patient_was_told(
			alert,
			answer,
			channel=channel,
			contacted_at=call_fields.moment(contacted_at),
			notes=notes,
			outcome=outcome,
		),
		commit=False,
	)
	return {"log": log, **_state(alert)}


@frappe.whitelist(methods=["POST"])
def judge(alert: str, judgement: str) -> dict[str, Any]:
	"""Say whether the alarm was right: "True" or "False"."""
	_allowed(alert, "write")
	with_retry(lambda: alert_actions.judge(alert, judgement), commit=False)
	return _state(alert)


@frappe.whitelist(methods=["POST"])
def close_alert(alert: str, reason: str | None = None) -> dict[str, Any]:
	"""Close an answered and judged alert, or with a reason one that nobody can be told the answer of any more."""
	_allowed(alert, "write")
	with_retry(lambda: alert_actions.close(alert, reason), commit=False)
	return _state(alert)


@frappe.whitelist(methods=["POST"])
def hand_over_complaint(alert: str, words: str) -> dict[str, Any]:
	"""Hand over what an alert is about as a complaint; `record` is its doctype and name where a desk keeps complaints."""
	_allowed(alert, "write")
	record = with_retry(lambda: complaints.of_alert(alert, words), commit=False)
	return {"record": record, **_state(alert)}


@frappe.whitelist(methods=["POST"])
def record_complaint(log: str, words: str) -> str:
	"""Record that the patient complained in a contact; returns the Follow-up Alert."""
	frappe.get_doc(LOG, log).check_permission("read")
	frappe.has_permission(ALERT, "create", throw=True)
	return with_retry(lambda: complaints.of_contact(log, words), commit=False)


@frappe.whitelist(methods=["POST"])
def reopen(alert: str) -> dict[str, Any]:
	"""Take up an answered or closed alert again."""
	_allowed(alert, "write")
	with_retry(lambda: alert_actions.reopen(alert), commit=False)
	return _state(alert)


@frappe.whitelist(methods=["GET", "POST"])
def alert_context(alert: str) -> dict[str, Any]:
	"""Everything around an alert, for the top of its form."""
	_allowed(alert, "read")
	return contexts.alert_context(alert)


def _allowed(alert: str, permission: str) -> None:
	frappe.get_doc(ALERT, alert).check_permission(permission)


def _state(alert: str) -> dict[str, Any]:
	fields = ["name", "status", "judgement", "assigned_to", "acknowledged_by", "acknowledged_on"]
	row = frappe.db.get_value(ALERT, alert, fields, as_dict=True)
	name = get_fullname(row.acknowledged_by) if row.acknowledged_by else None
	mine = frappe.session.user in (row.acknowledged_by, row.assigned_to)
	return {**row, "acknowledged_name": name, "mine": mine}
