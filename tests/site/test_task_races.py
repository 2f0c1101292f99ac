"""Two people at the same moment, through the live server: one patient is held by one person, no attempt is lost."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.tests import factories as make
from tests.stack.rest import Rest
from tests.support.together import at_once

TASK = "Follow-up Task"
API = "hospital_followup.api."

pytestmark = pytest.mark.commits


@pytest.fixture
def people(rest) -> list[Rest]:
	return [rest("Follow-up Specialist") for _number in range(4)]


def saved(*tasks) -> None:
	frappe.db.commit()  # reason: the server must see them


def row(task) -> frappe._dict:
	frappe.db.rollback()
	return frappe.db.get_value(TASK, task.name, "*", as_dict=True)


def test_of_four_claims_at_once_one_wins(people: list[Rest]) -> None:
	task = make.task(make.plan())
	saved(task)
	answers = at_once(
		*[lambda person=person: person.call(API + "claim_task", task=task.name) for person in people]
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	refusals = [answer.text for answer in answers if answer.status_code != 200]
	assert all("TaskClaimedError" in text and "on the phone" in text for text in refusals)
	assert row(task).status == "In Progress"


def test_one_patient_is_held_by_one_person_across_tasks(people: list[Rest]) -> None:
	plan = make.plan()
	tasks = [make.task(plan) for _person in people]
	saved(*tasks)
	answers = at_once(
		*[
			lambda person=person, task=task: person.call(API + "claim_task", task=task.name)
			for person, task in zip(people, tasks, strict=True)
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	assert frappe.db.count(TASK, {"plan": plan.name, "status": "In Progress"}) == 1


def test_two_attempts_at_once_are_both_counted(people: list[Rest]) -> None:
	task = make.task(make.plan())
	saved(task)
	answers = at_once(
		*[
			lambda person=person: person.call(API + "log_attempt", task=task.name, outcome="No Answer")
			for person in people[:2]
		]
	)
	assert [answer.status_code for answer in answers] == [200, 200]
	assert row(task).attempts == 2
	assert frappe.db.count("Follow-up Log", {"task": task.name, "docstatus": 1}) == 2


def test_reached_twice_at_once_is_one_completion(people: list[Rest]) -> None:
	plan = make.plan()
	task = make.task(plan)
	saved(task)
	answers = at_once(
		*[
			lambda person=person: person.call(API + "log_attempt", task=task.name, outcome="Reached Patient")
			for person in people
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	assert (row(task).status, row(task).attempts) == ("Completed", 1)
	assert frappe.db.get_value("Follow-up Plan", plan.name, ["status", "completed_contacts"]) == (
		"Completed",
		1,
	)


def test_logging_and_skipping_at_once_end_in_one_state(people: list[Rest]) -> None:
	task = make.task(make.plan())
	saved(task)
	log, skip = at_once(
		lambda: people[0].call(API + "log_attempt", task=task.name, outcome="Reached Patient"),
		lambda: people[1].call(API + "skip_task", task=task.name, reason="moved away"),
	)
	assert sorted([log.status_code, skip.status_code]) == [200, 417]
	assert row(task).status == ("Completed" if log.status_code == 200 else "Skipped")


def test_the_last_two_contacts_of_a_plan_at_once_complete_it(people: list[Rest]) -> None:
	plan = make.plan(planned_contacts=4)
	tasks = [make.task(plan) for _person in people]
	saved(*tasks)
	answers = at_once(
		*[
			lambda person=person, task=task: person.call(
				API + "log_attempt", task=task.name, outcome="Reached Patient"
			)
			for person, task in zip(people, tasks, strict=True)
		]
	)
	assert [answer.status_code for answer in answers] == [200] * 4
	frappe.db.rollback()
	assert frappe.db.get_value("Follow-up Plan", plan.name, ["status", "completed_contacts"]) == (
		"Completed",
		4,
	)
