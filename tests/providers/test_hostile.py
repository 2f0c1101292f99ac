"""Callbacks and answers that nobody who is sane would send: nothing raises, and nothing is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hospital_followup.engine.message_ports import CallbackAnswer, Delivery, Reply, SendResult
from tests.providers import stubs
from tests.providers.conftest import SERVICES
from tests.providers.services.callbacks import NOW, request
from tests.providers.stubs import PATIENT, running

NAMES = [
	"key",
	"signature",
	"msg_signature",
	"timestamp",
	"nonce",
	"echostr",
	"encrypt_type",
	"reference",
	"phone_number",
	"success",
	"biz_id",
	"out_id",
	"err_code",
	"report_time",
	"content",
	"send_time",
	"sequence_id",
	"mobile",
	"nationcode",
	"text",
	"time",
	"sid",
	"report_status",
	"errmsg",
	"user_receive_time",
	"receipts",
	"replies",
	"id",
	"from",
	"state",
	"code",
	"at",
	"MessageSid",
	"MessageStatus",
	"ErrorCode",
	"From",
	"Body",
	"OptOutType",
]
XML_NAMES = [
	"MsgType",
	"Event",
	"MsgID",
	"Status",
	"CreateTime",
	"FromUserName",
	"Content",
	"MsgId",
	"Encrypt",
	"ToUserName",
]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ROWS = st.dictionaries(st.sampled_from(NAMES), PLAIN | st.lists(PLAIN, max_size=3), max_size=8)
NESTED = st.dictionaries(st.sampled_from(["receipts", "replies"]), st.lists(ROWS | PLAIN, max_size=3) | PLAIN)
WORDS = st.sampled_from(
	["event", "text", "subscribe", "unsubscribe", "TEMPLATESENDJOBFINISH", "success", "failed"]
)


def as_xml(fields: dict[str, str]) -> bytes:
	inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
	return f"<xml>{inner}</xml>".encode(errors="replace")


BODIES = st.one_of(
	st.binary(max_size=200),
	(st.lists(ROWS, max_size=3) | ROWS | NESTED | PLAIN).map(lambda value: json.dumps(value).encode()),
	st.dictionaries(st.sampled_from(XML_NAMES), st.text(max_size=20) | WORDS, max_size=8).map(as_xml),
)
PAIRS = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40), max_size=5)
HEADERS = st.dictionaries(
	st.sampled_from(["x-twilio-signature", "x-followup-signature", "x-followup-timestamp"]),
	st.text(max_size=40),
)


@pytest.mark.parametrize("make", SERVICES, ids=lambda service: service.name)
@given(body=BODIES, query=PAIRS, headers=HEADERS, method=st.sampled_from(["GET", "POST", "PUT", ""]))
@settings(max_examples=120)
def test_any_callback(make: Any, body: bytes, query: dict, headers: dict, method: str) -> None:
	provider = make().provider("https://service.example.org", PATIENT)
	asked = request(body, method=method, query=query, headers=headers)
	assert provider.verify(asked) is False
	for found in provider.receipts(asked):
		assert isinstance(found, Delivery)
		assert found.state in ("delivered", "failed")
		assert found.provider_id or found.reference
		assert found.at.tzinfo is not None
		assert found.code is None or found.code.isascii()
	for found in provider.replies(asked):
		assert isinstance(found, Reply)
		assert found.from_address and found.at.tzinfo is not None
		assert len(found.text) <= 2000
	assert isinstance(provider.answer(asked), CallbackAnswer)


ANSWERS = st.one_of(
	st.binary(max_size=120),
	st.recursive(
		PLAIN,
		lambda inner: (
			st.lists(inner, max_size=3)
			| st.dictionaries(
				st.sampled_from(
					["Code", "code", "BizId", "Response", "Error", "SendStatusSet", "SerialNo", "sid"]
				)
				| st.sampled_from(
					["status", "errcode", "msgid", "access_token", "expires_in", "accepted", "id"]
				),
				inner,
				max_size=5,
			)
		),
		max_leaves=8,
	).map(lambda value: json.dumps(value).encode()),
)
#: What a service would have to say to be believed.
YES = {
	"aliyun_sms": lambda said: said.get("Code") == "OK" and said.get("BizId"),
	"tencent_sms": lambda said: '"Ok"' in json.dumps(said),
	"twilio_sms": lambda said: said.get("sid"),
	"frappe_sms": lambda said: False,
	"push_webhook": lambda said: said.get("accepted") is True,
	"wechat_official": lambda said: said.get("errcode") == 0 and said.get("msgid"),
	"wecom": lambda said: said.get("errcode") == 0 and said.get("msgid"),
}


@pytest.mark.parametrize("make", SERVICES, ids=lambda service: service.name)
def test_any_answer(make: Any) -> None:
	with running(make()) as stub:
		provider = stub.provider()

		@given(body=ANSWERS, status=st.sampled_from([200, 201, 204, 302, 400, 404, 409, 429, 500, 503]))
		@settings(max_examples=60, suppress_health_check=list(HealthCheck))
		def answered(body: bytes, status: int) -> None:
			stub.mood = stubs.says(status, b"" if status == 204 else body)
			before = len(stub.messages)
			result = provider.send(stub.service.message())
			assert isinstance(result, SendResult)
			assert len(stub.messages) - before in (1, 2)  # twice when a token was refused
			if result.state == "accepted":
				said = json.loads(body) if status != 409 else {}
				assert status == 409 or YES[make.name](said)
			if status == 429:
				assert result.state in ("retry", "refused")
			if status in (500, 503) and result.state in ("retry", "refused"):
				assert result.code and not result.code.startswith("http_")

		answered()


MARKUP = "<img src=x onerror=alert(1)>"
#: Every answer in one: each service's word for "taken", with markup for an id.
TAKEN = {
	"Code": "OK",
	"BizId": MARKUP,
	"sid": MARKUP,
	"status": "queued",
	"errcode": 0,
	"msgid": MARKUP,
	"accepted": True,
	"id": MARKUP,
	"access_token": "token-canary-0",
	"expires_in": 7200,
	"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": MARKUP}]},
}


@pytest.mark.parametrize("make", SERVICES, ids=lambda service: service.name)
def test_an_id_with_markup_is_none(make: Any) -> None:
	with running(make()) as stub:
		stub.mood = stubs.says(200, json.dumps(TAKEN).encode())
		result = stub.provider().send(stub.service.message())
		assert result.state in ("accepted", "uncertain")
		assert result.provider_id is None


ANY_TEXT = st.text(st.characters(), max_size=60)  # also what no encoding can hold
HALF = "half \ud83d"


@pytest.mark.parametrize("make", SERVICES, ids=lambda service: service.name)
def test_any_message(make: Any) -> None:
	"""Whatever people write, a provider answers, and what it cannot send it refuses."""
	with running(make()) as stub:
		provider = stub.provider()
		stub.mood = stubs.says(500)

		@given(
			to=ANY_TEXT, body=ANY_TEXT, link=st.none() | ANY_TEXT, values=st.dictionaries(ANY_TEXT, ANY_TEXT)
		)
		@settings(max_examples=40, suppress_health_check=list(HealthCheck))
		@example(to="+8613800138000", body=HALF, link=HALF, values={HALF: HALF})
		@example(to=HALF, body="whole", link=None, values={})
		def answered(to: str, body: str, link: str | None, values: dict[str, str]) -> None:
			made = replace(
				stub.service.message(), to=to, body=body, subject=body, link=link, variables=values
			)
			assert provider.send(made).state in ("uncertain", "refused")
			found = provider.ask(made.reference, None, NOW, to)
			assert found is None or found.state == "uncertain"

		answered()


@pytest.mark.parametrize("make", [s for s in SERVICES if hasattr(s, "receipt")], ids=lambda s: s.name)
@given(
	place=st.integers(0, 10_000), bit=st.integers(0, 7), part=st.sampled_from(["body", "query", "headers"])
)
@settings(max_examples=150)
def test_one_flipped_bit_in_what_is_signed_does_not_pass(make: Any, place: int, bit: int, part: str) -> None:
	service = make()
	made = service.receipt("ab" * 32, "id-17")
	provider = service.provider("https://service.example.org", PATIENT)
	assert provider.verify(made)
	unsigned_body = make.name in ("aliyun_sms", "tencent_sms")
	if part == "body":
		if unsigned_body:
			return
		flipped = bytearray(made.body)
		flipped[place % len(flipped)] ^= 1 << bit
		changed = request(bytes(flipped), query=made.query, headers=made.headers)
		# What is sealed is one element of the body; the rest of it is not read.
		if provider.verify(changed):
			assert provider.receipts(changed) == provider.receipts(made)
		return
	values = made.query if part == "query" else made.headers
	checked = [name for name in values if name not in ("signature", "encrypt_type", "provider")]
	if not checked:
		return
	name = checked[place % len(checked)]
	word = bytearray(values[name].encode())
	word[place % len(word)] ^= 1 << (bit % 7)
	altered = {**values, name: word.decode("latin-1")}
	changed = request(
		made.body,
		query=altered if part == "query" else made.query,
		headers=altered if part == "headers" else made.headers,
	)
	assert not provider.verify(changed)
