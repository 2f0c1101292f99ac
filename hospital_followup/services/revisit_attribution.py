"""Which contact brought a patient back: the latest one that reached somebody and reminded of the revisit (clinical.md §6)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe

from hospital_followup.services.revisit_limits import days

LOG = "Follow-up Log"
REACHED = ("Reached Patient", "Reached Caregiver", "Replied")


def attribute(patient: str, attended_on: date, discharged: date | None) -> str | None:
	"""The submitted log that reminded the patient last, within the days that the settings allow before the visit."""
	since = attended_on - timedelta(days=days("revisit_conversion_days"))
	if discharged:
		since = max(since, discharged)
	names = frappe.get_all(
		LOG,
		filters={
			"patient": patient,
			"docstatus": 1,
			"revisit_reminded": 1,
			"outcome": ("in", REACHED),
			"contacted_at": ("between", (since, datetime.combine(attended_on, time.max))),
		},
		pluck="name",
		order_by="contacted_at desc, creation desc",
		limit=1,
	)
	return names[0] if names else None


def last_reminded(patient: str, discharged: date | None) -> datetime | None:
	"""When the patient was reminded last, since the discharge."""
	filters = {"patient": patient, "docstatus": 1, "revisit_reminded": 1, "outcome": ("in", REACHED)}
	if discharged:
		filters["contacted_at"] = (">=", discharged)
	rows = frappe.get_all(LOG, filters=filters, pluck="contacted_at", order_by="contacted_at desc", limit=1)
	return rows[0] if rows else None
