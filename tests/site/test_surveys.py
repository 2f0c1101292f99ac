"""Asking for satisfaction after a contact, and what a hospital does for those who are not."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from hospital_followup import alert_api, page_api
from hospital_followup.exceptions import AlertError
from hospital_followup.services import consents, page_links, surveys
from hospital_followup.tests import factories as make
from hospital_followup.tests.demo_messages import DemoMessages
from tests.site.call_samples import ALERT, TASK, contact
from tests.site.pages import PAGE, page
from tests.site.samples import saved

MESSAGE = "Follow-up Message"
SETTINGS = "Follow-up Settings"


@pytest.fixture(autouse=True)
def sending(monkeypatch: pytest.MonkeyPatch) -> None:
	"""A site that sends text messages, with a template that invites to the survey."""
	real = frappe.get_hooks

	def with_another_app(hook=None, *args, **kwargs):
		found = real(hook, *args, **kwargs)
		sms = {"SMS": [f"{DemoMessages.__module__}.{DemoMessages.__name__}"]}
		return {**found, **sms} if hook == "followup_channels" else found

	monkeypatch.setattr(frappe, "get_hooks", with_another_app)
	settings(
		survey_after_contact=1,
		survey_every_days=30,
		call_dissatisfied=1,
		messages_without_consent=1,
		base_url="https://hospital.example",
		hospital_name="Renai Hospital",
	)
	frappe.get_doc(
		{
			"doctype": "Follow-up Provider",
			"title": f"Texts {frappe.generate_hash(length=6)}",
			"provider": "Twilio SMS",
			"account": "AC0",
			"secret": "secret",
			"sender": "+15550100",
			"enabled": 1,
		}
	).insert()
	invitation = {"occasion": "Survey Invitation", "purpose": "Survey", "channel": "SMS", "language": "en"}
	saved("Message Template", **invitation, body="How was it? {{ link }} In an emergency call 120.").db_set(
		"status", "Approved"
	)
	frappe.cache.delete_keys("followup_page")


def settings(**values: Any) -> None:
	frappe.db.set_single_value(SETTINGS, values)
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def reached(task: Document | None = None, **fields: Any) -> Document:
	"""A contact of a patient who reads English, reached by phone."""
	task = task or contact(patient=make.patient(language="en").name)
	return make.log(task, "Reached Patient", **{"identity_verified": 1, **fields})


def invitations(patient: str) -> list[frappe._dict]:
	fields = ["name", "status", "purpose", "occasion", "survey", "body", "send_after", "expires_at", "task"]
	return frappe.get_all(MESSAGE, filters={"patient": patient}, fields=fields, order_by="creation")


def answered(doc: Document, answers: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
	before = frappe.session.user
	frappe.set_user("Guest")
	try:
		token = page_links.token_of(doc.name)
		return page_api.hand_in(token=token, answers=answers, fields=fields, language="en")
	finally:
		frappe.set_user(before)
		frappe.local.lang = "en"


def alerts_of(patient: str) -> list[frappe._dict]:
	fields = [
		"name",
		"kind",
		"role",
		"status",
		"complaint",
		"complaint_doctype",
		"complaint_record",
		"department",
		"detail",
	]
	return frappe.get_all(ALERT, filters={"patient": patient}, fields=fields, order_by="creation")


def calls_about(alert: str) -> list[frappe._dict]:
	fields = ["name", "kind", "reasons", "status", "plan"]
	return frappe.get_all(TASK, filters={"alert": alert}, fields=fields, order_by="creation")


class TestInvitation:
	def test_follows_a_reached_contact(self) -> None:
		log = reached()
		(message,) = invitations(log.patient)
		assert (message.status, message.purpose, message.occasion) == (
			"Queued",
			"Survey",
			"Survey Invitation",
		)
		assert message.send_after > get_datetime(log.contacted_at)
		survey = frappe.get_doc(PAGE, message.survey)
		assert (survey.asks_satisfaction, survey.questionnaire, survey.task) == (1, None, log.task)
		assert page_links.token_of(survey.name) not in message.body

	@pytest.mark.parametrize(
		("outcome", "fields"),
		[
			("No Answer", {}),
			("Declined", {}),
			("Reached Patient", {"satisfaction": 4}),
		],
	)
	def test_does_not_follow(self, outcome: str, fields: dict[str, Any]) -> None:
		task = contact(patient=make.patient(language="en").name)
		make.log(task, outcome, identity_verified=1, **fields)
		assert invitations(task.patient) == []
		assert frappe.db.count(PAGE, {"patient": task.patient}) == 0

	def test_nobody_is_asked_about_a_contact_of_last_week(self) -> None:
		log = reached()
		frappe.db.delete(MESSAGE, {"patient": log.patient})
		frappe.db.delete(PAGE, {"patient": log.patient})
		log.contacted_at = add_to_date(now_datetime(), days=-4)
		surveys.invite_after(log)
		assert invitations(log.patient) == []

	def test_at_most_one_in_thirty_days(self) -> None:
		first = reached()
		plan = frappe.get_doc("Follow-up Plan", first.plan)
		reached(make.task(plan, status="Open"))
		assert len(invitations(first.patient)) == 1
		long_ago = add_to_date(now_datetime(), days=-31)
		frappe.db.set_value(PAGE, {"patient": first.patient}, "creation", long_ago, update_modified=False)
		reached(make.task(plan, status="Open"))
		assert len(invitations(first.patient)) == 2

	@pytest.mark.parametrize("status", ["Failed", "Expired", "Suppressed"])
	@pytest.mark.parametrize(("opened", "invited"), [(False, 2), (True, 1)])
	def test_whoever_was_never_told_was_not_asked(self, status: str, opened: bool, invited: int) -> None:
		first = reached()
		frappe.db.set_value(MESSAGE, {"patient": first.patient}, "status", status)
		if opened:
			frappe.db.set_value(PAGE, {"patient": first.patient}, "opened_on", now_datetime())
		reached(make.task(frappe.get_doc("Follow-up Plan", first.plan), status="Open"))
		assert len(invitations(first.patient)) == invited

	def test_a_message_that_may_have_arrived_has_asked(self) -> None:
		first = reached()
		frappe.db.set_value(MESSAGE, {"patient": first.patient}, "status", "Uncertain")
		reached(make.task(frappe.get_doc("Follow-up Plan", first.plan), status="Open"))
		assert len(invitations(first.patient)) == 1

	def test_nor_when_a_call_has_asked_meanwhile(self) -> None:
		first = reached(satisfaction=5)
		reached(make.task(frappe.get_doc("Follow-up Plan", first.plan), status="Open"))
		assert invitations(first.patient) == []

	def test_only_where_the_settings_say_so(self) -> None:
		settings(survey_after_contact=0)
		assert invitations(reached().patient) == []

	def test_without_consent_nothing_is_left_behind(self) -> None:
		settings(messages_without_consent=0)
		log = reached()
		assert (invitations(log.patient), frappe.db.count(PAGE, {"patient": log.patient})) == ([], 0)

	def test_consent_to_surveys_is_what_counts(self) -> None:
		settings(messages_without_consent=0)
		task = contact(patient=make.patient(language="en").name)
		consents.give(task.patient, "SMS", ["Survey"], evidence="Said at the bedside.")
		reached(task)
		assert len(invitations(task.patient)) == 1

	def test_a_contact_is_recorded_whatever_becomes_of_the_invitation(self) -> None:
		frappe.db.set_value("Message Template", {"occasion": "Survey Invitation"}, "body", "{{ broken")
		frappe.clear_cache(doctype="Message Template")
		log = reached()
		assert log.docstatus == 1
		assert invitations(log.patient) == []


class TestServiceRecovery:
	def test_a_low_score_is_called_about_and_the_call_answers_the_alert(self) -> None:
		doc, _token = page(asks=None)
		answered(doc, satisfaction=1, comment="Nobody listened")
		(alert,) = alerts_of(doc.patient)
		assert (alert.kind, alert.role, alert.status) == ("Satisfaction", "Follow-up Supervisor", "Open")
		(call,) = calls_about(alert.name)
		assert (call.kind, call.reasons, call.status, call.plan) == (
			"Alert",
			"service_recovery",
			"Open",
			None,
		)
		make.log(frappe.get_doc(TASK, call.name), "Reached Patient", identity_verified=1)
		assert alerts_of(doc.patient)[0].status == "Answered"

	def test_a_good_score_is_not(self) -> None:
		doc, _token = page(asks=None)
		answered(doc, satisfaction=5)
		assert alerts_of(doc.patient) == []

	def test_whoever_asked_to_be_called_is_called_once(self) -> None:
		doc, token = page(asks=None)
		page_api.ask_for_call(token=token)
		answered(doc, satisfaction=1)
		alert = next(row for row in alerts_of(doc.patient) if row.kind == "Satisfaction")
		assert calls_about(alert.name) == []

	def test_a_call_of_another_day_does_not_stand_in(self) -> None:
		doc, _token = page(asks=None)
		plan = frappe.get_doc("Follow-up Plan", doc.plan)
		put_off = add_to_date(now_datetime(), days=8)
		make.task(
			plan, kind="Callback", status="Open", due_date=make.days_from_now(-1), next_attempt_at=put_off
		)
		answered(doc, satisfaction=1)
		(alert,) = alerts_of(doc.patient)
		assert len(calls_about(alert.name)) == 1

	def test_whoever_is_called_about_the_answers_is_called_once(self) -> None:
		doc, _token = page(asks_satisfaction=1)
		answered(doc, {"pain": 9, "fever": "No"}, satisfaction=1)
		assert frappe.db.get_value(TASK, doc.task, ["status", "channel"]) == ("Open", "Phone")
		alert = next(row for row in alerts_of(doc.patient) if row.kind == "Satisfaction")
		assert calls_about(alert.name) == []

	@pytest.mark.parametrize("off", ["settings", "patient"])
	def test_nobody_is_called_against_the_settings_or_the_patients_will(self, off: str) -> None:
		doc, _token = page(asks=None)
		if off == "settings":
			settings(call_dissatisfied=0)
		else:
			frappe.db.set_value("Follow-up Patient", doc.patient, "status", "Do Not Contact")
		answered(doc, satisfaction=1)
		(alert,) = alerts_of(doc.patient)
		assert calls_about(alert.name) == []


class TestComplaint:
	@pytest.mark.site("plain")
	def test_is_an_alert_for_the_supervisor(self) -> None:
		doc, _token = page(asks=None)
		answered(doc, satisfaction=4, comment="The bill was wrong", complaint=True)
		(alert,) = alerts_of(doc.patient)
		assert (alert.kind, alert.role, alert.complaint) == ("Satisfaction", "Follow-up Supervisor", 1)
		assert alert.detail == "Complaint: The bill was wrong"
		assert alert.complaint_record is None

	def test_with_a_low_score_is_one_alert(self) -> None:
		doc, _token = page(asks=None)
		answered(doc, satisfaction=1, comment="The bill was wrong", complaint=True)
		assert [alert.complaint for alert in alerts_of(doc.patient)] == [1]

	def test_without_words_is_heard_too(self) -> None:
		doc, _token = page(asks=None)
		answered(doc, complaint=True)
		(alert,) = alerts_of(doc.patient)
		assert alert.detail == "Complaint: The patient complains, without saying of what."

	@pytest.mark.site("plain")
	def test_a_supervisor_makes_one_of_an_alert_or_a_contact(self) -> None:
		log = reached()
		name = alert_api.record_complaint(log.name, "Food was cold")
		assert alert_api.record_complaint(log.name, "Food was cold") == name
		assert [alert.complaint for alert in alerts_of(log.patient)] == [1]
		doc, _token = page(asks=None)
		answered(doc, satisfaction=1)
		(alert,) = alerts_of(doc.patient)
		assert alert_api.hand_over_complaint(alert.name, "The bill")["record"] is None
		assert alerts_of(doc.patient)[0].complaint == 1

	@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
	def test_needs_words_that_can_be_read(self, words: str) -> None:
		with pytest.raises(AlertError):
			alert_api.record_complaint(reached().name, words)

	@pytest.mark.site("erpnext")
	def test_is_an_issue_where_erpnext_keeps_them(self) -> None:
		customer = frappe.get_doc(
			{"doctype": "Customer", "customer_name": "Wang", "customer_type": "Individual"}
		)
		customer.insert()
		patient = make.patient(language="en", source_doctype="Customer", source_name=customer.name)
		doc, _token = page(asks=None, task={"patient": patient.name})
		answered(doc, comment="Rude & loud {{ 7*7 }}", complaint=True)
		(alert,) = alerts_of(doc.patient)
		assert alert.complaint_doctype == "Issue"
		issue = frappe.get_doc("Issue", alert.complaint_record)
		# ERPNext would show it to every website user of the customer.
		assert not issue.customer
		assert "<p>Rude &amp; loud {{ 7*7 }}</p>" in issue.description
		assert alert.name in issue.description
		kept = frappe.as_json(issue.as_dict())
		for word in (
			patient.patient_name,
			patient.patient_id,
			patient.mobile,
			customer.name,
			alert.department,
		):
			assert not word or word not in kept

	@pytest.mark.site("erpnext")
	def test_a_desk_that_refuses_loses_no_complaint(self) -> None:
		frappe.get_doc(
			{"doctype": "Property Setter", "doc_type": "Issue", "doctype_or_field": "DocField"}
			| {"field_name": "issue_type", "property": "reqd", "value": "1", "property_type": "Check"}
		).insert()
		frappe.clear_cache(doctype="Issue")
		doc, _token = page(asks=None)
		answered(doc, comment="Rude", complaint=True)
		(alert,) = alerts_of(doc.patient)
		assert (alert.complaint, alert.complaint_record) == (1, None)
		frappe.clear_cache(doctype="Issue")
