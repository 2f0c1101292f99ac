"""Red-flag words in free text: what a denial takes back, and that everything doubtful counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.phrases import affirmed, even, mentions, read_phrases
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
