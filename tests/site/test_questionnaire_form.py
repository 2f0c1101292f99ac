"""Saving, approving and trying out a questionnaire; what its refusals say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import frappe
import pytest

from hospital_followup.desk import try_questionnaire
from hospital_followup.exceptions import InvalidValueError, ReviewDateError
from tests.site.samples import saved
from tests.stack.users import make_user

QUESTIONNAIRE = "Follow-up Questionnaire"
AD, DR, SV = "Follow-up Administrator", "Follow-up Doctor", "Follow-up Supervisor"
PAIN = {"code": "pain", "text": "Pain?", "answer_type": "Scale", "minimum": "0", "maximum": "10"}
FEVER = {"code": "fever", "text": "Fever?", "answer_type": "Yes/No"}
As = Callable[..., AbstractContextManager[Any]]


def questionnaire(*questions: dict[str, Any], **values: Any) -> Any:
	return saved(QUESTIONNAIRE, questions=list(questions), **values)


def refusal(*questions: dict[str, Any], **values: Any) -> str:
	with pytest.raises(InvalidValueError) as error:
		questionnaire(*questions, **values)
	return str(error.value)


class TestRefusal:
	def test_names_row_field_and_place_and_a_way_out(self) -> None:
		words = refusal(FEVER, {**PAIN, "red_if": ">= 7 or fewer = yes"})
		assert "Question 2 (<strong>pain</strong>), Red If:" in words
		assert "<code>&gt;= 7 or <mark>fewer</mark> = yes</code>" in words
		assert "at character 9" in words
		assert "Correct the code, or add the question." in words

	def test_names_every_problem_at_once_in_the_order_of_the_rows(self) -> None:
		words = refusal({**FEVER, "code": "1"}, {**PAIN, "amber_if": ">= (4"}, {**PAIN, "show_if": "fever ="})
		places = [
			words.index(part)
			for part in (
				"Question 1 (",
				"Question 2 (<strong>pain</strong>), Amber If",
				"Question 3 (<strong>pain</strong>), Code",
				"Question 3 (<strong>pain</strong>), Ask Only If",
			)
		]
		assert places == sorted(places)

	def test_is_told_in_chinese(self) -> None:
		frappe.local.lang = "zh"
		words = refusal({**PAIN, "red_if": ">= high"})
		assert "第 1 题（<strong>pain</strong>），" in words
		assert "第 4 个字符处应为数字，而不是 <strong>high</strong>。" in words

	def test_writes_nothing_dangerous_back(self) -> None:
		words = refusal({**PAIN, "red_if": "<img src=x onerror=alert(1)>"})
		assert "<img" not in words

	@pytest.mark.parametrize(
		("question", "words"),
		[
			({"show_if": "pain > 1"}, "goes round in a circle"),
			({"show_if": "fever = yes"}, "is asked only later"),
			({"red_if": ">= 11"}, "no possible answer meets"),
			({"red_if": "= yes"}, "is never an answer of this question"),
			({"red_if": "contains x"}, "does not fit the answers"),
			({"red_if": "x" * 500 + ">"}, "longer than 500"),
			({"group": "mood"}, "no scored group is called"),
			({"answer_type": "Choice", "choices": "a | A\nb | a"}, "stands there twice"),
		],
	)
	def test_says_what_is_wrong(self, question: dict[str, Any], words: str) -> None:
		assert words in refusal({**PAIN, **question}, FEVER)

	@pytest.mark.parametrize(
		("score", "words"),
		[
			({"group": "mood", "title": "Mood"}, "no question belongs to"),
			(
				{"group": "sum", "title": "Sum", "amber_if": ">>"},
				"Scored group 1 (<strong>sum</strong>), Amber If",
			),
			({"group": "1", "title": "Sum"}, "begins with a letter"),
		],
	)
	def test_of_a_scored_group(self, score: dict[str, Any], words: str) -> None:
		assert words in refusal({**PAIN, "group": "sum" if score["group"] == "sum" else None}, scores=[score])


class TestTidying:
	def test_writes_codes_groups_and_conditions_the_usual_way(self) -> None:
		doc = questionnaire(
			{**PAIN, "code": " Pain ", "group": " Sum ", "red_if": "  >= 7 "},
			scores=[{"group": "SUM", "title": "Sum"}],
			set_code=" Hypertension ",
		)
		(row,) = doc.questions
		assert (row.code, row.group, row.red_if, doc.scores[0].group) == ("pain", "sum", ">= 7", "sum")
		assert doc.set_code == "hypertension"


class TestApproval:
	def draft(self) -> Any:
		return questionnaire(PAIN)

	def approve(self, doc: Any, **values: Any) -> Any:
		doc.update({"status": "Approved", **values})
		return doc.save()

	def test_needs_a_doctors_name(self, as_user: As) -> None:
		doc = self.draft()
		with as_user(AD), pytest.raises(InvalidValueError, match="before a doctor has signed it off"):
			self.approve(doc)

	def test_needs_the_name_of_a_doctor(self, as_user: As) -> None:
		doc, colleague = self.draft(), make_user(SV)
		with as_user(AD), pytest.raises(InvalidValueError, match="does not have the role"):
			self.approve(doc, sign_off=colleague)

	def test_says_who_signed_off_and_who_approved(self, as_user: As) -> None:
		doc, doctor = self.draft(), make_user(DR)
		with as_user(AD):
			self.approve(doc, sign_off=doctor)
			assert (doc.sign_off, doc.approved_by) == (doctor, frappe.session.user)
		assert doc.approved_on

	def test_by_a_doctor_is_the_doctors_sign_off(self, as_user: As) -> None:
		doc = self.draft()
		with as_user(AD, DR):
			self.approve(doc)
			assert doc.sign_off == frappe.session.user

	def test_needs_the_day_of_the_next_review(self) -> None:
		with pytest.raises(ReviewDateError):
			self.approve(questionnaire(PAIN, review_by=None))

	def test_retires_the_version_before(self) -> None:
		first = self.approve(self.draft())
		second = self.approve(frappe.copy_doc(first, ignore_no_copy=False).insert())
		assert (second.version, second.status) == (2, "Approved")
		assert frappe.db.get_value(QUESTIONNAIRE, first.name, "status") == "Retired"

	def test_what_was_shipped_is_signed_off_later(self) -> None:
		name = frappe.db.get_value(QUESTIONNAIRE, {"set_code": "general", "language": "zh"})
		doc = frappe.get_doc(QUESTIONNAIRE, name)
		doc.sign_off = "Administrator"
		doc.save()
		assert frappe.db.get_value(QUESTIONNAIRE, name, "sign_off") == "Administrator"


class TestTryingOut:
	DRAFT = {"questions": [FEVER, {**PAIN, "show_if": "fever = yes", "red_if": ">= 7", "required": 1}]}

	def test_asks_flags_and_writes_nothing(self) -> None:
		before = frappe.db.count(QUESTIONNAIRE)
		found = try_questionnaire(self.DRAFT, {"fever": "是", "pain": "８"})
		assert found["state"]["visible"] == ["fever", "pain"]
		assert found["state"]["flags"] == {"pain": "Red"}
		assert (found["problems"], found["errors"]) == ([], {})
		assert frappe.db.count(QUESTIONNAIRE) == before

	def test_says_what_is_wrong_with_an_answer(self) -> None:
		found = try_questionnaire(self.DRAFT, {"fever": "yes", "pain": "12"})
		assert found["errors"] == {"pain": "“12” is above 10. Please ask again, and check the number."}
		assert found["state"]["missing"] == ["pain"]

	def test_shows_an_unfinished_draft_with_its_problems(self) -> None:
		found = try_questionnaire(
			{"questions": [{**PAIN, "minimum": "x", "red_if": ">="}, {"answer_type": "Text"}]}
		)
		assert len(found["problems"]) == 3
		assert [question["code"] for question in found["questions"]] == ["pain", ""]

	def test_an_empty_form_has_nothing_to_ask(self) -> None:
		found = try_questionnaire({"title": "New"}, "{}")
		assert found["problems"] == ["There are no questions. Add at least one."]


class TestSignedText:
	def approved(self) -> Any:
		doc = saved("Care Content")
		doc.status = "Approved"
		return doc.save()

	@pytest.mark.parametrize("role", [SV, AD])
	def test_is_not_changed_by_others(self, as_user: As, role: str) -> None:
		doc = self.approved()
		with as_user(role), pytest.raises(InvalidValueError, match="only a doctor"):
			doc.update({"body": "<p>other</p>"}).save()

	def test_is_signed_off_again_by_the_doctor_who_changes_it(self, as_user: As) -> None:
		doc = self.approved()
		with as_user(DR):
			doc.update({"body": "<p>better</p>"}).save()
			assert doc.sign_off == frappe.session.user

	def test_may_be_retired_and_given_another_review_date(self, as_user: As) -> None:
		doc = self.approved()
		with as_user(SV):
			doc.update({"review_by": "2099-01-01", "status": "Retired"}).save()
		assert doc.status == "Retired"

	@pytest.mark.parametrize(
		"body", ["<p>{{ patient_name }}</p>", "<p>{{ 7*7 }}</p>", "<p>{{emergency_number.x}}</p>"]
	)
	def test_fills_in_the_settings_words_only(self, body: str) -> None:
		with pytest.raises(InvalidValueError, match="cannot be filled in"):
			saved("Care Content", body=body)
