"""What happened before this call: contacts and answers, open alerts, a promised callback, advice already given.

Contacts of the task's own plan belong to the brief of each of its tasks; of others the reader sees what a list of logs
would show, so that a cardiologist's caller does not read the calls of the psychiatric ward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import get_fullname

from hospital_followup.services.log_answers import answers_of

LOG = "Follow-up Log"
ALERT = "Follow-up Alert"
ANSWER = "Follow-up Answer"
GUIDANCE = "Follow-up Log Guidance"
OPEN_ALERTS = ("Open", "Acknowledged", "In Progress", "Answered")
LOG_FIELDS = (
	"name",
	"task",
	"contacted_at",
	"creation",
	"outcome",
	"channel",
	"contact_point",
	"staff",
	"next_attempt_at",
)
CONTACTS_SHOWN = 5
ALERTS_SHOWN = 10
ADVICE_SHOWN = 30
#: Codes under which questionnaires ask whether the medicines are taken, and what an answer means.
MEDICINE_CODES = ("medicines", "medicines_taken")
TAKEN = {"Yes": True, "all": True, "No": False, "some": False, "none": False}


@dataclass(frozen=True, slots=True)
class History:
	shown: dict[str, Any]
	"""The part `happened` of the brief."""
	medicines_taken: bool | None


def happened(task: frappe._dict) -> History:
	"""The latest contacts of the task's patient, the newest first, with what hangs on them."""
	private = 1 in frappe.get_meta(LOG).get_permlevel_access("read")
	logs = _logs(task, private)
	return History(
		shown={
			"contacts": _contacts(logs, private),
			"alerts": _alerts(task.patient),
			"promise": _promise(task, logs),
			"given": _given(task, logs) if private else [],
		},
		medicines_taken=_medicines_taken(task, logs) if private else None,
	)


def _logs(task: frappe._dict, private: bool) -> list[frappe._dict]:
	fields = [*LOG_FIELDS, "notes"] if private else list(LOG_FIELDS)
	order = {"order_by": "contacted_at desc, creation desc", "limit": CONTACTS_SHOWN}
	own = {"plan": task.plan} if task.plan else {"task": task.name}
	rows = frappe.get_all(LOG, filters={**own, "docstatus": 1}, fields=fields, **order)
	if frappe.has_permission(LOG, "read"):
		others = {"patient": task.patient, "docstatus": 1}
		rows += frappe.get_list(LOG, filters=others, fields=fields, **order)
	found = {row.name: row for row in rows}
	return sorted(found.values(), key=_when, reverse=True)[:CONTACTS_SHOWN]


def _when(row: frappe._dict) -> tuple[datetime, datetime]:
	return row.contacted_at, row.creation


def _contacts(logs: list[frappe._dict], private: bool) -> list[dict[str, Any]]:
	answers = _answers([row.name for row in logs]) if private and logs else {}
	return [
		{
			"name": row.name,
			"contacted_at": row.contacted_at,
			"outcome": row.outcome,
			"channel": row.channel,
			"contact_point": row.contact_point,
			"staff_name": get_fullname(row.staff) if row.staff else None,
			"notes": row.get("notes"),
			"answers": answers.get(row.name, []),
		}
		for row in logs
	]


def _answers(logs: list[str]) -> dict[str, list[dict[str, Any]]]:
	found: dict[str, list[dict[str, Any]]] = {}
	for row in answers_of(logs):
		shown = {"question": row.question, "text": row.text, "value": row.shown, "flag": row.flag}
		found.setdefault(row.log, []).append(shown)
	return found


def _alerts(patient: str) -> list[frappe._dict]:
	"""Alerts that nobody has closed, the red ones first; `detail` stays out for those who may not read it."""
	if not frappe.has_permission(ALERT, "read"):
		return []
	rows = frappe.get_list(
		ALERT,
		filters={"patient": patient, "status": ("in", OPEN_ALERTS)},
		fields=["name", "severity", "kind", "status", "detail", "raised_on"],
		order_by="severity desc, raised_on desc, name",
		limit=ALERTS_SHOWN,
	)
	for row in rows:
		row.setdefault("detail", None)
	return rows


def _promise(task: frappe._dict, logs: list[frappe._dict]) -> dict[str, Any] | None:
	"""The callback that the latest contact of this task has promised, and who promised it."""
	latest = next((row for row in logs if row.task == task.name), None)
	if not latest or latest.outcome != "Callback Requested" or not task.next_attempt_at:
		return None
	return {"at": task.next_attempt_at, "by": get_fullname(latest.staff) if latest.staff else None}


def _given(task: frappe._dict, logs: list[frappe._dict]) -> list[dict[str, Any]]:
	"""Advice that the patient has been given, each with the day of the last time."""
	log, guidance = frappe.qb.DocType(LOG), frappe.qb.DocType(GUIDANCE)
	rows = (
		frappe.qb.from_(guidance)
		.join(log)
		.on(guidance.parent == log.name)
		.select(guidance.content, guidance.title, log.contacted_at)
		.where((guidance.parenttype == LOG) & (log.docstatus == 1) & _in_reach(log, task, logs))
		.orderby(log.contacted_at, order=frappe.qb.desc)
		.orderby(guidance.idx)
		.limit(ADVICE_SHOWN)
		.run(as_dict=True)
	)
	found: dict[str, dict[str, Any]] = {}
	for row in rows:
		given = {"content": row.content, "title": row.title, "on": row.contacted_at.date()}
		found.setdefault(row.content, given)
	return list(found.values())


def _medicines_taken(task: frappe._dict, logs: list[frappe._dict]) -> bool | None:
	"""What the patient answered last when asked whether the medicines are taken; None when never asked."""
	log, answer = frappe.qb.DocType(LOG), frappe.qb.DocType(ANSWER)
	rows = (
		frappe.qb.from_(answer)
		.join(log)
		.on(answer.parent == log.name)
		.select(answer.value)
		.where((answer.parenttype == LOG) & (log.docstatus == 1) & answer.question.isin(MEDICINE_CODES))
		.where(_in_reach(log, task, logs))
		.orderby(log.contacted_at, order=frappe.qb.desc)
		.limit(1)
		.run(pluck=True)
	)
	return TAKEN.get(rows[0]) if rows else None


def _in_reach(log: Any, task: frappe._dict, logs: list[frappe._dict]) -> Any:
	"""The logs of the plan however old, and of others those that the brief shows."""
	own = log.plan == task.plan if task.plan else log.task == task.name
	return own | log.name.isin([row.name for row in logs]) if logs else own
