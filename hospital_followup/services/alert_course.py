"""The course of an alert: Open → Acknowledged → In Progress → Answered → Closed, the same for a button, the kanban and REST.

`move` is the one function by which the app itself moves an alert; `check` puts a person's own save under the same rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now, now_datetime

from hospital_followup.engine import transitions
from hospital_followup.exceptions import AlertError, ConcurrentWriteError
from hospital_followup.services.claims import PATIENT
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_alert.follow_up_alert import FollowupAlert

ALERT = "Follow-up Alert"
UNANSWERED = ("Open", "Acknowledged", "In Progress")
ANSWERED = ("Answered", "Closed")
CHANGED = "followup_alert_changed"
#: What the course itself writes down; no form or request sets it.
STAMPS = (
	*("acknowledged_by", "acknowledged_on", "answered_on", "told_in", "escalated_to", "escalated_on"),
	*("escalations", "worsened_on", "closed_on", "closed_reason"),
	*("complaint", "complaint_doctype", "complaint_record"),
)


def lock(alert: str) -> frappe._dict:
	"""The alert's row as it is now; its patient is locked first, as everywhere (services/claims.py)."""
	patient = frappe.db.get_value(ALERT, alert, "patient")
	frappe.db.get_value(PATIENT, patient, "name", for_update=True)
	return frappe.db.get_value(ALERT, alert, "*", as_dict=True, for_update=True)


def lock_as_seen(alert: str) -> frappe._dict:
	"""Like `lock`, for a step that reads more than the alert; raises ConcurrentWriteError when this transaction began
	before somebody else's last step and so cannot see what that step made. Trying again sees it."""
	seen = frappe.db.get_value(ALERT, alert, "modified")
	row = lock(alert)
	if row.modified != seen:
		raise ConcurrentWriteError(_("The same record is being written elsewhere. Please try again."))
	return row


def waits_for_a_look(row: frappe._dict) -> bool:
	"""Whether nobody has looked at the alert yet, or nobody since it became worse."""
	return row.status in UNANSWERED and bool(row.worsened_on or not row.acknowledged_on)


def move(
	row: frappe._dict, status: str, *, by: str | None = None, looked: bool = True, **values: Any
) -> None:
	"""Bring the locked alert `row` to `status` and its workflow state with it, as the system, with `values` beside.

	Whoever takes the first step is its person from then on; `by` names somebody else who has caused it, for example by
	reaching the patient. `looked` is False where nobody has looked at the alert for this step. Raises AlertError for a
	step backwards.
	"""
	_check_step(row.status, status)
	stamps = _stamps(row, status, by or frappe.session.user, looked=looked)
	if not by and "acknowledged_by" in stamps:
		stamps["assigned_to"] = frappe.session.user
	changed = {"status": status, **state_fields(ALERT, status), **stamps, **values}
	write(row, changed)


def write(row: frappe._dict, values: dict[str, Any]) -> None:
	"""Write `values` into the locked alert `row`, and tell open forms and lists after the commit."""
	set_values(ALERT, [row.name], {**values, "modified": now(), "modified_by": frappe.session.user})
	row.update(values)
	publish(row.name)


def publish(alert: str) -> None:
	"""A wake-up call only: whoever has the alert on the screen reads it again."""
	frappe.publish_realtime(CHANGED, {"name": alert}, doctype=ALERT, docname=alert, after_commit=True)
	frappe.publish_realtime(
		"list_update", {"doctype": ALERT, "name": alert}, doctype=ALERT, after_commit=True
	)


def check(doc: FollowupAlert) -> None:
	"""Put a save through a form, the kanban or REST under the rules of the course; raises AlertError."""
	before = doc.get_doc_before_save()
	if before is None:
		return
	doc.update({field: before.get(field) for field in STAMPS})
	if before.status in ANSWERED and doc.answer_to_patient != before.answer_to_patient:
		_refuse(_("What the patient was told stays as it was. Reopen the alert to give another answer."))
	if doc.status == before.status:
		return
	_check_step(before.status, doc.status)
	if doc.status == "Answered":
		check_told(doc)
	elif doc.status == "Closed":
		check_closing(before.status, doc.judgement)
	stamps = _stamps(before, doc.status, frappe.session.user)
	if "acknowledged_by" in stamps and doc.assigned_to == before.assigned_to:
		stamps["assigned_to"] = frappe.session.user
	doc.update(stamps)


def check_told(doc: FollowupAlert) -> None:
	"""A clinical alert is answered by a contact that told the patient, which alone can say so."""
	if doc.kind == "Clinical":
		_refuse(
			_(
				"The patient has to be told first: use {0}, or {1} when you have spoken to the patient."
			).format(frappe.bold(_("Have the Patient Told")), frappe.bold(_("I Have Told the Patient")))
		)
	if not (doc.answer_to_patient or "").strip():
		_refuse(_("Write down the answer under {0} first.").format(frappe.bold(_("Answer to the Patient"))))


def check_closing(status: str, judgement: str | None) -> None:
	"""An alert is closed when the patient has the answer and somebody has said whether the alarm was right."""
	if status != "Answered":
		_refuse(
			_(
				"An alert is closed when the patient has got the answer. If nobody can be told any more, close it with the reason."
			)
		)
	if not judgement:
		_refuse(
			_("Say first whether this alarm was right: {0} or {1}.").format(_("True Alarm"), _("False Alarm"))
		)


def _check_step(before: str, after: str) -> None:
	if not transitions.allowed(transitions.ALERT, before, after, "person"):
		_refuse(
			_("An alert that is {0} cannot become {1}.").format(
				_(before, context=ALERT), _(after, context=ALERT)
			)
		)


def _stamps(before: Any, status: str, user: str, *, looked: bool = True) -> dict[str, Any]:
	"""Who and when, for a step from the state `before` to `status`."""
	moment = now_datetime().replace(microsecond=0)
	values: dict[str, Any] = {}
	if looked and status != "Open" and not before.get("acknowledged_on"):
		values = {"acknowledged_by": user, "acknowledged_on": moment}
	if looked and before.get("worsened_on"):
		values["worsened_on"] = None
	if status == "Answered":
		values["answered_on"] = moment
	elif status == "Closed":
		values["closed_on"] = moment
	elif before.get("status") in ANSWERED:
		values.update(dict.fromkeys(("answered_on", "told_in", "closed_on", "closed_reason")))
	return values


def _refuse(message: str) -> None:
	frappe.throw(message, AlertError, title=_("Not possible"))
