"""Telephone numbers as people type them, read once for people and programs."""

from __future__ import annotations

import unicodedata

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

DEFAULT_COUNTRY = "CN"
#: Kinds of numbers that can take a text message; where both kinds share a range nobody can tell.
TAKES_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def typed(text: str | None) -> str:
	"""`text` without full-width digits and surrounding space."""
	return unicodedata.normalize("NFKC", text or "").strip()


def parsed(text: str | None, country: str | None) -> PhoneNumber | None:
	"""The valid number that `text` is; `country` is a two-letter code for numbers without +86 or the like."""
	try:
		number = phonenumbers.parse(typed(text), country or DEFAULT_COUNTRY)
	except phonenumbers.NumberParseException:
		return None
	return number if phonenumbers.is_valid_number(number) else None


def e164(number: PhoneNumber) -> str:
	"""+8613800138000"""
	return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def text_number(text: str | None, country: str | None) -> str | None:
	"""`text` as +8613800138000 when it is the number of a telephone that takes text messages."""
	number = parsed(text, country)
	if number is None or number.extension or phonenumbers.number_type(number) not in TAKES_TEXTS:
		return None
	return e164(number)
