"""What follows when a discharge is saved: its tier, its plan and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from hospital_followup.services import patients, planning, readmissions, revisits
from hospital_followup.services.wake import plan_after_commit

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

PATIENT = "Follow-up Patient"
#: What planning writes into the discharge; read back after planning so that form and REST show it at once.
RESULT_FIELDS = (
	"decision",
	"decision_reason",
	"tier",
	"risk_tier",
	"plan",
	"planned_contacts",
	"missing_facts",
	"late_discharge",
	"inputs_hash",
	"comparison_group",
)


def on_discharge_saved(doc: PatientDischarge) -> None:
	"""Plan a saved discharge: in its own transaction for a form or REST, right after commit for a bulk or foreign one."""
	_carry_death(doc)
	readmissions.record(doc.patient)
	if frappe.flags.in_import or frappe.flags.in_install or doc.flags.plan_later:
		revisits.follow_discharge(doc)
		plan_after_commit()
		return
	planning.plan_discharges([doc.name], cause="saved")
	doc.update(frappe.db.get_value(doc.doctype, doc.name, RESULT_FIELDS, as_dict=True))
	revisits.follow_discharge(doc)


def _carry_death(doc: PatientDischarge) -> None:
	"""Who died in hospital is contacted by no plan, earlier stays' included; correcting the disposition takes it back."""
	before = doc.get_doc_before_save()
	died, had_died = _ended_in_death(doc), bool(before) and _ended_in_death(before)
	if died == had_died:
		return
	status, deceased_on = frappe.db.get_value(PATIENT, doc.patient, ["status", "deceased_on"])
	if died and status == "Active":
		patients.mark_deceased(doc.patient, doc.discharge_date)
	elif had_died and status == "Deceased" and deceased_on == getdate(before.discharge_date):
		patients.unmark_deceased(doc.patient)


def _ended_in_death(doc: PatientDischarge) -> bool:
	return doc.disposition == "Deceased" and not doc.cancelled
