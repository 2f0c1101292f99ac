"""Who is taken into a programme by rule: whom it looks at, whom it takes, and that twice is once."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from hospital_followup import programme_rule_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import consents, programme_candidates, programme_rules, programmes
from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories
from tests.site.programme_rule_samples import (
	ENROLMENT,
	PATIENT,
	RULE,
	enrolled,
	night,
	person,
	rule,
	settled,
	turned,
	yesterday,
)
from tests.site.programme_samples import after_days, monthly
from tests.site.samples import approved_pathway, saved, title
from tests.stack.users import make_user
from tests.support.queries import count_queries

SP, AD = "Follow-up Specialist", "Follow-up Administrator"


@pytest.fixture(autouse=True)
def _policy(site: Any) -> None:
	factories.standard_policy()


class TestTheForm:
	@pytest.mark.parametrize("anchor", ["Discharge", "Surgery", "Expected Delivery"])
	def test_a_day_that_only_a_person_knows_is_no_rule(self, anchor: str) -> None:
		with pytest.raises(InvalidValueError, match="counts from"):
			rule(approved_pathway(anchor=anchor))

	def test_ages_fit_somebody(self) -> None:
		with pytest.raises(InvalidValueError, match="fits nobody"):
			rule(monthly(), age_from="65", age_to="64")
		with pytest.raises(InvalidValueError, match="0 to 130"):
			rule(monthly(), age_from="9999")

	def test_a_row_of_diagnoses_says_something(self) -> None:
		with pytest.raises(InvalidValueError):
			rule(monthly(), conditions=[{}])

	def test_it_has_an_occasion(self) -> None:
		with pytest.raises(InvalidValueError, match="Every Night"):
			rule(monthly(), nightly=0)


@pytest.mark.commits
class TestEveryNight:
	def test_who_fits_is_enrolled_and_waits_for_consent(self) -> None:
		doc = rule(monthly(), sex="Female", age_from="60", age_to="60")
		fits, man, younger = person(), person(sex="Male"), person(date_of_birth=turned(59))
		unknown = person(date_of_birth=None)
		record = night()
		assert enrolled(doc) == {fits: "Paused"}
		row = frappe.get_doc(ENROLMENT, {"patient": fits})
		assert (row.status_reason, row.enrolled_through) == ("awaiting_consent", "Rule")
		assert (row.anchor_date, row.enrolled_on) == (getdate(), getdate())
		assert (record.failed, record.done) == (0, 1)
		assert frappe.db.get_value(RULE, doc.name, ["last_looked_at", "last_enrolled"]) == (4, 1)
		assert {man, younger, unknown}.isdisjoint(enrolled(doc))

	def test_twice_is_once(self) -> None:
		doc = rule(monthly())
		person()
		night()
		before = frappe.get_all(ENROLMENT, fields=["*"], order_by="name")
		assert night().done == 0
		frappe.db.set_value(RULE, doc.name, {"looked_until": None, "looked_with": None})
		assert night().done == 0
		assert frappe.get_all(ENROLMENT, fields=["*"], order_by="name") == before

	def test_a_birth_programme_counts_from_the_birth(self) -> None:
		doc = rule(after_days(30, 90, anchor="Birth"), age_to="6")
		born = add_days(today(), -40)
		child = person(date_of_birth=born)
		night()
		assert frappe.db.get_value(ENROLMENT, {"patient": child}, "anchor_date") == getdate(born)
		assert enrolled(doc) == {child: "Paused"}

	@pytest.mark.parametrize("status", ["Do Not Contact", "Deceased"])
	def test_who_is_not_followed_up_is_not_enrolled(self, status: str) -> None:
		doc = rule(monthly())
		gone = person()
		frappe.get_doc(PATIENT, gone).update({"status": status}).save()
		night()
		assert enrolled(doc) == {}

	@pytest.mark.parametrize(
		"end",
		[
			lambda name: programmes.refuse_consent(name, "Said no on the phone"),
			lambda name: programmes.finish(name, "Wound healed"),
		],
	)
	def test_who_was_in_it_is_left_alone(self, end: Any) -> None:
		doc = rule(monthly())
		patient = person()
		night()
		end(frappe.db.get_value(ENROLMENT, {"patient": patient}))
		frappe.get_doc(PATIENT, patient).update({"home_address": "Elsewhere"}).save()
		frappe.db.set_value(RULE, doc.name, {"looked_until": None, "looked_with": None})
		night()
		assert frappe.db.count(ENROLMENT, {"patient": patient}) == 1
		assert enrolled(doc)[patient] in ("Left", "Finished")

	def test_a_diagnosis_of_the_record_and_one_of_a_discharge(self) -> None:
		doc = rule(monthly(), conditions=[{"code": "I10"}])
		known = person(conditions=[{"code": "I10", "title": "Hypertension"}])
		stay = factories.discharge(diagnoses=[{"code": "I10.x00", "title": "高血压"}]).patient
		cancelled = factories.discharge(diagnoses=[{"code": "I10"}])
		cancelled.update({"cancelled": 1, "cancel_reason": "Entered for another patient"}).save()
		person(conditions=[{"code": "E11", "title": "Diabetes"}])
		night()
		assert set(enrolled(doc)) == {known, stay}

	def test_the_department_of_the_patient_or_of_a_discharge(self) -> None:
		ward, other = factories.department("Cardiology"), factories.department("Surgery")
		doc = rule(monthly(), departments=[{"department": ward}])
		own, stay = person(department=ward), factories.discharge(department=ward).patient
		factories.discharge(department=other)
		night()
		assert set(enrolled(doc)) == {own, stay}

	def test_the_pathway_narrows_the_rule(self) -> None:
		pathway = approved_pathway(anchor="Enrolment", sex="Male")
		doc = rule(pathway, age_from="50")
		man = person(sex="Male")
		person()
		night()
		assert set(enrolled(doc)) == {man}

	def test_two_rules_of_one_programme_enrol_once(self) -> None:
		pathway = monthly()
		doc, _other = rule(pathway, sex="Female"), rule(pathway, age_from="50")
		patient = person()
		night()
		assert frappe.db.count(ENROLMENT, {"patient": patient}) == 1
		assert enrolled(doc) == {patient: "Paused"}

	def test_a_new_version_of_the_pathway_is_the_same_programme(self) -> None:
		doc = rule(monthly("Heart"))
		night()
		patient = person()
		newer = approved_pathway(title="Heart", anchor="Enrolment")
		night()
		assert frappe.db.get_value(ENROLMENT, {"patient": patient}, "pathway") == newer
		frappe.db.set_value(RULE, doc.name, "looked_until", None)
		assert night().done == 0

	def test_who_wants_no_contact_is_left_alone_until_they_want_it_again(self) -> None:
		doc = rule(monthly())
		patient = person()
		consents.withdraw(patient, evidence="Said so on the phone")
		night()
		assert enrolled(doc) == {}
		settled()
		consents.give(patient, "Phone", ["Clinical"], evidence="Said so at the counter")
		settled()
		yesterday(doc)
		night()
		assert enrolled(doc) == {patient: "Paused"}

	def test_a_title_that_is_only_written_differently_is_the_same_programme(self) -> None:
		old = monthly("Café Heart")
		patient = person()
		name = programmes.enrol(patient, old)
		newer = approved_pathway(title="cafe heart", anchor="Enrolment")
		assert programmes.enrol_many([programmes.Entry(patient, newer)]) == []
		rule(newer)
		record = night()
		assert (record.failed, record.done) == (0, 0)
		assert frappe.get_all(ENROLMENT, {"patient": patient}, pluck="name") == [name]

	def test_without_an_approved_version_nobody_is_enrolled(self) -> None:
		pathway = saved("Care Pathway", anchor="Enrolment").name
		doc = rule(pathway)
		person()
		night()
		assert enrolled(doc) == {}
		frappe.get_doc("Care Pathway", pathway).update(
			{"status": "Approved", "sign_off": "Administrator"}
		).save()
		night()
		assert len(enrolled(doc)) == 1

	def test_who_has_agreed_before_takes_part_at_once(self) -> None:
		pathway = monthly("Kidney")
		doc = rule(pathway)
		patient = person()
		values = {"purpose": "Clinical", "channel": "All", "programme": "Kidney", "evidence": "Signed form"}
		frappe.get_doc(
			{"doctype": "Follow-up Consent", "patient": patient, "given_on": now_datetime(), **values}
		).insert()
		night()
		assert enrolled(doc) == {patient: "Active"}


@pytest.mark.commits
class TestOnlyWhatChanged:
	"""Patients, discharges and birthdays since the last night; who did not change is not even read."""

	@pytest.fixture
	def doc(self) -> Any:
		return rule(monthly(), age_from="60")

	def looked_at(self, doc: Any) -> int:
		night()
		return frappe.db.get_value(RULE, doc.name, "last_looked_at")

	def test_a_patient_who_was_written(self, doc: Any) -> None:
		patient = person(date_of_birth=None)
		for _number in range(5):
			person(date_of_birth=turned(40, days_ago=9))
		night()
		settled()
		yesterday(doc)
		frappe.get_doc(PATIENT, patient).update({"date_of_birth": turned(61, days_ago=9)}).save()
		assert self.looked_at(doc) == 1
		assert set(enrolled(doc)) == {patient}

	def test_a_discharge_that_was_written(self) -> None:
		doc = rule(monthly(), conditions=[{"code": "I10"}])
		patient = person()
		person()
		night()
		settled()
		yesterday(doc)
		stay = factories.discharge(patient, diagnoses=[{"code": "I10"}])
		frappe.db.set_value(PATIENT, patient, "modified", "2020-01-01 00:00:00", update_modified=False)
		assert stay.patient == patient
		assert self.looked_at(doc) == 1
		assert set(enrolled(doc)) == {patient}

	@pytest.mark.parametrize("days_ago", [0, 1])
	def test_a_birthday(self, doc: Any, days_ago: int) -> None:
		patient, old = person(date_of_birth=turned(60, days_ago=days_ago)), person(date_of_birth=turned(30))
		frappe.db.set_value(RULE, doc.name, "looked_until", None)
		settled()
		yesterday(doc)
		frappe.db.set_value(RULE, doc.name, "looked_until", add_to_date(now_datetime(), days=-2))
		assert self.looked_at(doc) == 1
		assert set(enrolled(doc)) == {patient}
		assert old not in enrolled(doc)

	def test_a_rule_that_was_changed_looks_at_everybody_once(self, doc: Any) -> None:
		patient = person(date_of_birth=turned(50, days_ago=9))
		night()
		settled()
		yesterday(doc)
		assert self.looked_at(doc) == 0
		frappe.get_doc(RULE, doc.name).update({"age_from": "50"}).save()
		assert self.looked_at(doc) == 1
		assert set(enrolled(doc)) == {patient}
		settled()
		frappe.db.set_value(RULE, doc.name, "looked_until", add_to_date(now_datetime(), days=-1))
		assert self.looked_at(doc) == 0

	def test_the_scheduler_was_off_for_five_days(self, doc: Any) -> None:
		patients = {person(date_of_birth=turned(60, days_ago=days)) for days in range(5)}
		settled()
		yesterday(doc)
		frappe.db.set_value(RULE, doc.name, "looked_until", add_to_date(now_datetime(), days=-5))
		night()
		assert set(enrolled(doc)) == patients

	def test_the_number_of_questions_does_not_grow_with_those_who_did_not_change(self, doc: Any) -> None:
		people(20)
		settled()
		yesterday(doc)
		since = add_to_date(now_datetime(), days=-1)

		def look() -> None:
			names = programme_candidates.changed(since, [60], getdate())
			programme_candidates.read(names)

		changed = person()
		few = count_queries(look)
		people(300)
		settled(changed)
		assert programme_candidates.changed(since, [60], getdate()) == [changed]
		assert count_queries(look) == few

	def test_who_could_not_be_looked_at_is_looked_at_again(self, doc: Any) -> None:
		patient, other = person(), person()
		frappe.db.commit()  # reason: the database changes a table outside of transactions only
		refuse = f"alter table `tab{ENROLMENT}` add constraint followup_test check (patient <> '{patient}')"
		frappe.db.sql(refuse)  # reason: a database that refuses the rows of one patient
		record = night()
		assert (record.failed, set(enrolled(doc))) == (1, {other})
		since, again = frappe.db.get_value(RULE, doc.name, ["looked_until", "look_again"])
		assert since > add_to_date(now_datetime(), hours=-2)
		assert again == patient
		settled()
		frappe.db.commit()  # reason: as above
		frappe.db.sql(f"alter table `tab{ENROLMENT}` drop constraint followup_test")  # reason: repaired
		night()
		assert set(enrolled(doc)) == {patient, other}
		assert not frappe.db.get_value(RULE, doc.name, "look_again")


def people(count: int, **values: Any) -> None:
	"""Many patients at once, of 40 years unless told otherwise."""
	rows = [
		{
			"name": name,
			"patient_id": name,
			"patient_name": "Wang",
			"status": "Active",
			"sex": "Female",
			"date_of_birth": turned(40, days_ago=9),
			"company": "",
			**values,
		}
		for name in new_names(count)
	]
	insert_rows(PATIENT, rows)


@pytest.mark.commits
def test_a_rule_that_is_switched_on_for_two_thousand() -> None:
	doc = rule(monthly(), age_from="60", age_to="60")
	people(2_000, date_of_birth=turned(60))
	people(500)
	assert programme_rules.trial(programme_rules.named(doc.name), getdate())["would_enrol"] == 2_000
	record = night()
	assert (record.done, record.failed) == (2_000, 0)
	assert frappe.db.get_value(RULE, doc.name, ["last_looked_at", "last_enrolled"]) == (2_500, 2_000)
	assert night().done == 0
	assert frappe.db.count(ENROLMENT) == 2_000


class TestTheTrial:
	def test_it_counts_names_and_writes_nothing(self) -> None:
		doc = rule(monthly(), enabled=0, age_from="60")
		ours = [person(), person()]
		person(date_of_birth=turned(20))
		there = person()
		programmes.enrol(there, doc.pathway)
		before = contents()
		found = programme_rule_api.try_programme_rule(doc.name)
		assert contents() == before
		assert (found["looked_at"], found["would_enrol"], found["entered"]) == (4, 2, 1)
		assert {row.name for row in found["first"]} == set(ours)

	def test_it_is_for_administrators(self, as_user: Any) -> None:
		doc = rule(monthly())
		person()
		with as_user(AD):
			assert programme_rule_api.try_programme_rule(doc.name)["would_enrol"] == 1
		with as_user(SP), pytest.raises(frappe.PermissionError):
			programme_rule_api.try_programme_rule(doc.name)

	def test_names_of_other_departments_are_not_shown(self) -> None:
		ours, theirs = factories.department("Ours"), factories.department("Theirs")
		doc = rule(monthly())
		patient = person(department=ours)
		person(department=theirs)
		user = make_user(AD)
		frappe.get_doc(
			{
				"doctype": "User Permission",
				"user": user,
				"allow": "Follow-up Department",
				"for_value": ours,
			}
		).insert()
		frappe.set_user(user)
		try:
			found = programme_rule_api.try_programme_rule(doc.name)
		finally:
			frappe.set_user("Administrator")
		assert found["would_enrol"] == 2
		assert [row.name for row in found["first"]] == [patient]

	def test_without_an_approved_pathway_it_says_what_to_do(self) -> None:
		doc = rule(saved("Care Pathway", anchor="Enrolment", title=title()).name)
		with pytest.raises(InvalidValueError, match="Approve one first"):
			programme_rule_api.try_programme_rule(doc.name)


def contents() -> dict[str, Any]:
	"""Every row of every table of ours."""
	doctypes = frappe.get_all(
		"DocType", filters={"module": "Hospital Followup", "issingle": 0}, pluck="name", order_by="name"
	)
	return {doctype: frappe.get_all(doctype, fields=["*"], order_by="name") for doctype in doctypes}
