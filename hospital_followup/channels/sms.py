"""SMS: a text to the patient's own telephone, or to the guardian's of a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from hospital_followup.channels.messages import MessageChannel, is_minor
from hospital_followup.channels.phone import DEAD_NUMBERS
from hospital_followup.channels.phone_numbers import text_number


class SMSChannel(MessageChannel):
	"""A valid mobile number that is not known to lead nowhere. What concerns a patient is never sent to a caregiver."""

	name = "SMS"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		number, status = (
			("caregiver_mobile", "caregiver_mobile_status")
			if is_minor(patient)
			else ("mobile", "mobile_status")
		)
		if not patient.get(number) or patient.get(status) in DEAD_NUMBERS:
			return None
		return text_number(patient[number], frappe.get_cached_doc("Follow-up Settings").default_country_code)
