"""Which records are about a patient, and what of them may stay when the patient is erased.

What stays is listed, everything else goes: a field that somebody adds later is erased until somebody decides otherwise.
"""

from __future__ import annotations

import frappe

PATIENT = "Follow-up Patient"
MODULE = "Hospital Followup"

_PLACE = {"patient", "company", "department"}
#: What the figures of clinical.md §6 and the links between records need. No name, number, birthday, health fact or free
#: text. A doctype that is not here is deleted whole.
KEPT: dict[str, frozenset[str]] = {
	PATIENT: frozenset({"status", "company", "department", "merged_into", "erased_on", "erased_by"}),
	"Patient Discharge": frozenset(
		_PLACE
		| {"discharge_date", "disposition", "attending_doctor", "decision", "decision_reason", "plan", "tier"}
		| {"planned_contacts", "risk_tier", "late_discharge", "readmitted_on", "readmission_evidence_doctype"}
		| {"comparison_group", "followed_up_after_all", "referral_source", "cancelled"}
		# Tells a stay that its source tells again from a new one; without it the patient would be planned anew.
		| {"key"}
	),
	"Patient Tier": frozenset(
		_PLACE
		| {
			"discharge",
			"assessed_on",
			"method",
			"risk_tier",
			"computed_risk_tier",
			"value_tier",
			"amended_from",
		}
	),
	"Follow-up Plan": frozenset(
		_PLACE
		| {"discharge", "purpose", "status", "workflow_state", "risk_tier", "start_date", "end_date"}
		| {"planned_contacts", "completed_contacts", "stop_reason", "stopped_on", "stopped_by", "tier"}
		| {"policy", "policy_version", "key", "pathways"}
	),
	"Follow-up Task": frozenset(
		_PLACE
		| {"plan", "discharge", "kind", "sequence", "status", "status_reason", "due_date", "opens_on"}
		| {"expires_on", "channel", "role", "assigned_to", "risk_tier", "outcome", "attempts", "completed_on"}
		| {"late_completion", "cancelled_on", "first_contact", "key"}
	),
	"Follow-up Log": frozenset(
		_PLACE
		| {"task", "plan", "channel", "direction", "contact_point", "contacted_at", "staff", "outcome"}
		| {"duration_seconds", "late_entry", "satisfaction", "recommend", "revisit_reminded", "amended_from"}
		| {"identity_verified", "script", "script_version", "questionnaire"}
	),
	"Follow-up Message": frozenset(
		_PLACE
		| {"task", "plan", "survey", "revisit", "channel", "purpose", "occasion", "template", "status"}
		| {"status_reason", "send_after", "expires_at", "sent_at", "delivered_at", "provider", "tries", "key"}
	),
	"Follow-up Survey": frozenset(
		_PLACE
		| {"task", "plan", "log", "questionnaire", "status", "expires_at", "answered_on", "satisfaction"}
		| {"recommend", "referral_source", "channel", "key"}
	),
	"Follow-up Alert": frozenset(
		_PLACE
		| {"severity", "kind", "status", "workflow_state", "assigned_to", "raised_on", "respond_by"}
		| {"judgement", "closed_reason", "task", "log", "survey", "revisit", "rule", "role", "risk_tier"}
		| {"acknowledged_by", "acknowledged_on", "answered_on", "told_in", "escalations", "closed_on", "key"}
	),
	"Follow-up Revisit": frozenset(
		_PLACE
		| {"plan", "discharge", "expected_on", "status", "status_reason", "attended_on", "attributed_log"}
		| {"evidence_doctype", "key"}
	),
	"Quality Review": frozenset(
		_PLACE
		| {"log", "staff", "staff_name", "reviewer", "reviewed_on", "sampled_because", "criteria"}
		| {"script_score", "content_score", "feedback_score", "total", "amended_from"}
	),
}
#: Of the rows of a table that stays: what stays. A day that a pathway counts from may be the patient's birthday.
KEPT_ROWS: dict[str, frozenset[str]] = {
	"Follow-up Plan Pathway": frozenset(
		{"pathway", "version", "added_by", "added_on", "ended_on", "ended_by"}
	),
}
#: Reason codes that people may have overwritten with words of their own: only codes stay.
CODED = frozenset({"decision_reason", "stop_reason", "status_reason"})


def person(patient: str) -> list[str]:
	"""The patient's record and those that were merged into it, directly or over others."""
	found, last = [patient], [patient]
	while last:
		filters = {"merged_into": ("in", last), "name": ("not in", found)}
		last = frappe.get_all(PATIENT, filters=filters, pluck="name", order_by="creation, name")
		found += last
	return found


def patient_doctypes() -> list[str]:
	"""Every doctype of ours whose records belong to one patient."""
	return frappe.get_all(
		"DocField",
		filters={"parenttype": "DocType", "fieldname": "patient", "fieldtype": "Link", "options": PATIENT},
		pluck="parent",
		order_by="parent",
	)


def records_of(patients: list[str]) -> dict[str, list[str]]:
	"""By doctype the names of all records about these patients, oldest first; doctypes without any are left out."""
	found = {PATIENT: list(patients)}
	for doctype in patient_doctypes():
		found[doctype] = frappe.get_all(
			doctype, filters={"patient": ("in", patients)}, pluck="name", order_by="creation, name"
		)
	return {doctype: names for doctype, names in found.items() if names}
