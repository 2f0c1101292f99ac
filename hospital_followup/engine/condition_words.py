"""The words of a condition: from what a person typed to tokens that know their place.

Full-width characters and Chinese punctuation are read as their plain forms one by one, so that a position counted in
the tokens is a position in the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 500
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』"}
_ALIKE = {"、": ",", "。": ".", "；": ";", "−": "-", "–": "-"}
_OPERATORS = {"==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
# A number, an English word, a run of any other script's letters (Chinese writes no spaces), an operator, punctuation.
_TOKEN = re.compile(
	r"(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![A-Za-z_0-9.])"
	r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*|[^\W\d_A-Za-z]+)"
	r"|(?P<operator>==|!=|<>|>=|<=|=>|=<|[=<>≠≥≤])"
	r"|(?P<mark>[(),])"
)
KEYWORDS = {
	"and": "and",
	"or": "or",
	"not": "not",
	"in": "in",
	"contains": "contains",
	"answered": "answered",
	"且": "and",
	"并且": "and",
	"或": "or",
	"或者": "or",
	"非": "not",
	"属于": "in",
	"包含": "contains",
	"已回答": "answered",
}


class ConditionError(ValueError):
	"""A condition that cannot be read: `code` says what is wrong at `position`, counted from 0 in the text as typed.

	Codes: too_long, too_deep, unexpected_character, unclosed_text, expected_question, expected_operator,
	expected_value, expected_list, expected_number, missing_parenthesis, unexpected_word. `found` is what stands there.
	"""

	def __init__(self, code: str, position: int, found: str = "") -> None:
		super().__init__(f"{code} at {position}: {found!r}")
		self.code, self.position, self.found = code, position, found


@dataclass(frozen=True, slots=True)
class Token:
	"""`kind`: word, text (quoted), number, operator, a keyword, a mark, or end."""

	kind: str
	text: str
	position: int


def plain(text: str) -> str:
	"""The text with every character in its plain form and in its place."""
	return "".join(_plain_character(character) for character in text)


def tokens(text: str) -> list[Token]:
	"""All tokens, the last one of kind `end`; raises ConditionError at what is none."""
	if len(text) > LONGEST:
		raise ConditionError("too_long", LONGEST)
	return [*_tokens(text, plain(text)), Token("end", "", len(text))]


def written(text: str) -> str:
	"""A value as it can be read again: bare when it is one plain word or number, else in quotation marks."""
	match = _TOKEN.fullmatch(text) if plain(text) == text else None
	bare = match and (match["number"] or (match["word"] and text.casefold() not in KEYWORDS))
	return text if bare else '"{}"'.format(text.replace('"', '""'))


def _tokens(typed: str, text: str) -> Iterator[Token]:
	place = 0
	while place < len(text):
		if text[place].isspace():
			place += 1
			continue
		if text[place] in _QUOTES:
			inside, end = _quoted(typed, text, place)
			yield Token("text", inside, place)
			place = end
			continue
		match = _TOKEN.match(text, place)
		if not match:
			raise ConditionError("unexpected_character", place, typed[place])
		yield _token(match)
		place = match.end()


def _token(match: re.Match[str]) -> Token:
	word = match.group()
	if match["word"] and word.casefold() in KEYWORDS:
		return Token(KEYWORDS[word.casefold()], word, match.start())
	if match["mark"]:
		return Token(word, word, match.start())
	return Token(str(match.lastgroup), _OPERATORS.get(word, word), match.start())


def _quoted(typed: str, text: str, start: int) -> tuple[str, int]:
	"""What stands between quotation marks and where the text goes on; a doubled mark stands for itself."""
	closing, inside, place = _QUOTES[text[start]], [], start + 1
	while place < len(text):
		if text[place] != closing:
			inside.append(typed[place])
			place += 1
		elif text[place + 1 : place + 2] == closing:
			inside.append(closing)
			place += 2
		else:
			return "".join(inside), place + 1
	raise ConditionError("unclosed_text", start, typed[start:])


def _plain_character(character: str) -> str:
	if character in _QUOTES or character in _QUOTES.values():
		return character
	if character in _ALIKE:
		return _ALIKE[character]
	normal = unicodedata.normalize("NFKC", character)
	return _ALIKE.get(normal, normal) if len(normal) == 1 else character
