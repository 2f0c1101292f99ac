"""What stands on the call sheet, read for one task in a number of queries that the patient's history does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import date_diff, get_fullname, getdate, today

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.services import (
	answers,
	claims,
	content,
	drafts,
	questionnaires,
	reaction_results,
	scripts,
)
from hospital_followup.services.alert_context import answer_for
from hospital_followup.services.brief import brief
from hospital_followup.services.call_context import context_of
from hospital_followup.services.plain_dates import plain_date
from hospital_followup.services.tasks import TASK
from hospital_followup.services.wording import sentence, sentences_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"
ALERT = "Follow-up Alert"
STATE_FIELDS = (
	"name",
	"status",
	"status_reason",
	"next_attempt_at",
	"contact_point",
	"channel",
	"claimed_until",
	"next_attempt_reasons",
)
TASK_FIELDS = (
	*("name", "patient", "patient_name", "status", "kind", "due_date", "opens_on", "expires_on", "channel"),
	*("risk_tier", "priority", "attempts", "next_attempt_at", "outcome", "completed_on", "late_completion"),
	*("on_hold", "assigned_to", "plan", "discharge"),
)
DRAFT_FIELDS = (
	*("contacted_at", "started_at", "notes", "identity_verified", "patient_feedback", "satisfaction"),
	*(
		"next_step",
		"revisit_booked_on",
		"revisit_reminded",
		"incomplete_reason",
		"moved_away",
		"duration_seconds",
		"staff",
		"docstatus",
	),
)
#: Outcomes in the order of the buttons: group and key; a visit and a call offer what can happen to them.
BUTTONS = {
	"Reached Patient": ("reached", 1),
	"Reached Caregiver": ("reached", 2),
	"No Answer": ("again", 3),
	"Busy": ("again", 4),
	"Voicemail": ("again", 5),
	"Not Home": ("again", 3),
	"Callback Requested": ("again", 6),
	"Rescheduled": ("again", None),
	"Wrong Number": ("number", 7),
	"Out of Service": ("number", 8),
	"Declined": ("ended", 9),
	"Readmitted": ("ended", None),
	"Deceased": ("ended", None),
	"Replied": ("reached", None),
}
#: How many facts about the patient have to agree.
FACTS_TO_CHECK = 2
VISIT = "Home Visit"
ONLY_CALLS = frozenset({"No Answer", "Busy", "Voicemail", "Wrong Number", "Out of Service"})
ONLY_VISITS = frozenset({"Not Home"})
ONLY_MESSAGES = frozenset({"Replied"})


def call_sheet(task: str) -> dict[str, Any]:
	"""The whole sheet in the shape that the desk draws; values that the user may not read are left out."""
	row = frappe.db.get_value(TASK, task, "*", as_dict=True)
	log, context = shown_log(row), context_of(row)
	script = log.script if log else scripts.choose_script(context)
	questionnaire = log.questionnaire if log else questionnaires.choose_questionnaire(context)
	facts = brief(task)
	language = context.language
	return {
		"task": _task(row),
		"identity": _identity(row, log),
		"answer": answer_for(row),
		"brief": facts,
		"script": scripts.script_sheet(script, brief=facts, task=row, language=language) if script else None,
		"questionnaire": questionnaires.sheet(questionnaire, language) if questionnaire else None,
		"content": content.choose_content(context, _given(row.patient)),
		"draft": draft_of(log, row),
		"state": state_of(log, row.name, questionnaire),
		"outcomes": outcomes(row.channel),
	}


def task_state(task: str) -> dict[str, Any]:
	"""Where the task stands, for the answer of whatever changed it."""
	row = frappe.db.get_value(TASK, task, STATE_FIELDS, as_dict=True)
	return {**row, "next_attempt_why": _why(row.pop("next_attempt_reasons"))}


def shown_log(row: frappe._dict) -> FollowupLog | None:
	"""The draft; for a contact that is closed by a log, that log."""
	name = frappe.db.get_value(LOG, {"draft_of": row.name}, "name")
	if not name and row.status in ("Completed", "Skipped"):
		name = frappe.db.get_value(
			LOG, {"task": row.name, "docstatus": 1}, "name", order_by="contacted_at desc, creation desc"
		)
	if not name:
		return None
	doc = frappe.get_doc(LOG, name)
	if not doc.has_permission("read"):
		return None
	doc.apply_fieldlevel_read_permissions()
	return doc


def draft_of(log: FollowupLog | None, row: frappe._dict) -> dict[str, Any]:
	"""What was written so far; `sequence` is the highest that was saved, the next save is to be higher."""
	doc = log or drafts.new(row)
	return {
		"log": log.name if log else None,
		"sequence": int(doc.get("last_sequence") or 0),
		"answers": {answer.question: answer.value for answer in doc.get("answers") or []},
		"guidance": [given.content for given in doc.get("guidance") or []],
		"topics_covered": [part.strip() for part in (doc.topics_covered or "").split(",") if part.strip()],
		"callback_at": doc.next_attempt_at,
		**{field: doc.get(field) for field in DRAFT_FIELDS},
		"started_at": doc.started_at if log else None,
		"duration_seconds": doc.duration_seconds or 0,
	}


def state_of(log: FollowupLog | None, task: str, questionnaire: str | None) -> dict[str, Any]:
	"""What the answers so far mean, and which alerts this contact has raised."""
	return {**questionnaires.state(answers.evaluation_of(questionnaire, log)), "alerts": _alerts(task)}


def outcomes(channel: str) -> list[dict[str, Any]]:
	"""The outcomes that a contact on `channel` can have, in the order of their buttons."""
	if channel == VISIT:
		absent = ONLY_CALLS | ONLY_MESSAGES
	elif channel == "Phone":
		absent = ONLY_VISITS | ONLY_MESSAGES
	else:
		absent = ONLY_VISITS
	offered = [outcome for outcome in BUTTONS if outcome in OUTCOMES and outcome not in absent]
	return [
		{
			"outcome": outcome,
			"label": _(outcome, context=LOG),
			"group": BUTTONS[outcome][0],
			"digit": BUTTONS[outcome][1],
		}
		for outcome in offered
	]


def _task(row: frappe._dict) -> dict[str, Any]:
	late = date_diff(today(), row.due_date) if row.status in OPEN_STATUSES else 0
	held = claims.is_held(row)
	return {
		**{field: row[field] for field in TASK_FIELDS},
		"status_reason": sentence(row.status_reason),
		"contact_point": row.contact_point or "Patient",
		"topics": [part.strip() for part in (row.topics or "").split(",") if part.strip()],
		"reasons": sentences_of(row.reasons),
		"sooner": reaction_results.words_for([row.name]).get(row.name),
		"overdue_days": max(0, late),
		"next_attempt_why": _why(row.next_attempt_reasons),
		"assigned_name": get_fullname(row.assigned_to) if row.assigned_to else None,
		"holder": {"user": row.claimed_by, "name": get_fullname(row.claimed_by), "until": row.claimed_until}
		if held
		else None,
		"may_write": bool(frappe.has_permission(TASK, "write", doc=row.name)),
		"may_log": bool(frappe.has_permission(LOG, "create")) and row.status in (*OPEN_STATUSES, "Missed"),
	}


def _identity(row: frappe._dict, log: FollowupLog | None) -> dict[str, Any]:
	"""What the caller compares with what the person on the phone says, before anything about health."""
	patient = frappe.db.get_value(
		"Follow-up Patient", row.patient, ["date_of_birth", "patient_id", "sex"], as_dict=True
	)
	stay = row.discharge and frappe.db.get_value(
		"Patient Discharge", row.discharge, ["discharge_date", "attending_doctor"], as_dict=True
	)
	facts = [
		(_("Date of Birth"), plain_date(patient.date_of_birth)),
		(_("Last characters of the hospital number"), (patient.patient_id or "")[-4:]),
		(_("Discharge Date"), plain_date(stay.discharge_date) if stay else None),
		(_("Department"), row.department),
		(_("Attending Doctor"), stay.attending_doctor if stay else None),
	]
	known = [{"label": label, "value": value} for label, value in facts if value]
	if len(known) < FACTS_TO_CHECK and patient.sex:  # any stranger can guess it
		known.append({"label": _("Sex"), "value": _(patient.sex)})
	return {
		"facts": known,
		"verified": bool(log and log.identity_verified),
	}


def _why(codes: str | None) -> str | None:
	return " ".join(sentences_of(codes)) or None


def _given(patient: str) -> dict[str, Any]:
	"""Which advice the patient has got, and when last."""
	log, given = frappe.qb.DocType(LOG), frappe.qb.DocType("Follow-up Log Guidance")
	rows = (
		frappe.qb.from_(log)
		.join(given)
		.on((given.parent == log.name) & (given.parenttype == LOG))
		.select(given.content, Max(log.contacted_at))
		.where((log.patient == patient) & (log.docstatus == 1))
		.groupby(given.content)
		.orderby(given.content)
		.run()
	)
	return {name: getdate(at) for name, at in rows}


def _alerts(task: str) -> list[frappe._dict]:
	if not frappe.has_permission(ALERT, "read"):
		return []
	rows = frappe.get_list(
		ALERT,
		filters={"task": task},
		fields=["name", "severity", "detail", "status"],
		order_by="raised_on desc, name",
		limit=20,
	)
	return rows
