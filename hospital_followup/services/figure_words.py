"""What indicators and measures are called on the screens."""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.services.figure_scope import FIGURE


def indicator_label(name: str) -> str:
	"""The translated name of an indicator of `engine.metrics`."""
	return {
		"completion_rate": _("Completion Rate"),
		"timeliness": _("Timeliness"),
		"coverage": _("Follow-up Coverage"),
		"reach_rate": _("Reach Rate of Attempts"),
		"task_reach_rate": _("Reach Rate of Contacts"),
		"satisfaction": _("Patient Satisfaction"),
		"satisfaction_share": _("Share of Satisfied Patients"),
		"nps": _("Net Promoter Score"),
		"revisit_conversion": _("Revisit Conversion"),
		"alert_response": _("Alerts Acknowledged in Time"),
		"alert_yield": _("Alert Yield"),
		"readmission_rate": _("Readmission Rate"),
	}[name]


def measure_label(name: str) -> str:
	"""The translated name of a measure of `engine.metrics`: the label of its field in the daily figures."""
	return _(frappe.get_meta(FIGURE).get_label(name), context=FIGURE)
