"""Today's follow-up in a real browser: a whole morning by keyboard, two callers, a phone."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from tests.browser.calls import (
	PAGE,
	WORDS,
	caller,
	open_sheet,
	open_worklist,
	outcomes_of,
	say,
	sheet,
	shown_task,
	tasks_for,
	wait_saved,
)
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

#: Key and outcome of the ten calls of a morning.
MORNING = (
	("r", "Reached Patient"),
	("n", "No Answer"),
	("4", "Busy"),
	("7", "Wrong Number"),
	("9", "Declined"),
	("6", "Callback Requested"),
	("2", "Reached Caregiver"),
	("5", "Voicemail"),
	("8", "Out of Service"),
	("1", "Reached Patient"),
)


def finish(page: Page) -> None:
	"""Ctrl+Enter, and wait until the sheet of another patient, or the end of the list, is there."""
	before = shown_task(page)
	page.keyboard.press("Control+Enter")
	expect(page.locator(f".hf-worklist .hf-sheet[data-task='{before}']")).to_have_count(0)
	expect(page.locator(".hf-last")).not_to_be_empty()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_morning_by_keyboard(visit: Callable[..., Visitor], language: str) -> None:
	user = caller(language)
	tasks = [task.name for task in tasks_for(user)]
	visitor = visit(user=user, language=language)
	page = open_worklist(visitor)
	expect(page.locator(".hf-row")).to_have_count(len(tasks))
	visitor.screenshot(f"worklist-{language}")
	for task, (key, outcome) in zip(tasks, MORNING, strict=True):
		expect(sheet(page)).to_have_attribute("data-task", task)
		page.keyboard.press("s")
		page.locator(".hf-record [data-act=leave]").wait_for()
		if outcome == "Reached Patient":
			page.keyboard.press("i")
			page.locator(".hf-gate-open").wait_for()
		say(page, f"{outcome} / 已联系")
		page.keyboard.press(key)
		expect(page.locator(f".hf-record [data-value='{outcome}']")).to_be_checked()
		if outcome == "Callback Requested":
			page.keyboard.press("Control+Enter")  # refused: it leads to the missing time
			again = page.locator(".hf-record input[type=datetime-local]")
			expect(again).to_be_focused()
			expect(page.locator(".hf-wrong")).not_to_be_empty()
			again.fill(str(frappe.utils.add_days(frappe.utils.now_datetime(), 1))[:16].replace(" ", "T"))
			visitor.screenshot(f"worklist-callback-{language}")
		if outcome in ("Reached Patient", "Reached Caregiver"):
			page.keyboard.press("Control+Enter")  # refused: the shipped questions were not asked
			expect(page.locator("[data-field=incomplete_reason]")).to_be_focused()
			page.keyboard.type("no time")
		finish(page)
	for task, (_key, outcome) in zip(tasks, MORNING, strict=True):
		assert outcomes_of(task) == [outcome]
		notes = frappe.get_all(
			"Follow-up Log", filters={"task": task}, fields=["notes", "docstatus"], order_by="name"
		)
		assert notes == [{"notes": f"{outcome} / 已联系", "docstatus": 1}]
	page.locator("[data-tab=done]").click()
	expect(page.locator("[data-tab=done]")).to_have_attribute("aria-selected", "true")
	frappe.db.rollback()
	closed = frappe.get_all(
		"Follow-up Task",
		filters={"name": ("in", tasks), "status": ("not in", ("Open", "In Progress"))},
		pluck="name",
		order_by="name",
	)
	assert {tasks[0], tasks[4], tasks[6], tasks[9]} <= set(closed)
	for name in tasks:
		expect(page.locator(f".hf-row[data-task='{name}']")).to_have_count(int(name in closed))
	declined = {"en": "Declined", "zh": "拒绝随访"}[language]
	expect(page.locator(f".hf-row[data-task='{tasks[4]}']")).to_contain_text(declined)
	visitor.screenshot(f"worklist-done-{language}")


def test_the_keys_go_through_the_list_and_explain_themselves(visit: Callable[..., Visitor]) -> None:
	user = caller()
	first, second, third = (task.name for task in tasks_for(user, ("王建国", "李秀英", "Anna Berg")))
	page = open_worklist(visit(user=user))
	expect(sheet(page)).to_have_attribute("data-task", first)
	for key, name in (("j", second), ("j", third), ("j", third), ("k", second)):
		page.keyboard.press(key)
		expect(sheet(page)).to_have_attribute("data-task", name)
		expect(page.locator(f".hf-row[data-task='{name}']")).to_have_attribute("aria-current", "true")
	page.keyboard.press("/")
	expect(page.locator(".hf-queue input[type=search]")).to_be_focused()
	page.keyboard.type("王建")
	expect(page.locator(".hf-row")).to_have_count(1)
	page.keyboard.press("Escape")
	expect(page.locator(".hf-queue input[type=search]")).not_to_be_focused()
	page.keyboard.press("?")
	expect(page.locator(".modal.show")).to_contain_text(WORDS["en"]["keys"])
	page.keyboard.press("n")
	assert page.locator(".hf-record [aria-checked=true]").count() == 0


def test_two_callers_never_hold_one_patient(visit: Callable[..., Visitor]) -> None:
	user, colleague = caller(), caller()
	task, other = (task.name for task in tasks_for(user, ("王建国", "李秀英")))
	first, second = visit(user=user), visit(user=colleague)
	waiting = second.open(PAGE)
	waiting.get_by_label("Whose calls").select_option("1")
	row = waiting.locator(f".hf-row[data-task='{task}']")
	expect(row).to_be_enabled()
	row.click()
	expect(sheet(waiting)).to_have_attribute("data-task", task)
	expect(waiting.locator(".hf-lock:not([disabled])")).to_have_count(1)

	page = open_sheet(first, task)
	page.keyboard.press("s")
	page.locator(".hf-record [data-act=leave]").wait_for()

	expect(row).to_be_disabled()
	expect(row).to_contain_text("is calling until")
	expect(waiting.locator(".hf-holder")).to_contain_text("is on the phone with this patient until")
	expect(waiting.locator(".hf-lock[disabled]")).to_have_count(1)
	second.screenshot("worklist-held")
	refused = waiting.evaluate(
		"""(task) => fetch("/api/method/hospital_followup.call_api.start_call", {
			method: "POST",
			headers: {"Content-Type": "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token},
			body: JSON.stringify({task}),
		}).then((answer) => answer.json()).then((answer) => answer.exc_type)""",
		task,
	)
	assert refused == "TaskClaimedError"
	frappe.db.rollback()
	assert frappe.db.get_value("Follow-up Task", task, "claimed_by") == user
	waiting.keyboard.press("j")
	expect(sheet(waiting)).to_have_attribute("data-task", other)
	waiting.keyboard.press("k")  # nobody free before it: the sheet stays
	expect(sheet(waiting)).to_have_attribute("data-task", other)

	page.locator(".hf-record [data-act=leave]").click()
	expect(row).to_be_enabled()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	user = caller(language)
	first, second = (task.name for task in tasks_for(user, ("王建国", "Maria Gonzalez-Fernandez y Lopez")))
	visitor = visit(user=user, language=language)
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = visitor.open(PAGE)
	page.locator(f".hf-row[data-task='{second}']").wait_for()
	visitor.screenshot(f"worklist-phone-{language}")
	page.locator(f".hf-row[data-task='{second}']").click()
	expect(sheet(page)).to_have_attribute("data-task", second)
	expect(page.locator(".hf-queue")).to_be_hidden()
	page.get_by_role("button", name=words["back"]).click()
	expect(page.locator(".hf-queue")).to_be_visible()
	page.locator(f".hf-row[data-task='{first}']").click()
	expect(sheet(page)).to_have_attribute("data-task", first)
	page.go_back()
	expect(page.locator(".hf-queue")).to_be_visible()
	page.go_forward()
	expect(sheet(page)).to_have_attribute("data-task", first)
	expect(page.locator("a.hf-number").first).to_have_attribute("href", "tel:+8613800138000")
	page.locator(".hf-identity [role=checkbox]").click()
	page.locator(".hf-gate-open").wait_for()
	wait_saved(page, words)
	page.locator(".hf-jump").get_by_role("button", name=words["result"]).click()
	page.locator(".hf-record").get_by_role("radio", name=words["reached"]).click()
	page.locator("[data-field=incomplete_reason]").fill("no time")
	visitor.screenshot(f"call-sheet-phone-{language}")
	assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
	small = page.evaluate(
		"""() => [...document.querySelectorAll(".hf-call-sheet button, .hf-call-sheet input")]
			.filter((element) => element.offsetParent && element.offsetHeight < 36)
			.map((element) => element.outerHTML)"""
	)
	assert small == []
	page.locator(".hf-record").get_by_role("button", name=words["finish"]).click()
	expect(sheet(page)).to_have_attribute("data-task", second)
	assert outcomes_of(first) == ["Reached Patient"]


def test_an_incoming_call_finishes_the_open_contact_or_is_only_noted(visit: Callable[..., Visitor]) -> None:
	user = caller()
	first, second = tasks_for(user, ("王建国", "李秀英"))
	visitor = visit(user=user)
	page = open_worklist(visitor)

	def look_for(name: str) -> None:
		page.get_by_role("button", name="Incoming Call").click()
		page.locator(".modal.show input[data-fieldname=text]").fill(name)
		expect(page.locator(".hf-found li")).to_have_count(1)

	look_for("李秀")
	visitor.screenshot("incoming-call")
	page.get_by_role("button", name="Open the call sheet").click()
	expect(sheet(page)).to_have_attribute("data-task", second.name)
	expect(page.locator(".hf-inbound")).to_be_visible()
	say(page, "asks about the dressing")
	page.keyboard.press("r")
	page.locator("[data-field=incomplete_reason]").fill("only asked about the dressing")
	finish(page)
	assert outcomes_of(second.name) == ["Reached Patient"]
	look_for("王建")
	page.get_by_role("button", name="Only note the call").click()
	page.locator(".modal.show textarea[data-fieldname=notes]").fill("asks for the opening hours")
	page.locator(".modal.show").get_by_role("button", name="Save", exact=True).click()
	page.get_by_text("The call is noted.").first.wait_for()
	frappe.db.rollback()
	logs = frappe.get_all(
		"Follow-up Log",
		filters={"patient": ("in", (first.patient, second.patient)), "docstatus": 1},
		fields=["patient", "task", "direction", "outcome", "notes"],
		order_by="creation",
	)
	assert logs == [
		{
			"patient": second.patient,
			"task": second.name,
			"direction": "In",
			"outcome": "Reached Patient",
			"notes": "asks about the dressing",
		},
		{
			"patient": first.patient,
			"task": None,
			"direction": "In",
			"outcome": "Reached Patient",
			"notes": "asks for the opening hours",
		},
	]
