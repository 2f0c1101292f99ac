"""A doctor handles an alert on a phone, in Chinese and in English: woken, acknowledged with one tap, answered, closed."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from hospital_followup import alert_api, call_api
from hospital_followup.services.alerts import raise_alert
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.browser.calls import caller, open_sheet, questions
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user

ALERT = "Follow-up Alert"
TASK = "Follow-up Task"
PHONE = {"width": 390, "height": 844}
WORDS = {
	"en": {
		"acknowledge": "Acknowledge",
		"acknowledged": "Acknowledged",
		"tell": "Have the Patient Told",
		"answer": "Take two tablets of paracetamol. Come to the ward tomorrow at nine.",
		"ordered": "The call is on its way.",
		"true": "True Alarm",
		"close": "Close",
		"closed": "Closed",
		"late": "Late",
		"sheet": "Tell the patient",
	},
	"zh": {
		"acknowledge": "受理",
		"acknowledged": "已受理",
		"tell": "安排告知患者",
		"answer": "请口服对乙酰氨基酚两片，明早九点来科室复查。",
		"ordered": "电话已安排。",
		"true": "预警属实",
		"close": "关闭",
		"closed": "已关闭",
		"late": "已超时",
		"sheet": "请告知患者",
	},
}
pytestmark = pytest.mark.commits


def fever_alert(language: str) -> frappe._dict:
	"""A patient who answered in two calls that the pain grew, and now has a fever."""
	ward = make.department("普外科" if language == "zh" else "Surgery")
	patient = make.patient(
		patient_name="王建国" if language == "zh" else "Anna Berg", department=ward, language=language
	)
	stay = make.discharge(patient.name, department=ward, discharge_date=day(-9))
	asked = questions(language)
	plan = make.plan(patient.name, discharge=stay.name, planned_contacts=3)
	for pain, fever, outcome in ((2, "no", "Reached Patient"), (6, "yes", None)):
		task = make.task(plan, discharge=stay.name, department=ward, questionnaire=asked)
		call_api.save_call(task.name, {"answers": {"pain": pain, "fever": fever}, "identity_verified": 1})
		if outcome:
			call_api.finish_call(task.name, outcome, {"incomplete_reason": "-"})
	frappe.db.commit()  # reason: the server must see it
	return frappe.db.get_value(ALERT, {"patient": patient.name, "severity": "Red"}, "*", as_dict=True)


def state_of(alert: str) -> frappe._dict:
	frappe.db.rollback()
	return frappe.db.get_value(ALERT, alert, "*", as_dict=True)


def no_sideways(page: Page) -> None:
	"""Nothing on the page is wider than the phone."""
	width = page.evaluate("() => document.scrollingElement.scrollWidth")
	assert width <= PHONE["width"], f"{width} pixels wide"


def tap(page: Page, step: str) -> None:
	"""Tap a step's button, which is at least 44 pixels high: the panel is drawn anew after each step."""
	step_button = f".hf-steps [data-step={step}]"
	page.wait_for_function(
		"selector => document.querySelector(selector)?.offsetHeight >= 44", arg=step_button
	)
	page.locator(step_button).click()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_doctor_on_a_phone(visit: Callable[..., Visitor], language: str) -> None:
	words, alert = WORDS[language], fever_alert(language)
	make_user("Follow-up Supervisor")
	doctor = visit("Follow-up Doctor", language=language)
	doctor.page.set_viewport_size(PHONE)
	page = doctor.open("/app/follow-up-alert")
	expect(page.locator(".list-row-container").first).to_contain_text(f"▲ {alert.patient_name}")
	doctor.screenshot(f"alerts-phone-list-{language}")

	page = doctor.open(f"/app/follow-up-alert/{alert.name}")
	expect(page.locator(".hf-panel")).to_contain_text(alert.detail)
	no_sideways(page)
	doctor.screenshot(f"alerts-phone-open-{language}")
	tap(page, "acknowledge")
	expect(page.locator(".hf-panel .hf-pill").nth(1)).to_have_text(words["acknowledged"])
	assert state_of(alert.name).status == "Acknowledged"

	tap(page, "tell")
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=answer] textarea").fill(words["answer"])
	doctor.screenshot(f"alerts-phone-answer-{language}")
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".hf-panel")).to_contain_text(words["answer"])
	doctor.screenshot(f"alerts-phone-ordered-{language}")

	assert state_of(alert.name).answer_to_patient == words["answer"]
	task = frappe.db.get_value(TASK, {"alert": alert.name}, "name")
	call_api.finish_call(task, "Reached Patient", {"identity_verified": 1})
	frappe.db.commit()  # reason: the server must see it
	page = doctor.open(f"/app/follow-up-alert/{alert.name}")
	tap(page, "true")
	expect(page.locator("[data-step=true]")).to_have_attribute("aria-pressed", "true")
	tap(page, "close")
	expect(page.locator(".hf-panel .hf-pill").nth(1)).to_have_text(words["closed"])
	doctor.screenshot(f"alerts-phone-closed-{language}")
	row = state_of(alert.name)
	assert (row.status, row.judgement) == ("Closed", "True")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_caller_reads_the_doctors_answer(visit: Callable[..., Visitor], language: str) -> None:
	words, alert = WORDS[language], fever_alert(language)
	user = caller(language)

	task = alert_api.have_patient_told(alert.name, words["answer"], assigned_to=user)["task"]
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(user=user, language=language)
	page = open_sheet(visitor, task)
	expect(page.locator(".hf-answer")).to_contain_text(words["sheet"])
	expect(page.locator(".hf-answer-text")).to_have_text(words["answer"])
	visitor.screenshot(f"alerts-call-sheet-{language}")
	page = visitor.open(f"/app/follow-up-patient/{alert.patient}")
	expect(page.locator(".hf-panel").first).to_contain_text(alert.detail)
	visitor.screenshot(f"alerts-patient-form-{language}")


