"""Which script, questionnaire or advice is about this patient, and which of several is the most specific.

Order (clinical.md leaves it to the hospital, the issue says "most specific first"): the condition treated, the audience,
another condition that the patient also has, department, channel, language; then the higher version, approved later.
A disease that came along never pushes aside the questions for an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.pathway import matches_any

AFTER_SURGERY, MATERNITY, CHILD, OLDER = "After Surgery", "Maternity", "Child", "Older Person"
AUDIENCES = (AFTER_SURGERY, MATERNITY, CHILD, OLDER)
#: A patient may belong to several: a child after an operation is a child first, and age alone says least.
_NARROWNESS = {CHILD: 4, MATERNITY: 3, AFTER_SURGERY: 2, OLDER: 1}
OLDER_FROM = 65
ADULT_FROM = 18
_SEPARATORS = re.compile(r"[,，、;；\n\r]+")
_MATERNITY_CODES = tuple(f"O{decade:02d}" for decade in range(100))
_MATERNITY_WORDS = (
	"产后",
	"分娩",
	"剖宫产",
	"妊娠",
	"delivery",
	"childbirth",
	"postpartum",
	"caesarean",
	"cesarean",
)
#: A pregnancy without a living child (ICD-10 O00-O08, O36.4, P95, Z37.1, .4, .7): nobody is to be asked about the baby.
_LOSS = (
	*(
		"O00",
		"O01",
		"O02",
		"O03",
		"O04",
		"O05",
		"O06",
		"O07",
		"O08",
		"O36.4",
		"P95",
		"Z37.1",
		"Z37.4",
		"Z37.7",
	),
	*("死胎", "死产", "胎死", "流产", "引产", "异位妊娠", "新生儿死亡", "葡萄胎"),
	*(
		"stillbirth",
		"stillborn",
		"miscarriage",
		"abortion",
		"ectopic pregnancy",
		"fetal death",
		"neonatal death",
	),
)


@dataclass(frozen=True, slots=True)
class Stay:
	"""What is known of the patient's stay; `age` in completed years, None when unknown."""

	diagnoses: tuple[Diagnosis, ...] = ()
	procedures: tuple[Procedure, ...] = ()
	age: int | None = None
	sex: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
	"""One approved document that might be used. An empty field means: for all."""

	name: str
	condition: str = ""
	audience: str = ""
	department: str = ""
	channel: str = ""
	language: str = ""
	version: int = 1
	approved_on: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
	"""What the contact is about. `adult_from`: under this age the patient is a child (Settings)."""

	stay: Stay = Stay()
	department: str = ""
	channel: str = ""
	language: str = ""
	adult_from: int = ADULT_FROM


def terms(text: str | None) -> tuple[str, ...]:
	"""The terms of a field: separated by commas of either script, semicolons or lines."""
	return tuple(filter(None, (term.strip() for term in _SEPARATORS.split(text or ""))))


def matches(wanted: tuple[str, ...], stay: Stay) -> bool:
	"""Whether a term is the beginning of an ICD-10 code, or part of the title, of a diagnosis or a procedure."""
	return matches_any(wanted, stay.diagnoses) or matches_any(wanted, stay.procedures)


def is_for(audience: str, stay: Stay, *, adult_from: int = ADULT_FROM) -> bool:
	"""Whether the patient belongs to an audience; an unknown age belongs to none. Empty: everybody does."""
	if not audience:
		return True
	if audience == AFTER_SURGERY:
		return bool(stay.procedures)
	if audience == CHILD:
		return stay.age is not None and stay.age < adult_from
	if audience == OLDER:
		return stay.age is not None and stay.age >= OLDER_FROM
	return matches((*_MATERNITY_CODES, *_MATERNITY_WORDS), stay) and not matches(_LOSS, stay)


def rank(offers: Iterable[Offer], wanted: Wanted) -> list[Offer]:
	"""The offers that may be used for this contact, the most specific first; the order is the same every time."""
	fitting = [offer for offer in offers if _fits(offer, wanted)]
	fitting.sort(key=lambda offer: offer.name)
	fitting.sort(
		key=lambda offer: (_specificity(offer, wanted), offer.version, offer.approved_on), reverse=True
	)
	return fitting


def _fits(offer: Offer, wanted: Wanted) -> bool:
	words = terms(offer.condition)
	return (
		(not words or matches(words, wanted.stay))
		and is_for(offer.audience, wanted.stay, adult_from=wanted.adult_from)
		and offer.department in ("", wanted.department)
		and offer.channel in ("", wanted.channel)
	)


def _specificity(offer: Offer, wanted: Wanted) -> tuple[int, ...]:
	words = terms(offer.condition)
	return (
		bool(words) and _is_what_was_treated(words, wanted.stay),
		_NARROWNESS.get(offer.audience, 0),
		bool(words),
		bool(offer.department),
		bool(offer.channel),
		_nearness(offer.language, wanted.language),
	)


def _nearness(language: str, wanted: str) -> int:
	"""2 the language itself, 1 a variety of it (zh-TW for zh), 0 another one or none."""
	if language == wanted:
		return 2 if language else 0
	return int(bool(language) and language.split("-")[0] == wanted.split("-")[0])


def _is_what_was_treated(words: tuple[str, ...], stay: Stay) -> bool:
	"""Whether the terms meet the main diagnosis or a procedure; every diagnosis is one where none is marked."""
	primary = tuple(item for item in stay.diagnoses if item.primary) or stay.diagnoses
	return matches_any(words, primary) or matches_any(words, stay.procedures)
