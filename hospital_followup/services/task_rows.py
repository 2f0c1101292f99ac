"""A planned contact as the row of a Follow-up Task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hospital_followup.engine.decisions import Change, Contact
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.priority import priority
from hospital_followup.services.decision import Decision
from hospital_followup.services.snapshot import DischargeSnapshot
from hospital_followup.services.writer import Row


def task_row(
	item: DischargeSnapshot, decision: Decision, plan: str, contact: Contact, day: date, *, hold: bool
) -> Row:
	"""A new task of `plan`, all but its name; `hold` keeps it off the worklists until the plan is approved."""
	return {
		"key": contact.key,
		"plan": plan,
		"discharge": item.row["name"],
		"patient": item.row["patient"],
		"patient_name": item.patient_row["patient_name"],
		"kind": "Planned",
		"status": "Scheduled",
		"on_hold": int(hold),
		"step_id": contact.step_id,
		"anchor_date": contact.anchor_date,
		"attempts": 0,
		**contact_fields(contact, item, decision, day),
	}


def contact_fields(contact: Contact, item: DischargeSnapshot, decision: Decision, day: date) -> Row:
	"""The fields of a task that planning owns. The value tier's reasons never stand here (rules.md)."""
	tier = decision.tier.risk_tier
	rank = priority(tier, "Planned", contact.due_date, contact.expires_on, day, contact.first_contact)
	return {
		**planned_fields(contact),
		"first_contact": int(contact.first_contact),
		# Contacts of programmes that had joined find their place again (services/programme_plans.py).
		"before_joining": None,
		**_inherited(item, decision),
		"priority": rank,
	}


def changed_fields(change: Change, item: DischargeSnapshot, decision: Decision, day: date) -> Row:
	"""What planning writes into a task that becomes `change.contact`, the key where it goes on as another contact."""
	contact = change.contact
	fields = contact_fields(contact, item, decision, day)
	if contact.key != change.task.key:
		fields |= {"key": contact.key, "step_id": contact.step_id, "anchor_date": contact.anchor_date}
	return fields


def planned_fields(contact: Contact) -> Row:
	"""The fields of a task that say what its contact says, in a discharge's plan as in a programme's."""
	return {
		"sequence": contact.sequence,
		"due_date": contact.due_date,
		"opens_on": contact.opens_on,
		"expires_on": contact.expires_on,
		"channel": contact.channel,
		"role": contact.role,
		"topics": ", ".join(contact.topics),
		"script": contact.script,
		"questionnaire": contact.questionnaire,
		"reasons": ", ".join(contact.reasons),
		"contact_point": contact.contact_point,
	}


def corrections(item: DischargeSnapshot, decision: Decision, day: date) -> dict[str, Row]:
	"""By name: undone tasks that keep their day, but whose discharge has another tier, department or company now."""
	values = _inherited(item, decision)
	kept = {task.key for task in decision.diff.keep if task.status in OPEN_STATUSES}
	stale = [
		row
		for row in item.tasks
		if row["key"] in kept
		and any((row[name] or None) != (value or None) for name, value in values.items())
	]
	return {row["name"]: {**values, "priority": _rank(row, values["risk_tier"], day)} for row in stale}


def _inherited(item: DischargeSnapshot, decision: Decision) -> Row:
	return {
		"risk_tier": decision.tier.risk_tier,
		"company": item.row["company"],
		"department": item.row["department"],
	}


def _rank(row: Mapping[str, Any], risk_tier: str, day: date) -> int:
	first = bool(row["first_contact"])
	return priority(risk_tier, row["kind"], row["due_date"], row["expires_on"], day, first)


def source_rows(contact: Contact) -> list[Row]:
	"""Where a contact comes from: one row for each policy or pathway step that it stands for."""
	return [
		{
			"source": origin.source,
			"title": origin.title,
			"version": origin.version,
			"step_id": origin.step_id,
			"anchor_date": origin.anchor_date,
		}
		for origin in contact.origins
	]
