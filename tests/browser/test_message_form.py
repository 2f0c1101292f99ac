"""An administrator writes a message: seen as the patient will see it, counted while typing, no advertising, approved."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.tests import factories
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

TEMPLATE = "Message Template"
WORDS = {
	"en": {
		"hospital": "Renai Hospital",
		"in use": "In use: messages of this occasion say this.",
		"new": "New Version",
		"draft": "Draft: write the text",
		"sale": " Get 20% off check-ups!",
		"wrong": "“Get 20% off check-ups!” advertises",
		"approve": "Approve",
		"yes": "Yes",
		"added": " See you soon.",
		"more": "2 parts",
		"preview": "Preview with a Patient…",
		"show": "Show",
		"register": "Text to register at the provider",
		"said": "Ms Li Hong",
	},
	"zh": {
		"hospital": "仁爱医院",
		"in use": "使用中：此场合的消息均使用本内容。",
		"new": "新建版本",
		"draft": "草稿：撰写内容，查看预览",
		"sale": "体检八折优惠！",
		"wrong": "“体检八折优惠！”含推广内容",
		"approve": "审核通过",
		"yes": "是",
		"added": "路上请注意安全，我们等您来。",
		"more": "2 条",
		"preview": "用患者预览…",
		"show": "显示",
		"register": "向服务商报备的模板内容",
		"said": "李女士",
	},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_version_is_written_looked_at_and_approved(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	for field, value in (("hospital_name", words["hospital"]), ("hospital_phone", "010-5555 0123")):
		frappe.db.set_single_value("Follow-up Settings", field, value)
	place = {"occasion": "Revisit Reminder", "channel": "SMS", "language": language, "status": "Approved"}
	first = frappe.db.get_value(TEMPLATE, place)
	patient = factories.patient(patient_name="Li Hong" if language == "en" else "李红", sex="Female")
	frappe.db.commit()  # reason: the server must see it
	admin = visit("Follow-up Administrator", language=language)
	page = admin.open(f"/app/message-template/{first}")
	expect(page.get_by_text(words["in use"])).to_be_visible()
	expect(page.locator(".hf-bubble")).to_contain_text(words["hospital"])
	page.get_by_text(words["register"]).click()
	admin.screenshot(f"message-in-use-{language}")

	page.get_by_role("button", name=words["new"], exact=True).click()
	expect(page.get_by_text(words["draft"])).to_be_visible()
	body = page.locator(".form-layout [data-fieldname=body] textarea")
	before = body.input_value()
	body.fill(before + words["sale"])
	expect(page.locator(".hf-message-check")).to_contain_text(words["wrong"])
	admin.screenshot(f"message-advertises-{language}")
	body.fill(before + words["added"])
	expect(page.locator(".hf-length")).to_contain_text(words["more"])
	expect(page.locator(".hf-message-check .hf-wrong")).to_have_count(0)

	page.get_by_role("button", name=words["preview"], exact=True).click()
	dialog = page.locator(".modal.show")
	choose = dialog.locator("[data-fieldname=patient] input")
	choose.fill(patient.name)
	choose.press("Tab")
	dialog.get_by_role("button", name=words["show"], exact=True).click()
	expect(page.locator(".hf-bubble")).to_contain_text(words["said"])
	admin.screenshot(f"message-draft-{language}")

	page.get_by_role("button", name=words["approve"], exact=True).click()
	page.locator(".modal.show").get_by_role("button", name=words["yes"], exact=True).click()
	expect(page.get_by_text(words["in use"])).to_be_visible()
	assert admin.errors == []
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(TEMPLATE, first, "status") == "Retired"
	assert frappe.db.get_value(TEMPLATE, place, "body").endswith(words["added"])
