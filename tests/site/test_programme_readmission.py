"""A patient in a programme is admitted again: the programme rests for as long as the stay lasts, the discharge has a plan."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import jobs
from hospital_followup.tests import factories
from tests.site.programme_samples import ENROLMENT, TASK, after_days, enrolled, open_days, plan_of, tasks_of
from tests.support import frappe_health as hospital

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

DISCHARGE = "Patient Discharge"


@pytest.fixture
def person() -> str:
	"""A patient of the hospital who has been at home since today."""
	hospital.settings()
	factories.standard_policy()
	patient = hospital.make_patient()
	hospital.admit(patient.name, days_ago=6)
	hospital.discharge(patient.name)
	jobs.followup_plan_pending()
	return patient.name


def test_it_rests_during_the_stay_and_goes_on_after_it(person) -> None:
	follow_up_patient = frappe.db.get_value(DISCHARGE, {"patient": ("is", "set")}, "patient")
	enrolment = enrolled(follow_up_patient, after_days(20, 50))
	frappe.db.commit()  # reason: the jobs commit
	hospital.admit(person, days_ago=0)
	jobs.followup_settle_admissions()
	assert frappe.db.get_value(ENROLMENT, enrolment.name, ["status", "status_reason"]) == (
		"Paused",
		"readmitted",
	)
	assert {row.on_hold for row in tasks_of(enrolment, status="Scheduled")} == {1}

	hospital.discharge(person)
	jobs.followup_settle_admissions()
	jobs.followup_dispatch_tick()
	assert frappe.db.get_value(ENROLMENT, enrolment.name, "status") == "Active"
	assert plan_of(enrolment).status == "Active"
	assert open_days(enrolment)
	days = frappe.get_all(
		TASK,
		filters={"patient": follow_up_patient, "status": ("in", ("Scheduled", "Open")), "kind": "Planned"},
		pluck="due_date",
		order_by="due_date",
	)
	assert len(days) == len(set(days))
