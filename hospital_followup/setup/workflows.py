"""The workflows a hospital starts with: inserted once per doctype, from then on the hospital's own."""

from __future__ import annotations

from typing import Any

import frappe

from hospital_followup.setup.content import shipped

#: Who may edit a document in a state is settled by its permissions, not by the workflow.
EVERYONE = "All"


def seed_workflows() -> None:
	"""Insert the workflow of every doctype for which the site has none, active or not."""
	for outline in shipped("workflows"):
		if not frappe.db.exists("Workflow", {"document_type": outline["document_type"]}):
			frappe.get_doc(_workflow(outline)).insert()
			align_states(outline)


def align_states(outline: dict[str, Any]) -> None:
	"""Give every existing document the first state of its status; Frappe has put all of them into the very first."""
	table = frappe.qb.DocType(outline["document_type"])
	first = {row["status"]: row for row in reversed(outline["states"])}
	for row in first.values():
		query = frappe.qb.update(table).set(table.workflow_state, row["state"])
		query.where((table.status == row["status"]) & (table.workflow_state != row["state"])).run()


def _workflow(outline: dict[str, Any]) -> dict[str, Any]:
	return {
		"doctype": "Workflow",
		"workflow_name": outline["workflow_name"],
		"document_type": outline["document_type"],
		"workflow_state_field": "workflow_state",
		"is_active": 1,
		"override_status": 0,
		"send_email_alert": 0,
		"states": [_state(row) for row in outline["states"]],
		"transitions": transitions(outline),
	}


def transitions(outline: dict[str, Any]) -> list[dict[str, Any]]:
	"""The steps of a shipped workflow, one for each role that may take it, as rows of Workflow."""
	return [_transition(row, role) for row in outline["transitions"] for role in row["roles"]]


def _state(row: dict[str, str]) -> dict[str, str]:
	return {
		"state": row["state"],
		"doc_status": "0",
		"update_field": "status",
		"update_value": row["status"],
		"allow_edit": EVERYONE,
	}


def _transition(row: dict[str, Any], role: str) -> dict[str, Any]:
	return {
		"state": row["from"],
		"action": row["action"],
		"next_state": row["to"],
		"allowed": role,
		"allow_self_approval": 1,
	}
