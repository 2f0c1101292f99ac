"""Alerts that were late before escalation existed tell nobody: the first tick would mail everybody about all of them."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from hospital_followup.services.alert_course import ALERT, UNANSWERED
from hospital_followup.services.alert_escalation import STEPS
from hospital_followup.services.writer import set_values


def execute() -> None:
	if frappe.db.exists(ALERT, {"escalations": (">", 0)}):
		return  # escalation runs here, and what is late now is on its way
	late = {"status": ("in", UNANSWERED), "respond_by": ("<", now_datetime())}
	names = frappe.get_all(ALERT, filters=late, pluck="name", order_by="name")
	set_values(ALERT, names, {"escalations": STEPS})
