"""Everything that is wrong with a questionnaire before it may be used: circles, unknown codes, flags that never come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hospital_followup.engine.condition_words import KEYWORDS
from hospital_followup.engine.conditions import (
	ORDERED,
	Answered,
	Compare,
	Condition,
	ConditionError,
	Contains,
	Leaf,
	OneOf,
	leaves,
	number_in,
	parse,
	yes_or_no,
)
from hospital_followup.engine.questions import (
	ANSWER_TYPES,
	CHOICE,
	NUMBER,
	NUMERIC,
	SCALE,
	TEXT,
	YES_NO,
	Question,
	Questionnaire,
	ScoreGroup,
)

CONDITIONS = ("show_if", "amber_if", "red_if")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Problem:
	"""What is wrong, and where: the question's code (or the group of a score), the field, the place in its text.

	Codes: those of ConditionError, and no_questions, bad_code, duplicate_code, unknown_type, no_range, bad_range, few_choices,
	duplicate_choice, unknown_question, asked_later, circle, no_order, not_a_value, out_of_range, no_points,
	unknown_group, empty_group, duplicate_group. `found` is the text at fault, `expected` what could stand there; `row`
	counts the questions, or with `of_score` the groups, from 1.
	"""

	question: str
	field: str
	code: str
	position: int = 0
	found: str = ""
	expected: str = ""
	of_score: bool = False
	row: int = 0


def check(questionnaire: Questionnaire) -> list[Problem]:
	"""Every problem, in the order of the questions and then of the scored groups."""
	found = [] if questionnaire.questions else [Problem("", "questions", "no_questions")]
	seen: set[str] = set()
	circle = _circle(questionnaire)
	for row, question in enumerate(questionnaire.questions, 1):
		problems = [*_code_problems(question, seen), *_answer_problems(question)]
		for field in CONDITIONS:
			problems += _condition_problems(questionnaire, question, field, seen, circle)
		problems += _points_problems(questionnaire, question)
		found += [replace(problem, row=row) for problem in problems]
		seen.add(question.code)
	for row, score in enumerate(questionnaire.scores, 1):
		earlier = {other.group for other in questionnaire.scores[: row - 1]}
		problems = _score_problems(questionnaire, score, earlier)
		found += [replace(problem, row=row, of_score=True) for problem in problems]
	return found


def is_code(text: str) -> bool:
	"""Whether conditions can speak of a question, or a group, by this name."""
	return bool(_CODE.fullmatch(text)) and text not in KEYWORDS


def _code_problems(question: Question, seen: set[str]) -> Iterator[Problem]:
	if not is_code(question.code):
		yield Problem(question.code, "code", "bad_code", found=question.code)
	elif question.code in seen:
		yield Problem(question.code, "code", "duplicate_code", found=question.code)


def _answer_problems(question: Question) -> Iterator[Problem]:
	low, high = question.minimum, question.maximum
	if question.answer_type not in ANSWER_TYPES:
		expected = ", ".join(ANSWER_TYPES)
		yield Problem(
			question.code, "answer_type", "unknown_type", found=question.answer_type, expected=expected
		)
	if question.answer_type == SCALE and (low is None or high is None):
		yield Problem(question.code, "minimum" if low is None else "maximum", "no_range")
	if low is not None and high is not None and low >= high:
		yield Problem(question.code, "minimum", "bad_range")
	if question.answer_type == CHOICE:
		if len(question.choices) < 2:
			yield Problem(question.code, "choices", "few_choices")
		texts: set[str] = set()
		for choice in question.choices:
			same = {choice.value.casefold(), choice.label.casefold()}
			if not choice.value or texts & same:
				yield Problem(question.code, "choices", "duplicate_choice", found=choice.value)
			texts |= same


def _condition_problems(
	questionnaire: Questionnaire, question: Question, field: str, before: set[str], circle: set[str]
) -> Iterator[Problem]:
	text: str = getattr(question, field)
	if not text.strip():
		return
	try:
		condition = parse(text, own=None if field == "show_if" else question.code)
	except ConditionError as error:
		yield Problem(question.code, field, error.code, error.position, error.found)
		return
	for leaf in leaves(condition):
		about = questionnaire.by_code.get(leaf.code)
		if about is None:
			yield Problem(question.code, field, "unknown_question", leaf.position, leaf.code)
		elif field == "show_if" and leaf.code not in before:
			code = "circle" if question.code in circle else "asked_later"
			yield Problem(question.code, field, code, leaf.position, leaf.code)
		else:
			yield from (
				Problem(question.code, field, code, leaf.position, found, expected)
				for code, found, expected in value_problems(about, leaf)
			)


def value_problems(about: Question, leaf: Leaf) -> Iterator[tuple[str, str, str]]:
	"""Code, the value at fault and what could stand there, for each value that the question can never have."""
	if isinstance(leaf, Answered) or about.answer_type not in ANSWER_TYPES:
		return
	if isinstance(leaf, Contains):
		if about.answer_type != TEXT:
			yield "no_order", "contains", "=, in"
		return
	if isinstance(leaf, Compare) and leaf.operator in ORDERED and about.answer_type not in NUMERIC:
		yield "no_order", leaf.operator, "=, !="
		return
	sign = leaf.operator if isinstance(leaf, Compare) else "="
	for value in leaf.values if isinstance(leaf, OneOf) else (leaf.value,):
		if not _possible(about, value):
			yield "not_a_value", value, _possible_values(about)
		elif about.answer_type in NUMERIC and not _decides(about, sign, number_in(value) or 0.0):
			yield "out_of_range", value, _possible_values(about)


def _possible(about: Question, value: str) -> bool:
	if about.answer_type == YES_NO:
		return yes_or_no(value) is not None
	if about.answer_type in NUMERIC:
		return number_in(value) is not None
	if about.answer_type == CHOICE:
		return value.casefold() in {choice.value.casefold() for choice in about.choices}
	return True


def _possible_values(about: Question) -> str:
	if about.answer_type == YES_NO:
		return "yes, no"
	if about.answer_type == CHOICE:
		return ", ".join(choice.value for choice in about.choices)
	ends = ["" if end is None else f"{end:g}" for end in (about.minimum, about.maximum)]
	return " – ".join(ends) if any(ends) else "0, 1, 37.5"


def _decides(about: Question, sign: str, number: float) -> bool:
	"""Whether an answer within the question's limits can meet the comparison at all."""
	low = float("-inf") if about.minimum is None else about.minimum
	high = float("inf") if about.maximum is None else about.maximum
	return {
		"=": low <= number <= high,
		"!=": True,
		"<": low < number,
		"<=": low <= number,
		">": high > number,
		">=": high >= number,
	}[sign]


