"""The small language of show_if, amber_if and red_if: `pain >= 4 and (fever = yes or wound in (red, open))`.

Comparisons with = != < <= > >=, `in (…)`, `contains "…"`, `answered(…)`, joined by and, or, not and parentheses. There
is no code in it: a condition can compare answers and nothing else.
"""

from __future__ import annotations

from functools import lru_cache

from hospital_followup.engine.condition_nodes import (
	ORDERED,
	And,
	Answered,
	Compare,
	Condition,
	Contains,
	Leaf,
	Not,
	OneOf,
	Or,
	Value,
	holds,
	leaves,
	number_in,
	yes_or_no,
)
from hospital_followup.engine.condition_words import ConditionError, Token, tokens

__all__ = [
	"ORDERED",
	"And",
	"Answered",
	"Compare",
	"Condition",
	"ConditionError",
	"Contains",
	"Leaf",
	"Not",
	"OneOf",
	"Or",
	"Value",
	"holds",
	"leaves",
	"number_in",
	"parse",
	"yes_or_no",
]
DEEPEST = 20


@lru_cache(maxsize=4096)
def parse(text: str, *, own: str | None) -> Condition:
	"""Read a condition. `own` is the question that a comparison without a left side is about (`>= 140`, `yes`).

	Raises ConditionError, and nothing else, for a text that is no condition.
	"""
	return _Reader(tokens(text), own).condition()


class _Reader:
	"""Recursive descent over the tokens: or, and, not, then one comparison or a pair of parentheses."""

	def __init__(self, words: list[Token], own: str | None) -> None:
		self.words, self.own, self.place, self.depth = words, own, 0, 0

	def condition(self) -> Condition:
		found = self.either()
		if self.here.kind != "end":
			raise self.error("unexpected_word")
		return found

	@property
	def here(self) -> Token:
		return self.words[self.place]

	def take(self, *kinds: str) -> Token | None:
		token = self.here
		if token.kind not in kinds:
			return None
		self.place += 1
		return token

	def error(self, code: str) -> ConditionError:
		return ConditionError(code, self.here.position, self.here.text)

	def either(self) -> Condition:
		parts = [self.both()]
		while self.take("or"):
			parts.append(self.both())
		return parts[0] if len(parts) == 1 else Or(tuple(parts))

	def both(self) -> Condition:
		parts = [self.part()]
		while self.take("and"):
			parts.append(self.part())
		return parts[0] if len(parts) == 1 else And(tuple(parts))

	def part(self) -> Condition:
		if self.depth == DEEPEST:
			raise self.error("too_deep")
		self.depth += 1
		found = self.negation_or_atom()
		self.depth -= 1
		return found

	def negation_or_atom(self) -> Condition:
		if self.take("not"):
			return Not(self.part())
		if self.take("("):
			inside = self.either()
			self.close()
			return inside
		if self.here.kind == "answered":
			return self.answered()
		return self.comparison()

	def answered(self) -> Answered:
		position = self.here.position
		self.place += 1
		if not self.take("("):
			raise self.error("expected_list")
		code = self.take("word")
		if not code:
			raise self.error("expected_question")
		self.close()
		return Answered(code.text.lower(), position)

	def comparison(self) -> Condition:
		start = self.here
		following = self.words[self.place + 1].kind if start.kind != "end" else "end"
		named = start.kind == "word" and (self.own is None or following in ("operator", "in", "contains"))
		code = self.question() if named else self.own
		if code is None:
			raise self.error("expected_question")
		if sign := self.take("operator"):
			return self.compare(code, sign.text, start.position)
		if self.take("in"):
			return OneOf(code, self.values(), start.position)
		if self.take("contains"):
			return Contains(code, self.value(), start.position)
		if named:
			raise self.error("expected_operator")
		return Compare(code, "=", self.value(), start.position)

	def question(self) -> str:
		code = self.here.text
		self.place += 1
		return code.lower()

	def compare(self, code: str, sign: str, position: int) -> Compare:
		if sign in ORDERED and self.here.kind in ("word", "text"):
			raise self.error("expected_number")
		return Compare(code, sign, self.value(), position)

	def values(self) -> tuple[str, ...]:
		if not self.take("("):
			raise self.error("expected_list")
		found = [self.value()]
		while self.take(","):
			found.append(self.value())
		self.close()
		return tuple(found)

	def value(self) -> str:
		token = self.take("number", "word", "text")
		if not token:
			raise self.error("expected_value")
		return token.text

	def close(self) -> None:
		if not self.take(")"):
			raise self.error("missing_parenthesis")
