"""Phone: a person calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hospital_followup.channels.base import PersonChannel

#: Statuses of a number that a call has shown to lead nowhere.
DEAD_NUMBERS = ("Wrong Number", "Out of Service")


class PhoneChannel(PersonChannel):
	"""The patient's own number, and the caregiver's when the patient's leads nowhere."""

	name = "Phone"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		for number, status in (("mobile", "mobile_status"), ("caregiver_mobile", "caregiver_mobile_status")):
			if patient.get(number) and patient.get(status) not in DEAD_NUMBERS:
				return str(patient[number])
		return None
