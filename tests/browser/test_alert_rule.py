"""An administrator reads an alert rule as a sentence, tries it on past contacts, changes it and switches it on."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, now_datetime
from playwright.sync_api import Page, expect

from hospital_followup.tests import factories as make
from tests.browser.grids import open_row
from tests.site.samples import saved
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR = "Follow-up Administrator"
RULE = "Follow-up Alert Rule"
QUESTIONNAIRE = "Follow-up Questionnaire"
ALERT = "Follow-up Alert"

#: What the person reads, by language.
WORDS = {
	"en": {
		"sentence": "rises by at least 10 mmHg, at 3 contacts in a row, within 120 days",
		"goes to": "It goes to: Follow-up Doctor. To be answered within 24 hours, counted on working days.",
		"off": "Switched off: try it on past contacts below",
		"try": "Try on Past Contacts",
		"one": "Would have raised 1 alert",
		"three": "Would have raised 3 alerts",
		"not a number": "“much” is not a number",
		"save": "Save",
		"off indicator": "Switched off",
		"on indicator": "Enabled",
		"raises": "Raises an alert",
		"none": "No alert",
		"weak": "Weak: 8% right",
		"weak rule": "Weak rule",
	},
	"zh": {
		"sentence": "持续上升 至少 10 mmHg, 连续 3 次随访, 120 天内",
		"goes to": "交由随访医生处理，须在 24 小时内回复（只计工作日）。",
		"off": "未启用：启用前请先在下方用既往随访试算。",
		"try": "用既往随访试算",
		"one": "会发出 1 条预警",
		"three": "会发出 3 条预警",
		"not a number": "“much”不是数字",
		"save": "保存",
		"off indicator": "未启用",
		"on indicator": "启用",
		"raises": "会预警",
		"none": "不预警",
		"weak": "属实仅 8%",
		"weak rule": "低效规则",
	},
}


def trend_rule() -> str:
	"""Like the shipped one, which each of the languages switches on."""
	doc = frappe.copy_doc(frappe.get_doc(RULE, {"title": ("like", "Systolic%")}))
	doc.title = f"Systolic {frappe.generate_hash(length=6)}"
	return doc.insert().name


def measured(*values: int, language: str) -> None:
	"""A patient whose systolic pressure was this, every nine days until yesterday."""
	asks = frappe.db.get_value(
		QUESTIONNAIRE, {"set_code": "hypertension", "language": language, "version": 1}
	)
	patient = make.patient(
		patient_name="赵桂英", language=language, department=make.department("心内科")
	).name
	for place, value in enumerate(values, start=1):
		make.log(
			make.task(patient=patient, department="心内科"),
			"Reached Patient",
			contacted_at=add_days(now_datetime(), -1 - 9 * (len(values) - place)),
			identity_verified=1,
			incomplete_reason="test",
			questionnaire=asks,
			answers=[
				{"question": code, "value": given}
				for code, given in (("measured", "Yes"), ("systolic", value))
			],
		)


def open_rule(visitor: Visitor, name: str) -> Page:
	page = visitor.open(f"/app/follow-up-alert-rule/{quote(name)}")
	expect(page.locator(".hf-rule-trial")).to_be_visible()
	return page


def edit(page: Page, row: int, field: str, value: str) -> None:
	page.locator(f"[data-fieldname=conditions] .grid-row[data-idx='{row}'] .btn-open-row").click()
	opened = open_row(page)
	box = opened.locator(f"[data-fieldname={field}] :is(input, textarea):visible")
	box.fill(value)
	box.press("Tab")
	page.keyboard.press("Escape")
	expect(opened).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_is_tried_changed_and_switched_on(visit: Callable[..., Visitor], language: str) -> None:
	words, rule = WORDS[language], trend_rule()
	for values in ((124, 131, 142), (128, 139), (150, 140, 135), (122, 133)):
		measured(*values, language=language)
	visitor = visit(ADMINISTRATOR, language=language)
	page = open_rule(visitor, rule)
	panel = page.locator("[data-fieldname=overview] .hf-panel")
	expect(panel).to_contain_text(words["sentence"])
	expect(panel).to_contain_text(words["goes to"])
	expect(panel).to_contain_text(words["off"])

	result = page.locator(".hf-try-result")
	page.get_by_role("button", name=words["try"], exact=True).click()
	expect(result).to_contain_text(words["one"])
	expect(result.locator(".hf-try-alerts")).to_contain_text("124 → 131 → 142 mmHg")
	expect(result.locator(".chart-container")).to_be_visible()
	visitor.screenshot(f"alert-rule-{language}")

	# What is not saved yet can be tried as well, and what is wrong is said.
	edit(page, 1, "value", "much")
	page.get_by_role("button", name=words["try"], exact=True).click()
	expect(page.locator(".modal.show")).to_contain_text(words["not a number"])
	visitor.screenshot(f"alert-rule-refused-{language}")
	page.keyboard.press("Escape")
	expect(page.locator(".modal.show")).to_have_count(0)
	edit(page, 1, "value", "10")
	edit(page, 1, "over_contacts", "2")
	page.get_by_role("button", name=words["try"], exact=True).click()
	expect(result).to_contain_text(words["three"])

	page.locator("[data-fieldname=enabled] input:visible").check()
	page.get_by_role("button", name=words["save"], exact=True).click()
	page.wait_for_function("() => !cur_frm.is_dirty()")
	expect(panel).not_to_contain_text(words["off"])
	frappe.db.rollback()  # reason: the page has written
	saved_rule = frappe.get_doc(RULE, rule)
	assert (saved_rule.enabled, saved_rule.conditions[0].over_contacts) == (1, 2)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_are_tried_with_a_sentence(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	red_flags = frappe.db.get_value(RULE, {"title": ("in", ("Red-flag words", "危险信号词"))})
	visitor = visit(ADMINISTRATOR, language=language)
	page = open_rule(visitor, red_flags)
	sentence, verdict = page.locator("[name=sentence]"), page.locator(".hf-words-found")
	sentence.fill("没有胸痛，no chest pain")
	expect(verdict).to_contain_text(words["none"])
	sentence.fill("😀 不发烧，但是喘不过气 😀")
	expect(verdict).to_contain_text(words["raises"])
	expect(verdict.locator("mark")).to_have_text("喘不过气")
	visitor.screenshot(f"alert-rule-words-{language}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_weak_rule_is_pointed_out(visit: Callable[..., Visitor], language: str) -> None:
	words, rule = WORDS[language], trend_rule()
	frappe.db.set_value(RULE, rule, "enabled", 1)
	for judgement in ("True", *["False"] * 11):
		saved(ALERT, rule=rule, judgement=judgement)
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open("/app/follow-up-alert-rule?limit=100")
	row = page.locator(".list-row-container", has_text=rule)
	expect(row).to_contain_text(words["weak"])
	visitor.screenshot(f"alert-rules-{language}")
	page = open_rule(visitor, rule)
	expect(page.locator("[data-fieldname=overview] .hf-panel")).to_contain_text(words["weak rule"])
	visitor.screenshot(f"alert-rule-weak-{language}")
