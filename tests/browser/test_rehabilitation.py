"""The rehabilitation record on the patient's form: charts with a named target, and the same as a table."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from playwright.sync_api import expect

from hospital_followup.tests import factories as make
from tests.site.rights import record

PATIENT = "Follow-up Patient"
pytestmark = pytest.mark.commits
WORDS = {
	"en": {"tab": "Rehabilitation", "target": "Target of Upper: 90 to 140 mmHg", "flag": "red flag"},
	"zh": {"tab": "康复记录", "target": "Upper的目标：90 至 140 mmHg", "flag": "红色警示"},
}


@pytest.fixture
def patient() -> str:
	questions = [
		{
			"code": "systolic",
			"text": "Upper",
			"answer_type": "Number",
			"unit": "mmHg",
			"amber_if": ">= 140 or < 90",
		},
		{"code": "diastolic", "text": "Lower", "answer_type": "Number", "unit": "mmHg", "amber_if": ">= 90"},
		{
			"code": "pain",
			"text": "疼痛（0-10）",
			"answer_type": "Scale",
			"minimum": "0",
			"maximum": "10",
			"red_if": ">= 7",
		},
		{"code": "wound", "text": "伤口", "answer_type": "Choice", "choices": "dry | 干燥\nred | 红肿"},
	]
	asked = record("Follow-up Questionnaire", title="Rehabilitation", questions=questions).name
	name = make.patient(patient_name="王秀英").name
	course = (
		(28, 156, 96, 8, "red"),
		(21, 148, 92, 6, "red"),
		(14, 141, 88, 4, "dry"),
		(3, 132, 82, 2, "dry"),
	)
	for days, upper, lower, pain, wound in course:
		answers = [
			{"question": "systolic", "value": str(upper), "flag": "Amber" if upper >= 140 else None},
			{"question": "diastolic", "value": str(lower), "flag": "Amber" if lower >= 90 else None},
			{"question": "pain", "value": str(pain), "flag": "Red" if pain >= 7 else None},
			{"question": "wound", "value": wound},
		]
		when = add_to_date(now_datetime(), days=-days)
		facts = {
			"questionnaire": asked,
			"contacted_at": when,
			"outcome": "Reached Patient",
			"staff": "Administrator",
		}
		record("Follow-up Log", docstatus=1, patient=name, answers=answers, **facts)
	frappe.db.commit()  # reason: the browser is another process
	return name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_charts_name_their_target_and_stand_beside_their_table(patient, visit, language) -> None:
	words = WORDS[language]
	visitor = visit("Follow-up Specialist", language=language)
	visitor.open(f"/app/follow-up-patient/{patient}")
	page = visitor.page
	page.get_by_role("tab", name=words["tab"]).click()
	courses = page.locator(".hf-course")
	expect(courses).to_have_count(3)
	pressure = courses.nth(0)
	expect(pressure.locator("svg .dataset-units circle")).to_have_count(8)
	expect(pressure.locator(".hf-target").first).to_have_text(words["target"])
	expect(pressure.locator("svg .y-regions text.chart-label")).to_have_count(2)
	expect(pressure.locator("tbody tr")).to_have_count(4)
	expect(courses.nth(1).locator("tbody tr").last).to_contain_text(words["flag"])
	expect(courses.nth(2).locator(".hf-dots tbody tr").nth(1).locator("td")).to_have_text(["●", "●", "", ""])
	visitor.screenshot(f"rehabilitation-{language}")


def test_a_patient_without_answers_is_told_so(visit) -> None:
	name = make.patient().name
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit("Follow-up Specialist")
	visitor.open(f"/app/follow-up-patient/{name}")
	visitor.page.get_by_role("tab", name="Rehabilitation").click()
	expect(visitor.page.get_by_text("Nothing yet.")).to_be_visible()
