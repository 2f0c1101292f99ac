"""On which channel a program writes to a patient: the one the patient prefers, else the first that may be used."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import frappe

from hospital_followup.channels.registry import ADDRESS_FIELDS, registered, usable_channels
from hospital_followup.engine.names import CHANNELS, FALLBACK_ORDER
from hospital_followup.services import queries
from hospital_followup.services.facts import agreed_and_refused

PATIENT = "Follow-up Patient"
FIELDS = ("name", "status", "risk_tier", "special_care", "preferred_channel", *ADDRESS_FIELDS)


def of(
	patients: Sequence[str], *, among: Collection[str] = CHANNELS, beside_a_person: bool = False
) -> dict[str, str]:
	"""By patient the channel of `among` for a clinical message; who is left out cannot be written to.

	For High risk and special care only a person will do (clinical.md, section 1), unless the message goes out beside what
	a person does.
	"""
	automatic = {
		name: channel for name, channel in registered().items() if channel.automatic and name in among
	}
	wanted = sorted(set(patients))
	if not wanted or not any(channel.available() for channel in automatic.values()):
		return {}
	settings = frappe.get_cached_doc("Follow-up Settings")
	consents = queries.group(queries.consents(wanted), "patient")
	found: dict[str, str] = {}
	for patient in queries.select(PATIENT, FIELDS, "name", wanted):
		needs_a_person = patient.risk_tier == "High" or patient.special_care
		if patient.status != "Active" or (needs_a_person and not beside_a_person):
			continue
		given, refused = agreed_and_refused(consents.get(patient.name, ()))
		usable = usable_channels(patient, settings, consents=given, channels=automatic) - refused
		wished = [patient.preferred_channel, *FALLBACK_ORDER]
		if channel := next((name for name in wished if name in usable), None):
			found[patient.name] = channel
	return found
