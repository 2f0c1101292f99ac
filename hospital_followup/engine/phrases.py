"""Red-flag words in what a patient wrote or said, in Chinese and English, with their negation.

A phrase counts unless the words around it deny it, end it or only suppose it (`denials`). What is doubtful counts,
because an alert too many costs a doctor a minute and an alert too few may cost more: a question, a fear, "my mother has
chest pain" (a relative may be speaking about the patient), "no fever, chest pain since yesterday".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hospital_followup.engine import denials

#: A place where other words may stand, in a phrase: "胸…痛" finds "胸口很痛".
GAP = "…"
_SEPARATOR = re.compile(r"[,，、;；\n|]+")
_GAP = re.compile(r"…+|\.{3,}|\*")
_END = re.compile(r"[!?;。…\n\r]+|\.(?!\d)")
_HAN_GAP, _WORD_GAP = r"[^,、]{0,6}?", r"(?:[\s-]+[\w']+){0,3}?[\s-]+"
_ENDINGS = "(?:s|es|ed|ing|ful)?"
#: Each gap multiplies the ways in which a phrase may lie in a text.
MOST_GAPS = 2
LONGEST_PHRASE = 60
#: For all conditions of a rule together.
MOST_PHRASES = 250
#: How far a denial is looked for before a phrase and behind it; longer than any list people write.
REACH = 90
#: Of a text longer than this, its beginning and its end are searched, half of it each.
LONGEST_TEXT = 10_000
_SAME = str.maketrans(
	"沒無發燒熱嘔暈腫膿氣難過開來這樣個會覺現見認從傷傾點個還為著裡後將轉讓麼嗎們說對時間頭腦嚴緊適",
	"没无发烧热呕晕肿脓气难过开来这样个会觉现见认从伤倾点个还为着里后将转让么吗们说对时间头脑严紧适",
)


@dataclass(frozen=True, slots=True)
class Mention:
	"""A phrase that the text affirms; `start` and `end` are places in the text as it was given."""

	phrase: str
	start: int
	end: int


@dataclass(frozen=True, slots=True)
class _Sentence:
	text: str
	start: int
	asks: bool
	answered_no: bool
	last_comma: int
	last_again: int


def read_phrases(text: str) -> tuple[str, ...]:
	"""The phrases of a field: separated by commas of either script, 、, semicolons or lines."""
	return tuple(dict.fromkeys(part.strip() for part in _SEPARATOR.split(text) if part.strip(" .*…-'’")))


def gaps_in(phrase: str) -> int:
	"""How many gaps part the words of a phrase."""
	return max(0, len(_parts(phrase)) - 1)


def searched(text: str) -> str:
	"""What of a text is searched: all of it, or the two ends of a very long one."""
	if len(text) <= LONGEST_TEXT:
		return text
	half = LONGEST_TEXT // 2
	return f"{text[:half]}\n{text[-half:]}"


def mentions(text: str, phrases: Iterable[str]) -> tuple[Mention, ...]:
	"""Every place where `text` affirms one of `phrases`, in the order of the text.

	A phrase of letters matches whole words with their endings ("bleed" finds "bleeding"), a Chinese one anywhere.
	The work grows in step with the text, for phrases with at most MOST_GAPS gaps.
	"""
	patterns = [(phrase, pattern) for phrase in phrases if (pattern := _pattern(phrase)) is not None]
	found = [
		Mention(phrase, sentence.start + match.start(), sentence.start + match.end())
		for sentence in _sentences(even(text))
		for phrase, pattern in patterns
		for match in pattern.finditer(sentence.text)
		if not _set_aside(sentence, match)
	]
	return tuple(sorted(set(found), key=lambda mention: (mention.start, -mention.end, mention.phrase)))


def affirmed(text: str, phrases: Iterable[str]) -> bool:
	"""Whether `text` affirms one of `phrases`."""
	return bool(mentions(text, phrases))


def even(text: str) -> str:
	"""Full-width forms, case, apostrophes and traditional characters evened out, so that every place stays the same."""
	plain = (unicodedata.normalize("NFKC", character).lower() for character in text)
	kept = (even if len(even) == 1 else given for even, given in zip(plain, text, strict=True))
	return "".join(kept).replace("’", "'").replace("‘", "'").translate(_SAME)


def _sentences(text: str) -> Iterator[_Sentence]:
	ends = [*_END.finditer(text), None]
	start = 0
	for place, end in enumerate(ends):
		stop = end.start() if end else len(text)
		part = text[start:stop]
		asks = bool(end and "?" in end.group()) or bool(denials.QUESTION_WORD.search(part))
		rest = text[end.end() : end.end() + 12] if end else ""
		following = ends[place + 1] if end else None
		answer = rest[: following.start() - end.end()] if end and following else rest
		if part.strip():
			answered_no = asks and bool(denials.DENYING_ANSWER.match(answer))
			again = max((found.start() for found in denials.AGAIN.finditer(part)), default=-1)
			yield _Sentence(part, start, asks, answered_no, part.rfind(","), again)
		start = end.end() if end else stop


def _set_aside(sentence: _Sentence, match: re.Match[str]) -> bool:
	"""Whether the words around a match deny it, end it or only suppose it."""
	text, reach = sentence.text, match.end() + REACH
	# What is cut off is not the end of a sentence: "…" stands in no sentence, and nothing ends with it.
	behind = text[match.end() : reach] + ("…" if len(text) > reach else "")
	asked = sentence.asks and sentence.last_comma < match.end()
	if asked and sentence.answered_no:
		return True
	if sentence.last_again >= match.end():
		return False
	earlier, last = text[max(0, match.start() - REACH) : match.start()], match.start("last")
	between = text[match.end("first") : last] if last > match.start() else ""
	denied = denials.before(earlier, text[match.start()]) or _in_list(earlier, behind)
	denied = denied or denials.before(between, text[last])
	if denials.FREE_BEHIND.match(behind):
		return not denied
	if any(ended.match(behind) for ended in denials.ENDED_BEHIND):
		return True
	if denied:
		return not asked and not denials.DOUBTED_BEHIND.match(behind)
	return any(cue.search(earlier) for cue in denials.SUPPOSED_BEFORE)


def _in_list(earlier: str, behind: str) -> bool:
	if denials.LIST_BEFORE.search(earlier) and denials.IN_LIST.match(behind):
		return True
	return bool(denials.CHART_BEFORE.search(earlier)) and not denials.TOLD.match(behind)


@lru_cache(maxsize=2048)
def _pattern(phrase: str) -> re.Pattern[str] | None:
	parts = _parts(phrase)
	if not parts:
		return None
	names = ["first", *[""] * (len(parts) - 2), "last"][-len(parts) :]
	pattern = ""
	for words, name, earlier in zip(parts, names, [[""], *parts], strict=False):
		if earlier[-1]:
			pattern += _HAN_GAP if _is_han(words[0][0]) or _is_han(earlier[-1][-1]) else _WORD_GAP
		pattern += _written(words, name)
	return re.compile(pattern)


def _parts(phrase: str) -> list[list[str]]:
	"""The words of a phrase, from gap to gap; an apostrophe alone is no word."""
	parts = (re.split(r"[\s-]+", part) for part in _GAP.split(even(phrase)))
	words = ([word for word in part if word.strip("'")] for part in parts)
	return [part for part in words if part]


def _written(words: Sequence[str], name: str) -> str:
	pattern = r"[\s-]+".join(_inflected(word) for word in words)
	opening = "" if _is_han(words[0][0]) else r"(?<![a-z0-9])"
	closing = "" if _is_han(words[-1][-1]) else r"(?![a-z0-9])"
	return f"{opening}(?P<{name}>{pattern}){closing}" if name else f"{opening}{pattern}{closing}"


def _inflected(word: str) -> str:
	"""A word with its English endings; "n't" may lack its apostrophe."""
	pattern = re.sub("'+", "'?", re.escape(word))
	if not re.fullmatch(r"[a-z]{3,}", word):
		return pattern
	return rf"{word[:-1]}(?:e|es|ed|ing)" if word.endswith("e") else pattern + _ENDINGS


def _is_han(character: str) -> bool:
	return "\u3400" <= character <= "\u9fff"
