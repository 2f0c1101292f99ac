"""A condition of a questionnaire in words, for paper, where no program works it out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from frappe import _

from hospital_followup.engine.conditions import (
	And,
	Answered,
	Compare,
	Condition,
	ConditionError,
	Contains,
	Not,
	OneOf,
	Or,
	parse,
	yes_or_no,
)
from hospital_followup.engine.questions import YES_NO, Question, Questionnaire

SIGNS = {"=": "", "!=": "≠ ", "<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}


def condition_sentence(text: str, own: str | None, questionnaire: Questionnaire) -> str:
	"""`>= 4 or fever = yes` as "≥ 4 or question 2: Yes"; the text itself where it cannot be read."""
	if not text.strip():
		return ""
	try:
		return _words(parse(text, own=own), own, _Numbered(questionnaire))
	except ConditionError:
		return text


class _Numbered:
	"""The questions with the numbers under which they stand on paper."""

	def __init__(self, questionnaire: Questionnaire) -> None:
		self.questions: Mapping[str, Question] = questionnaire.by_code
		self.numbers = {question.code: place for place, question in enumerate(questionnaire.questions, 1)}

	def named(self, code: str, own: str | None, words: str) -> str:
		if code == own:
			return words
		return _("question {0}: {1}").format(self.numbers.get(code, code), words)

	def value(self, code: str, value: str) -> str:
		question = self.questions.get(code)
		if question and question.answer_type == YES_NO and yes_or_no(value) is not None:
			return _("Yes") if yes_or_no(value) else _("No")
		for choice in question.choices if question else ():
			if choice.value.casefold() == value.casefold():
				return choice.label
		return value


def _words(condition: Condition, own: str | None, listed: _Numbered) -> str:
	match condition:
		case Compare(code=code, operator=sign, value=value):
			return listed.named(code, own, SIGNS[sign] + listed.value(code, value))
		case OneOf(code=code, values=values):
			return listed.named(code, own, " / ".join(listed.value(code, value) for value in values))
		case Contains(code=code, text=text):
			return listed.named(code, own, _("contains “{0}”").format(text))
		case Answered(code=code):
			return listed.named(code, own, _("answered"))
		case Not(part=part):
			return _("not ({0})").format(_words(part, own, listed))
		case And(parts=parts):
			return reduce(_("{0} and {1}").format, [_bracketed(part, own, listed) for part in parts])
		case Or(parts=parts):
			return reduce(_("{0} or {1}").format, [_bracketed(part, own, listed) for part in parts])


def _bracketed(part: Condition, own: str | None, listed: _Numbered) -> str:
	words = _words(part, own, listed)
	return f"({words})" if isinstance(part, And | Or) else words
