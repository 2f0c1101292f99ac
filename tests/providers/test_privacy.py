"""No text, number, address, token or key in any log, whatever happens; and none in what a traceback would print."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from tests.providers import stubs
from tests.providers.services.callbacks import NOW, request
from tests.providers.stubs import HASTY, PATIENT, Stub, closed_port

MOODS = {
	"well": stubs.well,
	"hang up": stubs.hangs_up_after_accept,
	"dripping headers": stubs.drips_headers,
	"cut short": stubs.cuts_short,
	"another protocol": stubs.babbles,
	"redirect": stubs.says(302, b"", Location="https://example.org/canary-body"),
	"500": stubs.says(500, b"canary-body"),
	"429": stubs.says(429, b"canary-body"),
}


def canaries(stub: Stub) -> list[str]:
	message = stub.service.message()
	return [
		"canary",
		message.to,
		message.to.lstrip("+"),
		*message.variables.values(),
		*stub.service.secrets,
		message.link or "canary",
	]


@pytest.mark.parametrize("mood", MOODS)
def test_nothing_reaches_a_log(stub: Stub, mood: str, caplog: pytest.LogCaptureFixture) -> None:
	from urllib.parse import quote, quote_plus

	stub.mood = MOODS[mood]
	for name in ("", "urllib3", "requests", "hospital_followup"):
		caplog.set_level(logging.NOTSET, name or None)
	result = stub.provider(HASTY).send(stub.service.message())
	with closed_port() as url:
		refused = stub.service.provider(url, PATIENT).send(stub.service.message())
	written = caplog.text + repr(result) + repr(refused)
	leaked = [c for c in canaries(stub) if any(w in written for w in (c, quote(c), quote_plus(c)))]
	assert leaked == []


def test_what_a_traceback_would_print_names_nobody(stub: Stub) -> None:
	provider = stub.provider()
	printed = repr([stub.service.message(), provider._config, provider])
	assert [canary for canary in canaries(stub) if canary in printed] == []


def test_a_callback_prints_neither_its_words_nor_its_key(stub: Stub) -> None:
	made = request(b"canary-body", query={"key": "canary"}, headers={"x": "canary"}, at=NOW)
	assert "canary" not in repr(made)
	if hasattr(stub.service, "reply"):
		replies = stub.provider().replies(stub.service.reply("canary-sender", "canary-words"))
		assert len(replies) == 1
		assert "canary" not in repr(replies)


def test_a_service_that_repeats_our_words_as_its_code_is_not_believed(stub: Stub) -> None:
	words = "canary body 您好"
	for body in (
		f'{{"Code": "{words}", "code": "{words}", "errcode": "{words}", "accepted": false}}',
		f'{{"Response": {{"Error": {{"Code": "{words}"}}}}}}',
	):
		stub.mood = stubs.says(400, body.encode())
		result = stub.provider().send(replace(stub.service.message()))
		assert "canary" not in repr(result)
		assert result.state != "accepted"
