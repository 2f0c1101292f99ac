"""The shipped pathways: complete in both languages, sound, with their sources, and nobody's until they are signed off."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from hospital_followup.engine.dates import add
from hospital_followup.engine.pathway_course import course
from hospital_followup.services import care_pathways
from hospital_followup.services.pathway_check import remarks
from hospital_followup.setup.pathways import pathway, seed_pathways, shipped_pathways
from hospital_followup.tests import factories

PATHWAY = "Care Pathway"
OUTLINES = {outline["title"]["en"]: outline for outline in shipped_pathways()}
#: clinical.md §4: the days on which each pathway contacts somebody, as (count, unit) from its starting point.
COURSES: dict[str, list[tuple[int, str]]] = {
	"After Surgery": [(2, "Day"), (1, "Week"), (1, "Month"), (3, "Month")],
	"High Blood Pressure": [(month, "Month") for month in range(1, 13)],
	"Diabetes": [(month, "Month") for month in range(1, 13)],
	"After Childbirth": [(5, "Day"), (42, "Day")],
	"Child Health": [(month, "Month") for month in (1, 2, 3, 4, 6, 8, 9, 12, 18, 24, 30, 36, 48, 72)],
	"Youth Health": [(month, "Month") for year in range(5) for month in (12 * year + 1, 12 * year + 7)],
	"Middle Age: Yearly Screening": [(12 * year + 1, "Month") for year in range(5)],
	"Older People": [(3 * quarter + 1, "Month") for quarter in range(8)],
}
#: The weeks of a pregnancy in which each antenatal examination lies, the last ones weekly.
ANTENATAL = [
	(6, 13),
	(14, 19),
	(20, 24),
	(25, 28),
	(29, 32),
	(33, 36),
	*((week, week) for week in range(37, 42)),
]
BORN = frappe.utils.getdate("2025-03-10")


def document(title: str) -> Any:
	return frappe.get_doc(pathway(OUTLINES[title]))


def in_language(language: str) -> None:
	frappe.db.set_single_value("System Settings", "language", language)


def test_there_is_one_for_every_stage_of_life() -> None:
	assert sorted(OUTLINES) == sorted([*COURSES, "Antenatal Care"])


@pytest.mark.parametrize("title", OUTLINES)
def test_begins_as_a_draft_that_nobody_signed(title: str) -> None:
	titles = list(OUTLINES[title]["title"].values())
	rows = frappe.get_all(
		PATHWAY, filters={"title": ("in", titles)}, fields=["status", "sign_off", "version"]
	)
	assert [(row.status, row.sign_off, row.version) for row in rows] == [("Draft", None, 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("title", OUTLINES)
def test_is_sound_and_complete(title: str, language: str) -> None:
	in_language(language)
	doc = document(title)
	assert remarks(doc) == []
	assert ("签字" if language == "zh" else "to be signed off by the hospital") in doc.source_note
	for step in doc.steps:
		chinese = any("\u4e00" <= letter <= "\u9fff" for letter in step.title + (step.note or ""))
		assert chinese == (language == "zh")


@pytest.mark.parametrize("title", OUTLINES)
def test_both_languages_say_everything(title: str) -> None:
	outline = OUTLINES[title]
	texts = [outline[field] for field in ("title", "description", "source_note")]
	texts += [step[field] for step in outline["steps"] for field in ("title", "note") if field in step]
	texts += [row["reason"] for row in outline.get("reactions", ())]
	assert all(set(one) == {"en", "zh"} and all(one.values()) for one in texts)


@pytest.mark.parametrize("title", COURSES)
def test_its_contacts_are_those_of_the_specification(title: str) -> None:
	nodes = course(care_pathways.of_document(document(title)), BORN)
	assert [node.due for node in nodes] == [add(BORN, count, unit) for count, unit in COURSES[title]]


def test_every_antenatal_contact_lies_in_its_weeks() -> None:
	nodes = course(care_pathways.of_document(document("Antenatal Care")), BORN)
	conceived = add(BORN, -40, "Week")
	weeks = [tuple((day - conceived).days / 7 for day in (node.start, node.due, node.end)) for node in nodes]
	assert len(weeks) == len(ANTENATAL)
	for (start, due, end), (first, last) in zip(weeks, ANTENATAL, strict=True):
		assert first - 0.5 <= start <= due <= end < last + 1
		assert first <= due


@pytest.mark.parametrize(
	("title", "condition"),
	[
		("High Blood Pressure", "systolic >= 140 or diastolic >= 90"),
		("Diabetes", "fasting_glucose >= 7.0"),
	],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_uncontrolled_at_a_contact_comes_again_within_two_weeks(
	title: str, condition: str, language: str
) -> None:
	in_language(language)
	doc = document(title)
	(row,) = doc.reactions
	assert (row.condition, row.effect, row.within_days) == (condition, "Sooner", 14)
	assert ("2 周内" if language == "zh" else "within 2 weeks") in doc.source_note
	assert ("不满意" if language == "zh" else "not controlled") in row.reason


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bound_to_what_ships_in_the_language_of_the_site(language: str) -> None:
	in_language(language)
	bound = {
		(row.script, row.questionnaire)
		for title in ("High Blood Pressure", "Older People")
		for row in document(title).steps
	}
	for script, questionnaire in bound:
		assert frappe.db.get_value("Follow-up Script", script, "language") == language
		assert frappe.db.get_value("Follow-up Questionnaire", questionnaire, "language") == language


class TestSeeding:
	def test_again_changes_nothing(self) -> None:
		before = frappe.get_all(PATHWAY, fields=["name", "modified"], order_by="name")
		seed_pathways()
		assert frappe.get_all(PATHWAY, fields=["name", "modified"], order_by="name") == before

	def test_what_the_hospital_changed_stays(self) -> None:
		titles = list(OUTLINES["Diabetes"]["title"].values())
		doc = frappe.get_doc(PATHWAY, {"title": ("in", titles)})
		doc.steps[0].window_days = 3
		doc.save()
		seed_pathways()
		assert frappe.get_doc(PATHWAY, doc.name).steps[0].window_days == 3
		assert frappe.db.count(PATHWAY, {"title": ("in", titles)}) == 1

	def test_what_is_missing_comes_back_in_no_other_language(self) -> None:
		titles = list(OUTLINES["Diabetes"]["title"].values())
		frappe.delete_doc(PATHWAY, frappe.db.get_value(PATHWAY, {"title": ("in", titles)}))
		in_language("zh")
		seed_pathways()
		assert frappe.get_all(PATHWAY, filters={"title": ("in", titles)}, pluck="title") == [titles[1]]
		in_language("en")
		seed_pathways()
		assert frappe.db.count(PATHWAY, {"title": ("in", titles)}) == 1

	def test_a_script_that_is_gone_leaves_the_step_without_one(self) -> None:
		frappe.db.set_value("Follow-up Script", {"set_code": "diabetes"}, "set_code", "own-diabetes")
		assert document("Diabetes").steps[0].script is None


def test_signed_off_it_joins_the_next_plan() -> None:
	factories.standard_policy()
	stay = {"diagnoses": [{"code": "I10", "title": "高血压", "primary": 1}]}
	before = frappe.get_doc("Follow-up Plan", factories.discharge(**stay).plan)
	assert before.pathways == []
	titles = list(OUTLINES["High Blood Pressure"]["title"].values())
	doc = frappe.get_doc(PATHWAY, {"title": ("in", titles)})
	doc.update({"status": "Approved", "review_by": add_days(today(), 100)})
	doc.save()
	plan = frappe.get_doc("Follow-up Plan", factories.discharge(**stay).plan)
	assert [row.pathway for row in plan.pathways] == [doc.name]
	assert plan.planned_contacts > before.planned_contacts
	named = frappe.get_all(
		"Follow-up Task", filters={"plan": plan.name, "questionnaire": ("is", "set")}, pluck="questionnaire"
	)
	assert set(named) == {doc.steps[0].questionnaire}
