"""Contacts that a message makes: written once, answered, unanswered, lost, and taken over by a person with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, get_datetime, getdate, now_datetime

from hospital_followup import page_api
from hospital_followup.channels import registry
from hospital_followup.services import (
	assignment,
	consents,
	dispatch,
	figure_sources,
	page_links,
	patient_pages,
	plans,
	task_messages,
	tasks,
	worklist,
)
from hospital_followup.services import unanswered_messages as unanswered
from hospital_followup.services.runs import run
from hospital_followup.tests import factories as make
from tests.site.alert_samples import at
from tests.site.call_samples import LOG, TASK
from tests.site.message_samples import contact, days_ago, ended, hospital, messages_of, provider, row
from tests.support.queries import count_queries

FINE = {"pain": 1, "fever": "No"}


def written(now: Any = None) -> int:
	now = now or now_datetime()
	return task_messages.write(task_messages.to_write(now), now)


def taken_over(now: Any = None) -> int:
	now = now or now_datetime()
	return task_messages.take_over(task_messages.to_take_over(now), now)


def followed(now: Any = None) -> int:
	now = now or now_datetime()
	return unanswered.follow(unanswered.silent(now), now)


def sent(task: Any, ago: int = 0) -> frappe._dict:
	"""The contact's message went out so many days ago."""
	(message,) = messages_of(task=task.name, occasion="Scheduled Contact")
	ended(message, "Sent", at=days_ago(ago))
	return message


def answer(message: frappe._dict, answers: dict[str, Any], **fields: Any) -> dict[str, Any]:
	token = page_links.token_of(message.survey)
	frappe.cache.delete_keys("followup_page")
	before = frappe.session.user
	frappe.set_user("Guest")
	try:
		return page_api.hand_in(token=token, answers=answers, fields=fields)
	finally:
		frappe.set_user(before)
		frappe.local.lang = "en"


class TestWriting:
	def test_an_open_contact_gets_its_message_and_page_once(self) -> None:
		hospital()
		task = contact()
		assert written() == 1
		(message,) = messages_of(task=task.name)
		assert (message.status, message.channel, message.occasion, message.purpose) == (
			"Queued",
			"SMS",
			"Scheduled Contact",
			"Clinical",
		)
		page = frappe.get_doc("Follow-up Survey", message.survey)
		assert (page.task, page.plan, page.questionnaire) == (task.name, task.plan, task.questionnaire)
		assert getdate(page.expires_at) == getdate(task.expires_on)
		assert written() == 0
		assert len(messages_of(task=task.name)) == 1

	def test_the_stored_message_knows_no_token(self) -> None:
		hospital()
		task = contact()
		written()
		(message,) = messages_of(task=task.name)
		assert page_links.token_of(message.survey) not in str(message)

	def test_a_person_has_two_days_or_the_end_of_the_windows_last_day(self) -> None:
		hospital()
		now = get_datetime(f"{getdate()} 10:00:00")
		with at(str(now)):
			long, short = contact(), contact(expires_on=make.days_from_now(0))
			written(now)
		assert messages_of(task=long.name)[0].expires_at == add_to_date(now, days=2)
		assert messages_of(task=short.name)[0].expires_at == get_datetime(f"{getdate()} 17:00:00")

	@pytest.mark.parametrize(
		"fields",
		[
			lambda: {"status": "Scheduled", "opens_on": make.days_from_now(2)},
			lambda: {"on_hold": 1},
			lambda: {"next_attempt_at": add_to_date(now_datetime(), hours=5)},
			lambda: {"channel": "Phone"},
		],
		ids=["not open yet", "paused", "promised for later", "a person's"],
	)
	def test_not_what_is_not_due(self, fields: Callable[[], dict[str, Any]]) -> None:
		hospital()
		contact(**{"channel": "SMS", "due_date": make.days_from_now(3), **fields()})
		assert task_messages.to_write(now_datetime()) == []

	@pytest.mark.parametrize("status", ["Deceased", "Do Not Contact"])
	def test_nobody_writes_to_the_dead_or_to_who_wants_no_contact(self, status: str) -> None:
		hospital()
		task = contact()
		frappe.db.set_value("Follow-up Patient", task.patient, "status", status)
		assert task_messages.to_write(now_datetime()) == []
		assert task_messages.write([task.name], now_datetime()) == 0
		assert (messages_of(task=task.name), row(task).channel) == ([], "SMS")

	def test_nor_to_who_was_readmitted(self) -> None:
		hospital()
		task = contact()
		written()
		plans.stop(task.plan, "readmitted")
		assert row(task).status == "Cancelled"
		(message,) = messages_of(task=task.name)
		ended(message, "Suppressed", "plan_stopped")
		assert (row(task).status, row(task).channel) == ("Cancelled", "SMS")


