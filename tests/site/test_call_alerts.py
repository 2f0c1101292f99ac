"""An alarming answer raises an alert at once: one per reason, as severe as the worst answer, corrections noted."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import get_datetime, now_datetime

from hospital_followup import call_api
from hospital_followup.services.alerts import raise_alert, respond_by
from hospital_followup.tests import factories as make
from tests.site.call_samples import ALERT, alerts, contact, drafts, questionnaire
from tests.site.samples import saved

SPECIALIST = "Follow-up Specialist"


def answer(task, **answers) -> dict:
	return call_api.save_call(task.name, {"answers": answers})


class TestRaising:
	def test_a_red_answer_alarms_before_the_call_ends(self) -> None:
		task = contact(asks=questionnaire(), risk_tier="High")
		state = answer(task, fever="yes")["state"]
		(alert,) = alerts(task)
		assert (alert.severity, alert.kind, alert.status) == ("Red", "Clinical", "Open")
		assert (alert.patient, alert.log) == (task.patient, drafts(task)[0])
		assert alert.detail == "Do you have a fever?: Yes"
		assert [(shown["name"], shown["severity"]) for shown in state["alerts"]] == [(alert.name, "Red")]
		assert alert.respond_by == alert.raised_on + timedelta(hours=2)

	def test_an_amber_answer_too(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=5)
		(alert,) = alerts(task)
		assert (alert.severity, alert.detail) == ("Amber", "How strong is the pain?: 5")

	def test_calm_answers_do_not(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=2, fever="no")
		assert alerts(task) == []

	def test_a_score_alarms_as_well(self) -> None:
		questions = [
			{
				"code": code,
				"text": code,
				"answer_type": "Scale",
				"minimum": "0",
				"maximum": "3",
				"group": "mood",
			}
			for code in ("interest", "sadness")
		]
		scores = [{"group": "mood", "title": "Mood", "amber_if": ">= 3", "red_if": ">= 5"}]
		task = contact(asks=questionnaire(questions=questions, scores=scores))
		answer(task, interest=3)
		assert alerts(task) == []
		answer(task, sadness=3)
		assert [(alert.severity, alert.detail) for alert in alerts(task)] == [("Red", "Mood: 6")]

	@pytest.mark.parametrize("role", ["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"])
	def test_whoever_calls(self, as_user, role: str) -> None:
		task = contact(asks=questionnaire())
		with as_user(role):
			assert answer(task, fever="yes")["state"]["flags"] == {"fever": "Red"}
		assert len(alerts(task)) == 1

	def test_a_log_from_the_form_alarms_as_well(self) -> None:
		task = contact()
		given = [{"question": "pain", "value": "9"}, {"question": "fever", "value": "No"}]
		make.log(task, "Reached Patient", identity_verified=1, questionnaire=questionnaire(), answers=given)
		assert [alert.severity for alert in alerts(task)] == ["Red"]


class TestOnePerReason:
	def test_saving_again_raises_none(self) -> None:
		task = contact(asks=questionnaire())
		for _time in range(3):
			answer(task, fever="yes")
		call_api.finish_call(task.name, "Reached Patient", {"answers": {"pain": 1}, "identity_verified": 1})
		assert len(alerts(task)) == 1

	def test_a_worse_answer_makes_the_same_alert_red(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=5)
		answer(task, pain=9)
		(alert,) = alerts(task)
		assert alert.severity == "Red"
		assert alert.respond_by <= now_datetime() + timedelta(hours=2)
		assert "5" in alert.detail
		assert "9" in alert.detail

	def test_a_milder_answer_leaves_it_red(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=9)
		answer(task, pain=5)
		assert [alert.severity for alert in alerts(task)] == ["Red"]

	def test_two_questions_are_two_alerts(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=9, fever="yes")
		assert len(alerts(task)) == 2

	def test_what_was_answered_is_raised_anew_in_another_contact(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, fever="yes")
		reason = {"identity_verified": 1, "incomplete_reason": "called away"}
		call_api.finish_call(task.name, "Callback Requested", reason)
		frappe.db.set_value(ALERT, alerts(task)[0].name, "status", "Closed")
		answer(task, fever="yes")
		assert [alert.status for alert in alerts(task)] == ["Closed", "Open"]
		answer(task, pain=9)
		assert len(alerts(task)) == 3

	def test_a_worse_answer_after_the_reply_is_a_new_alert(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=5)
		frappe.db.set_value(ALERT, alerts(task)[0].name, "status", "Answered")
		answer(task, pain=9)
		assert [(alert.severity, alert.status) for alert in alerts(task)] == [
			("Amber", "Answered"),
			("Red", "Open"),
		]

	def test_an_amended_log_does_not_wake_what_was_answered(self) -> None:
		task = contact(asks=questionnaire())
		changes = {"answers": {"fever": "yes", "pain": 1}, "identity_verified": 1}
		log = frappe.get_doc(
			"Follow-up Log", call_api.finish_call(task.name, "Reached Patient", changes)["log"]
		)
		frappe.db.set_value(ALERT, alerts(task)[0].name, "status", "Answered")
		log.cancel()
		amended = frappe.copy_doc(log).update({"amended_from": log.name, "docstatus": 0, "notes": "spelling"})
		amended.insert().submit()
		assert len(alerts(task)) == 1


class TestCorrections:
	def test_stand_on_the_alert(self, as_user) -> None:
		task = contact(asks=questionnaire())
		answer(task, pain=9)
		with as_user("Follow-up Supervisor") as user:
			frappe.db.set_value("Follow-up Task", task.name, "claimed_until", now_datetime() - timedelta(1))
			answer(task, pain=1)
		(alert,) = alerts(task)
		assert alert.status == "Open"
		assert (
			f"by {user.split('@')[0]}: How strong is the pain?: 1 (before: How strong is the pain?: 9)"
			in (alert.detail)
		)

	def test_so_does_an_answer_taken_back(self) -> None:
		task = contact(asks=questionnaire())
		answer(task, fever="yes")
		answer(task, fever=None)
		assert "no answer (before: Do you have a fever?: Yes)" in alerts(task)[0].detail


class TestRespondBy:
	def test_amber_waits_for_the_next_working_day(self) -> None:
		friday = get_datetime("2026-11-20 16:30:00")
		assert respond_by("Amber", friday, None) == get_datetime("2026-11-23 16:30:00")

	def test_red_does_not(self) -> None:
		saturday = get_datetime("2026-11-21 23:30:00")
		assert respond_by("Red", saturday, None) == get_datetime("2026-11-22 01:30:00")

	def test_the_departments_own_days_count(self) -> None:
		exceptions = [{"date": "2026-11-23", "working": 0}, {"date": "2026-11-22", "working": 1}]
		days = ("monday", "tuesday", "wednesday", "thursday", "friday")
		calendar = frappe.get_doc(
			{"doctype": "Follow-up Calendar", "title": "Alert days", "exceptions": exceptions}
			| dict.fromkeys(days, 1)
		).insert()
		ward = make.department("Alert ward", calendar=calendar.name)
		friday = get_datetime("2026-11-20 16:00:00")
		assert respond_by("Amber", friday, ward) == get_datetime("2026-11-22 16:00:00")


def test_the_service_can_be_used_for_other_reasons() -> None:
	patient = make.patient(department=make.department())
	raised = {"kind": "Unreachable", "severity": "Amber", "patient": patient.name, "detail": "3 attempts"}
	name = raise_alert(**raised, key="unreachable|1")
	assert raise_alert(**raised, key="unreachable|1") is None
	doc = frappe.get_doc(ALERT, name)
	assert (doc.department, doc.patient_name, doc.key) == (
		patient.department,
		patient.patient_name,
		"unreachable|1",
	)
	assert get_datetime(doc.respond_by) > now_datetime()
	assert raise_alert(**{**raised, "severity": "Red"}, key="unreachable|1") == name


def test_a_rule_says_who_and_how_fast() -> None:
	rule = saved(
		"Follow-up Alert Rule", role="Follow-up Supervisor", respond_within_hours=6, hours_counted="Every Day"
	)
	patient = make.patient(department=make.department())
	name = raise_alert(
		kind="Satisfaction", severity="Red", patient=patient.name, detail="1 of 5", key="s|1", rule=rule.name
	)
	doc = frappe.get_doc(ALERT, name)
	assert (doc.role, doc.respond_by - doc.raised_on) == ("Follow-up Supervisor", timedelta(hours=6))


def test_a_key_longer_than_its_field_is_still_one_reason() -> None:
	patient = make.patient()
	raised = {"kind": "Clinical", "severity": "Amber", "patient": patient.name, "detail": "d"}
	long = "rule|" + "很长的规则名称" * 30
	name = raise_alert(**raised, key=f"{long}|a")
	assert raise_alert(**raised, key=f"{long}|a") is None
	assert raise_alert(**raised, key=f"{long}|b") not in (None, name)


def test_a_specialist_sees_the_flag_and_the_alert(as_user) -> None:
	task = contact(asks=questionnaire())
	with as_user(SPECIALIST):
		answer(task, fever="yes")
		assert [alert["detail"] for alert in call_api.call_sheet(task.name)["state"]["alerts"]] == [
			"Do you have a fever?: Yes"
		]
