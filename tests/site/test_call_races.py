"""Calls at the same moment, through the live server: one caller, one draft, one alert, and nothing typed is lost."""

from __future__ import annotations

import json

import frappe
import pytest

from tests.site.call_samples import ALERT, LOG, contact, drafts, questionnaire, row
from tests.site.test_task_races import at_once, saved
from tests.stack.rest import Rest
from tests.support.processes import Program, kill_leftovers  # noqa: F401 (a fixture)

API = "hospital_followup.call_api."

RAISING = """
	import time
	from hospital_followup.services.alerts import raise_alert
	raise_alert(kind="Clinical", patient="{}", severity="{}", key="{}", detail="d")
	time.sleep(0.5)
"""

pytestmark = pytest.mark.commits


@pytest.fixture
def people(rest) -> list[Rest]:
	return [rest("Follow-up Specialist") for _number in range(4)]


@pytest.fixture
def task():
	doc = contact(asks=questionnaire())
	saved()
	return doc


def test_of_four_callers_one_holds_the_patient(people: list[Rest], task) -> None:
	answers = at_once(*[lambda who=who: who.call(API + "start_call", task=task.name) for who in people])
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
	assert all("TaskClaimedError" in answer.text for answer in answers if answer.status_code == 417)
	frappe.db.rollback()
	assert len(drafts(task)) == 1


def test_four_first_answers_at_once_are_all_kept(people: list[Rest], task) -> None:
	parts = [{"answers": {"pain": 3}}, {"answers": {"fever": "no"}}, {"notes": "n"}, {"satisfaction": 4}]
	answers = at_once(
		*[
			lambda part=part: people[0].call(API + "save_call", task=task.name, changes=json.dumps(part))
			for part in parts
		]
	)
	assert [answer.status_code for answer in answers] == [200] * 4, [answer.text for answer in answers]
	frappe.db.rollback()
	(name,) = drafts(task)
	doc = frappe.get_doc(LOG, name)
	assert [(given.question, given.value) for given in doc.answers] == [("pain", "3"), ("fever", "No")]
	assert (doc.notes, doc.satisfaction) == ("n", 4)


def test_saves_that_overtake_each_other_end_with_the_newest(people: list[Rest], task) -> None:
	answers = at_once(
		*[
			lambda number=number: people[0].call(
				API + "save_call", task=task.name, changes=json.dumps({"notes": str(number)}), sequence=number
			)
			for number in (4, 3, 2, 1)
		]
	)
	assert [answer.status_code for answer in answers] == [200] * 4
	frappe.db.rollback()
	assert frappe.db.get_value(LOG, drafts(task)[0], "notes") == "4"


def test_the_same_red_answer_four_times_is_one_alert(people: list[Rest], task) -> None:
	red = json.dumps({"answers": {"fever": "yes"}})
	answers = at_once(
		*[lambda: people[0].call(API + "save_call", task=task.name, changes=red) for _number in range(4)]
	)
	assert [answer.status_code for answer in answers] == [200] * 4
	frappe.db.rollback()
	assert frappe.db.count(ALERT, {"task": task.name}) == 1


def test_two_connections_raise_one_alert_of_one_key(site, task) -> None:
	"""Without a common lock the unique key alone decides: the later one waits, and makes the first one's alert red."""
	key = frappe.generate_hash(length=12)
	programs = [Program(site, RAISING.format(task.patient, severity, key)) for severity in ("Amber", "Red")]
	for program in programs:
		program.go()
	for program in programs:
		program.end()
	frappe.db.rollback()
	assert frappe.get_all(ALERT, filters={"key": key}, pluck="severity", order_by="name") == ["Red"]


def test_finishing_twice_at_once_is_one_log(people: list[Rest], task) -> None:
	changes = json.dumps({"answers": {"pain": 1, "fever": "no"}, "identity_verified": 1})
	answers = at_once(
		*[
			lambda: people[0].call(
				API + "finish_call", task=task.name, outcome="Reached Patient", changes=changes
			)
			for _number in range(2)
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417]
	assert row(task).status == "Completed"
	assert frappe.db.count(LOG, {"task": task.name}) == 1


def test_a_draft_survives_the_browser(people: list[Rest], task) -> None:
	"""What was saved is on the server: another connection of the same person reads it, and goes on."""
	changes = json.dumps({"answers": {"pain": 6}, "notes": "half way"})
	assert people[0].call(API + "save_call", task=task.name, changes=changes).status_code == 200
	sheet = people[0].get(f"/api/method/{API}call_sheet", task=task.name).json()["message"]
	assert (sheet["draft"]["answers"], sheet["draft"]["notes"]) == ({"pain": "6"}, "half way")
	assert sheet["state"]["flags"] == {"pain": "Amber"}
	assert sheet["task"]["holder"]["name"]
