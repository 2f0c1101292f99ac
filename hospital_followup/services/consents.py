"""What a patient agreed to and refused, per purpose and channel: looked up for many, given and withdrawn with one call.

Every word is a record of its own (Follow-up Consent) and the latest one counts; nothing is ever overwritten, so that it
can be shown who said what and when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe.utils import get_fullname, now_datetime

from hospital_followup.engine.names import CHANNELS
from hospital_followup.services import queries
from hospital_followup.services.bedside_consent import CONSENT, PURPOSES
from hospital_followup.services.facts import agreed_and_refused
from hospital_followup.services.patients import on_consent_changed

CLINICAL, RESEARCH, ALL = "Clinical", "Research", "All"
#: What ends with "do not write to me any more". Consent to research is also about the use of data, which is asked and
#: answered on its own (research_cohort); messages about research end all the same, see `standing_of`.
CONTACT_PURPOSES = ("Clinical", "Survey", "Promotion")
PATIENT = "Follow-up Patient"
#: Words that the form of a patient shows; the list of consents has them all.
LATEST = 20
FIELDS = ("name", "patient", "purpose", "channel", "given_on", "withdrawn_on")


def standing_of(patients: Iterable[str], purpose: str) -> dict[str, dict[str, bool | None]]:
	"""By patient and channel: True agreed, False refused, None never asked; one query for all of them.

	Who refused clinical messages on a channel is not written to about research on it either, unless a later word says so.
	"""
	return _standing(patients, purpose, with_clinical=purpose == RESEARCH)


def _standing(
	patients: Iterable[str], purpose: str, *, with_clinical: bool
) -> dict[str, dict[str, bool | None]]:
	wanted = sorted(set(patients))
	if not wanted:
		return {}
	consent = frappe.qb.DocType(CONSENT)
	counts = consent.purpose == purpose
	if with_clinical:
		counts |= (consent.purpose == CLINICAL) & consent.withdrawn_on.isnotnull()
	rows = (
		frappe.qb.from_(consent)
		.select(*(consent[field] for field in FIELDS))
		.where(consent.patient.isin(wanted) & counts & queries.in_general(consent))
		.orderby(consent.creation)
		.orderby(consent.name)
		.run(as_dict=True)
	)
	words = defaultdict(list)
	for row in rows:
		words[row.patient].append(row)
	found: dict[str, dict[str, bool | None]] = {}
	for patient in wanted:
		agreed, refused = agreed_and_refused(words[patient])
		found[patient] = {
			channel: True if channel in agreed else False if channel in refused else None
			for channel in CHANNELS
		}
	return found


def withdraw(
	patient: str, channel: str = ALL, purposes: Sequence[str] = CONTACT_PURPOSES, *, evidence: str
) -> list[str]:
	"""Record that `patient` refuses `channel` (or All) for these purposes, from now on; contacts are planned anew.

	Returns the new records; what is refused already is not recorded twice. `evidence` says how the patient said it,
	never with a number or the text of a message. Whoever calls this has checked the right to.
	"""
	return _record(patient, channel, purposes, evidence, agreed=False)


def give(patient: str, channel: str, purposes: Sequence[str], *, evidence: str) -> list[str]:
	"""Record that `patient` agrees to `channel` (or All) for these purposes: the counterpart of `withdraw`."""
	return _record(patient, channel, purposes, evidence, agreed=True)


def words_of(patient: str) -> list[dict[str, Any]]:
	"""The latest words of a patient, the newest first, as far as the user may read them: what, when, how, by whom."""
	rows = frappe.get_list(
		CONSENT,
		filters={"patient": patient},
		fields=["name", "purpose", "programme", "channel", "given_on", "withdrawn_on", "evidence", "owner"],
		order_by="creation desc, name",
		limit=LATEST,
	)
	return [
		{
			"name": row.name,
			"purpose": row.purpose,
			"programme": row.programme,
			"channel": row.channel,
			"agreed": not row.withdrawn_on,
			"on": row.withdrawn_on or row.given_on,
			"evidence": row.evidence,
			"by": get_fullname(row.owner) if row.owner != "Guest" else None,
		}
		for row in rows
	]


def _record(patient: str, channel: str, purposes: Sequence[str], evidence: str, *, agreed: bool) -> list[str]:
	if channel not in (ALL, *CHANNELS) or not set(purposes) <= set(PURPOSES):
		raise ValueError("consent is per purpose and channel")
	# Who says it twice at the same time has said it once.
	frappe.db.get_value(PATIENT, patient, "name", for_update=True)
	new = [purpose for purpose in purposes if _is_new(patient, channel, purpose, agreed)]
	said = {"evidence": evidence, "given_on" if agreed else "withdrawn_on": now_datetime()}
	names = [_insert({"patient": patient, "channel": channel, "purpose": purpose, **said}) for purpose in new]
	if CLINICAL in new:
		on_consent_changed(patient)
	return names


def _is_new(patient: str, channel: str, purpose: str, agreed: bool) -> bool:
	standing = _standing([patient], purpose, with_clinical=False)[patient]
	about = CHANNELS if channel == ALL else (channel,)
	return any(standing[name] is not agreed for name in about)


def _insert(values: dict[str, Any]) -> str:
	doc = frappe.get_doc({"doctype": CONSENT, **values})
	doc.flags.plan_later = True
	doc.insert(ignore_permissions=True)  # reason: the patient's own word, by link, reply or staff
	return doc.name
