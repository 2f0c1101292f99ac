"""What one service does and the others do not."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from hospital_followup.channels.providers.frappe_sms import FrappeSms, FrappeSmsConfig, config_of
from hospital_followup.channels.providers.tencent_sms import in_order
from hospital_followup.channels.providers.wechat_official import WeChatOfficial, WeChatOfficialConfig
from tests.providers import stubs
from tests.providers.services.aliyun import AliyunService
from tests.providers.services.callbacks import NOW, request, with_query
from tests.providers.services.gateway import GatewayService
from tests.providers.services.tencent import TencentService
from tests.providers.services.twilio import CALLBACK, TOKEN, TwilioService
from tests.providers.services.wechat import WeChatService, sha1, xml
from tests.providers.services.wecom import CORP_ID, WeComService
from tests.providers.stubs import PATIENT, running

URL = "https://service.example.org"


# --- Chinese SMS ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [AliyunService, TencentService, WeChatService])
def test_without_an_approved_template_nothing_is_sent(make: Any) -> None:
	with running(make()) as stub:
		result = stub.provider().send(replace(stub.service.message(), template=None))
		assert (result.state, result.reason) == ("refused", "template")
		assert stub.seen == []


def test_tencents_variables_go_by_their_numbers_and_others_as_they_come() -> None:
	assert in_order({"2": "b", "10": "j", "1": "a"}) == ["a", "b", "j"]
	assert in_order({"name": "b", "1": "a"}) == ["b", "a"]
	assert in_order({}) == []


def test_aliyuns_receipt_of_a_dead_number_says_so() -> None:
	service = AliyunService()
	(found,) = service.provider(URL, PATIENT).receipts(service.receipt("r", "b", "failed"))
	assert (found.code, found.dead_number, found.opted_out) == ("MOBILE_NOT_ON_SERVICE", True, False)


@pytest.mark.parametrize("make", [AliyunService, TencentService])
def test_a_thousand_receipts_in_one_request(make: Any) -> None:
	service = make()
	made = service.receipt("r", "b")
	(row,) = json.loads(made.body)
	many = replace(made, body=json.dumps([row] * 1000).encode())
	assert len(service.provider(URL, PATIENT).receipts(many)) == 1000


# --- Twilio -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("said", "kind"), [("STOP", "unsubscribed"), ("START", "subscribed"), ("HELP", "text")]
)
def test_twilio_tells_who_opted_out(said: str, kind: str) -> None:
	service = TwilioService()
	made = service.reply("+8613800138000", said, OptOutType=said)
	assert service.provider(URL, PATIENT).verify(made)
	(found,) = service.provider(URL, PATIENT).replies(made)
	assert found.kind == kind


def test_twilio_may_sign_with_the_port() -> None:
	from twilio.request_validator import RequestValidator

	service = TwilioService()
	made = service.reply("+8613800138000", "hello")
	url = CALLBACK.replace("example.org", "example.org:443")
	fields = dict(pair.split("=") for pair in made.body.decode().split("&"))
	fields = {name: value.replace("%2B", "+") for name, value in fields.items()}
	signed = RequestValidator(TOKEN).compute_signature(url, fields)
	assert service.provider(URL, PATIENT).verify(replace(made, headers={"x-twilio-signature": signed}))


def test_a_receipt_finds_its_message_even_when_the_answer_was_lost() -> None:
	service = TwilioService()
	(found,) = service.provider(URL, PATIENT).receipts(service.receipt("ab" * 32, "SMunknown"))
	assert found.reference == "ab" * 32


# --- Any gateway ------------------------------------------------------------------------------------------------------


def settings(url: str, **more: Any) -> Any:
	"""Frappe's SMS Settings."""
	rows = [("password", "gateway-password-canary", 0), ("X-Client", "stub", 1), *more.pop("rows", [])]
	return SimpleNamespace(
		sms_gateway_url=f" {url}/send?account=9\n",
		message_parameter="text",
		receiver_parameter="to",
		use_post=more.get("use_post", 0),
		parameters=[SimpleNamespace(parameter=p, value=v, header=h) for p, v, h in rows],
	)


@pytest.mark.parametrize("use_post", [0, 1])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_gateway_is_asked_the_way_frappe_asks_it(use_post: int, as_json: bool) -> None:
	rows = [("Content-Type", "application/json", 1)] if as_json else []
	with running(GatewayService()) as stub:
		config = config_of(settings(stub.url, use_post=use_post, rows=rows), limits=PATIENT)
		stub.mood = stubs.says(200, b"anything")
		assert FrappeSms(config).send(stub.service.message()).state == "accepted"
		(seen,) = stub.seen
	words = stub.service.message().body
	assert seen.method == ("POST" if use_post else "GET")
	assert seen.headers["x-client"] == "stub"
	assert seen.query["account"] == "9"
	if as_json:
		assert json.loads(seen.body) == {
			"password": "gateway-password-canary",
			"text": words,
			"to": "+8613800138000",
		}
	elif use_post:
		assert b"password=gateway-password-canary" in seen.body and "password" not in seen.query
	else:
		assert seen.query["text"] == words and seen.body == b""


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_gateway_of_which_nothing_is_known_accepts_with_its_status(status: int) -> None:
	with running(GatewayService()) as stub:
		stub.mood = stubs.says(status, b"" if status == 204 else b"ERROR 17: whatever")
		assert (
			FrappeSms(config_of(settings(stub.url), limits=PATIENT)).send(stub.service.message()).state
			== "accepted"
		)


