"""A questionnaire as the engine sees it: its questions, their answers' kinds and limits, its scored groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hospital_followup.engine.conditions import number_in

YES_NO, NUMBER, SCALE, CHOICE, TEXT = "Yes/No", "Number", "Scale", "Choice", "Text"
ANSWER_TYPES = (YES_NO, NUMBER, SCALE, CHOICE, TEXT)
NUMERIC = frozenset({NUMBER, SCALE})
AMBER, RED = "Amber", "Red"


@dataclass(frozen=True, slots=True)
class Choice:
	"""`value` is what is stored and compared, the same in every language; `label` is what people read."""

	value: str
	label: str

	@property
	def points(self) -> float | None:
		"""What the choice counts in a scored group: its value, where that is a number."""
		return number_in(self.value)


@dataclass(frozen=True, slots=True)
class Question:
	"""One question. `minimum` and `maximum` belong to the answer, in `unit`; `None` = no limit."""

	code: str
	text: str = ""
	answer_type: str = YES_NO
	unit: str = ""
	minimum: float | None = None
	maximum: float | None = None
	choices: tuple[Choice, ...] = ()
	required: bool = False
	show_if: str = ""
	amber_if: str = ""
	red_if: str = ""
	group: str = ""
	hint: str = ""


@dataclass(frozen=True, slots=True)
class ScoreGroup:
	"""Questions whose answers are added up: numbers and scales as they are, Yes as 1, choices by their value."""

	group: str
	title: str = ""
	amber_if: str = ""
	red_if: str = ""


@dataclass(frozen=True)
class Questionnaire:
	questions: tuple[Question, ...]
	scores: tuple[ScoreGroup, ...] = ()

	@cached_property
	def by_code(self) -> dict[str, Question]:
		return {question.code: question for question in self.questions}


def read_choices(text: str) -> tuple[Choice, ...]:
	"""The choices of a field: one per line, `value | what people read`, or one text that is both."""
	found = []
	for line in filter(None, map(str.strip, text.splitlines())):
		value, bar, label = line.replace("｜", "|").partition("|")
		found.append(Choice(value.strip(), label.strip() if bar else value.strip()))
	return tuple(found)
