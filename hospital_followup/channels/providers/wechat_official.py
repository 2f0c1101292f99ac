"""WeChat service account (公众号 / 服务号): template messages and subscription notices.

Token: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html · template message:
https://developers.weixin.qq.com/doc/service/en/api/notify/template/api_sendtemplatemessage.html · subscription notice:
https://developers.weixin.qq.com/doc/service/en/api/notify/notify/api_sendnewsubscribemsg.html · its outcome:
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html#6

The stable token is used because asking for it does not end the one that another worker or another system of the hospital
holds. Our reference goes along as `client_msg_id`, by which WeChat drops a second copy within ten minutes. It cannot be asked
about a message later.

In the plain mode the signature of a callback does not cover its text: whoever sees one can forge others for five minutes. So
with an EncodingAESKey in the configuration only encrypted callbacks count; choose 安全模式.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from hospital_followup.channels.outgoing import Answer, Limits
from hospital_followup.channels.providers.access_token import AccessToken, NoTokenError, errcode, no_token
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status, judged, unknown
from hospital_followup.channels.providers.wechat_errors import OFFICIAL_ERRORS, TOKEN_REFUSED
from hospital_followup.channels.providers.wechat_messages import genuine, opened, reply, sealed_part
from hospital_followup.channels.tokens import TOKENS, TokenStore
from hospital_followup.channels.untrusted import identifier, json_object, text, unix_time
from hospital_followup.channels.wechat_crypto import decrypted, usable_key
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)

LONGEST_CLIENT_ID = 32
FINISHED = "TEMPLATESENDJOBFINISH"
#: Status of that event → our code and whether the person is gone for good.
OUTCOMES = {"failed:user block": ("user_block", True), "failed: system failed": ("system_failed", False)}


@dataclass(frozen=True, slots=True)
class WeChatOfficialConfig:
	app_id: str
	app_secret: str = field(repr=False)
	token: str = field(default="", repr=False)
	"""The callback's token (令牌)."""
	aes_key: str = field(default="", repr=False)
	"""EncodingAESKey; empty only where the account stays in plain mode."""
	kind: Literal["template", "subscription"] = "template"
	endpoint: str = "https://api.weixin.qq.com"
	limits: Limits = field(default_factory=Limits)


class WeChatOfficial(HttpProvider):
	name = "wechat_official"
	channel = "WeChat"

	def __init__(self, config: WeChatOfficialConfig, tokens: TokenStore = TOKENS) -> None:
		super().__init__(config.endpoint, config.limits)
		self._config = config
		key = AccessToken.key_of(config.app_id, config.app_secret, config.endpoint)
		self._access = AccessToken(key, tokens, self._fetch_token)

	def missing(self) -> str | None:
		if not (self._config.app_id and self._config.app_secret):
			return "app_secret_missing"
		broken = self._config.aes_key and not usable_key(self._config.aes_key)
		return "aes_key_unusable" if broken else None

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		if not message.template:
			return SendResult("refused", code="template_missing", reason="template")
		wanted: dict[str, object] = {
			"touser": message.to,
			"template_id": message.template,
			"data": {name: {"value": value} for name, value in message.variables.items()},
		}
		if self._config.kind == "template":
			path = "/cgi-bin/message/template/send"
			wanted["client_msg_id"] = message.reference[:LONGEST_CLIENT_ID]
			if message.link:
				wanted["url"] = message.link
		else:
			path = "/cgi-bin/message/subscribe/bizsend"
			if message.link:
				wanted["page"] = message.link
		try:
			answer = self._access.use(lambda token: self._post(path, token, wanted), TOKEN_REFUSED)
		except NoTokenError as error:
			return no_token(error, OFFICIAL_ERRORS)
		verdict = errcode(answer)
		if verdict is None:
			return by_status(answer)
		if verdict != "0":
			return judged(verdict, OFFICIAL_ERRORS, unknown(answer), answer)
		if answer.status != 200:
			return by_status(answer)
		message_id = identifier(json_object(answer.body).get("msgid"), 64)
		if not message_id and self._config.kind == "template":
			return SendResult("uncertain", code="no_msgid", reason="unreadable")
		return SendResult("accepted", message_id or None)

	def verify(self, request: CallbackRequest) -> bool:
		if request.method == "GET":
			return genuine(request, self._config.token)
		if request.method != "POST":
			return False
		if not self._config.aes_key:
			return genuine(request, self._config.token)
		sealed = sealed_part(request)
		return (
			bool(sealed)
			and genuine(request, self._config.token, sealed)
			and decrypted(sealed, self._config.aes_key, self._config.app_id) is not None
		)

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		fields = self._fields(request)
		message_id, status = identifier(fields.get("MsgID"), 64), fields.get("Status", "")
		if fields.get("MsgType") != "event" or fields.get("Event") != FINISHED or not message_id:
			return ()
		at = unix_time(fields.get("CreateTime"), request.received_at)
		if status == "success":
			return (Delivery(message_id, None, "delivered", None, at),)
		if not status.startswith("failed"):
			return ()
		said, refused = OUTCOMES.get(status, ("failed", False))
		return (Delivery(message_id, None, "failed", said, at, opted_out=refused),)

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		return reply(self._fields(request), request)

	def answer(self, request: CallbackRequest) -> CallbackAnswer:
		"""WeChat checks the address with a GET whose `echostr` it wants back; any message is answered by one word."""
		if request.method == "GET":
			return CallbackAnswer(text(request.query.get("echostr"), 200))
		return CallbackAnswer("success")

	def _fields(self, request: CallbackRequest) -> dict[str, str]:
		if request.method != "POST":
			return {}
		return opened(request, self._config.aes_key, self._config.app_id)

	def _post(self, path: str, token: str, wanted: object) -> Answer:
		return self._exchange(
			"POST",
			f"{path}?access_token={quote(token, safe='')}",
			headers={"Content-Type": "application/json; charset=utf-8"},
			body=json.dumps(wanted, ensure_ascii=False).encode(),
		)

	def _fetch_token(self) -> Answer:
		wanted = {
			"grant_type": "client_credential",
			"appid": self._config.app_id,
			"secret": self._config.app_secret,
			"force_refresh": False,
		}
		return self._exchange(
			"POST",
			"/cgi-bin/stable_token",
			headers={"Content-Type": "application/json; charset=utf-8"},
			body=json.dumps(wanted).encode(),
		)
