"""The patient calls us: found by number, name or hospital number; written down alone or as the contact that was open."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import call_api
from hospital_followup.exceptions import InvalidValueError, LogError, TaskClaimedError
from hospital_followup.tests import factories as make
from tests.site.call_samples import LOG, advice, contact, questionnaire, row
from tests.site.rights import SP, department, person


def found(text: str) -> list[str]:
	return [patient["patient"] for patient in call_api.find_patient(text)]


class TestFinding:
	@pytest.mark.parametrize(
		"text",
		[
			"13922223333",
			"139 2222 3333",
			"139-2222-3333",
			"+8613922223333",
			"+86 139 2222 3333",
			"0086 139 2222 3333",
			"１３９２２２２３３３３",
		],
	)
	def test_a_number_in_any_format(self, text: str) -> None:
		patient = make.patient(mobile="13922223333").name
		make.patient(mobile="13922224444")
		assert found(text) == [patient]

	def test_the_caregivers_number(self) -> None:
		patient = make.patient(caregiver_mobile="010-8888 6666").name
		assert found("(010) 88886666") == [patient]

	def test_a_number_of_another_country(self) -> None:
		patient = make.patient(mobile="+44 20 7946 0958").name
		assert found("+442079460958") == [patient]

	def test_a_number_that_is_none_is_found_as_it_was_typed(self) -> None:
		patient = make.patient(mobile="12345").name
		assert found("12345") == [patient]

	@pytest.mark.parametrize("text", ["欧阳", "欧阳小雪", "小雪", " 欧阳小雪 "])
	def test_a_name_or_part_of_one(self, text: str) -> None:
		patient = make.patient(patient_name="欧阳小雪").name
		assert found(text) == [patient]

	def test_a_hospital_number(self) -> None:
		patient = make.patient(patient_id="ZY-900817").name
		assert found("zy-900817") == [patient]

	@pytest.mark.parametrize("text", ["", "   ", "%", "_", "nobody of this name"])
	def test_nobody(self, text: str) -> None:
		make.patient()
		assert found(text) == []

	def test_what_a_caller_needs_to_know(self) -> None:
		task = contact(patient=make.patient(patient_name="Found One", date_of_birth="1960-05-04").name)
		make.log(task, "No Answer")
		(answer,) = call_api.find_patient("Found One")
		assert (answer["open_task"], answer["sex"]) == (task.name, "Female")
		assert answer["age"] >= 65
		assert answer["last_contact"].date() == make.days_from_now()

	def test_a_merged_record_is_not_offered(self) -> None:
		remaining = make.patient(patient_name="Twice Written")
		other = make.patient(patient_name="Twice Written")
		other.update({"status": "Merged", "merged_into": remaining.name}).save()
		assert found("Twice Written") == [remaining.name]

	def test_another_departments_patient_stays_unknown(self) -> None:
		ward, other = department("Cardiology"), department("Surgery")
		here = make.patient(patient_name="Same Name", mobile="13744445555", department=ward).name
		make.patient(patient_name="Same Name", mobile="13744445555", department=other)
		frappe.set_user(person(SP, departments=(ward,)))
		assert found("Same Name") == [here]
		assert found("13744445555") == [here]

	def test_without_a_role_nobody_is_found(self) -> None:
		frappe.set_user(person())
		with pytest.raises(frappe.PermissionError):
			call_api.find_patient("Wang")


class TestWritingDown:
	def test_without_a_task(self) -> None:
		patient, leaflet = make.patient(department=make.department()), advice()
		changes = {"notes": "asks for the report", "guidance": [leaflet], "identity_verified": 1}
		answer = call_api.log_inbound(patient.name, "Reached Patient", changes, duration_seconds=40)
		doc = frappe.get_doc(LOG, answer["log"])
		assert (doc.docstatus, doc.direction, doc.task, doc.notes) == (1, "In", None, "asks for the report")
		assert (doc.department, doc.duration_seconds, doc.staff) == (patient.department, 40, "Administrator")
		assert answer["task"] is None

	def test_leaves_the_open_contact_open(self) -> None:
		task = contact()
		call_api.log_inbound(task.patient, "Reached Caregiver", {"notes": "about the bill"})
		assert (row(task).status, row(task).attempts) == ("Open", 0)

	def test_or_is_the_open_contact(self) -> None:
		task = contact(asks=questionnaire())
		changes = {"answers": {"pain": 0, "fever": "no"}, "identity_verified": 1}
		answer = call_api.log_inbound(task.patient, "Reached Patient", changes, finish_task=task.name)
		assert answer["task"]["status"] == "Completed"
		assert frappe.db.get_value(LOG, answer["log"], "direction") == "In"
		assert row(task).attempts == 0

	def test_of_another_patient_is_refused(self) -> None:
		with pytest.raises(LogError, match="another patient"):
			call_api.log_inbound(make.patient().name, "Reached Patient", finish_task=contact().name)

	def test_while_somebody_is_calling_that_patient(self, as_user) -> None:
		task = contact()
		with as_user(SP):
			call_api.start_call(task.name)
		with as_user(SP), pytest.raises(TaskClaimedError):
			call_api.log_inbound(task.patient, "Reached Patient", finish_task=task.name)

	@pytest.mark.parametrize("outcome", ["No Answer", "Busy", "Wrong Number", "Not Home", "Nonsense"])
	def test_who_calls_has_reached_us(self, outcome: str) -> None:
		with pytest.raises(InvalidValueError, match="cannot come of a call"):
			call_api.log_inbound(make.patient().name, outcome)

	def test_bad_values_are_named(self) -> None:
		with pytest.raises(InvalidValueError, match="from 1 to 5"):
			call_api.log_inbound(make.patient().name, "Reached Patient", {"satisfaction": 6})

	def test_a_death_that_is_reported_stops_everything(self) -> None:
		task = contact()
		call_api.log_inbound(task.patient, "Deceased", {"notes": "the daughter called"})
		assert row(task).status == "Cancelled"
		assert frappe.db.get_value("Follow-up Patient", task.patient, "status") == "Deceased"
