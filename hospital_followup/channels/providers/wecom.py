"""WeCom (企业微信): messages of an application of the hospital's own.

Token: https://developer.work.weixin.qq.com/document/path/91039 · send:
https://developer.work.weixin.qq.com/document/path/90236 · callbacks: https://developer.work.weixin.qq.com/document/path/90238

WeCom gives no receipts for these messages and cannot be asked about one. Its own check for copies is left off: it drops any
second message of the same words within hours and still answers "ok".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from hospital_followup.channels.outgoing import Answer, Limits
from hospital_followup.channels.providers.access_token import AccessToken, NoTokenError, errcode, no_token
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status, judged, unknown
from hospital_followup.channels.providers.wechat_errors import TOKEN_REFUSED, WECOM_ERRORS
from hospital_followup.channels.providers.wechat_messages import genuine, opened, reply, sealed_part
from hospital_followup.channels.tokens import TOKENS, TokenStore
from hospital_followup.channels.untrusted import identifier, json_object, text
from hospital_followup.channels.wechat_crypto import decrypted, usable_key
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	OutgoingMessage,
	Reply,
	SendResult,
)


@dataclass(frozen=True, slots=True)
class WeComConfig:
	corp_id: str
	corp_secret: str = field(repr=False)
	"""The secret of the application."""
	agent_id: str
	token: str = field(default="", repr=False)
	aes_key: str = field(default="", repr=False)
	endpoint: str = "https://qyapi.weixin.qq.com"
	limits: Limits = field(default_factory=Limits)


class WeCom(HttpProvider):
	name = "wecom"
	channel = "WeChat"

	def __init__(self, config: WeComConfig, tokens: TokenStore = TOKENS) -> None:
		super().__init__(config.endpoint, config.limits)
		self._config = config
		key = AccessToken.key_of(config.corp_id, config.corp_secret, config.endpoint)
		self._access = AccessToken(key, tokens, self._fetch_token)

	def missing(self) -> str | None:
		if not (self._config.corp_id and self._config.corp_secret):
			return "corp_secret_missing"
		if not (self._config.agent_id.isascii() and self._config.agent_id.isdecimal()):
			return "agent_id_missing"
		broken = self._config.aes_key and not usable_key(self._config.aes_key)
		return "aes_key_unusable" if broken else None

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		wanted = {
			"touser": message.to,
			"msgtype": "text",
			"agentid": int(self._config.agent_id),
			"text": {"content": message.body},
		}
		try:
			answer = self._access.use(lambda token: self._post(token, wanted), TOKEN_REFUSED)
		except NoTokenError as error:
			return no_token(error, WECOM_ERRORS)
		said, verdict = json_object(answer.body), errcode(answer)
		if verdict is None:
			return by_status(answer)
		if verdict != "0":
			return judged(verdict, WECOM_ERRORS, unknown(answer), answer)
		if answer.status != 200:
			return by_status(answer)
		# "ok" is also the answer when the only receiver was left out.
		if _names(said.get("invaliduser"), message.to):
			return judged("81013", WECOM_ERRORS, unknown(answer), answer)
		if _names(said.get("unlicenseduser"), message.to):
			return judged("701008", WECOM_ERRORS, unknown(answer), answer)
		message_id = identifier(said.get("msgid"), 200)
		if not message_id:
			return SendResult("uncertain", code="no_msgid", reason="unreadable")
		return SendResult("accepted", message_id)

	def verify(self, request: CallbackRequest) -> bool:
		if request.method == "GET":
			sealed = request.query.get("echostr", "")
		elif request.method == "POST":
			sealed = sealed_part(request)
		else:
			return False
		return (
			bool(sealed)
			and genuine(request, self._config.token, sealed)
			and decrypted(sealed, self._config.aes_key, self._config.corp_id) is not None
		)

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		if request.method != "POST" or not self._config.aes_key:
			return ()
		return reply(opened(request, self._config.aes_key, self._config.corp_id), request)

	def answer(self, request: CallbackRequest) -> CallbackAnswer:
		"""WeCom checks the address with an encrypted `echostr`, which it wants back in the clear."""
		if request.method != "GET":
			return CallbackAnswer()
		sealed = request.query.get("echostr", "")
		return CallbackAnswer(text(decrypted(sealed, self._config.aes_key, self._config.corp_id) or "", 200))

	def _post(self, token: str, wanted: object) -> Answer:
		return self._exchange(
			"POST",
			f"/cgi-bin/message/send?access_token={quote(token, safe='')}",
			headers={"Content-Type": "application/json; charset=utf-8"},
			body=json.dumps(wanted, ensure_ascii=False).encode(),
		)

	def _fetch_token(self) -> Answer:
		query = urlencode({"corpid": self._config.corp_id, "corpsecret": self._config.corp_secret})
		return self._exchange("GET", f"/cgi-bin/gettoken?{query}")


def _names(users: object, wanted: str) -> bool:
	"""Whether the list `users` (a|b|c, in lower case) holds `wanted`."""
	return wanted.lower() in text(users).lower().split("|")
