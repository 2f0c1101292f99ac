"""Decisions into rows: tiers, plans, tasks, and what is written back to discharges and patients."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import frappe

from hospital_followup.engine.decisions import TierDecision
from hospital_followup.services import assignment, plans, tasks
from hospital_followup.services.care_pathways import PLAN_PATHWAY
from hospital_followup.services.decision import Decision, plan_key
from hospital_followup.services.snapshot import DischargeSnapshot
from hospital_followup.services.task_rows import changed_fields, corrections, source_rows, task_row
from hospital_followup.services.workflow_states import initial_status
from hospital_followup.services.writer import (
	Row,
	delete_children,
	insert_children,
	insert_rows,
	new_names,
	set_values,
	update_rows,
)

DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
TASK = "Follow-up Task"
TIER = "Patient Tier"


class PlanWriter:
	"""Collects the rows of a batch, then writes each table once."""

	def __init__(self, day: date) -> None:
		self.day = day
		self.initial_status = initial_status(PLAN)
		self.tiers: list[Row] = []
		self.components: dict[str, list[Row]] = {}
		self.plans: list[Row] = []
		self.plan_changes: dict[str, Row] = {}
		self.tasks: list[Row] = []
		self.task_changes: dict[str, Row] = {}
		self.sources: dict[str, list[Row]] = {}
		self.pathways: dict[str, list[Row]] = {}
		self.resourced: list[str] = []
		self.cancelled: defaultdict[str, list[str]] = defaultdict(list)
		self.reopened: list[str] = []
		self.held: list[str] = []
		self.discharge_changes: dict[str, Row] = {}
		self.patient_changes: dict[str, Row] = {}
		self.stopped: list[tuple[str, str]] = []
		self.restored: list[str] = []
		self.given_back: list[str] = []
		self.touched: list[str] = []

	def add(self, item: DischargeSnapshot, decision: Decision) -> None:
		"""Collect what `decision` writes for `item`."""
		tier = self._add_tier(item, decision.tier)
		plan = self._add_plan(item, decision, tier) if decision.touches_plan else item.plan["name"]
		self._add_results(item, decision, tier, plan)

	def write(self) -> list[str]:
		"""Write everything collected; returns the names of the plans that changed."""
		insert_rows(TIER, self.tiers, docstatus=1)
		insert_children("Tier Component", TIER, "components", self.components)
		insert_rows(PLAN, self.plans)
		delete_children(PLAN_PATHWAY, self.plan_changes)
		insert_children(PLAN_PATHWAY, PLAN, "pathways", self.pathways)
		insert_rows(TASK, self.tasks)
		delete_children("Follow-up Task Source", self.resourced)
		insert_children("Follow-up Task Source", TASK, "sources", self.sources)
		update_rows(TASK, self.task_changes)
		tasks.reopen_tasks(self.reopened)
		set_values(TASK, self.held, {"on_hold": 1})
		tasks.put_off(self.task_changes, self.day)
		for reason, names in self.cancelled.items():
			tasks.cancel_tasks(names, reason)
		update_rows(PLAN, self.plan_changes)
		update_rows(DISCHARGE, self.discharge_changes)
		update_rows(PATIENT, self.patient_changes)
		for plan in self.restored:
			plans.revive(plan)
		for plan in self.given_back:
			if not plans.is_stopped_by_log(plan):
				plans.undo_stop(plan)
		for plan, reason in self.stopped:
			plans.stop(plan, reason)
		if self.touched and tasks.open_due(self.day, plans=self.touched):
			assignment.assign(open_tasks(self.touched), self.day)
		existing = [plan for plan in self.touched if plan in self.plan_changes]
		plans.recount(existing)
		plans.complete_finished(existing)
		return self.touched

	def _add_tier(self, item: DischargeSnapshot, tier: TierDecision) -> str | None:
		"""The assessment behind the decision: the clinician's own, the present one, or a new row."""
		if tier.method == "Clinician" and item.override:
			return item.override["name"]
		present = item.tier_row
		reasons = ", ".join(tier.risk_reasons)
		if present and (
			present["method"],
			present["score_low"],
			present["score_high"],
			present["risk_tier"],
			present["value_tier"],
			present["reasons"] or "",
		) == (
			tier.method,
			tier.score_low or 0,
			tier.score_high or 0,
			tier.risk_tier,
			tier.value_tier,
			reasons,
		):
			return present["name"]
		name = new_names(1)[0]
		row = item.row
		self.tiers.append(
			{
				"name": name,
				"patient": row["patient"],
				"patient_name": item.patient_row["patient_name"],
				"discharge": row["name"],
				"company": row["company"],
				"department": row["department"],
				"assessed_on": self.day,
				"method": tier.method,
				"score": tier.score or 0,
				"score_low": tier.score_low or 0,
				"score_high": tier.score_high or 0,
				"incomplete": ", ".join(tier.incomplete),
				"computed_risk_tier": tier.computed_risk_tier or "",
				"risk_tier": tier.risk_tier,
				"value_tier": tier.value_tier,
				"reasons": reasons,
				"value_reasons": ", ".join(tier.value_reasons),
			}
		)
		self.components[name] = [
			{
				"component": component.name,
				"value": None if component.value is None else _shown(component.value),
				"points": component.points,
				"maximum": component.maximum,
				"missing": int(component.missing),
			}
			for component in tier.components
		]
		return name

	def _add_plan(self, item: DischargeSnapshot, decision: Decision, tier: str | None) -> str | None:
		planned, stored = decision.decision == "Planned", item.plan
		if item.ended_plan:
			self.given_back.append(item.ended_plan)
		if not planned and not stored:
			return None
		if not planned:
			reason = decision.reason or "replanned"
			undone = [row["name"] for row in item.tasks if row["status"] in plans.UNDONE_TASKS]
			self.cancelled[reason] += undone
			self.stopped.append((stored["name"], reason))
			return stored["name"]
		contacts = decision.contacts.contacts
		values: Row = {
			"tier": tier,
			"risk_tier": decision.tier.risk_tier,
			"policy": decision.site.policy,
			"policy_version": decision.site.policy_version,
			"anchor_date": decision.anchor,
			"start_date": item.facts.discharge_date,
			"end_date": max((contact.expires_on for contact in contacts), default=item.facts.discharge_date),
			"department": item.row["department"],
			"company": item.row["company"],
		}
		if stored:
			name = stored["name"]
			self.plan_changes[name] = values
			more = decision.diff.create or decision.diff.reopen
			if stored["status"] == "Stopped" or (more and stored["status"] == "Completed"):
				self.restored.append(name)
		else:
			name = new_names(1)[0]
			self.plans.append(
				{
					"name": name,
					"key": plan_key(item.row["name"]),
					"patient": item.row["patient"],
					"patient_name": item.patient_row["patient_name"],
					"discharge": item.row["name"],
					"purpose": "Discharge",
					"planned_contacts": len(contacts),
					"completed_contacts": 0,
					**self.initial_status,
					**values,
				}
			)
		self.pathways[name] = item.pathways.rows_after(decision.contacts.pathways, decision.site.pathways)
		self.touched.append(name)
		self._add_tasks(item, decision, name)
		self.stopped += [(plan["name"], "readmitted") for plan in item.earlier_plans]
		return name

	def _add_tasks(self, item: DischargeSnapshot, decision: Decision, plan: str) -> None:
		by_key = {row["key"]: row["name"] for row in item.tasks}
		# What joins a plan that waits, for its approval or for its resumption, waits with it.
		status = item.plan["status"] if item.plan else self.initial_status["status"]
		hold = status in ("Draft", "Paused")
		for contact in decision.diff.create:
			name = new_names(1)[0]
			self.tasks.append({"name": name, **task_row(item, decision, plan, contact, self.day, hold=hold)})
			self.sources[name] = source_rows(contact)
		for change in (*decision.diff.move, *decision.diff.reopen):
			name = by_key[change.task.key]
			self.task_changes[name] = changed_fields(change, item, decision, self.day)
			self.resourced.append(name)
			self.sources[name] = source_rows(change.contact)
		self.task_changes.update(corrections(item, decision, self.day))
		reopened = [by_key[change.task.key] for change in decision.diff.reopen]
		self.reopened += reopened
		self.held += reopened if hold else []
		for cancellation in decision.diff.cancel:
			self.cancelled[cancellation.reason].append(by_key[cancellation.task.key])

	def _add_results(
		self, item: DischargeSnapshot, decision: Decision, tier: str | None, plan: str | None
	) -> None:
		self.discharge_changes[item.row["name"]] = {
			"decision": decision.decision,
			"decision_reason": decision.reason,
			"tier": tier,
			"risk_tier": decision.tier.risk_tier,
			"plan": plan,
			"planned_contacts": len(decision.contacts.contacts),
			"missing_facts": ", ".join(decision.tier.incomplete),
			"late_discharge": int(decision.late),
			"comparison_group": decision.comparison_group or "",
			# A plan that stays stopped has not followed these inputs; they count when the stop is taken back.
			"inputs_hash": decision.inputs_hash if decision.touches_plan else None,
		}
		if item.next_admission is None and item.patient_row["risk_tier"] != decision.tier.risk_tier:
			self.patient_changes[item.row["patient"]] = {"risk_tier": decision.tier.risk_tier}


def open_tasks(of_plans: list[str]) -> list[str]:
	"""Open tasks of these plans."""
	return frappe.get_all(
		TASK, filters={"plan": ("in", of_plans), "status": "Open"}, pluck="name", order_by="name"
	)


def _shown(value: float | bool) -> str:
	"""A component's value as text: Yes, No or the number without a trailing .0."""
	if isinstance(value, bool):
		return "Yes" if value else "No"
	return f"{value:g}"
