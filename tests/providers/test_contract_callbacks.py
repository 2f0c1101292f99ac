"""One contract for all providers that are called back: who may, and what is read from it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from hospital_followup.engine.message_ports import Reply
from tests.providers.conftest import SERVICES
from tests.providers.services import callbacks
from tests.providers.services.callbacks import NOW, later, signing_with_nothing
from tests.providers.stubs import PATIENT

CALLING = [service for service in SERVICES if hasattr(service, "receipt")]
WITH_RECEIPTS = [service for service in CALLING if service.gives_receipts]
URL = "https://service.example.org"
#: Whatever a provider checks a callback by.
CHECKED = frozenset({"callback_key", "token", "secret", "auth_token", "callback_url"})
REFERENCE, IDENTIFIER = "0123456789abcdef" * 4, "id-17"


@pytest.fixture(params=CALLING, ids=lambda service: service.name)
def calling(request: pytest.FixtureRequest) -> Any:
	return request.param()


@pytest.fixture(params=WITH_RECEIPTS, ids=lambda service: service.name)
def reporting(request: pytest.FixtureRequest) -> Any:
	return request.param()


def provider(service: Any) -> Any:
	return service.provider(URL, PATIENT)


@pytest.mark.parametrize("state", ["delivered", "failed"])
def test_a_receipt_is_the_last_word(reporting: Any, state: str) -> None:
	request = reporting.receipt(REFERENCE, IDENTIFIER, state)
	assert provider(reporting).verify(request)
	(found,) = provider(reporting).receipts(request)
	assert (found.state, found.provider_id) == (state, IDENTIFIER)
	assert found.reference in (REFERENCE, None)
	assert found.at == NOW
	assert found.code is None or " " not in found.code
	assert provider(reporting).replies(request) == ()


@pytest.mark.parametrize(
	"other", ["<img src=x onerror=alert(1)>", '"><script>', "a b", "&lt;", "编号", "i" * 300]
)
def test_what_is_no_id_is_none(reporting: Any, other: str) -> None:
	request = reporting.receipt(other, other)
	assert provider(reporting).verify(request)
	assert provider(reporting).receipts(request) == ()


def test_a_receipt_twice_says_the_same_twice(reporting: Any) -> None:
	first = provider(reporting).receipts(reporting.receipt(REFERENCE, IDENTIFIER))
	again = provider(reporting).receipts(reporting.receipt(REFERENCE, IDENTIFIER))
	assert first == again


def test_what_is_under_way_is_no_last_word_even_when_it_comes_late(reporting: Any) -> None:
	request = reporting.under_way(REFERENCE, IDENTIFIER)
	if request is None:
		assert reporting.name in ("aliyun_sms", "tencent_sms")
		return
	assert provider(reporting).verify(request)
	assert provider(reporting).receipts(request) == ()


def test_a_reply_brings_sender_and_words(calling: Any) -> None:
	request = calling.reply("+8613800138000", "退订 TD\nthanks")
	assert provider(calling).verify(request)
	(found,) = provider(calling).replies(request)
	assert isinstance(found, Reply)
	assert (found.from_address, found.text, found.kind) == ("+8613800138000", "退订 TD\nthanks", "text")
	assert found.at == NOW
	assert provider(calling).receipts(request) == ()


def test_the_same_reply_twice_has_the_same_id(calling: Any) -> None:
	request = calling.reply("+8613800138000", "STOP")
	assert provider(calling).replies(request) == provider(calling).replies(request)


def test_the_service_hears_what_it_expects(calling: Any) -> None:
	answer = provider(calling).answer(calling.reply("+8613800138000", "hello"))
	assert answer.status == 200
	expected = {
		"aliyun_sms": '{"code":0,"msg":"OK"}',
		"tencent_sms": '{"result":0,"errmsg":"OK"}',
		"twilio_sms": '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
		"push_webhook": '{"ok":true}',
		"wechat_official": "success",
		"wecom": "",
	}
	assert answer.body == expected[calling.name]


def test_forgeries_do_not_pass(calling: Any) -> None:
	for request in (calling.receipt(REFERENCE, IDENTIFIER), calling.reply("+8613800138000", "STOP")):
		passed = [f.what for f in calling.forgeries(request) if provider(calling).verify(f.request)]
		assert passed == []


@pytest.mark.parametrize("make", SERVICES, ids=lambda service: service.name)
def test_no_secret_no_callback(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Whatever the protocol makes of an empty key: who signs with it, or leaves it out, is nobody."""
	service = make()
	asked = [
		callbacks.request(b"[]", method=method, query=query)
		for method in ("GET", "POST")
		for query in ({}, {"key": ""})
	]
	asked += made_by(service)
	signing_with_nothing(service, monkeypatch)
	asked += made_by(service)
	kept = provider(service)._config
	secrets = {field.name for field in fields(kept) if not field.repr and field.type == "str"}
	alone = [{field.name} for field in fields(kept) if field.name in CHECKED]
	for names in (secrets, *alone):
		bare = provider(service)
		bare._config = replace(kept, **dict.fromkeys(names, ""))
		assert [made for made in asked if bare.verify(made)] == [], names


def made_by(service: Any) -> list[Any]:
	if service.__class__ not in CALLING:
		return []
	return [service.receipt(REFERENCE, IDENTIFIER), service.reply("+8613800138000", "STOP")]


@pytest.mark.parametrize("way", [1, -1])
def test_a_replay_is_too_old_where_the_protocol_has_a_time(calling: Any, way: int) -> None:
	request = later(calling.receipt(REFERENCE, IDENTIFIER), seconds=way * 301)
	assert provider(calling).verify(request) is not calling.signs_the_time


def test_a_clock_a_little_off_is_no_replay(calling: Any) -> None:
	for seconds in (-299, 299):
		assert provider(calling).verify(later(calling.receipt(REFERENCE, IDENTIFIER), seconds=seconds))


def test_a_time_of_the_report_is_its_own(reporting: Any) -> None:
	early = NOW - timedelta(seconds=30)
	(found,) = provider(reporting).receipts(reporting.receipt(REFERENCE, IDENTIFIER, at=early))
	assert found.at == early
