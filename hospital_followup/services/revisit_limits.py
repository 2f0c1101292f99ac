"""The settings about revisits as the engine wants them. A field that a site has not saved yet has its default."""

from __future__ import annotations

import frappe

from hospital_followup.engine.revisits import Limits, Steps

SETTINGS = "Follow-up Settings"
DEFAULTS = {
	"revisit_early_days": 7,
	"revisit_late_days": 30,
	"revisit_reminder_days": 2,
	"revisit_conversion_days": 30,
	"missed_revisit_message_days": 1,
	"missed_revisit_call_days": 3,
	"readmission_days": 30,
}


def days(field: str) -> int:
	"""A number of days of the settings."""
	value = frappe.get_cached_doc(SETTINGS).get(field)
	return DEFAULTS[field] if value is None else int(value)


def readmission_days() -> int:
	"""Within how many days of a discharge a new admission is a readmission."""
	return days("readmission_days")


def limits() -> Limits:
	return Limits(early=days("revisit_early_days"), late=days("revisit_late_days"))


def steps() -> Steps:
	return Steps(message=days("missed_revisit_message_days"), call=days("missed_revisit_call_days"))
