"""What the desk and other programs may call. Each function checks permission on the document first, then calls a service.

Reading calls answer GET and POST; whatever writes is POST only.
"""

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname, getdate, today

from hospital_followup.engine.names import DOCTOR, SUPERVISOR
from hospital_followup.services import (
	assignment,
	call_fields,
	callsheet,
	claims,
	logs,
	patient_undo,
	planning,
	plans,
	preview,
	programme_consents,
	reconcile,
	task_actions,
	tiers,
)
from hospital_followup.services.patient_intake import ensure_patient
from hospital_followup.services.retry import with_retry

PLAN = "Follow-up Plan"
DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
TASK = "Follow-up Task"
LOG = "Follow-up Log"
STAFF = "Follow-up Staff"


@frappe.whitelist(methods=["GET", "POST"])
def preview_discharge(name: str, draft: str | dict[str, Any] | None = None) -> dict[str, Any]:
	"""What saving `draft` (the unsaved form) of a discharge would change in its plan; without it, planning it again."""
	_allowed(DISCHARGE, name, "write")
	return preview.preview_discharge(name, frappe.parse_json(draft) if draft else None)


@frappe.whitelist(methods=["POST"])
def replan_discharge(name: str) -> dict[str, Any]:
	"""Plan a discharge again with the policy that is active now; returns its decision and the counts."""
	_allowed(DISCHARGE, name, "write")
	with_retry(lambda: planning.plan_discharges([name], cause="replanned", force=True), commit=False)
	_remark(DISCHARGE, name, _("Planned again"))
	return frappe.db.get_value(
		DISCHARGE, name, ["decision", "decision_reason", "plan", "planned_contacts"], as_dict=True
	)


@frappe.whitelist(methods=["GET", "POST"])
def preview_tier_change(discharge: str, risk_tier: str) -> dict[str, Any]:
	"""What a clinician's change of the risk tier would do to the plan."""
	_allowed(DISCHARGE, discharge, "read")
	frappe.has_permission("Patient Tier", "create", throw=True)
	return preview.preview_override(discharge, risk_tier)


@frappe.whitelist(methods=["POST"])
def change_tier(discharge: str, risk_tier: str, reason: str) -> str:
	"""Record a clinician's override and plan again what is open; returns the name of the new Patient Tier."""
	_allowed(DISCHARGE, discharge, "read")
	frappe.has_permission("Patient Tier", "create", throw=True)
	return with_retry(lambda: tiers.override_tier(discharge, risk_tier, reason), commit=False)


@frappe.whitelist(methods=["GET", "POST"])
def undecided_discharges(filters: str | list[Any] | dict[str, Any] | None = None) -> dict[str, Any]:
	"""For the number card: discharges that wait for a decision, and those that never reached the ledger.

	`filters` is what the desk sends along with every card; this one has none.
	"""
	frappe.has_permission(DISCHARGE, "read", throw=True)
	waiting = frappe.get_list(
		DISCHARGE, filters={"decision": "Pending"}, pluck="name", order_by="name", limit=0
	)
	return {
		"value": len(waiting) + reconcile.unrecorded_count(),
		"fieldtype": "Int",
		"route": ["List", DISCHARGE],
		"route_options": {"decision": "Pending"},
	}


@frappe.whitelist(methods=["POST"])
def patient_from_source(source_doctype: str, source_name: str) -> str:
	"""The Follow-up Patient of another app's patient, customer or contact, made when there is none; its name."""
	_allowed(source_doctype, source_name, "read")
	frappe.has_permission(PATIENT, "create", throw=True)
	name = ensure_patient(source_doctype, source_name)
	_allowed(PATIENT, name, "read")
	return name


