"""What stands on top of a task: whom to call, on which number, what was tried before, who is on the phone now.

Only what the session's user may read: phone numbers and notes are fields of a higher permission level.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import get_fullname, getdate, today

from hospital_followup.services import claims
from hospital_followup.services.stay_dates import completed_years

TASK = "Follow-up Task"
LOG = "Follow-up Log"
PATIENT_FIELDS = (
	"patient_id",
	"sex",
	"language",
	"status",
	"mobile",
	"mobile_masked",
	"mobile_status",
	"preferred_slot",
	"special_care",
	"special_care_note",
	"caregiver_name",
	"caregiver_relation",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"home_address",
)
LOGS_SHOWN = 5


def brief(task: str) -> dict[str, Any]:
	"""The facts for the header of a task's form; values that the user may not read are left out."""
	row = frappe.db.get_value(TASK, task, "*", as_dict=True)
	return {
		"patient": _patient(row.patient),
		"discharge": _discharge(row.discharge),
		"logs": _logs(task),
		"holder": _holder(row),
		"assigned_name": get_fullname(row.assigned_to) if row.assigned_to else None,
		"today": today(),
	}


def _patient(name: str) -> dict[str, Any]:
	patient = frappe.get_doc("Follow-up Patient", name)
	patient.apply_fieldlevel_read_permissions()
	facts = {field: patient.get(field) for field in PATIENT_FIELDS}
	born = patient.get("date_of_birth")
	return {**facts, "age": completed_years(getdate(born), getdate(today())) if born else None}


def _discharge(name: str | None) -> dict[str, Any] | None:
	if not name:
		return None
	discharge = frappe.get_doc("Patient Discharge", name)
	discharge.apply_fieldlevel_read_permissions()
	primary = sorted(discharge.get("diagnoses") or [], key=lambda row: not row.primary)
	return {
		"discharge_date": discharge.discharge_date,
		"diagnosis": primary[0].title or primary[0].code if primary else None,
	}


def _logs(task: str) -> list[dict[str, Any]]:
	"""The latest submitted logs, the newest first."""
	rows = frappe.get_all(
		LOG,
		filters={"task": task, "docstatus": 1},
		fields=["name", "outcome", "contacted_at", "staff", "channel", "contact_point", "notes"],
		order_by="contacted_at desc, creation desc",
		limit=LOGS_SHOWN,
	)
	may_read_notes = 1 in frappe.get_meta(LOG).get_permlevel_access("read")
	for row in rows:
		row.staff_name = get_fullname(row.staff)
		if not may_read_notes:
			row.pop("notes")
	return rows


def _holder(row: frappe._dict) -> dict[str, Any] | None:
	if not claims.is_held(row):
		return None
	return {
		"user": row.claimed_by,
		"name": get_fullname(row.claimed_by),
		"until": row.claimed_until,
	}
