"""What the contacts of a pathway have brought in one plan, and the reactions of the version that the plan follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import cint

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.engine.reactions import Reaction, Result
from hospital_followup.services import queries
from hospital_followup.services.alert_facts import answers_given
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY, SOURCE, STEP, step_ids
from hospital_followup.services.reaction_calls import EXTRA, PLAN_REACTION
from hospital_followup.services.tasks import TASK

LOG, ANSWER, PAGE = "Follow-up Log", "Follow-up Answer", "Follow-up Survey"
TASK_SOURCE = "Follow-up Task Source"
REACTION = "Care Pathway Reaction"
#: Stands before the title of a programme in the sources of a contact.
PROGRAMME = "programme:"
MADE = tuple(outcome for outcome, effect in OUTCOMES.items() if effect.status == "Completed")


@dataclass(frozen=True, slots=True)
class Course:
	"""A pathway as one plan follows it: `source` as its contacts name it, `pathway` the version."""

	plan: str
	source: str
	title: str
	pathway: str


@dataclass(frozen=True, slots=True)
class Made:
	"""A contact that was made, and the log that says what was answered."""

	task: str
	log: str
	on: datetime
	result: Result


def courses_of(task: str) -> list[Course]:
	"""The pathways and programmes that the contact `task` stands for, as the plans follow them that it belongs to."""
	fields = ["source", "title", "plan"]
	sources = frappe.get_all(TASK_SOURCE, filters={"parent": task}, fields=fields, order_by="idx")
	wanted = [row for row in sources if row.source.startswith((SOURCE, PROGRAMME))]
	own = wanted and (frappe.db.get_value(TASK, task, "plan") or _plan_of_extra(task))
	plans = [row.plan or own for row in wanted]
	followed = {plan: _followed(plan) for plan in set(filter(None, plans))}
	return list(
		dict.fromkeys(
			Course(plan, row.source, row.title, followed[plan][row.title])
			for row, plan in zip(wanted, plans, strict=True)
			if plan and row.title in followed[plan]
		)
	)


def reactions_of(pathway: str) -> tuple[tuple[Reaction, ...], dict[str, str]]:
	"""The reactions of one version of a pathway, and by the name of each the words for the staff."""
	fields = ("name", "condition", "step", "in_a_row", "effect", "within_days", "reason")
	rows = queries.children(REACTION, fields, [pathway]).get(pathway, ())
	if not rows:
		return (), {}
	steps = queries.children(STEP, ("step_id", "title"), [pathway]).get(pathway, ())
	return tuple(reaction(row, steps) for row in rows), {row.name: row.reason for row in rows}


def reaction(row: Any, steps: Sequence[Any]) -> Reaction:
	"""The engine's reaction of a row, saved or being edited; `steps` are the rows of the same pathway."""
	after = (own for own, step in zip(step_ids(steps), steps, strict=True) if step.title == row.step)
	return Reaction(
		condition=row.condition or "",
		effect=row.effect,
		steps=frozenset(after) if row.step else frozenset(),
		in_a_row=cint(row.in_a_row) or 1,
		within_days=cint(row.within_days),
		name=row.name or "",
	)


def made(course: Course) -> list[Made]:
	"""The contacts of the pathway that were made in this plan, oldest first.

	A contact counts once, with the latest answers to it: those on the patient's own page, too, from which a person was
	to call. One that was missed is none.
	"""
	steps = _steps_of_tasks(course)
	logs = _logs_of(list(steps))
	answers = queries.children(ANSWER, ("question", "value"), [log.name for log in logs])
	chosen: dict[str, tuple[Any, Mapping[str, Any]]] = {}
	for log in logs:
		given = {
			code: answer.value
			for code, answer in answers_given(log.questionnaire, answers.get(log.name, ())).items()
		}
		if given or log.about not in chosen:
			chosen[log.about] = (log, given)
	found = [
		Made(task, log.name, log.contacted_at, Result(frozenset(steps[task]), given))
		for task, (log, given) in chosen.items()
	]
	return sorted(found, key=lambda one: (one.on, one.log))


def words_for(tasks: Sequence[str]) -> dict[str, str]:
	"""By task the words of the reaction that brought it forward or made it, for those that one did."""
	if not tasks:
		return {}
	rows = frappe.get_all(
		PLAN_REACTION,
		filters={"task": ("in", tasks), "taken_back": 0},
		fields=["task", "reason"],
		order_by="reacted_on, name",
	)
	return {row.task: row.reason for row in rows}


def task_of(log: Any) -> str | None:
	"""The contact that a log is about: its own, else that of the patient's page from which it came."""
	return log.task or frappe.db.get_value(PAGE, {"log": log.name}, "task")


def tasks_of(course: Course) -> list[str]:
	"""Every task of the plan that stands for a contact of the pathway."""
	return sorted(_steps_of_tasks(course))


def _followed(plan: str) -> dict[str, str]:
	"""By title the version that the plan follows; one that has ended in it is not followed."""
	row, pathway = frappe.qb.DocType(PLAN_PATHWAY), frappe.qb.DocType(PATHWAY)
	rows = (
		frappe.qb.from_(row)
		.join(pathway)
		.on(pathway.name == row.pathway)
		.select(pathway.title, pathway.name)
		.where((row.parent == plan) & (row.parenttype == "Follow-up Plan") & row.ended_on.isnull())
		.orderby(row.idx)
		.run()
	)
	return dict(rows)


def _plan_of_extra(task: str) -> str | None:
	return frappe.db.get_value(PLAN_REACTION, {"task": task, "effect": EXTRA}, "parent")


def _steps_of_tasks(course: Course) -> dict[str, set[str]]:
	task, source = frappe.qb.DocType(TASK), frappe.qb.DocType(TASK_SOURCE)
	extra = frappe.get_all(
		PLAN_REACTION, filters={"parent": course.plan, "effect": EXTRA}, pluck="task", order_by="idx"
	)
	# A contact that joined the task of another plan belongs to its own (services.programme_writer).
	without = source.plan.isnull() | (source.plan == "")
	own = (source.plan == course.plan) | (without & (task.plan == course.plan))
	rows = (
		frappe.qb.from_(task)
		.join(source)
		.on(source.parent == task.name)
		.select(task.name, source.step_id)
		.where((source.source == course.source) & (own | task.name.isin(extra) if extra else own))
		.orderby(task.name)
		.run()
	)
	steps: defaultdict[str, set[str]] = defaultdict(set)
	for name, step in rows:
		steps[name].add(step.partition("#")[0])
	return dict(steps)


def _logs_of(tasks: Sequence[str]) -> list[frappe._dict]:
	"""Logs in which one of `tasks` was made or answered for, in the order of the contacts; `about` is the task."""
	if not tasks:
		return []
	pages = frappe.get_all(
		PAGE, filters={"task": ("in", tasks), "log": ("is", "set")}, fields=["log", "task"], order_by="name"
	)
	of_page = {page.log: page.task for page in pages}
	log = frappe.qb.DocType(LOG)
	about = log.task.isin(tasks)
	rows = (
		frappe.qb.from_(log)
		.select(log.name, log.task, log.questionnaire, log.contacted_at)
		.where((about | log.name.isin(list(of_page)) if of_page else about) & log.outcome.isin(MADE))
		.where(log.docstatus == 1)
		.orderby(log.contacted_at)
		.orderby(log.creation)
		.run(as_dict=True)
	)
	for row in rows:
		row.about = row.task or of_page[row.name]
	return rows
