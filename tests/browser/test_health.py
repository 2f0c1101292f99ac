"""The health page, its banner, and a patient's requests, as people meet them; in both languages."""

from __future__ import annotations

import re

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.services import health
from hospital_followup.tests import factories as make
from tests.site.rights import AD, SP, SV

pytestmark = pytest.mark.commits
WORKSPACE, PAGE = "/app/hospital-follow-up", "/app/follow-up-health"
WORDS = {
	"en": {
		"wrong": "Something does not work.",
		"worker": "No background worker is running",
		"stands": "Automatic work stands still in part.",
		"fix": "What to do about it",
		"privacy": "Privacy",
		"erase": "Erase the Patient…",
		"legal": "The hospital's medical record and bills are not touched",
		"confirm": "Erase for Good",
		"erased": "This patient was erased; only figures are left.",
	},
	"zh": {
		"wrong": "有功能不正常。",
		"worker": "没有正在运行的后台进程",
		"stands": "部分自动工作已停止",
		"fix": "查看处理办法",
		"privacy": "隐私",
		"erase": "删除患者资料…",
		"legal": "医院的病历和账单不受影响",
		"confirm": "永久删除",
		"erased": "该患者的资料已删除，仅保留统计数字。",
	},
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
	return request.param


@pytest.fixture(autouse=True)
def _no_kept_answer(site) -> None:
	"""The stack of the tests has no worker: something is wrong, and the page must say so."""
	health.forget()


def test_the_page_says_what_is_wrong_first_with_the_fix(visit, language) -> None:
	words = WORDS[language]
	visitor = visit(AD, language=language)
	page = visitor.open(PAGE)
	expect(page.get_by_role("heading", name=words["wrong"])).to_be_visible()
	first = page.locator(".hf-check").first
	expect(first).to_have_attribute("data-level", "bad")
	workers = page.locator('[data-check="workers"]')
	expect(workers).to_contain_text(words["worker"])
	expect(workers).to_contain_text("supervisorctl")
	visitor.screenshot(f"health-{language}")
	page.locator('[data-check="nightly"]').get_by_role("button").click()
	expect(page).to_have_url(re.compile("follow-up-run"))


def test_the_page_on_a_telephone(visit) -> None:
	visitor = visit(AD, language="zh")
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = visitor.open(PAGE)
	expect(page.locator(".hf-check").first).to_be_visible()
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	visitor.screenshot("health-phone-zh")


def test_administrators_are_led_to_it_and_supervisors_are_told(visit, language) -> None:
	words = WORDS[language]
	administrator = visit(AD, language=language)
	page = administrator.open(WORKSPACE)
	banner = page.locator(".hf-health-banner:visible")
	expect(banner).to_contain_text(words["worker"])
	administrator.screenshot(f"health-banner-{language}")
	banner.get_by_text(words["fix"]).click()
	expect(page.get_by_role("heading", name=words["wrong"])).to_be_visible()
	supervisor = visit(SV, language=language)
	page = supervisor.open("/app/follow-up-task")
	banner = page.locator(".hf-health-banner:visible")
	expect(banner).to_contain_text(words["stands"])
	expect(banner.locator("a")).to_have_count(0)


def test_specialists_and_other_pages_see_no_banner(visit) -> None:
	page = visit(SP).open(WORKSPACE)
	expect(page.locator(".workspace-title, .page-title").first).to_be_visible()
	expect(page.locator(".hf-health-banner")).to_have_count(0)
	page = visit(AD, "System Manager").open("/app/user")
	expect(page.locator(".list-row-head, .result").first).to_be_visible()
	expect(page.locator(".hf-health-banner:visible")).to_have_count(0)


def test_a_patient_is_erased_with_the_number_typed_once_more(visit, language) -> None:
	words = WORDS[language]
	make.standard_policy()
	patient = make.patient(patient_name="王秀英", patient_id="H-4711")
	make.discharge(patient.name)
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit(AD, language=language)
	page = visitor.open(f"/app/follow-up-patient/{patient.name}")
	page.get_by_role("button", name=words["privacy"]).click()
	page.get_by_role("link", name=words["erase"]).click()
	dialog = page.locator(".modal-dialog:visible")
	expect(dialog).to_contain_text(words["legal"])
	dialog.locator('[data-fieldname="number"] input').fill("H-4711")
	dialog.locator('[data-fieldname="reason"] textarea').fill("2026-11-20")
	visitor.screenshot(f"erase-{language}")
	dialog.get_by_role("button", name=words["confirm"]).click()
	expect(page.get_by_role("heading", name=words["erased"])).to_be_visible()
	expect(page.locator("body")).not_to_contain_text("王秀英")
	visitor.screenshot(f"erased-{language}")
