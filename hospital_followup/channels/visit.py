"""Home Visit: a person goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hospital_followup.channels.base import PersonChannel


class HomeVisitChannel(PersonChannel):
	"""The patient's home; without an address there is nowhere to go."""

	name = "Home Visit"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		address = str(patient.get("home_address") or "").strip()
		return address or None
