"""What a patient gets in writing beside the contacts: the time of a promised call, and advice."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, get_datetime, getdate, now_datetime

from hospital_followup.services import advice_messages
from hospital_followup.tests import factories as make
from tests.site.call_samples import advice
from tests.site.message_samples import hospital, messages_of, template


@pytest.fixture(autouse=True)
def _policy() -> None:
	make.standard_policy()


def in_hours(number: int) -> Any:
	return add_to_date(now_datetime().replace(microsecond=0), hours=number)


class TestPromisedCall:
	def promise(self, hours: int = 20, **fields: Any) -> Any:
		patient = make.patient(language="en")
		values = {"next_attempt_at": in_hours(hours), **fields}
		outcome = values.pop("outcome", "Callback Requested")
		return make.log(make.task(make.plan(patient.name), risk_tier="High"), outcome, **values)

	def test_is_confirmed_with_its_time(self) -> None:
		hospital()
		log = self.promise()
		(message,) = messages_of(patient=log.patient)
		assert (message.occasion, message.task, message.status) == ("Promised Callback", log.task, "Queued")
		assert message.expires_at == add_to_date(log.next_attempt_at, minutes=-30)
		assert get_datetime(log.next_attempt_at).strftime("%H:%M") in message.body

	@pytest.mark.parametrize(
		"fields",
		[
			{"hours": 1},
			{"outcome": "No Answer"},
			{"contact_point": "Caregiver"},
		],
	)
	def test_not_what_comes_at_once_or_was_not_promised_to_the_patient(self, fields: dict[str, Any]) -> None:
		hospital()
		assert messages_of(patient=self.promise(**fields).patient) == []

	def test_a_new_promise_takes_the_place_of_the_former(self) -> None:
		hospital()
		log = self.promise()
		task = frappe.get_doc("Follow-up Task", log.task)
		make.log(task, "Rescheduled", next_attempt_at=in_hours(40))
		assert [row.status for row in messages_of(task=log.task)] == ["Suppressed", "Queued"]

	def test_who_was_reached_before_needs_no_confirmation(self) -> None:
		hospital()
		log = self.promise()
		make.log(frappe.get_doc("Follow-up Task", log.task), "Reached Patient")
		assert [row.status for row in messages_of(task=log.task)] == ["Suppressed"]

	def test_cancelling_the_log_takes_the_message_back(self) -> None:
		hospital()
		log = self.promise()
		log.cancel()
		assert [row.status for row in messages_of(task=log.task)] == ["Suppressed"]

	def test_without_a_service_the_call_is_promised_all_the_same(self) -> None:
		log = self.promise()
		assert messages_of(patient=log.patient) == []
		assert frappe.db.get_value("Follow-up Task", log.task, "next_attempt_at") == log.next_attempt_at


class TestAdvice:
	def library(self, **settings: Any) -> str:
		hospital("WeChat", **{"advice_messages": 2, **settings})
		registered = {"provider_template": "number", "variables": "1 = content_title\n2 = content_text"}
		template("Education", "WeChat", body="{{ content_title }}: {{ content_text }}", **registered)
		frappe.db.set_value("Care Content", {"status": "Approved"}, "status", "Retired")
		return advice(conditions=[{"code": "I10"}], topic="Guidance")

	def discharge(self, **fields: Any) -> Any:
		patient = make.patient(**{"language": "en", "wechat_openid": "oPatient", **fields})
		return make.discharge(
			patient.name,
			given_risk_tier="Low",
			diagnoses=[{"code": "I10", "title": "Hypertension", "primary": 1}],
		)

	def advised(self, now: Any = None) -> int:
		now = now or now_datetime()
		return advice_messages.advise(advice_messages.to_advise(now), now)

	def test_the_texts_for_the_condition_go_out_the_day_after_once(self) -> None:
		content = self.library()
		stay = self.discharge()
		self.advised()
		(message,) = messages_of(plan=stay.plan, occasion="Education")
		assert (message.content, message.channel, message.status) == (content, "WeChat", "Queued")
		assert message.send_after == get_datetime(f"{add_days(getdate(), 1)} 10:00:00")
		assert "Keep it dry." in message.body
		assert stay.plan not in advice_messages.to_advise(now_datetime())
		frappe.db.set_value("Follow-up Plan", stay.plan, "advised", 0)
		self.advised()
		assert len(messages_of(plan=stay.plan, occasion="Education")) == 1

	def test_at_most_so_many_one_a_week(self) -> None:
		self.library()
		for _number in range(3):
			advice(conditions=[{"code": "I10"}], topic="Guidance")
		stay = self.discharge()
		self.advised()
		first, second = sorted(row.send_after for row in messages_of(plan=stay.plan, occasion="Education"))
		assert second == add_days(first, 7)

	@pytest.mark.parametrize(
		"reason", ["off", "no service", "another illness", "another language", "no account", "refused"]
	)
	def test_nobody_is_written_to_without(self, reason: str) -> None:
		content = self.library(advice_messages=0 if reason == "off" else 2)
		stay = self.discharge(**({"wechat_openid": None} if reason == "no account" else {}))
		if reason == "no service":
			frappe.db.set_value("Follow-up Provider", {"channel": "WeChat"}, "enabled", 0)
		elif reason == "another illness":
			frappe.db.set_value("Care Content Condition", {"parent": content}, "code", "O80")
		elif reason == "another language":
			frappe.db.set_value("Care Content", content, "language", "zh")
		elif reason == "refused":
			make_refusal(stay.patient, "WeChat")
		self.advised()
		assert messages_of(plan=stay.plan, occasion="Education") == []

	def test_what_was_explained_in_a_call_can_be_read_again(self) -> None:
		content = self.library()
		stay = self.discharge()
		frappe.db.set_value("Follow-up Plan", stay.plan, "advised", 1)
		task = frappe.get_doc("Follow-up Task", {"plan": stay.plan})
		for number in range(2):
			make.log(
				task if not number else frappe._dict(name=None, patient=stay.patient),
				"Reached Patient",
				plan=stay.plan,
				identity_verified=1,
				guidance=[{"content": content}],
			)
		(message,) = messages_of(patient=stay.patient, occasion="Education")
		assert (message.content, message.status, message.task) == (content, "Queued", None)


def make_refusal(patient: str, channel: str) -> None:
	values = {"patient": patient, "purpose": "Clinical", "channel": channel, "withdrawn_on": now_datetime()}
	frappe.get_doc({"doctype": "Follow-up Consent", **values}).insert()
