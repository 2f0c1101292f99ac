"""Before the patient goes home, and when a number leads nowhere: both dialogs and the route in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from hospital_followup import api
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user

PATIENT = "Follow-up Patient"
ROLE = "Follow-up Specialist"
pytestmark = pytest.mark.commits

WORDS = {
	"en": {
		"prepare": "Bedside Preparation…",
		"save": "Save the Preparation",
		"prepared": "The patient is prepared for follow-up.",
		"read": "We never ask for money",
		"only when": "Consent counts only when the purpose was explained.",
		"explained": "The purpose was explained, and the patient could ask",
		"correct": "Correct…",
		"keep": "Save the Number",
		"invalid": "This is no valid telephone number.",
		"corrected": "The number is corrected.",
		"later": "Visit 王建国 later",
	},
	"zh": {
		"prepare": "床旁准备…",
		"save": "保存准备情况",
		"prepared": "患者的床旁准备已完成。",
		"read": "我们绝不会向您索要钱款",
		"only when": "只有说明了随访目的，同意才有效。",
		"explained": "已说明目的，患者可以提问",
		"correct": "更正…",
		"keep": "保存号码",
		"invalid": "这不是有效的电话号码。",
		"corrected": "号码已更正。",
		"later": "推后走访 王建国",
	},
}


def specialist(language: str) -> str:
	user = make_user(ROLE, language=language, password=PASSWORD)
	make.staff(user)
	return user


def value_of(patient: str, *fields: str):
	frappe.db.rollback()
	return frappe.db.get_value(PATIENT, patient, fields)


def field(page: Page, name: str):
	return page.locator(f".modal.show [data-fieldname='{name}']").locator("input, select, textarea").first


def close_message(page: Page) -> None:
	"""Read the refusal away; what was entered is still there."""
	message = page.locator(".modal.show").filter(has=page.locator(".msgprint"))
	message.locator(".btn-modal-close").click()
	expect(message).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bedside_preparation(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	patient = make.patient(
		patient_name="王建国", language=language, caregiver_name="张敏", caregiver_relation="女儿"
	)
	stay = make.discharge(patient.name)
	user = specialist(language)
	frappe.db.commit()  # reason: the server must see them
	visitor = visit(user=user, language=language)
	page = visitor.open(f"/app/patient-discharge/{stay.name}")
	page.get_by_role("button", name=words["prepare"]).first.click()
	page.locator(".hf-bedside .hf-consent").wait_for()
	page.get_by_text(words["read"]).wait_for()
	field(page, "way").select_option("Entered Again")
	field(page, "number").fill("138 0013 8000")
	page.keyboard.press("Tab")
	visitor.screenshot(f"bedside-number-{language}")
	field(page, "preferred_slot").select_option("Evening")
	field(page, "may_hear").select_option("The Caregiver")
	page.locator(".hf-consent [data-all='Yes'][data-purpose='Clinical']").click()
	visitor.screenshot(f"bedside-{language}")
	page.locator(".hf-consent").scroll_into_view_if_needed()
	visitor.screenshot(f"bedside-consent-{language}")
	page.locator(".modal.show").get_by_role("button", name=words["save"]).click()
	page.get_by_text(words["only when"]).wait_for()
	close_message(page)
	page.locator(".hf-bedside").get_by_label(words["explained"]).check()
	page.locator(".hf-bedside").get_by_role("button", name=words["save"]).click()
	page.get_by_text(words["prepared"]).wait_for()
	assert value_of(patient.name, "mobile_status", "preferred_slot", "may_hear", "prepared_by") == (
		"Verified",
		"Evening",
		"The Caregiver",
		user,
	)
	given = frappe.get_all(
		"Follow-up Consent", filters={"patient": patient.name}, fields=["purpose", "channel"]
	)
	assert [(row.purpose, row.channel) for row in given] == [("Clinical", "All")]
	assert frappe.db.get_value("Patient Discharge", stay.name, "bedside_prepared") == 1
	page.goto(page.url.split("/app/")[0] + f"/app/follow-up-patient/{patient.name}")
	page.locator(".hf-panel").wait_for()
	visitor.screenshot(f"bedside-patient-{language}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_is_put_right_from_the_list(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	patient = make.patient(patient_name="王建国", caregiver_name="张敏", caregiver_mobile="13900139000")
	task = make.task(make.plan(patient.name))
	api.log_attempt(task.name, "Wrong Number")
	user = specialist(language)
	frappe.db.commit()  # reason: the server must see them
	visitor = visit(user=user, language=language)
	page = visitor.open("/app/query-report/Phone Numbers to Correct")
	page.locator("[data-hf-patient]").first.wait_for()
	visitor.screenshot(f"numbers-{language}")
	page.get_by_role("button", name=words["correct"]).first.click()
	field(page, "number").fill("12")
	page.keyboard.press("Tab")
	field(page, "verified_with").select_option("Caregiver")
	visitor.screenshot(f"number-dialog-{language}")
	page.locator(".modal.show").get_by_role("button", name=words["keep"]).click()
	page.get_by_text(words["invalid"]).wait_for()
	close_message(page)
	field(page, "number").fill("139 1111 2222")
	page.keyboard.press("Tab")
	page.get_by_role("button", name=words["keep"]).click()
	page.get_by_text(words["corrected"]).wait_for()
	expect(page.locator("[data-hf-patient]:visible")).to_have_count(0)
	assert value_of(patient.name, "mobile", "mobile_status") == ("+8613911112222", "Verified")
	assert frappe.db.get_value("Follow-up Task", task.name, "contact_point") == "Patient"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_route_of_the_day(visit: Callable[..., Visitor], language: str) -> None:
	user = specialist(language)
	for name, address in (("王建国", "解放路5号"), ("李秀英", "解放路12号3单元")):
		patient = make.patient(patient_name=name, home_address=address, directions="从东门进，二楼左手")
		make.task(make.plan(patient.name), channel="Home Visit", assigned_to=user, due_date=day())
	frappe.db.commit()  # reason: the server must see them
	visitor = visit(user=user, language=language)
	page = visitor.open("/app/query-report/Home Visit List")
	names = page.locator(".dt-row a[href*='follow-up-task']")
	expect(names).to_have_text(["王建国", "李秀英"])
	visitor.screenshot(f"visits-{language}")
	page.get_by_role("button", name=WORDS[language]["later"]).click()
	expect(names).to_have_text(["李秀英", "王建国"])
