"""Alert rules in words: what met a rule, for the alert; what is wrong with one, for its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe import _
from frappe.utils import escape_html

from hospital_followup.engine.alert_check import RuleIssue
from hospital_followup.engine.alerts import (
	ANSWER,
	ASKS_FOR_CALL,
	DAYS_OVERDUE,
	DAYS_SINCE_MISSED_REVISIT,
	FAILED_ATTEMPTS,
	RECOMMENDATION,
	SATISFACTION,
	Finding,
	Met,
	Said,
)
from hospital_followup.engine.phrases import LONGEST_PHRASE, MOST_GAPS, MOST_PHRASES
from hospital_followup.engine.questionnaire import shown
from hospital_followup.engine.questions import SCALE, YES_NO, Question
from hospital_followup.engine.trends import Trend
from hospital_followup.services.plain_dates import plain_date

#: Characters shown on either side of a red-flag word.
AROUND = 30


def detail(
	finding: Finding, questions: Mapping[str, Question] | None = None, texts: tuple[Said, ...] = ()
) -> str:
	"""The title of the rule and what met it: "Weight gain: Weight: 70 → 72.1 kg (November 1, 2026 to …)"."""
	return _("{0}: {1}").format(finding.rule.title, what_met(finding, questions, texts))


def what_met(
	finding: Finding, questions: Mapping[str, Question] | None = None, texts: tuple[Said, ...] = ()
) -> str:
	"""What met the rule, without its title."""
	return "; ".join(met_sentence(met, questions or {}, texts) for met in finding.met)


def met_sentence(met: Met, questions: Mapping[str, Question], texts: tuple[Said, ...] = ()) -> str:
	"""What met one condition."""
	condition = met.condition
	if met.said:
		return "; ".join(_quoted(place, words, questions, texts) for place, words in met.said)
	question = questions.get(condition.question)
	if met.trend:
		return f"{_named(condition.question, question)}: {_course(met.trend, question)}"
	if condition.fact == ANSWER:
		return f"{_named(condition.question, question)}: {spoken(met.value, question)}"
	if condition.fact == ASKS_FOR_CALL:
		return _("the patient feels unwell and asks to be called")
	number = shown(met.value) if isinstance(met.value, int | float) else str(met.value)
	sentences = {
		SATISFACTION: _("satisfaction {0} of 5"),
		RECOMMENDATION: _("would recommend us: {0} of 10"),
		DAYS_OVERDUE: _("days overdue: {0}"),
		FAILED_ATTEMPTS: _("attempts without reaching the patient: {0}"),
		DAYS_SINCE_MISSED_REVISIT: _("days since the missed revisit: {0}"),
	}
	if condition.fact in sentences:
		return sentences[condition.fact].format(number)
	return _("risk tier: {0}").format(_(number))


def spoken(value: Any, question: Question | None) -> str:
	"""An answer as people read it: Yes and No in their language, a choice by its label, a number with its unit."""
	text = shown(value) if isinstance(value, int | float) else str(value)
	if text in ("Yes", "No") and (question is None or question.answer_type == YES_NO):
		return _("Yes") if text == "Yes" else _("No")
	if question is None:
		return text
	text = next((choice.label for choice in question.choices if choice.value == text), text)
	return f"{text} {question.unit}".strip()


def issue_sentence(issue: RuleIssue, fact: str = "", value: str = "") -> str:
	"""What is wrong with a rule, where, and what would do; HTML. `fact` and `value` are those of the condition."""
	general = {
		"no_conditions": _(
			"A rule without conditions would never raise an alert. Add one, or switch the rule off."
		),
		"mixed_subjects": _(
			"A rule looks at a contact (answers, satisfaction, words), at a patient's request, at a task (days overdue, "
			"attempts) or at a missed revisit, not at two of them. Make two rules."
		),
		"only_risk_tier": _("The risk tier alone says nothing new. Add a condition about what happened."),
		"many_phrases": _("A rule looks for at most {1} words and phrases. Make two rules."),
		"long_phrase": _("“{0}” is longer than {2} characters. Enter only the words that matter."),
		"many_gaps": _("“{0}” has more than {3} gaps. Leave some out, or enter two phrases instead."),
	}
	expected = ", ".join(escape_html(_(word)) for word in issue.expected)
	if issue.code in general:
		return general[issue.code].format(expected, MOST_PHRASES, LONGEST_PHRASE, MOST_GAPS)
	of_condition = {
		"no_question": _("it looks at an answer. Enter the code of its question."),
		"unknown_question": _("no questionnaire in use asks this question. Choose one from the list."),
		"operator": _("{0} cannot be compared this way. Possible is {1}."),
		"no_value": _("it compares with nothing. Enter a value."),
		"not_a_number": _("“{2}” is not a number. Enter one, such as 7 or 37.5."),
		"not_yes_or_no": _("“{2}” does not fit. Enter Yes or No."),
		"not_yes": _("a patient asks for a call or does not. Enter Yes."),
		"not_a_choice": _("“{2}” is none of the choices. Enter one of {1}."),
		"not_a_tier": _("“{2}” is no risk tier. Enter one of {1}."),
		"no_span": _("it is a trend. Enter over how many contacts (at least 2) or days."),
		"contradiction": _("no value can meet this and the conditions above at the same time."),
	}
	return _("Condition {0}: {1}").format(
		issue.condition, of_condition[issue.code].format(_(fact), expected, value)
	)


def _named(code: str, question: Question | None) -> str:
	return (question and question.text) or code


def _course(found: Trend, question: Question | None) -> str:
	values = " → ".join(shown(reading.value) for reading in found.readings)
	unit = question.unit if question and question.answer_type != SCALE else ""
	first, last = (found.readings[place].on for place in (0, -1))
	days = _("{0} to {1}").format(plain_date(first), plain_date(last))
	return f"{values} {unit}".strip() + f" ({days})"


def _quoted(place: str, words: str, questions: Mapping[str, Question], texts: tuple[Said, ...]) -> str:
	where = {
		"notes": _("Notes"),
		"patient_feedback": _("What the Patient Said"),
		"comment": _("Comment"),
	}.get(place) or _named(place, questions.get(place))
	text = next((said.text for said in texts if said.place == place and words in said.text), words)
	start = text.index(words)
	end = start + len(words)
	around = " ".join(text[max(0, start - AROUND) : end + AROUND].split())
	before, after = ("…" if cut else "" for cut in (start > AROUND, end + AROUND < len(text)))
	return _("“{0}” in {1}: {2}").format(words, where, f"{before}{around}{after}")
