"""Email: a letter to the address in the patient's record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe.utils import validate_email_address

from hospital_followup.channels.messages import MessageChannel

#: A list of addresses, or a name before the address: nobody can tell whose it is.
SEPARATORS = frozenset(",; <>")


class EmailChannel(MessageChannel):
	"""One valid address."""

	name = "Email"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		typed = str(patient.get("email") or "").strip()
		if not typed or set(typed) & SEPARATORS:
			return None
		return typed if validate_email_address(typed) == typed else None
