"""Calls of their own that reactions have made. They belong to no plan, so that a completed one keeps none from being made,
yet they go the way of the plan and of the pathway that asked for them."""

from __future__ import annotations

from typing import Any

import frappe

from hospital_followup.services import tasks
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

PLAN, PLAN_REACTION = "Follow-up Plan", "Follow-up Plan Reaction"
#: What became of a contact for which the plan has none to bring forward: a call of its own.
EXTRA = "Extra Contact"
SHOWN = ("name", "due_date", "opens_on", "expires_on", "channel", "role", "topics")


def made_by(plan: str, **filters: Any) -> list[str]:
	"""The calls that reactions of the plan have made, but for those that went with the log which had led to them."""
	wanted = {"parent": plan, "effect": EXTRA, "taken_back": 0, **filters}
	return frappe.get_all(PLAN_REACTION, filters=wanted, pluck="task", order_by="idx")


def coming(plan: str, title: str) -> list[frappe._dict]:
	"""The calls for the pathway `title` that nobody is making yet."""
	wanted = {"name": ("in", made_by(plan, pathway=title)), "status": ("in", ("Scheduled", "Open"))}
	return frappe.get_all(TASK, filters=wanted, fields=list(SHOWN), order_by="due_date, name")


def call_off(plan: str, title: str, reason: str) -> None:
	"""Cancel the calls for the pathway `title` that nobody is making yet."""
	tasks.cancel_tasks([row.name for row in coming(plan, title)], reason)


def bring_back(plan: str, title: str, reason: str) -> None:
	"""Take `call_off` back; in a plan that rests, they rest with it."""
	names = tasks.cancelled_for(reason, {"name": ("in", made_by(plan, pathway=title))})
	tasks.reopen_tasks(names)
	if frappe.db.get_value(PLAN, plan, "status") in ("Draft", "Paused"):
		set_values(TASK, names, {"on_hold": 1})
