"""SMS by Twilio, Messages API 2010-04-01.

Send and ask: https://www.twilio.com/docs/messaging/api/message-resource · receipts:
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status · replies:
https://www.twilio.com/docs/messaging/guides/webhook-request · signature: https://www.twilio.com/docs/usage/security ·
errors: https://www.twilio.com/docs/api/errors

The API takes no reference of ours. It goes along in the address of the status callback, which Twilio signs: so even a
message whose answer was lost is recognised by its receipts. Asked later the service knows a message by its own id only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status, judged, unknown
from hospital_followup.channels.providers.twilio_errors import DEAD_NUMBERS, REFUSING_PEOPLE, SEND_ERRORS
from hospital_followup.channels.signatures import same
from hospital_followup.channels.untrusted import code, form, identifier, json_object, text
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	ReplyKind,
	SendResult,
)

ARRIVED = frozenset({"delivered", "read"})
FAILED = frozenset({"undelivered", "failed", "canceled"})
UNDER_WAY = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
FORM_TYPE = "application/x-www-form-urlencoded"
#: Twilio's own handling of STOP and START, as it reports it (Advanced Opt-Out).
OPT_OUT: Mapping[str, ReplyKind] = {"STOP": "unsubscribed", "START": "subscribed"}


@dataclass(frozen=True, slots=True)
class TwilioSmsConfig:
	account_sid: str
	auth_token: str = field(repr=False)
	"""Signs the requests we make and the callbacks we get."""
	sender: str
	"""A number (+1…), an alphanumeric sender, or the id of a messaging service (MG…)."""
	callback_url: str = ""
	"""Our callback's address as Twilio sees it; from the settings, never from a request."""
	endpoint: str = "https://api.twilio.com"
	limits: Limits = field(default_factory=Limits)


class TwilioSms(HttpProvider):
	name = "twilio_sms"
	channel = "SMS"

	def __init__(self, config: TwilioSmsConfig) -> None:
		super().__init__(config.endpoint, config.limits)
		self._config = config

	def missing(self) -> str | None:
		if not (self._config.account_sid and self._config.auth_token):
			return "auth_token_missing"
		return None if self._config.sender else "sender_missing"

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		service = self._config.sender.startswith("MG")
		fields = {
			"To": message.to,
			"MessagingServiceSid" if service else "From": self._config.sender,
			"Body": message.body,
		}
		if self._config.callback_url:
			fields["StatusCallback"] = _with(self._config.callback_url, {"reference": message.reference})
		answer = self._exchange(
			"POST",
			f"{self._messages}.json",
			headers={**self._headers(), "Content-Type": FORM_TYPE},
			body=urlencode(fields).encode(),
		)
		said = json_object(answer.body)
		if answer.status >= 400:
			refusal = code(said.get("code"))
			return judged(refusal, SEND_ERRORS, unknown(answer), answer) if refusal else by_status(answer)
		sid, status = identifier(said.get("sid"), 64), said.get("status")
		if answer.status not in (200, 201) or not sid:
			return by_status(answer)
		if status in FAILED:
			return judged(code(said.get("error_code")) or "failed", SEND_ERRORS, unknown(answer), answer)
		return SendResult("accepted", sid)

	def look_up(
		self, reference: str, provider_id: str | None, sent_on: datetime, _to: str
	) -> SendResult | Delivery | None:
		if not provider_id:
			return None
		answer = self._exchange(
			"GET", f"{self._messages}/{quote(provider_id, safe='')}.json", headers=self._headers()
		)
		said = json_object(answer.body)
		status, error = said.get("status"), code(said.get("error_code"))
		if answer.status != 200 or not isinstance(status, str):
			return SendResult("uncertain", provider_id, f"http_{answer.status}", reason="unreadable")
		if status in UNDER_WAY:
			return SendResult("accepted", provider_id)
		return _delivery(provider_id, reference, status, error, sent_on) or SendResult(
			"uncertain", provider_id, reason="unreadable"
		)

	def verify(self, request: CallbackRequest) -> bool:
		"""Signed over the address that Twilio was given and the fields it posts; with and without the port, as Twilio does."""
		if request.method != "POST" or not (self._config.callback_url and self._config.auth_token):
			return False
		given = request.headers.get("x-twilio-signature")
		asked = set(_fields_of(self._config.callback_url))
		extra = {name: value for name, value in request.query.items() if name not in asked}
		url = _with(self._config.callback_url, extra)
		return any(
			same(given, signature(address, form(request.body), self._config.auth_token))
			for address in (_without_port(url), _with_port(url))
		)

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		fields = form(request.body)
		sid, status = identifier(fields.get("MessageSid"), 64), fields.get("MessageStatus", "")
		if not sid:
			return ()
		found = _delivery(
			sid,
			identifier(request.query.get("reference"), 64) or None,
			status,
			code(fields.get("ErrorCode")),
			request.received_at,
		)
		return (found,) if found else ()

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		fields = form(request.body)
		sender, sid = text(fields.get("From"), 64), identifier(fields.get("MessageSid"), 64)
		if not sender or "Body" not in fields or "MessageStatus" in fields:
			return ()
		kind = OPT_OUT.get(fields.get("OptOutType", "").upper(), "text")
		return (Reply(sender, text(fields["Body"]), request.received_at, sid or None, kind),)

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		"""An empty TwiML document: nothing is sent back."""
		return CallbackAnswer(
			'<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "text/xml; charset=utf-8"
		)

	@property
	def _messages(self) -> str:
		return f"/2010-04-01/Accounts/{quote(self._config.account_sid, safe='')}/Messages"

	def _headers(self) -> dict[str, str]:
		pair = f"{self._config.account_sid}:{self._config.auth_token}".encode()
		return {"Authorization": f"Basic {base64.b64encode(pair).decode()}", "Accept": "application/json"}


def signature(url: str, fields: Mapping[str, str], auth_token: str) -> str:
	"""X-Twilio-Signature: HMAC-SHA1 over the address and the sorted fields, each name followed by its value."""
	signed = url + "".join(name + fields[name] for name in sorted(fields))
	return base64.b64encode(
		hmac.new(auth_token.encode(), signed.encode(errors="backslashreplace"), hashlib.sha1).digest()
	).decode()


def _delivery(
	sid: str, reference: str | None, status: str, error: str | None, at: datetime
) -> Delivery | None:
	if status in ARRIVED:
		return Delivery(sid, reference, "delivered", error, at)
	if status in FAILED:
		dead, refused = error in DEAD_NUMBERS, error in REFUSING_PEOPLE
		return Delivery(sid, reference, "failed", error, at, dead_number=dead, opted_out=refused)
	return None


def _fields_of(url: str) -> list[str]:
	return [pair.partition("=")[0] for pair in urlsplit(url).query.split("&") if pair]


def _with(url: str, more: Mapping[str, str]) -> str:
	if not more:
		return url
	return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(more, quote_via=quote)}"


def _without_port(url: str) -> str:
	parts = urlsplit(url)
	return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0])) if parts.port else url


def _with_port(url: str) -> str:
	parts = urlsplit(url)
	if parts.port:
		return url
	return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}"))
