"""Taking running plans over to the version of a pathway that is in use: counted first, then done in the background.

Plans keep the version they follow (rules.md, Planning again) until somebody asks for this. What is asked for stands in
the pathway, so that the dispatcher finds it whatever became of the job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from hospital_followup.exceptions import InvalidValueError, PlanningError
from hospital_followup.services import planning, wake
from hospital_followup.services.care_pathways import PATHWAY, PLAN_PATHWAY
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import Decision, decide
from hospital_followup.services.plans import OPEN_PLANS
from hospital_followup.services.preview import as_shown
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.runs import Run
from hospital_followup.services.snapshot import DischargeSnapshot, read_discharges
from hospital_followup.services.writer import chunks, set_values

PLAN, DISCHARGE = "Follow-up Plan", "Patient Discharge"
#: A job that has not been heard of for so long was lost; the dispatcher sees to its work.
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
		counts.update(_counted(part, partial(decide, configuration=configuration, day=day, newest=(title,))))
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
		_replan(record, pathway)
		if record.stopped:
			return


def catch_up(record: Run, now: datetime) -> None:
	"""Do what a lost job has left where it is little; for more another job is woken, since the dispatcher has other work."""
	for pathway in asked(now - LOST_AFTER):
		if len(behind(pathway)) > AT_ONCE:
			wake.replan_pathways_after_commit()
			continue
		_replan(record, pathway)
		if record.stopped:
			return


def take_over(record: Run, pathway: str, names: list[str]) -> None:
	"""Plan the discharges `names` again with the version `pathway`, and note with it that this is going on."""
	title = frappe.db.get_value(PATHWAY, pathway, "title")
	result = planning.plan_discharges(names, cause="pathway_replanned", newest=(title,))
	for name, code in result.failed:
		record.failed(code, DISCHARGE, name)
	record.done(len(names) - len(result.failed))
	set_values(PATHWAY, [pathway], {"replan_asked_on": now_datetime()})


def _replan(record: Run, pathway: str) -> None:
	if frappe.db.get_value(PATHWAY, pathway, "status") == "Approved":
		names = behind(pathway)
		record.total += len(names)
		record.each(DISCHARGE, names, partial(take_over, record, pathway), size=AT_ONCE)
	record.transaction(partial(set_values, PATHWAY, [pathway], {"replan_asked_on": None}))


def _in_use(pathway: str) -> str:
	"""The title of a pathway that is in use; raises InvalidValueError for any other."""
	version = frappe.db.get_value(PATHWAY, pathway, ["title", "status"], as_dict=True)
	if version and version.status == "Approved":
		return version.title
	frappe.throw(
		_("{0} is not the version in use. Open the approved version and plan again from there.").format(
			frappe.bold(pathway)
		),
		InvalidValueError,
		title=_("Pathway Not in Use"),
	)


def _counted(names: list[str], decided: Callable[[DischargeSnapshot], Decision]) -> Counter[str]:
	"""What `preview` counts for the discharges `names`; when they cannot be read, each on its own, so that one broken
	record hides no other."""
	try:
		return sum((_changes(item, decided) for item in read_discharges(names, lock=False)), Counter())
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
	if len(names) == 1:
		return Counter(plans=1, failed=1)
	return sum((_counted([name], decided) for name in names), Counter())


def _changes(item: DischargeSnapshot, decided: Callable[[DischargeSnapshot], Decision]) -> Counter[str]:
	try:
		found = as_shown(decided(item))
	except PlanningError:
		return Counter(plans=1, failed=1)
	actions = Counter(change["action"] for change in found["changes"])
	create = actions["create"] + actions["reopen"]
	return Counter(
		plans=1, changed=found["changed"], create=create, move=actions["move"], cancel=actions["cancel"]
	)
