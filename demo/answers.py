"""What a made-up patient answers: mostly unremarkable, now and then something that a doctor has to hear of."""

from __future__ import annotations

from math import ceil, floor
from random import Random

from hospital_followup.engine.questionnaire import Answer, Question, Questionnaire, evaluate, read_answers

#: Share of answers that may raise a flag.
REMARKABLE = 0.03
TRIES = 12
WORDS = (
	"已按医嘱服药。",
	"饮食睡眠尚可。",
	"想了解什么时候可以恢复运动。",
	"家人照顾得很好。",
	"没有别的不舒服。",
)


def answers(random: Random, questionnaire: Questionnaire) -> dict[str, object]:
	"""Raw answers to every question that is asked, as a caller would enter them."""
	raw: dict[str, object] = {}
	while question := _next(questionnaire, raw):
		offers = [_offer(random, question) for _number in range(TRIES)]
		if random.random() >= REMARKABLE:
			offers = [
				offer for offer in offers if not _flagged(questionnaire, raw, question, offer)
			] or offers
		raw[question.code] = offers[0]
	return raw


def _next(questionnaire: Questionnaire, raw: dict[str, object]) -> Question | None:
	visible = evaluate(questionnaire, _read(questionnaire, raw)).visible
	return next((questionnaire.by_code[code] for code in visible if code not in raw), None)


def _flagged(questionnaire: Questionnaire, raw: dict[str, object], question: Question, offer: object) -> bool:
	evaluation = evaluate(questionnaire, _read(questionnaire, {**raw, question.code: offer}))
	return question.code in evaluation.flags or any(score.flag for score in evaluation.scores)


def _read(questionnaire: Questionnaire, raw: dict[str, object]) -> dict[str, Answer]:
	read, _errors = read_answers(questionnaire, raw)
	return read


def _offer(random: Random, question: Question) -> object:
	if question.answer_type == "Yes/No":
		return random.choice(("Yes", "No"))
	if question.choices:
		return random.choice(question.choices).value
	if question.answer_type in ("Number", "Scale"):
		low, high = question.minimum or 0, 10 if question.maximum is None else question.maximum
		whole = question.answer_type == "Scale" or high - low > 30
		return random.randint(ceil(low), floor(high)) if whole else round(random.uniform(low, high), 1)
	return random.choice(WORDS)