@frappe.whitelist(methods=["POST"])
def pause_plan(plan: str, reason: str) -> str:
	"""Pause a plan: its tasks leave the worklists and do not expire. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	with_retry(lambda: plans.pause(plan, _reason(reason)), commit=False)
	_remark(PLAN, plan, _("Paused: {0}").format(reason))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def resume_plan(plan: str) -> str:
	"""Resume a paused plan. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	programme_consents.refuse_to_go_on(plan)
	with_retry(lambda: plans.resume(plan), commit=False)
	_remark(PLAN, plan, _("Resumed"))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def stop_plan(plan: str, reason: str) -> str:
	"""Stop a plan and cancel its open tasks. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	frappe.only_for(
		(DOCTOR, SUPERVISOR), message=True
	)  # rules.md: stopping is theirs, not the administrator's
	with_retry(lambda: plans.stop(plan, _reason(reason)), commit=False)
	_remark(PLAN, plan, _("Stopped: {0}").format(reason))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def undo_stop_plan(plan: str) -> str:
	"""Take a stop back. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	frappe.only_for((DOCTOR, SUPERVISOR), message=True)
	with_retry(lambda: patient_undo.undo_plan(plan), commit=False)
	_remark(PLAN, plan, _("Stop taken back"))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def log_attempt(
	task: str,
	outcome: str,
	notes: str | None = None,
	next_attempt_at: str | datetime | None = None,
	contacted_at: str | datetime | None = None,
	channel: str | None = None,
	contact_point: str | None = None,
	direction: str | None = None,
	identity_verified: bool | int = False,
	satisfaction: int | None = None,
	duration_seconds: int | None = None,
	moved_away: bool | int = False,
) -> dict[str, Any]:
	"""Record one attempt; returns the log's name and where the task stands now."""
	_allowed(TASK, task, "read")
	frappe.has_permission(LOG, "create", throw=True)
	details = {
		"contacted_at": call_fields.moment(contacted_at),
		"next_attempt_at": call_fields.moment(next_attempt_at),
		"notes": notes,
		"channel": channel,
		"contact_point": contact_point,
		"direction": direction,
		"identity_verified": int(bool(identity_verified)),
		"satisfaction": satisfaction,
		"duration_seconds": duration_seconds,
		"moved_away": int(bool(moved_away)),
	}
	log = with_retry(lambda: logs.log_attempt(task, outcome, **details), commit=False)
	return {"log": log, **callsheet.task_state(task)}


@frappe.whitelist(methods=["POST"])
def skip_task(task: str, reason: str) -> dict[str, Any]:
	"""Skip a contact for a stated reason."""
	_allowed(TASK, task, "write")
	with_retry(lambda: task_actions.skip(task, reason), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["POST"])
def skip_tasks(tasks: str | list[str], reason: str) -> dict[str, Any]:
	"""Skip contacts for one stated reason; those that cannot be skipped are named with the reason why."""
	names = frappe.parse_json(tasks)
	for name in names:
		_allowed(TASK, name, "write")
	return task_actions.skip_each(names, reason)


@frappe.whitelist(methods=["POST"])
def take_back_skip(task: str) -> dict[str, Any]:
	"""Open a skipped contact again."""
	_allowed(TASK, task, "write")
	with_retry(lambda: task_actions.take_back_skip(task), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["POST"])
def reschedule_task(task: str, due_date: str | date, reason: str) -> dict[str, Any]:
	"""Move a contact to another day for a stated reason."""
	_allowed(TASK, task, "write")
	with_retry(lambda: task_actions.reschedule(task, due_date, reason), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["POST"])
def claim_task(task: str) -> dict[str, Any]:
	"""Hold a patient for the caller, visibly, for some minutes."""
	_allowed(TASK, task, "write")
	with_retry(lambda: claims.claim(task), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["POST"])
def release_task(task: str) -> dict[str, Any]:
	"""Give a claimed contact back."""
	_allowed(TASK, task, "write")
	with_retry(lambda: claims.release(task), commit=False)
	return callsheet.task_state(task)


@frappe.whitelist(methods=["POST"])
def reassign_tasks(tasks: str | list[str], user: str) -> int:
	"""Hand contacts to somebody else; for those who hand out work. Returns how many changed hands."""
	names = frappe.parse_json(tasks)
	for name in names:
		_allowed(TASK, name, "write")
	_hands_out_work()
	return with_retry(lambda: assignment.reassign(names, user), commit=False)


@frappe.whitelist(methods=["POST"])
def move_tasks_of(staff: str, day: str | date | None = None) -> dict[str, Any]:
	"""Give the contacts that an absent person would have to make on `day` (today) to others, by load."""
	_allowed(STAFF, staff, "write")
	_hands_out_work()
	user = frappe.db.get_value(STAFF, staff, "user")
	when = getdate(day or today())
	moved = with_retry(lambda: assignment.move_tasks_of(user, when), commit=False)
	unowned = moved.pop("", 0)
	names = {user: get_fullname(user) for user in moved}
	return {"moved": {names[user]: count for user, count in moved.items()}, "unowned": unowned}


def _hands_out_work() -> None:
	if not claims.may_hand_out():
		frappe.throw(_("Work is handed out by supervisors."), frappe.PermissionError)


def _allowed(doctype: str, name: str, permission: str) -> None:
	frappe.get_doc(doctype, name).check_permission(permission)


def _reason(text: str) -> str:
	if not (text or "").strip():
		frappe.throw(_("Give the reason in a few words."), title=_("Reason missing"))
	return text.strip()


def _status(plan: str) -> str:
	return frappe.db.get_value(PLAN, plan, "status")


def _remark(doctype: str, name: str, text: str) -> None:
	"""The timeline carries what people did (rules.md); what the system decided stands in fields."""
	frappe.get_doc(doctype, name).add_comment("Info", text)
