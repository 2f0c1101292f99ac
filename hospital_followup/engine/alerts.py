"""Alert rules: which of them a contact, a patient's request, a task or a missed revisit meets, and with which facts.

A fact that nobody knows meets no condition. A trend is read off the readings of earlier contacts and this one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hospital_followup.engine.answers import Answer
from hospital_followup.engine.conditions import number_in, yes_or_no
from hospital_followup.engine.phrases import mentions, read_phrases, searched
from hospital_followup.engine.trends import FALLS, RISES, Reading, Trend, trend

ANSWER, SATISFACTION, RECOMMENDATION = "Answer", "Satisfaction", "Recommendation"
FREE_TEXT, RISK_TIER = "Free Text", "Risk Tier"
ASKS_FOR_CALL = "Asks for a Call"
DAYS_OVERDUE, FAILED_ATTEMPTS = "Days Overdue", "Failed Attempts"
DAYS_SINCE_MISSED_REVISIT = "Days Since Missed Revisit"
#: What a fact belongs to. A rule looks at one of the four; the risk tier is known of each.
CONTACT, REQUEST, TASK, REVISIT = "contact", "request", "task", "revisit"
SUBJECTS: Mapping[str, str] = {
	ANSWER: CONTACT,
	SATISFACTION: CONTACT,
	RECOMMENDATION: CONTACT,
	FREE_TEXT: CONTACT,
	ASKS_FOR_CALL: REQUEST,
	DAYS_OVERDUE: TASK,
	FAILED_ATTEMPTS: TASK,
	DAYS_SINCE_MISSED_REVISIT: REVISIT,
}
ALL, ANY = "All Conditions", "Any Condition"
CONTAINS = "Contains"
TRENDS = (RISES, FALLS)
ORDERED = ("<", "<=", ">", ">=")
EQUALITY = ("=", "!=")


@dataclass(frozen=True, slots=True)
class Condition:
	"""One line of a rule. `question` is the code of the answer; the spans belong to trends, 0 = not limited."""

	fact: str
	operator: str
	value: str = ""
	question: str = ""
	over_contacts: int = 0
	over_days: int = 0

	@property
	def is_trend(self) -> bool:
		return self.operator in TRENDS


@dataclass(frozen=True, slots=True)
class Rule:
	name: str
	title: str
	kind: str
	severity: str
	match: str = ALL
	conditions: tuple[Condition, ...] = ()

	@property
	def subject(self) -> str | None:
		"""Contact, request, task or revisit, as its first telling condition says; None when there is none."""
		subjects = (SUBJECTS.get(condition.fact) for condition in self.conditions)
		return next((subject for subject in subjects if subject), None)

	@property
	def sole_answer(self) -> str | None:
		"""The question's code when the rule is one plain comparison of an answer, as a questionnaire's own flag is."""
		if len(self.conditions) != 1:
			return None
		(only,) = self.conditions
		plain = only.fact == ANSWER and only.operator in (*ORDERED, *EQUALITY)
		return only.question if plain else None


@dataclass(frozen=True, slots=True)
class Said:
	"""Free text and where it stands: a field's name, or the code of a question."""

	place: str
	text: str


@dataclass(frozen=True, slots=True)
class Facts:
	"""What is known; None, or absent, is unknown.

	`history` holds the readings of each question's code in any order, this contact's among them; a trend ends at `now`.
	"""

	answers: Mapping[str, Answer] = field(default_factory=dict)
	history: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
	now: datetime | None = None
	satisfaction: float | None = None
	recommendation: float | None = None
	texts: tuple[Said, ...] = ()
	asks_for_call: bool | None = None
	days_overdue: int | None = None
	failed_attempts: int | None = None
	days_since_missed_revisit: int | None = None
	risk_tier: str | None = None


