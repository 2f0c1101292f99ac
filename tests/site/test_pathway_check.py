"""What the form of a pathway says while it is written: sentences that name the step, and the drawing's words."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from hospital_followup import pathway_desk
from hospital_followup.engine.pathway_check import Finding
from hospital_followup.services import pathway_check
from tests.site.rights import department
from tests.site.samples import ready_for_approval, sample, saved

STEP = {"title": "Day 2", "offset": 2, "offset_unit": "Day", "window_days": 1}
CODES = (
	*(
		"nobody_fits",
		"age_never_fits",
		"sex_never_fits",
		"before_anchor",
		"before_pregnancy",
		"over_before_age",
	),
	*(
		"too_far",
		"too_many_contacts",
		"contradiction",
		"same_day",
		"too_close",
		"week_cap",
		"window_over_repeat",
	),
	*("text_missing", "text_not_approved", "text_language", "text_department"),
)


def drawn(**values: Any) -> dict[str, Any]:
	"""What the form asks for while nothing is saved yet."""
	return pathway_desk.draw_pathway(sample("Care Pathway", **values).as_dict())


def found(**values: Any) -> list[tuple[str, bool]]:
	return [(remark["code"], remark["blocking"]) for remark in drawn(**values)["remarks"]]


def approved(doctype: str, **values: Any) -> str:
	doc = ready_for_approval(doctype, **values)
	doc.update({"status": "Approved", "sign_off": "Administrator", "review_by": add_days(today(), 100)})
	return doc.save().name


class TestSentences:
	def test_name_the_steps_and_what_differs(self) -> None:
		steps = [
			{**STEP, "title": "Wound", "offset": 7, "role": "Follow-up Doctor", "channel": "Phone"},
			{**STEP, "offset": 1, "offset_unit": "Week", "role": "Follow-up Specialist", "channel": "WeChat"},
		]
		(remark,) = drawn(steps=steps)["remarks"]
		assert remark["steps"] == (1, 2)
		assert remark["sentence"].startswith("step 1 “Wound” and step 2 “Day 2” can fall on the same day")
		assert "Channel and Role" in remark["sentence"]

	def test_in_chinese(self) -> None:
		frappe.local.lang = "zh"
		steps = [{**STEP, "title": "伤口"}, {**STEP, "title": "", "offset": 3}]
		(remark,) = drawn(steps=steps)["remarks"]
		assert remark["sentence"].startswith("第 1 个节点“伤口”与第 2 个节点最近只相隔 1 天")

	@pytest.mark.parametrize("language", ["en", "zh"])
	@pytest.mark.parametrize("code", CODES)
	def test_every_finding_has_its_words(self, code: str, language: str) -> None:
		frappe.local.lang = language
		doc = sample("Care Pathway", steps=[STEP, STEP])
		finding = Finding(code, 1, 1, 2, 1, 1, 2, 3, ("script",), "Female", "Draft")
		sentence = pathway_check._sentence(doc, finding)
		assert sentence and "{" not in sentence
		assert (language == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in sentence)

	@pytest.mark.parametrize(
		("values", "expected"),
		[
			({}, []),
			({"age_from": "70", "age_to": "60"}, [("nobody_fits", True)]),
			({"age_from": "seventy"}, []),
			({"anchor": "Expected Delivery", "sex": "Male"}, [("sex_never_fits", True)]),
			({"sex": "Male", "diagnoses": [{"code": "O80"}]}, [("sex_never_fits", True)]),
			({"steps": []}, [("no_steps", True)]),
			({"steps": [{**STEP, "offset": -2}]}, [("out_of_range", True)]),
			({"steps": [{**STEP, "window_days": 400}]}, [("out_of_range", True)]),
			({"steps": [STEP, {**STEP, "offset": 4}]}, [("too_close", False)]),
		],
	)
	def test_while_it_is_typed(self, values: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
		assert found(**values) == expected

	def test_the_settings_of_the_hospital_count(self) -> None:
		steps = [STEP, {**STEP, "offset": 8}]
		assert found(steps=steps) == []
		frappe.db.set_single_value("Follow-up Settings", "merge_within_days", 6)
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert found(steps=steps) == [("too_close", False)]


class TestTexts:
	def step(self, **values: Any) -> dict[str, Any]:
		return {"steps": [{**STEP, **values}]}

	def test_of_a_draft(self) -> None:
		assert found(**self.step(script=saved("Follow-up Script").name)) == [("text_not_approved", False)]

	def test_a_later_version_that_is_in_use_will_do(self) -> None:
		first = approved("Follow-up Script", language=language())
		title = frappe.db.get_value("Follow-up Script", first, "title")
		approved("Follow-up Script", title=title, language=language())
		assert frappe.db.get_value("Follow-up Script", first, "status") == "Retired"
		assert found(**self.step(script=first)) == []

	def test_of_another_language(self) -> None:
		other = approved("Follow-up Script", language="fr")
		assert found(**self.step(script=other)) == [("text_language", False)]

	def test_a_translation_of_its_set_will_do(self) -> None:
		other = approved("Follow-up Script", language="fr", set_code="knee")
		approved("Follow-up Script", language=language(), set_code="knee")
		assert found(**self.step(script=other)) == []

	def test_of_another_department(self) -> None:
		surgery, medicine = department("Surgery"), department("Medicine")
		mine = approved("Follow-up Questionnaire", department=surgery)
		step = self.step(questionnaire=mine)
		assert found(**step, departments=[{"department": surgery}]) == []
		assert found(**step, departments=[{"department": medicine}]) == [("text_department", False)]
		assert found(**step) == [("text_department", False)]


class TestDrawing:
	def test_days_and_words(self) -> None:
		monthly = {
			**STEP,
			"title": "Monthly",
			"offset": 1,
			"offset_unit": "Week",
			"repeat_every": 2,
			"repeat_unit": "Week",
			"repeat_count": 3,
			"window_days": 3,
			"topics": "Condition, Revisit",
			"revisit_after_days": "2",
		}
		(lane,) = drawn(steps=[monthly])["steps"]
		assert [(one["from"], one["due"], one["to"], one["revisit"]) for one in lane["contacts"]] == [
			(4, 7, 10, 9),
			(18, 21, 24, 23),
			(32, 35, 38, 37),
		]
		assert (lane["when"], lane["window"]) == (
			"1 week after discharge, then every 2 weeks, 3 contacts in all",
			"± 3 days",
		)
		assert (lane["topics"], lane["revisit"]) == (["Condition", "Revisit"], "2 days after the contact")

	@pytest.mark.parametrize(
		("anchor", "offset", "unit", "words"),
		[
			("Discharge", 0, "Day", "on the first day: Discharge"),
			("Birth", 6, "Month", "6 months after birth"),
			("Enrolment", 1, "Month", "1 month after enrolment"),
			("Surgery", 1, "Day", "1 day after surgery"),
			("Expected Delivery", -30, "Week", "30 weeks before the expected delivery (pregnancy week 10)"),
			("Expected Delivery", 3, "Day", "3 days after the expected delivery"),
		],
	)
	def test_when(self, anchor: str, offset: int, unit: str, words: str) -> None:
		step = {**STEP, "offset": offset, "offset_unit": unit}
		(lane,) = drawn(anchor=anchor, steps=[step])["steps"]
		assert lane["when"] == words

	def test_a_step_that_cannot_be_is_left_out(self) -> None:
		drawing = drawn(steps=[{**STEP, "offset": -1}, {**STEP, "offset": 9}])
		assert [lane["row"] for lane in drawing["steps"]] == [2]

	def test_says_which_version_its_approval_retires(self) -> None:
		first = saved("Care Pathway", status="Approved", sign_off="Administrator")
		assert drawn(title=first.title)["former"] == [first.name]


def language() -> str:
	settings = frappe.get_cached_doc("Follow-up Settings")
	return settings.default_language or frappe.get_system_settings("language")


class TestReactions:
	def test_a_question_that_none_of_its_contacts_asks_stands_in_the_way(self) -> None:
		asks = saved("Follow-up Questionnaire").name
		step = {"title": "Day 2", "offset": 2, "offset_unit": "Day", "questionnaire": asks}
		row = {"condition": "pulse > 100", "effect": "Sooner", "within_days": 3, "reason": "Fast"}
		doc = sample("Care Pathway", steps=[step], reactions=[row])
		(found,) = [remark for remark in pathway_check.remarks(doc) if remark.code == "unknown_question"]
		assert found.blocking
		assert "pulse" in found.sentence
		row["condition"] = "fever = yes"
		doc = sample("Care Pathway", steps=[step], reactions=[row])
		assert not [remark for remark in pathway_check.remarks(doc) if remark.code == "unknown_question"]

	def test_a_contact_without_a_questionnaire_is_for_a_person_to_judge(self) -> None:
		row = {"condition": "pulse > 100", "effect": "Sooner", "within_days": 3, "reason": "Fast"}
		doc = sample("Care Pathway", reactions=[row])
		(found,) = [remark for remark in pathway_check.remarks(doc) if remark.code == "nobody_asks"]
		assert not found.blocking
