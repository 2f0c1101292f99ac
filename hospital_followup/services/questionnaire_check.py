"""What is wrong with a questionnaire, in sentences that name the row, the field, the place and a way out.

The engine finds the problems; here they get their words.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from hospital_followup.engine.conditions import ConditionError
from hospital_followup.engine.questionnaire import Problem, check
from hospital_followup.services.question_rows import engine_questionnaire, unreadable_limits

QUESTION = "Follow-up Question"
SCORE = "Follow-up Questionnaire Score"
IN_A_CONDITION = ("show_if", "amber_if", "red_if")


def problem_sentences(doc: Any) -> list[str]:
	"""One sentence for each problem, in the order of the rows; HTML."""
	questionnaire = engine_questionnaire(doc)
	unreadable = [
		Problem(row.code or "", field, "not_a_number", found=row.get(field), row=row.idx)
		for row in doc.get("questions") or ()
		for field in unreadable_limits(row)
	]
	limits = {(problem.row, problem.field) for problem in unreadable}
	found = [problem for problem in check(questionnaire) if (problem.row, problem.field) not in limits]
	ordered = sorted([*unreadable, *found], key=lambda problem: (problem.of_score, problem.row))
	return [_sentence(doc, problem) for problem in ordered]


def unreadable(text: str, error: ConditionError) -> str:
	"""What is wrong with a condition that stands by itself, with the place marked; HTML."""
	problem = Problem("", "", error.code, error.position, error.found)
	return f"{_pointed(text, problem)} {_what(problem)}"


def _sentence(doc: Any, problem: Problem) -> str:
	if not problem.row:
		return _("There are no questions. Add at least one.")
	doctype = SCORE if problem.of_score else QUESTION
	label = _(frappe.get_meta(doctype).get_label(problem.field), context=doctype)
	name = frappe.bold(escape_html(problem.question))
	what = _what(problem)
	if problem.field in IN_A_CONDITION:
		rows = doc.scores if problem.of_score else doc.questions
		what = f"{_pointed(rows[problem.row - 1].get(problem.field) or '', problem)} {what}"
	if problem.of_score:
		return _("Scored group {0} ({1}), {2}: {3}").format(problem.row, name, label, what)
	return _("Question {0} ({1}), {2}: {3}").format(problem.row, name, label, what)


def _pointed(text: str, problem: Problem) -> str:
	"""The condition with the place marked, so that nobody has to count characters."""
	start, end = problem.position, problem.position + max(len(problem.found), 1)
	before, fault, after = (escape_html(part) for part in (text[:start], text[start:end], text[end:]))
	return f"<code>{before}<mark>{fault or '…'}</mark>{after}</code>"


def _what(problem: Problem) -> str:
	words = {**_of_rows(), **_of_conditions(), **_of_values()}[problem.code]
	return words.format(
		place=problem.position + 1,
		found=frappe.bold(escape_html(problem.found)),
		expected=escape_html(problem.expected),
	)


def _of_rows() -> dict[str, str]:
	return {
		"bad_code": _(
			"the code may hold small letters, digits and _ and begins with a letter, for example pain_score."
		),
		"duplicate_code": _("the code is used twice; give each question its own."),
		"unknown_type": _("{found} is no type of answer. Choose from {expected}."),
		"not_a_number": _("{found} is not a number. Enter a number such as 37.5, or leave it empty."),
		"no_range": _("a scale needs a minimum and a maximum."),
		"bad_range": _("the minimum must be smaller than the maximum."),
		"few_choices": _("write at least two different choices, one per line."),
		"duplicate_choice": _(
			"{found} stands there twice. Write at least two different choices, each with its own value and text."
		),
		"no_points": _(
			"the group {found} adds up numbers. Use numbers as the values of the choices, for example: 0 | Not at all."
		),
		"unknown_group": _(
			"no scored group is called {found}. Add a row for it under Scored Groups, or empty the field."
		),
		"empty_group": _(
			"no question belongs to {found}. Name the group in its questions, or remove the row."
		),
		"duplicate_group": _("there are two rows for {found}. Remove one of them."),
	}


def _of_conditions() -> dict[str, str]:
	return {
		"too_long": _("the condition is longer than 500 characters. Make it shorter, or ask two questions."),
		"too_deep": _(
			"at character {place}, too many parentheses stand inside each other. Write it more simply."
		),
		"unexpected_character": _(
			"at character {place}, {found} cannot stand here. Put texts into quotation marks and join with and, or, not."
		),
		"unclosed_text": _(
			"the quotation mark at character {place} is never closed. Add one at the end of the text."
		),
		"expected_question": _(
			"at character {place}, the code of a question is missing. Write for example pain_score >= 4."
		),
		"expected_operator": _(
			"at character {place}, a comparison is missing. Write for example fever = yes or pain_score >= 4."
		),
		"expected_value": _(
			"at character {place}, the value to compare with is missing, for example 4, yes or “red”."
		),
		"expected_list": _("at character {place}, a list in parentheses is missing, for example (dry, red)."),
		"expected_number": _("at character {place}, a number belongs here instead of {found}."),
		"missing_parenthesis": _("at character {place}, a closing parenthesis is missing. Add ) there."),
		"unexpected_word": _(
			"at character {place}, {found} is too much. Join comparisons with and or or, and put several words into "
			"quotation marks."
		),
	}


def _of_values() -> dict[str, str]:
	return {
		"unknown_question": _(
			"at character {place}, no question of this questionnaire has the code {found}. Correct the code, or add the "
			"question."
		),
		"asked_later": _(
			"at character {place}, {found} is asked only later. Move that question up, above this one."
		),
		"circle": _(
			"at character {place}, {found} goes round in a circle: this question would be asked depending on its own answer."
		),
		"no_order": _(
			"at character {place}, {found} does not fit the answers of this question. Use {expected} instead."
		),
		"not_a_value": _(
			"at character {place}, {found} is never an answer of this question. Possible are: {expected}."
		),
		"out_of_range": _(
			"at character {place}, no possible answer meets {found}. Choose a value inside the limits: {expected}."
		),
	}
