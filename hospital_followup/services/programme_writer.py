"""Decisions about programmes into rows: their plans and tasks, and what joins a task of another plan."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from hospital_followup.engine.decisions import Change, Contact, Origin, PlanDiff
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.priority import priority
from hospital_followup.engine.programme import ProgrammeDecision
from hospital_followup.engine.programme_hosts import Join
from hospital_followup.services import assignment, plans, tasks
from hospital_followup.services.care_pathways import PLAN_PATHWAY, ApprovedPathway
from hospital_followup.services.facts import before_joining
from hospital_followup.services.planwriter import open_tasks
from hospital_followup.services.programme_snapshot import Enrolment, ProgrammeSnapshot
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.task_rows import planned_fields
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.services.writer import (
	Row,
	delete_children,
	insert_children,
	insert_rows,
	new_names,
	update_rows,
)

PLAN, TASK, SOURCE = "Follow-up Plan", "Follow-up Task", "Follow-up Task Source"
#: Fields of a task that others' contacts change by joining it; its own values are kept apart.
JOINED_FIELDS = ("expires_on", "channel", "role", "topics", "script", "questionnaire", "reasons")


class ProgrammeWriter:
	"""Collects the rows of a batch of patients, then writes each table once."""

	def __init__(self, day: date) -> None:
		self.day = day
		self.plans: list[Row] = []
		self.plan_changes: dict[str, Row] = {}
		self.pathways: dict[str, list[Row]] = {}
		self.tasks: list[Row] = []
		self.task_changes: dict[str, Row] = {}
		self.sources: dict[str, list[Row]] = {}
		self.resourced: list[str] = []
		self.reopened: list[str] = []
		self.cancelled: defaultdict[str, list[str]] = defaultdict(list)
		self.enrolments: dict[str, Row] = {}
		self.touched: list[str] = []
		self.over: list[str] = []

	def add(
		self,
		item: ProgrammeSnapshot,
		decision: ProgrammeDecision,
		difference: PlanDiff,
		pathways: Mapping[str, ApprovedPathway],
	) -> None:
		"""Collect what `decision` writes for the patient `item`; `pathways`: what each enrolment follows, by name."""
		names: dict[str, str] = {}
		for one in item.enrolments:
			names[one.key] = self._add_plan(item, one, decision, pathways[one.row.name])
		self._add_tasks(item, difference, names)
		self._add_joins(item, decision, names)

	def write(self) -> list[str]:
		"""Write everything collected; returns the names of the plans."""
		insert_rows(PLAN, self.plans)
		delete_children(PLAN_PATHWAY, self.pathways)
		insert_children(PLAN_PATHWAY, PLAN, "pathways", self.pathways)
		insert_rows(TASK, self.tasks)
		delete_children(SOURCE, self.resourced)
		insert_children(SOURCE, TASK, "sources", self.sources)
		update_rows(TASK, self.task_changes)
		tasks.reopen_tasks(self.reopened)
		tasks.put_off(self.task_changes, self.day)
		for reason, names in self.cancelled.items():
			tasks.cancel_tasks(names, reason)
		update_rows(PLAN, self.plan_changes)
		update_rows(ENROLMENT, self.enrolments)
		if self.touched and tasks.open_due(self.day, plans=self.touched):
			assignment.assign(open_tasks(self.touched), self.day)
		plans.recount(self.touched)
		return self.touched

	def _add_plan(
		self, item: ProgrammeSnapshot, one: Enrolment, decision: ProgrammeDecision, followed: ApprovedPathway
	) -> str:
		row, contacts = one.row, decision.contacts[one.key]
		name = one.plan.name if one.plan else new_names(1)[0]
		values: Row = {
			"risk_tier": item.patient_row.risk_tier or "",
			"anchor_date": row.anchor_date,
			"start_date": row.enrolled_on,
			"end_date": max((contact.expires_on for contact in contacts), default=None),
			"department": row.department,
			"company": row.company,
		}
		if one.plan:
			self.plan_changes[name] = values
		else:
			self.plans.append(
				{
					"name": name,
					"key": one.key,
					"enrolment": row.name,
					"patient": row.patient,
					"patient_name": item.patient_row.patient_name,
					"purpose": "Programme",
					"planned_contacts": 0,
					"completed_contacts": 0,
					"status": "Active",
					"workflow_state": None,
					**state_fields(PLAN, "Active"),
					**values,
				}
			)
		version = followed.pathway.version
		self.pathways[name] = [{"pathway": followed.name, "version": version, "anchor_date": row.anchor_date}]
		self.touched.append(name)
		self.enrolments[row.name] = {"plan": name, "planned_until": decision.planned_until[one.key]}
		if one.key in decision.over:
			self.over.append(row.name)
		return name

	def _add_tasks(self, item: ProgrammeSnapshot, difference: PlanDiff, plans_by_key: dict[str, str]) -> None:
		stored = {row.key: row for one in item.enrolments for row in one.tasks}
		rows = {one.key: one.row for one in item.enrolments}
		for contact in difference.create:
			owner = rows[contact.origins[0].plan]
			name = new_names(1)[0]
			self.tasks.append(
				{
					"name": name,
					"key": contact.key,
					"plan": plans_by_key[contact.origins[0].plan],
					"patient": owner.patient,
					"patient_name": item.patient_row.patient_name,
					"kind": "Planned",
					"status": "Scheduled",
					"step_id": contact.step_id,
					"anchor_date": contact.anchor_date,
					"attempts": 0,
					**self._fields(item, contact, owner.company, owner.department),
				}
			)
			self.sources[name] = _source_rows(contact.origins, plans_by_key)
		for change in (*difference.move, *difference.reopen):
			row = stored[change.task.key]
			owner = rows[change.contact.origins[0].plan]
			self.task_changes[row.name] = {
				**self._fields(item, change.contact, owner.company, owner.department),
				**_heir(change, plans_by_key),
			}
			self.resourced.append(row.name)
			self.sources[row.name] = _source_rows(change.contact.origins, plans_by_key)
		self.reopened += [stored[change.task.key].name for change in difference.reopen]
		for cancellation in difference.cancel:
			self.cancelled[cancellation.reason].append(stored[cancellation.task.key].name)

	def _fields(
		self, item: ProgrammeSnapshot, contact: Contact, company: str | None, department: str | None
	) -> Row:
		tier = item.patient_row.risk_tier or ""
		return {
			**planned_fields(contact),
			"risk_tier": tier,
			"company": company,
			"department": department,
			"priority": priority(
				tier or "Medium", "Planned", contact.due_date, contact.expires_on, self.day, False
			),
		}

	def _add_joins(
		self, item: ProgrammeSnapshot, decision: ProgrammeDecision, plans_by_key: dict[str, str]
	) -> None:
		joins = {join.host: join for join in decision.joins}
		for host in item.hosts:
			row = item.host_rows[host.key]
			if host.key in decision.untouched or host.status not in OPEN_STATUSES:
				continue
			own = [source for source in row.sources if source.plan in (None, "", row.plan)]
			guests = [source for source in row.sources if source not in own]
			join = joins.get(host.key)
			wanted = _source_rows(join.origins, plans_by_key) if join else []
			values = _joined(row, join) if join else _parted(row)
			if values:
				self.task_changes[row.name] = values
			if _places(guests) != _places(wanted):
				self.resourced.append(row.name)
				self.sources[row.name] = [*(_copied(source) for source in own), *wanted]


def _heir(change: Change, plans_by_key: Mapping[str, str]) -> Row:
	"""What a task that goes on as another contact takes from it: that may belong to another programme."""
	contact = change.contact
	if contact.key == change.task.key:
		return {}
	plan = plans_by_key[contact.origins[0].plan]
	return {
		"key": contact.key,
		"plan": plan,
		"step_id": contact.step_id,
		"anchor_date": contact.anchor_date,
	}


def _joined(row: Row, join: Join) -> Row:
	"""What changes in the task `row` by `join`, its own values kept apart; empty when it is all there already."""
	own = before_joining(row) or {name: row[name] for name in JOINED_FIELDS}
	values: Row = {
		"expires_on": join.expires_on,
		"channel": join.channel,
		"role": join.role,
		"topics": ", ".join(join.topics),
		"script": join.script,
		"questionnaire": join.questionnaire,
		"reasons": ", ".join(join.reasons),
		"before_joining": json.dumps(own, default=str, ensure_ascii=False, sort_keys=True),
	}
	if row["planned_channel"]:
		del values["channel"]  # attempts have gone on by another channel
	return values if any((row[name] or None) != (value or None) for name, value in values.items()) else {}


def _parted(row: Row) -> Row:
	"""The task's own values, when nothing joins it any more."""
	own = before_joining(row)
	if not own:
		return {}
	if row["planned_channel"]:
		own.pop("channel", None)
	return {**own, "before_joining": None}


def _source_rows(origins: tuple[Origin, ...], plans_by_key: Mapping[str, str]) -> list[Row]:
	return [
		{
			"source": origin.source,
			"title": origin.title,
			"version": origin.version,
			"step_id": origin.step_id,
			"anchor_date": origin.anchor_date,
			"plan": plans_by_key[origin.plan],
		}
		for origin in origins
	]


def _copied(source: Row) -> Row:
	return {name: source[name] for name in ("source", "title", "version", "step_id", "anchor_date", "plan")}


def _places(rows: list[Row]) -> set[tuple[object, ...]]:
	return {(row["plan"], row["source"], row["version"], row["step_id"], row["anchor_date"]) for row in rows}
