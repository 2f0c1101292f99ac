"""What a condition is made of once it is read: comparisons, and, or, not; each can be asked and written down again.

What is not answered is unknown and stays unknown under `not` (three-valued logic): only what is known to hold holds.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hospital_followup.engine.condition_words import plain, written

Value = bool | float | str
OPERATORS: dict[str, Callable[[float, float], bool]] = {
	"=": operator.eq,
	"!=": operator.ne,
	"<": operator.lt,
	"<=": operator.le,
	">": operator.gt,
	">=": operator.ge,
}
ORDERED = frozenset({"<", "<=", ">", ">="})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_YES = frozenset({"yes", "y", "true", "是", "是的", "有", "对", "√"})
_NO = frozenset({"no", "n", "false", "否", "不是", "没有", "没", "无", "不", "×"})


def yes_or_no(text: str) -> bool | None:
	"""What a person means by a word such as Yes, y, 是 or 没有; None when it is neither."""
	word = plain(text).strip().casefold()
	return True if word in _YES else False if word in _NO else None


@dataclass(frozen=True, slots=True)
class Compare:
	"""`code operator value`. A number is compared with a number, a yes/no answer with yes or no, a text with a text."""

	code: str
	operator: str
	value: str
	position: int = field(default=0, compare=False)

	def __str__(self) -> str:
		return f"{self.code} {self.operator} {written(self.value)}"

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		return _compare(answers.get(self.code), self.operator, self.value)


@dataclass(frozen=True, slots=True)
class OneOf:
	"""`code in (value, …)`."""

	code: str
	values: tuple[str, ...]
	position: int = field(default=0, compare=False)

	def __str__(self) -> str:
		return f"{self.code} in ({', '.join(map(written, self.values))})"

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		return _any(_compare(answers.get(self.code), "=", value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Contains:
	"""`code contains "text"`, whatever the case."""

	code: str
	text: str
	position: int = field(default=0, compare=False)

	def __str__(self) -> str:
		return f"{self.code} contains {written(self.text)}"

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		answer = answers.get(self.code)
		return plain(self.text).casefold() in plain(answer).casefold() if isinstance(answer, str) else None


@dataclass(frozen=True, slots=True)
class Answered:
	"""`answered(code)`: never unknown."""

	code: str
	position: int = field(default=0, compare=False)

	def __str__(self) -> str:
		return f"answered({self.code})"

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		return self.code in answers


@dataclass(frozen=True, slots=True)
class Not:
	part: Condition

	def __str__(self) -> str:
		return f"not {_bracketed(self.part, And, Or)}"

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		result = self.part.known(answers)
		return None if result is None else not result


@dataclass(frozen=True, slots=True)
class And:
	parts: tuple[Condition, ...]

	def __str__(self) -> str:
		return " and ".join(_bracketed(part, And, Or) for part in self.parts)

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		results = [part.known(answers) for part in self.parts]
		return False if False in results else None if None in results else True


@dataclass(frozen=True, slots=True)
class Or:
	parts: tuple[Condition, ...]

	def __str__(self) -> str:
		return " or ".join(_bracketed(part, Or) for part in self.parts)

	def known(self, answers: Mapping[str, Value]) -> bool | None:
		return _any(part.known(answers) for part in self.parts)


Leaf = Compare | OneOf | Contains | Answered
Condition = Leaf | Not | And | Or


def holds(condition: Condition, answers: Mapping[str, Value]) -> bool:
	"""Whether the condition is known to hold; an answer that is missing proves nothing."""
	return condition.known(answers) is True


def leaves(condition: Condition) -> Iterator[Leaf]:
	"""The comparisons of a condition, in the order in which they are written."""
	if isinstance(condition, Not):
		yield from leaves(condition.part)
	elif isinstance(condition, And | Or):
		for part in condition.parts:
			yield from leaves(part)
	else:
		yield condition


def _compare(answer: Value | None, sign: str, value: str) -> bool | None:
	if answer is None:
		return None
	if isinstance(answer, bool):
		meant = yes_or_no(value)
		same = None if meant is None else answer == meant
	elif isinstance(answer, str):
		same = plain(answer).strip().casefold() == plain(value).strip().casefold()
	else:
		number = number_in(value)
		return None if number is None else OPERATORS[sign](answer, number)
	if same is None or sign in ORDERED:
		return None
	return same if sign == "=" else not same


def number_in(text: str) -> float | None:
	"""The number that a value stands for, None when it is none."""
	digits = plain(text).strip()
	return float(digits) if _NUMBER.fullmatch(digits) else None


def _any(results: Iterable[bool | None]) -> bool | None:
	found = list(results)
	return True if True in found else None if None in found else False


def _bracketed(part: Condition, *kinds: type) -> str:
	return f"({part})" if isinstance(part, kinds) else str(part)
