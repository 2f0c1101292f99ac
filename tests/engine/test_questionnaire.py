"""From answers to what is asked, flagged, scored and missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.questionnaire import (
	Choice,
	Problem,
	Question,
	Questionnaire,
	ScoreGroup,
	check,
	evaluate,
	read_answers,
	read_choices,
)
from tests.engine.questionnaires import answers, asked, drawn, given_answers, question

PAIN = question("pain", "Scale", required=True, amber_if=">= 4", red_if=">= 7")
FEVER = question("fever", required=True)
DEGREES = question(
	"degrees", "Number", minimum=34, maximum=43, show_if="fever = yes", required=True, red_if=">= 39"
)
VISIT = asked(PAIN, FEVER, DEGREES)
MOOD = asked(
	question("interest", "Choice", group="phq2", required=True),
	question("mood", "Choice", group="phq2", required=True),
	question("alone", group="phq2", show_if="mood in (1, 3)"),
	scores=(ScoreGroup("phq2", "Mood", ">= 3", "phq2 >= 6"),),
)


def result(questionnaire: Questionnaire = VISIT, **raw: object):
	return evaluate(questionnaire, answers(questionnaire, **raw))


class TestBranching:
	def test_a_question_is_asked_when_its_condition_holds(self) -> None:
		assert result().visible == ("pain", "fever")
		assert result(fever=True).visible == ("pain", "fever", "degrees")

	def test_a_hidden_answer_counts_for_nothing(self) -> None:
		hidden = result(pain=2, fever=False, degrees=41)
		assert hidden == result(pain=2, fever=False)
		assert (hidden.flags, hidden.complete, hidden.unremarkable) == ({}, True, True)

	def test_what_hangs_on_a_hidden_answer_is_hidden_too(self) -> None:
		chain = asked(question("a"), question("b", show_if="a = yes"), question("c", show_if="b = yes"))
		assert result(chain, a=False, b=True, c=True).visible == ("a",)

	def test_a_question_that_may_not_be_asked_in_a_circle_is_not(self) -> None:
		circle = asked(question("a", show_if="b = yes"), question("b", show_if="a = yes"), question("c"))
		assert result(circle, a=True, b=True).visible == ("c",)

	def test_an_unreadable_condition_rather_asks(self) -> None:
		assert result(asked(question("a", show_if="b >>"))).visible == ("a",)


class TestFlags:
	@pytest.mark.parametrize(
		("pain", "flag"), [(0, None), (3, None), (4, "Amber"), (6, "Amber"), (7, "Red"), (10, "Red")]
	)
	def test_the_worse_one_counts(self, pain: int, flag: str | None) -> None:
		assert result(pain=pain).flags.get("pain") == flag

	def test_no_answer_raises_none(self) -> None:
		assert result().flags == {}

	def test_a_threshold_may_speak_of_other_answers(self) -> None:
		both = asked(
			FEVER, question("baby"), question("degrees", "Number", red_if=">= 39 or >= 38 and baby = yes")
		)
		assert result(both, degrees=38.2).flags == {}
		assert result(both, degrees=38.2, baby="是").flags == {"degrees": "Red"}


class TestScores:
	def test_are_unknown_until_every_question_that_is_asked_is_answered(self) -> None:
		(score,) = result(MOOD, interest=3).scores
		assert (score.score, score.flag) == (None, None)

	@pytest.mark.parametrize(
		("raw", "score", "flag"),
		[
			({"interest": 0, "mood": 0}, 0, None),
			({"interest": 3, "mood": 0}, 3, "Amber"),
			({"interest": 1, "mood": 1, "alone": False}, 2, None),
			({"interest": 1, "mood": 1, "alone": True}, 3, "Amber"),
			({"interest": 3, "mood": 3, "alone": False}, 6, "Red"),
			({"interest": 3, "mood": 0, "alone": True}, 3, "Amber"),
		],
	)
	def test_add_up_what_is_asked(self, raw: dict[str, object], score: int, flag: str | None) -> None:
		(found,) = result(MOOD, **raw).scores
		assert (found.group, found.title, found.score, found.flag) == ("phq2", "Mood", score, flag)

	def test_a_flagged_score_is_remarkable(self) -> None:
		assert not result(MOOD, interest=3, mood=0).unremarkable
		assert result(MOOD, interest=0, mood=0).unremarkable


class TestComplete:
	def test_names_what_is_missing_in_the_order_of_the_questions(self) -> None:
		assert result(fever=True).missing == ("pain", "degrees")
		assert not result(fever=True).complete

	def test_silence_is_never_complete(self) -> None:
		optional = asked(question("a"))
		assert not result(optional).complete
		assert result(optional, a=False).complete

	def test_an_answer_taken_back_is_none(self) -> None:
		assert result(pain=8, fever=None).missing == ("fever",)
		assert result(pain=None).flags == {}


@given(st.data())
def test_the_order_of_answers_makes_no_difference(data: st.DataObject) -> None:
	questionnaire = data.draw(drawn())
	raw = data.draw(given_answers(questionnaire))
	shuffled = dict(data.draw(st.permutations(list(raw.items()))))
	assert result(questionnaire, **raw) == result(questionnaire, **shuffled)


@given(st.data())
def test_hidden_answers_never_count(data: st.DataObject) -> None:
	questionnaire = data.draw(drawn())
	raw = data.draw(given_answers(questionnaire))
	found = result(questionnaire, **raw)
	assert found == result(questionnaire, **{code: raw[code] for code in raw if code in found.visible})
	assert set(found.flags) <= set(found.visible) & set(raw)
	assert set(found.missing) <= set(found.visible) - set(raw)


#: Each condition that `drawn` can write, as a plain function of the answer: the oracle shares nothing with the parser.
MEANING = {
	"yes": lambda answer: answer is True,
	"no": lambda answer: answer is False,
	">= 4": lambda answer: answer >= 4,
	">= 7": lambda answer: answer >= 7,
	"< 2": lambda answer: answer < 2,
	"3": lambda answer: answer == "3",
	"in (1, 3)": lambda answer: answer in ("1", "3"),
}


def truth(text: str, counted: dict[str, object]) -> bool | None:
	if text.startswith("not ("):
		inner = truth(text[5:-1], counted)
		return None if inner is None else not inner
	joiner = " and " if " and " in text else " or "
	parts = []
	for part in text.split(joiner):
		code, _space, meaning = part.partition(" ")
		meaning = meaning.removeprefix("= ")
		parts.append(MEANING[meaning](counted[code]) if code in counted else None)
	if joiner == " and ":
		return False if False in parts else None if None in parts else True
	return True if True in parts else None if None in parts else False


@given(st.data())
def test_branching_flags_and_scores_against_an_oracle(data: st.DataObject) -> None:
	questionnaire = data.draw(drawn())
	raw = data.draw(given_answers(questionnaire))
	visible, counted, flags, points = [], {}, {}, []
	for entry in questionnaire.questions:  # each depends on earlier ones only
		if entry.show_if and truth(entry.show_if, counted) is not True:
			continue
		visible.append(entry.code)
		if entry.group:
			points.append(float(raw[entry.code]) if entry.code in raw else None)
		if entry.code not in raw:
			continue
		counted[entry.code] = raw[entry.code]
		for flag, text in (("Amber", entry.amber_if), ("Red", entry.red_if)):
			if text and MEANING[text](raw[entry.code]):
				flags[entry.code] = flag
	found = result(questionnaire, **raw)
	assert found.visible == tuple(visible)
	assert found.flags == flags
	if questionnaire.scores:
		total = None if None in points or not points else sum(points)
		flag = None if total is None or total < 3 else "Amber" if total < 9 else "Red"
		assert (found.scores[0].score, found.scores[0].flag) == (total, flag)
	assert check(questionnaire) == []


def problems(*questions: Question, scores: tuple[ScoreGroup, ...] = ()) -> list[tuple[object, ...]]:
	found = check(asked(*questions, scores=scores))
	return [(entry.row, entry.question, entry.field, entry.code, entry.position) for entry in found]


@pytest.mark.parametrize(
	("wrong", "field", "code", "position"),
	[
		(question("pain"), "code", "duplicate_code", 0),
		(question("Pain"), "code", "bad_code", 0),
		(question("and"), "code", "bad_code", 0),
		(question("q", "Colour"), "answer_type", "unknown_type", 0),
		(question("q", "Scale", maximum=None), "maximum", "no_range", 0),
		(question("q", "Number", minimum=5, maximum=5), "minimum", "bad_range", 0),
		(question("q", "Choice", choices=()), "choices", "few_choices", 0),
		(
			question("q", "Choice", choices=(Choice("a", "A"), Choice("b", "a"))),
			"choices",
			"duplicate_choice",
			0,
		),
		(question("q", show_if="pain >>"), "show_if", "expected_value", 6),
		(question("q", show_if="pain >= 4 and qain = 1"), "show_if", "unknown_question", 14),
		(question("q", show_if="q = yes"), "show_if", "circle", 0),
		(question("q", amber_if="maybe"), "amber_if", "not_a_value", 0),
		(question("q", amber_if=">= 3"), "amber_if", "no_order", 0),
		(question("q", "Choice", red_if="in (1, 2)"), "red_if", "not_a_value", 0),
		(question("q", "Text", red_if=">= 2"), "red_if", "no_order", 0),
		(question("q", red_if="contains x"), "red_if", "no_order", 0),
		(question("q", "Number", red_if="= high"), "red_if", "not_a_value", 0),
		(question("q", "Scale", red_if=">= 11"), "red_if", "out_of_range", 0),
		(question("q", "Scale", red_if="> 10"), "red_if", "out_of_range", 0),
		(question("q", "Scale", red_if="in (1, 11)"), "red_if", "out_of_range", 0),
		(question("q", red_if="yes and pain < 0"), "red_if", "out_of_range", 8),
		(question("q", group="sum"), "group", "unknown_group", 0),
	],
)
def test_check_names_row_field_and_place(wrong: Question, field: str, code: str, position: int) -> None:
	assert problems(question("pain", "Scale"), wrong) == [(2, wrong.code, field, code, position)]


def test_check_finds_circles_and_questions_asked_too_late() -> None:
	a, b = question("a", show_if="b = yes"), question("b", show_if="c = yes")
	late = [(1, "a", "show_if", "asked_later", 0), (2, "b", "show_if", "asked_later", 0)]
	assert problems(a, b, question("c")) == late
	assert [code for *_place, code, _position in problems(a, b, question("c", show_if="a = yes"))][:2] == [
		"circle"
	] * 2


def test_check_of_scored_groups() -> None:
	words = question("q", "Choice", group="sum", choices=(Choice("0", "No"), Choice("much", "Much")))
	group = ScoreGroup("sum", "Sum", ">= x", "q >= 1")
	found = check(asked(words, scores=(group, ScoreGroup("sum"), ScoreGroup("rest"))))
	assert [(entry.of_score, entry.row, entry.field, entry.code) for entry in found] == [
		(False, 1, "group", "no_points"),
		(True, 1, "amber_if", "expected_number"),
		(True, 1, "red_if", "unknown_question"),
		(True, 2, "group", "duplicate_group"),
		(True, 3, "group", "empty_group"),
	]


def test_an_empty_questionnaire_is_a_problem() -> None:
	assert check(asked()) == [Problem("", "questions", "no_questions")]


@given(
	st.lists(
		st.builds(
			Question,
			st.text(max_size=5),
			answer_type=st.sampled_from(["Scale", "Choice", "x"]),
			show_if=st.text(max_size=20),
			red_if=st.text(max_size=20),
		),
		max_size=4,
	)
)
def test_nothing_written_into_a_questionnaire_breaks_it(questions: list[Question]) -> None:
	questionnaire = asked(*questions)
	check(questionnaire)
	read, _errors = read_answers(questionnaire, {entry.code: "1" for entry in questions})
	evaluate(questionnaire, read)


def test_choices_are_one_per_line_with_what_is_stored_before_a_bar() -> None:
	assert read_choices(" dry | Dry and clean\n\nRed｜红肿\nBoth\n") == (
		Choice("dry", "Dry and clean"),
		Choice("Red", "红肿"),
		Choice("Both", "Both"),
	)
