"""An administrator changes what is said: placeholders by keyboard, preview, sign-off by a doctor; the next call says it."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from hospital_followup.engine.relevance import Stay
from hospital_followup.services import scripts
from hospital_followup.services.call_context import CallContext
from hospital_followup.tests import factories
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR, DOCTOR = "Follow-up Administrator", "Follow-up Doctor"
SCRIPT = "Follow-up Script"

#: What the person reads, by language.
WORDS = {
	"en": {
		"in use": "In use. It cannot be changed; make a new version instead.",
		"starting": "Starting content of the app",
		"new": "New Version",
		"draft": "Draft: write the parts",
		"said": "Your visit is on ",
		"sample": "Your visit is on Tuesday 24 November",
		"search": "revisit date",
		"wrong": "there is no placeholder “revisit_dat”. Did you mean “revisit_date”?",
		"refused": "The Text Cannot Be Read Out",
		"aloud": "seconds to read aloud",
		"save": "Save",
		"preview": "Preview",
		"actions": "Actions",
		"send": "Send for Sign-off",
		"waiting": "Script in Review",
		"approve": "Approve Script",
		"yes": "Approve",
		"retires": "retires.",
		"signed": "Signed off by",
		"identity": "Now the identity is checked",
	},
	"zh": {
		"in use": "使用中。不能修改，请新建版本。",
		"starting": "本应用自带的初始内容",
		"new": "新建版本",
		"draft": "草稿：请撰写各部分",
		"said": "您的复诊定在",
		"sample": "您的复诊定在11月24日星期二",
		"search": "复诊日期",
		"wrong": "没有“revisit_dat”这一项。是否应为“revisit_date”？",
		"refused": "话术无法朗读",
		"aloud": "朗读约需",
		"save": "保存",
		"preview": "预览",
		"actions": "操作",
		"send": "提交临床审核",
		"waiting": "待临床审核",
		"approve": "审核通过话术",
		"yes": "审核通过",
		"retires": "将停用。",
		"signed": "审核通过。",
		"identity": "此处核对身份",
	},
}


def part(page: Page, name: str) -> Locator:
	return page.locator(f".form-layout [data-fieldname={name}] textarea")


def menu(page: Page, name: str) -> Locator:
	return page.locator(f".form-layout [data-fieldname={name}] [role=listbox]")


def act(page: Page, words: dict[str, str], action: str) -> None:
	page.get_by_role("button", name=words["actions"]).click()
	page.get_by_role("link", name=words[action], exact=True).click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_next_call_says_what_was_changed(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	first = frappe.db.get_value(SCRIPT, {"set_code": "general", "language": language, "status": "Approved"})
	patient = factories.patient(patient_name="Wang Mei", language=language)
	factories.discharge(of=patient.name)
	frappe.db.commit()  # reason: the server must see it
	admin = visit(ADMINISTRATOR, language=language)
	page = admin.open(f"/app/follow-up-script/{first}")
	expect(page.get_by_text(words["in use"])).to_be_visible()
	expect(page.get_by_text(words["starting"])).to_be_visible()
	expect(part(page, "revisit_reminder")).to_be_hidden()
	admin.screenshot(f"script-in-use-{language}")

	page.get_by_role("button", name=words["new"], exact=True).click()
	expect(page.get_by_text(words["draft"])).to_be_visible()
	expect(page.locator(".hf-placeholders button").first).to_be_enabled()
	text = part(page, "revisit_reminder")
	text.fill("")
	text.press_sequentially(words["said"] + "{{ rev")
	options = menu(page, "revisit_reminder").get_by_role("option")
	expect(options.first).to_contain_text("revisit_date")
	admin.screenshot(f"script-menu-{language}")
	text.press("ArrowDown")
	expect(options.nth(1)).to_have_attribute("aria-selected", "true")
	text.press("ArrowUp")
	text.press("Enter")
	expect(menu(page, "revisit_reminder")).to_be_hidden()
	expect(text).to_have_value(words["said"] + "{{ revisit_date }}")

	text.press_sequentially(" {{ revisit_dat }}")
	wrong = page.get_by_text(words["wrong"]).first
	expect(wrong).to_be_visible()
	page.get_by_role("button", name=words["save"], exact=True).click()
	refusal = page.locator(".modal.show")
	expect(refusal).to_contain_text(words["refused"])
	expect(refusal).to_contain_text(words["wrong"])
	admin.screenshot(f"script-refused-{language}")
	page.keyboard.press("Escape")
	expect(refusal).to_be_hidden()
	text.fill(words["said"] + "{{ revisit_date }}")
	expect(page.locator("[data-fieldname=revisit_reminder] .hf-part-check")).to_contain_text(words["aloud"])
	page.get_by_role("button", name=words["save"], exact=True).click()
	expect(page.locator(".indicator-pill.orange").first).to_be_visible()

	page.get_by_role("button", name=words["preview"], exact=True).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["sample"])
	expect(dialog).to_contain_text(words["identity"])
	admin.screenshot(f"script-preview-{language}")
	dialog.locator("[data-fieldname=sample] select").select_option("patient")
	choose = dialog.locator("[data-fieldname=patient] input")
	choose.fill("Wang Mei")
	dialog.get_by_text("Wang Mei").first.click()
	expect(dialog.locator(".hf-script-preview")).to_contain_text("Wang Mei")
	expect(dialog.locator(".hf-script-preview .hf-unknown").first).to_be_visible()
	admin.screenshot(f"script-preview-patient-{language}")
	page.keyboard.press("Escape")
	expect(dialog).to_be_hidden()

	act(page, words, "send")
	expect(page.locator(".hf-panel")).to_contain_text(words["waiting"])
	admin.screenshot(f"script-in-review-{language}")

	frappe.db.rollback()  # a fresh view of what the server has committed
	second = frappe.db.get_value(SCRIPT, {"set_code": "general", "language": language, "version": 2})
	context = CallContext(stay=Stay(), department=None, channel="Phone", language=language)
	assert scripts.choose_script(context) == first
	doctor = visit(DOCTOR, language=language)
	page = doctor.open(f"/app/follow-up-script/{second}")
	expect(page.locator(".hf-panel")).to_contain_text(words["waiting"])
	act(page, words, "approve")
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["retires"])
	doctor.screenshot(f"script-approve-{language}")
	dialog.get_by_role("button", name=words["yes"], exact=True).click()
	expect(page.locator(".hf-panel")).to_contain_text(words["signed"])
	doctor.screenshot(f"script-approved-{language}")

	frappe.db.rollback()  # a fresh view of what the server has committed
	assert scripts.choose_script(context) == second
	assert frappe.db.get_value(SCRIPT, first, "status") == "Retired"
	assert frappe.db.get_value(SCRIPT, second, "revisit_reminder") == words["said"] + "{{ revisit_date }}"


@pytest.fixture
def draft(visit: Callable[..., Visitor]) -> tuple[Visitor, Page]:
	"""A new script whose parts can be written."""
	visitor = visit(ADMINISTRATOR, language="zh")
	page = visitor.open("/app/follow-up-script/new")
	expect(page.locator(".hf-placeholders button").first).to_be_visible()
	return visitor, page


class TestCompletion:
	def test_leaves_every_key_to_an_input_method(self, draft: tuple[Visitor, Page]) -> None:
		visitor, page = draft
		text = part(page, "inquiry")
		text.click()
		text.press_sequentially("{{")
		expect(menu(page, "inquiry")).to_be_visible()
		keyboard = page.context.new_cdp_session(page)
		keyboard.send("Input.imeSetComposition", {"text": "fu zhen", "selectionStart": 7, "selectionEnd": 7})
		composing = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
		keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **composing})
		keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **composing})
		assert "}}" not in text.input_value()
		keyboard.send("Input.insertText", {"text": "复诊日期"})
		option = menu(page, "inquiry").get_by_role("option").first
		expect(option).to_contain_text("revisit_date")
		visitor.screenshot("script-menu-chinese-search")
		text.press("Tab")
		expect(text).to_have_value("{{ revisit_date }}")

	def test_turns_the_braces_of_a_chinese_keyboard_into_the_right_ones(
		self, draft: tuple[Visitor, Page]
	) -> None:
		_visitor, page = draft
		text = part(page, "inquiry")
		text.click()
		text.press_sequentially("您好｛｛salu")
		text.press("Enter")
		expect(text).to_have_value("您好{{ salutation }}")

	def test_offers_nothing_about_health_in_the_opening(self, draft: tuple[Visitor, Page]) -> None:
		_visitor, page = draft
		for name, offered in (("opening", 0), ("guidance", 2)):
			part(page, name).click()
			part(page, name).press_sequentially("{{ diagnos")
			expect(menu(page, name).get_by_role("option")).to_have_count(offered)

	def test_escape_closes_it_and_enter_is_a_new_line_again(self, draft: tuple[Visitor, Page]) -> None:
		_visitor, page = draft
		text = part(page, "inquiry")
		text.click()
		text.press_sequentially("{{")
		text.press("Escape")
		expect(menu(page, "inquiry")).to_be_hidden()
		text.press("Enter")
		expect(text).to_have_value("{{\n")

	def test_a_yes_or_no_becomes_a_condition_around_the_cursor(self, draft: tuple[Visitor, Page]) -> None:
		_visitor, page = draft
		text = part(page, "inquiry")
		text.click()
		text.press_sequentially("{{ is_chi")
		text.press("Enter")
		text.press_sequentially("孩子好吗")
		expect(text).to_have_value("{% if is_child %}孩子好吗{% endif %}")

	def test_helps_inside_a_condition(self, draft: tuple[Visitor, Page]) -> None:
		_visitor, page = draft
		text = part(page, "inquiry")
		text.click()
		text.press_sequentially("{% if not med")
		text.press("Enter")
		expect(text).to_have_value("{% if not medicines")

	def test_a_click_in_the_list_puts_it_where_the_cursor_stood(self, draft: tuple[Visitor, Page]) -> None:
		visitor, page = draft
		text = part(page, "closing")
		text.click()
		text.press_sequentially("请打。")
		text.press("ArrowLeft")
		page.locator(".hf-placeholders button[data-name=hospital_phone]").click()
		expect(text).to_have_value("请打{{ hospital_phone }}。")
		visitor.screenshot("script-placeholder-list")