class TestWithoutIt:
	"""Nothing breaks: a person makes the contact, and the task says why."""

	def refused(self, task: Any, reason: str) -> None:
		written()
		now = row(task)
		assert (now.status, now.channel, now.planned_channel, now.status_reason) == (
			"Open",
			"Phone",
			"SMS",
			reason,
		)
		assert reason in now.reasons.split(",")
		assert messages_of(task=task.name) == []
		assert not frappe.db.exists("Follow-up Survey", {"task": task.name})
		assert written() == 0

	def test_a_service(self) -> None:
		hospital()
		frappe.db.set_value("Follow-up Provider", {"channel": "SMS"}, "enabled", 0)
		self.refused(contact(), "no_provider")

	def test_a_service_that_asks_for_registered_texts_and_has_none(self) -> None:
		hospital()
		frappe.db.delete("Follow-up Provider")
		provider(provider="Aliyun SMS", account="id", secret="s", sender="医院")
		self.refused(contact(), "no_template")

	def test_a_text(self) -> None:
		hospital()
		frappe.db.set_value("Message Template", {"occasion": "Scheduled Contact"}, "status", "Retired")
		self.refused(contact(), "no_template")

	def test_an_address_of_the_page(self) -> None:
		hospital(base_url=None)
		self.refused(contact(), "no_page_address")

	def test_a_questionnaire(self) -> None:
		hospital()
		frappe.db.set_value("Follow-up Questionnaire", {"status": "Approved"}, "status", "Retired")
		self.refused(contact(asks=False), "no_questionnaire")

	def test_consent(self) -> None:
		hospital(messages_without_consent=0)
		self.refused(contact(), "no_consent")

	def test_a_number_that_takes_texts(self) -> None:
		hospital()
		task = contact(of={"mobile": "01062345678"})
		self.refused(task, "no_address")

	def test_a_channel_that_is_switched_on(self) -> None:
		hospital(channels=[{"channel": "SMS", "enabled": 0}])
		self.refused(contact(), "channel_disabled")

	def test_time(self) -> None:
		hospital()
		task = contact(expires_on=make.days_from_now(0))
		written(get_datetime(f"{getdate()} 18:30:00"))
		assert (row(task).channel, row(task).status_reason) == ("Phone", "message_too_late")


class TestAnswers:
	def test_a_complete_and_unremarkable_answer_completes_the_contact(self) -> None:
		hospital()
		task = contact()
		written()
		answer(sent(task), FINE)
		assert (row(task).status, row(task).outcome) == ("Completed", "Replied")
		assert frappe.db.get_value(LOG, {"task": task.name}, "channel") == "SMS"
		assert followed(add_to_date(now_datetime(), days=9)) == 0

	def test_a_flagged_one_makes_it_a_persons(self) -> None:
		hospital()
		task = contact()
		written()
		answer(sent(task), {"pain": 9, "fever": "No"})
		now = row(task)
		assert (now.status, now.channel, now.status_reason) == ("Open", "Phone", "self_report_needs_a_person")
		assert (written(), taken_over(), followed(add_to_date(now_datetime(), days=4))) == (0, 0, 0)

	def test_who_was_called_in_vain_after_that_is_called_again_and_gets_no_second_message(self) -> None:
		hospital()
		task = contact()
		written()
		answer(sent(task), {"pain": 9, "fever": "No"})
		log = make.log(frappe.get_doc(TASK, task.name), "No Answer")
		assert (row(task).channel, row(task).attempts) == ("Phone", 1)
		log.cancel()
		assert (row(task).status, row(task).channel) == ("Open", "Phone")


