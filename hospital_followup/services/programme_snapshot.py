"""Reading: everything that planning the programmes of some patients needs, in a number of queries that does not depend on
how many patients they are.

Plans, tasks, then enrolments are locked, by name: a lock on a range would hold up the planning of other patients. The
order is that of planning a discharge, which comes to the programmes of its patient last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate

from hospital_followup.channels.registry import registered
from hospital_followup.engine.decisions import ExistingTask
from hospital_followup.engine.facts import PatientFacts
from hospital_followup.engine.names import DONE_STATUSES, OPEN_STATUSES
from hospital_followup.exceptions import ConcurrentWriteError
from hospital_followup.services import queries
from hospital_followup.services.facts import existing_task, patient_facts
from hospital_followup.services.programme_status import ENROLMENT
from hospital_followup.services.snapshot import (
	PATIENT,
	PATIENT_FIELDS,
	PLAN,
	TASK,
	TASK_FIELDS,
	VALUE,
	with_sources,
)

FIELDS = (
	*("name", "patient", "patient_name", "pathway", "anchor_date", "enrolled_on", "status", "plan"),
	*("planned_until", "department", "company"),
)
PLAN_FIELDS = ("name", "patient", "status", "purpose", "enrolment")
#: Completed contacts further back cannot meet any seven days that are still planned.
LOOKS_BACK = timedelta(days=7)


@dataclass(slots=True)
class Enrolment:
	"""One active enrolment with the tasks of its plan; `plan` None: it has none yet."""

	row: frappe._dict
	plan: frappe._dict | None
	tasks: list[frappe._dict]

	@property
	def key(self) -> str:
		return plan_key(self.row.name)


@dataclass(slots=True)
class ProgrammeSnapshot:
	"""The programmes of one patient and what stands around them."""

	patient_row: frappe._dict
	patient: PatientFacts
	value_tier: str
	enrolments: list[Enrolment]
	#: Open tasks of other plans as those plans want them, and the rows that they are stored as.
	hosts: list[ExistingTask] = field(default_factory=list)
	host_rows: dict[str, frappe._dict] = field(default_factory=dict)
	#: Tasks of other plans that are done and stood for a contact of a programme.
	done: list[ExistingTask] = field(default_factory=list)
	taken: list[date] = field(default_factory=list)

	def existing(self) -> list[ExistingTask]:
		"""The tasks of all enrolments, each with the keys of all contacts that it stands for."""
		keys = self.keys_by_plan()
		own = [with_guests(row, keys) for one in self.enrolments for row in one.tasks]
		return [*own, *self.done]

	def keys_by_plan(self) -> dict[str, str]:
		return {one.plan.name: one.key for one in self.enrolments if one.plan}


def plan_key(enrolment: str) -> str:
	"""The unique key of a programme's plan (model.md: enrolment + purpose)."""
	return f"{enrolment}|Programme"


def read_programmes(patients: Sequence[str], today: date) -> list[ProgrammeSnapshot]:
	"""Everything about the programmes of `patients`, those without an active enrolment included: theirs make room."""
	enrolments = _enrolments(patients)
	plans = {row.name: row for row in queries.select(PLAN, PLAN_FIELDS, "patient", patients)}
	own = {row.plan for row in enrolments if row.plan}
	_lock_plans(plans, own)
	tasks = with_sources(queries.select(TASK, TASK_FIELDS, "plan", sorted(own), lock=True))
	own_tasks = queries.group((row for row in tasks if row.kind == "Planned"), "plan")
	around = queries.group(_around(plans, own, today), "patient")
	enrolments = _locked(enrolments)
	rows = {row.name: row for row in queries.select(PATIENT, PATIENT_FIELDS, "name", patients)}
	values = {
		row.patient: row.value_tier
		for row in queries.select(VALUE, ("patient", "value_tier"), "patient", patients)
	}
	consents = queries.group(queries.consents(patients), "patient")
	settings, channels = frappe.get_cached_doc("Follow-up Settings"), registered()
	by_patient = queries.group(enrolments, "patient")
	found = []
	for name in sorted(set(patients)):
		item = ProgrammeSnapshot(
			rows[name],
			patient_facts(rows[name], consents.get(name, ()), settings, channels),
			values.get(name) or "Medium",
			[
				Enrolment(row, plans.get(row.plan), own_tasks.get(row.plan, []))
				for row in by_patient.get(name, ())
			],
		)
		_sort_in(item, around.get(name, ()), plans)
		found.append(item)
	return found


