"""From answers to what is asked next, what is alarming and whether all is said.

A question is asked when its show_if holds. The answer of a question that is not asked does not count: for nothing
else that is asked, no flag, no score. What is not answered is unknown, never 0 and never no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hospital_followup.engine.answers import Answer, AnswerError, read_answer, shown
from hospital_followup.engine.conditions import Condition, ConditionError, Value, holds, leaves, parse
from hospital_followup.engine.questionnaire_check import Problem, check
from hospital_followup.engine.questions import (
	AMBER,
	RED,
	Choice,
	Question,
	Questionnaire,
	ScoreGroup,
	read_choices,
)

__all__ = [
	"Answer",
	"AnswerError",
	"Choice",
	"Evaluation",
	"Problem",
	"Question",
	"Questionnaire",
	"Score",
	"ScoreGroup",
	"check",
	"evaluate",
	"points",
	"read_answer",
	"read_answers",
	"read_choices",
	"shown",
]


@dataclass(frozen=True, slots=True)
class Score:
	"""The sum of a group; None while one of its questions that are asked is not answered."""

	group: str
	title: str
	score: float | None
	flag: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
	"""`visible` and `missing` (required, asked, not answered) in the order of the questionnaire.

	`complete`: nothing is missing and something was said. `unremarkable`: complete, and nothing raised a flag.
	"""

	visible: tuple[str, ...] = ()
	flags: dict[str, str] = field(default_factory=dict)
	missing: tuple[str, ...] = ()
	scores: tuple[Score, ...] = ()
	complete: bool = False
	unremarkable: bool = False


def read_answers(
	questionnaire: Questionnaire, raw: Mapping[str, object]
) -> tuple[dict[str, Answer], dict[str, AnswerError]]:
	"""Read many answers at once; codes that the questionnaire does not have are left out."""
	answers: dict[str, Answer] = {}
	errors: dict[str, AnswerError] = {}
	for code, question in questionnaire.by_code.items():
		if code in raw:
			read = read_answer(question, raw[code])
			if isinstance(read, AnswerError):
				errors[code] = read
			else:
				answers[code] = read
	return answers, errors


def evaluate(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Evaluation:
	"""What the answers mean. The order in which they were given makes no difference."""
	given = {
		code: answer.value
		for code, answer in answers.items()
		if answer.value is not None and code in questionnaire.by_code
	}
	asked = _Asked(questionnaire, given)
	visible = tuple(question for question in questionnaire.questions if asked.is_asked(question.code))
	counted = {question.code: given[question.code] for question in visible if question.code in given}
	flags = {question.code: flag for question in visible if (flag := _flag(question, counted))}
	missing = tuple(
		question.code for question in visible if question.required and question.code not in counted
	)
	scores = tuple(_score(group, visible, counted) for group in questionnaire.scores)
	complete = not missing and bool(counted)
	calm = not flags and not any(score.flag for score in scores)
	return Evaluation(
		tuple(question.code for question in visible), flags, missing, scores, complete, complete and calm
	)


def points(question: Question, value: Value) -> float | None:
	"""What an answer counts in a scored group; None for words."""
	if not isinstance(value, str):
		return float(value)
	return next((choice.points for choice in question.choices if choice.value == value), None)


class _Asked:
	"""Which questions are asked, each settled after those that its show_if speaks of."""

	def __init__(self, questionnaire: Questionnaire, given: Mapping[str, Value]) -> None:
		self.questions, self.given = questionnaire.by_code, given
		self.settled: dict[str, bool] = {}
		self.open: set[str] = set()

	def is_asked(self, code: str) -> bool:
		if code not in self.settled:
			if code in self.open:
				return False  # a circle, which check() refuses: none of its questions can be settled by the others
			self.open.add(code)
			self.settled[code] = self._settle(self.questions[code])
			self.open.discard(code)
		return self.settled[code]

	def _settle(self, question: Question) -> bool:
		condition = _read(question.show_if, None)
		if condition is None:
			return True  # rather one question too many than one too few
		answers = {
			leaf.code: self.given[leaf.code]
			for leaf in leaves(condition)
			if leaf.code in self.given and self.is_asked(leaf.code)
		}
		return holds(condition, answers)


def _score(group: ScoreGroup, visible: tuple[Question, ...], counted: Mapping[str, Value]) -> Score:
	questions = [question for question in visible if question.group == group.group]
	parts = [
		points(question, counted[question.code]) if question.code in counted else None
		for question in questions
	]
	known = [part for part in parts if part is not None]
	if not parts or len(known) < len(parts):
		return Score(group.group, group.title, None, None)
	total = sum(known)
	flag = _worse(group.amber_if, group.red_if, group.group, {group.group: total})
	return Score(group.group, group.title, total, flag)


def _flag(question: Question, counted: Mapping[str, Value]) -> str | None:
	return (
		_worse(question.amber_if, question.red_if, question.code, counted)
		if question.code in counted
		else None
	)


def _worse(amber_if: str, red_if: str, own: str, values: Mapping[str, Value]) -> str | None:
	for text, flag in ((red_if, RED), (amber_if, AMBER)):
		condition = _read(text, own)
		if condition is not None and holds(condition, values):
			return flag
	return None


def _read(text: str, own: str | None) -> Condition | None:
	"""The condition, None when there is none or it cannot be read, which check() refuses."""
	if not text.strip():
		return None
	try:
		return parse(text, own=own)
	except ConditionError:
		return None
