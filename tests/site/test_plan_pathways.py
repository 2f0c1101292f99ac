"""A pathway is added to one plan or ended in it: what is shown is what is done, and every later planning keeps to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.exceptions import FollowupError, InvalidValueError, PlanTransitionError
from hospital_followup.services import plan_pathways, planning, plans, tiers
from hospital_followup.services.overview import plan_overview
from hospital_followup.tests import factories
from tests.site.pathway_samples import approved, expected, sources, stay
from tests.site.programme_samples import enrolled
from tests.stack.users import make_user

FITTING, OTHER = "After Cholecystectomy", "Blood Pressure"
UNDONE = {"status": ("in", ("Scheduled", "Open"))}
SHOWN = ("due_date", "opens_on", "expires_on", "channel", "role")
STATUS_AFTER = {"create": ("Scheduled", "Open"), "reopen": ("Scheduled", "Open"), "cancel": ("Cancelled",)}


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


def for_others(title: str = OTHER, **values: Any) -> Any:
	"""A pathway whose criteria the patient does not meet; its first contact falls together with the policy's first."""
	steps = [
		{"title": "First", "offset": 1, "window_days": 3, "topics": "Guidance"},
		{
			"title": "Forty days",
			"offset": 40,
			"window_days": 3,
			"topics": "Care",
			"revisit_after_days": "3",
		},
	]
	return approved(title, **{"diagnoses": [{"code": "I10"}], "steps": steps, **values})


def tasks_by_key(plan: str) -> dict[str, Any]:
	rows = frappe.get_all(
		"Follow-up Task",
		filters={"plan": plan},
		fields=["name", "key", "status", "topics", "assigned_to", *SHOWN],
		order_by="name",
	)
	return {row.name: row for row in rows}


def open_days(plan: str) -> list[Any]:
	return [task.due_date for task in factories.tasks_of(plan, status=("in", ("Scheduled", "Open")))]


def shown(preview: dict[str, Any]) -> Counter:
	"""The contacts that there are to be according to a preview: kept, made, moved and opened again."""
	rows = [
		row for row in preview["changes"] if row["action"] != "cancel" and row.get("status") != "Cancelled"
	]
	return Counter((*(str(row[field]) for field in SHOWN), ", ".join(row["topics"])) for row in rows)


def there(plan: str) -> Counter:
	rows = (row for row in tasks_by_key(plan).values() if row.status != "Cancelled")
	return Counter((*(str(row[field]) for field in SHOWN), row.topics) for row in rows)


def rows_of(plan: str) -> dict[str, Any]:
	return {row.pathway: row for row in frappe.get_doc("Follow-up Plan", plan).pathways}


def test_what_is_shown_is_what_adding_and_ending_do() -> None:
	approved()
	other = for_others()
	plan = stay().plan
	before = there(plan)
	preview = plan_pathways.preview_add(plan, other.name)
	assert there(plan) == before and other.name not in rows_of(plan)
	assert {row["action"] for row in preview["changes"]} >= {"create", "move"}

	plan_pathways.add_pathway(plan, other.name)
	assert there(plan) == shown(preview) != before
	row = rows_of(plan)[other.name]
	assert (row.added_by, row.anchor_date) == (frappe.session.user, preview["anchor_date"])

	preview = plan_pathways.preview_end(plan, OTHER)
	gone = [row["reason"] for row in preview["changes"] if row["action"] == "cancel"]
	assert gone == ["pathway_ended"]
	plan_pathways.end_pathway(plan, OTHER, "no longer needed")
	assert there(plan) == shown(preview) == before
	row = rows_of(plan)[other.name]
	assert (row.ended_by, row.end_reason) == (frappe.session.user, "no longer needed")


def test_a_merged_task_gains_and_loses_one_source_and_stays_the_same_task() -> None:
	plan = stay().plan
	first = factories.tasks_of(plan)[0]
	caller = make_user("Follow-up Doctor")
	frappe.db.set_value("Follow-up Task", first.name, "assigned_to", caller)
	other = for_others()
	plan_pathways.add_pathway(plan, other.name)
	merged = tasks_by_key(plan)[first.name]
	assert sources(plan)[str(merged.due_date)] == [f"pathway:{OTHER}", "policy"]
	assert "Guidance" in merged.topics and merged.assigned_to == caller

	plan_pathways.end_pathway(plan, OTHER, "because")
	task = tasks_by_key(plan)[first.name]
	assert sources(plan)[str(task.due_date)] == ["policy"]
	assert (task.due_date, task.key, task.topics) == (first.due_date, first.key, first.topics)
	assert task.assigned_to == caller
	plan_pathways.take_back(plan, OTHER)
	assert tasks_by_key(plan)[first.name] == merged


