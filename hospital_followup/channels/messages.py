"""What the channels share on which a program writes: a message service that is set up, and whose address it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import frappe
from frappe.utils import add_years, getdate

PROVIDER = "Follow-up Provider"
ADULT_AGE = 18


class MessageChannel:
	"""A channel on which messages go out by themselves, through the service that an administrator has set up."""

	name: ClassVar[str]
	automatic = True

	def __init__(self) -> None:
		self._available: bool | None = None

	def available(self) -> bool:
		"""Whether a service of this channel is switched on; a service can be switched on only when nothing is missing."""
		if self._available is None:  # one adapter serves a whole batch
			self._available = bool(frappe.db.exists(PROVIDER, {"channel": self.name, "enabled": 1}))
		return self._available

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		raise NotImplementedError


def is_minor(patient: Mapping[str, Any], today: date | None = None) -> bool:
	"""Whether the guardian is contacted in the patient's place (clinical.md §5)."""
	born = patient.get("date_of_birth")
	if not born:
		return False
	adult_from = frappe.get_cached_doc("Follow-up Settings").guardian_under_age or ADULT_AGE
	today, born = today or getdate(), getdate(born)
	if today.year - born.year > adult_from:
		return False  # asked for every message that goes out, and mostly about somebody long grown up
	return getdate(add_years(born, adult_from)) > today
