"""From one stage of life to the next: child, youth, adult, older person."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime, today

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import programme_graduation, programmes
from hospital_followup.services.runs import RUN
from hospital_followup.tests import factories
from tests.site.programme_rule_samples import ENROLMENT, PATIENT, night, person, rule, settled, turned
from tests.site.programme_samples import SIGNED, after_days, monthly
from tests.site.samples import approved_pathway, saved

pytestmark = pytest.mark.commits

CHILD, YOUTH = "Child", "Youth"


@pytest.fixture(autouse=True)
def _policy(site: Any) -> None:
	factories.standard_policy()


@pytest.fixture
def youth() -> str:
	return approved_pathway(title=YOUTH, anchor="Enrolment", age_from="7", age_to="34")


@pytest.fixture
def child(youth: str) -> str:
	steps = [{"title": "Later", "offset": 120, "offset_unit": "Month", "window_days": 7}]
	return approved_pathway(title=CHILD, anchor="Birth", age_to="6", next_pathway=youth, steps=steps)


def before_birthday(patient: str, pathway: str, **values: Any) -> str:
	"""An enrolment of ten days ago, when a child that turned seven in the last days still was six."""
	day = add_to_date(today(), days=-10)
	return programmes.enrol(patient, pathway, **{"consent": SIGNED, "enrolled_on": day, **values})


def courses(patient: str) -> list[tuple[str, str, str | None]]:
	"""(title, status, reason) of the patient's enrolments, the oldest first."""
	rows = frappe.get_all(
		ENROLMENT, {"patient": patient}, ["pathway", "status", "status_reason"], order_by="creation, name"
	)
	return [
		(frappe.db.get_value("Care Pathway", row.pathway, "title"), row.status, row.status_reason)
		for row in rows
	]


def test_who_has_outgrown_it_finishes_and_goes_on(child: str, youth: str) -> None:
	patient = person(date_of_birth=turned(7))
	former = before_birthday(patient, child)
	night()
	assert courses(patient) == [(CHILD, "Finished", "outgrown"), (YOUTH, "Paused", "awaiting_consent")]
	following = frappe.get_last_doc(ENROLMENT, {"pathway": youth})
	assert (following.related_enrolment, following.relation) == (former, "Earlier Programme")
	assert frappe.db.get_value(ENROLMENT, former, "ended_on") == getdate()


def test_twice_is_once(child: str) -> None:
	patient = person(date_of_birth=turned(7))
	before_birthday(patient, child)
	night()
	before = frappe.get_all(ENROLMENT, fields=["*"], order_by="name")
	night()
	assert frappe.get_all(ENROLMENT, fields=["*"], order_by="name") == before


def test_nobody_leaves_before_the_birthday(child: str) -> None:
	patient = person(date_of_birth=turned(7, days_ago=-1))
	before_birthday(patient, child)
	night()
	assert courses(patient) == [(CHILD, "Active", None)]


@pytest.mark.parametrize("days_ago", [0, 3])
def test_later_nights_see_the_birthdays_since_the_last_one(child: str, days_ago: int) -> None:
	patient = person(date_of_birth=turned(7, days_ago=days_ago))
	before_birthday(patient, child)
	frappe.db.set_value(ENROLMENT, {"patient": patient}, "modified", "2020-01-01", update_modified=False)
	settled()
	begun = add_to_date(now_datetime(), days=-days_ago - 1)
	frappe.get_doc({"doctype": RUN, "job": "enrol", "status": "Finished", "started_at": begun}).insert()
	night()
	assert courses(patient)[0] == (CHILD, "Finished", "outgrown")


