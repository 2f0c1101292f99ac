"""Access tokens: kept, renewed early, fetched by one at a time, and a refused one replaced once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hospital_followup.channels.tokens import EARLY_SECONDS, ProcessTokens
from tests.providers import stubs
from tests.providers.services.wechat import WeChatService, error
from tests.providers.services.wecom import WeComService
from tests.providers.stubs import HASTY, Stub, running

REFERENCE = "0123456789abcdef" * 4


@pytest.fixture(params=[WeChatService, WeComService], ids=lambda service: service.name)
def stub(request: pytest.FixtureRequest) -> Any:
	with running(request.param()) as started:
		yield started


def test_one_token_serves_many_messages(stub: Stub) -> None:
	provider = stub.provider()
	for _again in range(3):
		assert provider.send(stub.service.message()).state == "accepted"
	assert stub.service.fetched == 1


def test_threads_that_begin_together_fetch_one_token(stub: Stub) -> None:
	provider = stub.provider()
	with ThreadPoolExecutor(8) as pool:
		states = list(pool.map(lambda _n: provider.send(stub.service.message()).state, range(24)))
	assert set(states) == {"accepted"}
	assert stub.service.fetched == 1
	assert stub.service.accepted[REFERENCE] == 24


def test_a_token_that_ended_early_is_replaced_and_the_message_goes_once(stub: Stub) -> None:
	provider = stub.provider()
	provider.send(stub.service.message())
	stub.service.expire()
	assert provider.send(stub.service.message("f" * 64)).state == "accepted"
	assert stub.service.accepted["f" * 64] == 1
	assert stub.service.fetched == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_service_that_refuses_every_token_is_asked_twice_and_no_more(stub: Stub, code: int) -> None:
	stub.mood = stubs.says(200, error(code).body)
	result = stub.provider().send(stub.service.message())
	assert (result.state, result.reason) == ("retry", "credentials")
	assert len(stub.messages) == 2


def test_the_second_try_after_a_refused_token_may_be_lost(stub: Stub) -> None:
	"""The first try was refused, the second was taken and its answer lost: that is what counts."""
	tries = []

	def mood(handler: stubs.Handler, act: Any) -> None:
		tries.append(1)
		if len(tries) == 1:
			handler.say(error(42001))
		else:
			stubs.hangs_up_after_accept(handler, act)

	stub.mood = mood
	result = stub.provider().send(stub.service.message())
	assert result.state == "uncertain"
	assert stub.service.accepted[REFERENCE] == 1


@pytest.mark.parametrize(
	"mood",
	[
		stubs.silent_after_accept,
		stubs.hangs_up_after_accept,
		stubs.cuts_short,
		stubs.says(500),
		stubs.says(429),
		stubs.says(200, b"null"),
		stubs.says(200, b'{"access_token": "", "expires_in": 7200}'),
		stubs.says(200, b'{"access_token": "t", "expires_in": "long"}'),
		stubs.says(200, error(40164).body),
		stubs.says(200, error(-1).body),
	],
)
def test_without_a_token_nothing_was_sent(stub: Stub, mood: stubs.Mood) -> None:
	"""Whatever happens to the request for a token, the message stays where it is."""
	stub.mood, stub.mood_for_all = mood, True
	result = stub.provider(HASTY).send(stub.service.message())
	assert result.state == "retry", result
	assert not stub.service.accepted


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
	now = [0.0]
	tokens = ProcessTokens(lambda: now[0])
	tokens.put("a", "token", 7200)
	now[0] = 7200 - EARLY_SECONDS - 1
	assert tokens.get("a") == "token"
	now[0] += 1
	assert tokens.get("a") is None
	assert tokens.get("b") is None


def test_only_the_refused_token_is_forgotten() -> None:
	tokens = ProcessTokens()
	tokens.put("a", "new", 7200)
	tokens.drop("a", "old")
	assert tokens.get("a") == "new"
	tokens.drop("a", "new")
	assert tokens.get("a") is None


def test_a_token_good_for_seconds_only_is_used_once() -> None:
	tokens = ProcessTokens(lambda: 0.0)
	tokens.put("a", "token", 10)
	assert tokens.get("a") is None


def test_another_secret_is_another_token() -> None:
	with running(WeChatService()) as stub:
		provider = stub.provider()
		other = stub.service.intruder(stub.url, stubs.PATIENT)
		assert provider._access.key != other._access.key
		assert provider.send(stub.service.message()).state == "accepted"
		assert other.send(stub.service.message()).state == "retry"
		assert "canary" not in provider._access.key
