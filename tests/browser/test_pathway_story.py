"""A pathway from the empty form to a patient's calendar, and what a doctor changes about it in one running plan."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from frappe.utils import formatdate
from playwright.sync_api import Locator, Page, expect

from hospital_followup.tests import factories
from tests.browser.grids import open_row
from tests.site.samples import saved
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR, DOCTOR, NURSE = (
	"Follow-up Administrator",
	"Follow-up Doctor",
	"Follow-up Specialist",
)
PATHWAY, PLAN = "Care Pathway", "Follow-up Plan"

#: What the person reads and types, by language.
WORDS = {
	"en": {
		"title": "After Gallbladder Surgery",
		"steps": ["Wound", "First month"],
		"diagnosis": "Gallstones",
		"other": "Blood Pressure",
		"fine": "Every step can be reached",
		"save": "Save",
		"sign": "Sign Off",
		"approve": "Approve",
		"in use": "In use. It cannot be changed",
		"planned": "first on",
		"menu": "Pathways",
		"add": "Add Pathway…",
		"add it": "Add to the Plan",
		"added": "is part of the plan.",
		"end": "End Pathway…",
		"end it": "End the Pathway",
		"ended": "is ended in this plan.",
		"changed": "Changed",
		"new": "New",
		"cancelled": "Cancelled",
		"undo": "Undo",
		"taken back": "Taken back.",
		"reason": "Two normal results",
		"replan": "Re-plan Running Plans…",
		"in the background": "The plans are planned again in the background.",
		"behind": "1 running plan follows another version.",
		"follows": "Running plans that follow another version",
	},
	"zh": {
		"title": "胆囊切除术后",
		"steps": ["伤口", "满月随访"],
		"diagnosis": "胆囊结石",
		"other": "血压管理",
		"fine": "每个节点都能执行",
		"save": "保存",
		"sign": "签字审核",
		"approve": "审核通过",
		"in use": "使用中。不能修改",
		"planned": "首次",
		"menu": "路径",
		"add": "添加路径…",
		"add it": "添加到计划",
		"added": "已加入计划。",
		"end": "终止路径…",
		"end it": "终止路径",
		"ended": "已在本计划中终止。",
		"changed": "更改",
		"new": "新增",
		"cancelled": "取消",
		"undo": "撤销",
		"taken back": "已撤销。",
		"reason": "两次结果正常",
		"replan": "重新安排进行中的计划…",
		"in the background": "正在后台重新安排这些计划。",
		"behind": "有 1 份进行中的计划仍按其他版本执行。",
		"follows": "按其他版本执行的进行中计划",
	},
}


def tab(page: Page, fieldname: str) -> None:
	page.locator(f".form-tabs [data-fieldname={fieldname}]:visible").click()


def fill(page: Page, fieldname: str, value: str) -> None:
	box = page.locator(f".form-page [data-fieldname={fieldname}] input:visible").first
	box.fill(value)
	box.press("Tab")


def add_row(page: Page, table: str, number: int, **values: str) -> None:
	grid = page.locator(f".form-page [data-fieldname={table}]:visible")
	row = grid.locator(f".grid-body .grid-row[data-idx='{number}']")
	if not row.count():  # a table that must be filled begins with an empty row
		grid.locator(".grid-add-row").click()
	row.locator(".btn-open-row").click()
	opened = open_row(page)
	for fieldname, value in values.items():
		field = opened.locator(f"[data-fieldname={fieldname}]")
		if fieldname.endswith("_unit"):
			field.locator("select:visible").select_option(value)
			continue
		field.locator("input:visible").fill(value)
		field.locator("input:visible").press("Tab")
	page.keyboard.press("Escape")
	expect(opened).to_have_count(0)


def press(where: Page | Locator, words: str) -> None:
	where.get_by_role("button", name=words, exact=True).click()


def choose(page: Page, words: dict, action: str) -> Locator:
	"""An action of the menu about pathways; its dialog."""
	page.locator(".inner-group-button").get_by_role("button", name=words["menu"]).click()
	page.get_by_role("link", name=words[action]).click()
	return page.locator(".modal.show")


def brought_into_use(visit: Callable[..., Visitor], language: str) -> str:
	"""An administrator builds it, a doctor signs it off, the administrator approves it."""
	words = WORDS[language]
	administrator = visit(ADMINISTRATOR, language=language)
	page = administrator.open("/app/care-pathway/new")
	fill(page, "title", words["title"])
	add_row(page, "diagnoses", 1, code="K80")
	tab(page, "steps_tab")
	wound, month = words["steps"]
	add_row(page, "steps", 1, title=wound, offset="2", window_days="2", topics="Guidance")
	add_row(page, "steps", 2, title=month, offset="1", offset_unit="Month", window_days="5", topics="Revisit")
	expect(page.locator(".hf-pathway .hf-lane")).to_have_count(2)
	expect(page.get_by_text(words["fine"])).to_be_visible()
	administrator.screenshot(f"story-built-{language}")
	press(page, words["save"])
	page.wait_for_function("() => !cur_frm.is_new() && !cur_frm.is_dirty()")
	name = page.evaluate("() => cur_frm.doc.name")

	doctor = visit(DOCTOR, language=language).open(f"/app/care-pathway/{name}")
	press(doctor, words["sign"])
	dialog = doctor.locator(".modal.show")
	press(dialog, words["sign"])
	expect(dialog).to_have_count(0)

	page = administrator.open(f"/app/care-pathway/{name}")
	press(page, words["approve"])
	press(page.locator(".modal.show"), words["approve"])
	expect(page.get_by_text(words["in use"])).to_be_visible()
	return name


def discharged(visit: Callable[..., Visitor], language: str) -> str:
	"""A nurse enters a stay that the pathway fits; the plan that comes of it."""
	words = WORDS[language]
	patient = factories.patient(patient_name="王秀英", department=factories.department())
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(NURSE, language=language)
	page = visitor.open(f"/app/patient-discharge/new?patient={patient.name}")
	fill(page, "discharge_date", formatdate(factories.days_from_now(0)))
	tab(page, "diagnoses_tab")
	add_row(page, "diagnoses", 1, code="K80.2", title=words["diagnosis"])
	press(page, words["save"])
	tab(page, "discharge_tab")
	expect(page.locator(".hf-panel:visible").get_by_text(words["planned"])).to_be_visible()
	visitor.screenshot(f"story-discharged-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	return frappe.db.get_value("Patient Discharge", {"patient": patient.name}, "plan")


def live(plan: str) -> list[tuple[object, str]]:
	frappe.db.rollback()
	return [
		(task.due_date, frappe.db.get_value("Follow-up Task", task.name, "topics"))
		for task in factories.tasks_of(plan, status=("!=", "Cancelled"))
	]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_an_empty_form_to_a_changed_plan(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	factories.standard_policy()
	other = saved(
		PATHWAY,
		title=words["other"],
		status="Approved",
		sign_off="Administrator",
		diagnoses=[{"code": "I10"}],
		steps=[
			{"title": "1", "offset": 2, "window_days": 2, "topics": "Care"},
			{"title": "2", "offset": 3, "offset_unit": "Week", "window_days": 3, "topics": "Condition"},
		],
	)
	frappe.db.commit()  # reason: the server must see it
	name = brought_into_use(visit, language)
	plan = discharged(visit, language)
	[row] = frappe.get_doc(PLAN, plan).pathways
	assert row.pathway == name
	before = live(plan)
	assert len(before) == 2, "the tier's call and the wound are one contact"

	visitor = visit(DOCTOR, language=language)
	page = visitor.open(f"/app/follow-up-plan/{plan}")
	expect(
		page.locator("[data-fieldname=contacts] .hf-contacts, [data-fieldname=contacts] table")
	).to_be_visible()
	expect(page.locator(".hf-panel:visible")).to_contain_text(name)
	visitor.screenshot(f"story-calendar-{language}")

	dialog = choose(page, words, "add")
	dialog.locator("[data-fieldname=pathway] select").select_option(other.name)
	expect(dialog.locator(".hf-changes")).to_contain_text(words["new"])
	expect(dialog.locator(".hf-changes")).to_contain_text(words["changed"])
	visitor.screenshot(f"story-add-{language}")
	assert live(plan) == before, "nothing is done before it is confirmed"
	press(dialog, words["add it"])
	expect(page.get_by_text(words["added"])).to_be_visible()
	expect(dialog).to_have_count(0)
	assert len(live(plan)) == 3

	page = visitor.open(f"/app/follow-up-plan/{plan}")
	dialog = choose(page, words, "end")
	dialog.locator("[data-fieldname=pathway] select").select_option(words["other"])
	expect(dialog.locator(".hf-changes")).to_contain_text(words["cancelled"])
	dialog.locator("[data-fieldname=reason] textarea").fill(words["reason"])
	visitor.screenshot(f"story-end-{language}")
	press(dialog, words["end it"])
	expect(page.get_by_text(words["ended"])).to_be_visible()
	assert live(plan) == before
	page.locator("[data-action=undo]").click()
	expect(page.get_by_text(words["taken back"], exact=True)).to_be_visible()
	assert len(live(plan)) == 3

	page = visitor.open(f"/app/follow-up-plan/{plan}")
	dialog = choose(page, words, "end")
	dialog.locator("[data-fieldname=pathway] select").select_option(words["other"])
	dialog.locator("[data-fieldname=reason] textarea").fill(words["reason"])
	expect(dialog.locator(".hf-changes")).to_be_visible()
	press(dialog, words["end it"])
	expect(page.get_by_text(words["ended"])).to_be_visible()
	tab(page, "origin_tab")
	expect(page.locator("[data-fieldname=pathways] .grid-row[data-idx='2']")).to_contain_text(other.name)
	visitor.screenshot(f"story-pathways-{language}")
	assert live(plan) == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_running_plans_are_taken_over(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	factories.standard_policy()
	given = {"status": "Approved", "sign_off": "Administrator", "diagnoses": [{"code": "K80"}]}
	first = saved(
		PATHWAY, title=words["title"], steps=[{"title": "1", "offset": 20, "window_days": 3}], **given
	)
	plan = factories.discharge(diagnoses=[{"code": "K80.2", "title": words["diagnosis"]}]).plan
	second = frappe.copy_doc(first, ignore_no_copy=False)
	second.steps[0].offset = 30
	second.update({"version": 0, "status": "Approved", "sign_off": "Administrator"})
	second.insert()
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/care-pathway/{second.name}")
	expect(page.get_by_text(words["behind"])).to_be_visible()
	press(page, words["replan"])
	dialog = page.locator(".modal.show")
	expect(dialog.locator(".hf-replan")).to_contain_text(words["follows"])
	visitor.screenshot(f"story-replan-{language}")
	dialog.locator(".btn-primary:visible").click()
	expect(dialog).to_have_count(0)
	page.wait_for_function("() => cur_frm.doc.replan_asked_on")
	expect(page.locator(".hf-behind:visible")).to_contain_text(words["in the background"])
	expect(page.locator("button:visible", has_text=words["replan"])).to_have_count(0)
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(PATHWAY, second.name, "replan_asked_on")
	assert frappe.get_doc(PLAN, plan).pathways[0].version == 1, "the worker does it"
