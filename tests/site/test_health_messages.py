"""What the health page says about messages: the switch, the providers, the texts, what is stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime, today

from hospital_followup.services import go_live_summary, health_messages, messages
from hospital_followup.services.health_check import BAD, OK, WARN, Check
from hospital_followup.tests import factories as make
from tests.site.message_samples import hospital, provider, template
from tests.site.outbox_samples import wanted
from tests.site.rights import record

MESSAGE, PROVIDER = "Follow-up Message", "Follow-up Provider"


@pytest.fixture(autouse=True)
def _nothing_yet(site: Any) -> None:
	for doctype in (MESSAGE, PROVIDER):
		frappe.db.delete(doctype)


def looked() -> list[Check]:
	return list(health_messages.checks())


def one(code: str) -> Check:
	(check,) = [check for check in looked() if check.code == code]
	return check


def message(status: str, *, hours_ago: float = 0, **values: Any) -> str:
	due = now_datetime() - timedelta(hours=hours_ago)
	return record(MESSAGE, status=status, channel="SMS", send_after=due, **values).name


def live(reason: str | None = None) -> None:
	"""As the settings say it: live without the mark of this site is a copy."""
	frappe.db.set_single_value("Follow-up Settings", "go_live", int(reason != "not_live"))


def test_without_a_provider_people_make_every_contact() -> None:
	(check,) = looked()
	assert (check.code, check.level) == ("providers", OK)


def test_messages_that_wait_without_any_provider_are_seen() -> None:
	message("Queued", hours_ago=2)
	assert {check.code for check in looked()} >= {"go_live", "sending"}


def test_dry_run_is_said() -> None:
	provider()
	live("not_live")
	assert one("go_live").level == WARN
	assert "Dry run" in one("go_live").sentence


def test_a_copy_of_the_site_is_said() -> None:
	provider()
	live()
	frappe.db.set_single_value("Follow-up Settings", "live_mark", "of another site")
	check = one("go_live")
	assert check.level == BAD
	assert "copy" in check.sentence and "Switch On Again" in check.fix


def test_a_provider_that_is_ready() -> None:
	doc = provider()
	check = one("providers")
	assert (check.level, check.route) == (OK, ("Form", PROVIDER, doc.name))


def test_a_provider_that_lacks_something() -> None:
	provider(account="")
	check = one("providers")
	assert check.level == BAD
	assert "missing" in check.sentence


def test_a_provider_that_is_left_alone() -> None:
	doc = provider()
	until = now_datetime() + timedelta(minutes=5)
	values = {"breaker_failures": 5, "breaker_retry_at": until, "last_error_code": "http_500"}
	frappe.db.set_value(PROVIDER, doc.name, values)
	check = one("providers")
	assert check.level == BAD
	assert "5 times" in check.sentence and "http_500" in check.sentence


def test_receipts_that_would_be_refused() -> None:
	provider("WeChat", callback_secret="")
	check = one("providers")
	assert check.level in (WARN, BAD)


def test_secrets_that_cannot_be_read() -> None:
	doc = provider()
	table = frappe.qb.Table("__Auth")
	frappe.qb.update(table).set(table.password, "of another key").where(table.name == doc.name).run()
	check = one("providers")
	assert check.level == BAD
	assert "cannot be read" in check.sentence


def test_a_channel_without_approved_texts() -> None:
	provider()
	frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Draft")
	assert one("templates").level == WARN
	template("Revisit Reminder")
	assert one("templates").level == OK


class TestNameOfTheHospital:
	def named(self, name: str) -> None:
		frappe.db.set_single_value("Follow-up Settings", "hospital_name", name)
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")

	def lines(self) -> list[Check]:
		return [check for check in looked() if check.code == "hospital_name"]

	def test_missing_while_the_texts_as_installed_say_it(self) -> None:
		provider()
		self.named("")
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Approved")
		(check,) = self.lines()
		assert check.level == WARN
		for occasion in ("Scheduled Contact", "Last Ask", "Revisit Reminder", "Promised Callback"):
			assert occasion in check.sentence
		assert "Hospital Name" in check.fix
		assert check.route == ("Form", "Follow-up Settings")
		assert check.sentence in go_live_summary.summary()["problems"]

	def test_is_what_the_texts_lack(self) -> None:
		"""The line is there exactly while nothing can be written."""
		hospital()
		template("Revisit Reminder", body="{{ hospital_name }}: please remember your visit.")
		patient = make.patient(language="en", company="").name
		for name, reason in (("", "no_template"), ("Renai Hospital", None)):
			self.named(name)
			item = wanted(patient=patient, occasion="Revisit Reminder")
			assert messages.write([item])[item.key].reason == reason
			assert len(self.lines()) == (1 if reason else 0)

	def test_is_not_asked_for_by_texts_that_do_not_need_it(self) -> None:
		provider()
		self.named("")
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Retired")
		template(
			"Revisit Reminder", body="{% if hospital_name %}{{ hospital_name }}: {% endif %}Remember us."
		)
		assert self.lines() == []


@pytest.fixture
def registering() -> Any:
	"""A hospital as installed, whose only service carries registered texts."""
	values = {"provider": "Aliyun SMS", "account": "id", "secret": "s", "sender": "医院"}
	return provider(callback_secret="key", **values)


class TestRegisteredTexts:
	def test_as_installed_none_goes_out_and_each_occasion_is_named(self, registering: Any) -> None:
		check = one("templates")
		assert check.level == WARN
		for occasion in ("Scheduled Contact", "Last Ask", "Revisit Reminder", "Promised Callback"):
			assert occasion in check.sentence
		assert "Provider's Template ID" in check.fix
		assert (check.route, check.options["channel"]) == (("List", "Message Template"), "SMS")

	@pytest.mark.parametrize(
		("setting", "occasion"),
		[("advice_messages", "Education"), ("survey_after_contact", "Survey Invitation")],
	)
	def test_what_the_hospital_does_not_write_is_not_named(
		self, registering: Any, setting: str, occasion: str
	) -> None:
		for value in (0, 1):
			frappe.db.set_single_value("Follow-up Settings", setting, value)
			frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
			assert (occasion in one("templates").sentence) is bool(value)

	def test_what_is_registered_or_retired_is_not_named(self, registering: Any) -> None:
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Retired")
		template("Revisit Reminder", provider_template="SMS_1")
		assert one("templates").level == OK
		template("Missed Revisit Notice")
		sentence = one("templates").sentence
		assert "Missed Revisit Notice" in sentence and "Revisit Reminder" not in sentence

	def test_a_number_of_an_account_that_is_off_is_none(self, registering: Any) -> None:
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Retired")
		other = provider(title="Other", enabled=0).name
		template("Revisit Reminder", provider_template="SMS_1", provider=other)
		assert "Revisit Reminder" in one("templates").sentence

	def test_a_text_in_a_language_that_nobody_speaks_here_is_none(self, registering: Any) -> None:
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Retired")
		template("Revisit Reminder")
		values = {"occasion": "Revisit Reminder", "purpose": "Clinical", "channel": "SMS"}
		french = {"title": "Rappel", "language": "fr", "body": "Bonjour", "provider_template": "SMS_2"}
		frappe.get_doc({"doctype": "Message Template", "status": "Approved", **values, **french}).insert()
		assert "Revisit Reminder" in one("templates").sentence

	def test_before_going_live_one_sees_what_would_not_go_out(self, registering: Any) -> None:
		live("not_live")
		message("Queued", occasion="Revisit Reminder")
		message("Queued", occasion="Last Ask", provider_template="SMS_1", provider=registering.name)
		found = go_live_summary.summary()
		assert found["waiting"] == [{"channel": "SMS", "occasion": "Last Ask", "count": 1}]
		assert (found["refused"], found["at_once"], found["expired"]) == (1, 1, 0)
		assert one("templates").sentence in found["problems"]


@pytest.mark.parametrize(
	("status", "hours_ago", "values", "level"),
	[
		("Queued", 0.5, {}, OK),
		("Sending", 1, {"claimed_until": timedelta(minutes=5)}, OK),
		("Sending", 1, {"claimed_until": timedelta(minutes=-20)}, BAD),
		("Uncertain", 1, {}, OK),
		("Uncertain", 5, {}, WARN),
		("Failed", 50, {}, OK),
	],
)
def test_what_is_stuck(status: str, hours_ago: float, values: dict[str, Any], level: str) -> None:
	provider()
	moments = {field: now_datetime() + ahead for field, ahead in values.items()}
	message(status, hours_ago=hours_ago, **moments)
	assert one("sending").level == level


def test_overdue_counts_only_when_messages_go_out() -> None:
	provider()
	live("not_live")
	message("Queued", hours_ago=2)
	assert one("sending").level == OK


def test_more_than_a_hundred_are_not_counted() -> None:
	provider()
	for _number in range(102):
		message("Uncertain", hours_ago=5)
	assert "more than 100" in one("sending").sentence


def test_receipts_of_somebody_else() -> None:
	provider()
	moment = now_datetime() - timedelta(hours=2)
	assert not [check for check in looked() if check.code == "receipts"]
	for _number in range(60):
		record("Follow-up Receipt", status="Waiting", creation=moment, key=frappe.generate_hash())
	frappe.db.set_value("Follow-up Receipt", {"status": "Waiting"}, "creation", moment, update_modified=False)
	assert one("receipts").level == WARN


def test_nothing_about_a_patient_is_said() -> None:
	provider()
	patient = {
		"patient": "王小明-key",
		"patient_name": "王小明",
		"recipient": "+8613800138000",
		"body": "您好王",
	}
	for status in ("Queued", "Uncertain", "Sending"):
		message(status, hours_ago=9, claimed_until=now_datetime() - timedelta(hours=8), **patient)
	text = " ".join(f"{check.sentence} {check.fix} {check.options}" for check in looked())
	for word in ("王小明", "13800138000", "您好王"):
		assert word not in text


def test_what_would_go_out() -> None:
	provider()
	live("not_live")
	tomorrow, yesterday = (now_datetime() + timedelta(days=days) for days in (1, -1))
	message("Queued", hours_ago=1, occasion="Revisit Reminder", expires_at=tomorrow)
	message("Queued", hours_ago=-5, occasion="Revisit Reminder", expires_at=tomorrow)
	message("Queued", hours_ago=48, occasion="Education", expires_at=yesterday)
	message("Sent", hours_ago=48)
	found = go_live_summary.summary()
	assert (found["live"], found["reason"]) == (False, "not_live")
	assert found["waiting"] == [{"channel": "SMS", "occasion": "Revisit Reminder", "count": 2}]
	assert (found["at_once"], found["expired"], found["more"]) == (1, 1, False)
	assert today()
