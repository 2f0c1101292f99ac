"""The questionnaires and the advice that the app ships: they work on the first day, the same in both languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_months, getdate, strip_html, today

from hospital_followup.engine.conditions import Compare, OneOf, leaves, parse
from hospital_followup.engine.questionnaire import Question, Questionnaire, check, evaluate, read_answers
from hospital_followup.services import content, questionnaires
from hospital_followup.services.question_rows import engine_questionnaire
from hospital_followup.setup.content import shipped
from hospital_followup.setup.seed import seed
from hospital_followup.setup.seed_questions import LANGUAGES, TO_SIGN_OFF, shipped_names

QUESTIONNAIRE = "Follow-up Questionnaire"
CONTENT = "Care Content"
SETS = [name.replace("_", "-") for name in shipped_names("questionnaires")]
#: The topics of the issue: what is asked or advised must exist for each of them.
NINE = {
	"general",
	"after-surgery",
	"hypertension",
	"diabetes",
	"cardiac",
	"maternity",
	"child",
	"older-person",
	"satisfaction",
}
CHINESE = re.compile("[\u4e00-\u9fff]")


def document(set_code: str, language: str) -> Any:
	return frappe.get_doc(QUESTIONNAIRE, {"set_code": set_code, "language": language})


def bare(set_code: str, language: str) -> list[dict[str, Any]]:
	"""The questions without their wording."""
	rows = document(set_code, language).questions
	fields = (
		"code",
		"answer_type",
		"minimum",
		"maximum",
		"required",
		"show_if",
		"amber_if",
		"red_if",
		"group",
	)
	values = [re.findall(r"^([^|\n]+?) \|", row.choices or "", re.M) for row in rows]
	return [
		{**{field: row.get(field) for field in fields}, "choices": given}
		for row, given in zip(rows, values, strict=True)
	]


def conditions(question: Question) -> list[Any]:
	texts = [(question.show_if, None), (question.amber_if, question.code), (question.red_if, question.code)]
	return [parse(text, own=own) for text, own in texts if text]


def candidates(question: Question, numbers: set[float]) -> list[str]:
	"""Answers around every number that a threshold names, or each choice."""
	if question.answer_type == "Yes/No":
		return ["Yes", "No"]
	if question.choices:
		return [choice.value for choice in question.choices]
	if question.answer_type == "Text":
		return ["words"]
	low, high = question.minimum or 0, question.maximum or 100
	near = {low, high, *(number + step for number in numbers for step in (-1, -0.1, 0, 0.1, 1))}
	whole = question.answer_type == "Scale"
	return [f"{value:g}" for value in sorted(near) if low <= value <= high and not (whole and value % 1)]


def situations(questionnaire: Questionnaire, code: str) -> Iterator[dict[str, str]]:
	"""Every combination of answers that matters for a question: to itself and to those that its conditions name."""
	needed, numbers = {code}, {}
	waiting = [code]
	while waiting:
		for condition in conditions(questionnaire.by_code[waiting.pop()]):
			for leaf in leaves(condition):
				if isinstance(leaf, Compare | OneOf):
					values = leaf.values if isinstance(leaf, OneOf) else (leaf.value,)
					found = {float(value) for value in values if re.fullmatch(r"-?\d+(\.\d+)?", value)}
					numbers.setdefault(leaf.code, set()).update(found)
				if leaf.code not in needed:
					needed.add(leaf.code)
					waiting.append(leaf.code)
	codes = sorted(needed)
	options = [candidates(questionnaire.by_code[name], numbers.get(name, set())) for name in codes]
	for combination in itertools.product(*options):
		yield dict(zip(codes, combination, strict=True))


def outcome(questionnaire: Questionnaire, raw: dict[str, str]) -> Any:
	read, errors = read_answers(questionnaire, raw)
	assert errors == {}, raw
	return evaluate(questionnaire, read)


def test_the_nine_sets_are_there() -> None:
	assert set(SETS) == NINE
	assert {name.replace("_", "-") for name in shipped_names("content")} == NINE - {"satisfaction"}


@pytest.mark.parametrize("set_code", SETS)
class TestQuestionnaires:
	@pytest.mark.parametrize("language", LANGUAGES)
	def test_can_be_used_at_once_and_is_to_be_signed_off(self, set_code: str, language: str) -> None:
		doc = document(set_code, language)
		assert (doc.status, doc.sign_off, doc.version) == ("Approved", None, 1)
		assert getdate(today()) < doc.review_by <= getdate(add_months(today(), 6))
		assert TO_SIGN_OFF[language] in doc.source_note
		assert check(engine_questionnaire(doc)) == []

	def test_asks_the_same_in_both_languages(self, set_code: str) -> None:
		english, chinese = (bare(set_code, language) for language in LANGUAGES)
		assert english == chinese
		scores = [
			[(row.group, row.amber_if, row.red_if) for row in document(set_code, language).scores]
			for language in LANGUAGES
		]
		assert scores[0] == scores[1]

	def test_speaks_the_language(self, set_code: str) -> None:
		for row in document(set_code, "zh").questions:
			assert CHINESE.search(row.text), row.code
			assert not row.hint or CHINESE.search(row.hint), row.code
		for row in document(set_code, "en").questions:
			assert not CHINESE.search(f"{row.text}{row.hint}{row.choices}{row.unit}"), row.code

	def test_every_flag_and_every_branch_can_be_reached(self, set_code: str) -> None:
		questionnaire = questionnaires.load(document(set_code, "zh").name)
		for question in questionnaire.questions:
			wanted = {flag for flag, text in (("Amber", question.amber_if), ("Red", question.red_if)) if text}
			wanted |= {"asked", "not asked"} if question.show_if else {"asked"}
			seen: set[str] = set()
			for raw in situations(questionnaire, question.code):
				found = outcome(questionnaire, raw)
				seen.add("asked" if question.code in found.visible else "not asked")
				seen.update(filter(None, [found.flags.get(question.code)]))
			assert wanted <= seen, question.code
			assert "Amber" not in seen or question.amber_if

	def test_can_be_answered_without_any_alarm(self, set_code: str) -> None:
		"""A patient who is well gets to the end without a flag: no threshold is always met."""
		questionnaire = questionnaires.load(document(set_code, "en").name)
		calm: dict[str, str] = {}
		for question in questionnaire.questions:
			for value in candidates(question, {5, 36.6, 70, 120}):
				found = outcome(questionnaire, {**calm, question.code: value})
				if not found.flags:
					calm[question.code] = value
					break
		found = outcome(questionnaire, calm)
		assert (found.flags, found.missing, found.unremarkable) == ({}, (), True)

	def test_is_drawn_with_nothing_empty(self, set_code: str) -> None:
		for language in LANGUAGES:
			sheet = questionnaires.sheet(document(set_code, language).name, "zh")
			assert sheet["other_language"] is (language != "zh")
			for question in sheet["questions"]:
				assert question["text"]
				assert all(choice["value"] and choice["label"] for choice in question["choices"])
				assert question["answer_type"] != "Number" or question["unit"]


def test_scores_reach_their_threshold() -> None:
	for set_code in ("maternity", "older-person"):
		questionnaire = questionnaires.load(document(set_code, "en").name)
		for first, second in itertools.product("0123", "0123"):
			(score,) = outcome(questionnaire, {"no_interest": first, "low_mood": second}).scores
			assert score.score == int(first) + int(second)
			assert score.flag == ("Amber" if score.score >= 3 else None)


@pytest.mark.parametrize(
	("set_code", "raw", "flags"),
	[
		("hypertension", {"measured": "是", "systolic": "139", "diastolic": "89"}, {}),
		("hypertension", {"measured": "是", "systolic": "140", "diastolic": "90"}, {"systolic": "Amber", "diastolic": "Amber"}),
		("hypertension", {"measured": "是", "systolic": "180", "diastolic": "110"}, {"systolic": "Red", "diastolic": "Red"}),
		("hypertension", {"measured": "否", "systolic": "200"}, {}),
		("diabetes", {"measured": "是", "fasting_glucose": "6.9", "glucose_after_meal": "9.9"}, {}),
		("diabetes", {"measured": "是", "fasting_glucose": "7.0"}, {"fasting_glucose": "Amber"}),
		("diabetes", {"measured": "是", "fasting_glucose": "3.9"}, {"fasting_glucose": "Red"}),
		("diabetes", {"measured": "是", "fasting_glucose": "16.7"}, {"fasting_glucose": "Red"}),
		("diabetes", {"hypo": "是", "hypo_severe": "是"}, {"hypo": "Amber", "hypo_severe": "Red"}),
		("after-surgery", {"pain": "3", "wound": "dry"}, {}),
		("after-surgery", {"pain": "4", "wound": "oozing"}, {"pain": "Amber", "wound": "Amber"}),
		("after-surgery", {"pain": "7", "wound": "pus"}, {"pain": "Red", "wound": "Red"}),
		("after-surgery", {"fever": "有", "temperature": "38.0"}, {"fever": "Amber", "temperature": "Red"}),
		("cardiac", {"weighs": "是", "weight_gain": "2", "breathlessness": "usual"}, {"weight_gain": "Amber"}),
		("cardiac", {"weighs": "是", "weight_gain": "2", "breathlessness": "more"}, {"weight_gain": "Red", "breathlessness": "Amber"}),
		("cardiac", {"antiplatelet": "stopped"}, {"antiplatelet": "Red"}),
		("child", {"fever": "有", "temperature": "38.2", "under_3_months": "否"}, {"fever": "Amber", "temperature": "Amber"}),
		("child", {"fever": "有", "temperature": "38.2", "under_3_months": "是"}, {"fever": "Amber", "temperature": "Red"}),
		("older-person", {"falls": "injured", "head": "是"}, {"falls": "Red", "head": "Red"}),
		("maternity", {"low_mood": "2", "self_harm": "是"}, {"self_harm": "Red"}),
		("satisfaction", {"satisfaction": "2"}, {"satisfaction": "Amber"}),
	],
)  # fmt: skip
def test_thresholds_of_the_sources(set_code: str, raw: dict[str, str], flags: dict[str, str]) -> None:
	assert outcome(questionnaires.load(document(set_code, "zh").name), raw).flags == flags


class TestContent:
	def rows(self) -> list[Any]:
		rows = frappe.get_all(CONTENT, fields=["*"], order_by="name")
		return [row for row in rows if TO_SIGN_OFF.get(row.language, "–") in (row.source_note or "")]

	def test_every_group_has_every_topic_in_both_languages(self) -> None:
		found = {(row.set_code, row.language) for row in self.rows()}
		assert found == {
			(f"{group}-{topic}", language)
			for group in NINE - {"satisfaction"}
			for topic in ("condition", "guidance", "revisit", "care")
			for language in LANGUAGES
		}

	def test_is_approved_and_to_be_signed_off(self) -> None:
		assert {(row.status, row.sign_off) for row in self.rows()} == {("Approved", None)}
		assert all(getdate(today()) < row.review_by <= getdate(add_months(today(), 6)) for row in self.rows())

	def test_names_the_emergency_number_of_the_settings(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "emergency_number", "999")
		for row in self.rows():
			html = content.clean_html(row.body)
			assert "{" not in html, row.name
			assert strip_html(html).strip()
			if row.topic == "Condition":
				assert "999" in html, row.name

	def test_speaks_the_language(self) -> None:
		for row in self.rows():
			assert bool(CHINESE.search(f"{row.title}{row.body}")) is (row.language == "zh"), row.name


class TestSeeding:
	def test_inserts_what_is_missing_and_nothing_else(self) -> None:
		before = frappe.db.count(QUESTIONNAIRE), frappe.db.count(CONTENT)
		frappe.delete_doc(QUESTIONNAIRE, document("child", "zh").name)
		frappe.delete_doc(CONTENT, "child-care-en")
		seed()
		assert (frappe.db.count(QUESTIONNAIRE), frappe.db.count(CONTENT)) == before

	def test_what_is_missing_beside_those_of_the_hospital_comes_as_a_draft(self) -> None:
		frappe.delete_doc(QUESTIONNAIRE, document("child", "zh").name)
		frappe.delete_doc(CONTENT, "child-care-en")
		seed()
		assert document("child", "zh").status == "Draft"
		assert frappe.db.get_value(CONTENT, "child-care-en", "status") == "Draft"

	def test_begins_approved_on_a_site_that_has_none(self) -> None:
		frappe.db.delete(QUESTIONNAIRE)
		frappe.db.delete(CONTENT)
		seed()
		for doctype in (QUESTIONNAIRE, CONTENT):
			assert set(frappe.get_all(doctype, pluck="status")) == {"Approved"}

	def test_never_overwrites(self) -> None:
		doc = frappe.get_doc(CONTENT, "general-care-zh")
		doc.update({"body": "<p>本院的话</p>", "title": "本院的关怀"})
		doc.save()
		retired = document("general", "en")
		retired.status = "Retired"
		retired.save()
		seed()
		assert frappe.db.get_value(CONTENT, doc.name, ["title", "body"]) == ("本院的关怀", doc.body)
		assert frappe.db.get_value(QUESTIONNAIRE, retired.name, "status") == "Retired"
		assert frappe.db.count(QUESTIONNAIRE, {"set_code": "general"}) == 2

	def test_files_hold_both_languages_of_every_text(self) -> None:
		for folder in ("questionnaires", "content"):
			for name in shipped_names(folder):
				for texts in _texts(shipped(f"{folder}/{name}")):
					assert set(texts) == set(LANGUAGES), (name, texts)
					assert all(text.strip() for text in texts.values()), (name, texts)


def _texts(value: Any) -> Iterator[dict[str, str]]:
	"""Everything that is written per language."""
	if isinstance(value, dict) and "en" in value:
		yield value
	elif isinstance(value, dict | list):
		for item in value.values() if isinstance(value, dict) else value:
			yield from _texts(item)
