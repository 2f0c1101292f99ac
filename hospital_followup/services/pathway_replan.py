"""Taking running plans over to the version of a pathway that is in use: counted first, then done in the background.

Plans keep the version they follow (rules.md, Planning again) until somebody asks for this. What is asked for stands in
the pathway, so that the dispatcher finds it whatever became of the job.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from hospital_followup.exceptions import InvalidValueError, PlanningError
from hospital_followup.services import care_pathways, planning, wake
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import decide
from hospital_followup.services.plans import OPEN_PLANS
from hospital_followup.services.preview import as_shown
from hospital_followup.services.runs import Run
from hospital_followup.services.snapshot import read_discharges
from hospital_followup.services.writer import chunks, set_values

PLAN, DISCHARGE = "Follow-up Plan", "Patient Discharge"
#: A job that has not begun by then was lost; the dispatcher does its work.
LOST_AFTER = timedelta(minutes=10)
#: Few enough that a person who stops the run is heard soon.
AT_ONCE = 100


def behind(pathway: str) -> list[str]:
	"""Discharges whose running plan follows another version of the pathway than this one."""
	plan, row, version = (frappe.qb.DocType(name) for name in (PLAN, PLAN_PATHWAY, PATHWAY))
	title = frappe.db.get_value(PATHWAY, pathway, "title")
	return (
		frappe.qb.from_(plan)
		.join(row)
		.on((row.parent == plan.name) & (row.parenttype == PLAN))
		.join(version)
		.on(version.name == row.pathway)
		.select(plan.discharge)
		.distinct()
		.where((version.title == title) & (version.name != pathway) & row.ended_on.isnull())
		.where(plan.status.isin(OPEN_PLANS) & (plan.purpose == "Discharge") & plan.discharge.isnotnull())
		.orderby(plan.discharge)
		.run(pluck=True)
	)


def preview(pathway: str) -> dict[str, int]:
	"""What taking over would do: `plans` and `changed` plans, and contacts to create, move, cancel; nothing is written.

	`failed`: plans that cannot be planned again as things stand.
	"""
	title = _in_use(pathway)
	counts: Counter[str] = Counter(
		dict.fromkeys(("plans", "changed", "create", "move", "cancel", "failed"), 0)
	)
	configuration, day = Configuration(), getdate(today())
	for part in chunks(behind(pathway), planning.CHUNK):
		for item in read_discharges(part, lock=False):
			counts["plans"] += 1
			try:
				found = as_shown(decide(item, configuration, day, newest=(title,)))
			except PlanningError:
				counts["failed"] += 1
				continue
			counts["changed"] += found["changed"]
			counts.update(_counted(change) for change in found["changes"] if change["action"] != "keep")
	return dict(counts)


def ask(pathway: str) -> None:
	"""Have the running plans taken over, after the commit."""
	_in_use(pathway)
	frappe.db.set_value(PATHWAY, pathway, "replan_asked_on", now_datetime())
	wake.replan_pathways_after_commit()


def asked(now: datetime) -> list[str]:
	"""Pathways whose plans somebody asked to be taken over until `now`."""
	version = frappe.qb.DocType(PATHWAY)
	query = frappe.qb.from_(version).select(version.name).where(version.replan_asked_on <= now)
	return query.orderby(version.replan_asked_on).orderby(version.name).run(pluck=True)


def replan_asked(record: Run, now: datetime) -> None:
	"""Take over the plans of every pathway in `asked`. A run that a person stops is done with its pathway."""
	for pathway in asked(now):
		version = frappe.db.get_value(PATHWAY, pathway, ["title", "status"], as_dict=True)
		if version.status == "Approved":
			names = behind(pathway)
			record.total += len(names)
			record.each(DISCHARGE, names, partial(_part, record, version.title), size=AT_ONCE)
		done = {"replan_asked_on": None}
		record.transaction(partial(set_values, PATHWAY, [pathway], done))
		if record.stopped:
			return


def _part(record: Run, title: str, names: list[str]) -> None:
	result = planning.plan_discharges(names, cause="pathway_replanned", newest=(title,))
	for name, code in result.failed:
		record.failed(code, DISCHARGE, name)
	record.done(len(names) - len(result.failed))


def _in_use(pathway: str) -> str:
	"""The title of a pathway that is the newest version in use; raises InvalidValueError for any other."""
	for one in care_pathways.approved():
		if one.name == pathway:
			return one.pathway.title
	frappe.throw(
		_("{0} is not the version in use. Open the approved version and plan again from there.").format(
			frappe.bold(pathway)
		),
		InvalidValueError,
		title=_("Pathway Not in Use"),
	)


def _counted(change: dict[str, Any]) -> str:
	return "create" if change["action"] == "reopen" else change["action"]