def with_guests(row: frappe._dict, keys: dict[str, str]) -> ExistingTask:
	"""A task with the keys of all contacts that it stands for, those of the programmes `keys` (by plan) among them."""
	task = existing_task(row, keys.get(row.plan, row.plan))
	joined = (
		f"{keys[item.plan]}|{item.source}|{item.step_id}|{item.anchor_date}"
		for item in row.sources
		if item.plan in keys and item.plan != row.plan
	)
	# A task of a programme lists what it stands for; the task of another plan keeps its own sources apart.
	sources = tuple(item.source for item in row.sources) if row.plan in keys else task.sources
	return replace(task, covers=(*task.covers, *joined), sources=sources)


def _sort_in(item: ProgrammeSnapshot, around: Iterable[frappe._dict], plans: dict[str, frappe._dict]) -> None:
	keys = item.keys_by_plan()
	for row in around:
		task = with_guests(row, keys)
		plan = plans.get(row.plan)
		if row.status in OPEN_STATUSES:
			if plan and plan.status == "Active" and plan.purpose != "Programme":
				item.hosts.append(task)
				item.host_rows[row.key] = row
		elif any(source.plan in keys for source in row.sources):
			item.done.append(task)
		elif row.status == "Completed":
			item.taken.append(getdate(row.completed_on or row.due_date))


def _enrolments(patients: Sequence[str]) -> list[frappe._dict]:
	enrolment = frappe.qb.DocType(ENROLMENT)
	query = (
		frappe.qb.from_(enrolment)
		.select(enrolment.name, enrolment.plan)
		.where(enrolment.patient.isin(list(patients)) & (enrolment.status == "Active"))
		.orderby(enrolment.name)
	)
	return query.run(as_dict=True)


def _lock_plans(plans: dict[str, frappe._dict], own: set[str]) -> None:
	"""First the plans whose tasks may be hosts, as planning a discharge begins with them, then the programmes' `own`."""
	hosts = [row.name for row in plans.values() if row.status == "Active" and row.purpose != "Programme"]
	for names in (hosts, own):
		queries.select(PLAN, ("name",), "name", sorted(names), lock=True)


def _locked(enrolments: Sequence[frappe._dict]) -> list[frappe._dict]:
	"""Those of `enrolments` that are still active, as they are by now. Raises ConcurrentWriteError on another plan."""
	plans = {row.name: row.plan for row in enrolments}
	rows = queries.select(ENROLMENT, FIELDS, "name", plans, lock=True)
	active = [row for row in rows if row.status == "Active"]
	if any(row.plan != plans[row.name] for row in active):
		raise ConcurrentWriteError(_("The same record is being written elsewhere. Please try again."))
	return active


def _around(plans: dict[str, frappe._dict], own: set[str], today: date) -> list[frappe._dict]:
	"""Tasks of other plans: the open ones, those done lately, and those done that stood for a programme's contact."""
	others = [name for name in plans if name not in own]
	task, source = frappe.qb.DocType(TASK), frappe.qb.DocType("Follow-up Task Source")
	names: set[str] = set()
	if others:
		lately = (task.status == "Completed") & (task.completed_on >= today - LOOKS_BACK)
		names |= set(
			frappe.qb.from_(task)
			.select(task.name)
			.where(task.plan.isin(others) & (task.kind == "Planned"))
			.where((task.status.isin(sorted(OPEN_STATUSES)) & (task.on_hold == 0)) | lately)
			.run(pluck=True)
		)
	if own:
		names |= set(
			frappe.qb.from_(source)
			.join(task)
			.on(task.name == source.parent)
			.select(task.name)
			.where(source.plan.isin(sorted(own)) & task.plan.notin(sorted(own)))
			.where(task.status.isin(sorted(DONE_STATUSES)))
			.run(pluck=True)
		)
	return with_sources(queries.select(TASK, TASK_FIELDS, "name", sorted(names), lock=True))
