"""Two records were one person: the enrolments of both become those of the one who remains."""

from __future__ import annotations

import frappe

from hospital_followup.services import plans
from hospital_followup.services.patient_stops import PATIENT_STOPS
from hospital_followup.services.programme_status import ENROLMENT, fields_of, wake
from hospital_followup.services.writer import set_values


def take_over(source: str, target: str) -> None:
	"""Give the enrolments that came from the record `source` the keys of `target`, after their records were moved.

	Who was enrolled twice from the same day goes on in the enrolment of `target`; the other one ends.
	"""
	prefix = f"{source}|"
	moved = {"patient": target, "key": ("like", f"{prefix}%")}
	for row in frappe.get_all(ENROLMENT, filters=moved, fields=["name", "key", "plan"], order_by="name"):
		key = f"{target}|{row.key.removeprefix(prefix)}"
		if not frappe.db.exists(ENROLMENT, {"key": key}):
			set_values(ENROLMENT, [row.name], {"key": key})
			continue
		reason = PATIENT_STOPS["Merged"]
		if row.plan and frappe.db.get_value(plans.PLAN, row.plan, "status") in plans.OPEN_PLANS:
			plans.stop(row.plan, reason)
		set_values(ENROLMENT, [row.name], fields_of("Left", reason))
	wake([target])
