"""Mother and newborn: the child's programme begins from the mother's, and the two are linked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import newborn_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import patient_erasure, programmes
from hospital_followup.tests import factories
from tests.site.programme_rule_samples import person
from tests.site.programme_samples import SIGNED, after_days, monthly
from tests.site.rights import SP
from tests.site.rights import person as user_with
from tests.site.samples import approved_pathway

CONSENT, ENROLMENT, PATIENT = "Follow-up Consent", "Programme Enrolment", "Follow-up Patient"
BORN = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()


@pytest.fixture(autouse=True)
def _policy(site: Any) -> None:
	factories.standard_policy()


@pytest.fixture
def child_health() -> str:
	return after_days(30, 90, title="Child", anchor="Birth")


@pytest.fixture
def mother(site: Any) -> str:
	"""The enrolment of a woman who expected her child these days."""
	ward = factories.department("Maternity")
	patient = person(
		patient_name="李芳",
		patient_id="M-7",
		mobile="13800138000",
		department=ward,
		home_address="长安街 1 号",
	)
	steps = [{"title": "Day 42", "offset": 42, "offset_unit": "Day", "window_days": 3}]
	pathway = approved_pathway(title="Antenatal", anchor="Expected Delivery", steps=steps)
	return programmes.enrol(patient, pathway, anchor_date=today(), consent=SIGNED)


def newborn(mother: str, pathway: str, **values: Any) -> Any:
	given = {"patient_name": "李小宝", "patient_id": "M-7-1", "date_of_birth": BORN, "sex": "Male", **values}
	return frappe.get_doc(ENROLMENT, newborn_api.enrol_newborn(mother, pathway, **given))


def links(name: str) -> tuple[str | None, str | None]:
	return frappe.db.get_value(ENROLMENT, name, ["related_enrolment", "relation"])


def test_a_new_child_is_looked_after_by_its_mother(mother: str, child_health: str) -> None:
	made = newborn(mother, child_health, way="Signed Form")
	child = frappe.get_doc(PATIENT, made.patient)
	assert (child.patient_name, child.caregiver_name, child.caregiver_mobile) == (
		"李小宝",
		"李芳",
		"+8613800138000",
	)
	assert (child.caregiver_relation, child.department, child.home_address) == (
		"Mother",
		"Maternity",
		"长安街 1 号",
	)
	assert (made.anchor_date, made.status) == (getdate(BORN), "Active")
	assert links(made.name) == (mother, "Mother")
	assert links(mother) == (made.name, "Newborn")


def test_who_is_erased_leaves_the_other_free_to_go(mother: str, child_health: str) -> None:
	made = newborn(mother, child_health, way="Signed Form")
	patient_erasure.erase(made.patient, "Letter of the parents")
	assert links(mother) == (None, None)
	programmes.refuse_consent(mother, "Said on the phone")
	assert frappe.db.get_value(ENROLMENT, mother, "status") == "Left"


def test_her_word_is_one_that_staff_can_record(mother: str, child_health: str) -> None:
	offered = [way["value"] for way in newborn_api.newborn_proposal(mother)["ways"]]
	assert "Signed Form" in offered
	said = frappe.db.get_value(
		CONSENT, newborn(mother, child_health, way="Signed Form").consent, ["evidence", "programme"]
	)
	assert said == ("Signed Form; recorded by Administrator.", "Child")
	with pytest.raises(InvalidValueError, match="how the patient agreed"):
		newborn(mother, child_health, way="Her number is 138 0013 8000")


def test_who_may_record_no_consent_records_none_here(mother: str, child_health: str) -> None:
	frappe.permissions.update_permission_property(CONSENT, SP, 0, "create", 0)
	frappe.set_user(user_with(SP))
	with pytest.raises(frappe.PermissionError):
		newborn(mother, child_health, way="Signed Form")
	assert newborn(mother, child_health).status_reason == "awaiting_consent"


def test_without_her_word_it_waits(mother: str, child_health: str) -> None:
	assert newborn(mother, child_health).status_reason == "awaiting_consent"


def test_twice_is_once(mother: str, child_health: str) -> None:
	first, second = (newborn(mother, child_health).name for _time in range(2))
	assert first == second
	assert frappe.db.count(PATIENT, {"caregiver_name": "李芳"}) == 1


def test_twins_are_both_linked_to_her(mother: str, child_health: str) -> None:
	first = newborn(mother, child_health)
	proposal = newborn_api.newborn_proposal(mother)
	assert (proposal["patient_id"], proposal["pathways"]) == ("M-7-2", [child_health])
	second = newborn(mother, child_health, patient_id=proposal["patient_id"], patient_name="李小贝")
	assert links(second.name) == (mother, "Mother")
	assert links(mother) == (first.name, "Newborn")


def test_a_child_who_is_a_patient_already(mother: str, child_health: str) -> None:
	child = person(patient_name="李小宝", date_of_birth=BORN)
	made = newborn_api.enrol_newborn(mother, child_health, child=child)
	assert frappe.db.get_value(ENROLMENT, made, "patient") == child
	assert frappe.db.get_value(PATIENT, child, "caregiver_name") is None


def test_a_child_whom_a_rule_took_in_before_is_linked_as_well(mother: str, child_health: str) -> None:
	child = person(patient_name="李小宝", date_of_birth=BORN)
	known = programmes.enrol(child, child_health, through=programmes.RULE)
	assert newborn_api.enrol_newborn(mother, child_health, child=child) == known
	assert links(known) == (mother, "Mother")
	assert links(mother) == (known, "Newborn")


@pytest.mark.parametrize("missing", ["patient_name", "patient_id", "date_of_birth"])
def test_what_must_be_known_of_a_child(mother: str, child_health: str, missing: str) -> None:
	with pytest.raises(InvalidValueError, match="newborn's hospital number"):
		newborn(mother, child_health, **{missing: None})


def test_nobody_is_born_tomorrow(mother: str, child_health: str) -> None:
	with pytest.raises(InvalidValueError, match="not in the future"):
		newborn(mother, child_health, date_of_birth=add_days(today(), 1))


def test_the_mother_is_not_her_own_child(mother: str, child_health: str) -> None:
	with pytest.raises(InvalidValueError, match="Choose the child"):
		newborn_api.enrol_newborn(
			mother, child_health, child=frappe.db.get_value(ENROLMENT, mother, "patient")
		)


def test_a_programme_for_children_counts_from_birth(mother: str) -> None:
	with pytest.raises(InvalidValueError, match="does not count from birth"):
		newborn(mother, monthly())


def test_a_father_is_no_mother(child_health: str) -> None:
	father = programmes.enrol(person(sex="Male"), monthly(), consent=SIGNED)
	with pytest.raises(InvalidValueError, match="entered as male"):
		newborn(father, child_health)


def test_two_mothers_of_one_name_have_two_children(mother: str, child_health: str) -> None:
	first = newborn(mother, child_health)
	frappe.db.set_value(PATIENT, first.patient, "caregiver_mobile", "+8613900139000", update_modified=False)
	with pytest.raises(frappe.ValidationError, match="belongs to"):
		newborn(mother, child_health)


def test_a_number_of_anybody_is_not_proposed(mother: str) -> None:
	person(patient_id="M-7-1", company="")
	assert newborn_api.newborn_proposal(mother)["patient_id"] == "M-7-2"


def test_a_number_that_belongs_to_somebody_else_is_refused(mother: str, child_health: str) -> None:
	person(patient_id="M-7-1", company="")
	with pytest.raises(frappe.ValidationError, match="belongs to"):
		newborn(mother, child_health)
