"""Alert rules as a table: what is known, which rule it meets, and what is wrong with a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.alert_check import RuleIssue, check, operators_of, phrase_issues
from hospital_followup.engine.alerts import (
	ALL,
	ANY,
	SUBJECTS,
	Condition,
	Facts,
	Rule,
	Said,
	evaluate,
	holds,
)
from hospital_followup.engine.answers import Answer
from hospital_followup.engine.phrases import MOST_PHRASES
from hospital_followup.engine.questions import Choice, Question
from hospital_followup.engine.trends import Reading

NOW = datetime.fromisoformat("2026-11-20 10:00")
ANSWERS = {
	"pain": Answer("pain", 7.0, "7"),
	"fever": Answer("fever", True, "Yes"),
	"drain": Answer("drain", False, "No"),
	"wound": Answer("wound", "pus", "pus"),
	"wish": Answer("wish", "没有发烧，但是胸痛", "没有发烧，但是胸痛"),
	"taken_back": Answer("taken_back", None, ""),
}
WEIGHTS = tuple(
	Reading(NOW - timedelta(days=days), value, "kg") for days, value in ((9, 69.0), (2, 70.0), (0, 72.1))
)
FACTS = Facts(
	answers={**ANSWERS, "weight": Answer("weight", 72.1, "72.1")},
	history={"weight": WEIGHTS, "pain": (Reading(NOW, 7.0, "0-10"),)},
	now=NOW,
	satisfaction=2,
	recommendation=0,
	texts=(Said("notes", "Sleeps well, no fever"), Said("patient_feedback", "喘不过气")),
	days_overdue=3,
	failed_attempts=0,
	days_since_missed_revisit=7,
	risk_tier="High",
)


def rule(*conditions: Condition, match: str = ALL) -> Rule:
	return Rule("rule", "Rule", "Clinical", "Amber", match, conditions)


def answer(question: str, operator: str, value: str = "", **span: int) -> Condition:
	return Condition("Answer", operator, value, question, **span)


@pytest.mark.parametrize(
	("condition", "met"),
	[
		(answer("pain", ">=", "7"), True),
		(answer("pain", ">", "7"), False),
		(answer("pain", "<=", "７"), True),
		(answer("pain", "<", "7.5"), True),
		(answer("pain", "=", "7.0"), True),
		(answer("pain", "!=", "7"), False),
		(answer("pain", ">=", "seven"), False),
		(answer("pain", "!=", "seven"), False),
		(answer("fever", "=", "yes"), True),
		(answer("fever", "=", "是"), True),
		(answer("fever", "!=", "yes"), False),
		(answer("drain", "=", "No"), True),
		(answer("drain", "<", "1"), False),
		(answer("wound", "=", "PUS"), True),
		(answer("wound", "!=", "dry"), True),
		(answer("wound", ">", "a"), False),
		(answer("wish", "Contains", "胸痛"), True),
		(answer("wish", "Contains", "发烧"), False),
		(answer("weight", "Rises", "2", over_days=3), True),
		(answer("weight", "Rises", "2.2", over_days=3), False),
		(answer("weight", "Rises", over_contacts=3), True),
		(answer("weight", "Falls", over_contacts=2), False),
		(answer("pain", "Rises", over_contacts=2), False),
		(answer("taken_back", "!=", "1"), False),
		(answer("unasked", "!=", "1"), False),
		(answer("unasked", "Contains", "胸痛"), False),
		(answer("unasked", "Rises", over_contacts=2), False),
		(Condition("Satisfaction", "<=", "2"), True),
		(Condition("Recommendation", "<=", "6"), True),
		(Condition("Free Text", "Contains", "喘不过气, fever"), True),
		(Condition("Free Text", "Contains", "fever"), False),
		(Condition("Days Overdue", ">=", "3"), True),
		(Condition("Failed Attempts", ">=", "1"), False),
		(Condition("Failed Attempts", "=", "0"), True),
		(Condition("Days Since Missed Revisit", ">", "7"), False),
		(Condition("Asks for a Call", "=", "Yes"), False),
		(Condition("Risk Tier", "=", "High"), True),
		(Condition("Risk Tier", "!=", "Low"), True),
		(Condition("Blood Group", "=", "A"), False),
	],
)
def test_a_condition(condition: Condition, met: bool) -> None:
	assert bool(holds(condition, FACTS)) is met


def test_a_finding_says_what_met_it() -> None:
	words = Condition("Free Text", "Contains", "喘不过气")
	(finding,) = evaluate([rule(words, answer("weight", "Rises", "2", over_days=3))], FACTS)
	assert finding.met[0].said == (("patient_feedback", "喘不过气"),)
	assert [reading.value for reading in finding.met[1].trend.readings] == [70.0, 72.1]


def test_a_patient_who_asks_to_be_called() -> None:
	asks, tier = Condition("Asks for a Call", "=", "Yes"), Condition("Risk Tier", "=", "High")
	facts = Facts(asks_for_call=True, risk_tier="High")
	assert holds(asks, facts).value == "Yes"
	assert evaluate([rule(asks, tier)], facts)
	assert not evaluate([rule(asks, tier)], Facts(asks_for_call=True, risk_tier="Low"))
	assert rule(asks, tier).subject == "request"


def test_all_and_any() -> None:
	met, unmet = answer("pain", ">=", "7"), answer("pain", ">=", "8")
	assert not evaluate([rule(met, unmet)], FACTS)
	assert evaluate([rule(met, unmet, match=ANY)], FACTS)
	assert not evaluate([rule(unmet, unmet, match=ANY)], FACTS)
	assert not evaluate([rule()], FACTS)


def test_the_risk_tier_alone_never_alarms() -> None:
	tier = Condition("Risk Tier", "=", "High")
	assert not evaluate([rule(tier)], FACTS)
	assert not evaluate([rule(tier, answer("pain", ">=", "8"), match=ANY)], FACTS)
	assert evaluate([rule(tier, answer("pain", ">=", "7"))], FACTS)


CONDITIONS = st.one_of(
	st.builds(
		answer,
		st.sampled_from(("pain", "weight", "wound", "fever", "unasked")),
		st.sampled_from(("=", "!=", "<", "<=", ">", ">=", "Contains", "Rises", "Falls")),
		st.sampled_from(("7", "pus", "yes", "", "2")),
		over_contacts=st.integers(0, 3),
		over_days=st.integers(0, 9),
	),
	st.builds(
		Condition,
		st.sampled_from((*SUBJECTS, "Risk Tier")),
		st.sampled_from(("=", "!=", "<", ">=", "Contains")),
		st.sampled_from(("0", "3", "High", "喘不过气")),
	),
)
RULES = st.lists(CONDITIONS, max_size=4).map(lambda conditions: rule(*conditions))


@given(RULES)
def test_what_nobody_knows_alarms_nobody(tested: Rule) -> None:
	assert evaluate([tested, replace(tested, match=ANY)], Facts()) == ()


@given(RULES)
def test_all_is_stricter_than_any(tested: Rule) -> None:
	if evaluate([tested], FACTS):
		assert evaluate([replace(tested, match=ANY)], FACTS)


@given(st.lists(RULES, max_size=4))
def test_rules_do_not_disturb_each_other(rules: list[Rule]) -> None:
	assert evaluate(rules, FACTS) == tuple(found for each in rules for found in evaluate([each], FACTS))


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_worse_answer_meets_every_threshold_the_better_met(value: int, worse: int) -> None:
	tested = rule(answer("pain", ">=", str(value)))
	low, high = sorted((value, worse))
	for number in (low, high):
		facts = Facts(answers={"pain": Answer("pain", float(number), str(number))})
		assert bool(evaluate([tested], facts)) == (number >= value)


QUESTIONS = {
	"pain": (Question("pain", answer_type="Scale", minimum=0, maximum=10),),
	"fever": (Question("fever"),),
	"wound": (Question("wound", answer_type="Choice", choices=(Choice("dry", "Dry"), Choice("pus", "Pus"))),),
	"wish": (Question("wish", answer_type="Text"),),
	"mixed": (Question("mixed", answer_type="Number"), Question("mixed", answer_type="Choice")),
}
TIER = Condition("Risk Tier", "=", "High")
#: Half of the phrases that a rule may look for.
MANY = ",".join(f"word {number}" for number in range(MOST_PHRASES // 2))


@pytest.mark.parametrize(
	("conditions", "issues"),
	[
		((), [("no_conditions", 0)]),
		((TIER,), [("only_risk_tier", 0)]),
		((answer("pain", ">=", "7"), Condition("Days Overdue", ">", "2")), [("mixed_subjects", 0)]),
		((Condition("Failed Attempts", ">=", "3"), Condition("Days Overdue", ">", "2"), TIER), []),
		((answer("", ">=", "7"),), [("no_question", 1)]),
		((answer("pian", ">=", "7"),), [("unknown_question", 1)]),
		((answer("pain", "Contains", "7"),), [("operator", 1)]),
		((answer("wound", "Rises", over_contacts=3),), [("operator", 1)]),
		((answer("wound", ">", "1"),), [("operator", 1)]),
		((Condition("Free Text", "=", "pain"),), [("operator", 1)]),
		((Condition("Free Text", "Contains", " ，、"),), [("no_value", 1)]),
		((answer("pain", ">=", ""),), [("no_value", 1)]),
		((answer("pain", "=", "strong"),), [("not_a_number", 1)]),
		((Condition("Satisfaction", "=", "bad"),), [("not_a_number", 1)]),
		((answer("fever", "=", "maybe"),), [("not_yes_or_no", 1)]),
		((answer("fever", "=", "是"),), []),
		((answer("wound", "=", "wet"),), [("not_a_choice", 1)]),
		((answer("wound", "=", "PUS"),), []),
		((answer("mixed", "=", "anything"),), []),
		((answer("wish", "Contains", "胸痛"),), []),
		((Condition("Free Text", "Contains", "胸痛," + "痛" * 60), answer("wish", "Contains", "a*b…c")), []),
		((Condition("Free Text", "Contains", "胸痛," + "痛" * 61),), [("long_phrase", 1)]),
		((Condition("Free Text", "Contains", "胸痛,a*b...c…d,a*a*a*z"),), [("many_gaps", 1)]),
		((answer("wish", "Contains", MANY), Condition("Free Text", "Contains", MANY)), []),
		(
			(answer("wish", "Contains", MANY), Condition("Free Text", "Contains", f"{MANY},x")),
			[("many_phrases", 0)],
		),
		((TIER, answer("pain", ">", "1"), replace(TIER, value="高")), [("not_a_tier", 3)]),
		((answer("pain", "Rises", "much", over_days=2),), [("not_a_number", 1)]),
		((answer("pain", "Rises"),), [("no_span", 1)]),
		((answer("pain", "Rises", over_contacts=1, over_days=3),), [("no_span", 1)]),
		((answer("pain", "Falls", "2", over_days=1),), []),
		((answer("pain", ">=", "7"), answer("pain", "<", "4")), [("contradiction", 2)]),
		((answer("pain", ">", "4"), answer("pain", "=", "4")), [("contradiction", 2)]),
		((answer("pain", ">=", "4"), answer("pain", "<=", "4")), []),
		((answer("pain", ">=", "7"), answer("mixed", "<", "4")), []),
	],
)
def test_what_is_wrong_with_a_rule(conditions: tuple[Condition, ...], issues: list[Any]) -> None:
	found = check(rule(*conditions), QUESTIONS)
	assert [(issue.code, issue.condition) for issue in found] == issues


def test_limits_that_exclude_each_other_are_alternatives_under_any() -> None:
	either = (answer("pain", ">=", "7"), answer("pain", "<", "1"))
	assert check(rule(*either, match=ANY), QUESTIONS) == ()


def test_without_the_questions_a_code_is_taken_as_it_is() -> None:
	assert check(rule(answer("pian", ">=", "7"))) == ()
	assert check(rule(answer("pian", "Near", "7"))) == (RuleIssue("operator", 1, operators_of("Answer")),)


def test_an_objection_to_a_phrase_shows_its_beginning() -> None:
	issues = phrase_issues(f"胸痛,{'痛' * 4_000},{'苦' * 4_000},a*b*c*d")
	assert [(issue.code, issue.expected) for issue in issues] == [
		("long_phrase", ("痛" * 60 + "…",)),
		("many_gaps", ("a*b*c*d",)),
	]


def test_words_are_looked_for_at_both_ends_of_a_very_long_text() -> None:
	filler = "好" * 20_000
	facts = Facts(texts=(Said("notes", f"胸痛。{filler}。发热。{filler}。流血"),))
	found = holds(Condition("Free Text", "Contains", "胸痛,发热,流血"), facts)
	assert found is not None
	assert found.said == (("notes", "胸痛"), ("notes", "流血"))


@given(RULES)
def test_a_rule_without_objections_can_be_met_or_not_but_breaks_nothing(tested: Rule) -> None:
	if not check(tested, QUESTIONS):
		assert len(evaluate([tested], FACTS)) <= 1


@pytest.mark.parametrize(
	("conditions", "code"),
	[
		((answer("pain", ">=", "7"),), "pain"),
		((answer("pain", "Rises", over_contacts=3),), None),
		((answer("pain", ">=", "7"), TIER), None),
		((Condition("Satisfaction", "<=", "2"),), None),
	],
)
def test_a_single_plain_answer_is_the_questions_own(
	conditions: tuple[Condition, ...], code: str | None
) -> None:
	assert rule(*conditions).sole_answer == code
