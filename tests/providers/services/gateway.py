"""A gateway as Frappe's SMS Settings describe one: a GET with everything in the address."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.frappe_sms import FrappeSms, FrappeSmsConfig
from hospital_followup.engine.message_ports import OutgoingMessage
from tests.providers.stubs import Said, Seen

PASSWORD = "gateway-password-canary"


class GatewayService:
	name = "frappe_sms"
	secrets = (PASSWORD,)
	answers: ClassVar = [
		(Said(b"403 wrong password", 403), "retry", "misconfigured"),
		(Said(b"ERROR 17", 200), "uncertain", "unreadable"),
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()

	def provider(self, url: str, limits: Limits, password: str = PASSWORD) -> FrappeSms:
		config = FrappeSmsConfig(
			f"{url}/send?account=9",
			"text",
			"to",
			{"password": password},
			{"X-Client": "stub"},
			success_text="queued",
			limits=limits,
		)
		return FrappeSms(config)

	def intruder(self, url: str, limits: Limits) -> FrappeSms:
		return self.provider(url, limits, "wrong")

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(reference, "+8613800138000", f"canary-body {reference} 您好")

	def carries_message(self, _seen: Seen) -> bool:
		return True

	def handle(self, seen: Seen) -> Said:
		query = seen.query
		if query.get("password") != PASSWORD or query.get("account") != "9":
			return Said(b"403 wrong password", 403, content_type="text/plain")
		self.accepted[query["text"].split()[1]] += 1
		return Said(b"queued as 17", content_type="text/plain")