def _circle(questionnaire: Questionnaire) -> set[str]:
	"""Questions whose asking depends, through others, on their own answer."""
	needs = {question.code: _needed(question) for question in questionnaire.questions}
	reached = {code: set(codes) for code, codes in needs.items()}
	for middle in needs:
		for codes in reached.values():
			if middle in codes:
				codes |= reached[middle]
	return {code for code, codes in reached.items() if code in codes}


def _needed(question: Question) -> set[str]:
	try:
		condition: Condition | None = parse(question.show_if, own=None) if question.show_if.strip() else None
	except ConditionError:
		condition = None
	return {leaf.code for leaf in leaves(condition)} if condition else set()


def _points_problems(questionnaire: Questionnaire, question: Question) -> Iterator[Problem]:
	if not question.group:
		return
	if question.group not in {score.group for score in questionnaire.scores}:
		yield Problem(question.code, "group", "unknown_group", found=question.group)
	wordy = question.answer_type == TEXT or any(choice.points is None for choice in question.choices)
	if wordy:
		yield Problem(question.code, "group", "no_points", found=question.group)


def _score_problems(questionnaire: Questionnaire, score: ScoreGroup, earlier: set[str]) -> list[Problem]:
	found = []
	if not is_code(score.group):
		found.append(Problem(score.group, "group", "bad_code", found=score.group))
	if score.group in earlier:
		found.append(Problem(score.group, "group", "duplicate_group", found=score.group))
	if score.group not in {question.group for question in questionnaire.questions}:
		found.append(Problem(score.group, "group", "empty_group", found=score.group))
	for field in ("amber_if", "red_if"):
		found += _score_condition_problems(score, field)
	return found


def _score_condition_problems(score: ScoreGroup, field: str) -> Iterator[Problem]:
	text: str = getattr(score, field)
	if not text.strip():
		return
	try:
		condition = parse(text, own=score.group)
	except ConditionError as error:
		yield Problem(score.group, field, error.code, error.position, error.found)
		return
	whole = Question(score.group, answer_type=NUMBER)
	for leaf in leaves(condition):
		if leaf.code != score.group:
			yield Problem(score.group, field, "unknown_question", leaf.position, leaf.code)
			continue
		for code, found, expected in value_problems(whole, leaf):
			yield Problem(score.group, field, code, leaf.position, found, expected)
