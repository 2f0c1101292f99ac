"""Frappe Health, moved by its own buttons: what becomes of a stay in the ledger."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from tests.support import frappe_health as hospital

pytestmark = pytest.mark.site("health")

DISCHARGE = "Patient Discharge"


@pytest.fixture(autouse=True)
def _hospital() -> None:
	hospital.settings()


def discharge_of(stay) -> frappe.model.document.Document:
	return frappe.get_doc(DISCHARGE, {"source_doctype": hospital.STAY, "source_name": stay.name})


def test_discharge_by_the_buttons_becomes_a_pending_discharge_with_its_facts() -> None:
	failure = hospital.make_diagnosis("Heart failure", "I50.9")
	hypertension = hospital.make_diagnosis("I10.x00 高血压")
	patient = hospital.make_patient()
	hospital.admit(patient.name, days_ago=5, diagnoses=(failure, hypertension))
	assert not frappe.db.exists(DISCHARGE, {"patient_name": patient.patient_name})

	stay = hospital.discharge(
		patient.name, followup_date=add_days(today(), 14), discharge_instructions="Salt-free diet"
	)

	doc = discharge_of(stay)
	assert doc.decision == "Pending"
	assert (doc.admission_date, doc.discharge_date) == (getdate(add_days(today(), -5)), getdate(today()))
	assert (doc.length_of_stay, doc.company, doc.department) == ("5", hospital.COMPANY, "Cardiology")
	assert doc.attending_doctor == "李 医生"
	assert [(row.code, row.title, row.primary) for row in doc.diagnoses] == [
		("I50.9", "Heart failure", 1),
		("I10.x00", "I10.x00 高血压", 0),
	]
	assert (doc.revisit_date, doc.instructions) == (getdate(add_days(today(), 14)), "Salt-free diet")
	assert (doc.emergency_admission or "", doc.ed_visits or "", doc.admissions_12m or "") == ("", "", "")


def test_the_hospitals_staff_need_no_role_of_ours(as_user) -> None:
	patient = hospital.make_patient()
	stay = hospital.admit(patient.name)
	with as_user("Physician", "Nursing User"):
		hospital.order_discharge(patient.name)
		mine = frappe.get_doc(hospital.STAY, stay.name)
		mine.discharge()
		assert not frappe.has_permission(DISCHARGE, "read")
	assert discharge_of(stay).decision == "Pending"


def test_nothing_happens_before_the_discharge() -> None:
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	hospital.order_discharge(patient.name)
	assert not frappe.db.exists(DISCHARGE, {"source_doctype": hospital.STAY})
	assert not frappe.db.exists("Follow-up Patient", {"source_name": patient.name})


def test_the_trigger_status_is_a_setting() -> None:
	settings = frappe.get_single("Follow-up Settings")
	settings.trigger_status = "Discharge Scheduled"
	settings.save()
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	ordered = hospital.order_discharge(patient.name)
	first = discharge_of(ordered)

	stay = hospital.discharge(patient.name)

	assert (first.decision, first.discharge_date) == ("Pending", getdate(today()))
	assert discharge_of(stay).name == first.name
	assert frappe.db.count(DISCHARGE, {"source_name": stay.name}) == 1


def test_a_refused_discharge_leaves_nothing() -> None:
	hospital.settings(allow_discharge_despite_unbilled_services=0)
	patient = hospital.make_patient()
	stay = hospital.admit(patient.name)
	visit = hospital.make_encounter(patient.name)
	visit.db_set("inpatient_record", stay.name)
	stay = hospital.order_discharge(patient.name)
	with pytest.raises(frappe.ValidationError):
		stay.discharge()
	assert not frappe.db.exists(DISCHARGE, {"source_name": stay.name})


class TestTheDayThePatientLeft:
	"""*Discharged* can come days late; the bed knows better."""

	def stay(self, **values) -> frappe.model.document.Document:
		patient = hospital.make_patient()
		stay = hospital.admit(patient.name, days_ago=9)
		for row in stay.inpatient_occupancies:
			row.update({"left": 1, "check_out": values.get("check_out")})
		stay.update(
			{
				field: values[field]
				for field in ("discharge_datetime", "discharge_ordered_date")
				if field in values
			}
		)
		stay.status = "Discharged"
		return stay.save()

	def days_back(self, stay) -> int:
		return (getdate(today()) - discharge_of(stay).discharge_date).days

	def test_it_is_the_last_check_out(self) -> None:
		stay = self.stay(
			check_out=f"{add_days(today(), -3)} 10:00:00",
			discharge_datetime=f"{add_days(today(), -1)} 16:00:00",
			discharge_ordered_date=add_days(today(), -4),
		)
		assert self.days_back(stay) == 3

	def test_else_the_discharge(self) -> None:
		stay = self.stay(
			discharge_datetime=f"{add_days(today(), -1)} 16:00:00",
			discharge_ordered_date=add_days(today(), -4),
		)
		assert self.days_back(stay) == 1

	def test_else_the_order(self) -> None:
		assert self.days_back(self.stay(discharge_ordered_date=add_days(today(), -4))) == 4

	def test_else_the_day_it_was_recorded(self) -> None:
		assert self.days_back(self.stay()) == 0


class TestAfterwards:
	"""The hospital goes on working on the record of a stay that has ended."""

	@pytest.fixture
	def stay(self) -> frappe.model.document.Document:
		patient = hospital.make_patient()
		hospital.admit(patient.name, days_ago=5)
		return hospital.discharge(patient.name)

	def test_saving_again_changes_nothing(self, stay) -> None:
		before = discharge_of(stay).as_dict()
		stay.save()
		stay.save()
		assert discharge_of(stay).as_dict() == before
		assert frappe.db.count("Version", {"docname": before.name}) == 0

	def test_an_edit_arrives_in_the_same_discharge(self, stay) -> None:
		name = discharge_of(stay).name
		decided(name)
		stay.inpatient_occupancies[-1].check_out = f"{add_days(today(), -2)} 10:00:00"
		stay.append("diagnosis", {"diagnosis": hospital.make_diagnosis("Pneumonia", "J18.9")})
		stay.save()
		doc = discharge_of(stay)
		assert doc.name == name
		assert (doc.discharge_date, doc.length_of_stay) == (getdate(add_days(today(), -2)), "3")
		assert [row.code for row in doc.diagnoses] == ["J18.9"]
		assert doc.decision == "Pending"

	def test_an_edit_that_planning_does_not_depend_on_leaves_the_decision(self, stay) -> None:
		name = discharge_of(stay).name
		decided(name)
		stay.discharge_instructions = "Walk every day"
		stay.save()
		assert frappe.db.get_value(DISCHARGE, name, ["instructions", "decision"]) == (
			"Walk every day",
			"Planned",
		)

	def test_what_staff_corrected_stays_until_the_hospital_changes_it(self, stay) -> None:
		doc = discharge_of(stay)
		doc.append("diagnoses", {"code": "I50.9", "title": "Heart failure"})
		doc.update({"attending_doctor": "Dr Zhou", "emergency_admission": "Yes"})
		doc.flags.plan_later = True
		doc.save()

		stay.discharge_instructions = "Walk every day"
		stay.save()

		doc.reload()
		assert [row.code for row in doc.diagnoses] == ["I50.9"]
		assert (doc.attending_doctor, doc.emergency_admission) == ("Dr Zhou", "Yes")
		assert doc.instructions == "Walk every day"

	def test_taken_back_and_discharged_again(self, stay) -> None:
		name = discharge_of(stay).name
		decided(name)
		stay.status = "Admitted"
		stay.save()
		doc = discharge_of(stay)
		assert (doc.name, doc.cancelled, doc.decision) == (name, 1, "Pending")
		assert stay.name in doc.cancel_reason

		stay.status = "Discharged"
		stay.save()
		doc = discharge_of(stay)
		assert (doc.name, doc.cancelled, doc.cancel_reason, doc.decision) == (name, 0, None, "Pending")

	def test_a_deleted_record_cancels_its_discharge_and_may_be_deleted(self, stay) -> None:
		name = discharge_of(stay).name
		frappe.db.set_value("Patient Encounter", {"inpatient_record": stay.name}, "inpatient_record", None)
		frappe.delete_doc(hospital.STAY, stay.name)
		doc = frappe.get_doc(DISCHARGE, name)
		assert (doc.cancelled, doc.decision, doc.source_name) == (1, "Pending", None)
		assert stay.name in doc.external_id

	def test_an_old_record_that_is_tidied_up_is_no_new_discharge(self, stay) -> None:
		frappe.db.set_single_value("Follow-up Settings", "ledger_from", today())
		frappe.delete_doc(DISCHARGE, discharge_of(stay).name, force=True)
		stay.inpatient_occupancies[-1].check_out = f"{add_days(today(), -3)} 10:00:00"
		stay.save()
		assert not frappe.db.exists(DISCHARGE, {"source_name": stay.name})


def decided(name: str) -> None:
	"""The dispatcher has been there."""
	frappe.db.set_value(DISCHARGE, name, "decision", "Planned")


class TestFacts:
	def test_the_diagnoses_of_the_discharge_come_before_those_of_the_admission(self) -> None:
		pain = hospital.make_diagnosis("Chest pain", "R07.4")
		infarction = hospital.make_diagnosis("Myocardial infarction", "I21.9")
		patient = hospital.make_patient()
		hospital.admit(patient.name, diagnoses=(pain,))
		last_visit = hospital.make_encounter(patient.name, diagnoses=(infarction, pain))
		doc = discharge_of(hospital.discharge(patient.name, discharge_encounter=last_visit.name))
		assert [(row.code, row.title, row.primary) for row in doc.diagnoses] == [
			("I21.9", "Myocardial infarction", 1),
			("R07.4", "Chest pain", 0),
		]

	def test_codes_that_the_encounter_carries_count_too(self) -> None:
		patient = hospital.make_patient()
		hospital.admit(patient.name)
		visit = hospital.make_encounter(patient.name, codes=("E11.9",))
		doc = discharge_of(hospital.discharge(patient.name, discharge_encounter=visit.name))
		assert [(row.code, row.primary) for row in doc.diagnoses] == [("E11.9", 1)]

	def test_earlier_admissions_are_unknown_while_the_records_are_young(self) -> None:
		patient = hospital.make_patient()
		hospital.admit(patient.name)
		assert not discharge_of(hospital.discharge(patient.name)).admissions_12m

	def test_earlier_admissions_are_counted_once_the_records_reach_back_a_year(self) -> None:
		oldest = hospital.make_patient("赵国强")
		hospital.admit(oldest.name, days_ago=500)
		hospital.discharge(oldest.name)
		patient = hospital.make_patient()
		for days_ago in (400, 200, 40):
			stay = hospital.admit(patient.name, days_ago=days_ago)
			hospital.discharge(patient.name)
			stay.reload()
		hospital.admit(patient.name, days_ago=4)
		assert discharge_of(hospital.discharge(patient.name)).admissions_12m == "2"

	def test_procedures_of_the_stay_with_their_day(self) -> None:
		patient = hospital.make_patient()
		stay = hospital.admit(patient.name, days_ago=5)
		stay.append(
			"procedure_prescription",
			{"procedure": make_procedure("Cholecystectomy"), "date": add_days(today(), -4)},
		)
		stay.append(
			"procedure_prescription",
			{"procedure": make_procedure("Colonoscopy"), "date": add_days(today(), 30)},
		)
		stay.save()
		carried_out = {
			"inpatient_record": stay.name,
			"start_date": add_days(today(), -2),
			"company": hospital.COMPANY,
		}
		stent = {"doctype": "Clinical Procedure", "patient": patient.name, **carried_out}
		done = frappe.get_doc({**stent, "procedure_template": make_procedure("Coronary stent")}).insert()
		done.db_set("status", "Completed")
		doc = discharge_of(hospital.discharge(patient.name))
		assert [(row.title, row.performed_on) for row in doc.procedures] == [
			("Coronary stent", getdate(add_days(today(), -2))),
			("Cholecystectomy", getdate(add_days(today(), -4))),
			("Colonoscopy", None),
		]

	def test_dates_that_contradict_each_other_are_unknown(self) -> None:
		patient = hospital.make_patient()
		stay = hospital.admit(patient.name, days_ago=2)
		stay.inpatient_occupancies[-1].update({"left": 1, "check_in": f"{add_days(today(), -6)} 08:00:00"})
		stay.inpatient_occupancies[-1].check_out = f"{add_days(today(), -5)} 08:00:00"
		stay.status = "Discharged"
		stay.save()
		doc = discharge_of(stay)
		assert (doc.admission_date, doc.length_of_stay or None) == (None, None)
		assert doc.discharge_date == getdate(add_days(today(), -5))

	def test_the_department_is_made_once_and_kept(self) -> None:
		for name in ("王秀兰", "李桂芳"):
			patient = hospital.make_patient(name)
			hospital.admit(patient.name)
			hospital.discharge(patient.name)
		departments = frappe.get_all("Follow-up Department", filters={"department_name": "Cardiology"})
		mappings = frappe.get_all(
			"Follow-up Department Mapping",
			filters={"source_doctype": "Medical Department", "source_name": "Cardiology"},
		)
		assert (len(departments), len(mappings)) == (1, 1)


def make_procedure(title: str) -> str:
	if not frappe.db.exists("Clinical Procedure Template", title):
		frappe.get_doc(
			{
				"doctype": "Clinical Procedure Template",
				"template": title,
				"item_code": title,
				"item_group": "Services",
				"description": title,
				"medical_department": hospital.make_department("Cardiology"),
			}
		).insert()
	return title
