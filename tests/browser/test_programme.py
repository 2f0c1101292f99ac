"""A nurse enrols a patient in a programme, records the consent later, and sees the programme on the call sheet."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.services import programmes
from hospital_followup.tests import factories
from tests.browser.calls import caller, open_sheet
from tests.site.message_samples import every_day
from tests.site.programme_samples import after_days
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ENROLMENT, TASK = "Programme Enrolment", "Follow-up Task"
WORDS = {
	"en": {
		"title": "Diabetes Care",
		"enrol": "Enrol in a Programme…",
		"button": "Enrol",
		"waits": "Waits for the patient's consent",
		"consent": "Consent Given…",
		"way": "Signed Form",
		"record": "Record Consent",
		"pause": "Pause…",
		"awaiting": "Awaiting Consent",
		"programme": "Programme",
	},
	"zh": {
		"title": "糖尿病管理",
		"enrol": "加入长期项目…",
		"button": "入组",
		"waits": "等待患者同意",
		"consent": "患者已同意…",
		"way": "签署知情同意书",
		"record": "登记同意",
		"pause": "暂停…",
		"awaiting": "待患者同意",
		"programme": "项目",
	},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_the_patient_to_the_call(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	factories.standard_policy()
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", every_day())
	after_days(0, 30, title=words["title"], channel="Phone", topics="Condition, Guidance")
	user = caller(language)
	patient = factories.patient(patient_name="王秀英", language=language).name
	frappe.db.commit()  # reason: the server must see it
	nurse = visit(user=user, language=language)
	page = nurse.open(f"/app/follow-up-patient/{patient}")
	page.get_by_role("button", name=words["enrol"]).click()
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-fieldname=pathway] select")).to_contain_text(words["title"])
	dialog.locator("[data-fieldname=pathway] select").select_option(label=words["title"])
	nurse.screenshot(f"programme-enrol-{language}")
	dialog.get_by_role("button", name=words["button"], exact=True).click()

	expect(page.get_by_text(words["waits"])).to_be_visible()
	nurse.screenshot(f"programme-waits-{language}")
	page.get_by_role("button", name=words["consent"]).click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=way] select").select_option(label=words["way"])
	dialog.get_by_role("button", name=words["record"], exact=True).click()
	expect(page.get_by_role("button", name=words["pause"])).to_be_visible()
	nurse.screenshot(f"programme-active-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	plan = frappe.db.get_value(ENROLMENT, {"patient": patient}, "plan")
	task = frappe.db.get_value(TASK, {"plan": plan, "status": "Open"}, ["name", "assigned_to"], as_dict=True)
	assert task.assigned_to == user

	page = open_sheet(nurse, task.name)
	expect(page.locator(".hf-worklist")).to_contain_text(words["title"])
	nurse.screenshot(f"programme-call-{language}")
	page = nurse.open(f"/app/follow-up-plan/{plan}")
	expect(page.locator(".form-layout").first).to_be_visible()
	nurse.screenshot(f"programme-plan-{language}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_says_who_has_to_be_asked(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	pathway = after_days(10, title=words["title"])
	programmes.enrol(factories.patient(patient_name="王秀英").name, pathway)
	frappe.db.commit()  # reason: the server must see it
	nurse = visit("Follow-up Specialist", language=language)
	page = nurse.open("/app/programme-enrolment")
	expect(page.locator(".indicator-pill", has_text=words["awaiting"]).first).to_be_visible()
	nurse.screenshot(f"programme-list-{language}")
