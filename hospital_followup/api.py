"""What the desk and other programs may call. Each function checks permission on the document first, then calls a service.

Reading calls answer GET and POST; whatever writes is POST only.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from hospital_followup.services import planning, plans, preview, tiers

PLAN = "Follow-up Plan"
DISCHARGE = "Patient Discharge"


@frappe.whitelist(methods=["GET", "POST"])
def preview_discharge(name: str, draft: str | dict[str, Any] | None = None) -> dict[str, Any]:
	"""What saving `draft` (the unsaved form) of a discharge would change in its plan; without it, planning it again."""
	_allowed(DISCHARGE, name, "write")
	return preview.preview_discharge(name, frappe.parse_json(draft) if draft else None)


@frappe.whitelist(methods=["POST"])
def replan_discharge(name: str) -> dict[str, Any]:
	"""Plan a discharge again with the policy that is active now; returns its decision and the counts."""
	_allowed(DISCHARGE, name, "write")
	planning.plan_discharges([name], cause="replanned", force=True)
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
	return tiers.override_tier(discharge, risk_tier, reason)


@frappe.whitelist(methods=["POST"])
def pause_plan(plan: str, reason: str) -> str:
	"""Pause a plan: its tasks leave the worklists and do not expire. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	plans.pause(plan, _reason(reason))
	_remark(PLAN, plan, _("Paused: {0}").format(reason))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def resume_plan(plan: str) -> str:
	"""Resume a paused plan. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	plans.resume(plan)
	_remark(PLAN, plan, _("Resumed"))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def stop_plan(plan: str, reason: str) -> str:
	"""Stop a plan and cancel its open tasks. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	plans.stop(plan, _reason(reason))
	_remark(PLAN, plan, _("Stopped: {0}").format(reason))
	return _status(plan)


@frappe.whitelist(methods=["POST"])
def undo_stop_plan(plan: str) -> str:
	"""Take a stop back. Returns the plan's status."""
	_allowed(PLAN, plan, "write")
	plans.undo_stop(plan)
	_remark(PLAN, plan, _("Stop taken back"))
	return _status(plan)


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
