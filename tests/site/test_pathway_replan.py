"""A pathway is edited while a hundred plans run: they keep their version until somebody takes them over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, now_datetime, today
from frappe.utils.background_jobs import get_queue

from hospital_followup import jobs
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import dispatch, pathway_replan, plan_pathways, planning, tiers
from hospital_followup.services.runs import run
from hospital_followup.tests import factories
from tests.site.pathway_samples import approved, stay
from tests.site.rights import AD, DR, SP, SV
from tests.stack.rest import Rest
from tests.stack.services import Worker

pytestmark = pytest.mark.commits

PATHWAY, PLAN, TASK = "Care Pathway", "Follow-up Plan", "Follow-up Task"
#: One has its pathway ended; more than the dispatcher does itself are left.
PLANS = pathway_replan.AT_ONCE + 2
FIRST = (
	{"title": "One week", "offset": 1, "offset_unit": "Week", "window_days": 4, "topics": "Guidance"},
	{"title": "One month", "offset": 1, "offset_unit": "Month", "window_days": 5, "topics": "Revisit"},
	{"title": "Two months", "offset": 2, "offset_unit": "Month", "window_days": 5, "topics": "Care"},
)
SHOWN = ("due_date", "opens_on", "expires_on", "channel", "role", "topics")


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


def edited(first: Any) -> Any:
	"""The next version in use: the month becomes five weeks, two months are given up, three are new."""
	doc = frappe.copy_doc(first, ignore_no_copy=False)
	week, month, _two_months = doc.steps
	month.update({"offset": 5, "offset_unit": "Week", "topics": "Revisit, Care"})
	doc.set("steps", [week, month])
	doc.append(
		"steps",
		{
			"title": "Three months",
			"offset": 3,
			"offset_unit": "Month",
			"window_days": 5,
			"topics": "Condition",
		},
	)
	doc.update({"version": 0, "status": "Approved", "sign_off": "Administrator"})
	return doc.insert()


def running(count: int, **values: Any) -> list[str]:
	"""Plans that began on different days, every third with something done."""
	plans = []
	for number in range(count):
		doc = stay(discharge_date=add_days(today(), -(number % 45)), **values)
		plans.append(doc.plan)
		undone = factories.tasks_of(doc.plan, status=("in", ("Scheduled", "Open")))
		if number % 3 == 0:
			values_done = {
				"status": "Completed",
				"completed_on": f"{today()} 09:30:00",
				"outcome": "Reached Patient",
			}
			frappe.db.set_value(TASK, undone[0].name, values_done)
	return plans


def tasks() -> dict[str, Any]:
	rows = frappe.get_all(TASK, fields=["*"], order_by="name")
	return {row.name: row for row in rows}


def versions(plans: list[str]) -> Counter:
	rows = frappe.get_all(
		"Follow-up Plan Pathway", filters={"parent": ("in", plans)}, pluck="version", order_by="name"
	)
	return Counter(rows)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
	live = ("Scheduled", "Open", "In Progress")
	both = [(before[name], row) for name, row in after.items() if name in before]
	changed = [
		(old, new)
		for old, new in both
		if new.status in live and any(old[name] != new[name] for name in SHOWN)
	]
	return {
		"create": len(after)
		- len(both)
		+ sum(old.status == "Cancelled" and new.status in live for old, new in both),
		"move": len(changed),
		"cancel": sum(old.status in live and new.status == "Cancelled" for old, new in both),
	}


def test_edited_while_a_hundred_plans_run(worker: Worker) -> None:
	first = approved(steps=[dict(step) for step in FIRST])
	plans = running(PLANS)
	before = tasks()
	done = {name for name, row in before.items() if row.status == "Completed"}
	assert len(done) > PLANS // 4
	second = edited(first)
	assert frappe.db.get_value(PATHWAY, first.name, "status") == "Retired"
	assert tasks() == before, "putting a version in use changes no running plan"

	# Other plannings of a plan keep its version: a corrected stay, another tier, an added pathway.
	corrected = frappe.get_doc("Patient Discharge", frappe.db.get_value(PLAN, plans[0], "discharge"))
	corrected.append("diagnoses", {"code": "K80.1", "title": "胆囊结石"})
	corrected.save()
	tiers.override_tier(frappe.db.get_value(PLAN, plans[1], "discharge"), "Low", "recovers well")
	other = approved("Blood Pressure", diagnoses=[{"code": "I10"}])
	plan_pathways.add_pathway(plans[2], other.name)
	names = frappe.get_all(
		"Follow-up Plan Pathway", filters={"parent": ("in", plans[:3])}, pluck="pathway", order_by="name"
	)
	assert Counter(names) == {first.name: 3, other.name: 1}
	newcomer = stay()
	assert frappe.get_doc(PLAN, newcomer.plan).pathways[0].pathway == second.name

	# What ended in a plan stays ended, and such a plan is not counted.
	plan_pathways.end_pathway(plans[3], first.title, "wound healed")
	before = tasks()
	preview = pathway_replan.preview(second.name)
	assert tasks() == before
	assert (preview["plans"], preview["failed"]) == (PLANS - 1, 0)
	pathway_replan.ask(second.name)
	frappe.db.commit()  # reason: the worker must see it
	# The job is lost with its queue; the dispatcher finds too much to do before everything else, and wakes another.
	queue = get_queue("long")
	assert len(queue) == 1
	queue.empty()
	with run("dispatch") as record:
		pathway_replan.catch_up(record, add_to_date(now_datetime() + pathway_replan.LOST_AFTER, minutes=1))
	assert tasks() == before and len(pathway_replan.behind(second.name)) == PLANS - 1
	worker.run_until_empty()
	frappe.db.rollback()  # a fresh view of what the worker has committed

	after = tasks()
	assert differences(before, after) == {name: preview[name] for name in ("create", "move", "cancel")}
	assert all(preview[name] for name in ("create", "move", "cancel"))
	for name in done:
		assert after[name] == before[name], "what is done is not touched"
	assert pathway_replan.behind(second.name) == [] == pathway_replan.asked(now_datetime())
	assert versions([*plans, newcomer.plan]) == {1: 2, 2: PLANS}
	ended = [row for row in frappe.get_doc(PLAN, plans[3]).pathways if row.ended_on]
	assert [row.pathway for row in ended] == [first.name]
	record = frappe.get_last_doc("Follow-up Run", {"job": "replan"})
	assert (record.status, record.done, record.failed) == ("Finished", PLANS - 1, 0)

	# Once more: nothing is left to do, and planning any of them again changes nothing.
	pathway_replan.ask(second.name)
	jobs.followup_replan_pathways()
	for plan in plans[:5]:
		planning.replan(plan)
	assert {name: [row[field] for field in SHOWN] for name, row in tasks().items()} == {
		name: [row[field] for field in SHOWN] for name, row in after.items()
	}


def test_what_a_lost_job_left_the_dispatcher_does() -> None:
	first = approved()
	plan = stay().plan
	second = edited_two(first)
	pathway_replan.ask(second.name)
	frappe.db.commit()  # reason: the run begins a transaction of its own
	later = now_datetime() + pathway_replan.LOST_AFTER
	for now, version in ((add_to_date(later, minutes=-2), 1), (add_to_date(later, minutes=1), 2)):
		with run("dispatch") as record:
			dispatch.dispatch(record, now)
		assert versions([plan]) == {version: 1}


def test_what_is_still_being_done_is_not_lost() -> None:
	first = approved()
	plans = [stay().plan for _ in range(2)]
	second = edited_two(first)
	pathway_replan.ask(second.name)
	long_ago = add_to_date(now_datetime(), hours=-2)
	frappe.db.set_value(PATHWAY, second.name, "replan_asked_on", long_ago)
	lost = now_datetime() - pathway_replan.LOST_AFTER
	assert pathway_replan.asked(lost) == [second.name]
	with run("replan") as record:
		pathway_replan.take_over(record, second.name, pathway_replan.behind(second.name)[:1])
	assert versions(plans) == {1: 1, 2: 1}
	assert pathway_replan.asked(lost) == [] and pathway_replan.asked(now_datetime()) == [second.name]


def test_a_broken_record_is_counted_and_hides_no_other() -> None:
	first = approved()
	plans = [stay().plan for _ in range(2)]
	second = edited_two(first)
	broken = frappe.db.get_value(PLAN, plans[0], "discharge")
	frappe.db.set_value("Patient Discharge", broken, "charlson", "many")
	preview = pathway_replan.preview(second.name)
	assert (preview["plans"], preview["failed"], preview["changed"]) == (2, 1, 1)


def edited_two(first: Any) -> Any:
	doc = frappe.copy_doc(first, ignore_no_copy=False)
	doc.set("steps", doc.steps[:1])
	doc.update({"version": 0, "status": "Approved", "sign_off": "Administrator"})
	return doc.insert()


@pytest.mark.parametrize("anchor", ["Birth", "Enrolment", "Expected Delivery"])
def test_what_no_discharge_brings_is_taken_over_too(anchor: str) -> None:
	first = approved(anchor=anchor)
	plan = stay().plan
	plan_pathways.add_pathway(plan, first.name, today())
	second = edited_two(first)
	assert len(pathway_replan.behind(second.name)) == 1
	pathway_replan.ask(second.name)
	jobs.followup_replan_pathways()
	assert [row.pathway for row in frappe.get_doc(PLAN, plan).pathways] == [second.name]
	assert pathway_replan.behind(second.name) == []
	assert pathway_replan.preview(second.name)["plans"] == 0


def test_a_pathway_that_is_retired_meanwhile_takes_nothing_over() -> None:
	first = approved()
	plan = stay().plan
	second = edited_two(first)
	pathway_replan.ask(second.name)
	second.reload()
	second.status = "Retired"
	second.save()
	jobs.followup_replan_pathways()
	assert versions([plan]) == {1: 1} and pathway_replan.asked(now_datetime()) == []
	with pytest.raises(InvalidValueError, match="not the version in use"):
		pathway_replan.preview(second.name)


@pytest.mark.parametrize("role", [SP, DR, SV, AD])
def test_who_may_take_plans_over(rest: Callable[..., Rest], role: str) -> None:
	first = approved()
	plan = stay().plan
	second = edited_two(first)
	client = rest(role)
	path = "hospital_followup.pathway_desk."
	asked = [
		client.call(path + name, pathway=second.name)
		for name in ("plans_behind", "preview_replan", "replan_running_plans")
	]
	if role != AD:
		assert [answer.status_code for answer in asked] == [403] * 3
		return
	behind, preview, _done = (answer.json().get("message") for answer in asked)
	assert behind == 1 and (preview["plans"], preview["cancel"]) == (1, 1)
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert pathway_replan.asked(now_datetime()) == [second.name]
	assert versions([plan]) == {1: 1}
