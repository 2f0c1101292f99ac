"""What the top of a form says at a glance: contacts, scores and what comes next. Read only, never a value tier.

Tasks are read with the permissions of the person who looks; the score of a discharge belongs to the discharge, so
whoever may read the discharge may see it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import get_fullname

from hospital_followup.services import patient_stops, policies, queries, reaction_results
from hospital_followup.services.alert_context import open_alerts_of
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY
from hospital_followup.services.facts import split

PLAN = "Follow-up Plan"
TASK = "Follow-up Task"
TIER = "Patient Tier"
DISCHARGE = "Patient Discharge"
CONTACT_FIELDS = (
	"name",
	"sequence",
	"kind",
	"due_date",
	"opens_on",
	"expires_on",
	"channel",
	"role",
	"contact_point",
	"assigned_to",
	"status",
	"status_reason",
	"on_hold",
	"attempts",
	"next_attempt_at",
	"completed_on",
	"late_completion",
	"outcome",
	"topics",
	"reasons",
)
#: Plans whose contacts a person may still expect.
OPEN_PLANS = ("Draft", "Active", "Paused")
OPEN_TASKS = ("Scheduled", "Open", "In Progress")


def contacts_of(**filters: Any) -> list[dict[str, Any]]:
	"""The tasks that match and that this person may read, in the order of their days, with the caller's full name."""
	if not frappe.has_permission(TASK, "read"):
		return []
	rows = frappe.get_list(
		TASK, filters=filters, fields=list(CONTACT_FIELDS), order_by="due_date, sequence, name", limit=0
	)
	words = reaction_results.words_for([row.name for row in rows if "brought_forward" in split(row.reasons)])
	for row in rows:
		row.assigned_name = row.assigned_to and get_fullname(row.assigned_to)
		row.sooner = words.get(row.name)
	return rows


def discharge_overview(discharge: str) -> dict[str, Any]:
	"""Contacts of a discharge's plan and the score behind its risk tier."""
	row = frappe.db.get_value(DISCHARGE, discharge, ["plan", "tier"], as_dict=True)
	score = frappe.db.get_value(
		TIER, row.tier, ["method", "score", "score_low", "score_high", "incomplete"], as_dict=True
	)
	plan = frappe.db.get_value(PLAN, row.plan, ["name", "status", "policy", "policy_version"], as_dict=True)
	return {"score": score, "plan": plan, "contacts": contacts_of(plan=row.plan) if plan else []}


def plan_overview(plan: str) -> dict[str, Any]:
	"""Contacts of a plan, its policy, the pathways that it follows, and the title of its programme.

	Policy and pathways come with their status: a former version is Retired.
	"""
	row = frappe.db.get_value(PLAN, plan, ["policy", "status", "enrolment"], as_dict=True)
	return {
		"contacts": contacts_of(plan=plan),
		"policy": frappe.db.get_value("Follow-up Policy", row.policy, ["name", "status"], as_dict=True),
		"pathways": _followed(plan),
		"programme": _programme_of(row.enrolment),
	}


def _followed(plan: str) -> list[dict[str, Any]]:
	names = frappe.get_all(
		PLAN_PATHWAY, filters={"parent": plan, "ended_on": ("is", "not set")}, pluck="pathway", order_by="idx"
	)
	return queries.select(PATHWAY, ("name", "status"), "name", names)


def patient_overview(patient: str) -> dict[str, Any]:
	"""The patient's plans, the contacts that are still to come, and reported stops that can be taken back."""
	plans = frappe.get_list(
		PLAN,
		filters={"patient": patient, "status": ("in", OPEN_PLANS)},
		fields=[
			*("name", "status", "risk_tier", "planned_contacts", "completed_contacts", "end_date"),
			"enrolment",
		],
		order_by="start_date desc, name",
		limit=0,
	)
	for row in plans:
		row.programme = _programme_of(row.pop("enrolment"))
	contacts = contacts_of(patient=patient, status=("in", OPEN_TASKS))
	return {
		"plans": plans,
		"contacts": contacts,
		"stops": patient_stops.stops_of(patient),
		"alerts": open_alerts_of(patient),
	}


def _programme_of(enrolment: str | None) -> str | None:
	"""The title of the programme of an enrolment."""
	pathway = enrolment and frappe.db.get_value("Programme Enrolment", enrolment, "pathway")
	return frappe.get_cached_value("Care Pathway", pathway, "title") if pathway else None


def policy_overview(policy: str) -> dict[str, Any]:
	"""How many plans run with a policy, and which active ones its activation would retire."""
	return {
		"running": frappe.db.count(PLAN, {"policy": policy, "status": ("in", OPEN_PLANS)}),
		"former": policies.former(frappe.get_doc(policies.POLICY, policy)),
	}
