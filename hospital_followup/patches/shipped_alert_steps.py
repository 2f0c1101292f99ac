"""The shipped workflow of alerts reopened to Open, which the course refuses, and lacked the ways to In Progress.

A hospital's own steps stay as they are; its rows that still reopen to Open can only fail and are put right.
"""

from __future__ import annotations

import frappe

from hospital_followup.setup.content import shipped
from hospital_followup.setup.workflows import transitions

WORKFLOW = "Follow-up Alert Workflow"
FIELDS = ("state", "action", "next_state", "allowed")
REFUSED = ("Alert Closed", "Reopen Alert", "Alert Open")
SHIPPED_BEFORE = (
	("Alert Open", "Acknowledge Alert", "Alert Acknowledged"),
	("Alert Acknowledged", "Work on Alert", "Alert in Progress"),
	("Alert Acknowledged", "Answer Patient", "Alert Answered"),
	("Alert in Progress", "Answer Patient", "Alert Answered"),
	("Alert Answered", "Close Alert", "Alert Closed"),
	REFUSED,
)
ROLES = ("Follow-up Doctor", "Follow-up Supervisor", "Follow-up Administrator")


def execute() -> None:
	if not frappe.db.exists("Workflow", WORKFLOW):
		return
	doc = frappe.get_doc("Workflow", WORKFLOW)
	steps = {tuple(row.get(field) for field in FIELDS) for row in doc.transitions}
	refused = [row for row in doc.transitions if (row.state, row.action, row.next_state) == REFUSED]
	if steps == {(*step, role) for step in SHIPPED_BEFORE for role in ROLES} and not any(
		row.condition for row in doc.transitions
	):
		outline = next(row for row in shipped("workflows") if row["workflow_name"] == WORKFLOW)
		doc.set("transitions", transitions(outline))
	for row in refused:
		row.next_state = "Alert in Progress"
	if refused:
		doc.save()
