"""The patient's own page: what it takes, what it makes of it, and that nothing but its token opens it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime

from hospital_followup import page_api
from hospital_followup.services import (
	dispatch,
	figure_sources,
	page_calls,
	page_closing,
	page_links,
	patient_erasure,
	patient_pages,
	tasks,
)
from hospital_followup.services.masked_name import masked_name
from hospital_followup.services.runs import run
from hospital_followup.tests import factories as make
from tests.site.call_samples import ALERT, LOG, TASK, row
from tests.site.pages import PAGE, as_guest, page

RULE = "Follow-up Alert Rule"
FINE = {"pain": 1, "fever": "No"}


@pytest.fixture(autouse=True)
def guest() -> None:
	frappe.cache.delete_keys("followup_page")
	if not frappe.db.get_value(RULE, {"title": "Patient asks to be called"}, "enabled"):
		call_rule()


def call_rule(**fields: Any) -> str:
	"""The shipped rule about patients who ask to be called, switched on."""
	rule = frappe.get_doc(RULE, {"title": "Patient asks to be called"})
	return rule.update({"enabled": 1, **fields}).save().name


def alerts_of(doc) -> list[frappe._dict]:
	fields = ["name", "kind", "severity", "role", "rule", "status", "detail", "task", "log", "survey"]
	return frappe.get_all(ALERT, filters={"patient": doc.patient}, fields=fields, order_by="creation")


def logs_of(doc) -> list[frappe._dict]:
	return frappe.get_all(
		LOG,
		filters={"patient": doc.patient, "docstatus": 1},
		fields=[
			"name",
			"task",
			"outcome",
			"direction",
			"satisfaction",
			"recommend",
			"patient_feedback",
			"staff",
		],
		order_by="creation",
	)


class TestToken:
	def test_is_long_the_same_each_time_and_stored_only_as_its_hash(self) -> None:
		doc, token = page()
		assert len(token) == 32
		assert token == page_links.token_of(doc.name)
		assert doc.reload().token_hash == page_links.hash_of(token)
		stored = frappe.db.get_value(PAGE, doc.name, "*")
		assert token not in str(stored)

	def test_two_pages_have_two_tokens(self) -> None:
		assert page()[1] != page()[1]

	def test_the_link_takes_its_address_from_the_settings_and_hides_the_token_from_servers(self) -> None:
		doc, token = page()
		frappe.db.set_single_value("Follow-up Settings", "base_url", "https://hospital.example/")
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert page_links.link_of(doc.name) == f"https://hospital.example/follow-up#{token}"

	def test_one_page_for_one_key(self) -> None:
		doc, _token = page()
		again = patient_pages.make(doc.patient, key=doc.key)
		assert again == doc.name

	@pytest.mark.parametrize(
		"wrong",
		[
			"",
			"x",
			"a" * 31,
			"a" * 32,
			"a" * 33,
			"../../../etc/passwd",
			"' or 1=1 --",
			"\u0000" * 32,
			"长" * 32,
		],
	)
	def test_wrong_expired_and_closed_tokens_get_the_same_answer(self, wrong: str) -> None:
		doc, token = page()
		closed = as_guest("open_page", wrong, language="en")
		assert closed["state"] == "gone"
		frappe.db.set_value(PAGE, doc.name, "expires_at", add_to_date(now_datetime(), seconds=-1))
		assert as_guest("open_page", token, language="en") == closed
		for method in ("save_page", "hand_in", "ask_for_call", "stop_contact"):
			assert as_guest(method, token, language="en") == closed

	@pytest.mark.parametrize("status", ["Deceased", "Merged"])
	def test_nobody_answers_for_a_patient_who_is_not_ours_any_more(self, status: str) -> None:
		doc, token = page()
		frappe.db.set_value("Follow-up Patient", doc.patient, "status", status)
		assert as_guest("open_page", token)["state"] == "gone"


class TestOpening:
	def test_shows_hospital_and_masked_name_and_no_word_about_the_stay(self) -> None:
		patient = make.patient(patient_name="王秀英", language="zh", department=make.department("肿瘤科"))
		stay = make.discharge(patient.name, diagnoses=[{"code": "C50", "title": "乳腺癌"}])
		doc, token = page(task={"patient": patient.name})
		shown = as_guest("open_page", token)
		assert (shown["state"], shown["language"]) == ("open", "zh")
		assert "王*英" in shown["greeting"]
		text = frappe.as_json(shown)
		assert stay.name
		for secret in ("王秀英", "乳腺癌", "肿瘤科", patient.patient_id, patient.mobile, doc.name):
			assert secret not in text

	def test_is_noted_once(self) -> None:
		doc, token = page()
		as_guest("open_page", token)
		first = doc.reload().opened_on
		as_guest("open_page", token)
		assert (doc.reload().status, doc.opened_on) == ("Opened", first)

	@pytest.mark.parametrize(("wanted", "language"), [("zh", "zh"), ("en", "en"), ("fr", "en"), (None, "en")])
	def test_speaks_the_language_asked_for_else_the_patients(self, wanted: str | None, language: str) -> None:
		_doc, token = page()
		shown = as_guest("open_page", token, language=wanted)
		assert shown["language"] == language
		assert shown["words"]["send"] == ("发送" if language == "zh" else "Send")


class TestSaving:
	def test_keeps_answers_as_they_come_and_shows_what_follows(self) -> None:
		doc, token = page()
		answer = as_guest("save_page", token, answers={"fever": "Yes"}, sequence=1)
		assert "degrees" in answer["visible"]
		as_guest(
			"save_page", token, answers={"pain": 3}, fields={"satisfaction": 4, "comment": "好"}, sequence=2
		)
		doc.reload()
		assert {line.question: line.value for line in doc.answers} == {"fever": "Yes", "pain": "3"}
		assert (doc.satisfaction, doc.comment) == (4, "好")
		assert as_guest("open_page", token)["answers"] == {"fever": "Yes", "pain": "3"}

	def test_a_late_save_never_overwrites_a_newer_one(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 2}, sequence=5)
		as_guest("save_page", token, answers={"pain": 9}, sequence=4)
		assert doc.reload().answers[0].value == "2"

	def test_an_answer_can_be_taken_back(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 2}, sequence=1)
		as_guest("save_page", token, answers={"pain": None}, sequence=2)
		assert doc.reload().answers == []

	@pytest.mark.parametrize(
		("answers", "fields", "place"),
		[
			({"pain": 11}, {}, "pain"),
			({"fever": "maybe"}, {}, "fever"),
			({}, {"satisfaction": 6}, "satisfaction"),
			({}, {"recommend": "x"}, "recommend"),
			({}, {"comment": "字" * 1001}, "comment"),
		],
	)
	def test_what_cannot_be_meant_is_said_in_the_patients_language(
		self, answers: dict, fields: dict, place: str
	) -> None:
		doc, token = page()
		errors = as_guest("save_page", token, answers=answers, fields=fields, sequence=1, language="zh")[
			"errors"
		]
		assert set(errors) == {place}
		assert any("\u4e00" <= sign <= "\u9fff" for sign in errors[place])
		assert not doc.reload().answers

	@pytest.mark.parametrize(
		"answers",
		[
			*("[]", "{", '"x"', {"pain": {"$gt": 1}}, {"pain": [1]}, {"x" * 61: 1}),
			*({f"q{number}": 1 for number in range(81)}, {"wish": "a" * 2001}, {"wish": "\ud800"}),
		],
	)
	def test_another_shape_is_refused(self, answers: Any) -> None:
		_doc, token = page()
		with pytest.raises(frappe.ValidationError):
			as_guest("save_page", token, answers=answers, sequence=1)

	def test_codes_nobody_asked_for_are_ignored(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"nobody_asked": 1}, fields={"status": "Answered"}, sequence=1)
		assert (doc.reload().answers, doc.status) == ([], "Sent")

	def test_too_many_requests_are_refused(self) -> None:
		_doc, token = page()
		for _number in range(page_api.PER_PAGE):
			as_guest("open_page", token)
		with pytest.raises(frappe.RateLimitExceededError):
			as_guest("open_page", token)


class TestHandingIn:
	def test_a_complete_unremarkable_report_completes_the_contact(self) -> None:
		doc, token = page()
		shown = as_guest(
			"hand_in", token, answers=FINE, fields={"satisfaction": 5, "recommend": 9, "comment": "谢谢"}
		)
		assert shown["state"] == "answered"
		(log,) = logs_of(doc)
		assert (log.task, log.outcome, log.direction, log.staff) == (doc.task, "Replied", "In", "Guest")
		assert (log.satisfaction, log.recommend, log.patient_feedback) == (5, "9", "谢谢")
		task = frappe.db.get_value(TASK, doc.task, ["status", "outcome"], as_dict=True)
		assert (task.status, task.outcome) == ("Completed", "Replied")
		assert (doc.reload().status, doc.log) == ("Answered", log.name)

	def test_what_is_missing_is_named_first_then_goes_to_a_person(self) -> None:
		doc, token = page()
		shown = as_guest("hand_in", token, answers={"pain": 1})
		assert (shown["state"], shown["missing"]) == ("open", ["fever"])
		assert as_guest("hand_in", token, answers={}, anyway=True)["state"] == "answered"
		task = row(frappe.get_doc(TASK, doc.task))
		assert (task.status, task.channel, task.planned_channel) == ("Open", "Phone", "SMS")
		assert task.status_reason == "self_report_needs_a_person"
		(log,) = logs_of(doc)
		assert log.task is None

	def test_an_alarming_answer_raises_an_alert_and_leaves_the_contact_to_a_person(self) -> None:
		doc, token = page()
		as_guest("hand_in", token, answers={"pain": 9, "fever": "No"})
		task = row(frappe.get_doc(TASK, doc.task))
		assert (task.status, task.channel) == ("Open", "Phone")
		(alert,) = frappe.get_all(ALERT, filters={"patient": doc.patient}, fields=["severity", "detail"])
		assert alert.severity == "Red"
		assert "pain" in alert.detail

	def test_twice_is_once(self) -> None:
		doc, token = page()
		as_guest("hand_in", token, answers=FINE)
		again = as_guest("hand_in", token, answers={"pain": 9, "fever": "Yes"}, anyway=True)
		assert again["state"] == "answered"
		assert len(logs_of(doc)) == 1
		assert as_guest("save_page", token, answers={"pain": 9}, sequence=99)["errors"] == {}
		assert {line.question: line.value for line in doc.reload().answers} == {"pain": "1", "fever": "No"}

	def test_a_survey_alone_moves_no_contact(self) -> None:
		doc, token = page(asks=None)
		as_guest("hand_in", token, fields={"satisfaction": 2, "recommend": 0})
		assert (doc.reload().status, doc.satisfaction, doc.recommend) == ("Answered", 2, "0")
		assert logs_of(doc) == []
		assert row(frappe.get_doc(TASK, doc.task)).status == "Open"

	def test_a_contact_that_a_person_has_closed_stays_as_it_is(self) -> None:
		doc, token = page()
		make.log(frappe.get_doc(TASK, doc.task), "Reached Patient")
		as_guest("hand_in", token, answers={"pain": 9, "fever": "No"})
		task = row(frappe.get_doc(TASK, doc.task))
		assert (task.status, task.outcome) == ("Completed", "Reached Patient")


class TestAskingForACall:
	def test_makes_one_urgent_call_and_an_alert_and_says_when(self) -> None:
		doc, token = page()
		shown = as_guest("ask_for_call", token, language="en")
		assert shown["call"].startswith("We will call you")
		as_guest("ask_for_call", token)
		calls = frappe.get_all(
			TASK,
			filters={"patient": doc.patient, "kind": "Callback"},
			fields=["name", "status", "channel", "priority", "key"],
		)
		assert len(calls) == 1
		assert (calls[0].status, calls[0].channel) == ("Open", "Phone")
		assert calls[0].priority < tasks.priority_of(row(frappe.get_doc(TASK, doc.task)), getdate())
		alerts = frappe.get_all(
			ALERT, filters={"patient": doc.patient}, fields=["severity", "task", "survey"]
		)
		assert [(alert.severity, alert.task, alert.survey) for alert in alerts] == [
			("Amber", calls[0].name, doc.name)
		]
		assert doc.reload().wants_call == 1

	def test_the_call_belongs_to_no_plan_and_answers_its_alert(self) -> None:
		doc, token = page()
		as_guest("ask_for_call", token)
		call = frappe.get_last_doc(TASK, {"patient": doc.patient, "kind": "Callback"})
		assert (call.plan, call.patient_name) == (None, doc.patient_name)
		assert call.discharge == frappe.db.get_value(TASK, doc.task, "discharge")
		make.log(call, "No Answer")
		assert alerts_of(doc)[0].status == "Open"
		make.log(call.reload(), "Reached Patient", identity_verified=1)
		(alert,) = alerts_of(doc)
		assert alert.status == "Answered"
		assert "was reached by" in alert.detail

	def test_a_child_is_asked_for_at_the_guardian(self) -> None:
		doc, token = page()
		born = add_to_date(getdate(), years=-6)
		frappe.db.set_value("Follow-up Patient", doc.patient, "date_of_birth", born)
		frappe.db.set_value(TASK, doc.task, {"contact_point": None, "planned_contact_point": None})
		as_guest("ask_for_call", token)
		call = {"patient": doc.patient, "kind": "Callback"}
		assert frappe.db.get_value(TASK, call, "contact_point") == "Caregiver"

	def test_a_call_that_was_agreed_for_next_week_does_not_help_now(self) -> None:
		doc, token = page()
		plan = frappe.get_doc("Follow-up Plan", doc.plan)
		agreed = make.task(plan, kind="Callback", due_date=make.days_from_now(30), status="Open")
		as_guest("ask_for_call", token)
		calls = frappe.get_all(TASK, filters={"patient": doc.patient, "kind": "Callback"}, pluck="name")
		assert len(calls) == 2
		assert agreed.name in calls

	@pytest.mark.parametrize(
		"fields",
		[
			lambda: {"on_hold": 1},
			lambda: {"channel": "SMS"},
			lambda: {"expires_on": make.days_from_now(-1)},
		],
		ids=["paused", "a message", "over"],
	)
	def test_nor_does_a_call_that_nobody_makes(self, fields: Callable[[], dict[str, Any]]) -> None:
		doc, token = page()
		due = {"kind": "Callback", "due_date": make.days_from_now(-1), "status": "Open"}
		make.task(frappe.get_doc("Follow-up Plan", doc.plan), **due, **fields())
		as_guest("ask_for_call", token)
		calls = {"patient": doc.patient, "kind": "Callback", "reasons": "patient_asked"}
		assert frappe.db.count(TASK, calls) == 1

	def test_a_call_that_is_tried_again_in_time_is_that_call(self) -> None:
		doc, token = page()
		again = datetime.combine(*page_calls.next_call_hours(None, now_datetime(), None))
		fields = {"due_date": make.days_from_now(-1), "status": "Open", "next_attempt_at": again}
		make.task(frappe.get_doc("Follow-up Plan", doc.plan), kind="Callback", **fields)
		assert as_guest("ask_for_call", token)["call"]
		assert frappe.db.count(TASK, {"patient": doc.patient, "kind": "Callback"}) == 1
		assert (
			frappe.db.get_value(TASK, {"patient": doc.patient, "kind": "Callback"}, "next_attempt_at")
			== again
		)

	def test_asked_again_after_a_call_that_was_put_off_it_comes_forward_and_alarms_again(self) -> None:
		doc, token = page()
		as_guest("ask_for_call", token)
		call = frappe.get_last_doc(TASK, {"patient": doc.patient, "kind": "Callback"})
		day, _until = page_calls.next_call_hours(None, now_datetime(), None)
		tomorrow = datetime.combine(day + timedelta(days=1), datetime.min.time().replace(hour=10))
		make.log(call, "Callback Requested", next_attempt_at=tomorrow)
		assert call.reload().next_attempt_at == tomorrow
		assert as_guest("open_page", token, language="en")["call"] is None

		shown = as_guest("ask_for_call", token, language="en")
		assert shown["call"].startswith("We will call you")
		assert frappe.get_all(TASK, {"patient": doc.patient, "kind": "Callback"}, pluck="name") == [call.name]
		call.reload()
		assert (call.next_attempt_at, call.next_attempt_reasons, call.status) == (None, None, "Open")
		assert [alert.task for alert in alerts_of(doc)] == [call.name, call.name]
		as_guest("ask_for_call", token)
		assert len(alerts_of(doc)) == 2

		make.log(call, "Reached Patient", identity_verified=1)
		assert [alert.status for alert in alerts_of(doc)] == ["Answered", "Answered"]
		assert as_guest("open_page", token)["call"] is None

	def test_the_rule_decides_how_bad_it_is_and_whether_it_alarms(self) -> None:
		rule = call_rule(severity="Red", role="Follow-up Specialist")
		doc, token = page()
		as_guest("ask_for_call", token)
		(alert,) = alerts_of(doc)
		assert (alert.severity, alert.role, alert.rule) == ("Red", "Follow-up Specialist", rule)
		call_rule(enabled=0)
		other, token = page()
		as_guest("ask_for_call", token)
		assert alerts_of(other) == []
		assert frappe.db.count(TASK, {"patient": other.patient, "kind": "Callback"}) == 1

	def test_staff_read_the_alert_in_the_hospitals_language(self) -> None:
		doc, token = page(language="zh")
		assert "回电" in as_guest("ask_for_call", token)["call"]
		(alert,) = alerts_of(doc)
		assert alert.detail == "Patient asks to be called: the patient feels unwell and asks to be called"

	def test_after_the_contact_was_cancelled_by_somebody_else(self) -> None:
		doc, token = page()
		as_guest("hand_in", token, answers=FINE)
		frappe.get_doc(LOG, doc.reload().log).cancel()
		assert as_guest("ask_for_call", token)["call"]
		assert doc.reload().wants_call == 1

	def test_answers_after_it_are_a_persons(self) -> None:
		doc, token = page()
		as_guest("ask_for_call", token)
		as_guest("hand_in", token, answers=FINE)
		assert row(frappe.get_doc(TASK, doc.task)).status == "Open"

	@pytest.mark.parametrize(
		("now", "day", "until"),
		[
			("2026-11-23 08:00", "2026-11-23", "12:00"),
			("2026-11-23 10:00", "2026-11-23", "12:00"),
			("2026-11-23 11:30", "2026-11-23", "20:00"),
			("2026-11-23 18:30", "2026-11-23", "20:00"),
			("2026-11-23 19:30", "2026-11-24", "12:00"),
			("2026-11-23 23:30", "2026-11-24", "12:00"),
			("2026-11-27 21:00", "2026-11-30", "12:00"),
		],
	)
	def test_the_promise_lies_in_call_hours(self, now: str, day: str, until: str) -> None:
		found = page_calls.next_call_hours(None, datetime.fromisoformat(now), None)
		assert (str(found[0]), found[1].strftime("%H:%M")) == (day, until)


class TestStopping:
	def test_withdraws_every_purpose_at_once_and_only_once(self) -> None:
		doc, token = page()
		assert as_guest("stop_contact", token)["stopped"] is True
		as_guest("stop_contact", token)
		found = frappe.get_all(
			"Follow-up Consent",
			filters={"patient": doc.patient},
			fields=["purpose", "channel", "withdrawn_on"],
			order_by="purpose",
		)
		assert [(consent.purpose, consent.channel) for consent in found] == [
			("Clinical", "All"),
			("Promotion", "All"),
			("Survey", "All"),
		]
		assert all(consent.withdrawn_on for consent in found)


class TestNeverSent:
	"""What a patient entered is not lost because "Send" was not pressed."""

	def pass_to(self, moment: datetime) -> None:
		for name in page_closing.unsent(moment):
			page_closing.hand_in_unsent(name, moment)
		page_closing.expire(moment)

	def test_an_alarming_answer_waits_half_an_hour(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 9}, sequence=1)
		self.pass_to(now_datetime() + timedelta(minutes=25))
		assert (doc.reload().status, alerts_of(doc)) == ("Sent", [])
		self.pass_to(now_datetime() + timedelta(minutes=31))
		assert doc.reload().status == "Answered"
		assert [alert.severity for alert in alerts_of(doc)] == ["Red"]
		assert row(frappe.get_doc(TASK, doc.task)).channel == "Phone"
		self.pass_to(now_datetime() + timedelta(minutes=40))
		assert len(logs_of(doc)) == 1

	def test_one_that_was_corrected_does_not(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 9}, sequence=1)
		as_guest("save_page", token, answers={"pain": 1}, sequence=2)
		self.pass_to(now_datetime() + timedelta(hours=2))
		assert (doc.reload().status, alerts_of(doc)) == ("Sent", [])

	def test_its_half_hour_begins_once(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 9}, sequence=1)
		first = doc.reload().alarming_since
		as_guest("save_page", token, answers={"fever": "Yes"}, sequence=2)
		assert first
		assert doc.reload().alarming_since == first

	@pytest.mark.parametrize(
		("answers", "fields", "logs"),
		[
			({"pain": 1}, {}, 1),
			({}, {"satisfaction": 4}, 0),
			({"pain": 1, "fever": "No"}, {"satisfaction": 4}, 1),
		],
	)
	def test_the_rest_is_taken_when_the_time_is_over(self, answers: dict, fields: dict, logs: int) -> None:
		doc, token = page()
		as_guest("save_page", token, answers=answers, fields=fields, sequence=1)
		self.pass_to(now_datetime() + timedelta(days=13))
		assert (doc.reload().status, logs_of(doc)) == ("Sent", [])
		self.pass_to(now_datetime() + timedelta(days=15))
		assert doc.reload().status == "Answered"
		assert [log.staff for log in logs_of(doc)] == ["Guest"] * logs

	@pytest.mark.commits
	def test_the_dispatcher_takes_it(self) -> None:
		doc, token = page()
		as_guest("save_page", token, answers={"pain": 9}, sequence=1)
		frappe.db.commit()  # reason: the dispatcher begins with a transaction of its own
		with run("dispatch") as record:
			dispatch.close_pages(record, now_datetime() + timedelta(hours=1))
		assert record.tally.failed == 0
		assert doc.reload().status == "Answered"

	def test_a_page_of_an_erased_patient_opens_nothing(self) -> None:
		doc, token = page()
		patient_erasure.erase(doc.patient, "The patient asked for it.")
		assert as_guest("open_page", token)["state"] == "gone"
		assert (doc.reload().token_hash, doc.status) == (None, "Expired")


class TestAlarms:
	def test_a_contact_and_its_page_raise_one(self) -> None:
		doc, token = page()
		as_guest("hand_in", token, answers={"pain": 9, "fever": "No"}, fields={"satisfaction": 1})
		found = alerts_of(doc)
		assert sorted(alert.kind for alert in found) == ["Clinical", "Satisfaction"]
		assert {alert.log for alert in found} == {doc.reload().log}

	def test_satisfaction_alone_raises_its_own(self) -> None:
		doc, token = page(asks=None)
		as_guest("hand_in", token, fields={"satisfaction": 2})
		assert [(alert.kind, alert.survey) for alert in alerts_of(doc)] == [("Satisfaction", doc.name)]

	def test_a_score_is_counted_once(self) -> None:
		doc, token = page()
		as_guest("hand_in", token, answers=FINE, fields={"satisfaction": 5, "recommend": 10})
		alone, other = page(asks=None)
		as_guest("hand_in", other, fields={"satisfaction": 3})
		source = figure_sources.surveys()
		counted = frappe.qb.from_(source.table).select(source.table.name).where(source.base).run(pluck=True)
		assert alone.name in counted
		assert doc.name not in counted


def test_pages_close_when_their_time_is_over() -> None:
	doc, _token = page()
	other, _token = page()
	frappe.db.set_value(PAGE, doc.name, "expires_at", now_datetime() - timedelta(minutes=1))
	assert page_closing.expire(now_datetime()) == 1
	assert (doc.reload().status, other.reload().status) == ("Expired", "Sent")


@pytest.mark.parametrize(
	("name", "masked"),
	[
		("王秀英", "王*英"),
		("王英", "王*"),
		("欧阳明日", "欧阳*日"),
		("欧阳", "欧*"),
		("阿依古丽·买买提", "阿******提"),
		("Mary Ann Smith", "M. A. S."),
		("", "*"),
		(None, "*"),
	],
)
def test_masked_names(name: str | None, masked: str) -> None:
	assert masked_name(name) == masked


@pytest.mark.commits
class TestOverHttp:
	def test_the_page_itself_is_small_private_and_nobodys_to_keep(self, rest) -> None:
		answer = rest().get("/follow-up")
		assert answer.status_code == 200
		for header, value in (
			("Cache-Control", "no-store"),
			("Referrer-Policy", "no-referrer"),
			("X-Frame-Options", "DENY"),
		):
			assert answer.headers[header] == value
		assert "noindex" in answer.headers["X-Robots-Tag"]
		assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
		assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', answer.text)
		assert len(assets) == 2
		found = [rest().get(asset) for asset in assets]
		assert [asset.status_code for asset in found] == [200, 200]
		assert len(answer.content) + sum(len(asset.content) for asset in found) < 50_000

	def test_a_patient_without_an_account_answers(self, rest) -> None:
		doc, token = page()
		frappe.db.commit()  # reason: the server must see it
		answer = rest().call("hospital_followup.page_api.hand_in", token=token, answers=FINE)
		assert answer.json()["message"]["state"] == "answered"
		frappe.db.rollback()
		assert frappe.db.get_value(TASK, doc.task, "status") == "Completed"

	def test_only_post_opens_a_page_and_only_with_a_token(self, rest) -> None:
		path = "/api/method/hospital_followup.page_api.open_page"
		assert rest().get(path, token="a" * 32).status_code == 403
		wrong = rest().post(path, {"token": "a" * 32}).json()
		assert wrong["message"]["state"] == "gone"
		for values in ({"token": {"a": 1}}, {}, {"token": ["x"]}):
			assert rest().post(path, values).json() == wrong

	def test_too_large_is_refused(self, rest) -> None:
		_doc, token = page()
		frappe.db.commit()  # reason: the server must see it
		answer = rest().call(
			"hospital_followup.page_api.save_page", token=token, answers={"wish": "a" * 70_000}, sequence=1
		)
		assert answer.status_code == 417
		assert "Traceback" not in answer.text


def test_the_day_of_the_call_is_the_hospitals() -> None:
	doc, token = page()
	as_guest("ask_for_call", token)
	due = frappe.db.get_value(TASK, {"patient": doc.patient, "kind": "Callback"}, "due_date")
	assert due >= getdate(now_datetime())