def test_done_tasks_are_not_touched() -> None:
	plan = stay().plan
	other = for_others()
	plan_pathways.add_pathway(plan, other.name)
	done = factories.tasks_of(plan)[0].name
	values = {"status": "Completed", "completed_on": f"{today()} 10:00:00"}
	frappe.db.set_value("Follow-up Task", done, values)
	before = frappe.get_doc("Follow-up Task", done).as_dict()
	plan_pathways.end_pathway(plan, OTHER, "because")
	assert frappe.get_doc("Follow-up Task", done).as_dict() == before
	plan_pathways.take_back(plan, OTHER)
	assert frappe.get_doc("Follow-up Task", done).as_dict() == before
	assert len({row.key for row in tasks_by_key(plan).values()}) == len(tasks_by_key(plan))


def test_an_added_pathway_survives_every_planning() -> None:
	other = for_others()
	doc = stay()
	plan_pathways.add_pathway(doc.plan, other.name)
	wanted = open_days(doc.plan)
	planning.replan(doc.plan)
	assert open_days(doc.plan) == wanted
	doc.reload()
	doc.discharge_date = add_days(doc.discharge_date, -1)
	doc.save()
	row = rows_of(doc.plan)[other.name]
	assert row.added_by and row.anchor_date == getdate(doc.discharge_date)
	assert planning.plan_discharges([doc.name], cause="test").unchanged == [doc.name]
	for tier in ("Low", "High"):
		tiers.override_tier(doc.name, tier, "another day, another state")
		assert rows_of(doc.plan)[other.name].added_by
	assert any(f"pathway:{OTHER}" in found for found in sources(doc.plan).values())


def test_an_ended_pathway_stays_away() -> None:
	pathway = approved()
	doc = stay()
	plan_pathways.end_pathway(doc.plan, FITTING, "wound healed")
	assert len(open_days(doc.plan)) == 2
	planning.replan(doc.plan)
	doc.reload()
	doc.append("diagnoses", {"code": "K80.1", "title": "胆囊结石伴胆囊炎"})
	doc.save()
	tiers.override_tier(doc.name, "Low", "recovers well")
	assert rows_of(doc.plan)[pathway.name].end_reason == "wound healed"
	assert not any(f"pathway:{FITTING}" in found for found in sources(doc.plan).values() if len(found) > 1)
	live = factories.tasks_of(doc.plan, status=("!=", "Cancelled"))
	assert all("pathway" not in task.key for task in live)
	assert not plan_pathways.end_pathway(doc.plan, FITTING, "again")


def test_visits_come_and_go_with_the_pathway() -> None:
	other = for_others()
	doc = stay()
	plan_pathways.add_pathway(doc.plan, other.name)
	visit = getdate(add_days(doc.discharge_date, 43))
	assert expected(doc.plan) == [(visit, "Expected", "Care Pathway")]
	plan_pathways.end_pathway(doc.plan, OTHER, "because")
	assert expected(doc.plan) == [(visit, "Cancelled", "Care Pathway")]
	plan_pathways.take_back(doc.plan, OTHER)
	assert expected(doc.plan) == [(visit, "Expected", "Care Pathway")]


def test_taking_back_an_addition_leaves_no_trace() -> None:
	other = for_others()
	plan = stay().plan
	before = there(plan)
	plan_pathways.add_pathway(plan, other.name)
	plan_pathways.take_back(plan, OTHER)
	assert there(plan) == before and other.name not in rows_of(plan)
	with pytest.raises(InvalidValueError, match="Nobody has added"):
		plan_pathways.take_back(plan, OTHER)


def test_the_day_that_it_counts_from_is_asked_for_where_nobody_knows_it() -> None:
	other = for_others(anchor="Surgery")
	plan = stay().plan
	(offer,) = plan_pathways.pathways_of(plan)["offered"]
	assert (offer["pathway"], offer["anchor_date"], offer["fits"]) == (other.name, None, False)
	with pytest.raises(InvalidValueError, match="Enter that day"):
		plan_pathways.preview_add(plan, other.name)
	plan_pathways.add_pathway(plan, other.name, add_days(today(), 3))
	assert rows_of(plan)[other.name].anchor_date == getdate(add_days(today(), 3))
	assert planning.replan(plan).planned
	assert rows_of(plan)[other.name].anchor_date == getdate(add_days(today(), 3))


