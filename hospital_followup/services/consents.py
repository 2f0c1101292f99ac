"""What patients have agreed to and refused, for many at once."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from hospital_followup.engine.names import CHANNELS
from hospital_followup.services import queries
from hospital_followup.services.facts import agreed_and_refused

CONSENT = "Follow-up Consent"


def standing_of(patients: Sequence[str], purpose: str) -> dict[str, dict[str, bool | None]]:
	"""By patient and channel: True agreed, False refused or withdrawn, None never asked."""
	if not patients:
		return {}
	consent = frappe.qb.DocType(CONSENT)
	rows = (
		frappe.qb.from_(consent)
		.select(consent.patient, consent.channel, consent.given_on, consent.withdrawn_on)
		.where(consent.patient.isin(list(patients)) & (consent.purpose == purpose))
		.orderby(consent.creation)
		.orderby(consent.name)
		.run(as_dict=True)
	)
	said = queries.group(rows, "patient")
	found: dict[str, dict[str, bool | None]] = {}
	for patient in patients:
		agreed, refused = agreed_and_refused(said.get(patient, ()))
		found[patient] = {
			channel: True if channel in agreed else False if channel in refused else None
			for channel in CHANNELS
		}
	return found
