"""A patient is back in hospital: earlier follow-up stops, and goes on when the admission came to nothing."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import jobs
from hospital_followup.tests import factories
from tests.support import frappe_health as hospital

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

DISCHARGE, PLAN, TASK = "Patient Discharge", "Follow-up Plan", "Follow-up Task"


@pytest.fixture
def patient() -> frappe.model.document.Document:
	hospital.settings()
	factories.standard_policy()
	return hospital.make_patient()


@pytest.fixture
def first(patient) -> str:
	"""A planned discharge of yesterday; its name."""
	hospital.admit(patient.name, days_ago=6)
	stay = hospital.discharge(patient.name)
	stay.inpatient_occupancies[-1].check_out = f"{add_days(today(), -1)} 09:00:00"
	stay.save()
	jobs.followup_plan_pending()
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	assert frappe.db.get_value(DISCHARGE, name, "decision") == "Planned"
	return name


def plan_of(discharge: str) -> frappe.model.document.Document:
	return frappe.get_doc(PLAN, {"discharge": discharge})


def open_tasks(discharge: str) -> int:
	return frappe.db.count(TASK, {"discharge": discharge, "status": ("in", ("Scheduled", "Open"))})


def test_an_ordered_admission_changes_nothing(patient, first) -> None:
	hospital.order_admission(patient.name)
	jobs.followup_settle_admissions()
	assert plan_of(first).status == "Active"


def test_the_admission_stops_the_plan_and_is_recorded(patient, first) -> None:
	planned = open_tasks(first)
	stay = hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	plan, doc = plan_of(first), frappe.get_doc(DISCHARGE, first)
	assert (plan.status, plan.stop_reason) == ("Stopped", "readmitted")
	assert planned and open_tasks(first) == 0
	assert doc.readmitted_on == getdate(stay.admitted_datetime)


def test_settling_twice_changes_nothing(patient, first) -> None:
	hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	before = plan_of(first).as_dict(), frappe.get_doc(DISCHARGE, first).as_dict()
	jobs.followup_settle_admissions()
	jobs.followup_dispatch_tick()
	assert (plan_of(first).as_dict(), frappe.get_doc(DISCHARGE, first).as_dict()) == before


@pytest.mark.parametrize("how", ["Cancelled", "Admission Scheduled", "deleted"])
def test_an_admission_that_came_to_nothing_gives_the_plan_back(patient, first, how) -> None:
	planned = open_tasks(first)
	stay = hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	if how == "deleted":
		frappe.db.set_value("Patient", patient.name, "inpatient_record", None)
		frappe.db.set_value("Patient Encounter", {"inpatient_record": stay.name}, "inpatient_record", None)
		frappe.delete_doc(hospital.STAY, stay.name)
	else:
		stay.status = how
		stay.save()
	jobs.followup_settle_admissions()
	assert plan_of(first).status == "Active"
	assert open_tasks(first) == planned
	doc = frappe.get_doc(DISCHARGE, first)
	assert (doc.readmitted_on, doc.readmission_key, doc.readmission_state) == (None, None, None)


def test_the_readmission_has_a_plan_of_its_own_once_it_ends(patient, first) -> None:
	hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	stay = hospital.discharge(patient.name)
	jobs.followup_plan_pending()
	second = frappe.get_doc(DISCHARGE, {"source_name": stay.name})
	assert second.decision == "Planned" and plan_of(second.name).status == "Active"
	assert plan_of(first).status == "Stopped"


def test_a_short_readmission_that_no_job_saw_is_recorded_too(patient, first) -> None:
	hospital.admit(patient.name, days_ago=0)
	hospital.discharge(patient.name)
	jobs.followup_dispatch_tick()
	assert frappe.db.get_value(DISCHARGE, first, "readmitted_on") == getdate(today())
	assert plan_of(first).status == "Stopped"


def test_a_discharge_that_is_planned_after_the_patient_came_back_stops_too(patient) -> None:
	hospital.admit(patient.name, days_ago=6)
	stay = hospital.discharge(patient.name)
	hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	jobs.followup_dispatch_tick()
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	assert (plan_of(name).status, plan_of(name).stop_reason, open_tasks(name)) == ("Stopped", "readmitted", 0)


def test_after_the_interval_the_plan_stops_but_it_is_no_readmission(patient, first) -> None:
	frappe.db.set_single_value("Follow-up Settings", "readmission_days", 0)
	hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	assert plan_of(first).status == "Stopped"
	assert frappe.db.get_value(DISCHARGE, first, "readmitted_on") is None


def test_an_admission_that_no_event_told_is_found_by_the_dispatcher(patient, first) -> None:
	stay = hospital.order_admission(patient.name)
	values = {"status": "Admitted", "admitted_datetime": frappe.utils.now_datetime()}
	frappe.db.set_value(hospital.STAY, stay.name, values)
	frappe.db.commit()  # reason: written past every event, as a migration or a script does
	jobs.followup_dispatch_tick()
	assert plan_of(first).stop_reason == "readmitted"


def test_a_stop_by_a_person_is_not_taken_back_by_a_cancelled_admission(patient, first) -> None:
	from hospital_followup.services import plans

	plans.stop(plan_of(first).name, "Moved abroad")
	stay = hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	stay.status = "Cancelled"
	stay.save()
	jobs.followup_settle_admissions()
	assert (plan_of(first).status, plan_of(first).stop_reason) == ("Stopped", "Moved abroad")


def test_a_programme_pauses_and_goes_on(patient, first) -> None:
	follow_up_patient = frappe.db.get_value(DISCHARGE, first, "patient")
	programme = frappe.get_doc(
		{
			"doctype": PLAN,
			"patient": follow_up_patient,
			"purpose": "Programme",
			"status": "Active",
			"key": "p|Programme",
		}
	).insert()
	stay = hospital.admit(patient.name, days_ago=0)
	jobs.followup_settle_admissions()
	programme.reload()
	assert (programme.status, programme.pause_reason) == ("Paused", "readmitted")

	hospital.discharge(patient.name)
	assert stay.name
	jobs.followup_settle_admissions()
	programme.reload()
	assert programme.status == "Active"


class TestToldInACall:
	"""The patient says that another hospital has admitted them; no source of this site knows."""

	@pytest.fixture
	def told(self, first):
		task = frappe.get_doc(TASK, {"discharge": first})
		task.db_set({"status": "Open", "opens_on": today(), "due_date": today()})
		return factories.log(task, "Readmitted")

	def test_the_dispatcher_takes_nothing_back(self, first, told) -> None:
		jobs.followup_dispatch_tick()
		assert plan_of(first).stop_reason == "readmitted"

	def test_a_cancelled_admission_here_takes_nothing_back_either(self, patient, first, told) -> None:
		stay = hospital.admit(patient.name, days_ago=0)
		jobs.followup_settle_admissions()
		stay.status = "Cancelled"
		stay.save()
		jobs.followup_settle_admissions()
		assert plan_of(first).status == "Stopped"
		told.reload()
		told.cancel()
		assert plan_of(first).status == "Active"

	def test_a_programme_stays_paused(self, first, told) -> None:
		programme = frappe.get_doc(
			{
				"doctype": PLAN,
				"patient": told.patient,
				"purpose": "Programme",
				"status": "Paused",
				"pause_reason": "readmitted",
				"key": "p|Programme",
			}
		).insert()
		jobs.followup_dispatch_tick()
		programme.reload()
		assert programme.status == "Paused"