class TestRating:
	"""The page of a contact by message asks for satisfaction too: no second message for it."""

	def asks(self, task: Any) -> int:
		written()
		return frappe.db.get_value("Follow-up Survey", {"task": task.name}, "asks_satisfaction")

	def test_is_asked_on_the_contacts_own_page_and_counts_once(self) -> None:
		hospital()
		task = contact()
		assert self.asks(task) == 1
		answer(sent(task), FINE, satisfaction=4, recommend=9)
		assert len(messages_of(patient=task.patient)) == 1
		assert frappe.db.get_value(LOG, {"task": task.name}, ["satisfaction", "recommend"]) == (4, "9")
		for measure in ("satisfaction_count", "satisfaction_good", "recommend_count", "promoters"):
			assert (
				sum(self.counted(source, measure, task.patient) for source in figure_sources.sources()) == 1
			)

	def counted(self, source: Any, measure: str, patient: str) -> int:
		if measure not in source.measures:
			return 0
		condition, _column = source.measures[measure]
		query = frappe.qb.from_(source.table).select(source.table.name)
		return len(query.where(source.base & condition & (source.table.patient == patient)).run())

	def test_not_again_within_the_days_of_the_settings(self) -> None:
		hospital()
		first = contact()
		second = contact(patient=first.patient)
		assert sorted((self.asks(first), self.asks(second))) == [0, 1]
		assert self.asks(contact(patient=first.patient)) == 0

	def test_nor_after_a_call_that_asked(self) -> None:
		hospital()
		task = contact()
		make.log(make.task(patient=task.patient), "Reached Patient", satisfaction=5)
		assert self.asks(task) == 0

	def test_only_where_the_settings_say_so(self) -> None:
		hospital(survey_after_contact=0)
		assert self.asks(contact()) == 0

	def test_not_who_refused_surveys(self) -> None:
		hospital()
		task = contact()
		consents.withdraw(task.patient, "SMS", ["Survey"], evidence="Said at the bedside.")
		assert self.asks(task) == 0

	def test_not_twice_on_one_page(self) -> None:
		hospital()
		task = contact()
		name = frappe.db.get_value("Follow-up Questionnaire", {"set_code": "satisfaction"}, "name")
		frappe.db.set_value(TASK, task.name, "questionnaire", name)
		assert self.asks(task) == 0


