"""The facts that LACE and HOSPITAL count, as people type them: text, because Frappe stores an empty number as 0.

Full-width digits, Chinese numerals and a trailing unit are understood; what is stored is plain digits or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

YES_NO_FACTS = ("emergency_admission", "oncology", "any_procedure")
YES_NO: Mapping[str, str] = {
	"yes": "Yes", "y": "Yes", "1": "Yes", "true": "Yes", "是": "Yes", "有": "Yes",
	"no": "No", "n": "No", "0": "No", "false": "No", "否": "No", "无": "No",
}  # fmt: skip

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
# The longest piece a person would add to a number: 5天, 3次, 12 days, 138 mmol/L, 118g/L.
NUMBER_AND_UNIT = re.compile(
	r"(?P<number>[-+]?[\d.]+|[〇零一二两三四五六七八九十百千点]+)\s*(?P<unit>[^\d\s].{0,9})?"
)


@dataclass(frozen=True, slots=True)
class Fact:
	"""What may stand in one field: the range in which a value can be meant, whole or not, and units to drop."""

	minimum: int
	maximum: int
	whole: bool = True
	units: tuple[str, ...] = ()


DAYS = ("天", "日", "day", "days", "d")
TIMES = ("次", "回", "times")
# Ranges are what a living patient can have, wide enough never to refuse a true value.
FACTS: Mapping[str, Fact] = {
	"length_of_stay": Fact(0, 3650, whole=False, units=DAYS),
	"charlson": Fact(0, 40, units=("分", "points")),
	"ed_visits": Fact(0, 200, units=TIMES),
	"admissions_12m": Fact(0, 100, units=TIMES),
	"sodium": Fact(80, 200, whole=False, units=("mmol/l", "meq/l")),
}
# Haemoglobin in each unit: no living adult or newborn is outside.
HAEMOGLOBIN: Mapping[str, Fact] = {
	"g/dL": Fact(1, 28, whole=False, units=("g/dl",)),
	"g/L": Fact(10, 280, whole=False, units=("g/l",)),
}
# A bare number up to 22 can only be grams per decilitre, from 30 on only grams per litre; between them only the
# person who read the report can tell.
LAST_G_PER_DL, FIRST_G_PER_L = 22, 30


def tidy_facts(doc: Document) -> list[str]:
	"""Write every score fact of a discharge in its plain form; return one sentence for each that cannot be meant."""
	problems = [problem for name in FACTS if (problem := _tidy(doc, name, FACTS[name]))]
	if problem := _tidy_haemoglobin(doc):
		problems.append(problem)
	for name in YES_NO_FACTS:
		value = cstr(doc.get(name)).strip()
		doc.set(name, YES_NO.get(value.lower(), value))
	return problems


def plain_number(text: str) -> Decimal | None:
	"""The number in `text`, Arabic or Chinese numerals; None when there is none."""
	if text and text[0] in "〇零一二两三四五六七八九十百千":
		return _chinese_number(text)
	try:
		number = Decimal(text)
	except InvalidOperation:
		return None
	return number if number.is_finite() else None


def _chinese_number(text: str) -> Decimal | None:
	whole, _point, decimals = text.partition("点")
	total = digit = 0
	if not any(place in whole for place in PLACES):
		total = int("".join(str(DIGITS[char]) for char in whole) or "0")
	else:
		for char in whole:
			if char in PLACES:
				total += (digit or 1) * PLACES[char]
				digit = 0
			else:
				digit = DIGITS[char]
		total += digit
	if any(char not in DIGITS for char in decimals):
		return None
	return Decimal(f"{total}.{''.join(str(DIGITS[char]) for char in decimals) or 0}")


def _parse(value: object) -> tuple[Decimal | None, str, str]:
	"""The number, its unit in lower case, and the tidied text as it was typed."""
	text = unicodedata.normalize("NFKC", cstr(value)).strip()
	match = NUMBER_AND_UNIT.fullmatch(text)
	if not match:
		return None, "", text
	return plain_number(match["number"]), (match["unit"] or "").strip().lower(), text


def _tidy(doc: Document, name: str, fact: Fact) -> str | None:
	number, unit, text = _parse(doc.get(name))
	if not text:
		doc.set(name, None)
		return None
	fits = number is not None and (not unit or unit in fact.units)
	if not fits or (fact.whole and number != number.to_integral_value()):
		return _bad_number(doc, name, text, fact)
	if not fact.minimum <= number <= fact.maximum:
		return _("{0}: {1} is outside {2} to {3}. Please check the number.").format(
			_label(doc, name), text, fact.minimum, fact.maximum
		)
	doc.set(name, _plain(number))
	return None


def _tidy_haemoglobin(doc: Document) -> str | None:
	"""Haemoglobin with its unit: as typed, as chosen, or as the size of the number allows no other."""
	number, typed_unit, text = _parse(doc.get("haemoglobin"))
	if not text:
		doc.set("haemoglobin", None)
		return None
	units = {unit.lower(): unit for unit in HAEMOGLOBIN}
	if number is None or (typed_unit and typed_unit not in units):
		return _bad_number(doc, "haemoglobin", text, HAEMOGLOBIN["g/dL"])
	unit = units.get(typed_unit) or doc.get("haemoglobin_unit") or _unit_by_size(number)
	if not unit:
		return _("Haemoglobin {0}: please choose the unit, g/dL or g/L.").format(_plain(number))
	doc.set("haemoglobin_unit", unit)
	fact = HAEMOGLOBIN.get(unit)
	if fact and not fact.minimum <= number <= fact.maximum:
		return _(
			"Haemoglobin {0} {1} cannot be right. 12 g/dL is the same as 120 g/L; please check the unit."
		).format(_plain(number), unit)
	doc.set("haemoglobin", _plain(number))
	return None


def _unit_by_size(number: Decimal) -> str | None:
	if number <= LAST_G_PER_DL:
		return "g/dL"
	return "g/L" if number >= FIRST_G_PER_L else None


def _bad_number(doc: Document, name: str, text: str, fact: Fact) -> str:
	if fact.whole:
		sentence = _(
			"{0}: “{1}” is not a whole number. Enter digits such as 3, or leave it empty if it is not known."
		)
	else:
		sentence = _(
			"{0}: “{1}” is not a number. Enter digits such as 4.5, or leave it empty if it is not known."
		)
	return sentence.format(_label(doc, name), text)


def _label(doc: Document, name: str) -> str:
	return _(doc.meta.get_label(name), context=doc.doctype)


def _plain(number: Decimal) -> str:
	return format(number.normalize(), "f") if number else "0"
