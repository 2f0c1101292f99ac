"""The two ways between `status`, which code reads, and the states of a site's Workflow, which people see.

A site may add states of its own; each is mapped to one `status` through the workflow's "update field" (architecture.md,
Workflows without code).
"""

from __future__ import annotations

import frappe
from frappe.model.workflow import get_workflow_name


def initial_status(doctype: str) -> dict[str, str]:
	"""Status and state of a new document: Draft where the site's workflow starts with a state for it, else Active."""
	states = _states(doctype)
	if states and states[0].update_field == "status" and states[0].update_value == "Draft":
		return {"status": "Draft", "workflow_state": states[0].state}
	return {"status": "Active", **state_fields(doctype, "Active")}


def state_fields(doctype: str, status: str) -> dict[str, str]:
	"""The first state mapped to `status`, as the field to write; empty without a workflow or a mapped state."""
	for state in _states(doctype):
		if state.update_field == "status" and state.update_value == status:
			return {"workflow_state": state.state}
	return {}


def status_of_state(doctype: str, state: str | None) -> str | None:
	"""The `status` that a workflow state is mapped to; None when it maps to none."""
	for row in _states(doctype) if state else ():
		if row.state == state and row.update_field == "status":
			return row.update_value
	return None


def _states(doctype: str) -> list[frappe._dict]:
	name = get_workflow_name(doctype)
	return frappe.get_cached_doc("Workflow", name).states if name else []
