"""An administrator reads a questionnaire, tries it out as a caller would, and makes and approves the next version."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.grids import open_row
from tests.site.samples import saved
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR = "Follow-up Administrator"
QUESTIONNAIRE = "Follow-up Questionnaire"

#: What the person reads, by language.
WORDS = {
	"en": {
		"advice in use": "In use: callers read it out and hand it over.",
		"in use": "In use. It cannot be changed; make a new version instead.",
		"not signed": "No doctor has signed it off yet.",
		"try": "Try It",
		"yes": "Yes",
		"red": "Red: doctor on duty at once",
		"amber": "Amber: within a working day",
		"too high": "is above 300 mmHg",
		"complete": "Complete.",
		"new": "New Version",
		"save": "Save",
		"approve": "Approve",
		"draft": "Draft: write the questions",
		"no code": "no question of this questionnaire has the code",
	},
	"zh": {
		"advice in use": "使用中：随访人员会讲解并发给患者。",
		"in use": "使用中。不能修改，请新建版本。",
		"not signed": "尚无医生签字审核。",
		"try": "试问一遍",
		"yes": "是",
		"red": "红色：立即通知值班医生",
		"amber": "黄色：一个工作日内处理",
		"too high": "高于 300 mmHg",
		"complete": "已答完。",
		"new": "新建版本",
		"save": "保存",
		"approve": "审核通过",
		"draft": "草稿：编写问题",
		"no code": "本问卷没有代码为",
	},
}


def question(page: Page, code: str) -> Locator:
	return page.locator(f".hf-try-question[data-code={code}]")


def choose(page: Page, code: str, value: str) -> None:
	question(page, code).locator(f"input[value='{value}']").check()


def shipped(language: str, set_code: str = "hypertension") -> str:
	return frappe.db.get_value(QUESTIONNAIRE, {"set_code": set_code, "language": language, "version": 1})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_trying_it_out_branches_and_flags(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/follow-up-questionnaire/{shipped(language)}")
	expect(page.get_by_text(words["in use"])).to_be_visible()
	expect(page.get_by_text(words["not signed"])).to_be_visible()
	visitor.screenshot(f"questionnaire-form-{language}")
	page.get_by_role("tab", name=words["try"], exact=True).click()
	expect(question(page, "danger_signs")).to_be_visible()
	expect(question(page, "systolic")).to_be_hidden()

	choose(page, "measured", "Yes")
	expect(question(page, "systolic")).to_be_visible()
	question(page, "systolic").get_by_role("textbox").fill("１８２")
	expect(question(page, "systolic")).to_contain_text(words["red"])
	question(page, "diastolic").get_by_role("textbox").fill("95 mmHg")
	expect(question(page, "diastolic")).to_contain_text(words["amber"])
	visitor.screenshot(f"questionnaire-flags-{language}")
	question(page, "systolic").get_by_role("textbox").fill("900")
	expect(question(page, "systolic").get_by_role("alert")).to_contain_text(words["too high"])
	expect(question(page, "systolic")).not_to_contain_text(words["red"])

	# What is not asked any more does not count.
	choose(page, "measured", "No")
	expect(question(page, "diastolic")).to_be_hidden()
	choose(page, "danger_signs", "Yes")
	choose(page, "medicines", "all")
	expect(page.locator(".hf-try-summary")).to_contain_text(words["complete"])
	expect(page.locator(".hf-trial .red:visible")).to_have_count(1)
	expect(page.locator(".hf-trial .orange:visible")).to_have_count(0)


def test_a_score_is_added_up(visit: Callable[..., Visitor]) -> None:
	visitor = visit(ADMINISTRATOR)
	page = visitor.open(f"/app/follow-up-questionnaire/{shipped('en', 'maternity')}")
	page.get_by_role("tab", name="Try It", exact=True).click()
	choose(page, "no_interest", "1")
	expect(page.locator(".hf-try-summary")).to_contain_text("Mood (PHQ-2): not complete yet")
	choose(page, "low_mood", "2")
	expect(page.locator(".hf-try-summary")).to_contain_text("Mood (PHQ-2): 3 Amber")
	expect(question(page, "self_harm")).to_be_visible()
	visitor.screenshot("questionnaire-score")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_next_version_is_written_tried_and_approved(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	before = shipped(language)
	visitor = visit(ADMINISTRATOR, "Follow-up Doctor", language=language)
	page = visitor.open(f"/app/follow-up-questionnaire/{before}")
	page.get_by_role("button", name=words["new"], exact=True).click()
	expect(page.get_by_text(words["draft"])).to_be_visible()
	page.locator("[data-fieldname=questions] .grid-row[data-idx='3'] .btn-open-row").click()
	row = open_row(page)
	row.locator("[data-fieldname=red_if] input:visible").fill(">= 170 or sistolic < 80")
	row.locator("[data-fieldname=red_if] input:visible").press("Tab")
	page.keyboard.press("Escape")
	expect(row).to_have_count(0)
	page.get_by_role("button", name=words["save"], exact=True).click()
	refusal = page.locator(".modal.show")
	expect(refusal).to_contain_text(words["no code"])
	expect(refusal.locator("mark")).to_have_text("sistolic")
	visitor.screenshot(f"questionnaire-refused-{language}")
	page.keyboard.press("Escape")
	expect(refusal).to_have_count(0)

	page.locator("[data-fieldname=questions] .grid-row[data-idx='3'] .btn-open-row").click()
	open_row(page).locator("[data-fieldname=red_if] input:visible").fill(">= 170 or < 80")
	row.locator("[data-fieldname=red_if] input:visible").press("Tab")
	page.keyboard.press("Escape")
	expect(row).to_have_count(0)
	page.get_by_role("button", name=words["save"], exact=True).click()
	page.get_by_role("button", name=words["approve"], exact=True).click()
	dialog = page.locator(".modal.show")
	visitor.screenshot(f"questionnaire-approve-{language}")
	dialog.get_by_role("button", name=words["approve"], exact=True).click()
	expect(page.get_by_text(words["in use"])).to_be_visible()

	frappe.db.rollback()  # a fresh view of what the server has committed
	after = before.replace(" v1", " v2")
	assert frappe.db.get_value(QUESTIONNAIRE, before, "status") == "Retired"
	assert frappe.db.get_value(QUESTIONNAIRE, after, "status") == "Approved"
	assert frappe.get_doc(QUESTIONNAIRE, after).questions[2].red_if == ">= 170 or < 80"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_doctor_signs_off_advice(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	draft = saved("Care Content")
	frappe.db.commit()  # reason: the server must see it
	visitor = visit("Follow-up Doctor", language=language)
	page = visitor.open(f"/app/care-content/{draft.name}")
	page.get_by_role("button", name=words["approve"], exact=True).click()
	page.locator(".modal.show").get_by_role("button", name=words["approve"], exact=True).click()
	expect(page.get_by_text(words["advice in use"])).to_be_visible()
	visitor.screenshot(f"care-content-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	signed = frappe.db.get_value(
		"Care Content", draft.name, ["status", "sign_off", "approved_by"], as_dict=True
	)
	assert (signed.status, signed.sign_off) == ("Approved", signed.approved_by)
	page = visitor.open("/app/care-content/maternity-condition-" + language)
	expect(page.get_by_text(words["advice in use"])).to_be_visible()
	visitor.screenshot(f"care-content-shipped-{language}")


def test_trying_it_out_on_a_telephone(visit: Callable[..., Visitor]) -> None:
	visitor = visit(ADMINISTRATOR, language="zh")
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = visitor.open(f"/app/follow-up-questionnaire/{shipped('zh', 'after-surgery')}")
	page.get_by_role("tab", name=WORDS["zh"]["try"], exact=True).click()
	choose(page, "pain", "7")
	expect(question(page, "pain")).to_contain_text(WORDS["zh"]["red"])
	visitor.screenshot("questionnaire-telephone")
	overflow = page.evaluate(
		"document.querySelector('.hf-trial').scrollWidth - document.querySelector('.hf-trial').clientWidth"
	)
	assert overflow <= 0
