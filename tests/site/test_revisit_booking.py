"""Booking a revisit in Frappe Health's diary during a call: what is free, who may, and that nobody books twice."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import revisit_api
from hospital_followup.exceptions import BookingError
from hospital_followup.services import revisit_detection
from hospital_followup.services.patient_intake import ensure_patient
from hospital_followup.tests import factories as make
from tests.support import frappe_health as hospital
from tests.support import outpatients as desk

pytestmark = pytest.mark.site("health")

REVISIT = "Follow-up Revisit"


def day(offset: int) -> Any:
	return getdate(add_days(today(), offset))


def at(offset: int, hour: int = 9, minute: int = 0) -> datetime:
	return datetime.combine(day(offset), time(hour, minute))


@pytest.fixture
def doctor() -> str:
	hospital.settings()
	desk.kind()
	name = hospital.make_practitioner(f"Clinic {frappe.generate_hash(length=5)}")
	desk.opens_mornings(name)
	return name


@pytest.fixture
def source() -> Any:
	return hospital.make_patient()


@pytest.fixture
def patient(source) -> str:
	return ensure_patient("Patient", source.name)


def expected(patient: str, offset: int = 7) -> Any:
	return frappe.get_doc({"doctype": REVISIT, "patient": patient, "expected_on": day(offset)}).insert()


def offered(patient: str, doctor: str, since: Any) -> dict[str, list[str]]:
	"""Free times by day."""
	facts = revisit_api.booking_options(patient, practitioner=doctor, since=since)
	return {
		str(each["date"]): [slot["time"] for slot in each["slots"] if slot["seats"]] for each in facts["days"]
	}


def test_the_week_around_the_expected_day(patient, doctor) -> None:
	expected(patient, 20)
	facts = revisit_api.booking_options(patient, practitioner=doctor)
	assert (facts["since"], facts["expected_on"], len(facts["days"])) == (day(17), day(20), 7)
	assert [slot["time"] for slot in facts["days"][0]["slots"]] == ["09:00", "09:30", "10:00"]
	assert desk.KIND in facts["kinds"] and doctor in [each["name"] for each in facts["practitioners"]]


def test_what_is_taken_is_not_free(patient, doctor) -> None:
	other = hospital.make_patient("李秀英", mobile="13812345679")
	desk.appointment(other.name, day(3), "09:30:00", practitioner=doctor)
	assert offered(patient, doctor, day(3))[str(day(3))] == ["09:00", "10:00"]


def test_a_cancelled_appointment_frees_its_time(patient, doctor) -> None:
	other = hospital.make_patient("李秀英", mobile="13812345679")
	visit = desk.appointment(other.name, day(3), "09:30:00", practitioner=doctor)
	desk.set_status(visit, "Cancelled")
	assert offered(patient, doctor, day(3))[str(day(3))] == ["09:00", "09:30", "10:00"]


def test_nobody_is_in_two_places(source, patient, doctor) -> None:
	elsewhere = hospital.make_practitioner(f"Other {frappe.generate_hash(length=5)}")
	desk.appointment(source.name, day(3), "10:00:00", practitioner=elsewhere)
	assert offered(patient, doctor, day(3))[str(day(3))] == ["09:00", "09:30"]


def test_a_disabled_schedule_offers_nothing(patient, doctor) -> None:
	frappe.db.set_value("Practitioner Schedule", desk.SCHEDULE, "disabled", 1)
	assert set(map(tuple, offered(patient, doctor, day(3)).values())) == {()}


def test_a_holiday_of_the_doctor_offers_nothing(patient, doctor) -> None:
	holidays = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": frappe.generate_hash(length=8),
			"from_date": day(0),
			"to_date": day(30),
			"holidays": [{"holiday_date": day(4), "description": "Festival"}],
		}
	).insert()
	employee = frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": "李",
			"gender": "Female",
			"date_of_birth": "1980-01-01",
			"date_of_joining": "2010-01-01",
			"company": hospital.COMPANY,
			"holiday_list": holidays.name,
		}
	).insert()
	frappe.db.set_value("Healthcare Practitioner", doctor, "employee", employee.name)
	free = offered(patient, doctor, day(3))
	assert (free[str(day(3))], free[str(day(4))]) == (["09:00", "09:30", "10:00"], [])


def test_booking_makes_the_appointment_and_moves_the_revisit(source, patient, doctor) -> None:
	revisit = expected(patient)
	answer = revisit_api.book_revisit(patient, doctor, str(at(5, 9, 30)), desk.KIND)
	revisit.reload()
	assert (revisit.name, revisit.status, revisit.expected_on) == (answer["revisit"], "Booked", day(5))
	visit = frappe.get_doc(desk.APPOINTMENT, revisit.appointment)
	assert (visit.patient, visit.practitioner, visit.appointment_date, visit.status) == (
		source.name,
		doctor,
		day(5),
		"Scheduled",
	)
	assert (str(visit.appointment_time), visit.duration, visit.owner) == ("9:30:00", 30, frappe.session.user)
	assert visit.service_unit
	before = revisit.as_dict()
	assert revisit_detection.check([revisit.name], getdate()) == 0
	assert revisit.reload().as_dict() == before


def test_a_patient_without_a_revisit_gets_one(patient, doctor) -> None:
	answer = revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)
	doc = frappe.get_doc(REVISIT, answer["revisit"])
	assert (doc.patient, doc.status, doc.origin, doc.expected_on) == (patient, "Booked", "Contact", day(5))


def test_a_time_that_was_taken_meanwhile_is_refused_and_nothing_changes(patient, doctor) -> None:
	revisit = expected(patient)
	other = hospital.make_patient("李秀英", mobile="13812345679")
	desk.appointment(other.name, day(5), practitioner=doctor)
	with pytest.raises(BookingError, match="not free any more"):
		revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)
	assert revisit.reload().status == "Expected"


def test_one_visit_has_one_appointment(patient, doctor) -> None:
	expected(patient)
	answer = revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)
	with pytest.raises(BookingError, match="Open the appointment"):
		revisit_api.book_revisit(patient, doctor, str(at(6)), desk.KIND, revisit=answer["revisit"])


def test_the_day_of_an_appointment_is_the_diarys(patient, doctor) -> None:
	answer = revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)
	doc = frappe.get_doc(REVISIT, answer["revisit"])
	doc.expected_on = day(8)
	with pytest.raises(frappe.ValidationError, match="Open the appointment"):
		doc.save()


def test_the_past_cannot_be_booked(patient, doctor) -> None:
	with pytest.raises(BookingError, match="has passed"):
		revisit_api.book_revisit(patient, doctor, str(at(-1)), desk.KIND)


def test_a_queue_takes_several_at_one_time(patient) -> None:
	doctor = hospital.make_practitioner(f"Queue {frappe.generate_hash(length=5)}")
	frappe.db.delete("Practitioner Schedule", {"name": desk.SCHEDULE})
	desk.opens_mornings(doctor, maximum_appointments=2, duration=15)
	for number in range(2):
		facts = revisit_api.booking_options(patient, practitioner=doctor, since=day(3))
		assert facts["days"][0]["slots"][0]["seats"] == 2 - number
		other = hospital.make_patient(f"病人{number}", mobile=f"1381234568{number}")
		revisit_api.book_revisit(ensure_patient("Patient", other.name), doctor, str(at(3)), desk.KIND)
	assert (
		revisit_api.booking_options(patient, practitioner=doctor, since=day(3))["days"][0]["slots"][0][
			"seats"
		]
		== 0
	)


def test_frappe_healths_own_permissions_decide(patient, doctor, as_user) -> None:
	with as_user("Follow-up Specialist"):
		assert revisit_api.booking_options(patient, practitioner=doctor)["may_book"] is False
		with pytest.raises(frappe.PermissionError):
			revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)
	with as_user("Follow-up Specialist", "Nursing User"):
		assert revisit_api.booking_options(patient, practitioner=doctor)["may_book"] is True
		revisit_api.book_revisit(patient, doctor, str(at(5)), desk.KIND)


def test_without_a_diary_a_day_is_agreed(doctor) -> None:
	stranger = make.patient()
	facts = revisit_api.booking_options(stranger.name)
	assert facts["available"] is False
	with pytest.raises(BookingError, match="no diary"):
		revisit_api.book_revisit(stranger.name, doctor, str(at(5)), desk.KIND)


@pytest.mark.parametrize(
	("status", "came", "reason"),
	[("Attended", True, None), ("Missed", False, None), ("Cancelled", False, "moved abroad")],
)
def test_what_staff_know_is_written_down(patient, status, came, reason) -> None:
	revisit = expected(patient, -1)
	revisit_api.mark_revisit(revisit.name, status, attended_on=day(0) if came else None, reason=reason)
	revisit.reload()
	assert (revisit.status, revisit.attended_on, revisit.status_reason) == (
		status,
		day(0) if came else None,
		reason,
	)


@pytest.mark.parametrize("status", ["Cancelled", "Booked"])
def test_a_reason_is_asked_for_and_booking_is_no_mark(patient, status) -> None:
	with pytest.raises(frappe.ValidationError):
		revisit_api.mark_revisit(expected(patient).name, status)