def test_a_course_that_is_over_waits_for_the_age_of_the_next(child: str) -> None:
	patient = person(date_of_birth=turned(6))
	name = before_birthday(patient, child)
	programmes.finish(name, "course_over")
	night()
	assert courses(patient) == [(CHILD, "Finished", "course_over")]
	frappe.db.set_value(PATIENT, patient, "date_of_birth", turned(7), update_modified=False)
	frappe.db.set_value(ENROLMENT, name, "ended_on", add_to_date(today(), days=-300), update_modified=False)
	frappe.db.set_value(RUN, {"job": "enrol"}, "started_at", add_to_date(now_datetime(), days=-1))
	night()
	assert courses(patient)[1:] == [(YOUTH, "Paused", "awaiting_consent")]


def test_who_left_or_was_ended_by_a_person_goes_on_with_nothing(child: str) -> None:
	left, ended = (person(date_of_birth=turned(7)) for _number in range(2))
	programmes.leave(before_birthday(left, child), "Moved away")
	programmes.finish(before_birthday(ended, child), "Cared for elsewhere")
	night()
	assert len(courses(left)) == len(courses(ended)) == 1


def test_who_was_older_at_the_enrolment_stays(child: str) -> None:
	patient = person(date_of_birth=turned(9))
	programmes.enrol(patient, child, consent=SIGNED)
	night()
	night()
	assert courses(patient) == [(CHILD, "Active", None)]


def test_who_was_taken_up_again_by_a_person_stays(child: str) -> None:
	patient = person(date_of_birth=turned(7))
	name = before_birthday(patient, child)
	night()
	assert courses(patient)[0] == (CHILD, "Finished", "outgrown")
	programmes.resume(name)
	night()
	assert courses(patient)[0] == (CHILD, "Active", None)
	assert frappe.db.get_value(ENROLMENT, name, "resumed_on") == getdate()


class TestTheVersionInUse:
	"""What the hospital approves later counts for those as well who were enrolled before."""

	def test_it_says_how_old_the_patients_may_be(self, child: str) -> None:
		patient = person(date_of_birth=turned(7))
		before_birthday(patient, child)
		approved_pathway(title=CHILD, anchor="Birth", age_to="9")
		night()
		assert courses(patient) == [(CHILD, "Active", None)]

	def test_a_lower_age_is_seen_although_it_was_nobodys_birthday(self, child: str) -> None:
		patient = person(date_of_birth=turned(6, days_ago=3))
		before_birthday(patient, child)
		night()
		assert courses(patient) == [(CHILD, "Active", None)]
		settled()
		long_ago = add_to_date(now_datetime(), days=-30)
		frappe.db.set_value(ENROLMENT, {"patient": patient}, "modified", long_ago, update_modified=False)
		approved_pathway(title=CHILD, anchor="Birth", age_to="5")
		night()
		assert courses(patient) == [(CHILD, "Finished", "outgrown")]

	def test_it_says_what_follows(self, youth: str) -> None:
		first = approved_pathway(title=CHILD, anchor="Birth", age_to="6")
		patient = person(date_of_birth=turned(7))
		before_birthday(patient, first)
		approved_pathway(title=CHILD, anchor="Birth", age_to="6", next_pathway=youth)
		night()
		assert courses(patient)[1:] == [(YOUTH, "Paused", "awaiting_consent")]

	@pytest.mark.parametrize("late", ["named", "approved"])
	def test_who_finished_before_the_next_stage_is_not_lost(self, late: str) -> None:
		steps = [{"title": "Later", "offset": 1, "offset_unit": "Month", "window_days": 7}]
		following = saved("Care Pathway", title=YOUTH, anchor="Enrolment", steps=steps)
		child = approved_pathway(title=CHILD, anchor="Birth", age_to="6")
		if late == "approved":
			frappe.get_doc("Care Pathway", child).update({"next_pathway": following.name}).save()
		patient = person(date_of_birth=turned(7))
		name = before_birthday(patient, child)
		night()
		assert len(courses(patient)) == 1
		long_ago = add_to_date(today(), days=-300)
		frappe.db.set_value(ENROLMENT, name, "ended_on", long_ago, update_modified=False)
		frappe.db.set_value("Care Pathway", child, "modified", long_ago, update_modified=False)
		following.reload().update({"status": "Approved", "sign_off": "Administrator"}).save()
		if late == "named":
			frappe.get_doc("Care Pathway", child).update({"next_pathway": following.name}).save()
		night()
		assert courses(patient)[1:] == [(YOUTH, "Paused", "awaiting_consent")]


