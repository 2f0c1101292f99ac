"""A patient answers on the telephone: in Chinese and English, over a bad line, with an old link, and asks for a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from playwright.sync_api import Page, expect

from hospital_followup.tests import factories as make
from tests.site.pages import PAGE, page
from tests.stack.browser import SCREENSHOTS

pytestmark = pytest.mark.commits

WORDS = {
	"en": {
		"send": "Send",
		"answer": "Please answer this question.",
		"anyway": "Send without these answers",
		"thanks": "Thank you. Your answers have arrived.",
		"unwell": "I feel unwell, please call me",
		"call": "Yes, please call me",
		"promise": "We will call you",
		"stop": "I do not want to be contacted any more",
		"stop_yes": "Yes, stop",
		"stopped": "You will not be contacted any more",
		"gone": "This link is not valid any more.",
		"saved": "Saved",
		"offline": "Not saved yet",
		"no": "No",
		"complaint": "This is a complaint. Please look into it.",
	},
	"zh": {
		"send": "发送",
		"answer": "请回答这个问题。",
		"anyway": "不回答这些问题，直接发送",
		"thanks": "谢谢您，我们已收到您的回答。",
		"unwell": "我不舒服，请给我打电话",
		"call": "是的，请给我打电话",
		"promise": "给您回电",
		"stop": "我不想再被联系",
		"stop_yes": "是的，停止联系",
		"stopped": "不会再联系您",
		"gone": "此链接已失效。",
		"saved": "已保存",
		"offline": "尚未保存",
		"no": "否",
		"complaint": "这是投诉，请予以处理。",
	},
}


def sent(language: str, **fields: Any) -> tuple[Any, str]:
	patient = make.patient(patient_name="王秀英", language=language)
	frappe.db.set_single_value(
		"Follow-up Settings", {"hospital_name": "仁爱医院", "hospital_phone": "010-5555 0123"}
	)
	doc, token = page(task={"patient": patient.name}, **fields)
	frappe.db.commit()  # reason: the server must see it
	return doc, token


def stored(doc: Any) -> Any:
	frappe.db.rollback()  # a fresh view of what the server has committed
	return frappe.get_doc(PAGE, doc.name)


def screenshot(opened: Page, name: str) -> None:
	SCREENSHOTS.mkdir(parents=True, exist_ok=True)
	opened.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)


def choose(opened: Page, code: str, label: str) -> None:
	opened.locator(f"#box-{code} label", has_text=label).first.click()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_minute_of_answers_completes_the_contact(phone: Callable[..., Page], language: str) -> None:
	words = WORDS[language]
	doc, token = sent(language)
	opened = phone(token, language)
	expect(opened.get_by_text("王*英")).to_be_visible()
	screenshot(opened, f"patient-page-{language}")
	choose(opened, "pain", "1")
	choose(opened, "fever", words["no"])
	expect(opened.locator("#box-degrees")).to_be_hidden()
	choose(opened, "satisfaction", "5")
	opened.locator("#box-comment textarea").fill("谢谢")
	expect(opened.locator("#status")).to_have_text(words["saved"])
	screenshot(opened, f"patient-page-filled-{language}")
	opened.get_by_role("button", name=words["send"], exact=True).click()
	expect(opened.get_by_text(words["thanks"])).to_be_visible()
	screenshot(opened, f"patient-page-thanks-{language}")
	assert (stored(doc).status, stored(doc).satisfaction) == ("Answered", 5)
	assert frappe.db.get_value("Follow-up Task", doc.task, "status") == "Completed"
	opened.reload()
	expect(opened.get_by_text(words["thanks"])).to_be_visible()
	assert "王秀英" not in opened.content()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_open_is_shown_before_it_is_sent_without(phone: Callable[..., Page], language: str) -> None:
	words = WORDS[language]
	doc, token = sent(language)
	opened = phone(token, language)
	choose(opened, "pain", "2")
	opened.get_by_role("button", name=words["send"], exact=True).click()
	expect(opened.locator("#box-fever")).to_have_class("missing")
	expect(opened.locator("#wrong-fever")).to_have_text(words["answer"])
	screenshot(opened, f"patient-page-missing-{language}")
	opened.get_by_role("button", name=words["anyway"]).click()
	expect(opened.get_by_text(words["thanks"])).to_be_visible()
	assert frappe.db.get_value("Follow-up Task", doc.task, "status") == "Open"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_complaint_reaches_the_supervisor(phone: Callable[..., Page], language: str) -> None:
	words = WORDS[language]
	doc, token = sent(language, asks=None)
	opened = phone(token, language)
	choose(opened, "satisfaction", "2")
	opened.locator("#box-comment textarea").fill("等了三个小时")
	opened.get_by_label(words["complaint"]).check()
	expect(opened.locator("#status")).to_have_text(words["saved"])
	screenshot(opened, f"patient-page-complaint-{language}")
	opened.get_by_role("button", name=words["send"], exact=True).click()
	expect(opened.get_by_text(words["thanks"])).to_be_visible()
	assert stored(doc).complaint == 1
	(alert,) = frappe.get_all(
		"Follow-up Alert", filters={"patient": doc.patient}, fields=["kind", "complaint"]
	)
	assert (alert.kind, alert.complaint) == ("Satisfaction", 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_i_feel_unwell(phone: Callable[..., Page], language: str) -> None:
	words = WORDS[language]
	doc, token = sent(language)
	opened = phone(token, language)
	opened.get_by_role("button", name=words["unwell"]).click()
	screenshot(opened, f"patient-page-unwell-{language}")
	opened.get_by_role("button", name=words["call"]).click()
	expect(opened.get_by_text(words["promise"])).to_be_visible()
	expect(opened.get_by_text("120")).to_be_visible()
	screenshot(opened, f"patient-page-call-{language}")
	assert stored(doc).wants_call == 1
	assert frappe.db.count("Follow-up Task", {"patient": doc.patient, "kind": "Callback"}) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_stopping_is_as_easy_as_answering(phone: Callable[..., Page], language: str) -> None:
	words = WORDS[language]
	doc, token = sent(language)
	opened = phone(token, language)
	opened.get_by_role("button", name=words["stop"]).click()
	opened.get_by_role("button", name=words["stop_yes"]).click()
	expect(opened.get_by_text(words["stopped"])).to_be_visible()
	frappe.db.rollback()
	assert frappe.db.count("Follow-up Consent", {"patient": doc.patient, "withdrawn_on": ("is", "set")}) == 3


def test_a_line_that_breaks_loses_nothing(phone: Callable[..., Page]) -> None:
	doc, token = sent("en")
	opened = phone(token)
	choose(opened, "pain", "1")
	expect(opened.locator("#status")).to_have_text("Saved")
	opened.context.set_offline(True)
	choose(opened, "fever", "No")
	expect(opened.locator("#status")).to_contain_text("Not saved yet")
	opened.context.set_offline(False)
	expect(opened.locator("#status")).to_have_text("Saved")
	assert {row.question: row.value for row in stored(doc).answers} == {"pain": "1", "fever": "No"}


def test_a_slow_line_and_an_impatient_thumb_send_once(phone: Callable[..., Page]) -> None:
	doc, token = sent("en")
	opened = phone(token)
	choose(opened, "pain", "1")
	choose(opened, "fever", "No")
	opened.route("**/api/method/*hand_in", lambda route: (opened.wait_for_timeout(800), route.continue_()))
	send = opened.locator("#send")
	send.dblclick()
	expect(opened.get_by_text(WORDS["en"]["thanks"])).to_be_visible()
	stored(doc)
	assert frappe.db.count("Follow-up Log", {"patient": doc.patient, "docstatus": 1}) == 1


def test_the_language_is_switched_and_the_answers_stay(phone: Callable[..., Page]) -> None:
	_doc, token = sent("en")
	opened = phone(token)
	choose(opened, "pain", "3")
	opened.get_by_role("button", name="中文").click()
	expect(opened.get_by_role("button", name="发送", exact=True)).to_be_visible()
	expect(opened.locator("#box-pain label.on")).to_have_text("3")
	assert opened.evaluate("document.documentElement.lang") == "zh"


def test_back_from_elsewhere_shows_what_the_server_has(phone: Callable[..., Page]) -> None:
	_doc, token = sent("en")
	opened = phone(token)
	choose(opened, "pain", "4")
	expect(opened.locator("#status")).to_have_text("Saved")
	opened.goto("about:blank")
	opened.go_back()
	expect(opened.locator("#box-pain label.on")).to_have_text("4")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("which", ["forged", "expired", "none"])
def test_a_link_that_opens_nothing_says_whom_to_call(
	phone: Callable[..., Page], language: str, which: str
) -> None:
	doc, token = sent(language)
	if which == "expired":
		frappe.db.set_value(PAGE, doc.name, "expires_at", "2020-01-01 00:00:00")
		frappe.db.commit()  # reason: the server must see it
	opened = phone({"forged": "a" * 32, "expired": token, "none": ""}[which], language)
	opened.get_by_role("button", name="中文" if language == "zh" else "English").click()
	expect(opened.get_by_text(WORDS[language]["gone"])).to_be_visible()
	expect(opened.get_by_role("link", name="010-5555 0123")).to_be_visible()
	screenshot(opened, f"patient-page-gone-{language}")
