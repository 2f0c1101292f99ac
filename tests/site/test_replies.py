"""Replies: "stop" is obeyed at once and everywhere, other words land on the plan of who was written to last."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup.engine.message_ports import Reply
from hospital_followup.services import consents, message_effects, replies
from hospital_followup.tests import factories as make
from tests.providers.services.aliyun import AliyunService
from tests.providers.services.wechat import WeChatService
from tests.site.reports import CONSENT, LOG, MESSAGE, NUMBER, RECEIPT, account, sent
from tests.site.rights import SP, SV, staff
from tests.stack.users import make_user

AT = datetime(2026, 11, 20, 10, 30, tzinfo=timezone.utc)
PATIENT, TASK, NOTICE = "Follow-up Patient", "Follow-up Task", "Notification Log"
PURPOSES = ["Clinical", "Promotion", "Survey"]


def say(text: str, sender: str = NUMBER, *, channel: str = "SMS", number: int = 0, **fields: Any) -> int:
	"""Have somebody reply; `number` tells one reply from the next."""
	service = WeChatService if channel == "WeChat" else AliyunService
	values = {"at": AT + timedelta(minutes=number), "provider_id": f"r-{number}", **fields}
	reply = Reply(sender, text, **values)
	return replies.take(account(service).name, channel, [reply], now_datetime())


def withdrawn(patient: Any) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		CONSENT,
		filters={"patient": patient.name, "withdrawn_on": ("is", "set")},
		fields=["purpose", "channel"],
		order_by="purpose",
	)
	return [(row.purpose, row.channel) for row in rows]


def logs_of(patient: Any) -> list[frappe._dict]:
	return frappe.get_all(
		LOG,
		filters={"patient": patient.name},
		fields=[
			"name",
			"docstatus",
			"plan",
			"task",
			"channel",
			"direction",
			"outcome",
			"patient_feedback",
			"next_step",
		],
		order_by="contacted_at, name",
	)


def receipt() -> frappe._dict:
	(row,) = frappe.get_all(
		RECEIPT, fields=["kind", "state", "status", "message", "provider_id"], order_by="name"
	)
	return row


class TestStop:
	@pytest.mark.parametrize("words", ["TD", "td ", "退订", "Stop", "ＴＤ", "请不要再发短信", "unsubscribe"])
	def test_withdraws_every_purpose_of_the_channel_at_once(self, words: str) -> None:
		patient = make.patient(mobile=NUMBER)
		assert say(words) == 0
		assert withdrawn(patient) == [(purpose, "SMS") for purpose in PURPOSES]
		assert consents.standing_of([patient.name], "Clinical")[patient.name]["WeChat"] is None
		assert (receipt().state, receipt().status) == ("Stop", "Applied")
		assert logs_of(patient) == []

	def test_takes_back_what_waits_and_nothing_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
		told: list[tuple[str, str]] = []
		monkeypatch.setattr(
			message_effects, "settled", lambda rows, now: told.extend((row.name, row.status) for row in rows)
		)
		patient = make.patient(mobile=NUMBER)
		waiting = sent(patient, status="Queued")
		others = [
			sent(patient, status="Queued", channel="Email"),
			sent(patient, status="Sent"),
			sent(patient, status="Sending"),
			sent(make.patient(mobile="13911112222"), status="Queued"),
		]
		before = [frappe.db.get_value(MESSAGE, other.name, "status") for other in others]
		say("TD")
		assert frappe.db.get_value(MESSAGE, waiting.name, ["status", "status_reason"]) == (
			"Suppressed",
			"withdrawn",
		)
		assert [frappe.db.get_value(MESSAGE, other.name, "status") for other in others] == before
		assert told == [(waiting.name, "Suppressed")]

	def test_counts_for_everybody_with_that_number(self) -> None:
		mother, child = make.patient(mobile=NUMBER), make.patient(mobile=NUMBER)
		say("TD")
		assert withdrawn(mother) == withdrawn(child) == [(purpose, "SMS") for purpose in PURPOSES]

	def test_a_caregiver_speaks_for_the_patient_only_where_messages_go_to_the_caregiver(self) -> None:
		written_to = make.patient(mobile="13911112222", caregiver_name="Li", caregiver_mobile=NUMBER)
		called = make.patient(mobile="13911113333", caregiver_name="Li", caregiver_mobile=NUMBER)
		sent(written_to, recipient=NUMBER)
		say("TD")
		assert withdrawn(written_to)
		assert withdrawn(called) == []

	def test_is_obeyed_once_however_often_it_is_said(self) -> None:
		patient = make.patient(mobile=NUMBER)
		say("TD", number=1)
		say("TD", number=1)
		say("TD", number=2)
		assert len(withdrawn(patient)) == len(PURPOSES)
		assert frappe.db.count(RECEIPT) == 2

	def test_evidence_names_the_receipt_and_not_the_number(self) -> None:
		patient = make.patient(mobile=NUMBER)
		say("TD")
		evidence = frappe.get_all(
			CONSENT, filters={"patient": patient.name}, pluck="evidence", order_by="name"
		)
		assert len(set(evidence)) == 1
		assert frappe.get_all(RECEIPT, pluck="name", order_by="name")[0] in evidence[0]
		assert "138001" not in evidence[0]

	def test_of_a_stranger_is_kept_without_the_number(self) -> None:
		say("TD", "+8613700000000")
		assert (receipt().status, receipt().state) == ("Unknown", "Stop")
		assert "137000" not in str(frappe.get_all(RECEIPT, fields=["*"], order_by="name"))

	@pytest.mark.parametrize("status", ["Deceased", "Do Not Contact"])
	def test_is_noted_for_who_is_not_contacted_anyway(self, status: str) -> None:
		patient = make.patient(mobile=NUMBER, status=status)
		assert say("TD") == 0
		assert withdrawn(patient)


class TestAddresses:
	@pytest.mark.parametrize("sender", ["13800138000", "+8613800138000", "8613800138000", "138 0013 8000"])
	def test_a_number_is_recognised_however_it_is_written(self, sender: str) -> None:
		patient = make.patient(mobile="13800138000")
		say("TD", sender)
		assert withdrawn(patient)

	@pytest.mark.parametrize(
		("channel", "field", "value"),
		[
			("WeChat", "wechat_openid", "o-1"),
			("Email", "email", "wang@example.org"),
			("App Push", "app_account", "device-7"),
		],
	)
	def test_every_other_channel_has_its_own_field(self, channel: str, field: str, value: str) -> None:
		patient = make.patient(**{field: value})
		say("TD", value, channel=channel)
		assert withdrawn(patient) == [(purpose, channel) for purpose in PURPOSES]

	@pytest.mark.parametrize("sender", ["", " ", "1", "+", "1069000", "' or 1=1", "%", "\u0000"])
	def test_what_is_no_number_is_nobody(self, sender: str) -> None:
		patient = make.patient(mobile=NUMBER)
		make.patient(mobile=None)
		assert say("TD", sender) == 0
		assert receipt().status == "Unknown"
		assert withdrawn(patient) == []

	def test_who_was_merged_is_found_under_the_new_record(self) -> None:
		old, new = make.patient(mobile=NUMBER), make.patient(mobile=NUMBER)
		old.update({"status": "Merged", "merged_into": new.name})
		old.save()
		say("TD")
		assert (withdrawn(old), len(withdrawn(new))) == ([], len(PURPOSES))


class TestWeChat:
	def test_leaving_the_account_withdraws(self) -> None:
		patient = make.patient(wechat_openid="o-1")
		say("", "o-1", channel="WeChat", kind="unsubscribed")
		assert withdrawn(patient) == [(purpose, "WeChat") for purpose in PURPOSES]
		assert receipt().state == "Unsubscribed"

	def test_following_again_is_no_consent_and_somebody_asks(self) -> None:
		user = make_user(SP)
		staff(user, SP)
		patient = make.patient(wechat_openid="o-1")
		make.task(make.plan(patient.name), assigned_to=user)
		say("", "o-1", channel="WeChat", kind="unsubscribed", number=1)
		say("", "o-1", channel="WeChat", kind="subscribed", number=2)
		assert consents.standing_of([patient.name], "Clinical")[patient.name]["WeChat"] is False
		(notice,) = frappe.get_all(
			NOTICE, filters={"for_user": user}, fields=["document_type", "document_name"], order_by="name"
		)
		assert (notice.document_type, notice.document_name) == (PATIENT, patient.name)

	def test_start_in_the_patients_own_words_is_consent_to_clinical_messages(self) -> None:
		patient = make.patient(mobile=NUMBER)
		say("STOP", kind="unsubscribed", number=1)
		say("START", kind="subscribed", number=2)
		assert consents.standing_of([patient.name], "Clinical")[patient.name]["SMS"] is True
		assert consents.standing_of([patient.name], "Promotion")[patient.name]["SMS"] is False

	def test_following_for_the_first_time_changes_nothing(self) -> None:
		patient = make.patient(wechat_openid="o-1")
		say("", "o-1", channel="WeChat", kind="subscribed")
		assert frappe.db.count(CONSENT, {"patient": patient.name}) == 0
		assert receipt().status == "Applied"

	def test_an_account_nobody_has_told_us_of_is_nobodys(self) -> None:
		say("", "o-stranger", channel="WeChat", kind="unsubscribed")
		assert receipt().status == "Unknown"


class TestWords:
	def test_become_a_log_on_the_plan_and_complete_no_contact(self) -> None:
		patient = make.patient(mobile=NUMBER, language="en")
		plan = make.plan(patient.name)
		task = make.task(plan, channel="SMS")
		message = sent(patient, task=task.name, plan=plan.name)
		assert say("I am fine, thank you") == 0
		(log,) = logs_of(patient)
		assert (log.docstatus, log.plan, log.task, log.channel) == (1, plan.name, None, "SMS")
		assert (log.direction, log.outcome) == ("In", "Replied")
		assert log.patient_feedback == "I am fine, thank you"
		assert frappe.db.get_value(TASK, task.name, "status") == "Open"
		assert receipt() == {
			"kind": "Reply",
			"state": "Text",
			"status": "Applied",
			"message": message.name,
			"provider_id": None,
		}

	def test_without_a_message_go_to_the_plan_that_is_running(self) -> None:
		patient = make.patient(mobile=NUMBER)
		plan = make.plan(patient.name)
		say("hello")
		assert logs_of(patient)[0].plan == plan.name

	def test_without_a_plan_go_to_the_patient(self) -> None:
		patient = make.patient(mobile=NUMBER)
		say("hello")
		assert logs_of(patient)[0].plan is None

	def test_are_for_the_one_who_was_written_to_last(self) -> None:
		mother, child = make.patient(mobile=NUMBER), make.patient(mobile=NUMBER)
		for patient, hours in ((mother, -1), (child, -2)):
			message = sent(patient)
			message.db_set("tried_at", add_to_date(now_datetime(), hours=hours))
		say("hello")
		assert logs_of(child) == []
		(log,) = logs_of(mother)
		assert "2" in log.next_step

	def test_that_speak_of_danger_raise_the_alarm_of_the_shipped_rules(self) -> None:
		patient = make.patient(mobile=NUMBER, language="zh")
		say("昨天晚上开始胸痛，出汗")
		(alert,) = frappe.get_all(
			"Follow-up Alert",
			filters={"patient": patient.name},
			fields=["severity", "kind", "log"],
			order_by="name",
		)
		assert (alert.severity, alert.kind) == ("Red", "Clinical")
		assert alert.log == logs_of(patient)[0].name

	def test_the_owner_of_the_contact_is_told_without_a_word_of_it(self) -> None:
		user = make_user(SP)
		staff(user, SP)
		patient = make.patient(mobile=NUMBER, patient_name="Wang Secret")
		make.task(make.plan(patient.name), assigned_to=user)
		say("canary words about my wound")
		(notice,) = frappe.get_all(NOTICE, filters={"for_user": user}, fields=["*"], order_by="name")
		assert notice.document_name == logs_of(patient)[0].name
		for secret in ("canary", "Wang Secret", "138001"):
			assert secret not in str(notice)

	def test_without_an_owner_the_supervisors_are_told(self) -> None:
		user = make_user(SV)
		staff(user, SV)
		make.patient(mobile=NUMBER)
		say("hello")
		assert frappe.db.count(NOTICE, {"for_user": user}) == 1

	def test_a_second_copy_is_not_written_down_again(self) -> None:
		patient = make.patient(mobile=NUMBER)
		for _copy in range(2):
			say("hello", number=1)
			say("hello again", number=2, provider_id=None)
		assert len(logs_of(patient)) == 2

	def test_a_picture_without_words_is_written_down_too(self) -> None:
		patient = make.patient(mobile=NUMBER)
		say("")
		assert logs_of(patient)[0].patient_feedback

	def test_one_that_cannot_be_taken_stops_no_other_and_comes_again(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		patient = make.patient(mobile=NUMBER)
		real = replies.repliers.patients_of

		def picky(channel: str, address: str) -> list[str]:
			if address == "broken":
				raise KeyError(address)
			return real(channel, address)

		monkeypatch.setattr(replies.repliers, "patients_of", picky)
		batch = [Reply("broken", "x", AT, "r-1"), Reply(NUMBER, "hello", AT, "r-2")]
		assert replies.take(account(AliyunService).name, "SMS", batch, now_datetime()) == 1
		assert len(logs_of(patient)) == 1
		assert frappe.db.count(RECEIPT) == 1
