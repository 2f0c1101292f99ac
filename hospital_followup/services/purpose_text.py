"""What is read out to the patient about follow-up before consent is asked: its purpose, freedom, confidentiality, safety.

The four purposes are explained one by one, because consent to one is none to another.
"""

from __future__ import annotations

import frappe
from frappe import _

#: The languages in which the text exists; another language gets the English one.
LANGUAGES = ("zh", "en")


def in_languages() -> dict[str, list[str]]:
	"""The paragraphs by language."""
	return {language: paragraphs(language) for language in LANGUAGES}


def paragraphs(language: str, *, first_visit: bool = False) -> list[str]:
	"""The paragraphs to read out at discharge, or at the first visit, with the hospital's numbers in their places."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	hospital = settings.hospital_name or _("our hospital", language)
	call_us = (
		_("If somebody does, it is not us: please call {0}.", language).format(settings.hospital_phone)
		if settings.hospital_phone
		else _("If somebody does, it is not us: please tell your ward.", language)
	)
	why = (
		_(
			"Between your visits, {0} would like to stay in touch with you: a few short calls or messages, to hear how you are, to answer your questions, and to remind you of your next visit.",
			language,
		)
		if first_visit
		else _(
			"After you go home, {0} would like to stay in touch with you: a few short calls or messages, to hear how you are and whether your medicines agree with you, and to remind you of your next visit.",
			language,
		)
	)
	return [
		why.format(hospital),
		_(
			"It costs you nothing. You may say at any time that you do not want this any more; your treatment stays the same.",
			language,
		),
		_(
			"What you tell us goes into your medical record and is seen only by those who look after you. We speak about your health with you, and with the people whom you name.",
			language,
		),
		_sentences(language, _("We never ask for money, a bank card or a password.", language), call_us),
		_("In an emergency do not wait for our call: dial {0}.", language).format(settings.emergency_number),
	]


def explained(language: str) -> dict[str, str]:
	"""What each purpose means, as one sentence to read out."""
	return {
		"Clinical": _("Your care: how you are, your medicines, and when you come back to us.", language),
		"Survey": _("Whether you were satisfied with us, at most one short survey a month.", language),
		"Promotion": _("Offers and events of the hospital. Only if you want them.", language),
		"Research": _(
			"Medical research with your records, without your name. You may say no and lose nothing.",
			language,
		),
	}


def ways_out(language: str) -> str:
	"""How to take a consent back."""
	return _(
		"You can take back each of these at any time: answer STOP to a message, choose “I do not want to be contacted any more” on your page, or tell any of us.",
		language,
	)


def _sentences(language: str, *sentences: str) -> str:
	"""Sentences in one paragraph; Chinese puts no space between them."""
	return ("" if language == "zh" else " ").join(sentences)
