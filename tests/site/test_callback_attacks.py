"""What arrives at the callbacks' address without being what the protocol says: any bytes, any shape, and no trace of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital_followup.services import guest_requests, provider_settings
from hospital_followup.tests import factories as make
from tests.providers.services import aliyun, tencent, wechat
from tests.providers.services.aliyun import AliyunService
from tests.providers.services.callbacks import request
from tests.providers.services.push import PushService
from tests.providers.services.sealing import seal
from tests.providers.services.tencent import TencentService
from tests.providers.services.wechat import WeChatService
from tests.site.reports import LOG, NUMBER, RECEIPT, SERVICES, account, deliver, now, sent
from tests.support.traces import found_in_error_rows, found_in_files

CANARY = "canary-Zq9-chest-wound"
FUZZ = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: Frappe's own words for JSON that is neither object nor list, and for JSON that is none: it reads the body before us.
FRAPPES = (417, 500)
VALUES = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=40),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
	max_leaves=12,
)
NAMES = st.sampled_from(
	[
		"phone_number",
		"content",
		"success",
		"biz_id",
		"out_id",
		"report_time",
		"send_time",
		"err_code",
		"sid",
		"mobile",
		"nationcode",
		"text",
		"time",
		"report_status",
		"id",
		"from",
		"state",
		"at",
		"receipts",
		"replies",
		"reference",
	]
)
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=9) | VALUES, max_size=4)
TAGS = st.sampled_from(
	["FromUserName", "MsgType", "Event", "Content", "MsgId", "MsgID", "CreateTime", "Status", "A"]
)
WORDS = st.text(max_size=30).map(lambda text: text.replace("]]>", ""))
XML = st.lists(st.tuples(TAGS, WORDS), max_size=8).map(
	lambda pairs: f"<xml>{''.join(f'<{tag}><![CDATA[{word}]]></{tag}>' for tag, word in pairs)}</xml>"
)
HOSTILE_XML = st.sampled_from(
	[
		'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
		'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
		'<?xml version="1.0" encoding="utf-7"?><xml/>',
		"<xml>" * 2000,
		"",
		"\ufeff<xml><MsgType>text</MsgType></xml>",
	]
)


@pytest.fixture(autouse=True)
def _nobody_was_refused_yet() -> Iterator[None]:
	frappe.cache.delete_keys("followup_callback")
	yield
	frappe.cache.delete_keys("followup_callback")


def taken(answer: requests.Response) -> None:
	"""Whoever has signed it is heard out: nothing that can stand inside is an error."""
	assert answer.status_code == 200, answer.text[:300]
	assert answer.headers["Cache-Control"] == "no-store"


class TestAnyBody:
	"""Genuine as far as the signature goes, and senseless inside."""

	@pytest.mark.parametrize(
		("service", "key"),
		[(AliyunService, aliyun.CALLBACK_KEY), (TencentService, tencent.CALLBACK_KEY)],
	)
	def test_json_of_a_service_that_signs_nothing(self, service: Any, key: str, web: Any) -> None:
		account(service)
		frappe.db.commit()  # reason: the server is another process

		@FUZZ
		@given(ROWS)
		def attack(rows: Any) -> None:
			made = request(json.dumps(rows).encode(), query={"key": key}, at=now())
			taken(deliver(web.url, service, made))

		attack()

	def test_signed_json(self, web: Any) -> None:
		account(PushService)
		frappe.db.commit()  # reason: the server is another process

		@FUZZ
		@given(st.fixed_dictionaries({"receipts": ROWS, "replies": ROWS}))
		def attack(content: Any) -> None:
			taken(deliver(web.url, PushService, PushService()._signed(content, now())))

		attack()

	def test_sealed_xml(self, web: Any) -> None:
		account(WeChatService)
		make.patient(wechat_openid="o-1")
		frappe.db.commit()  # reason: the server is another process

		@FUZZ
		@given(XML | HOSTILE_XML | st.text(max_size=60))
		def attack(words: str) -> None:
			moment = str(int(now().timestamp()))
			made = seal(words, wechat.APP_ID, wechat.AES_KEY)
			query = {
				"timestamp": moment,
				"nonce": "n",
				"msg_signature": wechat.sha1(wechat.TOKEN, moment, "n", made),
			}
			body = f"<xml><Encrypt>{made}</Encrypt></xml>".encode()
			taken(deliver(web.url, WeChatService, request(body, query=query, at=now())))

		attack()
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		assert "root:" not in str(frappe.get_all(LOG, fields=["patient_feedback"], order_by="name"))

	@FUZZ
	@given(
		st.sampled_from(SERVICES),
		st.binary(max_size=300),
		st.sampled_from(
			["text/plain", "text/xml; charset=gb2312", "application/x-www-form-urlencoded", "*/*;;"]
		),
		st.dictionaries(
			st.sampled_from(["key", "signature", "timestamp", "nonce", "cmd"]), st.text(max_size=20)
		),
	)
	def test_unsigned_bytes_of_any_kind(
		self, web: Any, service: Any, body: bytes, kind: str, query: dict[str, str]
	) -> None:
		frappe.cache.delete_keys("followup_callback")
		query.pop("cmd", None)
		made = request(body, query=query, at=now())
		answer = deliver(web.url, service, made, **{"content-type": kind})
		assert (answer.status_code, answer.text) == (403, "")

	@pytest.mark.parametrize("body", [b"{", b'"text"', b"\xff\xfe", b"[" * 100_000, b"nan", b"1"])
	def test_json_that_is_none_leaves_no_trace_of_what_it_was(self, body: bytes, web: Any) -> None:
		account(AliyunService)
		frappe.db.commit()  # reason: the server is another process
		made = request(body + CANARY.encode(), query={"key": aliyun.CALLBACK_KEY}, at=now())
		answer = deliver(web.url, AliyunService, made)
		assert answer.status_code in FRAPPES
		assert CANARY not in answer.text
		assert found_in_error_rows(CANARY, aliyun.CALLBACK_KEY) == []


class TestCanary:
	def test_words_and_number_stand_in_the_log_of_the_patient_and_nowhere_else(self, web: Any) -> None:
		for service in (AliyunService, TencentService):
			account(service)
		patient = make.patient(mobile=NUMBER, language="en")
		sent(patient, provider=AliyunService.name)
		frappe.db.commit()  # reason: the server is another process
		deliver(web.url, AliyunService, AliyunService().reply(NUMBER, CANARY, at=now()))
		stranger = TencentService().reply("+8613700000017", f"TD {CANARY}", at=now())
		deliver(web.url, TencentService, stranger)
		frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
		logs = frappe.get_all(
			LOG, filters={"patient": patient.name}, pluck="patient_feedback", order_by="name"
		)
		assert logs == [CANARY]
		assert frappe.db.count(RECEIPT) == 2
		for doctype in (
			RECEIPT,
			"Version",
			"Follow-up Run",
			"Notification Log",
			"Follow-up Consent",
			"Comment",
		):
			rows = str(frappe.get_all(doctype, fields=["*"], order_by="name"))
			for secret in (CANARY, "13700000017", NUMBER.removeprefix("+86")):
				assert secret not in rows, doctype
		assert found_in_error_rows(CANARY, "13700000017") == []
		assert found_in_files(CANARY, "13700000017") == []

	def test_an_error_on_the_way_is_named_by_its_kind_only(
		self, web: Any, monkeypatch: pytest.MonkeyPatch
	) -> None:
		account(PushService)
		make.patient(mobile=NUMBER)
		# A key of another site: the secrets of the account cannot be read any more.
		name = frappe.db.get_value(provider_settings.PROVIDER, PushService.name)
		auth = frappe.qb.Table("__Auth")
		frappe.qb.update(auth).set(auth.password, "broken").where(auth.name == name).run()
		frappe.db.commit()  # reason: the server is another process
		made = PushService().reply("device", CANARY, at=now())
		answer = deliver(web.url, PushService, made)
		assert (answer.status_code, answer.text) == (503, "")
		assert found_in_error_rows(CANARY) == []
		assert found_in_files(CANARY) == []


@pytest.mark.parametrize(
	("error", "kept"),
	[
		(
			f"File x, line 1, in make_form_dict\n  request = <Request '/api/method/"
			f"hospital_followup.callback_api.receive?key={CANARY}'>\njson.decoder.JSONDecodeError: {CANARY}",
			"json.decoder.JSONDecodeError (hospital_followup.callback_api)",
		),
		("in hospital_followup.page_api.open_page\nKeyError: 'x'", "KeyError (hospital_followup.page_api)"),
		("Somebody else's error\nKeyError: 'x'", "Somebody else's error\nKeyError: 'x'"),
	],
)
def test_error_rows_keep_the_kind(error: str, kept: str) -> None:
	row = frappe._dict(error=error, method=CANARY if "callback_api" in error else "x")
	guest_requests.keep_kind_only(row)
	assert row.error == kept
	assert CANARY not in str(row)
