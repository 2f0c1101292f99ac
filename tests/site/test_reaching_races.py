"""Two people at the same moment: one number is corrected, one stop is taken back, one patient is prepared."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import api
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.rest import Rest
from tests.support.together import at_once

TASK = "Follow-up Task"
PATIENT = "Follow-up Patient"
API = "hospital_followup.contact_api."

pytestmark = pytest.mark.commits


@pytest.fixture
def people(rest) -> list[Rest]:
	return [rest("Follow-up Supervisor") for _number in range(3)]


def planned() -> tuple[str, list]:
	patient = make.patient(caregiver_name="张敏", caregiver_mobile="13900139000").name
	plan = make.plan(patient, planned_contacts=2)
	later = make.task(plan, status="Scheduled", opens_on=day(7), due_date=day(7), expires_on=day(13))
	return patient, [make.task(plan), later]


def committed() -> None:
	frappe.db.commit()  # reason: the server must see what was made, and this test what the server wrote


def test_corrections_at_once_leave_one_number_and_one_state(people: list[Rest]) -> None:
	patient, tasks = planned()
	api.log_attempt(tasks[0].name, "Wrong Number")
	committed()
	numbers = [f"1391111222{number}" for number in range(len(people))]
	answers = at_once(
		*[
			lambda person=person, number=number: person.call(
				API + "correct_number",
				patient=patient,
				whose="Patient",
				number=number,
				verified_with="Caregiver",
			)
			for person, number in zip(people, numbers, strict=True)
		]
	)
	assert [answer.status_code for answer in answers] == [200] * len(people), [a.text[:200] for a in answers]
	committed()
	mobile, status = frappe.db.get_value(PATIENT, patient, ["mobile", "mobile_status"])
	assert (mobile.removeprefix("+86") in numbers, status) == (True, "Verified")
	points = [frappe.db.get_value(TASK, task.name, ["status", "contact_point"]) for task in tasks]
	assert points == [("Open", "Patient"), ("Scheduled", "Patient")]


def test_of_several_undo_clicks_one_counts(people: list[Rest]) -> None:
	patient, tasks = planned()
	api.log_attempt(tasks[0].name, "Reached Patient", moved_away=1)
	committed()
	answers = at_once(
		*[
			lambda person=person: person.call(API + "undo_patient_stop", patient=patient, reason="moved_away")
			for person in people
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417], [
		a.text[:200] for a in answers
	]
	committed()
	assert frappe.db.get_value(TASK, tasks[1].name, "status") == "Scheduled"
	assert frappe.db.get_value("Follow-up Plan", tasks[0].plan, "status") == "Active"


def test_a_patient_prepared_twice_at_once_says_everything_once(people: list[Rest]) -> None:
	patient, _tasks = planned()
	committed()
	answers = {"purpose_explained": 1, "way": "Test Call", "consents": {"Survey": {"SMS": "Yes"}}}
	found = at_once(
		*[
			lambda person=person: person.call(API + "prepare_bedside", patient=patient, answers=answers)
			for person in people
		]
	)
	assert [answer.status_code for answer in found] == [200] * len(people), [a.text[:200] for a in found]
	committed()
	assert frappe.db.count("Follow-up Consent", {"patient": patient}) == 1
	assert frappe.db.get_value(PATIENT, patient, "mobile_status") == "Verified"
