"""WeCom: tokens, messages of an application, encrypted callbacks."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.wecom import WeCom, WeComConfig
from hospital_followup.channels.tokens import ProcessTokens
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_query
from tests.providers.services.sealing import seal
from tests.providers.services.wechat import sha1, xml
from tests.providers.stubs import Said, Seen

CORP_ID, CORP_SECRET = "wx5823bf96d3bd56c7", "wecom-secret-canary"
TOKEN, AES_KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def error(code: int, status: int = 200, **more: str) -> Said:
	return Said(json.dumps({"errcode": code, "errmsg": "text with user-canary", **more}).encode(), status)


class WeComService:
	name = "wecom"
	gives_receipts = False
	signs_the_time = True
	secrets = (CORP_SECRET, AES_KEY)
	answers: ClassVar = [
		(error(81013), "refused", "bad_address"),
		(error(0, invaliduser="user-canary", msgid="m"), "refused", "bad_address"),
		(error(0, unlicenseduser="User-Canary", msgid="m"), "retry", "account"),
		(error(60011), "refused", "not_allowed"),
		(error(45009), "retry", "rate_limit"),
		(error(40014), "retry", "credentials"),
		(error(99999), "retry", "unknown_code"),
		(error(-1), "uncertain", "service_error"),
		(error(0), "uncertain", "unreadable"),
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.valid = "token-canary-0"
		self.fetched = 0

	def provider(self, url: str, limits: Limits, secret: str = CORP_SECRET) -> WeCom:
		config = WeComConfig(CORP_ID, secret, "1000002", TOKEN, AES_KEY, endpoint=url, limits=limits)
		return WeCom(config, ProcessTokens())

	def intruder(self, url: str, limits: Limits) -> WeCom:
		return self.provider(url, limits, "wrong")

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(reference, "User-Canary", f"canary-body {reference}")

	def carries_message(self, seen: Seen) -> bool:
		return seen.path == "/cgi-bin/message/send"

	def handle(self, seen: Seen) -> Said:
		if seen.path == "/cgi-bin/gettoken":
			self.fetched += 1
			if seen.query != {"corpid": CORP_ID, "corpsecret": CORP_SECRET}:
				return error(40001)
			return Said(
				json.dumps(
					{"errcode": 0, "errmsg": "ok", "access_token": self.valid, "expires_in": 7200}
				).encode()
			)
		if seen.query.get("access_token") != self.valid:
			return error(42001)
		asked = json.loads(seen.body)
		if asked["agentid"] != 1000002 or asked["msgtype"] != "text":
			return error(40008)
		self.accepted[asked["text"]["content"].split()[1]] += 1
		return error(0, msgid="wecom-msg-1", invaliduser="")

	def expire(self) -> None:
		self.valid = f"token-canary-{int(self.valid.rpartition('-')[2]) + 1}"

	def receipt(
		self, _reference: str, _provider_id: str, _state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		return self.sealed({"MsgType": "event", "Event": "enter_agent"}, at)

	def under_way(self, _reference: str, _provider_id: str) -> CallbackRequest | None:
		return None

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest:
		return self.sealed({"FromUserName": sender, "MsgType": "text", "Content": words, "MsgId": "236"}, at)

	def sealed(self, fields: dict[str, str], at: datetime = NOW) -> CallbackRequest:
		made = self.seal(xml(fields, at))
		body = f"<xml><ToUserName>{CORP_ID}</ToUserName><Encrypt><![CDATA[{made}]]></Encrypt></xml>"
		return request(body.encode(), query=self.query(made, at), at=at)

	def seal(self, words: str, receiver: str = CORP_ID) -> str:
		return seal(words, receiver, AES_KEY)

	def query(self, sealed: str, at: datetime = NOW) -> dict[str, str]:
		moment, nonce = str(int(at.timestamp())), "263014780"
		return {
			"msg_signature": sha1(TOKEN, moment, nonce, sealed),
			"timestamp": moment,
			"nonce": nonce,
		}

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		foreign = self.seal("<xml><A>1</A></xml>", "wxOtherCorp")
		to_another = request(
			f"<xml><Encrypt>{foreign}</Encrypt></xml>".encode(),
			query=self.query(foreign),
			at=made.received_at,
		)
		return [
			Forgery("no signature", with_query(made, msg_signature="")),
			Forgery("another time", with_query(made, timestamp=str(int(made.query["timestamp"]) + 1))),
			Forgery("another sealed part", replace(made, body=made.body.replace(b"CDATA[", b"CDATA[A"))),
			Forgery("nothing sealed", replace(made, body=b"<xml></xml>")),
			Forgery("sealed for another company", to_another),
			Forgery("as a PUT", replace(made, method="PUT")),
		]
