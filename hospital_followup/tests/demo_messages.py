"""Message channels for the tests: what an adapter of a hospital's own app looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DemoMessages:
	"""Sends by itself to whoever has a mobile number."""

	name = "SMS"
	automatic = True

	def available(self) -> bool:
		return True

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		return patient.get("mobile") or None


class DemoWeChat(DemoMessages):
	name = "WeChat"
