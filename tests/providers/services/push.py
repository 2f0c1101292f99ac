"""An app server behind the push webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.push_webhook import PushWebhook, PushWebhookConfig
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_headers
from tests.providers.stubs import Said, Seen

SECRET = "push-secret-canary"


def sign(body: bytes, moment: str, secret: str | None = None) -> str:
	key = (SECRET if secret is None else secret).encode()
	return "sha256=" + hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


class PushService:
	name = "push_webhook"
	gives_receipts = True
	signs_the_time = True
	secrets = (SECRET,)
	answers: ClassVar = [
		(Said(b'{"accepted": false, "code": "gone", "permanent": true}'), "refused", "bad_address"),
		(Said(b'{"accepted": false, "code": "busy"}', 503), "retry", "service_error"),
		(Said(b'{"accepted": "yes"}'), "uncertain", "unreadable"),
		(Said(b"{}", 401), "retry", "misconfigured"),
		(Said(b"{}", 409), "accepted", None),  # seen before: it has the message
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()

	def provider(self, url: str, limits: Limits) -> PushWebhook:
		return PushWebhook(PushWebhookConfig(f"{url}/push", SECRET, limits))

	def intruder(self, url: str, limits: Limits) -> PushWebhook:
		return PushWebhook(PushWebhookConfig(f"{url}/push", "wrong", limits))

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(
			reference, "device-canary", "canary-body 您好", "Title", "zh", link="https://h.example/p/1"
		)

	def carries_message(self, _seen: Seen) -> bool:
		return True

	def handle(self, seen: Seen) -> Said:
		moment = seen.headers.get("x-followup-timestamp", "")
		if seen.headers.get("x-followup-signature") != sign(seen.body, moment):
			return Said(b"{}", 401)
		reference = json.loads(seen.body)["reference"]
		if seen.headers["idempotency-key"] != reference:
			return Said(b"{}", 400)
		self.accepted[reference] += 1
		return Said(b'{"accepted": true, "id": "p-1"}', 202)

	def receipt(
		self, reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		row = {"id": provider_id, "reference": reference, "state": state, "at": int(at.timestamp())}
		if state == "failed":
			row["code"] = "unregistered"
		return self._signed({"receipts": [row]}, at)

	def under_way(self, reference: str, provider_id: str) -> CallbackRequest | None:
		return self.receipt(reference, provider_id, "sent")

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest:
		row = {"id": "r-1", "from": sender, "text": words, "at": int(at.timestamp())}
		return self._signed({"replies": [row]}, at)

	def _signed(self, content: object, at: datetime) -> CallbackRequest:
		body, moment = json.dumps(content).encode(), str(int(at.timestamp()))
		headers = {"x-followup-timestamp": moment, "x-followup-signature": sign(body, moment)}
		return request(body, headers=headers, at=at)

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		moment = made.headers["x-followup-timestamp"]
		another = str(int(moment) + 1)
		return [
			Forgery("no signature", replace(made, headers={"x-followup-timestamp": moment})),
			Forgery("another body", replace(made, body=made.body + b" ")),
			Forgery("another time", with_headers(made, x_followup_timestamp=another)),
			Forgery("another key", with_headers(made, x_followup_signature=sign(made.body, moment, "x"))),
			Forgery("as a GET", replace(made, method="GET")),
		]
