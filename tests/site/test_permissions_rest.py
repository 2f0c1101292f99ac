"""The same rights through the web server, for a part of the table that stands for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime, today

from tests.site.rights import AD, DR, ROLES, SP, SV, department, person, record
from tests.stack.rest import Rest

Client = Callable[..., Rest]
LOG, PATIENT, PLAN, TASK = "Follow-up Log", "Follow-up Patient", "Follow-up Plan", "Follow-up Task"
OK, REFUSED, MISSING = 200, 403, 404


def a_log(task: Any, user: str, **values: Any) -> dict[str, Any]:
	return {
		"task": task.name,
		"patient": task.patient,
		"channel": "Phone",
		"direction": "Out",
		"contacted_at": str(now_datetime()),
		"staff": user,
		"outcome": "No Answer",
		**values,
	}


def a_task(**values: Any) -> Any:
	patient = record(PATIENT, patient_name="Wang", department=values.get("department"))
	task = record(TASK, patient=patient.name, status="Open", channel="Phone", due_date=today(), **values)
	frappe.db.commit()  # reason: the server is another process
	return task


@pytest.mark.parametrize(
	("role", "expected"),
	[
		(SP, {"get": OK, "put": OK, "post": OK, "delete": REFUSED}),
		(DR, {"get": OK, "put": OK, "post": OK, "delete": REFUSED}),
		(SV, {"get": OK, "put": OK, "post": OK, "delete": REFUSED}),
		(AD, {"get": OK, "put": OK, "post": OK, "delete": 202}),
	],
)
def test_patients(role: str, expected: dict[str, int], rest: Client) -> None:
	ward = department("Surgery")
	client = rest(user=person(role, departments=(ward,)))
	doc = frappe.get_doc(
		{"doctype": PATIENT, "patient_id": "R1", "patient_name": "Wang", "department": ward}
	).insert()
	frappe.db.commit()  # reason: the server is another process
	path = f"/api/resource/{PATIENT}/{doc.name}"
	new = {"patient_id": "R2", "patient_name": "Li", "department": ward}
	assert {
		"get": client.get(path).status_code,
		"put": client.put(path, {"allergies": "none"}).status_code,
		"post": client.insert(PATIENT, new).status_code,
		"delete": client.delete(path).status_code,
	} == expected


@pytest.mark.parametrize("role", ROLES)
def test_patients_of_another_department(role: str, rest: Client) -> None:
	ward, elsewhere = department("Surgery"), department("Cardiology")
	client = rest(user=person(role, departments=(ward,)))
	doc = record(PATIENT, patient_name="Wang", department=elsewhere)
	frappe.db.commit()  # reason: the server is another process
	path = f"/api/resource/{PATIENT}/{doc.name}"
	new = {"patient_id": "R3", "patient_name": "Li", "department": elsewhere}
	assert client.get(path).status_code == REFUSED
	assert client.put(path, {"allergies": "none", "department": ward}).status_code == REFUSED
	assert client.delete(path).status_code == REFUSED
	assert client.insert(PATIENT, new).status_code == REFUSED
	listed = client.get(f"/api/resource/{PATIENT}", limit_page_length=0).json()["data"]
	assert doc.name not in {row["name"] for row in listed}


class TestLog:
	"""rcs without w: made and submitted, never changed; x for the supervisor."""

	def test_is_made_and_submitted_in_one_request(self, rest: Client) -> None:
		user = person(SP)
		answer = rest(user=user).insert(LOG, a_log(a_task(assigned_to=user), user, docstatus=1))
		assert answer.status_code == OK, answer.text
		assert answer.json()["data"]["docstatus"] == 1

	def test_is_submitted_after_it_was_made(self, rest: Client) -> None:
		user = person(SP)
		client = rest(user=user)
		log = client.insert(LOG, a_log(a_task(assigned_to=user), user)).json()["data"]
		path = f"/api/resource/{LOG}/{log['name']}"
		# A draft is still being made, by the one who makes it.
		assert client.put(path, {"notes": "rang twice"}).status_code == OK
		assert client.put(path, {"docstatus": 1}).status_code == OK
		assert client.put(path, {"notes": "changed later"}).status_code == REFUSED
		assert client.put(path, {"docstatus": 2}).status_code == REFUSED
		assert client.delete(path).status_code == REFUSED

	def test_is_cancelled_by_the_supervisor_and_the_administrator(self, rest: Client) -> None:
		user = person(SP)
		client = rest(user=user)
		for role in (SV, AD):
			task = a_task(assigned_to=user)
			log = client.insert(LOG, a_log(task, user, docstatus=1)).json()["data"]
			path = f"/api/resource/{LOG}/{log['name']}"
			assert rest(DR).put(path, {"docstatus": 2}).status_code == REFUSED
			answer = rest(role).put(path, {"docstatus": 2})
			assert (answer.status_code, answer.json()["data"]["docstatus"]) == (OK, 2)

	def test_somebody_elses_draft_stays_as_it_is(self, rest: Client) -> None:
		user = person(SP)
		log = rest(user=user).insert(LOG, a_log(a_task(assigned_to=user), user)).json()["data"]
		path = f"/api/resource/{LOG}/{log['name']}"
		for role in (DR, SV):
			assert rest(role).put(path, {"notes": "not mine"}).status_code == REFUSED
		assert rest(AD).put(path, {"docstatus": 1}).status_code == REFUSED

	def test_is_not_made_about_a_task_of_another_department(self, rest: Client) -> None:
		ward, elsewhere = department("Surgery"), department("Cardiology")
		user = person(SP, departments=(ward,))
		client = rest(user=user)
		task = a_task(department=elsewhere)
		for values in ({}, {"department": ward}):
			assert client.insert(LOG, a_log(task, user, **values)).status_code == REFUSED
		task.db_set("assigned_to", user)
		frappe.db.commit()  # reason: the server is another process
		assert client.insert(LOG, a_log(task, user)).status_code == OK


def test_a_task_is_changed_by_its_department_and_by_whom_it_was_given(rest: Client) -> None:
	ward, elsewhere = department("Surgery"), department("Cardiology")
	user = person(SP, departments=(ward,))
	client = rest(user=user)
	tasks = {
		"ours": a_task(department=ward),
		"given to me": a_task(department=elsewhere, assigned_to=user),
		"theirs": a_task(department=elsewhere),
	}
	codes = {
		name: client.put(f"/api/resource/{TASK}/{task.name}", {"status_reason": "note"}).status_code
		for name, task in tasks.items()
	}
	assert codes == {"ours": OK, "given to me": OK, "theirs": REFUSED}


def test_nobody_without_a_role_reads_anything(rest: Client) -> None:
	doc = record(PLAN)
	stranger, guest = rest(user=person()), rest()
	for client in (stranger, guest):
		assert client.get(f"/api/resource/{PLAN}/{doc.name}").status_code == REFUSED
		assert client.get(f"/api/resource/{PLAN}").status_code == REFUSED


def test_settings_and_the_matrix_are_changed_by_the_administrator_alone(rest: Client) -> None:
	settings = "/api/resource/Follow-up Settings/Follow-up Settings"
	policy = f"/api/resource/Follow-up Policy/{frappe.db.get_value('Follow-up Policy', {}, 'name')}"
	for role in ROLES:
		client = rest(role)
		assert client.get(settings).status_code == OK
		assert client.get(policy).status_code == OK
		expected = OK if role == AD else REFUSED
		assert client.put(settings, {"capacity_per_day": 24}).status_code == expected
		assert client.insert("Tier Rule", a_rule(role)).status_code == expected


def a_rule(title: str) -> dict[str, Any]:
	condition = {"field": "age", "operator": ">=", "value": "90"}
	return {"title": title, "risk_tier": "High", "conditions": [condition]}
