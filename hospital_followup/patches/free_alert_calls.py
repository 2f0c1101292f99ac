"""Calls that tell a doctor's answer were bound to the plan of the alert's cause, whose end or pause kept them open."""

from __future__ import annotations

import frappe

from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values


def execute() -> None:
	bound = {"kind": "Alert", "status": ("in", sorted(OPEN_STATUSES)), "plan": ("is", "set")}
	names = frappe.get_all(TASK, filters=bound, pluck="name", order_by="name")
	set_values(TASK, names, {"plan": None, "on_hold": 0})
