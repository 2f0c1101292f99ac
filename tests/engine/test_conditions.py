"""The language of show_if, amber_if and red_if: what it means, where it is wrong, and that no text breaks it."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hospital_followup.engine.conditions import (
	And,
	Answered,
	Compare,
	ConditionError,
	Contains,
	Not,
	OneOf,
	Or,
	holds,
	leaves,
	parse,
)

CODES = ("pain", "fever", "wound", "note")
NUMBERS = st.one_of(
	st.integers(-50, 300).map(str), st.integers(0, 5000).map(lambda tenths: f"{tenths / 10:.1f}")
)
WORDS = st.one_of(
	st.text(min_size=0, max_size=12),
	st.sampled_from(
		["yes", "no", "是", "没有", "red", "and", "in", 'say "ah"', "''", "“x”", "ｙｅｓ", "一、二", " "]
	),
).filter(lambda text: "\x00" not in text)
VALUES = st.one_of(NUMBERS, WORDS)
CODE = st.sampled_from(CODES)
LEAVES = st.one_of(
	st.builds(Compare, CODE, st.sampled_from(["=", "!="]), VALUES),
	st.builds(Compare, CODE, st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
	st.builds(OneOf, CODE, st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
	st.builds(Contains, CODE, VALUES),
	st.builds(Answered, CODE),
)
CONDITIONS = st.recursive(
	LEAVES,
	lambda inner: st.one_of(
		st.builds(Not, inner),
		st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
		st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
	),
	max_leaves=5,
)
#: Texts that look like conditions, so that the parser is led deep before it fails.
PIECES = """pain fever wound note >= < = != and or not in contains answered ( ) , 4 -3.5 yes
	"a" “b” ' 且 或 （ ≥ é @ 4x 1. 。 …"""
LIKELY = st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)
ANSWERS = {"pain": 4.0, "fever": True, "wound": "red", "note": "Wound itches at night"}


def known(text: str, answers: dict | None = None, own: str | None = None) -> bool | None:
	return parse(text, own=own).known(ANSWERS if answers is None else answers)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("pain >= 4", True),
		("pain > 4", False),
		("PAIN = 4.0", True),
		("pain != 4", False),
		("pain < 37.5 and pain <= 4", True),
		("fever = yes", True),
		("fever = 是", True),
		("fever != 没有", True),
		("fever = no", False),
		("wound in (dry, Red)", True),
		("wound in (dry, open)", False),
		("pain in (3, 4)", True),
		('note contains "ITCH"', True),
		("note contains fever", False),
		("answered(pain) and answered (note)", True),
		("answered(other)", False),
		("pain > 9 or fever = yes and wound = red", True),
		("(pain > 9 or fever = yes) and wound = dry", False),
		("not pain > 9", True),
		("not (pain >= 4 and fever = yes)", False),
		("疼痛 >= 4", None),
		("ｐａｉｎ　≥　４ 且 （fever＝是 或 wound in（dry，open））", True),
		("pain ≠ 4 或者 非 fever = 否", True),
		("wound 属于 (red) 并且 note 包含 “itches”", True),
		("other = 1", None),
		("not other = 1", None),
		("other = 1 and pain > 9", False),
		("other = 1 or pain = 4", True),
		("other = 1 and pain = 4", None),
		("other in (1, 2)", None),
		("other contains x", None),
		# A comparison that can mean nothing decides nothing.
		("fever = maybe", None),
		("fever > 1", None),
		("pain = red", None),
	],
)
def test_meaning(text: str, expected: bool | None) -> None:
	assert known(text) is expected
	assert holds(parse(text, own=None), ANSWERS) is (expected is True)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		(">= 4", True),
		("4", True),
		("> 4", False),
		("not >= 4", False),
		("in (3, 4)", True),
		(">= 8 or >= 4 and fever = yes", True),
		("pain >= 4 and fever = no", False),
	],
)
def test_without_a_left_side_it_is_about_the_question_itself(text: str, expected: bool) -> None:
	assert known(text, own="pain") is expected


@pytest.mark.parametrize(
	("own", "text"),
	[("fever", "yes"), ("wound", "red or open"), ("wound", '"red"'), ("note", 'contains "night"')],
)
def test_a_bare_value_is_the_answer_itself(own: str, text: str) -> None:
	assert known(text, own=own) is True