class TestLost:
	@pytest.mark.parametrize(
		("status", "why", "reason"),
		[
			("Failed", "refused", "message_failed"),
			("Expired", "not_live", "message_too_late"),
			("Suppressed", "no_address", "no_address"),
			("Suppressed", "withdrawn", "message_withdrawn"),
			("Uncertain", "unresolved", "message_uncertain"),
		],
	)
	def test_a_person_takes_over(self, status: str, why: str, reason: str) -> None:
		hospital()
		task = contact()
		written()
		(message,) = messages_of(task=task.name)
		ended(message, status, why)
		now = row(task)
		assert (now.status, now.channel, now.status_reason) == ("Open", "Phone", reason)
		assert messages_of(task=task.name)[0].call_task == task.name
		ended(message, status, why)
		assert (written(), taken_over()) == (0, 0)
		assert row(task).reasons == now.reasons

	def test_what_no_sender_told_us_is_found_by_the_dispatcher(self) -> None:
		hospital()
		task = contact()
		written()
		frappe.db.set_value("Follow-up Message", {"task": task.name}, "status", "Failed")
		assert taken_over() == 1
		assert (row(task).channel, taken_over()) == ("Phone", 0)

	def test_what_nobody_knows_is_handed_over_when_the_plan_goes_on(self) -> None:
		hospital()
		task = contact()
		written()
		plans.pause(task.plan, "on holiday")
		(message,) = messages_of(task=task.name)
		ended(message, "Uncertain", "unresolved")
		assert (row(task).channel, taken_over()) == ("SMS", 0)
		plans.resume(task.plan)
		assert (written(), taken_over()) == (0, 1)
		assert (row(task).channel, row(task).status_reason) == ("Phone", "message_uncertain")
		assert (messages_of(task=task.name)[0].call_task, taken_over()) == (task.name, 0)

	def test_what_nobody_knows_is_handed_over_when_the_telephone_is_put_down(self) -> None:
		hospital("SMS", "App Push")
		task = contact(of={"app_account": "app-7"})
		written()
		frappe.db.set_value(TASK, task.name, "status", "In Progress")
		ended(messages_of(task=task.name)[0], "Uncertain", "unresolved")
		assert (row(task).channel, taken_over()) == ("SMS", 0)
		frappe.db.set_value(TASK, task.name, "status", "Open")
		assert taken_over() == 1
		assert (row(task).channel, row(task).status_reason) == ("Phone", "message_uncertain")
		assert (written(), len(messages_of(task=task.name))) == (0, 1)

	def test_what_nobody_knows_is_handed_over_on_whatever_channel_the_plan_is_now(self) -> None:
		hospital("SMS", "App Push")
		task = contact()
		written()
		frappe.db.set_value(TASK, task.name, "channel", "App Push")
		ended(messages_of(task=task.name)[0], "Uncertain", "unresolved")
		assert (row(task).channel, row(task).status_reason) == ("Phone", "message_uncertain")

	@pytest.mark.parametrize("status", ["Sent", "Delivered"])
	def test_nobody_takes_over_what_arrived(self, status: str) -> None:
		hospital()
		task = contact()
		written()
		ended(messages_of(task=task.name)[0], status)
		assert (row(task).channel, taken_over(), written()) == ("SMS", 0, 0)

	def test_nobody_knows_yet(self) -> None:
		hospital()
		task = contact()
		written()
		ended(messages_of(task=task.name)[0], "Uncertain", "no_clear_answer")
		assert (row(task).channel, taken_over()) == ("SMS", 0)

	def test_who_has_no_telephone_is_written_to_on_the_next_channel(self) -> None:
		hospital("WeChat", "App Push")
		of = {"mobile": None, "wechat_openid": "oPatient", "app_account": "app-7"}
		task = contact("WeChat", of=of)
		written()
		ended(messages_of(task=task.name)[0], "Failed", "refused")
		assert (row(task).channel, row(task).planned_channel) == ("App Push", "WeChat")
		assert written() == 1
		ended(messages_of(task=task.name, channel="App Push")[0], "Failed", "refused")
		assert row(task).channel == "Phone"
		assert (written(), len(messages_of(task=task.name))) == (0, 2)

	def test_a_plan_that_moved_to_another_channel_sends_no_second_message(self) -> None:
		hospital("SMS", "App Push")
		task = contact()
		written()
		sent(task)
		frappe.db.set_value(TASK, task.name, "channel", "App Push")
		assert (written(), taken_over()) == (0, 0)

	def test_an_attempt_beyond_the_calls_goes_on_after_its_message_is_lost(self) -> None:
		hospital(max_attempts=1, attempt_days=1)
		task = contact("Phone")
		make.log(task, "No Answer")
		now = row(task)
		assert (now.channel, now.status) == ("SMS", "Open")
		later = add_to_date(now.next_attempt_at, minutes=1)  # the next call hours, or at once
		written(later)
		ended(messages_of(task=task.name)[0], "Failed", "refused", at=later)
		assert (row(task).status, row(task).status_reason) == ("Missed", "lost_to_follow_up")

	def test_an_attempt_beyond_the_calls_that_cannot_be_written_is_the_last(self) -> None:
		hospital(max_attempts=1, attempt_days=1)
		task = contact("Phone")
		make.log(task, "No Answer")
		frappe.db.set_value("Message Template", {"occasion": "Scheduled Contact"}, "status", "Retired")
		later = add_to_date(row(task).next_attempt_at, minutes=1)
		written(later)
		assert (row(task).status, row(task).status_reason) == ("Missed", "lost_to_follow_up")
		assert written(later) == 0

	def test_who_was_called_because_nothing_could_be_written_is_called_again(self) -> None:
		hospital()
		frappe.db.set_value("Message Template", {"occasion": "Scheduled Contact"}, "status", "Retired")
		task = contact()
		written()
		log = make.log(frappe.get_doc(TASK, task.name), "No Answer")
		assert (row(task).status, row(task).channel) == ("Open", "Phone")
		log.cancel()
		assert (row(task).status, row(task).channel, written()) == ("Open", "Phone", 0)

	@pytest.mark.parametrize(
		"values", [{"status": "Completed"}, {"status": "Cancelled"}, {"status": "In Progress"}]
	)
	def test_a_contact_that_goes_on_without_it_is_left_alone(self, values: dict[str, str]) -> None:
		hospital()
		task = contact()
		written()
		frappe.db.set_value(TASK, task.name, values)
		ended(messages_of(task=task.name)[0], "Failed", "refused")
		assert (row(task).status, row(task).channel) == (values["status"], "SMS")


