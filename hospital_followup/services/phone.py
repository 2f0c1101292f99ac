"""Telephone numbers as people type them: brought into international form where possible, never thrown away."""

from __future__ import annotations

import re

import phonenumbers

from hospital_followup.channels.phone_numbers import DEFAULT_COUNTRY, e164, parsed
from hospital_followup.channels.phone_numbers import typed as as_typed

VISIBLE_START, VISIBLE_END = 3, 4
MASK = "****"


def international(text: str | None, country: str | None) -> tuple[str | None, bool]:
	"""`text` as +8613812345678 and True; as it was typed and False when it is no valid number of `country`.

	`country` is a two-letter code for numbers that carry no +86 or the like. Empty stays empty and is not wrong.
	"""
	typed = as_typed(text)
	if not typed:
		return None, True
	number = parsed(typed, country)
	if number is None:
		return typed, False
	if number.extension:  # an extension is part of what a caller needs and E.164 has no place for it
		return typed, True
	return e164(number), True


def masked(text: str | None) -> str | None:
	"""138****5678: enough to recognise a number, too little to call it."""
	typed = (text or "").strip()
	if not typed:
		return None
	try:
		digits = str(phonenumbers.national_significant_number(phonenumbers.parse(typed, DEFAULT_COUNTRY)))
	except phonenumbers.NumberParseException:
		digits = re.sub(r"\D", "", typed)
	if len(digits) < VISIBLE_START + VISIBLE_END + 2:
		return MASK + digits[-2:] if len(digits) > VISIBLE_END else MASK
	return digits[:VISIBLE_START] + MASK + digits[-VISIBLE_END:]
