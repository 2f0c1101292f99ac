"""What the desk may call about consent: what stands, one word more, one word back. Permission first."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname

from hospital_followup.engine.names import CHANNELS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import bedside, bedside_consent, consents, purpose_text
from hospital_followup.services.retry import with_retry

PATIENT = "Follow-up Patient"


@frappe.whitelist(methods=["GET", "POST"])
def patient_consents(patient: str) -> dict[str, Any]:
	"""What the patient agreed to and refused by purpose and channel, who recorded each word, and what is read out."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.check_permission("read")
	frappe.has_permission(bedside_consent.CONSENT, "read", throw=True)
	language = bedside.spoken_language(doc)
	return {
		"purposes": list(bedside_consent.PURPOSES),
		"channels": list(CHANNELS),
		"standing": bedside_consent.standing(patient),
		"words": consents.words_of(patient),
		"ways": choices(),
		"language": language,
		"purpose": purpose_text.in_languages(),
		"explained": purpose_text.explained(frappe.local.lang),
		"read_out": purpose_text.explained(language),
	}


@frappe.whitelist(methods=["POST"])
def withdraw_consent(patient: str, purpose: str = "", channel: str = "All") -> dict[str, Any]:
	"""Withdraw consent at the patient's word: of one `purpose`, or of every one; on one `channel`, or on all of them."""
	_may_record(patient)
	purposes = [purpose] if purpose else list(bedside_consent.PURPOSES)
	_check(purposes, channel)
	evidence = _("Recorded by {0} at the patient's word.").format(get_fullname(frappe.session.user))
	with_retry(lambda: consents.withdraw(patient, channel, purposes, evidence=evidence), commit=False)
	return patient_consents(patient)


@frappe.whitelist(methods=["POST"])
def give_consent(patient: str, purpose: str, channel: str, way: str) -> dict[str, Any]:
	"""Record that the patient agrees to `purpose` on `channel` or All; `way`: how the patient said it, see `ways`."""
	_may_record(patient)
	_check([purpose], channel)
	with_retry(lambda: consents.give(patient, channel, [purpose], evidence=evidence_of(way)), commit=False)
	return patient_consents(patient)


def ways() -> dict[str, str]:
	"""How a patient can say yes to a member of staff."""
	return {
		"In Person": _("In Person"),
		"On the Telephone": _("On the Telephone"),
		"Signed Form": _("Signed Form"),
		"In Writing": _("In Writing"),
	}


def choices() -> list[dict[str, str]]:
	"""The `ways` as a dialog offers them."""
	return [{"value": way, "label": label} for way, label in ways().items()]


def evidence_of(way: str) -> str:
	"""What is written down of a yes that a member of staff records: how the patient said it (`ways`), and who heard it."""
	known = ways()
	if way not in known:
		frappe.throw(_("Say how the patient agreed."), InvalidValueError, title=_("Evidence Missing"))
	return _("{0}; recorded by {1}.").format(known[way], get_fullname(frappe.session.user))


def _may_record(patient: str) -> None:
	frappe.get_doc(PATIENT, patient).check_permission("read")
	frappe.has_permission(bedside_consent.CONSENT, "create", throw=True)


def _check(purposes: list[str], channel: str) -> None:
	if channel not in ("All", *CHANNELS) or not set(purposes) <= set(bedside_consent.PURPOSES):
		frappe.throw(
			_("Consent is asked per purpose and channel, with Yes or No."),
			InvalidValueError,
			title=_("Decision Missing"),
		)