class TestUnanswered:
	def missed_before(self, patient: str, times: int) -> None:
		for number in range(times):
			day = make.days_from_now(-10 - 10 * number)
			make.task(
				None, patient=patient, channel="SMS", status="Missed", status_reason="no_reply", due_date=day,
				opens_on=day, expires_on=day,
			)  # fmt: skip

	def silent(self, times: int = 2, ago: int = 4, **fields: Any) -> Any:
		hospital(**fields)
		task = contact(opens_on=make.days_from_now(-ago), due_date=make.days_from_now(-ago))
		self.missed_before(task.patient, times)
		written()
		sent(task, ago)
		return task

	def test_one_message_without_reply_is_missed_when_the_window_ends(self) -> None:
		task = self.silent(times=0)
		assert followed() == 0
		later = add_to_date(now_datetime(), days=7)
		assert followed(later) == 1
		assert (row(task).status, row(task).status_reason) == ("Missed", "no_reply")
		assert followed(later) == 0

	def test_the_window_of_a_message_that_never_went_out_closes_as_any_other(self) -> None:
		hospital()
		task = contact()
		written()
		tasks.expire(make.days_from_now(7))
		assert (row(task).status, row(task).status_reason) == ("Missed", "expired")

	def test_after_three_in_a_row_one_last_ask_and_then_a_call(self) -> None:
		task = self.silent()
		assert (followed(), followed()) == (1, 0)
		(ask,) = messages_of(task=task.name, occasion="Last Ask")
		(first,) = messages_of(task=task.name, occasion="Scheduled Contact")
		assert (ask.status, ask.survey, row(task).channel) == ("Queued", first.survey, "SMS")
		ended(ask, "Sent")
		assert followed(add_to_date(now_datetime(), days=1)) == 0
		assert followed(add_to_date(now_datetime(), days=2)) == 1
		now = row(task)
		assert (now.status, now.channel, now.status_reason) == ("Open", "Phone", "messages_unanswered")

	def test_the_settings_say_after_how_many(self) -> None:
		self.silent(times=0, unanswered_messages=1)
		assert followed() == 1
		assert len(messages_of(occasion="Last Ask")) == 1

	def test_a_conversation_in_between_begins_the_count_anew(self) -> None:
		task = self.silent()
		make.log(make.task(patient=task.patient), "Reached Patient", contacted_at=days_ago(5))
		assert followed() == 0

	def test_who_wrote_back_in_words_is_a_persons(self) -> None:
		task = self.silent(times=0)
		make.log(frappe._dict(name=None, patient=task.patient), "Replied", direction="In", channel="SMS")
		assert followed() == 1
		assert (row(task).channel, row(task).status_reason) == ("Phone", "replied_in_words")

	def test_what_was_answered_on_another_page_is_no_reply_to_this_message(self) -> None:
		task = self.silent(times=0)
		other = contact(patient=task.patient)
		written()
		answer(sent(other), {"pain": 9, "fever": "No"})
		assert frappe.db.get_value(LOG, {"patient": task.patient}, ["direction", "outcome"]) == (
			"In",
			"Replied",
		)
		assert (followed(), row(task).channel) == (0, "SMS")

	def test_nor_is_a_call_that_the_patient_made(self) -> None:
		task = self.silent(times=0)
		inbound = frappe._dict(name=None, patient=task.patient)
		make.log(inbound, "Reached Patient", direction="In", channel="Phone")
		assert (followed(), row(task).channel) == (0, "SMS")

	def test_a_last_ask_that_is_lost_is_a_call(self) -> None:
		task = self.silent()
		followed()
		ended(messages_of(occasion="Last Ask")[0], "Failed", "refused")
		assert (row(task).channel, row(task).status_reason) == ("Phone", "messages_unanswered")

	def test_an_answer_after_the_last_ask_still_completes(self) -> None:
		task = self.silent()
		followed()
		(ask,) = messages_of(occasion="Last Ask")
		ended(ask, "Sent")
		answer(ask, FINE)
		assert row(task).status == "Completed"
		assert followed(add_to_date(now_datetime(), days=5)) == 0


class TestPeople:
	def test_what_a_message_does_is_nobodys_work_until_it_needs_a_person(self, as_user) -> None:
		hospital()
		task = contact()
		with as_user("Follow-up Specialist") as user:
			pass
		make.staff(user)
		assert assignment.assign([task.name], getdate()) == 0
		frappe.db.set_value(TASK, task.name, "assigned_to", frappe.session.user)
		assert task.name not in [line["name"] for line in worklist.worklist(length=200)["rows"]]
		written()
		ended(messages_of(task=task.name)[0], "Failed", "refused")
		assert task.name in [line["name"] for line in worklist.worklist(length=200)["rows"]]

	def test_a_message_that_was_sent_counts_as_informed_and_never_as_completed(self) -> None:
		hospital()
		task = contact()
		written()
		sent(task)
		assert task.name in informed()

	def test_who_was_promised_a_call_in_writing_was_not_informed(self) -> None:
		hospital()
		task = contact("Phone")
		make.log(task, "Callback Requested", next_attempt_at=add_to_date(now_datetime(), hours=20))
		(message,) = messages_of(task=task.name)
		ended(message, "Delivered")
		assert message.occasion == "Promised Callback"
		assert task.name not in informed()


