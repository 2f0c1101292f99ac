"""Red-flag words in free text: what a denial takes back, and that everything doubtful counts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.phrases import (
	LONGEST_TEXT,
	affirmed,
	even,
	gaps_in,
	mentions,
	read_phrases,
	searched,
)
from tests.engine.red_flag_texts import COUNT, SET_ASIDE

#: The words of the shipped rules.
SHIPPED = tuple(
	phrase
	for rule in json.loads(Path("hospital_followup/seed/alert_rules.json").read_text(encoding="utf-8"))
	for condition in rule["conditions"]
	if condition["operator"] == "Contains"
	for phrase in read_phrases(condition["value"])
)
PHRASES = ("胸痛", "流血", "喘不过气", "胸…痛", "chest pain", "bleed", "don't want to live")
#: Pieces of denials, suppositions and lists in any order: whatever they add up to, the search must come to an end.
PIECES = st.sampled_from(
	[
		"没有",
		"没",
		"无",
		"不",
		"是",
		"不是",
		"再",
		"会",
		"有",
		"出现",
		"感觉到",
		"伴有",
		"以及",
		"或者",
		"、",
		"，",
		"。",
		"？",
		"：",
		"吗",
		"如果",
		"注意",
		"一天",
		"退了",
		"好了",
		"又",
		"胸痛",
		"流血",
		"发烧",
		"no",
		"not",
		"never",
		"without",
		"if",
		"or",
		"nor",
		"and",
		"any",
		"of",
		"in",
		"get",
		"gets",
		"have",
		",",
		".",
		"?",
		":",
		"-",
		"fever",
		"chest",
		"pain",
		"bleeding",
		"free",
		"gone",
		"is",
		"over",
		"again",
		"until",
		"doesn't",
		"胸",
		"痛",
		"喘不过气",
		"'",
		"’",
	]
)
TEXTS = st.one_of(
	st.lists(PIECES, max_size=60).map(" ".join),
	st.lists(PIECES, max_size=60).map("".join),
	st.text(max_size=80),
)
STATEMENTS = [
	(text, phrases)
	for text, phrases in (*COUNT, *SET_ASIDE)
	if not text.endswith(("?", "？", "吗")) and "?" not in text
]


@pytest.mark.parametrize(("text", "phrases"), COUNT)
def test_counts(text: str, phrases: str) -> None:
	assert affirmed(text, read_phrases(phrases))


@pytest.mark.parametrize(("text", "phrases"), SET_ASIDE)
def test_is_set_aside(text: str, phrases: str) -> None:
	assert mentions(text, read_phrases(phrases)) == ()


@pytest.mark.parametrize(
	("text", "phrase", "found"),
	[
		("It was bleeding", "bleed", "bleeding"),
		("he collapsed", "collapse", "collapsed"),
		("he is collapsing", "collapse", "collapsing"),
		("vomiting blood", "vomit blood", "vomiting blood"),
		("ＣＨＥＳＴ－ＰＡＩＮ！", "chest pain", "ＣＨＥＳＴ－ＰＡＩＮ"),
		("胸口現在很痛", "胸…痛", "胸口現在很痛"),
		("呼吸困難", "呼吸困难", "呼吸困難"),
		("i don’t want to live", "don't want to live", "don’t want to live"),
	],
)
def test_a_mention_is_the_text_as_it_was_written(text: str, phrase: str, found: str) -> None:
	(mention,) = mentions(text, [phrase])
	assert text[mention.start : mention.end] == found


@pytest.mark.parametrize(
	("text", "phrase"),
	[
		("an artistic stroke", "strokes of"),
		("rebleeding", "bleed"),
		("painter", "pain"),
		("胸，头很痛", "胸…痛"),
	],
)
def test_other_words_are_no_mention(text: str, phrase: str) -> None:
	assert not affirmed(text, [phrase])


def test_only_what_is_denied_is_set_aside() -> None:
	text = "No fever. Chest pain since yesterday, no bleeding; 伤口没有流血，但是喘不过气。"
	assert [mention.phrase for mention in mentions(text, (*PHRASES, "fever"))] == ["chest pain", "喘不过气"]


@pytest.mark.parametrize(
	("field", "phrases"),
	[
		("胸痛，呼吸困难、chest pain; 晕倒\n bleed ,", ("胸痛", "呼吸困难", "chest pain", "晕倒", "bleed")),
		(" , ，、", ()),
		("胸痛,胸痛", ("胸痛",)),
		("…,胸…痛,...", ("胸…痛",)),
	],
)
def test_the_words_of_a_field(field: str, phrases: tuple[str, ...]) -> None:
	assert read_phrases(field) == phrases


@given(TEXTS)
def test_no_text_breaks_the_search(text: str) -> None:
	for mention in mentions(text, PHRASES):
		assert 0 <= mention.start < mention.end <= len(text)
		assert mention.phrase in PHRASES


@given(TEXTS)
def test_evening_keeps_every_place(text: str) -> None:
	assert len(even(text)) == len(text)
	assert even(even(text)) == even(text)


@given(st.sampled_from(STATEMENTS), st.sampled_from(STATEMENTS))
def test_a_sentence_denies_nothing_in_the_next(first: tuple[str, str], second: tuple[str, str]) -> None:
	phrases = (*read_phrases(first[1]), *read_phrases(second[1]))
	both = affirmed(f"{first[0]}。{second[0]}", phrases)
	assert both == (affirmed(first[0], phrases) or affirmed(second[0], phrases))


@given(TEXTS, st.sampled_from(("胸痛", "chest pain", "流血")))
def test_a_plain_statement_counts_after_anything(text: str, phrase: str) -> None:
	assert affirmed(f"{text}。\n{phrase}", [phrase])


@pytest.mark.parametrize("phrase", ["", "  ", "…", "***", "..."])
def test_nothing_is_no_phrase(phrase: str) -> None:
	assert mentions("anything 任何", [phrase]) == ()


@pytest.mark.parametrize("phrase", SHIPPED)
def test_every_shipped_phrase_is_found(phrase: str) -> None:
	spoken = phrase.replace("…", "" if phrase[0] > "z" else " is ")
	assert affirmed(f"Since last night {spoken}", [phrase])
	assert affirmed(f"昨晚{spoken}", [phrase])


@pytest.mark.parametrize("phrase", [phrase for phrase in SHIPPED if phrase[0] > "z"])
def test_every_shipped_chinese_phrase_can_be_denied(phrase: str) -> None:
	assert not affirmed(f"没有{phrase.replace('…', '')}", [phrase])


def work(phrase: str, text: str) -> float:
	"""Seconds of the processor that the search takes, at best; a phrase is made ready once."""
	taken = []
	for _attempt in range(4):
		begin = time.process_time()
		mentions(text, [phrase])
		taken.append(time.process_time() - begin)
	return min(taken)


@pytest.mark.parametrize(
	("phrase", "part"),
	[
		("胸痛", "胸痛 "),
		("胸痛", "没有胸痛，"),
		("pain", "pain "),
		("pain", "no pain, "),
		("now", "now "),
		("a…a…z", "a "),
		("a…z", "a          "),
		("痛…痛…死", "痛"),
		("- - a", "- "),
	],
)
def test_the_search_grows_in_step_with_the_text(phrase: str, part: str) -> None:
	"""Eight times the text is eight times the work; sixty-four times, were every hit held against all the rest."""
	assert work(phrase, part * 2_400) < 24 * work(phrase, part * 300)


@pytest.mark.parametrize(
	("phrase", "text", "long"),
	[
		(lambda size: "'" * size + "z", lambda size: "'" * size + "x", 18),
		(lambda size: "' " * size + "z", lambda size: "- " * size + "x", 9),
	],
)
def test_the_search_does_not_explode_with_the_length_of_a_phrase(
	phrase: Callable[[int], str], text: Callable[[int], str], long: int
) -> None:
	small, large = (work(phrase(size), text(size)) for size in (2, long))
	assert large < 100 * small


@pytest.mark.parametrize(
	("phrase", "gaps"),
	[("胸痛", 0), ("胸…痛", 1), ("a*b...c", 2), ("…a…", 0), ("a * - ' … b", 1), ("a*b*c*d", 3)],
)
def test_gaps_stand_between_words(phrase: str, gaps: int) -> None:
	assert gaps_in(phrase) == gaps


@pytest.mark.parametrize("phrase", ["'", "’", "-", "' '"])
def test_signs_alone_are_no_phrase(phrase: str) -> None:
	assert read_phrases(phrase) == ()
	assert mentions("it's 胸痛 ", [phrase]) == ()


def test_of_a_very_long_text_both_ends_are_searched() -> None:
	long = "胸痛。" + "好" * LONGEST_TEXT * 2 + "。流血"
	assert [mention.phrase for mention in mentions(searched(long), ("胸痛", "流血"))] == ["胸痛", "流血"]
	assert len(searched(long)) <= LONGEST_TEXT + 1
	assert searched(long[:LONGEST_TEXT]) == long[:LONGEST_TEXT]


@pytest.mark.parametrize(
	("text", "counts"),
	[
		("没有胸痛" + "，走路" * 60 + "，后来又痛了", True),
		("没有胸痛" + "，走路" * 60, False),
		("有胸痛" + "，走路" * 60 + "，没有了", True),
		("胸痛" + " " * 89 + "无法入睡", True),
	],
)
def test_what_stands_far_behind_takes_nothing_back(text: str, counts: bool) -> None:
	assert affirmed(text, ["胸痛"]) is counts
