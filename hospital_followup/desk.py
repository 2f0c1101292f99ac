"""What the forms of the desk ask: how things stand, and the steps of a policy. Same rules as in `api`."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from hospital_followup.services import overview, plans, policies, questionnaires, rehabilitation
from hospital_followup.services.policy_check import matrix_problems

DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
POLICY = "Follow-up Policy"
QUESTIONNAIRE = "Follow-up Questionnaire"


@frappe.whitelist(methods=["POST"])
def note_plan_reason(plan: str, status: str, reason: str) -> None:
	"""Keep the reason for a step that the person takes through the site's workflow right after this."""
	doc = _allowed(PLAN, plan, "write")
	plans.note_reason(plan, status, reason.strip())
	doc.add_comment("Info", _("Reason: {0}").format(escape_html(reason.strip())))


@frappe.whitelist(methods=["GET", "POST"])
def discharge_overview(discharge: str) -> dict[str, Any]:
	"""Contacts and score of a discharge, for the top of its form."""
	_allowed(DISCHARGE, discharge, "read")
	return overview.discharge_overview(discharge)


@frappe.whitelist(methods=["GET", "POST"])
def plan_overview(plan: str) -> dict[str, Any]:
	"""Contacts of a plan, for the top of its form."""
	_allowed(PLAN, plan, "read")
	return overview.plan_overview(plan)


@frappe.whitelist(methods=["GET", "POST"])
def patient_overview(patient: str) -> dict[str, Any]:
	"""Open plans and coming contacts of a patient, for the top of the form."""
	_allowed(PATIENT, patient, "read")
	return overview.patient_overview(patient)


@frappe.whitelist(methods=["GET", "POST"])
def rehabilitation_record(patient: str) -> dict[str, Any]:
	"""What a patient answered over time, for the charts of the form."""
	_allowed(PATIENT, patient, "read")
	return rehabilitation.rehabilitation(patient)


@frappe.whitelist(methods=["GET", "POST"])
def policy_overview(policy: str) -> dict[str, Any]:
	"""How many plans run with a policy."""
	_allowed(POLICY, policy, "read")
	return overview.policy_overview(policy)


@frappe.whitelist(methods=["GET", "POST"])
def check_policy(draft: str | dict[str, Any]) -> list[str]:
	"""What is wrong with the matrix of a policy that is being edited, one sentence each."""
	frappe.has_permission(POLICY, "read", throw=True)
	return matrix_problems(frappe.get_doc({**frappe.parse_json(draft), "doctype": POLICY}))


@frappe.whitelist(methods=["POST"])
def new_policy_version(policy: str) -> str:
	"""Copy a policy to a draft with the next version number; returns the name of the draft."""
	_allowed(POLICY, policy, "read")
	frappe.has_permission(POLICY, "create", throw=True)
	return policies.new_version(policy)


@frappe.whitelist(methods=["POST"])
def activate_policy(policy: str) -> str:
	"""Put a policy in force; the former one of the same scope retires. Returns its status."""
	_allowed(POLICY, policy, "write")
	return policies.activate(policy).status


@frappe.whitelist(methods=["POST"])
def retire_policy(policy: str) -> str:
	"""Take a policy out of force. Returns its status."""
	_allowed(POLICY, policy, "write")
	return policies.retire(policy).status


@frappe.whitelist(methods=["GET", "POST"])
def try_questionnaire(
	draft: str | dict[str, Any], answers: str | dict[str, Any] | None = None
) -> dict[str, Any]:
	"""A questionnaire that is being edited, asked with made-up answers: what is wrong, asked and flagged."""
	frappe.has_permission(QUESTIONNAIRE, "read", throw=True)
	doc = frappe.get_doc({**frappe.parse_json(draft), "doctype": QUESTIONNAIRE})
	return questionnaires.try_out(doc, frappe.parse_json(answers) or {})


def _allowed(doctype: str, name: str, permission: str) -> Document:
	doc = frappe.get_doc(doctype, name)
	doc.check_permission(permission)
	return doc
