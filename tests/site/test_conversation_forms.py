"""What scripts, questionnaires and contents accept."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from hospital_followup.exceptions import FollowupError, InvalidValueError
from tests.site.samples import ready_for_approval, saved

YES_NO = {"code": "fever", "text": "Fever?", "answer_type": "Yes/No"}
SCALE = {"code": "pain", "text": "Pain?", "answer_type": "Scale", "minimum": "0", "maximum": "10"}


def questionnaire(*questions: dict[str, Any]) -> Any:
	return saved("Follow-up Questionnaire", questions=list(questions))


@pytest.mark.parametrize("doctype", ["Follow-up Script", "Care Content"])
class TestApproval:
	def test_says_who_and_when(self, doctype: str) -> None:
		document = ready_for_approval(doctype)
		document.status = "Approved"
		document.save()
		assert document.approved_by == frappe.session.user
		assert document.approved_on

	def test_is_not_carried_by_a_draft(self, doctype: str) -> None:
		document = saved(doctype, approved_by="Administrator", approved_on="2026-01-01 10:00:00")
		assert (document.approved_by, document.approved_on) == (None, None)


class TestQuestion:
	@pytest.mark.parametrize(
		("change", "message"),
		[
			({"code": "1st"}, "begins with a letter"),
			({"code": "疼痛"}, "begins with a letter"),
			({"code": "pain score"}, "begins with a letter"),
			({"maximum": None}, "needs a minimum and a maximum"),
			({"minimum": "10"}, "must be smaller"),
			({"minimum": "eleven"}, "not a number"),
			({"maximum": "nan"}, "not a number"),
			({"maximum": "inf"}, "not a number"),
			({"answer_type": "Choice", "choices": "only one"}, "two different choices"),
			({"answer_type": "Choice", "choices": "same\nsame"}, "two different choices"),
		],
	)
	def test_is_refused_with_the_reason(self, change: dict[str, Any], message: str) -> None:
		with pytest.raises(InvalidValueError, match=message):
			questionnaire(YES_NO, {**SCALE, **change})

	def test_without_a_code_is_refused(self) -> None:
		with pytest.raises(FollowupError):
			questionnaire({"text": "?", "answer_type": "Text"})

	def test_has_a_code_of_its_own(self) -> None:
		with pytest.raises(InvalidValueError, match="used twice"):
			questionnaire(YES_NO, {**YES_NO, "code": "FEVER"})

	def test_accepts_full_width_digits_and_tidies_up(self) -> None:
		(question,) = questionnaire({**SCALE, "code": " Pain ", "maximum": "１０"}).questions
		assert (question.code, question.minimum, question.maximum) == ("pain", "0", "10")

	def test_keeps_only_what_belongs_to_its_answer(self) -> None:
		(question,) = questionnaire({**YES_NO, "minimum": "1", "unit": "kg", "choices": "a\nb"}).questions
		assert (question.minimum, question.unit, question.choices) == (None, None, None)

	def test_choices_are_one_per_line(self) -> None:
		(question,) = questionnaire({**YES_NO, "answer_type": "Choice", "choices": " a \n\nb\n"}).questions
		assert question.choices == "a\nb"

	def test_zero_is_a_limit_and_empty_is_none(self) -> None:
		number = {"code": "weight", "text": "Weight?", "answer_type": "Number"}
		first, second = questionnaire({**number, "minimum": 0}, {**number, "code": "w2"}).questions
		assert (first.minimum, second.minimum) == ("0", None)


def test_content_names_the_condition_in_each_row() -> None:
	with pytest.raises(InvalidValueError, match="empty"):
		saved("Care Content", conditions=[{"code": " "}])
