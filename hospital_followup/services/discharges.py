"""What follows when a discharge is saved: its tier, its plan and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from hospital_followup.services import planning

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


def plan_after_commit() -> None:
	"""Wake a worker for the Pending discharges once this transaction is committed.

	Redis is only a wake-up call: when it is down, the dispatcher finds the discharges a few minutes later, and the
	transaction that discharged the patient never hears of it.
	"""
	if frappe.flags.followup_planning_queued:
		return
	frappe.flags.followup_planning_queued = True
	frappe.db.after_commit.add(_enqueue_pending)
	frappe.db.after_rollback.add(_forget_pending)


def _forget_pending() -> None:
	frappe.flags.followup_planning_queued = False


def _enqueue_pending() -> None:
	frappe.flags.followup_planning_queued = False
	try:
		frappe.enqueue(
			"hospital_followup.jobs.followup_plan_pending",
			queue="long",
			job_id="hospital_followup_plan_pending",
			deduplicate=True,
		)
	except Exception as error:
		frappe.logger("hospital_followup").warning(
			"planning was not queued (%s); the dispatcher plans it", type(error).__name__
		)
