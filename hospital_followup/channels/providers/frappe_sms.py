"""SMS by any gateway that Frappe's SMS Settings describe: an address, parameters and headers.

https://docs.frappe.io/erpnext/user/manual/en/sms-setting. The request is Frappe's own (frappe.core.doctype.sms_settings),
made by us because `send_sms` has no timeout, returns no result and logs the message. A gateway of which nothing is known but
this says "accepted" with its HTTP status; whoever knows what else it writes can name that (`success_text`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status
from hospital_followup.engine.message_ports import OutgoingMessage, SendResult

FORM_TYPE = "application/x-www-form-urlencoded"
ACCEPT = "text/plain, text/html, */*"


@dataclass(frozen=True, slots=True)
class FrappeSmsConfig:
	gateway_url: str
	message_parameter: str
	receiver_parameter: str
	parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
	"""Sent with every message; holds the gateway's password."""
	headers: Mapping[str, str] = field(default_factory=dict, repr=False)
	use_post: bool = False
	success_text: str = ""
	"""What the gateway writes when it has taken a message; without it any 2xx counts."""
	limits: Limits = field(default_factory=Limits)


class SmsParameter(Protocol):
	parameter: str
	value: str
	header: int | bool


class SmsSettings(Protocol):
	"""Frappe's SMS Settings, as far as they are used here."""

	sms_gateway_url: str | None
	message_parameter: str | None
	receiver_parameter: str | None
	use_post: int | bool
	parameters: list[SmsParameter]


def config_of(settings: SmsSettings, success_text: str = "", limits: Limits | None = None) -> FrappeSmsConfig:
	"""What Frappe's SMS Settings say, as plain values."""
	rows = settings.parameters or []
	return FrappeSmsConfig(
		gateway_url=(settings.sms_gateway_url or "").strip(),
		message_parameter=settings.message_parameter or "",
		receiver_parameter=settings.receiver_parameter or "",
		parameters={row.parameter: row.value or "" for row in rows if not row.header},
		headers={row.parameter: row.value or "" for row in rows if row.header},
		use_post=bool(settings.use_post),
		success_text=success_text,
		limits=limits or Limits(),
	)


class FrappeSms(HttpProvider):
	name = "frappe_sms"
	channel = "SMS"

	def __init__(self, config: FrappeSmsConfig) -> None:
		super().__init__("", config.limits)
		self._endpoint = config.gateway_url
		self._config = config

	def missing(self) -> str | None:
		if not self._config.gateway_url:
			return "gateway_url_missing"
		named = self._config.message_parameter and self._config.receiver_parameter
		return None if named else "parameter_names_missing"

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		fields = {
			self._config.message_parameter: message.body,
			**self._config.parameters,
			self._config.receiver_parameter: message.to,
		}
		headers = {"Accept": ACCEPT, **self._config.headers}
		as_json = headers.get("Content-Type") == "application/json"
		method = "POST" if self._config.use_post else "GET"
		path, body = "", None
		if as_json:
			body = json.dumps(fields).encode()
		elif self._config.use_post:
			body = urlencode(fields).encode()
			headers["Content-Type"] = FORM_TYPE
		else:
			joint = "&" if urlsplit(self._config.gateway_url).query else "?"
			path = joint + urlencode(fields)
		answer = self._exchange(method, path, headers=headers, body=body)
		if 300 <= answer.status < 400:
			# Some gateways answer a taken message with a page to go to.
			return SendResult("uncertain", code=f"http_{answer.status}", reason="unreadable")
		if not 200 <= answer.status < 300:
			return by_status(answer)
		wanted = self._config.success_text
		if wanted and wanted not in answer.body.decode("utf-8", "replace"):
			return SendResult("uncertain", code="no_success_text", reason="unreadable")
		return SendResult("accepted")
