"""What is wrong with an alert rule that is being written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hospital_followup.engine.alerts import (
	ALL,
	ANSWER,
	ASKS_FOR_CALL,
	CONTAINS,
	EQUALITY,
	FREE_TEXT,
	ORDERED,
	RISK_TIER,
	SUBJECTS,
	TRENDS,
	Condition,
	Rule,
)
from hospital_followup.engine.conditions import number_in, yes_or_no
from hospital_followup.engine.names import RISK_TIERS
from hospital_followup.engine.phrases import (
	LONGEST_PHRASE,
	MOST_GAPS,
	MOST_PHRASES,
	gaps_in,
	read_phrases,
)
from hospital_followup.engine.questions import CHOICE, NUMERIC, TEXT, YES_NO, Question

#: A trend needs two readings to compare.
FEWEST_CONTACTS = 2


@dataclass(frozen=True, slots=True)
class RuleIssue:
	"""Codes: no_conditions, mixed_subjects, only_risk_tier, many_phrases (condition 0, the rule as a whole); no_question,
	unknown_question, operator, no_value, not_a_number, not_yes_or_no, not_yes, not_a_choice, not_a_tier, no_span, contradiction,
	long_phrase, many_gaps.

	`expected` says what would do, where a list can; for a phrase it is the beginning of it.
	"""

	code: str
	condition: int = 0
	expected: tuple[str, ...] = ()


def operators_of(fact: str, questions: Iterable[Question] = ()) -> tuple[str, ...]:
	"""The operators that make sense for a fact; for an answer by the kinds of its `questions` (none known: all)."""
	if fact == FREE_TEXT:
		return (CONTAINS,)
	if fact == RISK_TIER:
		return EQUALITY
	if fact == ASKS_FOR_CALL:
		return ("=",)
	if fact != ANSWER:
		return (*EQUALITY, *ORDERED)
	kinds = {question.answer_type for question in questions}
	if not kinds:
		return (*EQUALITY, *ORDERED, CONTAINS, *TRENDS)
	fitting = list(EQUALITY)
	fitting += (*ORDERED, *TRENDS) if kinds & NUMERIC else ()
	fitting += (CONTAINS,) if TEXT in kinds else ()
	return tuple(fitting)


def check(rule: Rule, questions: Mapping[str, Iterable[Question]] | None = None) -> tuple[RuleIssue, ...]:
	"""Everything that is wrong with a rule. `questions`: all that have a code, None when questions are not to be looked at."""
	issues = [] if rule.conditions else [RuleIssue("no_conditions")]
	subjects = {SUBJECTS[condition.fact] for condition in rule.conditions if condition.fact in SUBJECTS}
	if len(subjects) > 1:
		issues.append(RuleIssue("mixed_subjects"))
	if rule.conditions and not subjects:
		issues.append(RuleIssue("only_risk_tier"))
	for place, condition in enumerate(rule.conditions, 1):
		issues += _objections(place, condition, questions)
	issues += _too_many_phrases(rule.conditions)
	if rule.match == ALL:
		issues += _contradictions(rule.conditions)
	return tuple(issues)


def _objections(
	place: int, condition: Condition, known: Mapping[str, Iterable[Question]] | None
) -> list[RuleIssue]:
	questions: tuple[Question, ...] = ()
	issues: list[RuleIssue] = []
	if condition.fact == ANSWER:
		if not condition.question:
			return [RuleIssue("no_question", place)]
		questions = tuple((known or {}).get(condition.question, ()))
		if known is not None and not questions:
			issues.append(RuleIssue("unknown_question", place))
	fitting = operators_of(condition.fact, questions)
	if condition.operator not in fitting:
		return [*issues, RuleIssue("operator", place, fitting)]
	if condition.is_trend:
		return issues + _trend_objections(place, condition)
	if condition.operator == CONTAINS:
		phrases = read_phrases(condition.value)
		return issues + (_phrase_objections(place, phrases) if phrases else [RuleIssue("no_value", place)])
	return issues + _value_objections(place, condition, questions)


def phrase_issues(words: str) -> tuple[RuleIssue, ...]:
	"""Why the words of a rule cannot be looked for: the search would take too long."""
	looking = Condition(FREE_TEXT, CONTAINS, words)
	return (*_phrase_objections(1, read_phrases(words)), *_too_many_phrases([looking]))


def _phrase_objections(place: int, phrases: Iterable[str]) -> list[RuleIssue]:
	"""The first of the phrases with each objection."""
	issues: dict[str, RuleIssue] = {}
	for phrase in phrases:
		if len(phrase) > LONGEST_PHRASE:
			issues.setdefault(
				"long_phrase", RuleIssue("long_phrase", place, (f"{phrase[:LONGEST_PHRASE]}…",))
			)
		elif gaps_in(phrase) > MOST_GAPS:
			issues.setdefault("many_gaps", RuleIssue("many_gaps", place, (phrase,)))
	return list(issues.values())


def _too_many_phrases(conditions: Iterable[Condition]) -> list[RuleIssue]:
	count = sum(len(read_phrases(part.value)) for part in conditions if part.operator == CONTAINS)
	return [RuleIssue("many_phrases")] if count > MOST_PHRASES else []


def _trend_objections(place: int, condition: Condition) -> list[RuleIssue]:
	issues = []
	if condition.value and number_in(condition.value) is None:
		issues.append(RuleIssue("not_a_number", place))
	if condition.over_contacts < FEWEST_CONTACTS and (condition.over_contacts or condition.over_days < 1):
		issues.append(RuleIssue("no_span", place))
	return issues


def _value_objections(place: int, condition: Condition, questions: tuple[Question, ...]) -> list[RuleIssue]:
	if not condition.value.strip():
		return [RuleIssue("no_value", place)]
	number = number_in(condition.value)
	if condition.fact == RISK_TIER:
		return [] if condition.value in RISK_TIERS else [RuleIssue("not_a_tier", place, RISK_TIERS)]
	if condition.fact == ASKS_FOR_CALL:
		return [] if yes_or_no(condition.value) else [RuleIssue("not_yes", place)]
	if condition.operator in ORDERED or condition.fact != ANSWER:
		return [RuleIssue("not_a_number", place)] if number is None else []
	kinds = {question.answer_type for question in questions}
	if kinds and kinds <= NUMERIC:
		return [RuleIssue("not_a_number", place)] if number is None else []
	if kinds == {YES_NO}:
		return [RuleIssue("not_yes_or_no", place)] if yes_or_no(condition.value) is None else []
	if kinds == {CHOICE}:
		values = dict.fromkeys(choice.value for question in questions for choice in question.choices)
		if condition.value.strip().casefold() not in {value.casefold() for value in values}:
			return [RuleIssue("not_a_choice", place, tuple(values))]
	return []


def _contradictions(conditions: tuple[Condition, ...]) -> list[RuleIssue]:
	"""Limits of one number that nothing can be between: pain ≥ 7 and pain < 4 at once."""
	lowest: dict[tuple[str, str], tuple[float, bool]] = {}
	highest: dict[tuple[str, str], tuple[float, bool]] = {}
	issues = []
	for place, condition in enumerate(conditions, 1):
		number = number_in(condition.value)
		if number is None or condition.operator not in (*ORDERED, "="):
			continue
		about = (condition.fact, condition.question)
		closed = "=" in condition.operator
		if condition.operator in (">", ">=", "="):
			lowest[about] = max(
				lowest.get(about, (number, closed)), (number, closed), key=lambda low: (low[0], not low[1])
			)
		if condition.operator in ("<", "<=", "="):
			highest[about] = min(
				highest.get(about, (number, closed)), (number, closed), key=lambda high: (high[0], high[1])
			)
		if about in lowest and about in highest:
			low, high = lowest[about], highest[about]
			if low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1])):
				issues.append(RuleIssue("contradiction", place))
	return issues
