"""Booking a revisit during a call, in a real browser and both languages; what staff know of it; list and calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import getdate
from playwright.sync_api import Page, expect

from hospital_followup.services.patient_intake import ensure_patient
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.browser.calls import open_sheet
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user
from tests.support import frappe_health as hospital
from tests.support import outpatients as desk

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

REVISIT, LOG, APPOINTMENT = "Follow-up Revisit", "Follow-up Log", "Patient Appointment"
WORDS = {
	"en": {
		"book": "Book a Time…",
		"title": "Book the Revisit",
		"booked": "Booked",
		"planned": "planned",
		"came": "The Patient Came…",
		"save": "Save",
		"expected": "Expected",
		"attended": "Attended",
	},
	"zh": {
		"book": "预约时间…",
		"title": "预约复诊",
		"booked": "已预约",
		"planned": "计划日",
		"came": "患者已来复诊…",
		"save": "保存",
		"expected": "待复诊",
		"attended": "已复诊",
	},
}


def caller(language: str) -> str:
	"""A specialist whom Frappe Health lets make appointments."""
	user = make_user("Follow-up Specialist", "Nursing User", language=language, password=PASSWORD)
	make.staff(user)
	return user


def call(user: str, language: str, revisit: int) -> Any:
	"""An open contact with a patient of Frappe Health who is expected so many days from today."""
	hospital.settings()
	desk.kind()
	doctor = hospital.make_practitioner(f"Clinic {frappe.generate_hash(length=5)}")
	desk.opens_mornings(doctor)
	make.standard_policy()
	source = hospital.make_patient()
	patient = ensure_patient("Patient", source.name)
	frappe.db.set_value("Follow-up Patient", patient, "language", language)
	stay = make.discharge(patient, discharge_date=day(-10), given_risk_tier="Low", revisit_date=day(revisit))
	frappe.db.set_value(
		REVISIT,
		{"discharge": stay.name},
		"preparation",
		"空腹，带上出院小结" if language == "zh" else "Bring the letter",
	)
	task = make.task(
		patient=patient, discharge=stay.name, assigned_to=user, topics="Condition, Revisit", priority=1
	)
	frappe.db.commit()  # reason: the web server must see them
	return task


def block(page: Page):
	return page.locator(".hf-worklist .hf-revisit")


def identify(page: Page) -> None:
	page.locator(".hf-worklist [data-name=identity_verified]").click()
	block(page).wait_for()


def stored(task: Any) -> Any:
	frappe.db.rollback()
	return frappe.get_doc(REVISIT, {"discharge": task.discharge})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_booked_during_the_call(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	user = caller(language)
	task = call(user, language, revisit=5)
	visitor = visit(user=user, language=language)
	page = open_sheet(visitor, task.name)
	identify(page)
	expect(block(page)).to_contain_text(words["expected"])
	block(page).scroll_into_view_if_needed()
	visitor.screenshot(f"revisit-block-{language}")
	block(page).get_by_role("button", name=words["book"]).click()
	dialog = page.locator(".hf-booking")
	expect(dialog.locator(".modal-title")).to_have_text(words["title"])
	expect(dialog.locator(".hf-times-day")).to_have_count(7)
	expect(dialog).to_contain_text(words["planned"])
	choice = dialog.locator(f"[data-start^='{day(4)}'] >> nth=1")
	choice.click()
	expect(choice).to_have_attribute("aria-pressed", "true")
	visitor.screenshot(f"revisit-booking-{language}")
	dialog.locator(".btn-modal-primary").click()
	expect(block(page)).to_contain_text(words["booked"])
	expect(block(page)).to_contain_text("09:30")
	expect(block(page).locator("[data-name=revisit_reminded]")).to_have_attribute("aria-checked", "true")
	block(page).scroll_into_view_if_needed()
	visitor.screenshot(f"revisit-booked-{language}")
	doc = stored(task)
	assert (doc.status, doc.expected_on, str(doc.appointment_at)) == ("Booked", day(4), f"{day(4)} 09:30:00")
	assert frappe.db.get_value(APPOINTMENT, doc.appointment, "owner") == user

	page.locator(".hf-worklist [role=radio][data-value='Reached Patient']").click()
	page.locator(".hf-worklist [data-act=finish]").click()
	page.locator(".hf-worklist [data-field=incomplete_reason]").fill("Only the revisit")
	page.locator(".hf-worklist [data-act=finish]").click()
	page.locator(f".hf-worklist .hf-sheet[data-task='{task.name}']").wait_for(state="detached")
	frappe.db.rollback()
	log = frappe.get_doc(LOG, {"task": task.name, "docstatus": 1})
	assert (log.revisit_booked_on, log.revisit_reminded) == (day(4), 1)
	assert stored(task).reminded_on == log.contacted_at


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_patient_says_that_they_came(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	user = caller(language)
	task = call(user, language, revisit=-2)
	visitor = visit(user=user, language=language)
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = open_sheet(visitor, task.name)
	identify(page)
	block(page).scroll_into_view_if_needed()
	visitor.screenshot(f"revisit-came-{language}")
	block(page).get_by_role("button", name=words["came"]).click()
	page.get_by_role("dialog").get_by_role("button", name=words["save"]).click()
	expect(block(page).get_by_role("button", name=words["came"])).to_have_count(0)
	assert (stored(task).status, stored(task).attended_on) == ("Attended", day(-2))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_list_form_and_calendar(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	user = caller(language)
	task = call(user, language, revisit=-1)
	call(user, language, revisit=3)
	visitor = visit(user=user, language=language)
	page = visitor.open("/app/follow-up-revisit/view/list")
	expect(page.locator(".list-row")).to_have_count(2)
	expect(page.locator(".result")).to_contain_text(words["expected"])
	visitor.screenshot(f"revisit-list-{language}")
	page = visitor.open(f"/app/follow-up-revisit/{stored(task).name}")
	expect(page.locator(".form-page [data-fieldname=expected_on]").first).to_be_visible()
	visitor.screenshot(f"revisit-form-{language}")
	page = visitor.open("/app/follow-up-revisit/view/calendar/default")
	expect(page.locator(".fc-event").first).to_be_visible()
	visitor.screenshot(f"revisit-calendar-{language}")
	assert getdate(stored(task).expected_on) == day(-1)
