"""A complaint is taken down where it is heard: in the record of a call, or at an alert; in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from hospital_followup.services.alerts import raise_alert
from hospital_followup.tests import factories as make
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits
ALERT = "Follow-up Alert"
WORDS = {
	"en": {
		"record": "Record a Complaint…",
		"menu": "Hand Over as a Complaint…",
		"title": "Complaint",
		"about": "It is kept as an alert",
		"send": "Hand Over",
		"said": "The room was cold & nobody came.",
		"noted": "Handed over as a complaint",
	},
	"zh": {
		"record": "登记投诉…",
		"menu": "作为投诉移交…",
		"title": "投诉",
		"about": "投诉将保留为预警",
		"send": "移交",
		"said": "病房很冷 & 按铃没有人来。",
		"noted": "已作为投诉移交",
	},
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
	return request.param


def dialog_of(page: Page, words: dict[str, str]) -> object:
	dialog = page.locator(".modal.show")
	expect(dialog.locator(".modal-title")).to_have_text(words["title"])
	expect(dialog).to_contain_text(words["about"])
	return dialog


def committed(name: str) -> frappe._dict:
	frappe.db.rollback()  # a fresh view of what the server has committed
	return frappe.db.get_value(ALERT, name, ["complaint", "kind", "detail", "log"], as_dict=True)


def test_in_the_record_of_a_call(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	patient = make.patient(patient_name="王秀英", language=language)
	log = make.log(make.task(make.plan(patient.name)), "Reached Patient", patient_feedback=words["said"])
	frappe.db.commit()  # reason: the server must see it
	caller = visit("Follow-up Specialist", language=language)
	page = caller.open(f"/app/follow-up-log/{log.name}")
	page.get_by_role("button", name=words["record"]).click()
	dialog = dialog_of(page, words)
	field = dialog.locator("[data-fieldname=words] textarea")
	expect(field).to_have_value(words["said"])
	field.fill(f"{words['said']} 3.")
	caller.screenshot(f"complaint-of-a-call-{language}")
	dialog.get_by_role("button", name=words["send"], exact=True).click()
	expect(page).to_have_url(re.compile("follow-up-alert/"))
	expect(page.locator(".hf-panel:visible").first).to_contain_text(words["said"])
	caller.screenshot(f"complaint-as-alert-{language}")
	alert = committed(frappe.db.get_value(ALERT, {"patient": patient.name}))
	assert (alert.complaint, alert.kind, alert.log) == (1, "Satisfaction", log.name)
	assert f"{words['said']} 3." in alert.detail


def test_at_an_alert(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	patient = make.patient(patient_name="王秀英", language=language)
	alert = raise_alert(
		kind="Satisfaction",
		severity="Amber",
		patient=patient.name,
		detail=words["said"],
		key="complaint-test",
	)
	frappe.db.commit()  # reason: the server must see it
	supervisor = visit("Follow-up Supervisor", language=language)
	page = supervisor.open(f"/app/follow-up-alert/{alert}")
	page.locator(".page-head:visible .menu-btn-group > button").click()
	page.get_by_text(words["menu"]).click()
	dialog = dialog_of(page, words)
	expect(dialog.locator("[data-fieldname=words] textarea")).to_have_value(words["said"])
	supervisor.screenshot(f"complaint-at-alert-{language}")
	dialog.get_by_role("button", name=words["send"], exact=True).click()
	expect(dialog).to_be_hidden()
	expect(page.locator(".new-timeline:visible")).to_contain_text(words["noted"])
	assert committed(alert).complaint == 1
	page.locator(".page-head:visible .menu-btn-group > button").click()
	expect(page.get_by_text(words["menu"])).to_be_hidden()
	supervisor.screenshot(f"complaint-handed-over-{language}")
