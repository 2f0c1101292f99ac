"""What the desk may ask about how follow-up is running. Counts and codes only, never anything about a patient."""

from dataclasses import asdict
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.engine.names import SUPERVISOR
from hospital_followup.services import health

ADMINISTRATORS = ("Follow-up Administrator", "System Manager")


@frappe.whitelist(methods=["GET", "POST"])
def checks(fresh: bool = False) -> dict[str, Any]:
	"""Every check for the health page, the worst first."""
	frappe.only_for(ADMINISTRATORS)
	found = health.checks(fresh=fresh)
	return {
		"level": health.worst(found),
		"looked_at": now_datetime(),
		"checks": [asdict(check) for check in found],
	}


@frappe.whitelist(methods=["GET", "POST"])
def banner() -> dict[str, Any]:
	"""What has to be said on every page of ours: to administrators what is wrong, to supervisors that something is."""
	frappe.only_for((*ADMINISTRATORS, SUPERVISOR))
	found = health.urgent()
	if not found:
		return {"sentences": [], "page": False}
	if {*ADMINISTRATORS, "Administrator"} & set(frappe.get_roles()):
		return {"sentences": [check.sentence for check in found], "page": True}
	return {
		"sentences": [
			_("Automatic work stands still in part. An administrator has to look at it; calls can be made.")
		],
		"page": False,
	}