def test_one_that_fails_keeps_nobody_else_awake_and_is_tried_again(child: str) -> None:
	failing, other = (person(date_of_birth=turned(7)) for _number in range(2))
	for patient in (failing, other):
		before_birthday(patient, child)
	frappe.db.commit()  # reason: the database changes a table outside of transactions only
	check = f"check (status <> 'Finished' or patient <> '{failing}')"
	refuse = f"alter table `tab{ENROLMENT}` add constraint followup_test {check}"
	frappe.db.sql(refuse)  # reason: no query builder alters a table; it refuses one row
	try:
		assert night().failed == 1
		since, again = programme_graduation._last_look()
		assert since > add_to_date(now_datetime(), hours=-2)
		assert again == [frappe.db.get_value(ENROLMENT, {"patient": failing})]
		assert courses(other)[0][1] == "Finished"
		settled()
		long_ago = add_to_date(now_datetime(), days=-30)
		frappe.db.set_value(ENROLMENT, {"patient": failing}, "modified", long_ago, update_modified=False)
		frappe.db.set_value("Care Pathway", child, "modified", long_ago, update_modified=False)
		frappe.db.set_value(PATIENT, failing, "date_of_birth", turned(7, days_ago=5), update_modified=False)
		assert night().failed == 1
		frappe.db.commit()  # reason: as above
	finally:
		frappe.db.sql(f"alter table `tab{ENROLMENT}` drop constraint followup_test")  # reason: repaired
	night()
	assert courses(failing)[0] == (CHILD, "Finished", "outgrown")


def test_who_waits_for_consent_outgrows_it_as_well(child: str) -> None:
	patient = person(date_of_birth=turned(7))
	before_birthday(patient, child, consent=None)
	night()
	assert [status for _title, status, _reason in courses(patient)] == ["Finished", "Paused"]


def test_who_died_is_left_in_peace(child: str) -> None:
	patient = person(date_of_birth=turned(7))
	before_birthday(patient, child)
	frappe.get_doc(PATIENT, patient).update({"status": "Deceased"}).save()
	night()
	assert len(courses(patient)) == 1


def test_a_rule_does_not_take_in_twice_who_goes_on(child: str, youth: str) -> None:
	rule(youth, age_from="7")
	patient = person(date_of_birth=turned(7))
	before_birthday(patient, child)
	night()
	assert frappe.db.count(ENROLMENT, {"patient": patient, "pathway": youth}) == 1
	assert frappe.db.get_value(ENROLMENT, {"patient": patient, "pathway": youth}, "relation")


def test_an_approved_pathway_may_be_given_its_next(youth: str) -> None:
	pathway = frappe.get_doc("Care Pathway", after_days(30, title=CHILD, anchor="Birth"))
	pathway.update({"next_pathway": youth}).save()
	assert programme_graduation._following(programme_graduation._stages())[pathway.name].name == youth


@pytest.mark.parametrize("anchor", ["Discharge", "Surgery", "Expected Delivery"])
def test_nobody_goes_on_with_what_is_no_programme(anchor: str) -> None:
	following = approved_pathway(anchor=anchor)
	with pytest.raises(InvalidValueError, match="Nobody goes on"):
		saved("Care Pathway", anchor="Birth", next_pathway=following)


def test_nobody_goes_on_with_the_same() -> None:
	pathway = frappe.get_doc("Care Pathway", monthly())
	with pytest.raises(InvalidValueError, match="Nobody goes on"):
		pathway.update({"next_pathway": pathway.name}).save()
