"""A WeChat service account: tokens, template messages, encrypted callbacks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.wechat_official import WeChatOfficial, WeChatOfficialConfig
from hospital_followup.channels.tokens import ProcessTokens
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_query
from tests.providers.services.sealing import seal
from tests.providers.stubs import Said, Seen

APP_ID, APP_SECRET = "wxStub", "wechat-secret-canary"
TOKEN, AES_KEY = "wechat-token-canary", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def error(code: int, status: int = 200) -> Said:
	return Said(json.dumps({"errcode": code, "errmsg": "text with openid o-canary"}).encode(), status)


def sha1(*parts: str) -> str:
	return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


class WeChatService:
	name = "wechat_official"
	gives_receipts = True
	signs_the_time = True
	secrets = (APP_SECRET, TOKEN, AES_KEY)
	answers: ClassVar = [
		(error(40003), "refused", "bad_address"),
		(error(43004), "refused", "opted_out"),
		(error(43101), "refused", "not_wanted"),
		(error(40037), "refused", "template"),
		(error(45168), "refused", "content"),
		(error(45009), "retry", "rate_limit"),
		(error(40001), "retry", "credentials"),
		(error(99999), "retry", "unknown_code"),
		(error(-1), "uncertain", "service_error"),
		(error(99999, 502), "uncertain", "unknown_code"),
		(error(0), "uncertain", "unreadable"),
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.valid = "token-canary-0"
		self.fetched = 0

	def provider(self, url: str, limits: Limits, secret: str = APP_SECRET) -> WeChatOfficial:
		config = WeChatOfficialConfig(APP_ID, secret, TOKEN, AES_KEY, endpoint=url, limits=limits)
		return WeChatOfficial(config, ProcessTokens())

	def intruder(self, url: str, limits: Limits) -> WeChatOfficial:
		return self.provider(url, limits, "wrong")

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(
			reference,
			"o-canary",
			"canary-body",
			template="ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
			variables={"thing1": "复诊提醒", "time2": "3 月 5 日"},
			link="https://h.example/p/1",
		)

	def carries_message(self, seen: Seen) -> bool:
		return seen.path.startswith("/cgi-bin/message/")

	def handle(self, seen: Seen) -> Said:
		asked = json.loads(seen.body)
		if seen.path == "/cgi-bin/stable_token":
			self.fetched += 1
			if asked["secret"] != APP_SECRET or asked["grant_type"] != "client_credential":
				return error(40125)
			if asked["force_refresh"]:
				self.expire()
			return Said(json.dumps({"access_token": self.valid, "expires_in": 7200}).encode())
		if seen.query.get("access_token") != self.valid:
			return error(42001)
		if asked["data"] != {"thing1": {"value": "复诊提醒"}, "time2": {"value": "3 月 5 日"}}:
			return error(47003)
		self.accepted[asked["client_msg_id"] * 2] += 1
		return Said(json.dumps({"errcode": 0, "errmsg": "ok", "msgid": 200228332}).encode())

	def expire(self) -> None:
		"""The token ends before its time: another system has asked for a new one by force."""
		self.valid = f"token-canary-{int(self.valid.rpartition('-')[2]) + 1}"

	def receipt(
		self, _reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		status = "success" if state == "delivered" else "failed:user block"
		event = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": provider_id, "Status": status}
		return self.sealed(event, at)

	def under_way(self, _reference: str, provider_id: str) -> CallbackRequest | None:
		return self.sealed({"MsgType": "event", "Event": "VIEW", "MsgID": provider_id, "Status": "success"})

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest:
		return self.sealed({"FromUserName": sender, "MsgType": "text", "Content": words, "MsgId": "236"}, at)

	def sealed(self, fields: dict[str, str], at: datetime = NOW) -> CallbackRequest:
		"""A posted message in the safe mode."""
		moment, nonce = str(int(at.timestamp())), "1372623149"
		made = seal(xml(fields, at), APP_ID, AES_KEY)
		body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{made}]]></Encrypt></xml>"
		query = {
			"signature": sha1(TOKEN, moment, nonce),
			"timestamp": moment,
			"nonce": nonce,
			"encrypt_type": "aes",
			"msg_signature": sha1(TOKEN, moment, nonce, made),
		}
		return request(body.encode(), query=query, at=at)

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		plain = xml({"FromUserName": "o", "MsgType": "text", "Content": "TD"}, NOW).encode()
		return [
			Forgery("no signature", with_query(made, msg_signature="")),
			Forgery("wrong signature", with_query(made, msg_signature="0" * 40)),
			Forgery("another time", with_query(made, timestamp=str(int(made.query["timestamp"]) + 1))),
			Forgery("another nonce", with_query(made, nonce="1")),
			Forgery("plain text with the signature of the address", replace(made, body=plain)),
			Forgery("another sealed part", replace(made, body=made.body.replace(b"CDATA[", b"CDATA[A"))),
			Forgery("as a PUT", replace(made, method="PUT")),
		]


def xml(fields: dict[str, str], at: datetime) -> str:
	everything = {
		"ToUserName": "gh_1",
		"FromUserName": "o-canary",
		"CreateTime": str(int(at.timestamp())),
		**fields,
	}
	inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in everything.items())
	return f"<xml>{inner}</xml>"
