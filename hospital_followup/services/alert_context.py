"""What a doctor needs to decide about an alert, in one look: the answers, their course, earlier contacts, the call to tell.

Whoever may read the alert may read this, without the fields above the reader's permission level and without other
departments' contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname, getdate, now_datetime, today

from hospital_followup.engine.assignment import Pool
from hospital_followup.engine.conditions import number_in
from hospital_followup.engine.names import OPEN_STATUSES, SPECIALIST
from hospital_followup.services import availability
from hospital_followup.services.alert_course import ALERT, UNANSWERED
from hospital_followup.services.brief_history import happened
from hospital_followup.services.log_answers import answers_of
from hospital_followup.services.stay_dates import completed_years

LOG = "Follow-up Log"
TASK = "Follow-up Task"
PATIENT = "Follow-up Patient"
#: Earlier contacts that a course is drawn from.
CONTACTS_READ = 12
PATIENT_FIELDS = ("patient_name", "patient_id", "sex", "mobile", "mobile_masked", "risk_tier", "status")


def alert_context(alert: str) -> dict[str, Any]:
	"""Patient, answers of the contact, the course of the alarming ones, last contacts, the call to tell, what is next."""
	doc = frappe.get_doc(ALERT, alert)
	may_write = bool(doc.has_permission("write"))
	task = _task_of(doc)
	history = happened(task).shown
	return {
		"patient": _patient(doc.patient),
		"answers": _answers(doc.log),
		"courses": _courses(doc),
		"contacts": history["contacts"],
		"call": _call(doc.name),
		"acknowledged_name": get_fullname(doc.acknowledged_by) if doc.acknowledged_by else None,
		"assigned_name": get_fullname(doc.assigned_to) if doc.assigned_to else None,
		"escalated_name": get_fullname(doc.escalated_to) if doc.escalated_to else None,
		"late": doc.status == "Open" and bool(doc.respond_by) and doc.respond_by < now_datetime(),
		"may_write": may_write,
		"may_log": may_write and bool(frappe.has_permission(LOG, "create")),
		"callers": _callers(doc.department) if may_write else [],
	}


def open_alerts_of(patient: str) -> list[frappe._dict]:
	"""The unanswered alerts of a patient that the session's user may see, the most urgent first, for the patient's form."""
	if not frappe.has_permission(ALERT, "read"):
		return []
	return frappe.get_list(
		ALERT,
		filters={"patient": patient, "status": ("in", UNANSWERED)},
		fields=["name", "severity", "kind", "status", "detail", "raised_on", "respond_by"],
		order_by="severity desc, respond_by, name",
		limit=10,
	)


def answer_for(task: frappe._dict) -> dict[str, Any] | None:
	"""What the caller of this contact is to tell the patient, and whose answer it is; None for any other contact."""
	if task.kind != "Alert" or not task.alert:
		return None
	doc = frappe.get_doc(ALERT, task.alert)
	doc.apply_fieldlevel_read_permissions()
	return {
		"alert": doc.name,
		"severity": doc.severity,
		"detail": doc.get("detail"),
		"text": doc.get("answer_to_patient"),
		"doctor": get_fullname(doc.acknowledged_by) if doc.acknowledged_by else None,
	}


def _task_of(doc: Any) -> frappe._dict:
	"""The contact that the alert came of, as far as the reader may read it; else only the patient."""
	if doc.task and frappe.has_permission(TASK, "read", doc=doc.task):
		return frappe.db.get_value(
			TASK, doc.task, ["name", "plan", "patient", "next_attempt_at"], as_dict=True
		)
	# No task has the name of an alert, so this finds only what a list of logs would show.
	return frappe._dict(name=doc.name, plan=None, patient=doc.patient, next_attempt_at=None)


def _patient(name: str) -> dict[str, Any]:
	doc = frappe.get_doc(PATIENT, name)
	doc.apply_fieldlevel_read_permissions()
	born = doc.get("date_of_birth")
	return {
		"name": name,
		**{field: doc.get(field) for field in PATIENT_FIELDS},
		"age": completed_years(getdate(born), getdate(today())) if born else None,
		"readable": bool(doc.has_permission("read")),
	}


def _may_read_answers() -> bool:
	return 1 in frappe.get_meta(LOG).get_permlevel_access("read")


def _answers(log: str | None) -> list[dict[str, Any]]:
	if not log or not _may_read_answers():
		return []
	return [{"text": row.text, "shown": row.shown, "flag": row.flag} for row in answers_of([log])]


def _courses(doc: Any) -> list[dict[str, Any]]:
	"""Each alarming number of the contact with its values at earlier contacts, oldest first."""
	if not doc.log or not _may_read_answers():
		return []
	wanted = {
		row.question for row in answers_of([doc.log]) if row.flag and number_in(row.answer or "") is not None
	}
	if not wanted:
		return []
	earlier = frappe.get_list(
		LOG,
		filters={"patient": doc.patient, "docstatus": 1, "name": ("!=", doc.log)},
		pluck="name",
		order_by="contacted_at desc, creation desc",
		limit=CONTACTS_READ,
	)
	rows = sorted(
		answers_of([doc.log, *earlier]), key=lambda row: (row.contacted_at, row.log == doc.log, row.log)
	)
	return [
		course
		for code in sorted(wanted)
		if (course := _course([row for row in rows if row.question == code]))
	]


def _course(rows: Sequence[frappe._dict]) -> dict[str, Any] | None:
	points = [
		{
			"on": getdate(row.contacted_at),
			"value": number_in(row.answer or ""),
			"shown": row.shown,
			"flag": row.flag,
		}
		for row in rows
		if number_in(row.answer or "") is not None
	]
	return {"title": rows[-1].text, "points": points} if len(points) > 1 else None


def _call(alert: str) -> dict[str, Any] | None:
	"""The latest call that was to tell the patient, and how it stands."""
	rows = frappe.get_all(
		TASK,
		filters={"alert": alert},
		fields=["name", "status", "assigned_to", "due_date", "attempts", "next_attempt_at"],
		order_by="creation desc, name",
		limit=1,
	)
	if not rows:
		return None
	row = rows[0]
	return {
		**row,
		"open": row.status in OPEN_STATUSES,
		"label": _(row.status, context=TASK),
		"assigned_name": get_fullname(row.assigned_to) if row.assigned_to else None,
	}


def _callers(department: str | None) -> list[dict[str, str]]:
	"""Who is here today and could call, people of the department's follow-up first."""
	members = availability.present_members(getdate(today()))
	pool = Pool(SPECIALIST, department or None)
	near = sorted({member.user for member in members if member.serves(pool)})
	others = sorted({member.user for member in members} - set(near))
	return [{"value": user, "label": get_fullname(user)} for user in (*near, *others)]
