"""App push through a webhook: the hospital's own app server, or whatever stands before it.

The protocol is ours, so this is its documentation. We POST JSON
`{"reference", "to", "title", "body", "link", "language"}` with these headers:

- `X-Followup-Timestamp`: seconds since 1970
- `X-Followup-Signature`: `sha256=` + hex of HMAC-SHA256(secret, timestamp + "." + body)
- `Idempotency-Key`: the reference; a server that has seen it answers as it did the first time, or with 409

The server answers 2xx `{"accepted": true, "id": "…"}`, or `{"accepted": false, "code": "…", "permanent": true|false}` with any
status: permanent when the device or account is gone for good. It reports back the same way, signed with the same secret:
`{"receipts": [{"id", "reference", "state": "delivered"|"failed", "code", "at"}], "replies": [{"id", "from", "text", "at"}]}`,
`at` in seconds since 1970. We answer `{"ok": true}`.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status
from hospital_followup.channels.signatures import hmac_sha256, recent, same
from hospital_followup.channels.untrusted import (
	code,
	identifier,
	json_object,
	objects,
	seconds,
	text,
	unix_time,
)
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)


@dataclass(frozen=True, slots=True)
class PushWebhookConfig:
	url: str
	secret: str = field(repr=False)
	limits: Limits = field(default_factory=Limits)


class PushWebhook(HttpProvider):
	name = "push_webhook"
	channel = "App Push"

	def __init__(self, config: PushWebhookConfig) -> None:
		super().__init__("", config.limits)
		self._endpoint = config.url
		self._config = config

	def missing(self) -> str | None:
		if not urlsplit(self._config.url).hostname:
			return "url_missing"
		return None if self._config.secret else "secret_missing"

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		wanted = {
			"reference": message.reference,
			"to": message.to,
			"title": message.subject,
			"body": message.body,
			"link": message.link,
			"language": message.language,
		}
		body = json.dumps(wanted, ensure_ascii=False).encode()
		now = str(int(time.time()))
		answer = self._exchange(
			"POST",
			"",
			headers={
				"Content-Type": "application/json",
				"X-Followup-Timestamp": now,
				"X-Followup-Signature": signature(self._config.secret, now, body),
				"Idempotency-Key": message.reference,
			},
			body=body,
		)
		said = json_object(answer.body)
		push_id = identifier(said.get("id"), 100) or None
		if answer.status == 409 or (said.get("accepted") is True and 200 <= answer.status < 300):
			return SendResult("accepted", push_id)
		if said.get("accepted") is not False:
			return by_status(answer)
		dead = said.get("permanent") is True
		return SendResult(
			"refused" if dead else "retry",
			push_id,
			code(said.get("code")) or "not_accepted",
			None if dead else seconds(answer.headers.get("retry-after")),
			reason="bad_address" if dead else "service_error",
		)

	def verify(self, request: CallbackRequest) -> bool:
		when = request.headers.get("x-followup-timestamp")
		return (
			request.method == "POST"
			and bool(self._config.secret)
			and recent(when, request.received_at)
			and same(
				request.headers.get("x-followup-signature"),
				signature(self._config.secret, when or "", request.body),
			)
		)

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		found = []
		for row in objects(json_object(request.body).get("receipts")):
			push_id, reference = identifier(row.get("id"), 100), identifier(row.get("reference"), 64)
			state = row.get("state")
			if not (push_id or reference) or state not in ("delivered", "failed"):
				continue
			found.append(
				Delivery(
					push_id or None,
					reference or None,
					"delivered" if state == "delivered" else "failed",
					code(row.get("code")),
					unix_time(row.get("at"), request.received_at),
				)
			)
		return tuple(found)

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		return tuple(
			Reply(
				text(row.get("from"), 140),
				text(row["text"]),
				unix_time(row.get("at"), request.received_at),
				identifier(row.get("id"), 100) or None,
			)
			for row in objects(json_object(request.body).get("replies"))
			if text(row.get("from"), 140) and isinstance(row.get("text"), str)
		)

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer('{"ok":true}', "application/json; charset=utf-8")


def signature(secret: str, timestamp: str, body: bytes) -> str:
	"""The value of X-Followup-Signature."""
	return f"sha256={hmac_sha256(secret.encode(), timestamp.encode() + b'.' + body).hex()}"