@pytest.mark.parametrize(
	("config", "missing"),
	[
		(FrappeSmsConfig("", "text", "to"), "gateway_url_missing"),
		(FrappeSmsConfig("https://g.example", "", "to"), "parameter_names_missing"),
		(FrappeSmsConfig("http://g.example", "text", "to"), "endpoint_not_https"),
		(FrappeSmsConfig("https://g.example", "text", "to"), None),
	],
)
def test_what_a_gateway_lacks(config: FrappeSmsConfig, missing: str | None) -> None:
	assert FrappeSms(config).configured() == missing


# --- WeChat -----------------------------------------------------------------------------------------------------------


def test_wechat_checks_our_address() -> None:
	provider = WeChatService().provider(URL, PATIENT)
	moment = str(int(NOW.timestamp()))
	query = {
		"signature": sha1("wechat-token-canary", moment, "1"),
		"timestamp": moment,
		"nonce": "1",
		"echostr": "4375120948345356249",
	}
	asked = request(method="GET", query=query)
	assert provider.verify(asked)
	assert provider.answer(asked).body == "4375120948345356249"
	assert provider.replies(asked) == () and provider.receipts(asked) == ()
	assert not provider.verify(with_query(asked, signature=sha1("guess", moment, "1")))


def test_an_echo_is_no_page_of_ours() -> None:
	"""What is echoed is plain text, whatever it says."""
	provider = WeChatService().provider(URL, PATIENT)
	answer = provider.answer(request(method="GET", query={"echostr": "<script>alert(1)</script>"}))
	assert answer.content_type.startswith("text/plain")


def test_wecom_checks_our_address_with_a_sealed_word() -> None:
	service = WeComService()
	sealed = service.seal("1616140317555161061")
	asked = request(method="GET", query={**service.query(sealed), "echostr": sealed})
	provider = service.provider(URL, PATIENT)
	assert provider.verify(asked)
	assert provider.answer(asked).body == "1616140317555161061"
	foreign = service.seal("1616140317555161061", f"{CORP_ID}x")
	assert not provider.verify(request(method="GET", query={**service.query(foreign), "echostr": foreign}))


@pytest.mark.parametrize("make", [WeChatService, WeComService])
@pytest.mark.parametrize(("event", "kind"), [("subscribe", "subscribed"), ("unsubscribe", "unsubscribed")])
def test_who_follows_and_who_leaves(make: Any, event: str, kind: str) -> None:
	service = make()
	made = service.sealed({"FromUserName": "o-canary", "MsgType": "event", "Event": event})
	provider = service.provider(URL, PATIENT)
	assert provider.verify(made)
	(found,) = provider.replies(made)
	assert (found.kind, found.from_address, found.at) == (kind, "o-canary", NOW)
	assert found.provider_id == f"o-canary:{int(NOW.timestamp())}"


def test_an_account_in_plain_mode_reads_plain_messages() -> None:
	service = WeChatService()
	provider = WeChatOfficial(WeChatOfficialConfig("wxStub", "s", "wechat-token-canary"))
	moment = str(int(NOW.timestamp()))
	query = {"signature": sha1("wechat-token-canary", moment, "1"), "timestamp": moment, "nonce": "1"}
	body = xml({"MsgType": "text", "Content": "您好", "MsgId": "7"}, NOW).encode()
	made = request(body, query=query)
	assert provider.verify(made)
	assert [found.text for found in provider.replies(made)] == ["您好"]
	assert not service.provider(URL, PATIENT).verify(made)


@pytest.mark.parametrize(
	("status", "code", "refused"),
	[
		("failed:user block", "user_block", True),
		("failed: system failed", "system_failed", False),
		("failed:something new", "failed", False),
	],
)
def test_why_a_template_message_did_not_arrive(status: str, code: str, refused: bool) -> None:
	service = WeChatService()
	event = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "7", "Status": status}
	(found,) = service.provider(URL, PATIENT).receipts(service.sealed(event))
	assert (found.state, found.code, found.opted_out) == ("failed", code, refused)
	assert not found.dead_number


def test_a_subscription_notice_goes_its_own_way() -> None:
	with running(WeChatService()) as stub:
		config = WeChatOfficialConfig(
			"wxStub", "wechat-secret-canary", kind="subscription", endpoint=stub.url, limits=PATIENT
		)
		stub.mood = stubs.says(200, b'{"errcode": 0, "errmsg": "ok"}')
		from hospital_followup.channels.tokens import ProcessTokens

		result = WeChatOfficial(config, ProcessTokens()).send(stub.service.message())
		(seen,) = stub.messages
	assert result.state == "accepted"
	assert seen.path == "/cgi-bin/message/subscribe/bizsend"
	assert json.loads(seen.body)["page"] == "https://h.example/p/1"


@pytest.mark.parametrize("make", [WeChatService, WeComService])
def test_a_broken_key_is_found_before_the_first_message(make: Any) -> None:
	provider = make().provider(URL, PATIENT)
	provider._config = replace(provider._config, aes_key="short")
	assert provider.configured() == "aes_key_unusable"
