"""The two ways between `status`, which code reads, and the states of a site's Workflow, which people see.

A site may add states of its own; each is mapped to one `status` through the workflow's "update field" (architecture.md,
Workflows without code).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import WorkflowPermissionError, get_workflow_name


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


def keep_together(doc: Document, method: str | None = None) -> None:
	"""Before a person's save is checked (doc_events): a chosen state decides the status, a chosen status the state.

	Frappe then checks the step itself, so that writing `status` through REST needs the same role as the button.
	"""
	before = doc.get_doc_before_save()
	if not before:
		_check_beginning(doc)
	elif doc.workflow_state != before.workflow_state:
		doc.status = status_of_state(doc.doctype, doc.workflow_state) or doc.status
	elif doc.status != before.status:
		doc.update(state_fields(doc.doctype, doc.status))


def begin_in_state(doc: Document, method: str | None = None) -> None:
	"""After an insert (doc_events): Frappe begins every document in the first state, whatever its status."""
	if status_of_state(doc.doctype, doc.workflow_state) not in (None, doc.status):
		doc.db_set(state_fields(doc.doctype, doc.status), update_modified=False)


def _check_beginning(doc: Document) -> None:
	"""A new document may begin further on only for whom the workflow would let take that step."""
	doc.workflow_state = None
	states = _states(doc.doctype)
	if not states or states[0].update_value == doc.status:
		return
	target = state_fields(doc.doctype, doc.status).get("workflow_state")
	workflow = frappe.get_cached_doc("Workflow", get_workflow_name(doc.doctype))
	allowed = {row.allowed for row in workflow.transitions if row.next_state == target}
	if target and not allowed & set(frappe.get_roles()):
		frappe.throw(
			_(
				"A new {0} cannot begin as {1}. Save it as {2}; the next step is then taken under Actions."
			).format(_(doc.doctype), _(doc.status, context=doc.doctype), _(states[0].state)),
			WorkflowPermissionError,
			title=_("Not permitted"),
		)


def _states(doctype: str) -> list[frappe._dict]:
	name = get_workflow_name(doctype)
	return frappe.get_cached_doc("Workflow", name).states if name else []
