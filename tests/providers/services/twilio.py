"""Twilio's Messages API; callbacks are signed by Twilio's own SDK."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.twilio_sms import TwilioSms, TwilioSmsConfig
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_headers, with_query
from tests.providers.stubs import Said, Seen

ACCOUNT, TOKEN = "ACstub", "twilio-token-canary"
CALLBACK = "https://followup.example.org/api/method/followup_callback?provider=twilio"


def error(code: int, status: int = 400) -> Said:
	body = {"code": code, "message": "The 'To' number +8613800138000 is not valid.", "status": status}
	return Said(json.dumps(body).encode(), status)


class TwilioService:
	name = "twilio_sms"
	text: str | None = "canary-body: 您好 & bye+1"
	"""The only text that it takes; None: any."""
	gives_receipts = True
	signs_the_time = False
	secrets = (TOKEN,)
	answers: ClassVar = [
		(error(21211), "refused", "no_such_number"),
		(error(21635), "refused", "bad_address"),
		(error(21610), "refused", "opted_out"),
		(error(21605), "refused", "content"),
		(error(21408, 403), "refused", "not_allowed"),
		(error(20003, 401), "retry", "credentials"),
		(error(20429, 429), "retry", "rate_limit"),
		(error(21606), "retry", "misconfigured"),
		(error(29999), "retry", "unknown_code"),
		(error(20500, 500), "uncertain", "service_error"),
		(error(29998, 503), "uncertain", "unknown_code"),
		(Said(b'{"status": "queued"}', 201), "uncertain", "unreadable"),
		(Said(b'{"sid": "SM1", "status": "failed", "error_code": 30007}', 201), "refused", "content"),
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.log: dict[str, dict[str, object]] = {}

	def provider(self, url: str, limits: Limits) -> TwilioSms:
		return TwilioSms(
			TwilioSmsConfig(ACCOUNT, TOKEN, "+15005550006", CALLBACK, endpoint=url, limits=limits)
		)

	def intruder(self, url: str, limits: Limits) -> TwilioSms:
		return TwilioSms(TwilioSmsConfig(ACCOUNT, "wrong", "+15005550006", endpoint=url, limits=limits))

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(reference, "+8613800138000", self.text or "any")

	def carries_message(self, seen: Seen) -> bool:
		return seen.method == "POST"

	def handle(self, seen: Seen) -> Said:
		expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
		if seen.headers.get("authorization") != f"Basic {expected}":
			return error(20003, 401)
		if seen.method == "GET":
			sid = seen.path.rpartition("/")[2].removesuffix(".json")
			row = next((row for row in self.log.values() if row["sid"] == sid), None)
			return Said(json.dumps(row).encode()) if row else error(20404, 404)
		fields = dict(parse_qsl(seen.body.decode()))
		if fields["From"] != "+15005550006" or fields["Body"] != (self.text or fields["Body"]):
			return error(21606)
		reference = dict(parse_qsl(urlsplit(fields["StatusCallback"]).query))["reference"]
		self.accepted[reference] += 1
		row = {"sid": f"SM{len(self.log):032d}", "status": "queued", "error_code": None, "to": fields["To"]}
		self.log[reference] = row
		return Said(json.dumps(row).encode(), 201)

	def settle(self, reference: str, state: str) -> None:
		found = {"delivered": ("delivered", None), "failed": ("undelivered", 30005)}[state]
		self.log[reference].update(zip(("status", "error_code"), found, strict=True))

	def receipt(
		self, reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		fields = {
			"MessageSid": provider_id,
			"MessageStatus": state,
			"To": "+8613800138000",
			"ApiVersion": "x",
		}
		if state == "failed":
			fields["ErrorCode"] = "30005"
		return self._signed(fields, {"provider": "twilio", "reference": reference}, at)

	def under_way(self, reference: str, provider_id: str) -> CallbackRequest | None:
		return self.receipt(reference, provider_id, "sent")

	def reply(self, sender: str, words: str, at: datetime = NOW, **more: str) -> CallbackRequest:
		fields = {"From": sender, "Body": words, "MessageSid": "SMreply", "NumMedia": "0", **more}
		return self._signed(fields, {"provider": "twilio"}, at)

	def _signed(self, fields: dict[str, str], query: dict[str, str], at: datetime) -> CallbackRequest:
		url = f"{CALLBACK.partition('?')[0]}?{urlencode(query, quote_via=quote)}"
		signature = RequestValidator(TOKEN).compute_signature(url, fields)
		return request(
			urlencode(fields).encode(), query=query, headers={"x-twilio-signature": signature}, at=at
		)

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		return [
			Forgery("no signature", replace(made, headers={})),
			Forgery("wrong signature", with_headers(made, x_twilio_signature="AAAA")),
			Forgery("another status", replace(made, body=made.body + b"&Added=1")),
			Forgery("another reference", with_query(made, reference="other")),
			Forgery("as a GET", replace(made, method="GET")),
		]