def informed() -> list[str]:
	"""The contacts that count as informed."""
	source = figure_sources.tasks()
	condition, _column = source.measures["informed"]
	return frappe.qb.from_(source.table).select(source.table.name).where(condition).run(pluck=True)


def test_the_lot_falls_among_patients_whom_only_messages_reach() -> None:
	make.standard_policy()
	hospital(holdout_percent=20)
	stays = [low_risk() for _number in range(60)]
	groups = {stay.comparison_group: stay for stay in stays}
	assert set(groups) == {"Held Out", "Followed Up"}
	out, followed = groups["Held Out"], groups["Followed Up"]
	assert (out.decision, out.decision_reason, out.plan) == ("Excluded", "hold_out", None)
	assert [task.channel for task in make.tasks_of(followed.plan)] == ["SMS"]
	frappe.db.set_value(TASK, {"plan": followed.plan}, {"status": "Open", "opens_on": getdate()})
	written()
	assert {row.patient for row in messages_of()} == {followed.patient}
	assert {low_risk(mobile="01062345678").comparison_group for _number in range(15)} == {""}


def low_risk(**fields: Any) -> Any:
	patient = make.patient(language="en", **fields)
	make.value(patient.name, "Low")
	return make.discharge(patient.name, given_risk_tier="Low")


@pytest.mark.commits
def test_a_tick_does_all_of_it_and_a_second_one_nothing() -> None:
	make.standard_policy()
	hospital()
	task, lost = contact(), contact(of={"mobile": "01062345678"})
	frappe.db.commit()  # reason: the dispatcher commits
	for _tick in range(2):
		with run("dispatch") as record:
			dispatch.dispatch(record, now_datetime())
		record.raise_if_failed()
	assert len(messages_of(task=task.name)) == 1
	assert (row(lost).channel, row(lost).status_reason) == ("Phone", "no_address")


def test_the_service_of_a_channel_makes_it_available() -> None:
	assert not registry.registered()["SMS"].available()
	provider()
	assert registry.registered()["SMS"].available()


class TestManyAtOnce:
	"""Two thousand contacts that open in one morning cost hardly more statements than twenty."""

	def opened(self, count: int, asked: str) -> list[str]:
		found = []
		for _number in range(count):
			plan = make.plan(make.patient(language="en").name)
			found.append(make.task(plan, channel="SMS", questionnaire=asked, risk_tier="Low").name)
		return found

	def test_the_statements_do_not_grow_with_the_contacts(self) -> None:
		hospital()
		asked = contact().questionnaire
		warm, few, many = (self.opened(count, asked) for count in (2, 5, 45))

		def statements(names: list[str]) -> int:
			turns = iter((warm, names))
			return count_queries(lambda: task_messages.write(next(turns), now_datetime()))

		of_few = statements(few)
		warm = []
		of_many = statements(many)
		assert len(messages_of(occasion="Scheduled Contact", status="Queued")) >= 50
		assert of_many == of_few

	def test_each_has_a_page_of_its_own(self) -> None:
		hospital()
		names = self.opened(3, contact().questionnaire)
		task_messages.write(names, now_datetime())
		pages = frappe.get_all(
			"Follow-up Survey",
			filters={"task": ("in", names)},
			fields=["name", "task", "patient", "patient_name", "plan", "token_hash", "questionnaire"],
			order_by="name",
		)
		assert {page.task for page in pages} == set(names)
		for page in pages:
			task = frappe.get_doc("Follow-up Task", page.task)
			assert (page.patient, page.plan) == (task.patient, task.plan)
			assert page.questionnaire == task.questionnaire
			assert page.patient_name == frappe.db.get_value("Follow-up Patient", page.patient, "patient_name")
			assert page.token_hash == page_links.hash_of(page_links.token_of(page.name))

	def test_one_whose_page_is_there_already_keeps_it(self) -> None:
		hospital()
		task = contact()
		before = patient_pages.make(task.patient, key=f"task|{task.name}", task=task.name, plan=task.plan)
		written()
		assert messages_of(task=task.name)[0].survey == before
