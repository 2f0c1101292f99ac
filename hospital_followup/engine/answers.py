"""What a person typed or tapped, read as the answer of a question, or refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hospital_followup.engine.conditions import Value, yes_or_no
from hospital_followup.engine.questions import CHOICE, NUMERIC, SCALE, YES_NO, Question

LONGEST_TEXT = 2000
_NUMBER = re.compile(r"(?P<number>[-+]?[0-9]{1,9}(\.[0-9]{1,6})?)\s*(?P<unit>\D.*)?", re.DOTALL)
_SECOND = re.compile(r"[/,;:\\-]?\s*[0-9]")
# What a Chinese input method types for a decimal point, and the minus signs that are none.
_ALIKE = str.maketrans({"。": ".", "−": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Answer:
	"""`value` is what is compared, `text` what is stored and can be read again; both empty for an answer taken back."""

	question: str
	value: Value | None
	text: str

	@property
	def number(self) -> float | None:
		"""The answer on an axis: a number as it is, Yes 1 and No 0; None for words."""
		return None if self.value is None or isinstance(self.value, str) else float(self.value)


@dataclass(frozen=True, slots=True)
class AnswerError:
	"""Why `raw` is no answer.

	Codes: not_yes_or_no, not_a_number, two_numbers, not_whole, other_unit, too_low, too_high, not_a_choice, too_long. `limit` is
	the limit that was passed.
	"""

	question: str
	code: str
	raw: str
	limit: float | None = None


def read_answer(question: Question, raw: object) -> Answer | AnswerError:
	"""Read an answer; full-width digits, the question's own unit and Chinese yes and no are understood.

	None and blank text take an answer back.
	"""
	text = _text(raw)
	if not text:
		return Answer(question.code, None, "")
	if question.answer_type == YES_NO:
		return _yes_no(question, text)
	if question.answer_type in NUMERIC:
		return _number(question, text)
	if question.answer_type == CHOICE:
		return _choice(question, text)
	if len(text) > LONGEST_TEXT:
		return AnswerError(question.code, "too_long", text, LONGEST_TEXT)
	return Answer(question.code, text, text)


def shown(number: float) -> str:
	"""A number as people write it: 7 and 37.5, never 7.0."""
	return f"{number:.6f}".rstrip("0").rstrip(".")


def _text(raw: object) -> str:
	if raw is None:
		return ""
	if isinstance(raw, float) and raw.is_integer():
		return shown(raw)
	if isinstance(raw, int) and raw.bit_length() > 64:
		return "…"  # Python refuses to write very long numbers; this one is refused as no number
	return str(raw).encode("utf-8", "ignore").decode("utf-8").strip()


def _yes_no(question: Question, text: str) -> Answer | AnswerError:
	meant = {"1": True, "0": False}.get(text, yes_or_no(text))
	if meant is None:
		return AnswerError(question.code, "not_yes_or_no", text)
	return Answer(question.code, meant, "Yes" if meant else "No")


def _number(question: Question, text: str) -> Answer | AnswerError:
	match = _NUMBER.fullmatch(_plain(text))
	if not match:
		return AnswerError(question.code, "not_a_number", text)
	unit = (match["unit"] or "").strip()
	if _SECOND.match(unit):
		return AnswerError(question.code, "two_numbers", text)
	if unit and (not unit[0].isalpha() and unit[0] not in "°%/"):
		return AnswerError(question.code, "not_a_number", text)
	if unit and _same_unit(unit) != _same_unit(question.unit):
		return AnswerError(question.code, "other_unit", text)
	number = float(match["number"]) + 0.0  # -0.0 is 0
	if question.answer_type == SCALE and not number.is_integer():
		return AnswerError(question.code, "not_whole", text)
	if question.minimum is not None and number < question.minimum:
		return AnswerError(question.code, "too_low", text, question.minimum)
	if question.maximum is not None and number > question.maximum:
		return AnswerError(question.code, "too_high", text, question.maximum)
	return Answer(question.code, number, shown(number))


def _choice(question: Question, text: str) -> Answer | AnswerError:
	wanted = _plain(text).casefold()
	for choice in question.choices:
		if wanted in (_plain(choice.value).casefold(), _plain(choice.label).casefold()):
			return Answer(question.code, choice.value, choice.value)
	return AnswerError(question.code, "not_a_choice", text)


def _plain(text: str) -> str:
	return unicodedata.normalize("NFKC", text).translate(_ALIKE).strip()


def _same_unit(unit: str) -> str:
	return "".join(_plain(unit).casefold().split())