def test_what_cannot_be_added() -> None:
	fitting, other = approved(), for_others()
	plan = stay().plan
	with pytest.raises(InvalidValueError, match="already"):
		plan_pathways.add_pathway(plan, fitting.name)
	frappe.db.set_value("Care Pathway", other.name, "status", "Retired")
	with pytest.raises(InvalidValueError, match="not approved"):
		plan_pathways.add_pathway(plan, other.name)
	frappe.db.set_value("Care Pathway", other.name, "status", "Approved")
	plans.stop(plan, "because")
	with pytest.raises(PlanTransitionError, match="Take the stop back"):
		plan_pathways.add_pathway(plan, other.name)
	frappe.db.set_value("Follow-up Plan", plan, "purpose", "Programme")
	for call in (plan_pathways.pathways_of, lambda name: plan_pathways.end_pathway(name, FITTING, "because")):
		with pytest.raises(FollowupError, match="enrolled"):
			call(plan)


def test_a_finished_plan_goes_on_with_what_is_added() -> None:
	other = for_others()
	plan = stay().plan
	for task in factories.tasks_of(plan):
		values = {"status": "Completed", "completed_on": f"{today()} 10:00:00"}
		frappe.db.set_value("Follow-up Task", task.name, values)
	plans.complete_finished([plan])
	assert frappe.db.get_value("Follow-up Plan", plan, "status") == "Completed"
	plan_pathways.add_pathway(plan, other.name)
	assert frappe.db.get_value("Follow-up Plan", plan, "status") == "Active"
	plan_pathways.end_pathway(plan, OTHER, "because")
	assert frappe.db.get_value("Follow-up Plan", plan, "status") == "Completed"


def test_an_ended_pathway_can_be_added_again() -> None:
	pathway = approved()
	plan = stay().plan
	before = there(plan)
	plan_pathways.end_pathway(plan, FITTING, "because")
	assert FITTING in {row["title"] for row in plan_pathways.pathways_of(plan)["offered"]}
	plan_pathways.add_pathway(plan, pathway.name)
	assert there(plan) == before
	row = rows_of(plan)[pathway.name]
	assert row.added_by and not row.ended_on
	plan_pathways.take_back(plan, FITTING)
	row = rows_of(plan)[pathway.name]
	assert row.ended_on and row.end_reason == "because", "what stood before the addition stands again"
	assert not any(f"pathway:{FITTING}" in found for found in sources(plan, **UNDONE).values())
	plan_pathways.take_back(plan, FITTING)
	assert there(plan) == before


def test_what_the_patient_follows_as_a_programme_is_offered_as_such() -> None:
	other = for_others(diagnoses=[{"code": "K80"}], anchor="Enrolment")
	doc = stay()
	enrolment = enrolled(doc.patient, other.name)
	(offer,) = plan_pathways.pathways_of(doc.plan)["offered"]
	assert (offer["pathway"], offer["programme"]) == (other.name, True)
	frappe.db.set_value("Programme Enrolment", enrolment.name, "ended_on", add_days(doc.discharge_date, -1))
	(offer,) = plan_pathways.pathways_of(doc.plan)["offered"]
	assert offer["programme"] is False


def test_the_form_names_what_the_plan_follows_now() -> None:
	first, other = approved(), for_others()
	plan = stay().plan
	plan_pathways.add_pathway(plan, other.name)
	plan_pathways.end_pathway(plan, OTHER, "because")
	assert plan_overview(plan)["pathways"] == [{"name": first.name, "status": "Approved"}]
	first.reload()
	first.status = "Retired"
	first.save()
	assert plan_overview(plan)["pathways"] == [{"name": first.name, "status": "Retired"}]


@pytest.mark.parametrize("end", [True, False])
def test_in_a_paused_plan_nothing_leaves_the_pause(end: bool) -> None:
	pathway = for_others()
	plan = stay(discharge_date=add_days(today(), -2)).plan
	plans.pause(plan, "on holiday")
	plan_pathways.add_pathway(plan, pathway.name)
	if end:
		plan_pathways.end_pathway(plan, OTHER, "because")
		plan_pathways.take_back(plan, OTHER)
	held = frappe.get_all(
		"Follow-up Task",
		filters={"plan": plan, "status": ("in", ("Scheduled", "Open"))},
		pluck="on_hold",
		order_by="name",
	)
	assert len(held) == 3 and all(held)
	plans.resume(plan)
	assert frappe.db.count("Follow-up Task", {"plan": plan, "on_hold": 1}) == 0
	assert {str(task.due_date) for task in factories.tasks_of(plan, status="Open")} == {today()}
