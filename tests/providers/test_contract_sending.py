"""One contract for all providers: what `send` and `ask` may say, whatever mood the service is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from hospital_followup.channels.outgoing import Limits
from hospital_followup.engine.message_ports import MessageProvider
from hospital_followup.engine.model import CHANNELS
from tests.providers import stubs
from tests.providers.conftest import SERVICES
from tests.providers.stubs import (
	HASTY,
	PATIENT,
	SOON_OVER,
	SOON_SILENT,
	Mood,
	Service,
	Stub,
	closed_port,
	full_port,
	running,
)

REFERENCE = "0123456789abcdef" * 4
HTML = b"<html><body>We'll be back soon</body></html>"
JSON_ODDITIES = [b"", b"null", b"[]", b"{}", b'"OK"', b"123", b'{"Code":', b"[" * 5000, b"\xff\xfe\x00", HTML]
ANSWERS = [
	pytest.param(service, answer, id=f"{service.name}-{number}")
	for service in SERVICES
	for number, answer in enumerate(service.answers)
]


def test_it_fills_the_port(stub: Stub) -> None:
	provider = stub.provider()
	assert isinstance(provider, MessageProvider)
	assert provider.channel in CHANNELS
	assert provider.name == stub.service.name
	assert provider.configured() is None


def test_a_message_is_accepted_once_and_carries_our_reference(stub: Stub) -> None:
	result = stub.provider().send(stub.service.message())
	assert result.state == "accepted", result
	assert stub.service.accepted == {REFERENCE: 1}
	assert result.provider_id or stub.service.name == "frappe_sms"
	assert len(stub.messages) == 1


def test_a_wrong_key_is_no_message_and_may_be_put_right(stub: Stub) -> None:
	intruder = stub.service.intruder(stub.url, PATIENT)
	assert intruder
	result = intruder.send(stub.service.message())
	assert (result.state, result.reason) in {("retry", "credentials"), ("retry", "misconfigured")}
	assert not stub.service.accepted


@pytest.mark.parametrize(("make", "said"), ANSWERS)
def test_every_documented_answer_means_what_the_table_says(make: type[Service], said: tuple) -> None:
	answer, state, reason = said
	with running(make()) as stub:
		stub.mood = stubs.says(answer.status, answer.body)
		result = stub.provider().send(stub.service.message())
	assert (result.state, result.reason) == (state, reason), result
	assert result.code is None or " " not in result.code


# --- Nothing was sent -------------------------------------------------------------------------------------------------


def test_nobody_listens(service: Service) -> None:
	with closed_port() as url:
		result = service.provider(url, PATIENT).send(service.message())
	assert (result.state, result.reason) == ("retry", "unreachable")
	assert result.code == "connection_refused"


def test_nobody_answers_the_door(service: Service) -> None:
	with full_port() as url:
		result = service.provider(url, HASTY).send(service.message())
	assert (result.state, result.code) == ("retry", "connect_timeout")


def test_the_name_is_unknown(service: Service) -> None:
	result = service.provider(f"http://{'x' * 64}.invalid", PATIENT).send(service.message())
	assert (result.state, result.code) == ("retry", "unknown_host")


def test_plain_http_needs_an_administrators_word(stub: Stub) -> None:
	provider = stub.provider(replace(PATIENT, allow_private=False))
	assert provider.configured() == "endpoint_not_https"
	result = provider.send(stub.service.message())
	assert (result.state, result.reason) == ("retry", "misconfigured")
	assert stub.seen == []


def test_an_address_of_the_house_needs_an_administrators_word(stub: Stub) -> None:
	url = stub.url.replace("http://", "https://")
	result = stub.service.provider(url, replace(PATIENT, allow_private=False)).send(stub.service.message())
	assert (result.state, result.code) == ("retry", "private_address")
	assert stub.seen == []


# --- The service may have it ------------------------------------------------------------------------------------------

# Only the limit in question is a short one: on a busy machine another must not be the first to end the exchange.
AFTER_ACCEPT = {
	"silence": (stubs.silent_after_accept, "read_timeout", SOON_SILENT),
	"hang up": (stubs.hangs_up_after_accept, "connection_lost", PATIENT),
	"dripping headers": (stubs.drips_headers, "total_timeout", SOON_OVER),
	"dripping body": (stubs.drips_body, "total_timeout", SOON_OVER),
	"half an answer": (stubs.cuts_short, None, PATIENT),
	"huge answer": (stubs.talks_too_much, "answer_too_large", PATIENT),
	"another protocol": (stubs.babbles, "connection_lost", PATIENT),
}


@pytest.mark.parametrize("what", AFTER_ACCEPT)
def test_an_answer_that_was_lost_is_uncertain_and_nothing_is_sent_again(stub: Stub, what: str) -> None:
	mood, code, limits = AFTER_ACCEPT[what]
	provider = stub.provider(limits)
	assert stub.provider(PATIENT).send(stub.service.message()).state == "accepted", "it has its token now"
	stub.service.accepted.clear()
	stub.seen.clear()
	stub.mood = mood
	result = provider.send(stub.service.message())
	assert (result.state, result.reason) == ("uncertain", "no_answer"), result
	if code:
		assert result.code == code
	assert stub.service.accepted == {REFERENCE: 1}
	assert len(stub.messages) == 1


@pytest.mark.parametrize("body", JSON_ODDITIES, ids=range(len(JSON_ODDITIES)))
@pytest.mark.parametrize("status", [200, 500, 503])
def test_an_answer_that_says_nothing_is_uncertain(stub: Stub, status: int, body: bytes) -> None:
	stub.mood = stubs.takes_and_says(status, body)
	result = stub.provider().send(stub.service.message())
	assert result.state == "uncertain", result
	assert len(stub.messages) == 1


def test_an_answer_packed_to_burst_is_not_unpacked(stub: Stub) -> None:
	stub.mood = stubs.zips_a_bomb
	assert stub.provider().send(stub.service.message()).state == "uncertain"


# --- The service does not have it -------------------------------------------------------------------------------------


def test_too_many_requests_and_how_long_to_wait(stub: Stub) -> None:
	stub.mood = stubs.says(429, HTML, Retry_After="7")
	result = stub.provider().send(stub.service.message())
	assert (result.state, result.reason, result.retry_after) == ("retry", "rate_limit", 7)


@pytest.mark.parametrize("given", ["Wed, 21 Oct 2026 07:28:00 GMT", "-3", "1e9", "99999999999999999999", "٣"])
def test_a_waiting_time_that_cannot_be_meant_is_not_taken(stub: Stub, given: str) -> None:
	stub.mood = stubs.says(429, b"", Retry_After=given.encode().decode("latin-1"))
	result = stub.provider().send(stub.service.message())
	assert result.state == "retry"
	assert result.retry_after is not None and 0 < result.retry_after <= 86400


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 413, 418])
def test_refused_by_something_in_between(stub: Stub, status: int) -> None:
	stub.mood = stubs.says(status, HTML)
	result = stub.provider().send(stub.service.message())
	assert (result.state, result.reason) == ("retry", "misconfigured")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(stub: Stub, service: Service, status: int) -> None:
	with running(type(service)()) as elsewhere:
		stub.mood = stubs.says(status, HTML, Location=f"{elsewhere.url}/")
		result = stub.provider().send(stub.service.message())
		assert result.state in ("retry", "uncertain")
		assert elsewhere.seen == []
	assert len(stub.messages) == 1


# --- Asking later -----------------------------------------------------------------------------------------------------

ASKABLE = ("aliyun_sms", "tencent_sms", "twilio_sms")
ONLY_BY_ITS_OWN_ID = ("twilio_sms",)


def moods() -> dict[str, Mood]:
	return {
		"500": stubs.says(500, HTML),
		"429": stubs.says(429, b""),
		"null": stubs.says(200, b"null"),
		"silence": stubs.silent_after_accept,
		"hang up": stubs.hangs_up_after_accept,
	}


def asked(stub: Stub, provider_id: str | None, limits: Limits = PATIENT) -> Any:
	message = stub.service.message()
	now = datetime.now(timezone.utc)
	return stub.provider(limits).ask(message.reference, provider_id, now, message.to)


@pytest.mark.parametrize("state", ["delivered", "failed"])
@pytest.mark.parametrize("with_id", [True, False])
def test_a_lost_message_is_found_again(stub: Stub, state: str, with_id: bool) -> None:
	sent = stub.provider().send(stub.service.message())
	provider_id = sent.provider_id if with_id else None
	before = asked(stub, provider_id)
	if stub.service.name not in ASKABLE or (not with_id and stub.service.name in ONLY_BY_ITS_OWN_ID):
		assert before is None
		return
	assert before.state == "accepted" or before.reason == "not_found"
	stub.service.settle(REFERENCE, state)
	after = asked(stub, provider_id)
	assert (after.state, after.reference) == (state, REFERENCE)
	assert stub.service.accepted == {REFERENCE: 1}


@pytest.mark.parametrize("with_id", [True, False])
def test_a_message_is_not_taken_for_another_one_to_the_same_number(stub: Stub, with_id: bool) -> None:
	first = stub.provider().send(stub.service.message("f" * 64))
	sent = stub.provider().send(stub.service.message())
	if stub.service.name not in ASKABLE:
		assert asked(stub, sent.provider_id) is None
		return
	stub.service.settle("f" * 64, "delivered")
	assert first.provider_id != sent.provider_id
	found = asked(stub, sent.provider_id if with_id else None)
	assert found is None or found.state in ("accepted", "uncertain")


def test_a_message_the_service_does_not_know_is_no_permission_to_send_again(stub: Stub) -> None:
	found = asked(stub, "SMnever")
	assert found is None or found.state == "uncertain"


@pytest.mark.parametrize("mood", moods())
def test_asking_a_service_in_a_bad_mood_tells_nothing(stub: Stub, mood: str) -> None:
	stub.mood, stub.mood_for_all = moods()[mood], True
	stub.service.carries_message = lambda _seen: True  # type: ignore[method-assign]
	found = asked(stub, "SMany", HASTY)
	assert found is None or found.state == "uncertain"
