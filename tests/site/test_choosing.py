"""Which questionnaire is asked and which advice is offered in a contact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
import pytest

from hospital_followup.engine.model import Diagnosis, Procedure
from hospital_followup.engine.relevance import Stay
from hospital_followup.services import content
from hospital_followup.services.call_context import CallContext
from hospital_followup.services.questionnaires import choose_questionnaire
from tests.site.samples import saved

QUESTIONNAIRE = "Follow-up Questionnaire"
CONTENT = "Care Content"
PRESSURE = Diagnosis("I10.x00", "原发性高血压", True)
CALL = CallContext(Stay(age=40), None, "Phone", "zh")


def with_stay(*diagnoses: Diagnosis, procedures: tuple[Procedure, ...] = (), age: int = 40) -> CallContext:
	return replace(CALL, stay=Stay(diagnoses, procedures, age))


def set_of(name: str | None) -> tuple[str, str]:
	return frappe.db.get_value(QUESTIONNAIRE, name, ["set_code", "language"])


def approved(doctype: str, **values: Any) -> Any:
	document = saved(doctype, **values)
	document.status = "Approved"
	return document.save()


class TestQuestionnaire:
	@pytest.mark.parametrize(
		("context", "expected"),
		[
			(CALL, "general"),
			(with_stay(PRESSURE), "hypertension"),
			(with_stay(Diagnosis("E11.900", "2型糖尿病", True), PRESSURE), "diabetes"),
			(with_stay(Diagnosis("", "冠状动脉粥样硬化性心脏病，心力衰竭", True)), "cardiac"),
			(with_stay(procedures=(Procedure("47.0", "阑尾切除术"),)), "after-surgery"),
			(with_stay(Diagnosis("K35.8", "阑尾炎", True), Diagnosis("I10"), procedures=(Procedure("47.0"),)), "after-surgery"),
			(with_stay(Diagnosis("O82.0", "", True), procedures=(Procedure("74.1", "剖宫产"),)), "maternity"),
			(with_stay(Diagnosis("O03.9", "自然流产", True)), "general"),
			(with_stay(Diagnosis("J18.9", "肺炎", True), age=5), "child"),
			(with_stay(Diagnosis("J18.9", "肺炎", True), age=80), "older-person"),
			(replace(CALL, purpose="Satisfaction"), "satisfaction"),
		],
	)  # fmt: skip
	def test_shipped_ones_fit_the_patient(self, context: CallContext, expected: str) -> None:
		for language in ("zh", "en"):
			assert set_of(choose_questionnaire(replace(context, language=language))) == (expected, language)

	def test_another_language_than_shipped_still_has_something_to_ask(self) -> None:
		assert set_of(choose_questionnaire(replace(CALL, language="fr")))[0] == "general"
		assert set_of(choose_questionnaire(replace(CALL, language="zh-TW"))) == ("general", "zh")

	def test_a_department_has_its_own(self) -> None:
		ward = frappe.get_doc({"doctype": "Follow-up Department", "department_name": "Ward"}).insert().name
		own = approved(QUESTIONNAIRE, department=ward, language="zh")
		assert choose_questionnaire(replace(CALL, department=ward)) == own.name
		assert choose_questionnaire(CALL) != own.name

	def test_drafts_and_retired_ones_are_never_asked(self) -> None:
		draft = saved(QUESTIONNAIRE, channel="Phone", language="zh")
		assert choose_questionnaire(CALL) != draft.name
		frappe.db.set_value(QUESTIONNAIRE, {}, "status", "Retired")
		assert choose_questionnaire(CALL) is None

	def test_what_the_plan_names_is_asked_in_the_patients_language(self) -> None:
		named = frappe.db.get_value(QUESTIONNAIRE, {"set_code": "diabetes", "language": "zh"})
		context = replace(with_stay(PRESSURE), task_questionnaire=named)
		assert choose_questionnaire(context) == named
		assert set_of(choose_questionnaire(replace(context, language="en"))) == ("diabetes", "en")
		assert choose_questionnaire(replace(context, language="fr")) == named

	def test_what_the_plan_names_is_asked_in_its_version_in_use(self) -> None:
		first = approved(QUESTIONNAIRE, language="zh")
		second = frappe.copy_doc(first, ignore_no_copy=False).insert()
		context = replace(CALL, task_questionnaire=first.name)
		assert choose_questionnaire(context) == first.name
		second.status = "Approved"
		second.save()
		assert choose_questionnaire(context) == second.name

	def test_a_plan_that_names_what_is_not_in_use_is_asked_what_is(self) -> None:
		draft = saved(QUESTIONNAIRE)
		assert choose_questionnaire(replace(CALL, task_questionnaire=draft.name)) == choose_questionnaire(
			CALL
		)

	def test_the_hospital_says_until_when_one_is_a_child(self) -> None:
		context = replace(CALL, stay=Stay(age=15))
		assert set_of(choose_questionnaire(context))[0] == "child"
		frappe.db.set_single_value("Follow-up Settings", "guardian_under_age", 14)
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert set_of(choose_questionnaire(context))[0] == "general"


class TestContent:
	def sets(self, context: CallContext, **given: Any) -> list[str]:
		rows = content.choose_content(context, given)
		return [frappe.db.get_value(CONTENT, row["name"], "set_code") for row in rows]

	def test_topics_that_are_due_come_first_and_in_each_the_most_specific(self) -> None:
		found = self.sets(replace(with_stay(PRESSURE, age=70), topics=("Revisit",)))
		assert found[:3] == ["hypertension-revisit", "older-person-revisit", "general-revisit"]
		assert found[3:6] == ["hypertension-condition", "older-person-condition", "general-condition"]
		assert len(found) == 12

	def test_each_advice_once_in_the_patients_language(self) -> None:
		for language in ("zh", "en"):
			rows = content.choose_content(replace(CALL, language=language))
			assert {row["language"] for row in rows} == {language}
			assert {row["other_language"] for row in rows} == {False}
			assert len(rows) == 4
		rows = content.choose_content(replace(CALL, language="fr"))
		assert (len(rows), {row["other_language"] for row in rows}) == (4, {True})

	def test_what_was_given_is_marked_in_any_language(self) -> None:
		given = {"general-care-en": "2026-03-01", "gone": "2026-01-01"}
		rows = content.choose_content(CALL, given)
		marked = {row["name"]: row["given_on"] for row in rows if row["given_on"]}
		assert marked == {"general-care-zh": "2026-03-01"}

	def test_is_clean_html(self) -> None:
		doc = approved(CONTENT, topic="Care")
		doc.db_set("body", "<p onclick='x()'>ok {{ emergency_number }}</p><script>alert(1)</script>")
		frappe.db.set_single_value("Follow-up Settings", "emergency_number", "<b>120</b>")
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		(html,) = (row["html"] for row in content.choose_content(CALL) if row["name"] == doc.name)
		assert "onclick" not in html
		assert "<script" not in html
		assert "&lt;b&gt;120&lt;/b&gt;" in html

	def test_a_missing_telephone_leaves_no_gap(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "hospital_phone", "")
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert content.clean_html("<p>{{ hospital_phone }}</p>") == "<p>[Follow-up Telephone]</p>"

	def test_drafts_are_not_offered(self) -> None:
		draft = saved(CONTENT)
		assert draft.name not in [row["name"] for row in content.choose_content(CALL)]
