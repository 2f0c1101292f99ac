"""Whether patients came back, found in what Frappe Health's own flows leave behind."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import jobs
from hospital_followup.tests import factories as make
from tests.support import frappe_health as hospital
from tests.support import outpatients as desk

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

REVISIT, DISCHARGE, TASK = "Follow-up Revisit", "Patient Discharge", "Follow-up Task"


def day(offset: int) -> Any:
	return getdate(add_days(today(), offset))


@pytest.fixture
def patient() -> Any:
	hospital.settings()
	make.standard_policy()
	return hospital.make_patient()


def leave(patient: Any, *, left: int = -14, revisit: int | None = 0) -> str:
	"""Admit and discharge through Frappe Health's own buttons; days are counted from today. The discharge's name."""
	hospital.admit(patient.name, days_ago=-left + 5)
	order = {} if revisit is None else {"followup_date": str(day(revisit))}
	stay = hospital.discharge(patient.name, **order)
	at = f"{day(left)} 09:00:00"
	frappe.db.set_value(hospital.STAY, stay.name, "discharge_datetime", at)
	stay.reload()
	stay.inpatient_occupancies[-1].check_out = at
	stay.save()
	for name in frappe.get_all(
		"Patient Encounter", filters={"patient": patient.name}, pluck="name", order_by="name"
	):
		frappe.db.set_value("Patient Encounter", name, "encounter_date", day(left))
	jobs.followup_plan_pending()
	return frappe.db.get_value(DISCHARGE, {"source_name": stay.name})


def look() -> None:
	jobs.followup_find_revisits()


def revisit_of(discharge: str) -> Any:
	return frappe.get_doc(REVISIT, {"discharge": discharge})


def stand(discharge: str) -> tuple[str, Any, Any]:
	doc = revisit_of(discharge)
	return doc.status, doc.expected_on, doc.attended_on


def test_the_discharge_brings_the_expected_revisit_with_its_plan(patient) -> None:
	discharge = leave(patient, revisit=7)
	doc = revisit_of(discharge)
	assert (doc.status, doc.expected_on, doc.origin) == ("Expected", day(7), "Discharge")
	assert doc.plan == frappe.db.get_value(DISCHARGE, discharge, "plan")
	assert doc.department == frappe.db.get_value(DISCHARGE, discharge, "department")


def test_a_mistyped_century_does_not_keep_the_stay_from_being_followed_up(patient) -> None:
	discharge = leave(patient, revisit=180 * 365)
	assert frappe.db.get_value(DISCHARGE, discharge, ["revisit_date", "decision"]) == (None, "Planned")
	assert not frappe.db.exists(REVISIT, {"discharge": discharge})


def test_what_the_stay_left_behind_is_no_revisit(patient) -> None:
	discharge = leave(patient, left=-3, revisit=0)
	desk.bill(patient.name, day(-3))
	look()
	assert stand(discharge)[0] == "Expected"


class TestBooked:
	def test_and_kept(self, patient) -> None:
		discharge = leave(patient)
		visit = desk.appointment(patient.name, day(0))
		look()
		doc = revisit_of(discharge)
		assert (doc.status, doc.appointment_doctype, doc.appointment) == (
			"Booked",
			desk.APPOINTMENT,
			visit.name,
		)
		assert str(doc.appointment_at) == f"{day(0)} 09:00:00" and doc.appointment_with
		encounter = desk.keep(visit)
		look()
		doc = revisit_of(discharge)
		assert (doc.status, doc.attended_on) == ("Attended", day(0))
		assert (doc.evidence_doctype, doc.evidence_name) == ("Patient Encounter", encounter.name)
		assert doc.appointment == visit.name

	def test_and_closed_past_every_event(self, patient) -> None:
		discharge = leave(patient)
		visit = desk.appointment(patient.name, day(0))
		desk.set_status(visit, "Closed")
		look()
		assert stand(discharge) == ("Attended", day(0), day(0))

	def test_and_checked_in_is_there(self, patient) -> None:
		discharge = leave(patient)
		desk.set_status(desk.appointment(patient.name, day(0)), "Checked In")
		look()
		assert stand(discharge)[0] == "Attended"

	@pytest.mark.parametrize("status", ["Open", "No Show", "Scheduled"])
	def test_and_missed_whatever_the_appointment_says(self, patient, status) -> None:
		discharge = leave(patient, revisit=-1)
		visit = desk.appointment(patient.name, day(-1))
		desk.set_status(visit, status)
		look()
		assert stand(discharge) == ("Missed", day(-1), None)
		assert revisit_of(discharge).appointment == visit.name

	def test_and_missed_but_seen_without_the_appointment(self, patient) -> None:
		discharge = leave(patient, revisit=-2)
		desk.appointment(patient.name, day(-2))
		look()
		assert stand(discharge)[0] == "Missed"
		desk.walk_in(patient.name, day(-1))
		look()
		assert stand(discharge) == ("Attended", day(-2), day(-1))

	def test_on_the_ward_before_leaving(self, patient) -> None:
		"""Frappe Health writes the stay into an appointment that is made while the patient lies in bed."""
		hospital.admit(patient.name, days_ago=3)
		visit = desk.appointment(patient.name, day(10))
		stay = hospital.discharge(patient.name, followup_date=str(day(10)))
		jobs.followup_plan_pending()
		look()
		assert frappe.db.get_value(desk.APPOINTMENT, visit.name, "inpatient_record") == stay.name
		doc = revisit_of(frappe.db.get_value(DISCHARGE, {"source_name": stay.name}))
		assert (doc.status, doc.appointment) == ("Booked", visit.name)

	def test_paying_in_advance_is_not_coming(self, patient) -> None:
		discharge = leave(patient, revisit=-1)
		visit = desk.appointment(patient.name, day(-1))
		desk.bill(patient.name, day(-3), {"reference_dt": desk.APPOINTMENT, "reference_dn": visit.name})
		look()
		assert stand(discharge) == ("Missed", day(-1), None)

	def test_another_departments_appointment_is_left_alone(self, patient) -> None:
		discharge = leave(patient, revisit=2)
		other = hospital.make_practitioner("Dentistry")
		make.department(
			"Dentistry", mappings=[{"source_doctype": "Medical Department", "source_name": "Dentistry"}]
		)
		desk.appointment(patient.name, day(4), practitioner=other, department="Dentistry")
		look()
		assert stand(discharge) == ("Expected", day(2), None)


class TestRescheduled:
	def test_the_revisit_moves_with_the_appointment(self, patient) -> None:
		discharge = leave(patient, revisit=2)
		visit = desk.appointment(patient.name, day(2))
		look()
		desk.reschedule(visit, day(50))
		look()
		assert stand(discharge) == ("Booked", day(50), None)
		assert revisit_of(discharge).planned_on == day(2)

	def test_a_missed_one_is_booked_again(self, patient) -> None:
		discharge = leave(patient, revisit=-1)
		visit = desk.appointment(patient.name, day(-1))
		look()
		assert stand(discharge)[0] == "Missed"
		desk.reschedule(visit, day(6))
		look()
		assert stand(discharge) == ("Booked", day(6), None)


class TestCancelled:
	def test_the_revisit_is_still_expected(self, patient) -> None:
		discharge = leave(patient, revisit=2)
		visit = desk.appointment(patient.name, day(2))
		look()
		desk.set_status(visit, "Cancelled")
		look()
		doc = revisit_of(discharge)
		assert (doc.status, doc.expected_on, doc.appointment) == ("Expected", day(2), None)

	def test_and_missed_when_the_patient_does_not_come_either(self, patient) -> None:
		discharge = leave(patient, revisit=-2)
		visit = desk.appointment(patient.name, day(-2))
		desk.set_status(visit, "Cancelled")
		look()
		assert stand(discharge) == ("Missed", day(-2), None)

	def test_a_cancelled_encounter_takes_the_visit_back(self, patient) -> None:
		discharge = leave(patient, revisit=-2)
		encounter = desk.walk_in(patient.name, day(-2))
		look()
		assert stand(discharge)[0] == "Attended"
		encounter.cancel()
		look()
		assert stand(discharge) == ("Missed", day(-2), None)
		assert revisit_of(discharge).evidence_name is None


class TestNeverBooked:
	def test_walked_in(self, patient) -> None:
		discharge = leave(patient)
		encounter = desk.walk_in(patient.name)
		look()
		assert stand(discharge) == ("Attended", day(0), day(0))
		assert revisit_of(discharge).evidence_name == encounter.name

	def test_walked_in_days_later(self, patient) -> None:
		discharge = leave(patient, revisit=-5)
		look()
		assert stand(discharge)[0] == "Missed"
		desk.walk_in(patient.name)
		look()
		assert stand(discharge) == ("Attended", day(-5), day(0))

	@pytest.mark.parametrize(("revisit", "status"), [(0, "Expected"), (-1, "Expected"), (-2, "Missed")])
	def test_nothing_found(self, patient, revisit, status) -> None:
		discharge = leave(patient, revisit=revisit)
		look()
		assert stand(discharge)[0] == status

	def test_only_a_bill_of_the_pharmacy(self, patient) -> None:
		discharge = leave(patient, revisit=-1)
		invoice = desk.bill(patient.name, day(0))
		look()
		doc = revisit_of(discharge)
		assert (doc.status, doc.evidence_name) == ("Attended", invoice.name)
		invoice.cancel()
		look()
		assert stand(discharge)[0] == "Expected"

	def test_the_bill_of_the_stay_is_none(self, patient) -> None:
		discharge = leave(patient, revisit=-2)
		stay = frappe.get_doc(hospital.STAY, frappe.db.get_value(DISCHARGE, discharge, "source_name"))
		occupancy = stay.inpatient_occupancies[-1].name
		desk.bill(patient.name, day(-1), {"reference_dt": "Inpatient Occupancy", "reference_dn": occupancy})
		look()
		assert stand(discharge)[0] == "Missed"

	def test_a_bill_before_the_record_was_closed_belongs_to_the_stay(self, patient) -> None:
		"""Discharged can come days late: the final bill is written before it, the patient left long ago."""
		discharge = leave(patient, revisit=-2)
		stay = frappe.db.get_value(DISCHARGE, discharge, "source_name")
		frappe.db.set_value(hospital.STAY, stay, "discharge_datetime", f"{day(-1)} 12:00:00")
		desk.bill(patient.name, day(-1))
		look()
		assert stand(discharge)[0] == "Missed"


class TestReadmitted:
	def test_cancels_the_revisit_and_stands_on_the_discharge(self, patient) -> None:
		discharge = leave(patient, revisit=2)
		stay = hospital.admit(patient.name, days_ago=1)
		jobs.followup_dispatch_tick()
		doc = revisit_of(discharge)
		assert (doc.status, doc.status_reason) == ("Cancelled", "readmitted")
		fields = ["readmitted_on", "readmission_evidence_doctype", "readmission_evidence"]
		assert frappe.db.get_value(DISCHARGE, discharge, fields) == (day(-1), hospital.STAY, stay.name)

	def test_a_cancelled_admission_gives_it_back(self, patient) -> None:
		discharge = leave(patient, revisit=2)
		stay = hospital.admit(patient.name, days_ago=1)
		jobs.followup_dispatch_tick()
		stay.status = "Cancelled"
		stay.save()
		jobs.followup_dispatch_tick()
		assert stand(discharge) == ("Expected", day(2), None)
		assert frappe.db.get_value(DISCHARGE, discharge, ["readmitted_on", "readmission_evidence"]) == (
			None,
			None,
		)

	def test_after_the_interval_the_revisit_is_cancelled_too(self, patient) -> None:
		discharge = leave(patient, left=-60, revisit=2)
		hospital.admit(patient.name, days_ago=1)
		look()
		assert stand(discharge)[0] == "Cancelled"
		jobs.followup_dispatch_tick()
		assert frappe.db.get_value(DISCHARGE, discharge, "readmitted_on") is None
		assert stand(discharge)[0] == "Cancelled"

	def test_who_came_before_has_kept_the_revisit(self, patient) -> None:
		discharge = leave(patient, revisit=-3)
		desk.walk_in(patient.name, day(-3))
		hospital.admit(patient.name, days_ago=1)
		jobs.followup_dispatch_tick()
		look()
		assert stand(discharge) == ("Attended", day(-3), day(-3))


def test_the_event_wakes_the_look(patient, worker) -> None:
	discharge = leave(patient)
	desk.walk_in(patient.name)
	frappe.db.commit()  # reason: the worker must see it
	worker.run_until_empty()
	frappe.db.rollback()
	assert stand(discharge)[0] == "Attended"


def test_looking_twice_changes_nothing(patient) -> None:
	discharge = leave(patient, revisit=-2)
	desk.appointment(patient.name, day(-2))
	look()
	before = revisit_of(discharge).as_dict()
	look()
	jobs.followup_dispatch_tick()
	assert revisit_of(discharge).as_dict() == before


def test_a_mistake_of_ours_never_fails_the_hospitals_save(patient, monkeypatch) -> None:
	leave(patient)
	monkeypatch.setattr("hospital_followup.services.wake.check_revisits_after_commit", None)
	assert desk.walk_in(patient.name).docstatus == 1
