"""The brief on a site with Frappe Health: its record, as far as Frappe Health lets the caller read it."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.engine.ports import MedicalRecordReader
from hospital_followup.services.brief import brief
from hospital_followup.services.planning import plan_discharges
from hospital_followup.sources.registry import intake_for, source_for
from hospital_followup.tests import factories as make
from tests.support import frappe_health as hospital
from tests.support.queries import count_queries

pytestmark = pytest.mark.site("health")

SPECIALIST = "Follow-up Specialist"
DISCHARGE = "Patient Discharge"
AT_ADMISSION = {"drug_name": "Heparin", "dosage": "1-0-1", "period": "1 Week"}
AT_HOME = {
	"drug_name": "阿司匹林肠溶片",
	"dosage": "1-0-0",
	"strength": 100,
	"period": "1 Month",
	"comment": "饭后服用",
}


@pytest.fixture(autouse=True)
def _hospital() -> None:
	hospital.settings()


@pytest.fixture
def task() -> frappe._dict:
	"""The first contact after a stay that was admitted on one list of medicines and discharged on another."""
	failure = hospital.make_diagnosis("Heart failure", "I50.9")
	diabetes = hospital.make_diagnosis("2 型糖尿病")
	patient = hospital.make_patient(allergies="Penicillin", medical_history="Hypertension\nGout")
	stay = hospital.admit(patient.name, days_ago=5, diagnoses=(failure,), medicines=(AT_ADMISSION,))
	visit = hospital.make_encounter(
		patient.name, diagnoses=(failure, diabetes), medicines=(AT_HOME,), tests=("NT-proBNP",)
	)
	hospital.make_lab_test(patient.name, "Blood culture")
	# Frappe Health does not let a patient go while an ordered test is open: here the order to discharge counts.
	frappe.db.set_single_value("Follow-up Settings", "trigger_status", "Discharge Scheduled")
	hospital.order_discharge(
		patient.name, discharge_encounter=visit.name, discharge_instructions="Salt-free diet"
	)
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	plan_discharges([name], cause="test")
	return make.tasks_of(frappe.db.get_value(DISCHARGE, name, "plan"))[0]


def test_the_adapters_read_records() -> None:
	for adapter in (source_for("Patient"), intake_for(hospital.STAY)):
		assert isinstance(adapter, MedicalRecordReader)
		assert adapter.record("nothing") is None


def test_a_doctor_of_the_hospital_sees_the_record(task, as_user) -> None:
	with as_user("Follow-up Doctor", "Physician", "Laboratory User"):
		facts = brief(task.name)
	why = facts["why"]
	assert [row["drug"] for row in why["medicines"]] == ["阿司匹林肠溶片"]
	dosage = why["medicines"][0]["dosage"]
	assert dosage.startswith("100") and all(
		part in dosage for part in ("1-0-0", "Tablet", "1 Month", "饭后服用")
	)
	assert {row["title"] for row in why["diagnoses"]} == {"Heart failure", "2 型糖尿病"}
	assert (why["allergies"], why["conditions"]) == ("Penicillin", ["Hypertension", "Gout"])
	assert why["instructions"] == "Salt-free diet"
	assert len(why["pending_results"]) == 1 and why["pending_results"][0].startswith("Blood culture")
	assert facts["due"]["tests"] == ["NT-proBNP"]
	assert why["record"]["doctype"] == hospital.STAY and not why["record_withheld"]


def test_without_a_role_in_frappe_health_neither_link_nor_facts_are_shown(task, as_user) -> None:
	with as_user(SPECIALIST):
		facts = brief(task.name)
	why = facts["why"]
	assert why["record"] is None and why["record_withheld"] is True
	assert (why["medicines"], facts["due"]["tests"], why["pending_results"], why["conditions"]) == (
		[],
		[],
		[],
		[],
	)
	# What the intake brought into the discharge is ours to show.
	assert why["instructions"] == "Salt-free diet" and why["allergies"] == "Penicillin"


def test_a_nurse_sees_the_stay_without_what_only_physicians_read(task, as_user) -> None:
	with as_user(SPECIALIST, "Nursing User"):
		why = brief(task.name)["why"]
	assert why["record"] == {
		"doctype": hospital.STAY,
		"name": frappe.db.get_value(DISCHARGE, task.discharge, "source_name"),
	}
	# Encounters are closed to nurses: the list of the admission must not stand in for the one to take home.
	assert why["medicines"] == [] and why["record_withheld"] is True
	assert why["conditions"] == ["Hypertension", "Gout"]


def test_a_user_permission_of_the_hospital_counts(task, as_user) -> None:
	other = hospital.make_patient("别人")
	with as_user("Follow-up Doctor", "Physician") as user:
		frappe.set_user("Administrator")
		frappe.permissions.add_user_permission("Patient", other.name, user)
		frappe.set_user(user)
		why = brief(task.name)["why"]
	assert why["record"] is None and why["medicines"] == []


def test_a_discharge_typed_by_hand_reads_the_patient(as_user) -> None:
	patient = hospital.make_patient(allergies="Latex", medication="Metformin 500 mg twice daily")
	ours = make.patient(source_doctype="Patient", source_name=patient.name)
	task = make.tasks_of(make.discharge(ours.name).plan)[0]
	with as_user(SPECIALIST, "Nursing User"):
		why = brief(task.name)["why"]
	assert why["record"] == {"doctype": "Patient", "name": patient.name}
	assert why["allergies"] == "Latex"
	assert [row["drug"] for row in why["medicines"]] == ["Metformin 500 mg twice daily"]


def test_a_record_that_cannot_be_read_does_not_stop_the_call(task, monkeypatch) -> None:
	from hospital_followup.sources import marley_record

	def broken(name: str) -> None:
		raise AttributeError(name)

	monkeypatch.setattr(marley_record, "of_stay", broken)
	why = brief(task.name)["why"]
	assert why["record_withheld"] is True and why["discharge"] == task.discharge


def test_it_costs_the_same_however_long_the_record(task, as_user) -> None:
	patient = frappe.db.get_value("Follow-up Patient", task.patient, "source_name")
	with as_user("Follow-up Doctor", "Physician", "Laboratory User"):
		short = count_queries(lambda: brief(task.name))
	for number in range(8):
		hospital.make_encounter(patient, medicines=(AT_HOME,) * 5)
		hospital.make_lab_test(patient, f"Lab {number}")
	with as_user("Follow-up Doctor", "Physician", "Laboratory User"):
		assert count_queries(lambda: brief(task.name)) == short <= 70
