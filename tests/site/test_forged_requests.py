"""Requests that say what the desk never says: a stored record called new, links to strangers, fields of the system."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime, today

from hospital_followup.tests import factories as make
from tests.site.rights import SP, SV, department, person, record
from tests.stack.rest import Rest

Client = Callable[..., Rest]
DISCHARGE, LOG, PATIENT = "Patient Discharge", "Follow-up Log", "Follow-up Patient"
PLAN, TASK = "Follow-up Plan", "Follow-up Task"
REFUSED = 403
PRINT = "frappe.www.printview.get_html_and_style"


@pytest.fixture
def wards() -> tuple[str, str]:
	return department("Surgery"), department("Cardiology")


def a_contact(ward: str, **fields: Any) -> Any:
	"""An open contact of a patient of this ward, with all that hangs on it."""
	patient = make.patient(patient_name="Wang Secret", department=ward)
	plan = make.plan(patient.name)
	stay = record(DISCHARGE, patient=patient.name, plan=plan.name, discharge_date=today(), department=ward)
	plan.db_set({"department": ward, "discharge": stay.name})
	task = make.task(plan, **fields)
	task.db_set("department", ward)
	return task


def a_draft(user: str, contact: Any, **fields: Any) -> Any:
	"""A draft that `user` has begun, as it lies in the database."""
	facts = {"channel": "Phone", "direction": "Out", "contacted_at": now_datetime(), **fields}
	doc = record(LOG, patient=contact.patient, department=contact.department, staff=user, **facts)
	frappe.db.set_value(LOG, doc.name, "owner", user, update_modified=False)
	frappe.db.commit()  # reason: the server is another process
	return doc


def path(doc: Any) -> str:
	return f"/api/resource/{doc.doctype}/{doc.name}"


class TestPrinting:
	@pytest.mark.parametrize(
		("doctype", "style"),
		[
			(TASK, "Follow-up Call Sheet"),
			(PLAN, "Follow-up Plan Hand-out"),
			(DISCHARGE, "Discharge Card"),
			(PATIENT, "Rehabilitation Record"),
		],
	)
	def test_a_stored_record_is_not_printed_as_a_new_one(
		self, doctype: str, style: str, rest: Client, wards: tuple[str, str]
	) -> None:
		ours, theirs = wards
		client = rest(user=person(SP, departments=(ours,)))
		task = a_contact(theirs)
		plan = frappe.get_doc(PLAN, task.plan)
		names = {TASK: task.name, PLAN: plan.name, DISCHARGE: plan.discharge, PATIENT: task.patient}
		frappe.db.commit()  # reason: the server is another process
		forged = {"doctype": doctype, "name": names[doctype], "__islocal": 1, "department": ours}
		answer = client.call(PRINT, doc=json.dumps(forged), print_format=style)
		assert answer.status_code == REFUSED, answer.text[:500]

	@pytest.mark.parametrize("field", ["patient", "discharge"])
	def test_ones_own_record_is_not_printed_with_somebody_elses_stay(
		self, field: str, rest: Client, wards: tuple[str, str]
	) -> None:
		ours, theirs = wards
		client = rest(user=person(SP, departments=(ours,)))
		own, other = (frappe.get_doc(PLAN, a_contact(ward).plan) for ward in (ours, theirs))
		frappe.db.commit()  # reason: the server is another process
		stored = {"doctype": PLAN, "name": own.name, "department": ours}
		codes = [
			client.call(
				PRINT, doc=json.dumps({**stored, field: value}), print_format="Follow-up Plan Hand-out"
			).status_code
			for value in (own.get(field), other.get(field))
		]
		assert codes == [200, REFUSED]


class TestDrafts:
	def test_is_not_turned_to_another_departments_patient(self, rest: Client, wards: tuple[str, str]) -> None:
		ours, theirs = wards
		user = person(SP, departments=(ours,))
		client = rest(user=user)
		own, other = a_contact(ours), a_contact(theirs)
		draft = a_draft(user, own)
		for field in ("patient", "plan", "task"):
			value = other.name if field == "task" else other.get(field)
			answer = client.put(path(draft), {field: value})
			assert answer.status_code == REFUSED, f"{field}: {answer.text[:500]}"
			assert "Wang Secret" not in answer.text
		assert client.put(path(draft), {"notes": "mine"}).status_code == 200

	def test_is_not_submitted_by_a_colleague_in_a_name_of_their_own(
		self, rest: Client, wards: tuple[str, str]
	) -> None:
		ward = wards[0]
		user, colleague = person(SP, departments=(ward,)), person(SP, departments=(ward,))
		task = a_contact(ward)
		draft = a_draft(user, task, task=task.name, notes="what was said")
		forged = {"docstatus": 1, "staff": colleague, "outcome": "No Answer", "notes": "forged"}
		answer = rest(user=colleague).put(path(draft), forged)
		assert answer.status_code == 417, answer.text[:500]
		assert "own contacts only" in answer.text
		frappe.db.rollback()
		stored = frappe.db.get_value(LOG, draft.name, ["docstatus", "staff", "notes"])
		assert stored == (0, user, "what was said")
		supervisor = rest(user=person(SV, departments=(ward,)))
		assert supervisor.put(path(draft), {"docstatus": 1, "outcome": "No Answer"}).status_code == 200

	def test_does_not_say_itself_which_call_it_was_and_what_was_recorded_where(
		self, rest: Client, wards: tuple[str, str]
	) -> None:
		user = person(SP, departments=(wards[0],))
		draft = a_draft(user, a_contact(wards[0]))
		client = rest(user=user)
		assert client.put(path(draft), {"call_id": "another-call", "stopped_plan": 1}).status_code == 200
		frappe.db.rollback()
		assert frappe.db.get_value(LOG, draft.name, ["call_id", "stopped_plan"]) == (None, 0)
		answer = client.put(path(draft), {"recording_url": "javascript://x/%0aalert(1)"})
		assert (answer.status_code, "begins with https" in answer.text) == (417, True)
		assert client.put(path(draft), {"recording_url": "https://pbx.example/1.mp3"}).status_code == 200


class TestShapes:
	"""An unexpected error keeps all local variables in the Error Log: what cannot be meant is refused before."""

	CALL, CONTACT = "hospital_followup.call_api", "hospital_followup.contact_api"

	def test_what_is_no_such_value_is_refused_in_a_sentence(
		self, rest: Client, wards: tuple[str, str]
	) -> None:
		client = rest(user=person(SP, departments=(wards[0],)))
		task = a_contact(wards[0])
		frappe.db.commit()  # reason: the server is another process
		save, finish = f"{self.CALL}.save_call", f"{self.CALL}.finish_call"
		prepare = f"{self.CONTACT}.prepare_bedside"
		for method, values in (
			(save, {"task": {"name": task.name}, "changes": {}}),
			(save, {"task": task.name, "changes": "no JSON"}),
			(save, {"task": task.name, "changes": {"answers": [1]}}),
			(save, {"task": task.name, "changes": {}, "sequence": "first"}),
			(finish, {"task": task.name, "outcome": "No Answer", "next_attempt_at": "soon"}),
			(f"{self.CALL}.worklist", {"start": "x"}),
			(prepare, {"patient": task.patient, "answers": [1]}),
			(prepare, {"patient": task.patient, "answers": {"consents": [1]}}),
			(prepare, {"patient": task.patient, "answers": {"consents": {"Clinical": {"Phone": [1]}}}}),
			(prepare, {"patient": task.patient, "answers": {"caregiver_name": {"a": 1}}}),
			(prepare, {"patient": task.patient, "answers": {"home_address": "x" * 100_000}}),
		):
			answer = client.call(method, **values)
			assert answer.status_code == 417, f"{values}: {answer.text[:500]}"

	def test_a_note_too_long_for_the_database_is_told_and_the_rest_kept(
		self, rest: Client, wards: tuple[str, str]
	) -> None:
		client = rest(user=person(SP, departments=(wards[0],)))
		task = a_contact(wards[0])
		frappe.db.commit()  # reason: the server is another process
		changes = {"notes": "x" * 100_000, "next_step": "call again"}
		answer = client.call(f"{self.CALL}.save_call", task=task.name, changes=changes)
		assert answer.status_code == 200, answer.text[:500]
		message = answer.json()["message"]
		assert "too long" in message["errors"]["notes"]
		assert frappe.db.get_value(LOG, message["log"], ["notes", "next_step"]) == (None, "call again")
