"""A contact of a programme has no discharge: every place that shows, sends, prints or counts it copes with that."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.desk.doctype.number_card.number_card import get_result
from frappe.translate import print_language
from frappe.utils import getdate, now_datetime
from frappe.www.printview import get_html_and_style

from hospital_followup import call_api, desk, programme_api
from hospital_followup.services import figures, patient_erasure, programmes, task_messages, timeline
from hospital_followup.services.brief import brief
from hospital_followup.services.figures import Scope
from hospital_followup.tests import factories
from tests.site.call_samples import questionnaire
from tests.site.message_samples import every_day, hospital, messages_of
from tests.site.programme_samples import ENROLMENT, PLAN, TASK, after_days, enrolled, plan_of, tasks_of
from tests.site.rights import AD, DR, SP, SV, department, person


@pytest.fixture
def enrolment(site: Any) -> Any:
	"""A programme whose first contact is due today."""
	factories.standard_policy()
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", every_day())
	patient = factories.patient(patient_name="王秀英", language="en").name
	return enrolled(patient, after_days(0, 40, channel="Phone", topics="Condition, Guidance"))


@pytest.fixture
def task(enrolment) -> frappe._dict:
	(row,) = tasks_of(enrolment, status="Open")
	return row


def test_the_call_sheet_says_which_programme(task) -> None:
	sheet = call_api.call_sheet(task.name)
	assert sheet["brief"]["why"]["programmes"] == ["Diabetes"]
	assert sheet["brief"]["why"]["discharge"] is None
	assert len(sheet["identity"]["facts"]) == 2
	assert sheet["task"]["may_log"]


@pytest.mark.parametrize("role", [SP, DR])
def test_the_caller_is_told_what_to_ask_consent_for(enrolment, task, role) -> None:
	waiting = programmes.enrol(enrolment.patient, after_days(30, title="Hypertension"))
	frappe.set_user(person(role))
	asked = brief(task.name)["why"]["awaiting_consent"]
	assert asked == [{"doctype": ENROLMENT, "name": waiting, "title": "Hypertension"}]
	frappe.set_user("Administrator")
	programmes.give_consent(waiting, "Said on the phone")
	assert brief(task.name)["why"]["awaiting_consent"] == []


def test_the_card_counts_who_is_to_be_asked(enrolment) -> None:
	card = frappe.get_doc("Number Card", "Programmes Awaiting Consent")
	filters = json.loads(card.filters_json)
	assert get_result(card, filters) == 0
	waiting = programmes.enrol(enrolment.patient, after_days(30, title="Hypertension"))
	assert get_result(card, filters) == 1
	programmes.refuse_consent(waiting, "Said on the phone")
	assert get_result(card, filters) == 0


def test_it_stands_on_the_worklist(task) -> None:
	user = person(SP)
	frappe.db.set_value(TASK, task.name, "assigned_to", user)
	frappe.set_user(user)
	assert task.name in [row["name"] for row in call_api.worklist("due")["rows"]]


def test_a_call_completes_it_and_its_plan_goes_on(enrolment, task) -> None:
	factories.log(frappe.get_doc(TASK, task.name), "Reached Patient")
	plan = plan_of(enrolment)
	assert (plan.status, plan.completed_contacts, plan.planned_contacts) == ("Active", 1, 2)


def test_the_patient_has_died_as_the_family_says(enrolment, task) -> None:
	log = factories.log(frappe.get_doc(TASK, task.name), "Deceased")
	enrolment.reload()
	assert (enrolment.status, plan_of(enrolment).status) == ("Left", "Stopped")
	log.reload()
	log.cancel()
	enrolment.reload()
	assert (enrolment.status, plan_of(enrolment).status) == ("Active", "Active")


def test_the_patient_is_in_hospital_again_as_the_family_says(enrolment, task) -> None:
	log = factories.log(frappe.get_doc(TASK, task.name), "Readmitted")
	enrolment.reload()
	assert (enrolment.status, enrolment.status_reason) == ("Paused", "readmitted")
	log.reload()
	log.cancel()
	enrolment.reload()
	assert enrolment.status == "Active"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
	("doctype", "form"), [(TASK, "Follow-up Call Sheet"), (PLAN, "Follow-up Plan Hand-out")]
)
def test_it_is_printed(enrolment, task, language, doctype, form) -> None:
	name = task.name if doctype == TASK else plan_of(enrolment).name
	with print_language(language):
		html = get_html_and_style(doctype, name, print_format=form)["html"]
	assert "王秀英" in html and "None" not in html
	assert ("Diabetes" in html) == (doctype == TASK)


def test_a_message_makes_it(site: Any) -> None:
	hospital("SMS")
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", every_day())
	asks = questionnaire()
	patient = factories.patient(language="en").name
	enrolment = enrolled(patient, after_days(0, 40, channel="SMS", questionnaire=asks))
	(task,) = tasks_of(enrolment, status="Open")
	assert task.channel == "SMS"
	now = now_datetime()
	assert task_messages.write([task.name], now) == 1
	(message,) = messages_of(task=task.name)
	assert message.plan == task.plan and "Diabetes" not in message.body
	assert message.occasion == "Scheduled Contact" and "is all well?" in message.body


def test_a_person_calls_where_the_hospital_has_no_text_for_programmes(site: Any) -> None:
	factories.standard_policy()
	hospital(default_calendar=every_day())
	frappe.db.set_value("Message Template", {"occasion": "Programme Contact"}, "status", "Retired")
	patient = factories.patient(language="en").name
	enrolment = enrolled(patient, after_days(0, channel="SMS", questionnaire=questionnaire()))
	(task,) = tasks_of(enrolment, status="Open")
	task_messages.write([task.name], now_datetime())
	assert not messages_of(task=task.name)
	(task,) = tasks_of(enrolment)
	assert (task.status, task.channel) == ("Open", "Phone") and "no_template" in task.reasons


def test_it_counts_like_every_planned_contact(task) -> None:
	frappe.db.set_value(TASK, task.name, "expires_on", getdate())  # its window ends inside the period
	scope = Scope(getdate(), getdate())
	before = figures.recount(scope)
	factories.log(frappe.get_doc(TASK, task.name), "Reached Patient")
	after = figures.recount(scope)
	assert (after.planned - before.planned, after.completed - before.completed) == (0, 1)


def test_forms_and_timelines_show_it(enrolment, task) -> None:
	plan = plan_of(enrolment)
	assert task.name in [row["name"] for row in desk.plan_overview(plan.name)["contacts"]]
	(row,) = desk.patient_overview(enrolment.patient)["plans"]
	assert row["programme"] == "Diabetes"
	told = " ".join(entry["content"] for entry in timeline.timeline(PLAN, plan.name))
	assert "Contacts of the programme planned" in told and "policy" not in told


def test_an_erased_patient_is_in_no_programme(enrolment, task) -> None:
	plan = enrolment.plan
	patient_erasure.erase(enrolment.patient, "Asked for it")
	assert not frappe.db.exists(ENROLMENT, enrolment.name)
	assert not frappe.db.exists("Follow-up Consent", {"patient": enrolment.patient})
	assert frappe.db.get_value(PLAN, plan, ["status", "enrolment"]) == ("Stopped", None)
	assert frappe.db.get_value(TASK, task.name, "status") == "Cancelled"


class TestDesk:
	@pytest.fixture
	def offered(self, site: Any) -> str:
		return after_days(20, title="Elderly Care")

	@pytest.mark.parametrize("role", [SP, DR, SV, AD])
	def test_every_role_enrols_and_moves_an_enrolment(self, offered, role) -> None:
		patient = factories.patient().name
		frappe.set_user(person(role))
		found = programme_api.programmes_of(patient)
		assert offered in [one["pathway"] for one in found["offered"]]
		name = programme_api.enrol(patient, offered)
		assert frappe.db.get_value(ENROLMENT, name, "status_reason") == "awaiting_consent"
		assert "Signed Form" in [way["value"] for way in programme_api.ways_to_agree(name)]
		programme_api.record_consent(name, "Signed Form")
		programme_api.pause_enrolment(name, "Abroad")
		programme_api.resume_enrolment(name)
		programme_api.leave_programme(name, "Moved away")
		programme_api.resume_enrolment(name)
		programme_api.finish_programme(name, "Healthy")
		programme_api.resume_enrolment(name)
		programme_api.record_refusal(name)
		assert frappe.db.get_value(ENROLMENT, name, ["status", "status_reason"]) == (
			"Left",
			"programme_refused",
		)

	def test_with_consent_at_once(self, offered) -> None:
		patient = factories.patient().name
		name = programme_api.enrol(patient, offered, way="On the Telephone")
		enrolment = frappe.get_doc(ENROLMENT, name)
		assert enrolment.status == "Active"
		said = frappe.db.get_value("Follow-up Consent", enrolment.consent, "evidence")
		assert said.startswith("On the Telephone")

	def test_another_department_enrols_nobody_here(self, offered) -> None:
		patient = factories.patient(department=department("Cardiology")).name
		frappe.set_user(person(SP, departments=(department("Surgery"),)))
		with pytest.raises(frappe.PermissionError):
			programme_api.enrol(patient, offered)

	def test_nobody_enrols_in_a_pathway_that_is_not_for_them(self, offered) -> None:
		patient, user = factories.patient().name, person(SP)
		frappe.permissions.add_user_permission("Care Pathway", after_days(9, title="Another"), user)
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			programme_api.enrol(patient, offered)

	def test_what_does_not_suit_is_said(self, site: Any) -> None:
		pathway = after_days(20, title="Women's Health")
		frappe.db.set_value("Care Pathway", pathway, "sex", "Female")
		patient = factories.patient(sex="Male").name
		(found,) = (
			one for one in programme_api.programmes_of(patient)["offered"] if one["pathway"] == pathway
		)
		assert found["suits"] is False
