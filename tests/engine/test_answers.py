"""What people type and tap, read as answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.questionnaire import Answer, AnswerError, Choice, read_answer, shown
from tests.engine.questionnaires import question

YES_NO = question("q")
PRESSURE = question("q", "Number", unit="mmHg", minimum=50, maximum=300)
HEAT = question("q", "Number", unit="°C", minimum=34, maximum=43)
SUGAR = question("q", "Number", unit="mmol/L")
PULSE = question("q", "Number", unit="次/分")
SCALE = question("q", "Scale")
WOUND = question(
	"q", "Choice", choices=(Choice("dry", "Dry and clean"), Choice("red", "红肿"), Choice("0", "None"))
)
TEXT = question("q", "Text")


@pytest.mark.parametrize(
	("asked", "raw", "value", "text"),
	[
		*(
			(YES_NO, raw, True, "Yes")
			for raw in (True, 1, "1", "yes", " Y ", "ＹＥＳ", "是", "有", "对", "是的")
		),
		*((YES_NO, raw, False, "No") for raw in (False, 0, "0", "No", "n", "否", "没有", "无", "不是")),
		(PRESSURE, 140, 140.0, "140"),
		(PRESSURE, "140", 140.0, "140"),
		(PRESSURE, "１４０", 140.0, "140"),
		(PRESSURE, "140mmHg", 140.0, "140"),
		(PRESSURE, "140 MMHG ", 140.0, "140"),
		(PRESSURE, 50, 50.0, "50"),
		(PRESSURE, 300, 300.0, "300"),
		(HEAT, "37.5", 37.5, "37.5"),
		(HEAT, "３７。５℃", 37.5, "37.5"),
		(HEAT, "37.5 ° c", 37.5, "37.5"),
		(SUGAR, "7.0 mmol / L", 7.0, "7"),
		(SUGAR, "-2", -2.0, "-2"),
		(SUGAR, "−2.50", -2.5, "-2.5"),
		(PULSE, "72次/分", 72.0, "72"),
		(SCALE, "7", 7.0, "7"),
		(SCALE, 7.0, 7.0, "7"),
		(SCALE, "7.0", 7.0, "7"),
		(WOUND, "dry", "dry", "dry"),
		(WOUND, "DRY AND CLEAN", "dry", "dry"),
		(WOUND, "红肿", "red", "red"),
		(WOUND, 0, "0", "0"),
		(TEXT, "  hurts at night ", "hurts at night", "hurts at night"),
		(TEXT, 5, "5", "5"),
		*((asked, raw, None, "") for asked in (YES_NO, SCALE, WOUND, TEXT) for raw in (None, "", "  ", "　")),
	],
)
def test_is_read(asked, raw, value, text) -> None:
	assert read_answer(asked, raw) == Answer("q", value, text)


@pytest.mark.parametrize(
	("asked", "raw", "code", "limit"),
	[
		(YES_NO, "maybe", "not_yes_or_no", None),
		(YES_NO, "2", "not_yes_or_no", None),
		(PRESSURE, "high", "not_a_number", None),
		(PRESSURE, "140/90", "two_numbers", None),
		(PRESSURE, True, "not_a_number", None),
		(PRESSURE, "1e3", "other_unit", None),
		(PRESSURE, float("nan"), "not_a_number", None),
		(PRESSURE, float("inf"), "not_a_number", None),
		(PRESSURE, [140], "not_a_number", None),
		(PRESSURE, "18.6 kPa", "other_unit", None),
		(SUGAR, "126 mg/dL", "other_unit", None),
		(HEAT, "99 °F", "other_unit", None),
		(HEAT, "37,5", "two_numbers", None),
		(SCALE, "7/10", "two_numbers", None),
		(HEAT, "43.1", "too_high", 43),
		(HEAT, "3.75", "too_low", 34),
		(SCALE, "7.5", "not_whole", None),
		(SCALE, 11, "too_high", 10),
		(SCALE, -1, "too_low", 0),
		(WOUND, "green", "not_a_choice", None),
		(TEXT, "x" * 2001, "too_long", 2000),
	],
)
def test_is_refused_with_the_reason(asked, raw, code, limit) -> None:
	found = read_answer(asked, raw)
	assert isinstance(found, AnswerError)
	assert (found.code, found.limit) == (code, limit)


ANYTHING = st.one_of(
	st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)
)


@given(st.sampled_from([YES_NO, PRESSURE, HEAT, SUGAR, SCALE, WOUND, TEXT]), ANYTHING)
def test_nothing_breaks_it_and_what_is_stored_is_read_again(asked, raw) -> None:
	found = read_answer(asked, raw)
	if isinstance(found, Answer):
		assert read_answer(asked, found.text) == found
		assert found.text == found.text.encode("utf-8").decode("utf-8")


@given(st.integers(0, 10))
def test_a_number_on_the_scale_is_an_answer(step: int) -> None:
	assert read_answer(SCALE, str(step)) == Answer("q", float(step), str(step))


@pytest.mark.parametrize(
	("asked", "raw", "number"), [(YES_NO, "是", 1), (YES_NO, "否", 0), (HEAT, 38, 38), (WOUND, "dry", None)]
)
def test_answers_on_an_axis(asked, raw, number) -> None:
	assert read_answer(asked, raw).number == number


@pytest.mark.parametrize(
	("number", "text"), [(7, "7"), (7.0, "7"), (37.5, "37.5"), (100.0, "100"), (0.1 + 0.2, "0.3")]
)
def test_numbers_are_shown_as_people_write_them(number: float, text: str) -> None:
	assert shown(number) == text


def test_a_number_too_long_to_be_written_is_refused() -> None:
	assert isinstance(read_answer(PRESSURE, 10**5000), AnswerError)
