"""What an answer changes in a pathway: after a contact was recorded, and back when its log is cancelled.

The engine says which reaction follows (engine/reactions.py); each one that does something stands in its plan, once per log
and reaction, with what taking it back restores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cint, getdate, now_datetime

from hospital_followup.engine.reactions import END, Reaction, follow
from hospital_followup.services import claims, reaction_effects
from hospital_followup.services.reaction_calls import EXTRA, PLAN_REACTION
from hospital_followup.services.reaction_effects import Done
from hospital_followup.services.reaction_results import (
	LOG,
	MADE,
	Course,
	Made,
	courses_of,
	made,
	reactions_of,
	task_of,
)
from hospital_followup.services.tasks import PLAN
from hospital_followup.services.writer import insert_rows, new_names, set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog
	from hospital_followup.hospital_followup.doctype.follow_up_plan.follow_up_plan import FollowupPlan
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey


def on_log_submitted(doc: FollowupLog) -> None:
	"""A contact of a pathway was made."""
	if doc.task and doc.outcome in MADE:
		react(doc.name, doc.task)


def on_page_answered(page: FollowupSurvey) -> None:
	"""What a patient entered leads to reactions even where a person is to call because of it."""
	if page.log and page.task and not frappe.db.get_value(LOG, page.log, "task"):
		react(page.log, page.task)


def on_log_cancelled(doc: FollowupLog) -> None:
	"""Take back what the log had brought about, where nothing was done since; another answer may take its place."""
	rows = frappe.get_all(
		PLAN_REACTION, filters={"log": doc.name, "taken_back": 0}, fields=["*"], order_by="parent, idx"
	)
	for row in rows:
		if _take_back(row):
			set_values(PLAN_REACTION, [row.name], {"taken_back": 1})
	task = rows and task_of(doc)
	for course in courses_of(task) if task else ():
		latest = next((one for one in reversed(made(course)) if one.task == task), None)
		if latest:
			react(latest.log, task)


def react(log: str, task: str) -> None:
	"""Carry out what the contact `task` brings about in each pathway that it stands for; `log` has the answers.

	Only the latest contact of a pathway brings something about: a late entry of an earlier one does not.
	"""
	claims.lock(task)
	for course in courses_of(task):
		reactions, words = reactions_of(course.pathway)
		results = made(course) if reactions else []
		if not results or results[-1].log != log:
			continue
		found = follow(reactions, [one.result for one in results])
		if found and not frappe.db.exists(PLAN_REACTION, {"key": _key(log, course, found)}):
			done = _carry_out(course, found, words[found.name], task, results[-1])
			if done:
				_note(log, course, found, words[found.name], done)


def keep_rows(doc: FollowupPlan) -> None:
	"""What reactions did, the system alone writes: an old form of the plan takes nothing away, and nobody adds to it."""
	before = doc.get_doc_before_save()
	doc.set("reactions", before.reactions if before else [])


def _carry_out(course: Course, found: Reaction, words: str, task: str, latest: Made) -> Done | None:
	if found.effect == END:
		return reaction_effects.end(course, words)
	return reaction_effects.bring_forward(
		course, found, words, task=task, log=latest.log, made_on=getdate(latest.on)
	)


def _take_back(row: frappe._dict) -> bool:
	if row.effect == EXTRA:
		return reaction_effects.call_off(row.task)
	if row.effect == END:
		return reaction_effects.go_on(row.parent, row.pathway, row.state_before)
	return reaction_effects.put_back(row.task, row.to_date, row.state_before)


def _note(log: str, course: Course, found: Reaction, words: str, done: Done) -> None:
	"""The reaction as a row of its plan; `modified` stays, so that nobody's open form is refused."""
	count = frappe.db.count(PLAN_REACTION, {"parent": course.plan})
	row = {
		"name": new_names(1)[0],
		"parent": course.plan,
		"parenttype": PLAN,
		"parentfield": "reactions",
		"idx": cint(count) + 1,
		"reacted_on": now_datetime(),
		"pathway": course.title,
		"effect": done.effect,
		"reason": words,
		"from_date": done.from_date,
		"to_date": done.to_date,
		"log": log,
		"task": done.task,
		"state_before": done.before,
		"taken_back": 0,
		"key": _key(log, course, found),
	}
	insert_rows(PLAN_REACTION, [row])


def _key(log: str, course: Course, found: Reaction) -> str:
	return f"{log}|{course.plan}|{found.name}"
