"""A rule tried on the past raises, on paper, what it would have raised; and how good a rule turned out to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, today

from hospital_followup import rule_api
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.tests import factories as make
from tests.site.call_samples import ALERT, questionnaire
from tests.site.rights import AD, DR, SP, department, person
from tests.site.samples import sample, saved
from tests.support.queries import count_queries

RULE = "Follow-up Alert Rule"


@pytest.fixture(autouse=True)
def _no_other_rules(site) -> None:
	frappe.db.set_value(RULE, {"enabled": 1}, "enabled", 0)


def draft(*conditions: dict[str, Any], **fields: Any) -> dict[str, Any]:
	"""A rule that nobody has saved."""
	return sample(RULE, **{"conditions": list(conditions), "respond_within_hours": 24, **fields}).as_dict()


def pain(operator: str = ">=", value: str | None = "7", **span: int) -> dict[str, Any]:
	return {"fact": "Answer", "question_code": "pain", "operator": operator, "value": value, **span}


def fact(name: str, operator: str, value: str) -> dict[str, Any]:
	return {"fact": name, "operator": operator, "value": value}


def told(
	day: int, patient: str | None = None, asks: str | None = None, ward: str | None = None, **fields: Any
) -> Any:
	"""A contact of `day` days ago."""
	patient = patient or make.patient(language="en", department=ward).name
	given = [{"question": code, "value": str(value)} for code, value in fields.pop("answers", {}).items()]
	task = make.task(patient=patient, department=ward)
	return make.log(
		task,
		"Reached Patient",
		contacted_at=add_days(now_datetime(), -day),
		identity_verified=1,
		incomplete_reason="test",
		questionnaire=asks,
		answers=given,
		**fields,
	)


def tried(rule: dict[str, Any], days: int = 30) -> dict[str, Any]:
	return rule_api.simulate_alert_rule(rule, add_days(today(), -days), today())


class TestContacts:
	def test_writes_nothing_and_counts_by_week(self) -> None:
		asks = questionnaire(title="Simulated")
		for day, value in ((40, 9), (20, 3), (15, 8), (2, 7)):
			told(day, asks=asks, answers={"pain": value})
		before = frappe.db.count(ALERT)
		rule = draft(pain())
		result = tried(rule)
		assert (result["raised"], result["looked_at"], result["percent"]) == (2, 3, 66.7)
		assert sum(week["count"] for week in result["weeks"]) == 2
		assert {week["start"].weekday() for week in result["weeks"]} == {0}
		assert [getdate(alert["on"]) for alert in result["alerts"]] == [
			getdate(add_days(today(), -day)) for day in (2, 15)
		]
		assert result["alerts"][0]["detail"] == "How strong is the pain?: 7"
		assert frappe.db.count(ALERT) == before
		assert not frappe.db.exists(RULE, rule["title"])

	def test_a_trend_reaches_back_before_the_period(self) -> None:
		asks, patient = questionnaire(), make.patient(language="en").name
		for day, value in ((45, 1), (35, 2), (5, 3), (1, 3)):
			told(day, patient, asks, answers={"pain": value})
		result = tried(draft(pain("Rises", None, over_contacts=3)))
		assert [alert["detail"].split(" (")[0] for alert in result["alerts"]] == [
			"How strong is the pain?: 1 → 2 → 3"
		]

	def test_words_and_satisfaction_of_the_finished_contact(self) -> None:
		told(3, notes="no chest pain")
		log = told(4, patient_feedback="chest pain since yesterday", satisfaction=1)
		for condition in (fact("Free Text", "Contains", "chest pain"), fact("Satisfaction", "<=", "2")):
			assert [alert["name"] for alert in tried(draft(condition))["alerts"]] == [log.name]

	def test_one_while_the_first_would_be_open(self) -> None:
		asks, patient = questionnaire(), make.patient(language="en").name
		for day in (9, 8, 2):
			told(day, patient, asks, answers={"pain": 9})
		assert tried(draft(pain()))["raised"] == 3
		assert tried(draft(pain(), respond_within_hours=48))["raised"] == 2

	def test_is_set_beside_what_was_judged(self) -> None:
		asks = questionnaire()
		for day, judgement in ((3, "True"), (4, "False"), (5, "")):
			log = told(day, asks=asks, answers={"pain": 9})
			frappe.db.set_value(ALERT, {"log": log.name}, "judgement", judgement)
		assert tried(draft(pain()))["judged"] == {"raised": 3, "right": 1, "false": 1}

	def test_raises_what_the_rule_itself_raised(self) -> None:
		"""The rule switched on, and the same rule tried afterwards, agree contact by contact."""
		asks, patients = questionnaire(), [make.patient(language="en").name for _number in range(3)]
		conditions = (pain("Rises", "2", over_days=10), fact("Risk Tier", "!=", "Low"))
		for patient in patients[:2]:
			frappe.db.set_value("Follow-up Patient", patient, "risk_tier", "High")
		saved(RULE, conditions=list(conditions), enabled=1, respond_within_hours=1)
		values = ((1, 3, 2, 3), (3, 1, 2, 1), (1, 5, 1, 1))
		for patient, given in zip(patients, values, strict=True):
			for day, value in zip((28, 20, 9, 2), given, strict=True):
				told(day, patient, asks, answers={"pain": value})
				frappe.db.set_value(ALERT, {"patient": patient, "rule": ("is", "set")}, "status", "Closed")
		raised = frappe.get_all(
			ALERT, filters={"rule": ("is", "set"), "patient": ("in", patients)}, pluck="log", order_by="log"
		)
		assert sorted(alert["name"] for alert in tried(draft(*conditions))["alerts"]) == raised
		assert len(raised) == 1

	def test_costs_as_many_queries_for_many_contacts(self) -> None:
		asks = questionnaire()
		told(1, asks=asks, answers={"pain": 9})
		rule = draft(pain("Rises", "1", over_contacts=2), fact("Risk Tier", "=", "High"))
		tried(rule)
		few = count_queries(lambda: tried(rule))
		for day in range(1, 9):
			told(day, asks=asks, answers={"pain": day})
		assert count_queries(lambda: tried(rule)) == few


class TestTime:
	def test_an_overdue_contact_counts_on_the_day_it_would_have_alarmed(self) -> None:
		due = add_days(today(), -10)
		made = make.task(make.plan(), due_date=due, opens_on=due, expires_on=today())
		frappe.db.set_value(
			"Follow-up Task", made.name, {"status": "Completed", "completed_on": add_days(now_datetime(), -6)}
		)
		rule = draft(fact("Days Overdue", ">=", "3"), kind="Overdue")
		(alert,) = [alert for alert in tried(rule)["alerts"] if alert["name"] == made.name]
		assert getdate(alert["on"]) == getdate(due) + timedelta(days=3)
		in_time = draft(fact("Days Overdue", ">=", "5"), kind="Overdue")
		assert made.name not in {alert["name"] for alert in tried(in_time)["alerts"]}

	def test_attempts_count_when_they_were_made(self) -> None:
		task = make.task(make.plan(), due_date=add_days(today(), -4), opens_on=add_days(today(), -4))
		for day in (3, 2):
			make.log(task, "No Answer", contacted_at=add_days(now_datetime(), -day))
		rule = draft(fact("Failed Attempts", ">=", "2"), kind="Unreachable")
		(alert,) = [alert for alert in tried(rule)["alerts"] if alert["name"] == task.name]
		assert getdate(alert["on"]) == getdate(add_days(today(), -2))

	def test_missed_revisits(self) -> None:
		fields = {"expected_on": add_days(today(), -20)}
		late = saved("Follow-up Revisit", **fields, status="Attended", attended_on=add_days(today(), -10))
		kept = saved("Follow-up Revisit", **fields, status="Attended", attended_on=add_days(today(), -19))
		missed = saved("Follow-up Revisit", **fields, status="Missed")
		rule = draft(fact("Days Since Missed Revisit", ">=", "7"), kind="Missed Revisit")
		found = {alert["name"]: getdate(alert["on"]) for alert in tried(rule)["alerts"]}
		assert {late.name, missed.name} <= set(found)
		assert kept.name not in found
		assert found[missed.name] == getdate(add_days(today(), -13))


class TestWhoAndWhat:
	def test_only_what_the_person_may_see(self, as_user: Callable[..., Any]) -> None:
		asks = questionnaire()
		ward, other = department("Cardiology"), department("Surgery")
		told(2, asks=asks, ward=ward, answers={"pain": 9})
		told(2, asks=asks, ward=other, answers={"pain": 9})
		rule = draft(pain())
		frappe.set_user(person(DR, departments=(ward,)))
		assert {alert["department"] for alert in tried(rule)["alerts"]} == {ward}
		frappe.set_user("Administrator")
		assert {ward, other} <= {alert["department"] for alert in tried(rule)["alerts"]}

	def test_a_rule_that_is_wrong_is_refused_with_the_reason(self) -> None:
		questionnaire()
		with pytest.raises(InvalidValueError, match="not a number"):
			tried(draft(pain(value="much")))
		with pytest.raises(InvalidValueError, match="no questionnaire"):
			tried(draft({**pain(), "question_code": "never_asked"}))

	@pytest.mark.parametrize(("since", "until"), [(0, -1), (-400, 0)])
	def test_a_period_that_cannot_be_is_refused(self, since: int, until: int) -> None:
		questionnaire()
		with pytest.raises(InvalidPeriodError):
			rule_api.simulate_alert_rule(draft(pain()), add_days(today(), since), add_days(today(), until))

	@pytest.mark.parametrize("role", [SP, DR, AD])
	def test_every_role_may_try_words_and_see_the_questions(
		self, as_user: Callable[..., Any], role: str
	) -> None:
		questionnaire()
		with as_user(role):
			(found,) = rule_api.try_words("chest pain，流血", "没有流血, but CHEST PAIN")
			assert (found["phrase"], found["start"]) == ("chest pain", 10)
			questions = {question["code"]: question for question in rule_api.alert_rule_questions()}
		assert "Contains" not in questions["fever"]["operators"]
		assert "Rises" in questions["pain"]["operators"]

	@pytest.mark.parametrize(
		("words", "reason"),
		[
			("pain, a*b*c*d", "“a\\*b\\*c\\*d” has more than 2 gaps"),
			("胸痛," + "<b>" * 30, "“(&lt;b&gt;){20}…” is longer than 60"),
			(",".join(map(str, range(251))), "at most 250 words"),
		],
	)
	def test_words_that_take_too_long_to_look_for_are_refused(self, words: str, reason: str) -> None:
		with pytest.raises(InvalidValueError, match=reason):
			rule_api.try_words(words, "a a a a")
		with pytest.raises(InvalidValueError, match=reason):
			tried(draft(fact("Free Text", "Contains", words)))
		with pytest.raises(InvalidValueError, match=reason):
			saved(RULE, conditions=[fact("Free Text", "Contains", words)])

	def test_a_trend_of_two_departments_shows_only_the_readings_the_person_may_see(self) -> None:
		asks, patient = questionnaire(), make.patient(language="en").name
		ward, other = department("Cardiology"), department("Surgery")
		for day, value, place in ((9, 2, ward), (6, 3, other), (3, 4, ward), (1, 9, other)):
			told(day, patient, asks, ward=place, answers={"pain": value})
		rule = draft(pain("Rises", None, over_days=30))
		frappe.set_user(person(DR, departments=(ward,)))
		assert [alert["detail"].split(" (")[0] for alert in tried(rule)["alerts"]] == [
			"How strong is the pain?: 2 → 4"
		]
		frappe.set_user("Administrator")
		assert "2 → 3 → 4 → 9" in tried(rule)["alerts"][0]["detail"]


def judged(rule: str, right: int, wrong: int) -> None:
	for judgement in ["True"] * right + ["False"] * wrong:
		saved("Follow-up Alert", rule=rule, judgement=judgement)


class TestYield:
	@pytest.mark.parametrize(
		("right", "wrong", "weak"), [(1, 8, False), (1, 9, True), (2, 8, False), (0, 0, False), (0, 10, True)]
	)
	def test_a_rule_is_weak_when_enough_was_judged_and_little_was_right(
		self, right: int, wrong: int, weak: bool
	) -> None:
		rule = saved(RULE)
		judged(rule.name, right, wrong)
		saved("Follow-up Alert", rule=rule.name)
		found = rule_api.alert_rule_yields()[rule.name]
		assert (found["raised"], found["judged"], found["right"]) == (right + wrong + 1, right + wrong, right)
		assert found["weak"] is weak
		rule.run_method("onload")
		assert rule.get_onload("record") == found

	def test_counts_the_alerts_that_the_person_may_see(self) -> None:
		rule = saved(RULE)
		ward, other = department("Cardiology"), department("Surgery")
		for place, judgement in ((ward, "True"), (ward, ""), (other, "False"), (other, "")):
			patient = make.patient(department=place).name
			saved("Follow-up Alert", rule=rule.name, patient=patient, department=place, judgement=judgement)
		frappe.set_user(person(DR, departments=(ward,)))
		found = rule_api.alert_rule_yields()[rule.name]
		assert (found["raised"], found["judged"], found["right"]) == (2, 1, 1)
		rule.run_method("onload")
		assert rule.get_onload("record") == found
		frappe.set_user("Administrator")
		assert rule_api.alert_rule_yields()[rule.name]["raised"] == 4

	def test_the_settings_say_what_is_weak(self) -> None:
		rule = saved(RULE)
		judged(rule.name, 1, 2)
		frappe.db.set_single_value("Follow-up Settings", {"weak_rule_judged": 3, "weak_rule_yield": 40})
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert rule_api.alert_rule_yields()[rule.name]["weak"]
