"""The health page, its banner, and a patient's requests, as people meet them; in both languages."""

from __future__ import annotations

import re

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from playwright.sync_api import expect

from hospital_followup.services import health
from hospital_followup.tests import factories as make
from tests.providers import stubs
from tests.providers.services.twilio import TwilioService
from tests.site.message_samples import provider
from tests.site.rights import AD, SP, SV, record
from tests.stack.users import PASSWORD, make_user

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


PROVIDER_WORDS = {
	"en": {
		"test": "Send a Test to My Own Phone…",
		"send": "Send the Test",
		"taken": "The service has taken the message.",
	},
	"zh": {"test": "向我的手机发送测试…", "send": "发送测试", "taken": "服务商已接收消息"},
}


def test_a_provider_is_tried_on_ones_own_phone(visit, language) -> None:
	words = PROVIDER_WORDS[language]
	settings = frappe.get_doc("Follow-up Settings")
	settings.base_url = "https://hospital.example"
	settings.save()
	with stubs.running(TwilioService()) as stub:
		stub.mood = stubs.says(201, b'{"sid": "SM1", "status": "queued", "error_code": null}')
		provider(endpoint=stub.url, allow_private=1)
		user = make_user(AD, language=language, password=PASSWORD)
		frappe.db.set_value("User", user, "mobile_no", "13912345678")
		frappe.db.commit()  # reason: the browser is another process
		visitor = visit(AD, user=user, language=language)
		page = visitor.open("/app/follow-up-provider/Stub SMS")
		expect(page.locator(".hf-panel code")).to_contain_text("https://hospital.example/api/method/")
		page.get_by_role("button", name=words["test"]).click()
		dialog = page.locator(".modal-dialog:visible")
		expect(dialog).to_contain_text("139****5678")
		dialog.get_by_role("button", name=words["send"]).click()
		expect(dialog.get_by_role("status")).to_contain_text(words["taken"])
		visitor.screenshot(f"provider-test-{language}")
		assert len(stub.messages) == 1


LIVE_WORDS = {
	"en": {
		"stay": "Stay in Dry Run",
		"go": "Let Messages Out",
		"waits": "These messages wait; 2 of them are due at once:",
	},
	"zh": {"stay": "继续试运行", "go": "允许发送消息", "waits": "以下消息正在等待，其中 2 条将立即发出："},
}


def test_before_going_live_one_sees_what_would_go_out(visit, language) -> None:
	words = LIVE_WORDS[language]
	frappe.db.set_single_value("Follow-up Settings", "go_live", 0)
	provider()
	for _number in range(2):
		due = {
			"send_after": add_to_date(now_datetime(), hours=-1),
			"expires_at": add_to_date(now_datetime(), days=1),
		}
		record("Follow-up Message", status="Queued", channel="SMS", occasion="Revisit Reminder", **due)
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit(AD, language=language)
	page = visitor.open("/app/follow-up-settings")
	switch = page.locator('input[data-fieldname="go_live"]')
	switch.check()
	dialog = page.locator(".modal-dialog:visible")
	expect(dialog).to_contain_text(words["waits"])
	visitor.screenshot(f"go-live-{language}")
	dialog.get_by_role("button", name=words["stay"]).click()
	expect(switch).not_to_be_checked()
	switch.check()
	dialog.get_by_role("button", name=words["go"]).click()
	expect(switch).to_be_checked()