def test_an_open_desk_is_woken_and_one_tap_acknowledges(visit: Callable[..., Visitor]) -> None:
	doctor = make_user("Follow-up Doctor", password=PASSWORD)
	week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
	calendar = frappe.get_doc({"doctype": "Follow-up Calendar", "title": "Always open", **week}).insert()
	ward = make.department("Woken ward", calendar=calendar.name)
	make.staff(doctor, ward, role="Follow-up Doctor")
	patient = make.patient(department=ward).name
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(user=doctor)
	page = visitor.open("/app/follow-up-alert")
	page.wait_for_function("() => frappe.realtime.socket?.connected")
	alert = raise_alert(kind="Clinical", severity="Red", patient=patient, detail="fever", key="woken|1")
	frappe.db.commit()  # reason: what waits for the commit is sent
	toast = page.locator(".desk-alert")
	expect(toast).to_contain_text("Red alert, Woken ward")
	page.wait_for_function("() => getComputedStyle(document.querySelector('.desk-alert')).opacity === '1'")
	visitor.screenshot("alerts-toast")
	toast.get_by_role("button", name="Acknowledge").click()
	expect(page.get_by_text("Acknowledged. The alert is yours now.")).to_be_visible()
	assert state_of(alert).acknowledged_by == doctor


def test_the_list_shows_red_first_and_acknowledges(visit: Callable[..., Visitor]) -> None:
	patient = make.patient(patient_name="Early Amber").name
	amber = raise_alert(kind="Overdue", severity="Amber", patient=patient, detail="late", key="list|1")
	frappe.db.set_value(ALERT, amber, "respond_by", frappe.utils.add_to_date(None, hours=-2))
	red = raise_alert(
		kind="Clinical",
		severity="Red",
		patient=make.patient(patient_name="Later Red").name,
		detail="fever",
		key="list|2",
	)
	frappe.db.commit()  # reason: the server must see it
	visitor = visit("Follow-up Doctor")
	page = visitor.open("/app/follow-up-alert")
	rows = page.locator(".list-row-container")
	expect(rows).to_have_count(2)
	expect(rows.nth(0)).to_contain_text("Later Red")
	expect(rows.nth(1).locator("[title=Late]")).to_contain_text("⚠")
	visitor.screenshot("alerts-list")
	rows.nth(0).get_by_role("button", name="Acknowledge").click()
	expect(page.get_by_text("Acknowledged. The alert is yours now.")).to_be_visible()
	assert state_of(red).status == "Acknowledged"
	page = visitor.open("/app/follow-up-alert/view/kanban/Alerts")
	expect(page.locator(".kanban-card").first).to_be_visible()
	visitor.screenshot("alerts-board")
