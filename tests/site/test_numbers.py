"""Numbers that lead nowhere: the list, the one-step correction, and what comes back to the patient with it."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup import api, contact_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import number_list
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.site.rights import DR, SP, department, person

TASK = "Follow-up Task"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
NEW = "13911112222"


def family(**fields):
	return make.patient(caregiver_name="张敏", caregiver_mobile="13900139000", **fields)


def planned(patient: str, **fields):
	plan = make.plan(patient, planned_contacts=2)
	later = make.task(plan, status="Scheduled", opens_on=day(7), due_date=day(7), expires_on=day(13))
	return make.task(plan, **fields), later


def now_of(task) -> frappe._dict:
	return frappe.db.get_value(TASK, task.name, "*", as_dict=True)


def earlier(minutes: int = 5) -> str:
	return str(now_datetime().replace(microsecond=0) - timedelta(minutes=minutes))


def wrong_number(task) -> str:
	return api.log_attempt(task.name, "Wrong Number", contacted_at=earlier())["log"]


def correct(
	patient: str, number: str = NEW, whose: str = "Patient", verified_with: str = "Caregiver", **more
):
	return contact_api.correct_number(patient, whose, number, verified_with, **more)


class TestList:
	def test_both_numbers_of_a_patient_are_rows_of_their_own(self) -> None:
		patient = family().name
		first, _later = planned(patient)
		wrong_number(first)
		api.log_attempt(first.name, "Out of Service", contact_point="Caregiver")
		mine = [row for row in number_list.rows({}) if row["patient"] == patient]
		assert [(row["whose"], row["state"], row["number"]) for row in mine] == [
			("Patient", "Wrong Number", "138****8000"),
			("Caregiver", "Out of Service", "139****9000"),
		]
		assert mine[0]["open_contacts"] == 1
		assert mine[0]["since"] is not None

	def test_the_card_counts_the_same_rows(self) -> None:
		before = contact_api.numbers_to_correct()["value"]
		wrong_number(planned(family().name)[0])
		assert contact_api.numbers_to_correct()["value"] == before + 1 == len(number_list.rows({}))

	def test_nobody_sees_numbers_of_another_department(self) -> None:
		ward, other = department("Cardiology"), department("Surgery")
		patient = family(department=ward).name
		task, _later = planned(patient, department=ward)
		wrong_number(task)
		stranger, colleague = person(SP, departments=(other,)), person(SP, departments=(ward,))
		for user, expected in ((stranger, []), (colleague, [patient])):
			frappe.set_user(user)
			found = [row["patient"] for row in number_list.rows({}) if row["patient"] == patient]
			frappe.set_user("Administrator")
			assert found == expected

	def test_the_dead_are_not_on_it(self) -> None:
		patient = family()
		wrong_number(planned(patient.name)[0])
		patient.reload()
		patient.update({"status": "Deceased", "status_reason": "told"}).save()
		assert [row for row in number_list.rows({}) if row["patient"] == patient.name] == []


class TestOtherCalls:
	def test_they_go_to_the_caregiver_and_back(self) -> None:
		patient = family().name
		task, later = planned(patient)
		log = wrong_number(task)
		row = now_of(later)
		assert (row.contact_point, row.next_attempt_reasons) == (
			"Caregiver",
			"patient_number_dead,caregiver_next",
		)
		frappe.get_doc("Follow-up Log", log).cancel()
		assert (now_of(later).contact_point, now_of(later).next_attempt_reasons) == ("Patient", None)

	def test_without_a_caregiver_they_stay(self) -> None:
		patient = make.patient().name
		task, later = planned(patient)
		wrong_number(task)
		assert now_of(later).contact_point == "Patient"


class TestCorrection:
	def test_open_contacts_come_back_to_the_patient(self) -> None:
		patient = family().name
		task, later = planned(patient)
		wrong_number(task)
		assert now_of(task).contact_point == "Caregiver"
		state = correct(patient)
		assert state["mobile_status"] == "Verified"
		doc = frappe.get_doc(PATIENT, patient)
		assert (doc.mobile, doc.phone_verified, doc.phone_verified_how) == ("+8613911112222", 1, "Caregiver")
		assert (doc.phone_verified_by, doc.phone_verified_on.date()) == ("Administrator", day())
		row = now_of(task)
		assert (row.status, row.contact_point, row.channel) == ("Open", "Patient", "Phone")
		assert row.next_attempt_reasons.startswith("number_corrected")
		assert now_of(later).contact_point == "Patient"

	def test_one_that_was_given_up_is_tried_again_and_its_plan_goes_on(self) -> None:
		patient = make.patient().name
		task = make.task(make.plan(patient))
		wrong_number(task)
		assert now_of(task).status_reason == "lost_to_follow_up"
		assert frappe.db.get_value(PLAN, task.plan, "status") == "Completed"
		correct(patient)
		row = now_of(task)
		assert (row.status, row.status_reason, row.contact_point) == ("Open", None, "Patient")
		assert frappe.db.get_value(PLAN, task.plan, "status") == "Active"

	def test_one_whose_window_is_over_stays_missed(self) -> None:
		patient = make.patient().name
		task = make.task(make.plan(patient))
		wrong_number(task)
		frappe.db.set_value(TASK, task.name, "expires_on", day(-1))
		correct(patient)
		assert now_of(task).status == "Missed"

	def test_calls_to_the_old_number_use_up_nothing(self) -> None:
		patient = make.patient().name
		task, _later = planned(patient)
		for minutes in (40, 30):
			api.log_attempt(task.name, "No Answer", contacted_at=earlier(minutes))
		wrong_number(task)
		correct(patient)
		assert [api.log_attempt(task.name, "No Answer")["status"] for _number in range(3)] == [
			"Open",
			"Open",
			"Missed",
		]

	def test_saving_the_form_does_the_same(self) -> None:
		patient = family()
		task, _later = planned(patient.name)
		wrong_number(task)
		patient.reload()
		patient.update({"mobile": NEW}).save()
		assert (now_of(task).contact_point, patient.mobile_status) == ("Patient", "Unknown")
		assert patient.phone_verified_on is None

	def test_who_is_on_the_phone_stays_on_the_phone(self) -> None:
		patient = family().name
		task, _later = planned(patient)
		wrong_number(task)
		api.claim_task(task.name)
		correct(patient)
		row = now_of(task)
		assert (row.status, row.claimed_by, row.contact_point) == ("In Progress", "Administrator", "Patient")

	def test_a_number_from_the_ward_is_not_confirmed(self) -> None:
		patient = family().name
		wrong_number(planned(patient)[0])
		assert correct(patient, verified_with="Ward or Clinic")["mobile_status"] == "Unknown"
		assert frappe.db.get_value(PATIENT, patient, "phone_verified_how") in (None, "")

	def test_the_caregivers_number(self) -> None:
		patient = family().name
		task, _later = planned(patient)
		wrong_number(task)
		api.log_attempt(task.name, "Out of Service", contact_point="Caregiver", contacted_at=earlier(3))
		assert now_of(task).status == "Missed"
		assert correct(patient, whose="Caregiver")["caregiver_mobile_status"] == "Verified"
		assert (now_of(task).status, now_of(task).contact_point) == ("Open", "Caregiver")

	@pytest.mark.parametrize("number", ["", "12", "not a number", "+86 1"])
	def test_what_cannot_be_dialled_is_refused(self, number: str) -> None:
		with pytest.raises(InvalidValueError, match="no valid telephone number"):
			correct(make.patient().name, number)

	def test_the_same_dead_number_needs_somebody_who_confirms_it(self) -> None:
		patient = family().name
		task, _later = planned(patient)
		wrong_number(task)
		with pytest.raises(InvalidValueError, match="leads nowhere"):
			correct(patient, "13800138000", verified_with="Other")
		assert correct(patient, "13800138000", verified_with="Test Call")["mobile_status"] == "Verified"
		assert now_of(task).contact_point == "Patient"

	def test_twice_is_once(self) -> None:
		patient = family().name
		task, _later = planned(patient)
		wrong_number(task)
		correct(patient)
		first = now_of(task)
		correct(patient)
		second = now_of(task)
		assert [first[key] for key in ("status", "contact_point", "attempts")] == [
			second[key] for key in ("status", "contact_point", "attempts")
		]

	def test_the_timeline_says_so_without_the_number(self) -> None:
		patient = family().name
		wrong_number(planned(patient)[0])
		correct(patient, note="told by the <b>daughter</b> of hers")
		(text,) = frappe.get_all(
			"Comment",
			filters={"reference_name": patient, "comment_type": "Info"},
			pluck="content",
			order_by="creation",
		)
		assert "corrected" in text
		assert NEW not in text
		assert "<b>" not in text

	def test_who_sees_no_numbers_changes_none(self, as_user) -> None:
		patient = family(department=department("Cardiology")).name
		frappe.share.add(PATIENT, patient, make_reader := person(), read=1, write=1)
		frappe.set_user(make_reader)
		with pytest.raises(frappe.PermissionError):
			correct(patient)
		frappe.set_user("Administrator")
		with as_user(DR):
			assert correct(patient)["mobile_status"] == "Verified"
