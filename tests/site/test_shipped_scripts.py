"""Every shipped script, for every kind of patient, in both languages: nothing empty, nothing in brackets, nobody skipped."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations
from typing import Any

import frappe
import pytest
from frappe.utils import add_months, getdate, today

from hospital_followup.services import placeholders, script_check, scripts
from hospital_followup.services.call_context import CallContext
from hospital_followup.setup.scripts import SCRIPT, seed_scripts, shipped_scripts
from tests.site.briefs import brief_of, task_of

LANGUAGES = ("zh", "en")
CODES = [outline["set_code"] for outline in shipped_scripts()]
#: What is known of every patient who can be called at all.
ALWAYS = {"greeting", "salutation", "patient_name", "caller_name", "today"}
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\[\s*\]|undefined")
#: Signs of a place where a value should have been: 。。, “，。”, an empty pair of brackets, a space before a full stop.
HOLES = re.compile(
	r"[，、：；]\s*[。！？，、；]|。。|（\s*）|\(\s*\)|\s[.,?!;:](?:\s|$)|[:,;]\s*[.?!]|\s{2,}|于。"
)

PATIENTS: dict[str, dict[str, Any]] = {
	"everything known": {},
	"caregiver on the phone": {"calls_caregiver": True},
	"caregiver without a name": {"calls_caregiver": True, "caregiver_name": None},
	"child": {"is_child": True, "calls_caregiver": True, "age": 6, "salutation": "王小明小朋友"},
	"visit missed": {"revisit_date": None, "revisit_in": None, "past_revisit_date": "11月1日"},
	"call promised": {"promised_callback": True},
	"home today": {"time_since_discharge": None, "days_since_discharge": 0},
}


def facts(language: str, **values: Any) -> dict[str, Any]:
	return {**placeholders.sample_facts(language), **values}


def bare(language: str, **values: Any) -> dict[str, Any]:
	"""Hardly anything is known."""
	known = {name: value for name, value in facts(language).items() if name in ALWAYS}
	return {**dict.fromkeys(placeholders.kinds()), **known, **values}


def shipped(code: str, language: str) -> Any:
	return frappe.get_doc(SCRIPT, {"set_code": code, "language": language})


def read_out(script: Any, values: dict[str, Any]) -> str:
	parts = scripts.render_script(script, values, script.language)
	return "\n".join(part["text"] for part in parts)


def flawless(text: str) -> bool:
	return not (LEFT_OVER.search(text) or HOLES.search(text) or "[" in text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
class TestShipped:
	def test_has_five_parts_that_pass_the_check(self, code: str, language: str) -> None:
		script = shipped(code, language)
		assert script_check.problems(script) == []
		parts = scripts.render_script(script, facts(language), language)
		assert [part["part"] for part in parts] == list(scripts.PARTS)
		assert script.source_note

	@pytest.mark.parametrize("patient", PATIENTS)
	def test_reads_well_for(self, code: str, language: str, patient: str) -> None:
		text = read_out(shipped(code, language), facts(language, **PATIENTS[patient]))
		assert flawless(text), text

	@pytest.mark.parametrize("patient", ["everything known", "caregiver without a name", "child"])
	def test_reads_well_with_hardly_any_facts(self, code: str, language: str, patient: str) -> None:
		flags = {name: value for name, value in PATIENTS[patient].items() if value is not None}
		text = read_out(shipped(code, language), bare(language, **flags))
		assert flawless(text), text

	def test_reads_well_whichever_two_facts_are_missing(self, code: str, language: str) -> None:
		script = shipped(code, language)
		source = "\n".join(script.get(part) or "" for part in scripts.PARTS)
		optional = [name for name in placeholders.kinds() if name in source and name not in ALWAYS]
		broken = [
			pair
			for pair in combinations(optional, 2)
			if not flawless(read_out(script, facts(language, **dict.fromkeys(pair))))
		]
		assert broken == []

	def test_says_nothing_about_health_before_the_identity_check(self, code: str, language: str) -> None:
		values = facts(language)
		(opening, *_rest) = scripts.render_script(shipped(code, language), values, language)
		health = [fact for fact in placeholders.FACTS if fact.is_health and fact.kind == "text"]
		assert [
			fact.name for fact in health if values[fact.name] and values[fact.name] in opening["text"]
		] == []

	def test_asks_who_is_on_the_phone_and_says_who_calls(self, code: str, language: str) -> None:
		(opening, *_rest) = scripts.render_script(shipped(code, language), facts(language), language)
		for value in ("caller_name", "hospital_name"):
			assert facts(language)[value] in opening["text"]

	def test_is_no_empty_how_are_you(self, code: str, language: str) -> None:
		parts = {
			part["part"]: part["text"]
			for part in scripts.render_script(shipped(code, language), facts(language), language)
		}
		assert len(re.findall(r"[？?]", parts["inquiry"])) >= 5

	def test_is_short_enough_to_listen_to(self, code: str, language: str) -> None:
		"""Half of a ten-minute call at most; the other half is the patient's."""
		assert scripts.reading_seconds(read_out(shipped(code, language), facts(language))) < 5 * 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [code for code in CODES if code not in ("child", "satisfaction")])
