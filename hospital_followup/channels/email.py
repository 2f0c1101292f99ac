"""Email: a letter to the address in the patient's record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe.utils import validate_email_address

from hospital_followup.channels.messages import MessageChannel


class EmailChannel(MessageChannel):
	"""One valid address."""

	name = "Email"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		typed = str(patient.get("email") or "").strip()
		return typed if typed and validate_email_address(typed) == typed else None
