"""The discharge form: a nurse sees what is missing and what is wrong; nothing changes a plan unseen."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from frappe.utils import formatdate
from playwright.sync_api import Page, expect

from hospital_followup.tests import factories
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

NURSE = "Follow-up Specialist"
DOCTOR = "Follow-up Doctor"

#: What the person reads, by language.
WORDS = {
	"en": {
		"save": "Save",
		"new": "Save it, and the follow-up is planned at once.",
		"missing": "Still missing for the score:",
		"ed_visits": "Emergency Visits in 6 Months",
		"range": "LACE score between 5 and 12, as facts are missing",
		"scored": "LACE score 6",
		"planned": "first on",
		"not a number": "is not a number",
		"before admission": "before",
		"changes": "This changes the follow-up plan",
		"keep": "Keep as It Is",
		"apply": "Save and Change the Plan",
		"menu": "Follow-up",
		"change tier": "Change Tier…",
		"changed": "Changed",
		"change": "Change the Tier",
		"low": "Low risk",
		"by clinician": "set by a clinician",
	},
	"zh": {
		"save": "保存",
		"new": "保存后立即制定随访计划。",
		"missing": "评分尚缺：",
		"ed_visits": "近 6 个月急诊次数",
		"range": "资料不全，LACE 评分在 5 至 12 分之间",
		"scored": "LACE 评分 6 分",
		"planned": "首次",
		"not a number": "不是数字",
		"before admission": "早于",
		"changes": "这将改变随访计划",
		"keep": "保持不变",
		"apply": "保存并更改计划",
		"menu": "随访",
		"change tier": "更改等级…",
		"changed": "更改",
		"change": "更改等级",
		"low": "低风险",
		"by clinician": "由临床人员设定",
	},
}


def fill(page: Page, fieldname: str, value: str) -> None:
	box = page.locator(f".form-page [data-fieldname={fieldname}] input:visible").first
	box.fill(value)
	box.press("Tab")


def save(page: Page, words: dict[str, str]) -> None:
	page.get_by_role("button", name=words["save"], exact=True).click()


def close_message(page: Page) -> None:
	page.locator(".modal.show .btn-modal-close").click()
	expect(page.locator(".modal.show")).to_have_count(0)


def tab(page: Page, fieldname: str) -> None:
	page.locator(f".form-tabs [data-fieldname={fieldname}]").click()


def day(offset: int) -> str:
	return formatdate(factories.days_from_now(offset))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_nurse_enters_a_discharge_and_sees_what_is_missing(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	patient = factories.patient(patient_name="王秀英", department=factories.department())
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(NURSE, language=language)
	page = visitor.open(f"/app/patient-discharge/new?patient={patient.name}")
	expect(page.get_by_text(words["new"])).to_be_visible()
	fill(page, "admission_date", day(-6))
	fill(page, "discharge_date", day(-1))
	tab(page, "risk_facts_tab")
	fill(page, "charlson", "1")
	save(page, words)
	expect(page.get_by_text(words["planned"])).to_be_visible()
	expect(page.get_by_text(words["range"])).to_be_visible()
	visitor.screenshot(f"nurse-missing-{language}")

	page.locator(".hf-panel").get_by_role("button", name=words["ed_visits"]).click()
	page.keyboard.press("Escape")
	expect(page.locator("[data-fieldname=ed_visits] input:visible")).to_be_focused()
	expect(page.locator(".hf-missing:visible")).to_have_count(2)
	visitor.screenshot(f"nurse-facts-{language}")
	fill(page, "ed_visits", "1")
	page.locator("[data-fieldname=emergency_admission] select").select_option("No")
	save(page, words)
	expect(page.locator(".hf-missing")).to_have_count(0)
	tab(page, "discharge_tab")
	expect(page.locator(".hf-panel").get_by_text(words["scored"])).to_be_visible()
	expect(page.get_by_text(words["missing"])).to_have_count(0)
	assert visitor.errors == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_index_of_the_codes_is_confirmed_by_a_click(visit: Callable[..., Visitor], language: str) -> None:
	doc = factories.discharge(diagnoses=[{"code": "I50.9", "title": "心力衰竭"}])
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(NURSE, language=language)
	page = visitor.open(f"/app/patient-discharge/{doc.name}")
	tab(page, "risk_facts_tab")
	page.locator("[data-fieldname=confirm_charlson] button").click()
	visitor.screenshot(f"nurse-charlson-{language}")
	expect(page.locator("[data-fieldname=charlson] input:visible")).to_have_value("2")
	expect(page.locator("[data-fieldname=confirm_charlson] button:visible")).to_have_count(0)
	page.get_by_role("button", name=WORDS[language]["save"], exact=True).click()
	page.wait_for_function("() => !cur_frm.is_dirty()")
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value("Patient Discharge", doc.name, "charlson") == "2"
	assert visitor.errors == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_input_is_said_in_a_sentence_and_nothing_is_lost(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	patient = factories.patient()
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(NURSE, language=language)
	page = visitor.open(f"/app/patient-discharge/new?patient={patient.name}")
	fill(page, "admission_date", day(-1))
	fill(page, "discharge_date", day(-5))
	save(page, words)
	expect(page.locator(".msgprint")).to_contain_text(words["before admission"])
	visitor.screenshot(f"nurse-dates-{language}")
	close_message(page)
	fill(page, "discharge_date", day(0))
	tab(page, "risk_facts_tab")
	fill(page, "length_of_stay", "about a week")
	save(page, words)
	expect(page.locator(".msgprint")).to_contain_text(words["not a number"])
	close_message(page)
	assert page.locator("[data-fieldname=length_of_stay] input:visible").input_value() == "about a week"
	assert not frappe.db.exists("Patient Discharge", {"patient": patient.name})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_changed_date_is_shown_before_it_changes_the_plan(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	doc = factories.discharge()
	before = [task.due_date for task in factories.tasks_of(doc.plan)]
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(NURSE, language=language)
	page = visitor.open(f"/app/patient-discharge/{doc.name}")
	fill(page, "discharge_date", day(-1))
	save(page, words)
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["changes"])
	visitor.screenshot(f"nurse-difference-{language}")
	dialog.get_by_role("button", name=words["keep"]).click()
	expect(dialog).to_have_count(0)
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert [task.due_date for task in factories.tasks_of(doc.plan)] == before
	assert page.locator("[data-fieldname=discharge_date] input:visible").input_value() == day(-1)

	save(page, words)
	page.locator(".modal.show").get_by_role("button", name=words["apply"]).click()
	expect(page.locator(".indicator-pill.orange:visible").get_by_text("Not Saved")).to_have_count(0)
	page.wait_for_function("() => !cur_frm.is_dirty()")
	frappe.db.rollback()
	assert frappe.db.get_value("Patient Discharge", doc.name, "discharge_date") == factories.days_from_now(-1)
	assert [task.due_date for task in factories.tasks_of(doc.plan, status=("!=", "Cancelled"))] != before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_doctor_changes_the_tier_and_sees_the_difference_first(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	doc = factories.discharge()
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(DOCTOR, language=language)
	page = visitor.open(f"/app/patient-discharge/{doc.name}")
	page.locator(".inner-group-button").get_by_role("button", name=words["menu"]).click()
	page.get_by_role("link", name=words["change tier"]).click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=risk_tier] select").select_option("Low")
	expect(dialog.locator(".hf-changes")).to_contain_text(words["changed"])
	visitor.screenshot(f"doctor-tier-{language}")
	dialog.locator("[data-fieldname=reason] textarea").fill("Recovers well")
	dialog.get_by_role("button", name=words["change"], exact=True).click()
	expect(page.locator(".hf-panel").get_by_text(words["by clinician"])).to_be_visible()
	frappe.db.rollback()  # a fresh view of what the server has committed
	tier = frappe.get_doc("Patient Tier", frappe.db.get_value("Patient Discharge", doc.name, "tier"))
	assert (tier.risk_tier, tier.method, tier.override_reason) == ("Low", "Clinician", "Recovers well")