def test_danger_signs_name_the_emergency_number(code: str, language: str) -> None:
	text = read_out(shipped(code, language), facts(language, emergency_number="999"))
	assert "999" in text


def test_the_guardian_of_a_child_is_spoken_to_and_the_child_by_name() -> None:
	values = facts("zh", patient_name="王小明", caregiver_name="王强", is_child=True, calls_caregiver=True)
	text = read_out(shipped("child", "zh"), values)
	assert "请问是王强吗" in text
	assert "王小明出院" in text


class TestSeeding:
	def test_begins_approved_by_nobody_with_half_a_year_to_go(self) -> None:
		frappe.db.delete(SCRIPT)
		seed_scripts()
		rows = frappe.get_all(
			SCRIPT,
			fields=["status", "workflow_state", "approved_by", "review_by", "version"],
			order_by="name",
		)
		assert len(rows) == len(CODES) * len(LANGUAGES)
		assert {(row.status, row.workflow_state, row.approved_by, row.version) for row in rows} == {
			("Approved", "Script Approved", None, 1)
		}
		assert {row.review_by for row in rows} == {getdate(add_months(today(), 6))}

	def test_twice_is_once_and_changes_nothing(self) -> None:
		before = frappe.get_all(SCRIPT, fields=["name", "modified", "status"], order_by="name")
		seed_scripts()
		assert frappe.get_all(SCRIPT, fields=["name", "modified", "status"], order_by="name") == before

	def test_what_a_hospital_retired_stays_retired(self) -> None:
		script = shipped("general", "zh")
		script.status = "Retired"
		script.save()
		seed_scripts()
		assert frappe.get_all(SCRIPT, {"set_code": "general", "language": "zh"}, pluck="status") == [
			"Retired"
		]

	def test_what_is_missing_beside_scripts_of_the_hospital_comes_as_a_draft(self) -> None:
		gone = shipped("diabetes", "en").name
		for pathway in frappe.get_all("Care Pathway Step", {"script": gone}, pluck="parent"):
			frappe.delete_doc("Care Pathway", pathway)
		frappe.delete_doc(SCRIPT, gone)
		seed_scripts()
		assert shipped("diabetes", "en").status == "Draft"


class TestForACall:
	@pytest.mark.parametrize("language", LANGUAGES)
	def test_a_brief_without_a_stay_is_enough(self, language: str) -> None:
		script = scripts.choose_script(context(language))
		sheet = scripts.script_sheet(script, brief=brief_of(), task=task_of(), language=language)
		assert (sheet["language"], sheet["other_language"]) == (language, False)
		assert flawless("\n".join(part["text"] for part in sheet["parts"]))

	def test_a_full_brief_is_said_in_the_language_of_the_call(self) -> None:
		day = getdate(today()) + timedelta(days=3)
		brief = brief_of(
			why={"medicines": [{"drug": "阿司匹林", "dosage": "每日一次"}], "discharge_date": getdate(today()) - timedelta(days=4)},
			due={"revisit_date": day},
		)  # fmt: skip
		sheet = scripts.script_sheet(
			shipped("general", "zh").name, brief=brief, task=task_of(), language="zh"
		)
		text = "\n".join(part["text"] for part in sheet["parts"])
		assert "出院到今天有4天了" in text
		assert "阿司匹林（每日一次）" in text
		assert f"{day.month}月{day.day}日" in text
		assert "还有3天" in text


def context(language: str) -> CallContext:
	from hospital_followup.engine.relevance import Stay

	return CallContext(stay=Stay(), department=None, channel="Phone", language=language)
