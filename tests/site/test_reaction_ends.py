"""Adaptive pathways: an answer ends a pathway, and the same reactions in a programme without a discharge."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import getdate, today

from hospital_followup.services import plan_pathways, planning, plans, programme_plans, programmes
from hospital_followup.services.programme_writer import JOINED_FIELDS
from hospital_followup.tests import factories
from tests.site import programme_samples
from tests.site.reaction_samples import (
	HEALED,
	HIGH,
	NORMAL,
	PLAN,
	SOONER,
	TASK,
	TITLE,
	call,
	contacts,
	due,
	in_two_weeks,
	pathway,
	questions,
	rows_of,
	stay,
)


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


class TestEnd:
	def test_two_normal_results_in_a_row_end_it(self) -> None:
		pathway({**HEALED, "in_a_row": 2})
		plan = stay()
		first, second, third, *_rest = contacts(plan)
		was = due(third)
		call(first, NORMAL)
		assert due(third) == was and rows_of(plan) == []
		call(second, NORMAL)
		open_tasks = contacts(plan, status=("in", ("Scheduled", "Open", "In Progress")))
		assert open_tasks == []
		(row,) = rows_of(plan)
		assert (row.effect, row.reason, row.pathway) == ("End Pathway", HEALED["reason"], TITLE)
		assert [one.end_reason for one in frappe.get_doc(PLAN, plan.name).pathways] == [HEALED["reason"]]
		left = factories.tasks_of(plan.name, status="Scheduled")
		assert [[row.source for row in frappe.get_doc(TASK, task.name).sources] for task in left] == [
			["policy"]
		]

	def test_the_answer_of_one_contact_only_ends_it_there(self) -> None:
		asks = questions()
		step = {"offset_unit": "Month", "window_days": 5, "questionnaire": asks}
		steps = [{**step, "title": title, "offset": count} for count, title in ((1, "First"), (2, "Healed?"))]
		steps.append({**step, "title": "Last", "offset": 4})
		pathway({**HEALED, "step": "Healed?"}, steps=steps)
		plan = stay()
		first, second, _third = contacts(plan)
		call(first, NORMAL)
		assert rows_of(plan) == []
		call(second, NORMAL)
		assert [row.effect for row in rows_of(plan)] == ["End Pathway"]

	def test_planning_again_leaves_it_ended(self) -> None:
		pathway(HEALED)
		plan = stay()
		call(contacts(plan)[0], NORMAL)
		planning.replan(plan.name)
		assert contacts(plan, status=("in", ("Scheduled", "Open"))) == []

	def test_a_merged_contact_stays_for_what_else_it_is(self) -> None:
		pathway(HEALED)
		pathway({**SOONER, "condition": "systolic > 290"}, title="Second Pathway")
		plan = stay()
		first, second, *_rest = contacts(plan)
		call(first, NORMAL)
		second.reload()
		assert [row.title for row in second.sources] == ["Second Pathway"]
		assert second.status == "Scheduled"

	def test_a_cancelled_log_goes_on_with_it(self) -> None:
		pathway(HEALED)
		plan = stay()
		before = [(task.due_date, task.key) for task in contacts(plan)]
		log = call(contacts(plan)[0], NORMAL)
		assert contacts(plan, status=("in", ("Scheduled", "Open"))) == []
		log.cancel()
		undone = contacts(plan, status=("in", ("Scheduled", "Open")))
		assert [(task.due_date, task.key) for task in undone] == before
		assert [row.taken_back for row in rows_of(plan)] == [1]

	def test_what_a_person_decided_since_stays(self) -> None:
		pathway(HEALED)
		plan = stay()
		first = contacts(plan)[0]
		log = call(first, NORMAL)
		plan_pathways.take_back(plan.name, TITLE)
		assert plan_pathways.end_pathway(plan.name, TITLE, "Not needed")
		log.cancel()
		undone = contacts(plan, status=("in", ("Scheduled", "Open")))
		assert [task.name for task in undone] == [first.name]
		assert [row.taken_back for row in rows_of(plan)] == [0]


class TestItsOwnCall:
	"""A call that a reaction has made goes the way of what asked for it, until somebody has begun with it."""

	def asked(self) -> tuple[Any, Any]:
		pathway(count=1)
		plan = stay()
		call(contacts(plan)[0], HIGH)
		(row,) = rows_of(plan)
		assert row.effect == "Extra Contact"
		return plan, frappe.get_doc(TASK, row.task)

	def state(self, task: Any) -> tuple[str, str | None, int]:
		return frappe.db.get_value(TASK, task.name, ["status", "status_reason", "on_hold"])

	def test_the_pathway_ends_and_goes_on(self) -> None:
		plan, own = self.asked()
		shown = plan_pathways.preview_end(plan.name, TITLE)
		assert [
			(row["action"], row["due_date"], row["reason"])
			for row in shown["changes"]
			if row["action"] == "cancel"
		] == [("cancel", own.due_date, "pathway_ended")]
		assert shown["changed"] and self.state(own)[0] == "Scheduled"
		plan_pathways.end_pathway(plan.name, TITLE, "Goes to another clinic")
		assert self.state(own)[:2] == ("Cancelled", "pathway_ended")
		plan_pathways.take_back(plan.name, TITLE)
		assert self.state(own)[0] == "Scheduled"

	def test_in_a_paused_plan_it_comes_back_to_the_pause(self) -> None:
		plan, own = self.asked()
		plan_pathways.end_pathway(plan.name, TITLE, "Goes to another clinic")
		frappe.db.set_value(PLAN, plan.name, "status", "Active")
		plans.pause(plan.name, "Abroad")
		plan_pathways.take_back(plan.name, TITLE)
		assert self.state(own) == ("Scheduled", None, 1)
		plans.resume(plan.name)
		assert self.state(own) == ("Scheduled", None, 0)

	def test_the_plan_stops_and_is_restored(self) -> None:
		plan, own = self.asked()
		frappe.db.set_value(PLAN, plan.name, "status", "Active")
		plans.stop(plan.name, "Wrong person")
		assert self.state(own)[:2] == ("Cancelled", "Wrong person")
		plans.undo_stop(plan.name)
		assert self.state(own)[0] == "Scheduled"

	def test_what_is_being_made_goes_on(self) -> None:
		plan, own = self.asked()
		frappe.db.set_value(TASK, own.name, "status", "In Progress")
		assert not plan_pathways.preview_end(plan.name, TITLE)["changed"]
		plan_pathways.end_pathway(plan.name, TITLE, "Goes to another clinic")
		assert self.state(own)[0] == "In Progress"

	@pytest.mark.parametrize("how", [programmes.leave, programmes.finish])
	def test_the_programme_ends(self, how: Any) -> None:
		doc = pathway(anchor="Enrolment", diagnoses=[], count=1)
		enrolment = programme_samples.enrolled(factories.patient().name, doc.name)
		plan = frappe.get_doc(PLAN, {"enrolment": enrolment.name})
		call(contacts(plan)[0], HIGH)
		(row,) = rows_of(plan)
		how(enrolment.name, "Goes to another clinic")
		assert self.state(frappe.get_doc(TASK, row.task))[:2] == ("Cancelled", "Goes to another clinic")


class TestProgramme:
	"""The same for a pathway in which the patient is enrolled, without a discharge."""

	def enrolled(self, *rows: dict[str, Any], **values: Any) -> tuple[Any, list[Any]]:
		doc = pathway(*rows, anchor="Enrolment", diagnoses=[], **values)
		enrolment = programme_samples.enrolled(factories.patient().name, doc.name)
		return enrolment, contacts(frappe.get_doc(PLAN, {"enrolment": enrolment.name}))

	def test_the_next_contact_comes_forward_and_stays_there(self) -> None:
		enrolment, (first, second, *_rest) = self.enrolled()
		call(first, HIGH)
		assert due(second) == in_two_weeks()
		programme_plans.plan_patients([enrolment.patient])
		second.reload()
		assert (second.due_date, second.status) == (in_two_weeks(), "Scheduled")
		assert "brought_forward" in second.reasons

	def test_beyond_the_horizon_a_call_of_its_own_is_made(self) -> None:
		step = {"title": "Year", "offset_unit": "Month", "questionnaire": questions()}
		enrolment, (only,) = self.enrolled(steps=[{**step, "offset": 1}, {**step, "offset": 13}])
		call(only, HIGH)
		(row,) = rows_of(frappe.get_doc(PLAN, {"enrolment": enrolment.name}))
		assert (row.effect, row.to_date) == ("Extra Contact", in_two_weeks())
		programme_plans.plan_patients([enrolment.patient])
		assert frappe.db.get_value(TASK, row.task, "status") == "Scheduled"

	def test_normal_results_finish_it_and_a_cancelled_log_resumes_it(self) -> None:
		enrolment, (first, second, *_rest) = self.enrolled(HEALED)
		log = call(first, NORMAL)
		enrolment.reload()
		assert (enrolment.status, enrolment.status_reason) == ("Finished", HEALED["reason"])
		assert frappe.db.get_value(TASK, second.name, "status") == "Cancelled"
		log.cancel()
		enrolment.reload()
		assert enrolment.status == "Active"
		assert frappe.db.get_value(TASK, second.name, "status") == "Scheduled"

	def test_who_joined_since_leaves_a_contact_as_it_was(self) -> None:
		"""Brought forward alone, joined by a programme, put back: what the guest wanted is the guest's to take along."""
		pathway(title="Of the Discharge")
		plan = stay()
		first, host, *_rest = contacts(plan, title="Of the Discharge")
		was = {field: host.get(field) for field in (*JOINED_FIELDS, "due_date", "opens_on", "pinned")}
		log = call(first, HIGH)
		days = (due(host) - getdate(today())).days
		step = {"topics": "Revisit", "role": "Follow-up Doctor", "channel": "Home Visit"}
		guest = programme_samples.after_days(days, **step)
		enrolment = programme_samples.enrolled(plan.patient, guest)
		assert programme_samples.guests_of(host.name) and host.reload().before_joining
		log.cancel()
		programmes.leave(enrolment.name, "Moved away")
		host.reload()
		assert {field: host.get(field) for field in was} == was
		assert not host.before_joining and not programme_samples.guests_of(host.name)

	def test_a_guest_in_the_contact_of_a_discharge_leaves_it_where_it_is(self) -> None:
		pathway({**SOONER, "condition": "systolic > 290"}, title="Of the Discharge")
		plan = stay(days=0)
		doc = pathway(anchor="Enrolment", diagnoses=[])
		enrolment = programme_samples.enrolled(plan.patient, doc.name)
		own = frappe.get_doc(PLAN, {"enrolment": enrolment.name})
		first, second, *_rest = contacts(plan, title="Of the Discharge")
		assert own.name in [row.plan for row in first.sources]
		assert own.name in [row.plan for row in second.sources]
		was = second.due_date
		call(first, HIGH)
		assert due(second) == was
		assert [row.effect for row in rows_of(own)] == ["Extra Contact"]
		assert rows_of(plan) == []
