"""An administrator sees whom a rule would enrol before switching it on; a patient takes part on the own page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, today
from playwright.sync_api import Page, expect

from hospital_followup.services import programmes
from hospital_followup.tests import factories as make
from tests.site.pages import page
from tests.site.programme_rule_samples import ENROLMENT, RULE, person, rule
from tests.site.programme_samples import SIGNED, after_days, monthly
from tests.stack.browser import SCREENSHOTS, Visitor

pytestmark = pytest.mark.commits

#: What the person reads, by language.
WORDS = {
	"en": {
		"who": "Female, from 60 years, up to 74 years, and Hypertension",
		"off": "Switched off: nobody is enrolled.",
		"try": "Whom Would It Enrol?",
		"found": "2 patients would be enrolled in Blood Pressure v1 now.",
		"looked": "3 patients were looked at",
		"nothing": "Nothing was written.",
		"save": "Save",
		"on": "Enrols every night.",
		"offer": "Would you like us to look after your health for longer?",
		"meaning": "In the coming year we would contact you about 11 times, by: WeChat.",
		"yes": "Yes, I would like that",
		"no": "No, thanks",
		"agreed": "Thank you. We will be in touch.",
		"declined": "We have noted it. We will not ask again.",
		"newborn": "Enrol Newborn",
		"guardian": "李芳 is entered as the guardian.",
		"enrol": "Enrol",
	},
	"zh": {
		"who": "女、60 岁及以上、74 岁及以下和Hypertension",
		"off": "未启用：不会有患者入组。",
		"try": "哪些患者会入组？",
		"found": "现在会有 2 名患者进入 Blood Pressure v1。",
		"looked": "共查看 3 名患者",
		"nothing": "未写入任何数据。",
		"save": "保存",
		"on": "每晚自动入组。",
		"offer": "您愿意让我们更长久地关注您的健康吗？",
		"meaning": "未来一年我们大约会与您联系 11 次，方式：微信。",
		"yes": "愿意",
		"no": "不用了，谢谢",
		"agreed": "谢谢您，我们会与您联系。",
		"declined": "已记录，我们不会再询问。",
		"newborn": "新生儿入组",
		"guardian": "李芳 将登记为监护人。",
		"enrol": "入组",
	},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whom_a_rule_would_enrol_is_seen_first(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	criteria = {"sex": "Female", "age_from": "60", "age_to": "74"}
	conditions = [{"code": "I10", "title": "Hypertension"}]
	doc = rule(monthly("Blood Pressure"), enabled=0, conditions=conditions, **criteria)
	for name in ("王秀英", "李桂兰"):
		person(patient_name=name, conditions=conditions)
	person(patient_name="赵小明", sex="Male")
	frappe.db.commit()  # reason: the server must see it
	visitor = visit("Follow-up Administrator", language=language)
	opened = visitor.open(f"/app/programme-rule/{quote(doc.name)}")
	panel = opened.locator("[data-fieldname=overview] .hf-panel")
	expect(panel).to_contain_text(words["who"])
	expect(panel).to_contain_text(words["off"])
	opened.get_by_role("button", name=words["try"], exact=True).click()
	shown = opened.locator(".modal.show")
	for text in (words["found"], words["looked"], words["nothing"], "王秀英", "李桂兰"):
		expect(shown).to_contain_text(text)
	visitor.screenshot(f"programme-rule-trial-{language}")
	opened.keyboard.press("Escape")
	expect(shown).to_have_count(0)
	opened.locator("[data-fieldname=enabled] input:visible").check()
	expect(panel).to_contain_text(words["on"])
	opened.get_by_role("button", name=words["save"], exact=True).click()
	opened.wait_for_function("() => !cur_frm.is_dirty()")
	visitor.screenshot(f"programme-rule-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(RULE, doc.name, "enabled") == 1
	assert frappe.db.count(ENROLMENT) == 0


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("agrees", [True, False])
def test_a_patient_decides_on_the_own_page(phone: Callable[..., Page], language: str, agrees: bool) -> None:
	words = WORDS[language]
	make.standard_policy()
	frappe.db.set_single_value(
		"Follow-up Settings", {"hospital_name": "仁爱医院", "hospital_phone": "010-5555 0123"}
	)
	doc, token = page(task={"patient": make.patient(patient_name="王秀英", language=language).name})
	offered = programmes.enrol(doc.patient, monthly("Hypertension", channel="WeChat"))
	frappe.db.commit()  # reason: the server must see it
	opened = phone(token, language)
	offer = opened.locator(".offer")
	expect(offer).to_contain_text(words["offer"])
	expect(offer).to_contain_text(words["meaning"])
	assert "Hypertension" not in opened.content()
	opened.locator("#box-pain label", has_text="1").first.click()
	offer.scroll_into_view_if_needed()
	SCREENSHOTS.mkdir(parents=True, exist_ok=True)
	opened.screenshot(path=str(SCREENSHOTS / f"page-offer-{language}.png"), full_page=True)
	opened.get_by_role("button", name=words["yes" if agrees else "no"], exact=True).click()
	expect(opened.get_by_text(words["agreed" if agrees else "declined"])).to_be_visible()
	expect(offer).to_have_count(0)
	# What was answered before the page was drawn anew has arrived and is still there.
	expect(opened.locator("#box-pain label.on")).to_have_text("1")
	opened.screenshot(path=str(SCREENSHOTS / f"page-offer-{agrees}-{language}.png"), full_page=True)
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(ENROLMENT, offered, "status") == ("Active" if agrees else "Left")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_newborn_is_enrolled_from_the_mothers_programme(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	make.standard_policy()
	after_days(30, title="Child", anchor="Birth")
	mother = person(patient_name="李芳", patient_id="M-7", mobile="13800138000")
	antenatal = after_days(42, title="Antenatal", anchor="Expected Delivery")
	enrolment = programmes.enrol(mother, antenatal, anchor_date=today(), consent=SIGNED)
	frappe.db.commit()  # reason: the server must see it
	visitor = visit("Follow-up Doctor", language=language)
	opened = visitor.open(f"/app/programme-enrolment/{enrolment}")
	opened.get_by_role("button", name=words["newborn"], exact=True).click()
	dialog = opened.locator(".modal.show")
	opened.wait_for_function("() => window.cur_dialog && cur_dialog.display")
	expect(dialog).to_contain_text(words["guardian"])
	expect(dialog.locator("[data-fieldname=patient_id] input")).to_have_value("M-7-1")
	name = dialog.locator("[data-fieldname=patient_name] input")
	name.fill("李小宝")
	name.press("Tab")  # leaving a field is what enters its value
	opened.wait_for_function("() => cur_dialog.get_value('patient_name')")
	opened.evaluate("day => cur_dialog.set_value('date_of_birth', day)", add_days(today(), -3))
	dialog.locator("[data-fieldname=way] select").select_option("Signed Form")
	visitor.screenshot(f"newborn-dialog-{language}")
	dialog.get_by_role("button", name=words["enrol"], exact=True).click()
	expect(dialog).to_have_count(0)
	opened.wait_for_function("name => cur_frm && cur_frm.doc.related_enrolment === name", arg=enrolment)
	visitor.screenshot(f"newborn-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	child = frappe.get_last_doc(ENROLMENT, {"related_enrolment": enrolment})
	assert (child.patient_name, child.status, child.relation) == ("李小宝", "Active", "Mother")
	assert frappe.db.get_value(ENROLMENT, enrolment, "related_enrolment") == child.name
