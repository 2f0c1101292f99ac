"""From a visit to the outpatient department into a programme: through Frappe Health's own document, which never suffers."""

from __future__ import annotations

import sys
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime

from hospital_followup import jobs, services
from hospital_followup.services import missed_events, programme_visits
from hospital_followup.sources import marley_encounter
from hospital_followup.tests import factories
from tests.site.programme_rule_samples import ENROLMENT, PATIENT, rule
from tests.site.programme_samples import monthly
from tests.support import frappe_health as hospital
from tests.support.queries import count_queries

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

HYPERTENSION = {"conditions": [{"code": "I10", "title": "Hypertension"}]}


@pytest.fixture(autouse=True)
def _hospital(site: Any) -> None:
	hospital.settings()
	factories.standard_policy()
	hospital.make_diagnosis("原发性高血压", "I10.x00")
	hospital.make_diagnosis("2 型糖尿病", "E11.900")


@pytest.fixture
def doc() -> Any:
	return rule(monthly(), on_visit=1, nightly=0, **HYPERTENSION)


def visit(patient: Any, diagnosis: str = "原发性高血压", **values: Any) -> Any:
	encounter = hospital.make_encounter(patient.name, diagnoses=(diagnosis,), **values)
	frappe.db.commit()  # reason: what follows comes after the commit
	return encounter


def enrolments() -> list[tuple[str, str, str]]:
	"""(Frappe Health's patient, status, how) of every enrolment."""
	frappe.db.rollback()  # a fresh view of what the worker has committed
	rows = frappe.get_all(
		ENROLMENT, fields=["patient", "status", "enrolled_through"], order_by="creation, name"
	)
	return [
		(frappe.db.get_value(PATIENT, row.patient, "source_name"), row.status, row.enrolled_through)
		for row in rows
	]


def test_a_submitted_encounter_enrols_after_the_commit(doc: Any, worker: Any) -> None:
	patient = hospital.make_patient()
	visit(patient)
	assert enrolments() == []
	worker.run_until_empty()
	assert enrolments() == [(patient.name, "Paused", "Outpatient Visit")]


def test_who_has_something_else_does_not_even_become_a_patient_of_ours(doc: Any, worker: Any) -> None:
	visit(hospital.make_patient(), "2 型糖尿病")
	worker.run_until_empty()
	assert (enrolments(), frappe.db.count(PATIENT)) == ([], 0)
	assert frappe.db.count("Follow-up Department", {"department_name": "Cardiology"}) == 0


def test_twice_is_once_and_the_next_visit_too(doc: Any) -> None:
	patient = hospital.make_patient()
	for encounter in (visit(patient), visit(patient)):
		for _time in range(2):
			jobs.followup_enrol_after_visit(encounter.name)
	assert len(enrolments()) == 1


def test_the_code_of_the_visit_itself_counts(doc: Any) -> None:
	patient = hospital.make_patient()
	encounter = hospital.make_encounter(patient.name, codes=("I10.x00",))
	jobs.followup_enrol_after_visit(encounter.name)
	assert len(enrolments()) == 1


def test_the_department_of_the_visit_counts() -> None:
	ward = factories.department("Cardiology")
	rule(monthly(), on_visit=1, nightly=0, departments=[{"department": ward}])
	for department in ("Cardiology", "Dermatology"):
		encounter = visit(hospital.make_patient(), department=department)
		jobs.followup_enrol_after_visit(encounter.name)
	assert len(enrolments()) == 1


def test_a_draft_and_a_cancelled_visit_are_none(doc: Any) -> None:
	encounter = visit(hospital.make_patient())
	encounter.cancel()
	jobs.followup_enrol_after_visit(encounter.name)
	assert enrolments() == []


def test_who_left_stays_left(doc: Any) -> None:
	patient = hospital.make_patient()
	jobs.followup_enrol_after_visit(visit(patient).name)
	enrolment = frappe.get_last_doc(ENROLMENT)
	enrolment.update({"status": "Left", "status_reason": "Moved away"}).save()
	jobs.followup_enrol_after_visit(visit(patient).name)
	assert [status for _patient, status, _through in enrolments()] == ["Left"]


