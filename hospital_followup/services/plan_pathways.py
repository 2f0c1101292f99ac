"""Adding a pathway to one plan, or ending one in it: what that changes is shown first, then exactly that is done.

What people decide stands in the plan's rows, so that every later planning keeps to it. A row is written, then the
discharge is planned as ever; a preview plans with the row that would be written.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from hospital_followup.engine.pathway import anchor_of, applies
from hospital_followup.exceptions import InvalidValueError, PlanningError, PlanTransitionError
from hospital_followup.services import care_pathways, followed_pathways, planning, reaction_calls
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY, ApprovedPathway
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import ENDED, decide
from hospital_followup.services.facts import split
from hospital_followup.services.followed_pathways import PlanPathways
from hospital_followup.services.preview import as_shown
from hospital_followup.services.snapshot import DischargeSnapshot, read_discharges
from hospital_followup.services.wording import sentence
from hospital_followup.services.writer import Row, insert_rows, new_names

PLAN = "Follow-up Plan"
#: A stopped plan is restored first; a completed one goes on with what is added.
CAN_GROW = ("Draft", "Active", "Paused", "Completed")
NOT_ENDED = {"ended_on": None, "ended_by": None, "end_reason": None}


def pathways_of(plan: str) -> dict[str, list[dict[str, Any]]]:
	"""What the plan follows, what has ended in it, and the approved pathways that could be added.

	`offered` says for each from which day it counts, None where a person has to say so, whether its criteria hold, and
	whether the patient follows it as a programme of its own.
	"""
	item = _read(plan, lock=False)
	shown = {True: [], False: []}
	for title, row in sorted(item.pathways.rows.items()):
		shown[bool(row["ended_on"])].append({**row, "title": title})
	offered = [
		{
			"pathway": one.name,
			"title": title,
			"anchor": one.pathway.anchor,
			"anchor_date": anchor_of(one.pathway, item.facts, item.patient),
			"fits": applies(one.pathway, item.facts, item.patient),
			"programme": title in item.in_programmes,
		}
		for title, one in sorted((one.pathway.title, one) for one in care_pathways.approved())
		if title not in {row["title"] for row in shown[False]}
	]
	return {"followed": shown[False], "ended": shown[True], "offered": offered}


def preview_add(plan: str, pathway: str, anchor_date: date | str | None = None) -> dict[str, Any]:
	"""What adding would do, shaped like `preview.preview_discharge`, with the day that the pathway counts from."""
	item = _read(plan, lock=False)
	row = _added(item, pathway, anchor_date)
	return {**_with(item, row), "anchor_date": row["anchor_date"]}


def add_pathway(plan: str, pathway: str, anchor_date: date | str | None = None) -> str:
	"""Have a plan follow an approved pathway, whatever its criteria, counting from `anchor_date`; its title.

	Without a day the pathway counts from what it says itself. One that had ended in this plan is followed again. Raises
	InvalidValueError when the pathway cannot be added as asked, PlanTransitionError when the plan cannot grow.
	"""
	item = _read(plan, lock=True)
	row = _added(item, pathway, anchor_date)
	title = item.pathways.versions[pathway].pathway.title
	_write(item, title, row, cause="pathway_added")
	return title


def preview_end(plan: str, title: str) -> dict[str, Any]:
	"""What ending would do, shaped like `preview.preview_discharge`."""
	item = _read(plan, lock=False)
	found = _with(item, _ended(item, title, ""))
	calls = [
		{**row, "action": "cancel", "reason": ENDED, "topics": split(row.topics)}
		for row in reaction_calls.coming(plan, title)
	]
	changes = sorted([*found["changes"], *calls], key=lambda row: row["due_date"])
	return {**found, "changed": found["changed"] or bool(calls), "changes": changes}


def end_pathway(plan: str, title: str, reason: str) -> bool:
	"""Have a plan follow the pathway `title` no more, now and after every later planning; False when it does not.

	What is done stays done; a contact that also stands for something else stays for that. A call that a reaction of the
	pathway has made goes with it, unless somebody is making it.
	"""
	item = _read(plan, lock=True)
	if not _follows(item, title):
		return False
	_write(item, title, _ended(item, title, reason), cause="pathway_ended")
	reaction_calls.call_off(plan, title, ENDED)
	return True


def take_back(plan: str, title: str) -> None:
	"""Undo what was decided last about a pathway of a plan: it goes on, it was never added, or it is ended as before."""
	item = _read(plan, lock=True)
	row = item.pathways.rows.get(title)
	if not row or not (row["ended_on"] or row["added_by"]):
		frappe.throw(
			_("Nobody has added {0} to this plan or ended it here.").format(frappe.bold(title)),
			InvalidValueError,
			title=_("Nothing to Take Back"),
		)
	if row["ended_on"]:
		_write(item, title, {**row, **NOT_ENDED}, cause="pathway_taken_back")
		reaction_calls.bring_back(plan, title, ENDED)
		return
	reaction_calls.call_off(plan, title, ENDED)
	if row["ended_by"]:
		_write(item, title, {**row, "ended_on": now_datetime()}, cause="pathway_taken_back")
	else:
		frappe.db.delete(PLAN_PATHWAY, {"name": row["name"]})
		_plan_again(item, cause="pathway_taken_back")


def _read(plan: str, *, lock: bool) -> DischargeSnapshot:
	row = frappe.db.get_value(PLAN, plan, ["purpose", "discharge"], as_dict=True)
	if row.purpose == "Programme" or not row.discharge:
		frappe.throw(
			_(
				"This plan belongs to a programme and follows its one pathway as long as the patient is enrolled. "
				"Open the enrolment to change that."
			),
			PlanTransitionError,
			title=_("Not possible"),
		)
	(item,) = read_discharges([row.discharge], lock=lock)
	if not item.plan or item.plan["name"] != plan:
		frappe.throw(
			_("The discharge is followed up by another plan by now. Open that one."),
			PlanTransitionError,
			title=_("Not possible"),
		)
	if lock:
		# Every planning replaces the rows: those that are committed are written, whatever this transaction saw before.
		rows = followed_pathways.read([{**item.plan, "pathways_chosen": 1}], lock=True)
		item.pathways = rows.get(plan, PlanPathways())
	return item


def _added(item: DischargeSnapshot, pathway: str, anchor_date: date | str | None) -> Row:
	"""The row of a pathway that a person adds; the snapshot knows its version from here on."""
	if item.plan["status"] not in CAN_GROW:
		frappe.throw(
			_("This plan is stopped. Take the stop back first, then add the pathway."),
			PlanTransitionError,
			title=_("Not possible"),
		)
	one = care_pathways.named([pathway]).get(pathway)
	if not one or frappe.db.get_value(PATHWAY, pathway, "status") != "Approved":
		frappe.throw(
			_("{0} is not approved. Choose a pathway that is in use.").format(frappe.bold(pathway)),
			InvalidValueError,
			title=_("Pathway Not in Use"),
		)
	title = one.pathway.title
	row = item.pathways.rows.get(title, {})
	if _follows(item, title):
		frappe.throw(
			_("This plan follows {0} already.").format(frappe.bold(title)),
			InvalidValueError,
			title=_("Nothing to change"),
		)
	item.pathways.versions[pathway] = one
	return {
		"name": row.get("name"),
		"pathway": pathway,
		"version": one.pathway.version,
		"anchor_date": _anchor(item, one, anchor_date),
		"added_by": frappe.session.user,
		"added_on": now_datetime(),
		# Who had ended it, and why, stays with the row for who takes the addition back.
		**{field: row.get(field) for field in NOT_ENDED},
		"ended_on": None,
	}


def _anchor(item: DischargeSnapshot, one: ApprovedPathway, given: date | str | None) -> date:
	day = getdate(given) if given else anchor_of(one.pathway, item.facts, item.patient)
	if day is None:
		frappe.throw(
			_("{0} counts from a day that is not known for this patient ({1}). Enter that day.").format(
				frappe.bold(one.pathway.title), _(one.pathway.anchor)
			),
			InvalidValueError,
			title=_("Day Missing"),
		)
	return day


def _ended(item: DischargeSnapshot, title: str, reason: str) -> Row:
	if not _follows(item, title):
		frappe.throw(
			_("This plan does not follow {0}.").format(frappe.bold(title)),
			InvalidValueError,
			title=_("Nothing to change"),
		)
	ended = {"ended_on": now_datetime(), "ended_by": frappe.session.user, "end_reason": reason}
	return {**item.pathways.rows[title], **ended}


def _follows(item: DischargeSnapshot, title: str) -> bool:
	row = item.pathways.rows.get(title)
	return bool(row) and not row["ended_on"]


def _with(item: DischargeSnapshot, row: Row) -> dict[str, Any]:
	"""What planning decides once `row` stands in the plan."""
	item.pathways.rows[item.pathways.versions[row["pathway"]].pathway.title] = row
	return as_shown(decide(item, Configuration(), getdate(today())))


def _write(item: DischargeSnapshot, title: str, row: Row, *, cause: str) -> None:
	values = {name: value for name, value in row.items() if name not in ("name", "parent")}
	if row["name"]:
		frappe.db.set_value(PLAN_PATHWAY, row["name"], values)
	else:
		place = {"parent": item.plan["name"], "parenttype": PLAN, "parentfield": "pathways"}
		place["idx"] = len(item.pathways.rows) + 1
		insert_rows(PLAN_PATHWAY, [{"name": new_names(1)[0], **place, **values}])
	_plan_again(item, cause=cause)


def _plan_again(item: DischargeSnapshot, *, cause: str) -> None:
	"""A person changed the plan: whoever has it open loads it anew before saving it."""
	frappe.db.set_value(PLAN, item.plan["name"], "pathways_chosen", 1)
	result = planning.plan_discharges([item.row["name"]], cause=cause)
	for _name, code in result.failed:
		frappe.throw(sentence(code), PlanningError, title=_("Not possible"))
