"""What answers an alert: the contact that told the patient, or the cause that went away by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_datetime, get_fullname

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.services import alert_course as course
from hospital_followup.services import alert_notices
from hospital_followup.services.alert_actions import remark
from hospital_followup.services.alert_course import ALERT, UNANSWERED
from hospital_followup.services.log_alarms import CALL_ASKED

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

TASK = "Follow-up Task"
#: How a call to the patient can end without anybody being told.
ENDED_UNTOLD = ("Missed", "Skipped", "Cancelled")


def on_log_submitted(doc: FollowupLog) -> None:
	"""A reached contact answers the alert that it was made for, and what was raised because nobody was reached."""
	if OUTCOMES[doc.outcome].status != "Completed":
		return
	alert = doc.task and frappe.db.get_value(TASK, doc.task, "alert")
	if alert:
		row = course.lock(alert)
		# Whoever was dissatisfied has been heard by then, with or without an answer written beforehand.
		if row.status in UNANSWERED and (row.answer_to_patient or row.kind == "Satisfaction"):
			answered(row, doc)
	for name in _answered_by_reaching(doc):
		_cause_gone(name, _("The patient was reached by {0}.").format(get_fullname(doc.staff)), log=doc)


def answered(row: frappe._dict, log: FollowupLog) -> None:
	"""The contact `log` has told the patient of the locked alert `row`."""
	course.move(
		row,
		"Answered",
		by=row.acknowledged_by or log.staff,
		told_in=log.name,
		answered_on=max(get_datetime(log.contacted_at), row.raised_on),
	)
	remark(row.name, _("The patient was told."))


def on_log_cancelled(doc: FollowupLog) -> None:
	"""What the log had answered waits for an answer again."""
	names = frappe.get_all(
		ALERT, filters={"told_in": doc.name, "status": ("in", course.ANSWERED)}, pluck="name", order_by="name"
	)
	for name in names:
		course.move(course.lock(name), "In Progress", looked=False)
		remark(name, _("The contact that told the patient was cancelled; the alert is open again."))


def settle_gone(alert: str) -> None:
	"""Answer an alert whose cause has gone away by itself, if it still has: see `gone`."""
	if alert in gone(only=alert):
		_cause_gone(alert, _("The cause has gone away by itself."))


def gone(only: str | None = None) -> list[str]:
	"""Unanswered alerts that are not about health and whose cause is over: contact made or called off, revisit kept."""
	alert, task, revisit = (frappe.qb.DocType(name) for name in (ALERT, TASK, "Follow-up Revisit"))
	over = (
		alert.kind.isin(("Overdue", "Unreachable")) & task.status.isin(("Completed", "Skipped", "Cancelled"))
	) | ((alert.kind == "Missed Revisit") & revisit.status.isin(("Attended", "Cancelled")))
	query = (
		frappe.qb.from_(alert)
		.left_join(task)
		.on(task.name == alert.task)
		.left_join(revisit)
		.on(revisit.name == alert.revisit)
		.select(alert.name)
		.where(alert.status.isin(UNANSWERED) & over)
		.orderby(alert.name)
	)
	return (query.where(alert.name == only) if only else query).run(pluck=True)


def tell_not_told(alert: str) -> None:
	"""Tell the doctor, once per call, that the call to the patient ended without anybody being told."""
	row = frappe.db.get_value(ALERT, alert, "*", as_dict=True)
	task = _last_call(alert)
	doctor = row.assigned_to or row.acknowledged_by
	if task and row.status in UNANSWERED and doctor:
		alert_notices.tell([doctor], row, alert_notices.NOT_TOLD, once=task)


def not_told() -> list[str]:
	"""Alerts with a call to the patient that ended without a conversation."""
	alert, task = frappe.qb.DocType(ALERT), frappe.qb.DocType(TASK)
	return (
		frappe.qb.from_(alert)
		.join(task)
		.on(task.alert == alert.name)
		.select(alert.name)
		.distinct()
		.where((alert.status == "In Progress") & (task.kind == "Alert"))
		.where(task.status.isin(ENDED_UNTOLD))
		.orderby(alert.name)
		.run(pluck=True)
	)


def _last_call(alert: str) -> str | None:
	"""The latest call of an alert when it ended without a conversation and none is still to be made."""
	rows = frappe.get_all(
		TASK, filters={"alert": alert}, fields=["name", "status"], order_by="creation desc, name", limit=1
	)
	return rows[0].name if rows and rows[0].status in ENDED_UNTOLD else None


def _answered_by_reaching(doc: FollowupLog) -> list[str]:
	"""Alerts that asked for nothing but this conversation: silence, a late contact, a patient who wanted to be called."""
	alert = frappe.qb.DocType(ALERT)
	of_task = ((alert.kind == "Overdue") | alert.key.like(f"{CALL_ASKED}%")) & (alert.task == doc.task)
	return (
		frappe.qb.from_(alert)
		.select(alert.name)
		.where((alert.patient == doc.patient) & alert.status.isin(UNANSWERED))
		.where((alert.kind == "Unreachable") | of_task)
		.orderby(alert.name)
		.run(pluck=True)
	)


def _cause_gone(alert: str, sentence: str, log: FollowupLog | None = None) -> None:
	row = course.lock(alert)
	if row.status not in UNANSWERED:
		return
	course.move(
		row,
		"Answered",
		looked=False,
		detail=f"{row.detail or ''}\n{sentence}".strip(),
		told_in=log.name if log else None,
	)
