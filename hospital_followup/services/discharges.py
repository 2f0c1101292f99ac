"""What follows when a discharge is saved: its tier, its plan and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from hospital_followup.services import planning
from hospital_followup.services.wake import plan_after_commit

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.patient_discharge.patient_discharge import (
		PatientDischarge,
	)

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
)


def on_discharge_saved(doc: PatientDischarge) -> None:
	"""Plan a saved discharge: in its own transaction for a form or REST, right after commit for a bulk or foreign one."""
	if frappe.flags.in_import or frappe.flags.in_install or doc.flags.plan_later:
		plan_after_commit()
		return
	planning.plan_discharges([doc.name], cause="saved")
	doc.update(frappe.db.get_value(doc.doctype, doc.name, RESULT_FIELDS, as_dict=True))
