"""A patient died in hospital: nobody calls the family because of any plan, and a wrong entry can be put right."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import jobs
from hospital_followup.tests import factories
from tests.support import frappe_health as hospital

DISCHARGE, PATIENT, PLAN, TASK = "Patient Discharge", "Follow-up Patient", "Follow-up Plan", "Follow-up Task"


@pytest.fixture(autouse=True)
def _policy() -> None:
	factories.standard_policy()


def plan_status(discharge: str) -> str:
	return frappe.db.get_value(PLAN, {"discharge": discharge}, "status")


def undone(patient: str) -> int:
	return frappe.db.count(TASK, {"patient": patient, "status": ("in", ("Scheduled", "Open", "In Progress"))})


class TestByForm:
	@pytest.fixture
	def earlier(self):
		return factories.discharge(discharge_date=add_days(today(), -5), given_risk_tier="Low")

	@pytest.fixture
	def last(self, earlier):
		return factories.discharge(earlier.patient, disposition="Deceased")

	def test_every_plan_of_the_patient_stops(self, earlier, last) -> None:
		assert (last.decision, last.decision_reason) == ("Excluded", "deceased")
		assert plan_status(earlier.name) == "Stopped" and undone(earlier.patient) == 0
		patient = frappe.db.get_value(PATIENT, earlier.patient, ["status", "deceased_on"])
		assert patient == ("Deceased", getdate(today()))

	@pytest.mark.parametrize("how", ["disposition", "cancelled"])
	def test_a_wrong_entry_is_put_right(self, earlier, last, how) -> None:
		last.reload()
		last.update({"disposition": "Home"} if how == "disposition" else {"cancelled": 1})
		last.save()
		assert frappe.db.get_value(PATIENT, earlier.patient, ["status", "deceased_on"]) == ("Active", None)
		last.reload()
		assert last.decision == ("Planned" if how == "disposition" else "Excluded")
		followed = last.name if how == "disposition" else earlier.name
		assert plan_status(followed) == "Active" and undone(earlier.patient) > 0

	def test_a_death_that_was_told_otherwise_stays(self, earlier, last) -> None:
		frappe.db.set_value(PATIENT, earlier.patient, "deceased_on", add_days(today(), -1))
		last.reload()
		last.disposition = "Home"
		last.save()
		assert frappe.db.get_value(PATIENT, earlier.patient, "status") == "Deceased"


@pytest.mark.site("health")
@pytest.mark.commits
def test_staff_enter_it_on_a_discharge_that_frappe_health_sent() -> None:
	"""Frappe Health has no field for it: it is ours, and the hospital's later edits leave it alone."""
	hospital.settings()
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	jobs.followup_plan_pending()
	doc = frappe.get_doc(DISCHARGE, {"source_name": stay.name})
	assert doc.decision == "Planned"

	doc.disposition = "Deceased"
	doc.save()
	stay.append("diagnosis", {"diagnosis": hospital.make_diagnosis("Sepsis", "A41.9")})
	stay.save()
	jobs.followup_plan_pending()
	doc.reload()
	assert (doc.disposition, doc.decision, doc.decision_reason) == ("Deceased", "Excluded", "deceased")
	assert plan_status(doc.name) == "Stopped" and undone(doc.patient) == 0

	doc.disposition = "Home"
	doc.save()
	doc.reload()
	assert doc.decision == "Planned" and plan_status(doc.name) == "Active" and undone(doc.patient) > 0
