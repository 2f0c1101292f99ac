"""A specialist's work in a real browser: today's list, an attempt without an answer, then the contact made."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user

TASK = "Follow-up Task"
ROLE = "Follow-up Specialist"
pytestmark = pytest.mark.commits

#: What the person reads, by language.
WORDS = {
	"en": {
		"today": "My Tasks Today",
		"log": "Log Attempt",
		"no answer": "No Answer",
		"reached": "Reached Patient",
		"record": "Save Attempt",
		"result": "Result of the call",
		"finish": "Finish",
		"again": "Recorded. Next attempt",
		"done": "Recorded. The contact is done.",
		"completed": "Completed",
	},
	"zh": {
		"today": "我的今日任务",
		"log": "记录联系",
		"no answer": "无人接听",
		"reached": "联系到患者",
		"record": "保存记录",
		"result": "通话结果",
		"finish": "完成",
		"again": "已记录。下次联系",
		"done": "已记录。本次随访完成。",
		"completed": "已完成",
	},
}


@pytest.fixture
def work() -> Callable[[str], tuple[str, list]]:
	"""A specialist with contacts of today, overdue and to come; returns the user and the tasks."""

	def prepare(language: str) -> tuple[str, list]:
		user = make_user(ROLE, language=language, password=PASSWORD)
		make.staff(user)
		names = ["王建国", "李秀英", "Anna Berg"]
		patients = [
			make.patient(
				patient_name=name,
				sex="Female",
				date_of_birth="1958-03-14",
				caregiver_name="张敏",
				caregiver_relation="女儿",
				caregiver_mobile="13900139000",
				special_care=number == 0,
				special_care_note="独居，行动不便" if number == 0 else None,
				preferred_slot="Afternoon",
			)
			for number, name in enumerate(names)
		]
		tasks = []
		for patient, offset, risk in zip(patients, (0, -2, 3), ("High", "Medium", "Low"), strict=True):
			stay = make.discharge(
				patient.name,
				discharge_date=day(offset - 5),
				diagnoses=[{"code": "K80.2", "title": "胆囊结石", "primary": 1}],
			)
			plan = make.plan(patient.name, discharge=stay.name)
			tasks.append(
				make.task(
					plan,
					discharge=stay.name,
					assigned_to=user,
					risk_tier=risk,
					due_date=day(offset),
					opens_on=day(min(offset, 0)) if offset <= 0 else day(offset),
					status="Open" if offset <= 0 else "Scheduled",
					topics="Condition, Guidance",
					reasons="moved_working_day,preference",
				)
			)
		frappe.db.commit()  # reason: the server must see them
		return user, tasks

	return prepare


def status(task) -> str:
	frappe.db.rollback()
	return frappe.db.get_value(TASK, task.name, "status")


def open_today(visitor: Visitor, words: dict[str, str]) -> Page:
	page = visitor.open("/app/follow-up-task")
	page.get_by_role("button", name=words["today"]).click()
	return page


def log(page: Page, words: dict[str, str], outcome: str) -> None:
	page.locator(".inner-group-button, .custom-actions, .standard-actions").get_by_role(
		"button", name=words["log"]
	).first.click()
	page.locator(".modal.show").get_by_role("radio", name=words[outcome]).check()
	page.locator(".modal.show").get_by_role("button", name=words["record"], exact=True).click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_answer_then_reached(visit: Callable[..., Visitor], work, language: str) -> None:
	words = WORDS[language]
	user, tasks = work(language)
	visitor = visit(user=user, language=language)
	page = open_today(visitor, words)
	rows = page.locator(".list-row-container")
	expect(rows).to_have_count(2)
	visitor.screenshot(f"tasks-today-{language}")

	page.get_by_text("王建国").first.click()
	page.locator(".hf-sheet").wait_for()
	visitor.screenshot(f"task-form-{language}")
	log(page, words, "no answer")
	page.get_by_text(words["again"]).first.wait_for()
	assert status(tasks[0]) == "Open"
	page.locator(".hf-attempts").wait_for()
	visitor.screenshot(f"task-tried-{language}")

	log(page, words, "reached")
	page.get_by_text(words["done"]).first.wait_for()
	page.locator(".hf-panel.hf-green").wait_for()
	visitor.screenshot(f"task-done-{language}")
	assert status(tasks[0]) == "Completed"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dialog_by_keyboard_alone(visit: Callable[..., Visitor], work, language: str) -> None:
	words = WORDS[language]
	user, tasks = work(language)
	visitor = visit(user=user, language=language)
	page = visitor.open(f"/app/follow-up-task/{tasks[0].name}")
	page.locator(".hf-sheet").wait_for()
	page.get_by_role("button", name=words["log"]).first.focus()
	page.keyboard.press("Enter")
	page.locator(".modal.show .hf-outcomes").wait_for()
	page.wait_for_function("() => document.activeElement?.name === 'hf-outcome'")
	page.keyboard.press("3")
	expect(page.locator(".modal.show").get_by_role("radio", name=words["no answer"])).to_be_checked()
	visitor.screenshot(f"log-dialog-{language}")
	page.keyboard.press("ArrowUp")
	page.keyboard.press("ArrowUp")
	expect(page.locator(".modal.show").get_by_role("radio", name=words["reached"])).to_be_checked()
	page.keyboard.press("Control+Enter")
	page.get_by_text(words["done"]).first.wait_for()
	assert status(tasks[0]) == "Completed"


def test_on_a_phone(visit: Callable[..., Visitor], work) -> None:
	words = WORDS["zh"]
	user, tasks = work("zh")
	visitor = visit(user=user, language="zh")
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = visitor.open(f"/app/follow-up-task/{tasks[0].name}")
	page.locator(".hf-jump").get_by_role("button", name=words["result"]).click()
	page.locator(".hf-record").get_by_role("radio", name=words["reached"]).click()
	page.locator("[data-field=incomplete_reason]").fill("没有时间")
	visitor.screenshot("call-sheet-form-phone")
	page.locator(".hf-record").get_by_role("button", name=words["finish"]).click()
	page.get_by_text(words["done"]).first.wait_for()
	assert status(tasks[0]) == "Completed"


def test_two_callers_see_each_other(visit: Callable[..., Visitor], work) -> None:
	"""Who opens a contact that somebody else has claimed sees who is on the phone, without reloading."""
	user, tasks = work("en")
	colleague = make_user(ROLE, password=PASSWORD)
	first, second = visit(user=user), visit(user=colleague)
	waiting = second.open(f"/app/follow-up-task/{tasks[0].name}")
	waiting.locator(".hf-sheet").wait_for()
	page = first.open(f"/app/follow-up-task/{tasks[0].name}")
	page.get_by_role("button", name="Start Call").click()
	page.get_by_text("You hold this patient until").wait_for()
	waiting.get_by_text("is on the phone with this patient until").wait_for()
	second.screenshot("task-held")
	waiting.get_by_role("button", name="Log Attempt").first.click()
	waiting.locator(".modal.show").get_by_role("radio", name="No Answer").check()
	waiting.locator(".modal.show").get_by_role("button", name="Save Attempt").click()
	waiting.get_by_text("Somebody is calling already").wait_for()
	assert status(tasks[0]) == "In Progress"
