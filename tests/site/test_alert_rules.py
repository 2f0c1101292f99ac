"""Alert rules at work: on every save of a contact, at its end, after an attempt, and with time."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, get_datetime, now_datetime, today

from hospital_followup import call_api
from hospital_followup.services.alert_sweep import sweep
from hospital_followup.services.runs import run
from hospital_followup.setup.alert_rules import seed_alert_rules
from hospital_followup.setup.content import shipped
from hospital_followup.tests import factories as make
from tests.site.call_samples import ALERT, alerts, contact, questionnaire
from tests.site.samples import saved
from tests.stack.connection import Site
from tests.support.processes import kill_leftovers, together

__all__ = ["kill_leftovers"]
RULE = "Follow-up Alert Rule"
SWEEP = """
	from frappe.utils import now_datetime
	from hospital_followup.services.alert_sweep import sweep
	from hospital_followup.services.runs import run

	with run("alert_rules") as record:
		sweep(record, now_datetime())
	print("failed", record.tally.failed)
"""


@pytest.fixture(autouse=True)
def _only_these_rules(site) -> None:
	"""Rules that the site came with are switched off, so that each test knows what it has."""
	frappe.db.set_value(RULE, {"enabled": 1}, "enabled", 0)


def rule(*conditions: dict[str, Any], **fields: Any) -> str:
	values = {"severity": "Amber", "enabled": 1, "respond_within_hours": 24, **fields}
	return saved(RULE, conditions=list(conditions), **values).name


def answer(code: str, operator: str, value: str | None = None, **span: int) -> dict[str, Any]:
	return {"fact": "Answer", "question_code": code, "operator": operator, "value": value, **span}


def fact(name: str, operator: str, value: str) -> dict[str, Any]:
	return {"fact": name, "operator": operator, "value": value}


def say(task, **changes: Any) -> dict[str, Any]:
	return call_api.save_call(task.name, changes)


def finish(task, outcome: str = "Reached Patient", **changes: Any) -> str:
	changes = {"identity_verified": 1, **changes}
	if outcome == "Reached Patient":
		changes["answers"] = {"pain": 1, "fever": "no", **changes.get("answers", {})}
	return call_api.finish_call(task.name, outcome, changes)["log"]


def earlier(patient: str, day: int, asks: str, **answers: Any) -> None:
	"""A contact of `day` days ago with these answers."""
	given = [{"question": code, "value": str(value)} for code, value in answers.items()]
	make.log(
		make.task(patient=patient),
		"Reached Patient",
		contacted_at=add_days(now_datetime(), -day),
		identity_verified=1,
		incomplete_reason="test",
		questionnaire=asks,
		answers=given,
	)


def of_patient(patient: str) -> list[frappe._dict]:
	return frappe.get_all(ALERT, filters={"patient": patient}, fields=["*"], order_by="creation, name")


class TestAnswers:
	def test_alarm_with_the_save_that_brings_them(self) -> None:
		name = rule(answer("pain", ">=", "3"), kind="Clinical")
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 3})
		(alert,) = alerts(task)
		assert (alert.rule, alert.severity, alert.status) == (name, "Amber", "Open")
		assert alert.detail == f"{name}: How strong is the pain?: 3"

	def test_the_flag_of_the_questionnaire_and_a_rule_are_one_alert(self) -> None:
		name = rule(
			answer("pain", ">=", "5"), severity="Red", respond_within_hours=1, hours_counted="Every Day"
		)
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 5})
		(alert,) = alerts(task)
		assert (alert.rule, alert.severity) == (name, "Red")
		assert alert.detail == "How strong is the pain?: 5"
		assert (alert.respond_by - alert.raised_on).total_seconds() == 3600

	def test_a_milder_rule_does_not_slow_down_a_red_flag(self) -> None:
		rule(answer("fever", "=", "yes"), respond_within_hours=48)
		task = contact(asks=questionnaire())
		say(task, answers={"fever": "yes"})
		(alert,) = alerts(task)
		assert (alert.rule, alert.severity) == (None, "Red")
		assert (alert.respond_by - alert.raised_on).total_seconds() == 2 * 3600

	def test_conditions_that_are_met_together_only(self) -> None:
		name = rule(answer("pain", ">=", "2"), answer("fever", "=", "no"))
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 3})
		assert alerts(task) == []
		say(task, answers={"fever": "no"})
		assert [alert.rule for alert in alerts(task)] == [name]

	def test_one_while_it_is_open_and_a_new_one_after_it_was_answered(self) -> None:
		rule(answer("pain", ">=", "2"), answer("fever", "=", "no"))
		patient, asks = make.patient(language="en").name, questionnaire()
		for day in (9, 6):
			earlier(patient, day, asks, pain=3, fever="No")
		assert len(of_patient(patient)) == 1
		frappe.db.set_value(ALERT, of_patient(patient)[0].name, "status", "Answered")
		earlier(patient, 3, asks, pain=3, fever="No")
		earlier(patient, 2, asks, pain=3, fever="No")
		assert [alert.status for alert in of_patient(patient)] == ["Answered", "Open"]

	def test_a_worse_rule_makes_the_same_alert_red(self) -> None:
		rule(answer("pain", ">=", "2"))
		red = rule(answer("pain", ">=", "3"), severity="Red", respond_within_hours=2)
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 2})
		say(task, answers={"pain": 3})
		(alert,) = alerts(task)
		assert (alert.severity, alert.rule) == ("Red", red)

	def test_a_correction_is_noted(self) -> None:
		rule(answer("pain", ">=", "2"), answer("fever", "=", "no"))
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 3, "fever": "no"})
		say(task, answers={"pain": 1})
		(alert,) = alerts(task)
		assert "Corrected" in alert.detail

	def test_a_rule_that_is_off_does_nothing(self) -> None:
		rule(answer("pain", ">=", "2"), enabled=0)
		task = contact(asks=questionnaire())
		say(task, answers={"pain": 3})
		assert alerts(task) == []

	def test_a_question_that_was_not_asked_in_the_end_does_not_count(self) -> None:
		task = contact(asks=questionnaire())
		rule(answer("degrees", ">=", "38"))
		say(task, answers={"degrees": 39})
		assert alerts(task) == []
		say(task, answers={"fever": "yes"})
		assert "degrees" in {alert.key.split("|")[2] for alert in alerts(task)}

	def test_only_patients_of_the_tier_that_the_rule_names(self) -> None:
		rule(answer("pain", ">=", "2"), fact("Risk Tier", "=", "High"))
		found = {}
		for tier in ("High", "Low"):
			patient = make.patient(language="en")
			patient.db_set("risk_tier", tier)
			task = contact(asks=questionnaire(), patient=patient.name)
			say(task, answers={"pain": 3})
			found[tier] = len(alerts(task))
		assert found == {"High": 1, "Low": 0}


class TestTrends:
	def test_three_contacts_that_rise(self) -> None:
		name = rule(answer("pain", "Rises", over_contacts=3))
		patient, asks = make.patient(language="en").name, questionnaire()
		earlier(patient, 20, asks, pain=1)
		earlier(patient, 15, asks, fever="No")
		earlier(patient, 10, asks, pain=2)
		assert of_patient(patient) == []
		task = contact(asks=asks, patient=patient)
		say(task, answers={"pain": 3})
		(alert,) = alerts(task)
		assert alert.detail.startswith(f"{name}: How strong is the pain?: 1 → 2 → 3 (")

	def test_so_much_within_days(self) -> None:
		patient, asks = make.patient(language="en").name, questionnaire()
		rule(answer("degrees", "Rises", "1", over_days=3))
		frappe.db.set_value("Follow-up Question", {"parent": asks, "code": "degrees"}, "show_if", None)
		frappe.clear_document_cache("Follow-up Questionnaire", asks)
		earlier(patient, 5, asks, degrees=36)
		earlier(patient, 2, asks, degrees=36.5)
		task = contact(asks=asks, patient=patient)
		say(task, answers={"degrees": 37.4})
		assert alerts(task) == []
		say(task, answers={"degrees": 37.5})
		assert [alert.detail.split(": ", 1)[1].split(" (")[0] for alert in alerts(task)] == [
			"What does the thermometer say?: 36.5 → 37.5 °C"
		]

	def test_another_unit_begins_anew(self) -> None:
		rule(answer("pain", "Rises", over_contacts=2))
		patient = make.patient(language="en").name
		wide = {"code": "pain", "text": "Pain?", "answer_type": "Scale", "minimum": "0", "maximum": "100"}
		earlier(patient, 5, questionnaire(), pain=2)
		earlier(patient, 3, questionnaire(questions=[wide]), pain=20)
		assert of_patient(patient) == []
		earlier(patient, 1, questionnaire(questions=[wide]), pain=21)
		assert len(of_patient(patient)) == 1

	def test_a_contact_that_was_cancelled_is_no_reading(self) -> None:
		rule(answer("pain", "Rises", over_contacts=2))
		patient, asks = make.patient(language="en").name, questionnaire()
		earlier(patient, 5, asks, pain=1)
		frappe.get_last_doc("Follow-up Log", {"patient": patient}).cancel()
		earlier(patient, 3, asks, pain=2)
		assert of_patient(patient) == []


class TestWords:
	@pytest.mark.parametrize(
		("text", "raised"),
		[
			("He says no chest pain, sleeps well", False),
			("No fever, chest pain since yesterday", True),
			("不发烧，胸口不痛但是喘不过气", True),
			("没有疼，没有胸痛", False),
		],
	)
	def test_count_at_the_end_of_the_contact(self, text: str, raised: bool) -> None:
		name = rule(fact("Free Text", "Contains", "chest pain，胸痛、喘不过气"), severity="Red")
		task = contact(asks=questionnaire())
		say(task, notes=text)
		assert alerts(task) == []
		finish(task, notes=text)
		assert [alert.rule for alert in alerts(task)] == ([name] if raised else [])

	def test_are_quoted_with_their_place(self) -> None:
		rule(fact("Free Text", "Contains", "喘不过气"))
		task = contact(asks=questionnaire())
		finish(task, patient_feedback="昨晚开始喘不过气，睡不着")
		(alert,) = alerts(task)
		assert alert.detail.endswith("“喘不过气” in What the Patient Said: 昨晚开始喘不过气，睡不着")

	def test_in_an_answer_in_words(self) -> None:
		rule(fact("Free Text", "Contains", "dizzy"))
		task = contact(asks=questionnaire())
		finish(task, answers={"wish": "why I am dizzy"})
		assert "What would you like to know?" in alerts(task)[0].detail

	def test_also_when_nobody_was_reached(self) -> None:
		rule(fact("Free Text", "Contains", "fell"))
		task = contact()
		finish(task, "No Answer", notes="neighbour says she fell")
		assert len(alerts(task)) == 1


class TestSatisfaction:
	def test_counts_at_the_end(self) -> None:
		name = rule(fact("Satisfaction", "<=", "2"), kind="Satisfaction", role="Follow-up Supervisor")
		task = contact(asks=questionnaire())
		say(task, satisfaction=2)
		assert alerts(task) == []
		finish(task, satisfaction=2)
		(alert,) = alerts(task)
		assert (alert.kind, alert.rule, alert.role) == ("Satisfaction", name, "Follow-up Supervisor")

	def test_not_asked_is_not_zero(self) -> None:
		rule(fact("Satisfaction", "<=", "2"))
		task = contact(asks=questionnaire())
		finish(task)
		assert alerts(task) == []

	def test_a_survey_that_was_answered(self) -> None:
		low = rule(fact("Recommendation", "<=", "6"), kind="Satisfaction")
		words = rule(fact("Free Text", "Contains", "rude"), kind="Satisfaction")
		survey = saved("Follow-up Survey", recommend="0", comment="The porter was rude", status="Opened")
		assert of_patient(survey.patient) == []
		survey.flags.followup_service = True
		survey.update({"status": "Answered", "answered_on": now_datetime()}).save()
		survey.save()
		found = of_patient(survey.patient)
		assert {alert.rule for alert in found} == {low, words}
		assert {alert.survey for alert in found} == {survey.name}


class TestAttempts:
	def test_the_last_attempt_alarms_at_once(self) -> None:
		name = rule(fact("Failed Attempts", ">=", "2"), fact("Risk Tier", "=", "High"), kind="Unreachable")
		task = make.task(make.plan(), risk_tier="High")
		make.log(task, "No Answer", contacted_at=add_days(now_datetime(), -1))
		assert alerts(task) == []
		make.log(task, "Busy")
		assert [(alert.rule, alert.kind) for alert in alerts(task)] == [(name, "Unreachable")]
		make.log(task, "Busy")
		assert len(alerts(task)) == 1

	def test_a_promise_to_call_back_is_no_failure(self) -> None:
		rule(fact("Failed Attempts", ">=", "1"), kind="Unreachable")
		task = make.task(make.plan(), risk_tier="High")
		make.log(task, "Callback Requested", next_attempt_at=add_days(now_datetime(), 1))
		assert alerts(task) == []


def swept() -> int:
	with run("alert_rules") as record:
		sweep(record, now_datetime())
	assert not record.tally.failed
	return record.tally.done


def overdue(days: int, **fields: Any):
	due = {"due_date": make.days_from_now(-days), "opens_on": make.days_from_now(-days)}
	return make.task(make.plan(), **{**due, **fields})


@pytest.mark.commits
class TestTime:
	def test_an_overdue_contact_alarms_once(self) -> None:
		name = rule(fact("Days Overdue", ">=", "2"), kind="Overdue")
		late, fresh = overdue(2), overdue(1)
		swept()
		assert [(alert.rule, alert.kind, alert.task) for alert in alerts(late)] == [
			(name, "Overdue", late.name)
		]
		assert alerts(fresh) == []
		frappe.db.set_value(ALERT, alerts(late)[0].name, "status", "Closed")
		swept()
		assert len(alerts(late)) == 1

	@pytest.mark.parametrize(
		("fields", "raised"),
		[
			({"status": "Missed", "status_reason": "expired", "expires_on": -3}, 1),
			({"status": "Missed", "status_reason": "expired", "expires_on": -60}, 0),
			({"status": "Missed", "status_reason": "lost_to_follow_up", "expires_on": -3}, 0),
			({"status": "Completed", "expires_on": -3}, 0),
			({"status": "Cancelled", "status_reason": "paused", "expires_on": -3}, 0),
			({"next_attempt_at": 1, "expires_on": 3}, 0),
			({"kind": "Alert", "expires_on": 3}, 0),
			({"on_hold": 1, "expires_on": 3}, 0),
		],
	)
	def test_after_an_outage(self, fields: dict[str, Any], raised: int) -> None:
		rule(fact("Days Overdue", ">=", "2"), kind="Overdue")
		fields["expires_on"] = make.days_from_now(fields["expires_on"])
		promised = fields.pop("next_attempt_at", None)
		task = overdue(70 if raised == 0 and fields.get("status_reason") == "expired" else 9, **fields)
		if promised:
			task.db_set("next_attempt_at", add_days(now_datetime(), promised))
		swept()
		assert len(alerts(task)) == raised

	@pytest.mark.parametrize("status", ["Deceased", "Do Not Contact"])
	def test_nobody_alarms_for_who_is_not_to_be_called(self, status: str) -> None:
		rule(fact("Days Overdue", ">=", "2"), kind="Overdue")
		task = overdue(3)
		frappe.db.set_value("Follow-up Patient", task.patient, "status", status)
		swept()
		assert alerts(task) == []

	def test_a_paused_plan_is_left_alone(self) -> None:
		rule(fact("Days Overdue", ">=", "2"), kind="Overdue")
		task = overdue(3)
		frappe.db.set_value("Follow-up Plan", task.plan, "status", "Paused")
		swept()
		assert alerts(task) == []

	def test_any_of_two(self) -> None:
		rule(fact("Days Overdue", ">=", "30"), fact("Failed Attempts", ">=", "1"), match="Any Condition")
		task = overdue(0)
		make.log(task, "No Answer")
		frappe.db.delete(ALERT, {"task": task.name})
		swept()
		assert len(alerts(task)) == 1

	def test_a_missed_revisit(self) -> None:
		name = rule(
			fact("Days Since Missed Revisit", ">=", "7"), kind="Missed Revisit", role="Follow-up Supervisor"
		)
		revisits = {
			days: saved("Follow-up Revisit", expected_on=add_days(today(), -days), status=status)
			for days, status in ((6, "Missed"), (7, "Missed"), (8, "Booked"), (90, "Missed"))
		}
		swept()
		swept()
		raised = {days: of_patient(revisit.patient) for days, revisit in revisits.items()}
		assert {days: len(found) for days, found in raised.items()} == {6: 0, 7: 1, 8: 0, 90: 0}
		(alert,) = raised[7]
		assert (alert.rule, alert.revisit, alert.kind) == (name, revisits[7].name, "Missed Revisit")
		assert get_datetime(alert.respond_by) > now_datetime()

	def test_two_dispatchers_raise_it_once(self, site: Site) -> None:
		rule(fact("Days Overdue", ">=", "2"), kind="Overdue")
		tasks = [overdue(3) for _number in range(20)]
		frappe.db.commit()  # reason: the dispatchers are other processes
		outputs = together(site, SWEEP, SWEEP)
		frappe.db.rollback()  # reason: they have written since
		assert [output.splitlines()[-1] for output in outputs] == ["failed 0", "failed 0"]
		assert {len(alerts(task)) for task in tasks} == {1}

	def test_two_contacts_at_once_raise_one(self, site: Site) -> None:
		"""A rule of several conditions has one alert per patient while it is open, whatever contact is saved first."""
		rule(answer("pain", ">=", "2"), answer("fever", "=", "no"))
		patient, asks = make.patient(language="en").name, questionnaire()
		tasks = [make.task(patient=patient) for _number in range(2)]
		frappe.db.commit()  # reason: the callers are other processes
		source = """
			from hospital_followup.services.retry import with_retry
			from hospital_followup.tests import factories as make

			def contact():
				given = [{{"question": "pain", "value": "3"}}, {{"question": "fever", "value": "No"}}]
				task = frappe.get_doc("Follow-up Task", "{task}")
				make.log(task, "Reached Patient", identity_verified=1, questionnaire="{asks}", answers=given)

			with_retry(contact)
			frappe.db.commit()  # reason: a process of its own, and the other one has to see it
		"""
		together(site, *[source.format(task=task.name, asks=asks) for task in tasks])
		frappe.db.rollback()  # reason: they have written since
		assert frappe.db.count("Follow-up Log", {"patient": patient, "docstatus": 1}) == 2
		assert len(of_patient(patient)) == 1


class TestShipped:
	def test_those_with_a_solid_source_are_on(self) -> None:
		"""On a site without any; each says where it comes from, and each could alarm."""
		frappe.db.delete(RULE)
		seed_alert_rules()
		rules = {
			name: frappe.get_doc(RULE, name) for name in frappe.get_all(RULE, pluck="name", order_by="name")
		}
		assert {rule["title"]["en"] for rule in shipped("alert_rules")} == set(rules)
		assert all(rule.source_note for rule in rules.values())
		expected = {rule["title"]["en"] for rule in shipped("alert_rules") if rule["enabled"]}
		weighed = frappe.db.exists("Follow-up Question", {"code": "weight"})
		assert {name for name, rule in rules.items() if rule.enabled} == expected - (
			set() if weighed else {"Weight up 2 kg within 3 days"}
		)

	def test_beside_a_hospitals_own_they_come_switched_off(self) -> None:
		frappe.db.delete(RULE)
		own = rule(fact("Satisfaction", "<=", "3"))
		seed_alert_rules()
		assert frappe.get_all(RULE, filters={"enabled": 1}, pluck="name") == [own]

	def test_are_known_in_any_language_and_never_overwritten(self) -> None:
		frappe.db.delete(RULE)
		frappe.db.set_single_value("System Settings", "language", "zh")
		seed_alert_rules()
		frappe.db.set_value(RULE, "危险信号词", "severity", "Amber")
		frappe.db.set_single_value("System Settings", "language", "en")
		seed_alert_rules()
		assert frappe.db.count(RULE) == len(shipped("alert_rules"))
		assert frappe.db.get_value(RULE, "危险信号词", "severity") == "Amber"