@pytest.mark.parametrize(
	("text", "code", "position"),
	[
		("", "expected_question", 0),
		(">= 4", "expected_question", 0),
		("4 >= pain", "expected_question", 0),
		("pain", "expected_operator", 4),
		("pain fever", "expected_operator", 5),
		("pain >=", "expected_value", 7),
		("pain >= )", "expected_value", 8),
		("pain >= high", "expected_number", 8),
		("pain >= 4 fever = yes", "unexpected_word", 10),
		("pain >= 4)", "unexpected_word", 9),
		("(pain >= 4", "missing_parenthesis", 10),
		("pain in 4", "expected_list", 8),
		("pain in (4, )", "expected_value", 12),
		("pain in (4 5)", "missing_parenthesis", 11),
		("answered pain", "expected_list", 9),
		("answered(4)", "expected_question", 9),
		("pain >= 4 and", "expected_question", 13),
		("pain >= 4 && fever = yes", "unexpected_character", 10),
		("pain >= 4mm", "unexpected_character", 8),
		("pain >= 37,5", "unexpected_word", 10),
		("疼痛 >= 4 ＠", "unexpected_character", 8),
		('note contains "itch', "unclosed_text", 14),
		("__import__('os').system('ls')", "unexpected_character", 16),
		("__import__('os')", "expected_operator", 10),
		("pain.__class__ = 1", "unexpected_character", 4),
		("(" * 21 + "pain = 1" + ")" * 21, "too_deep", 20),
		("not " * 30 + "pain = 1", "too_deep", 80),
		("pain = 1 or " * 50, "too_long", 500),
	],
)
def test_an_error_points_at_its_place(text: str, code: str, position: int) -> None:
	with pytest.raises(ConditionError) as error:
		parse(text, own=None)
	assert (error.value.code, error.value.position) == (code, position)


@given(
	st.one_of(st.text(), LIKELY, st.text(string.punctuation + string.digits + "andornt ")),
	st.sampled_from([None, "pain"]),
)
@example("(" * 499, None)
@example("‘" + "’" * 5, "pain")
def test_no_text_breaks_the_parser(text: str, own: str | None) -> None:
	try:
		condition = parse(text, own=own)
	except ConditionError as error:
		assert 0 <= error.position <= len(text)
	else:
		condition.known(ANSWERS)
		assert all(0 <= leaf.position < len(text) for leaf in leaves(condition))


@given(CONDITIONS)
def test_what_is_written_down_is_read_again_as_it_was(condition: object) -> None:
	text = str(condition)
	if len(text) <= 500:
		assert parse(text, own=None) == condition


@given(st.one_of(LIKELY, st.text()), st.sampled_from([None, "pain"]))
def test_writing_twice_changes_nothing(text: str, own: str | None) -> None:
	try:
		once = str(parse(text, own=own))
	except ConditionError:
		return
	if len(once) <= 500:
		assert str(parse(once, own=own)) == once


@given(CONDITIONS.filter(lambda condition: len(str(condition)) < 480), st.data())
def test_what_was_put_in_is_found_by_the_error(condition: object, data: st.DataObject) -> None:
	"""A character that can stand nowhere is reported exactly where it was put, unless inside a quoted value."""
	text = str(condition)
	between = [place for place, character in enumerate(text) if character == " "]
	place = data.draw(st.sampled_from([0, *between, len(text)]))
	if text[:place].count('"') % 2:
		return
	with pytest.raises(ConditionError) as error:
		parse(f"{text[:place]} @ {text[place:]}", own=None)
	assert error.value.position == place + 1


THREE = {True: 2, None: 1, False: 0}


def worked_out(condition: object, answers: dict) -> int:
	"""An independent reading: yes 2, unknown 1, no 0; and is the least, or the greatest, not turns round."""
	if isinstance(condition, Not):
		return 2 - worked_out(condition.part, answers)
	if isinstance(condition, And):
		return min(worked_out(part, answers) for part in condition.parts)
	if isinstance(condition, Or):
		return max(worked_out(part, answers) for part in condition.parts)
	return THREE[condition.known(answers)]


@given(CONDITIONS, st.sets(CODE))
def test_unknown_stays_unknown(condition: object, silent: set[str]) -> None:
	answers = {code: value for code, value in ANSWERS.items() if code not in silent}
	assert THREE[condition.known(answers)] == worked_out(condition, answers)
