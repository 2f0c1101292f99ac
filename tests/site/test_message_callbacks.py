"""The address that message services call, over the wire and in each service's own format: who may, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import frappe
import pytest
import requests

from hospital_followup import callback_api
from hospital_followup.services import provider_settings
from hospital_followup.tests import factories as make
from tests.providers.services.callbacks import request, signing_with_nothing
from tests.providers.services.push import PushService, sign
from tests.providers.services.wechat import TOKEN, WeChatService, sha1
from tests.providers.services.wecom import WeComService
from tests.site.reports import (
	BASE,
	CONSENT,
	LOG,
	NUMBER,
	RECEIPT,
	REPORTING,
	SERVICES,
	Twilio,
	account,
	address,
	deliver,
	now,
	sent,
	status_of,
)

EXPECTED = {
	"aliyun_sms": '{"code":0,"msg":"OK"}',
	"tencent_sms": '{"result":0,"errmsg":"OK"}',
	"twilio_sms": '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
	"push_webhook": '{"ok":true}',
	"wechat_official": "success",
	"wecom": "",
}


@pytest.fixture(autouse=True)
def _nobody_was_refused_yet() -> Iterator[None]:
	frappe.cache.delete_keys("followup_callback")
	yield
	frappe.cache.delete_keys("followup_callback")


@pytest.fixture(params=SERVICES, ids=lambda service: service.name)
def service(request: pytest.FixtureRequest) -> Any:
	account(request.param)
	return request.param()


@pytest.fixture(params=REPORTING, ids=lambda service: service.name)
def reporting(request: pytest.FixtureRequest) -> Any:
	account(request.param)
	return request.param()


def channel_of(service: Any) -> str:
	return frappe.db.get_value(provider_settings.PROVIDER, service.name, "channel")


def message_of(service: Any, **fields: Any) -> Any:
	channel = channel_of(service)
	who = address("SMS") | address(channel)
	patient = make.patient(language="en", **who)
	return sent(patient, provider=service.name, channel=channel, **fields)


def sender(service: Any) -> str:
	return next(iter(address(channel_of(service)).values()))


def kept() -> int:
	frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
	return frappe.db.count(RECEIPT)


class TestReceipts:
	@pytest.mark.parametrize("state", ["delivered", "failed"])
	def test_reach_the_message_and_the_service_hears_so(self, reporting: Any, state: str, web: Any) -> None:
		message = message_of(reporting)
		frappe.db.commit()  # reason: the server is another process
		made = reporting.receipt(message.reference, message.provider_id, state, at=now())
		answer = deliver(web.url, reporting, made)
		assert (answer.status_code, answer.text) == (200, EXPECTED[reporting.name])
		assert answer.headers["Cache-Control"] == "no-store"
		assert status_of(message) == state.capitalize()

	def test_a_second_copy_hears_the_same_and_changes_nothing(self, reporting: Any, web: Any) -> None:
		message = message_of(reporting)
		frappe.db.commit()  # reason: the server is another process
		made = reporting.receipt(message.reference, message.provider_id, at=now())
		first, second = (deliver(web.url, reporting, made) for _copy in range(2))
		assert (first.status_code, first.text) == (second.status_code, second.text)
		assert (status_of(message), kept()) == ("Delivered", 1)

	def test_one_that_failed_first_is_delivered_in_the_end(self, reporting: Any, web: Any) -> None:
		message = message_of(reporting)
		frappe.db.commit()  # reason: the server is another process
		for state in ("failed", "delivered", "failed"):
			deliver(
				web.url, reporting, reporting.receipt(message.reference, message.provider_id, state, at=now())
			)
		assert (status_of(message), kept()) == ("Delivered", 2)

	def test_of_nobody_waits(self, reporting: Any, web: Any) -> None:
		frappe.db.commit()  # reason: the server is another process
		answer = deliver(web.url, reporting, reporting.receipt("0" * 32, "stranger", at=now()))
		assert answer.status_code == 200
		assert kept() == 1
		assert frappe.db.get_value(RECEIPT, {"provider_id": "stranger"}, "status") == "Waiting"

	def test_what_is_no_id_is_not_kept(self, reporting: Any, web: Any) -> None:
		markup = "<img src=x onerror=alert(1)>"
		message = message_of(reporting)
		frappe.db.commit()  # reason: the server is another process
		for reference in (message.reference, markup):
			made = reporting.receipt(reference, markup, at=now())
			assert deliver(web.url, reporting, made).status_code == 200
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		for doctype in (RECEIPT, "Follow-up Message"):
			assert "<img" not in str(frappe.get_all(doctype, fields=["*"], order_by="name")), doctype

	def test_a_provider_that_was_switched_off_still_reports(self, reporting: Any, web: Any) -> None:
		message = message_of(reporting)
		frappe.get_doc(provider_settings.PROVIDER, reporting.name).update({"enabled": 0}).save()
		frappe.db.commit()  # reason: the server is another process
		deliver(web.url, reporting, reporting.receipt(message.reference, message.provider_id, at=now()))
		assert status_of(message) == "Delivered"


class TestReplies:
	def test_stop_withdraws_before_the_service_has_its_answer(self, service: Any, web: Any) -> None:
		message = message_of(service)
		waiting = sent(frappe.get_doc("Follow-up Patient", message.patient), status="Queued")
		waiting.db_set("channel", message.channel)
		frappe.db.commit()  # reason: the server is another process
		answer = deliver(web.url, service, service.reply(sender(service), "退订", at=now()))
		assert (answer.status_code, answer.text) == (200, EXPECTED[service.name])
		assert status_of(waiting) == "Suppressed"
		found = frappe.get_all(
			CONSENT,
			filters={"patient": message.patient},
			fields=["channel", "withdrawn_on"],
			order_by="name",
		)
		assert {row.channel for row in found} == {message.channel}
		assert len(found) == 3
		assert all(row.withdrawn_on for row in found)

	def test_words_land_on_the_plan_once(self, service: Any, web: Any) -> None:
		message = message_of(service)
		frappe.db.commit()  # reason: the server is another process
		made = service.reply(sender(service), "谢谢，我好多了 👍 <b>&", at=now())
		for _copy in range(2):
			assert deliver(web.url, service, made).status_code == 200
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		logs = frappe.get_all(
			LOG, filters={"patient": message.patient}, pluck="patient_feedback", order_by="name"
		)
		assert logs == ["谢谢，我好多了 👍 ＜b>&"]  # no markup in strangers' words

	def test_leaving_the_wechat_account_withdraws(self, web: Any) -> None:
		account(WeChatService)
		patient = make.patient(wechat_openid="o-patient")
		frappe.db.commit()  # reason: the server is another process
		event = {"FromUserName": "o-patient", "MsgType": "event", "Event": "unsubscribe"}
		answer = deliver(web.url, WeChatService, WeChatService().sealed(event, now()))
		assert answer.text == "success"
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		assert frappe.db.count(CONSENT, {"patient": patient.name, "channel": "WeChat"}) == 3


class TestChecksOfTheAddress:
	def test_wechat_hears_its_echo(self, web: Any) -> None:
		account(WeChatService)
		frappe.db.commit()  # reason: the server is another process
		moment = str(int(now().timestamp()))
		query = {"signature": sha1(TOKEN, moment, "n"), "timestamp": moment, "nonce": "n"}
		check = request(method="GET", query={**query, "echostr": "4567<script>"})
		answer = deliver(web.url, WeChatService, check)
		assert (answer.status_code, answer.text) == (200, "4567<script>")
		assert answer.headers["Content-Type"].startswith("text/plain")
		assert answer.headers["X-Content-Type-Options"] == "nosniff"

	def test_wecom_hears_its_echo_in_the_clear(self, web: Any) -> None:
		account(WeComService)
		frappe.db.commit()  # reason: the server is another process
		service = WeComService()
		sealed = service.seal("1616140317555161061")
		check = request(method="GET", query={**service.query(sealed, now()), "echostr": sealed})
		answer = deliver(web.url, service, check)
		assert (answer.status_code, answer.text) == (200, "1616140317555161061")


class TestForgeries:
	def test_get_403_without_a_word_and_change_nothing(self, service: Any, web: Any) -> None:
		message = message_of(service)
		frappe.db.commit()  # reason: the server is another process
		made = [
			service.receipt(message.reference, message.provider_id, at=now()),
			service.reply(sender(service), "TD", at=now()),
		]
		for genuine in made:
			for forgery in service.forgeries(genuine):
				if forgery.request.method == "PUT":
					continue  # Frappe refuses it before us
				answer = deliver(web.url, service, forgery.request)
				assert (answer.status_code, answer.text) == (403, ""), forgery.what
		assert (status_of(message), kept()) == ("Sent", 0)
		assert frappe.db.count(CONSENT, {"patient": message.patient}) == 0

	def test_a_provider_without_its_secrets_believes_nobody(
		self, service: Any, web: Any, monkeypatch: pytest.MonkeyPatch
	) -> None:
		message = message_of(service)
		doc = frappe.get_doc(provider_settings.PROVIDER, service.name)
		doc.update({"enabled": 0, "secret": "", "callback_secret": "", "aes_key": ""}).save()
		frappe.db.commit()  # reason: the server is another process
		known = service.receipt(message.reference, message.provider_id, at=now())
		assert deliver(web.url, service, known).status_code == 403
		signing_with_nothing(service, monkeypatch)
		for forged in (
			service.receipt(message.reference, message.provider_id, at=now()),
			service.reply(sender(service), "TD", at=now()),
		):
			assert deliver(web.url, service, forged).status_code == 403
		assert (status_of(message), kept()) == ("Sent", 0)
		assert frappe.db.count(CONSENT, {"patient": message.patient}) == 0

	def test_a_provider_that_lacks_anything_reports_nothing(self, service: Any, web: Any) -> None:
		message = message_of(service)
		missing = {"push_webhook": {"endpoint": ""}}.get(service.name, {"account": ""})
		frappe.db.set_value(provider_settings.PROVIDER, service.name, missing)
		frappe.clear_document_cache(provider_settings.PROVIDER, service.name)
		frappe.db.commit()  # reason: the server is another process
		made = service.receipt(message.reference, message.provider_id, at=now())
		assert deliver(web.url, service, made).status_code == 403
		assert kept() == 0

	def test_a_replay_is_refused_where_the_protocol_has_a_time(self, service: Any, web: Any) -> None:
		frappe.db.commit()  # reason: the server is another process
		old = service.receipt("0" * 32, "id", at=now() - timedelta(seconds=310))
		answer = deliver(web.url, service, old)
		assert answer.status_code == (403 if service.signs_the_time else 200)

	@pytest.mark.parametrize("name", ["", "nobody", "Follow-up Settings", "%", "'; --", "aliyun_sms\u0000"])
	def test_a_provider_that_does_not_exist_gets_the_same_answer(self, name: str, web: Any) -> None:
		frappe.db.commit()  # reason: the server is another process
		answer = requests.post(
			web.url + provider_settings.CALLBACK_PATH, params={"provider": name}, data=b"[]"
		)
		assert (answer.status_code, answer.text) == (403, "")

	def test_the_provider_is_taken_from_the_address_and_never_from_the_body(self, web: Any) -> None:
		account(PushService)
		frappe.db.commit()  # reason: the server is another process
		made = PushService()._signed({"provider": "push_webhook", "receipts": []}, now())
		answer = requests.post(
			web.url + provider_settings.CALLBACK_PATH,
			data=made.body,
			headers={**made.headers, "content-type": "application/json"},
		)
		assert answer.status_code == 403

	def test_another_host_does_not_make_another_address(self, web: Any) -> None:
		account(Twilio)
		frappe.db.commit()  # reason: the server is another process
		service = Twilio()
		made = service.receipt("0" * 32, "SM1", at=now())
		answer = deliver(
			web.url, service, made, **{"X-Forwarded-Host": "evil.example", "Forwarded": "host=x"}
		)
		assert answer.status_code == 200
		assert provider_settings.callback_address(account(Twilio)).startswith(BASE)


class TestLimits:
	def test_too_large_a_body_is_not_read(self, web: Any) -> None:
		account(PushService)
		frappe.db.commit()  # reason: the server is another process
		for size, status in ((callback_api.MAX_BYTES, 200), (callback_api.MAX_BYTES + 1, 413)):
			body = b'{"receipts": []}'.ljust(size)
			moment = str(int(now().timestamp()))
			headers = {"x-followup-timestamp": moment, "x-followup-signature": sign(body, moment)}
			made = request(body, headers=headers, at=now())
			assert deliver(web.url, PushService, made).status_code == status

	def test_who_keeps_guessing_is_told_so_and_nobody_else(self, web: Any) -> None:
		account(PushService)
		frappe.db.commit()  # reason: the server is another process
		service = PushService()
		genuine = service.receipt("0" * 32, "id", at=now())
		forged = replace(genuine, body=genuine.body + b" ")
		answers = [
			deliver(web.url, service, forged).status_code for _try in range(callback_api.MAX_REFUSED + 2)
		]
		assert answers == [403] * callback_api.MAX_REFUSED + [429] * 2
		elsewhere = {"X-Forwarded-For": "203.0.113.7"}
		assert deliver(web.url, service, forged, **elsewhere).status_code == 403
		assert deliver(web.url, service, genuine).status_code == 200

	def test_a_stop_comes_through_whoever_guesses_from_the_same_address(self, service: Any, web: Any) -> None:
		message = message_of(service)
		frappe.db.commit()  # reason: the server is another process
		for _try in range(callback_api.MAX_REFUSED + 1):
			refused = requests.post(web.url + provider_settings.CALLBACK_PATH, data=b"")
		assert refused.status_code == 429
		assert deliver(web.url, service, service.reply(sender(service), "TD", at=now())).status_code == 200
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		assert frappe.db.count(CONSENT, {"patient": message.patient}) == 3

	def test_genuine_requests_are_never_too_many(self, web: Any) -> None:
		account(PushService)
		frappe.db.commit()  # reason: the server is another process
		service = PushService()
		for number in range(callback_api.MAX_REFUSED + 5):
			made = service.receipt("0" * 32, f"id-{number}", at=now())
			assert deliver(web.url, service, made).status_code == 200


def test_a_number_is_never_in_the_addresses_that_we_give_out() -> None:
	for service in SERVICES:
		assert NUMBER not in provider_settings.callback_address(account(service))
