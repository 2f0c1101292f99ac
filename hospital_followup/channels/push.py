"""App Push: a notice in the hospital's own app, or in the patient's account on this site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hospital_followup.channels.messages import MessageChannel


class PushChannel(MessageChannel):
	"""The account in the app, as the app's server knows it."""

	name = "App Push"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		return str(patient.get("app_account") or "").strip() or None
