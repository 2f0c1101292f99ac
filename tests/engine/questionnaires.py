"""Short ways to write questionnaires in tests, and strategies that draw sound ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hospital_followup.engine.questionnaire import Choice, Question, Questionnaire, ScoreGroup, read_answers

CHOICES = (Choice("0", "Never"), Choice("1", "Sometimes"), Choice("3", "Always"))


def question(code: str, kind: str = "Yes/No", **values: Any) -> Question:
	if kind == "Choice":
		values.setdefault("choices", CHOICES)
	if kind == "Scale":
		values = {"minimum": 0, "maximum": 10, **values}
	return Question(code, code.title(), kind, **values)


def asked(*questions: Question, scores: tuple[ScoreGroup, ...] = ()) -> Questionnaire:
	return Questionnaire(questions, scores)


def answers(questionnaire: Questionnaire, **raw: object) -> Any:
	read, errors = read_answers(questionnaire, raw)
	assert errors == {}
	return read


@st.composite
def drawn(draw: st.DrawFn) -> Questionnaire:
	"""Up to six questions, each asked depending on earlier ones, flagged by its own answer."""
	questions: list[Question] = []
	for place in range(draw(st.integers(1, 6))):
		kind = draw(st.sampled_from(["Yes/No", "Scale", "Choice"]))
		questions.append(
			question(
				f"q{place}",
				kind,
				required=draw(st.booleans()),
				group=draw(st.sampled_from(["", "sum"])),
				show_if=_condition(draw, questions),
				amber_if=draw(st.sampled_from(["", *OWN[kind]])),
				red_if=draw(st.sampled_from(["", *OWN[kind]])),
			)
		)
	grouped = any(entry.group for entry in questions)
	return asked(*questions, scores=(ScoreGroup("sum", "Sum", ">= 3", ">= 9"),) if grouped else ())


OWN = {"Yes/No": ["yes", "no"], "Scale": [">= 4", ">= 7", "< 2"], "Choice": ["3", "in (1, 3)"]}


def _condition(draw: st.DrawFn, earlier: list[Question]) -> str:
	if not earlier or draw(st.booleans()):
		return ""
	parts = []
	for entry in draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2)):
		own = draw(st.sampled_from(OWN[entry.answer_type]))
		parts.append(f"{entry.code} = {own}" if own[0] not in "<>i" else f"{entry.code} {own}")
	joined = draw(st.sampled_from([" and ", " or "])).join(parts)
	return f"not ({joined})" if draw(st.booleans()) else joined


@st.composite
def given_answers(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, object]:
	"""Raw answers to some of the questions, whether they are asked or not."""
	raw: dict[str, object] = {}
	for entry in questionnaire.questions:
		values = {
			"Yes/No": st.booleans(),
			"Scale": st.integers(0, 10),
			"Choice": st.sampled_from(["0", "1", "3"]),
		}[entry.answer_type]
		if draw(st.integers(0, 3)):
			raw[entry.code] = draw(values)
	return raw