@dataclass(frozen=True, slots=True)
class Met:
	"""A condition that holds and what it was held against: a number, an answer, the readings of a trend, or words."""

	condition: Condition
	value: float | str | None = None
	trend: Trend | None = None
	said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
	rule: Rule
	met: tuple[Met, ...]


def evaluate(rules: Iterable[Rule], facts: Facts) -> tuple[Finding, ...]:
	"""The rules that `facts` meet, in their order, each with the conditions that hold."""
	found = []
	for rule in rules:
		met = tuple(held for condition in rule.conditions if (held := holds(condition, facts)))
		wanted = 1 if rule.match == ANY else len(rule.conditions)
		if met and len(met) >= wanted and any(held.condition.fact != RISK_TIER for held in met):
			found.append(Finding(rule, met))
	return tuple(found)


def holds(condition: Condition, facts: Facts) -> Met | None:
	"""The condition with what met it, None when it is not met or cannot be known."""
	if condition.is_trend:
		return _trend_holds(condition, facts)
	if condition.operator == CONTAINS:
		return _words_hold(condition, facts)
	known = _value_of(condition, facts)
	if known is None or known == "" or not _compares(condition.operator, known, condition.value):
		return None
	return Met(condition, known)


def _value_of(condition: Condition, facts: Facts) -> float | str | None:
	if condition.fact == ANSWER:
		answer = facts.answers.get(condition.question)
		if answer is None or answer.value is None:
			return None
		if isinstance(answer.value, bool):
			return answer.text
		return answer.value
	known: Mapping[str, float | str | None] = {
		SATISFACTION: facts.satisfaction,
		RECOMMENDATION: facts.recommendation,
		DAYS_OVERDUE: facts.days_overdue,
		FAILED_ATTEMPTS: facts.failed_attempts,
		DAYS_SINCE_MISSED_REVISIT: facts.days_since_missed_revisit,
		RISK_TIER: facts.risk_tier,
		ASKS_FOR_CALL: "Yes" if facts.asks_for_call else None,
	}
	return known.get(condition.fact)


def _compares(operator: str, known: float | str, wanted: str) -> bool:
	number = number_in(wanted)
	if not isinstance(known, str):
		return number is not None and _in_order(operator, float(known), number)
	if operator not in EQUALITY:
		return False
	return _same(known, wanted) == (operator == "=")


def _in_order(operator: str, known: float, wanted: float) -> bool:
	outcome = {
		"=": known == wanted,
		"!=": known != wanted,
		"<": known < wanted,
		"<=": known <= wanted,
		">": known > wanted,
		">=": known >= wanted,
	}
	return outcome.get(operator, False)


def _same(known: str, wanted: str) -> bool:
	if known in ("Yes", "No") and yes_or_no(wanted) is not None:
		return yes_or_no(known) == yes_or_no(wanted)
	return known.strip().casefold() == wanted.strip().casefold()


def _words_hold(condition: Condition, facts: Facts) -> Met | None:
	if condition.fact == FREE_TEXT:
		texts = facts.texts
	else:
		answer = facts.answers.get(condition.question)
		texts = (Said(condition.question, answer.text),) if answer and answer.text else ()
	phrases = read_phrases(condition.value)
	looked_at = [(said.place, searched(said.text)) for said in texts]
	said = tuple(
		(place, text[mention.start : mention.end])
		for place, text in looked_at
		for mention in mentions(text, phrases)
	)
	return Met(condition, said=tuple(dict.fromkeys(said))) if said else None


def _trend_holds(condition: Condition, facts: Facts) -> Met | None:
	answer = facts.answers.get(condition.question)
	if condition.fact != ANSWER or answer is None or answer.number is None:
		return None  # a contact without a reading says nothing new about a trend
	found = trend(
		facts.history.get(condition.question, ()),
		condition.operator,
		until=facts.now,
		over_contacts=condition.over_contacts,
		over_days=condition.over_days,
		smallest=number_in(condition.value) or 0.0,
	)
	return Met(condition, found.readings[-1].value, found) if found else None