def test_a_wake_up_that_was_lost_is_made_up_for_at_night(doc: Any) -> None:
	patient = hospital.make_patient()
	visit(patient)
	jobs.followup_enrol_by_rule()
	assert enrolments() == [(patient.name, "Paused", "Outpatient Visit")]
	seen: list[str] = []
	original = marley_encounter.read
	marley_encounter.read = lambda name: seen.append(name) or original(name)
	try:
		frappe.db.set_value(
			"Patient Encounter", {"patient": patient.name}, "modified", "2020-01-01", update_modified=False
		)
		later = visit(hospital.make_patient("李四", mobile="13912345678"), "2 型糖尿病")
		jobs.followup_enrol_by_rule()
	finally:
		marley_encounter.read = original
	assert seen == [later.name]


def test_one_visit_that_fails_keeps_no_other_and_is_tried_again(doc: Any) -> None:
	patients = [hospital.make_patient(), hospital.make_patient("李四", mobile="13912345678")]
	failing, _other = [visit(patient) for patient in patients]
	ours = [programme_visits.patient_intake.ensure_patient("Patient", patient.name) for patient in patients]
	frappe.db.commit()  # reason: the database changes a table outside of transactions only
	refuse = f"alter table `tab{ENROLMENT}` add constraint followup_test check (patient <> '{ours[0]}')"
	frappe.db.sql(refuse)  # reason: a database that refuses the rows of one patient
	try:
		jobs.followup_enrol_by_rule()
		assert [patient for patient, *_rest in enrolments()] == [patients[1].name]
		mark = frappe.db.get_value("Programme Rule", doc.name, ["visits_until", "visits_again"])
		assert mark[0] > add_to_date(now_datetime(), hours=-2)
		assert mark[1] == failing.name
		frappe.db.commit()  # reason: as above
	finally:
		frappe.db.sql(f"alter table `tab{ENROLMENT}` drop constraint followup_test")  # reason: repaired
	long_ago = add_to_date(now_datetime(), days=-10)
	frappe.db.set_value("Patient Encounter", failing.name, "modified", long_ago, update_modified=False)
	jobs.followup_enrol_by_rule()
	assert {patient for patient, *_rest in enrolments()} == {patient.name for patient in patients}
	assert not frappe.db.get_value("Programme Rule", doc.name, "visits_again")


def test_the_rules_are_read_once_however_many_visits() -> None:
	doc = rule(monthly(), on_visit=1, nightly=0, **HYPERTENSION)
	patient = hospital.make_patient()
	first = [visit(patient).name]
	jobs.followup_enrol_after_visit(first[0])
	rules = programme_visits.programme_rules.enabled("on_visit")
	assert [one.name for one in rules] == [doc.name]
	more = first + [visit(patient).name for _number in range(4)]
	one = count_queries(lambda: programme_visits._enrol(rules, first, getdate()))
	five = count_queries(lambda: programme_visits._enrol(rules, more, getdate()))
	assert five - one <= 4 * 6  # the encounter with its diagnoses, and its department


def test_without_a_rule_for_visits_no_job_is_queued(worker: Any) -> None:
	rule(monthly(), **HYPERTENSION)
	visit(hospital.make_patient())
	worker.run_until_empty()
	assert enrolments() == []
	assert frappe.db.count("Follow-up Run", {"job": "visit"}) == 0


def test_whatever_is_wrong_with_us_the_encounter_is_submitted(doc: Any, monkeypatch: Any) -> None:
	patient = hospital.make_patient()
	with monkeypatch.context() as broken:
		broken.delattr(services, "programme_visits")
		broken.setitem(sys.modules, "hospital_followup.services.programme_visits", None)
		frappe.local.message_log = []
		encounter = visit(patient)
		assert (encounter.docstatus, frappe.local.message_log) == (1, [])
	[(_run, doctype, name)] = missed_events.unresolved()
	assert (doctype, name) == ("Patient Encounter", encounter.name)
	jobs.followup_repeat_intakes()
	assert missed_events.unresolved() == []
	assert enrolments() == [(patient.name, "Paused", "Outpatient Visit")]


def test_a_patient_who_died_there_is_not_enrolled(doc: Any) -> None:
	patient = hospital.make_patient()
	encounter = visit(patient)
	ours = programme_visits.patient_intake.ensure_patient("Patient", patient.name)
	frappe.get_doc(PATIENT, ours).update({"status": "Deceased", "deceased_on": getdate()}).save()
	jobs.followup_enrol_after_visit(encounter.name)
	assert enrolments() == []


def test_the_first_night_looks_back_some_days_only(doc: Any) -> None:
	old = visit(hospital.make_patient())
	long_ago = add_to_date(now_datetime(), days=-10)
	frappe.db.set_value("Patient Encounter", old.name, "modified", long_ago, update_modified=False)
	jobs.followup_enrol_by_rule()
	assert enrolments() == []
