"""The call sheet in a real browser: nothing is lost, nothing is said too early, red is seen at once."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from tests.browser.calls import (
	WORDS,
	caller,
	draft_of,
	open_sheet,
	outcomes_of,
	questions,
	say,
	tasks_for,
	wait_saved,
)
from tests.site.call_samples import advice
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

SAVING = ".hf-worklist .hf-saving"


def question(page: Page, code: str):
	return page.locator(f".hf-worklist .hf-q[data-code={code}]")


def identify(page: Page) -> None:
	page.keyboard.press("i")
	page.locator(".hf-gate-open").wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_red_answer_is_seen_and_told(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	user = caller(language)
	questions(language)
	(task,) = (task.name for task in tasks_for(user, ("王建国",), language))
	visitor = visit(user=user, language=language)
	page = open_sheet(visitor, task)
	visitor.screenshot(f"call-sheet-{language}")
	expect(page.locator(".hf-gate-closed")).to_have_text(words["closed"])
	expect(question(page, "fever")).to_be_hidden()
	identify(page)
	expect(question(page, "height")).to_be_hidden()
	question(page, "fever").get_by_role("radio", name=words["yes"]).click()
	expect(question(page, "fever").locator(".hf-q-flag")).to_contain_text(words["red"])
	expect(question(page, "fever").locator(".hf-q-flag")).to_contain_text(words["told"])
	expect(page.locator(".hf-alerts .hf-flagged[data-flag=Red]")).to_contain_text(words["red"])
	alerts = frappe.get_all("Follow-up Alert", filters={"task": task}, pluck="severity", order_by="name")
	frappe.db.rollback()
	alerts = frappe.get_all("Follow-up Alert", filters={"task": task}, pluck="severity", order_by="name")
	assert alerts == ["Red"]

	height = question(page, "height").locator("input")
	height.fill("98")
	expect(question(page, "height").locator(".hf-q-error")).not_to_be_empty()
	expect(height).to_have_attribute("aria-invalid", "true")
	question(page, "pain").get_by_role("radio", name="6", exact=True).click()
	expect(question(page, "pain").locator(".hf-q-flag")).to_contain_text(words["amber"])
	expect(height).to_have_attribute("aria-invalid", "true")  # another answer does not make this one right
	visitor.screenshot(f"call-sheet-red-{language}")
	page.keyboard.press("r")
	page.keyboard.press("Control+Enter")
	expect(height).to_be_focused()
	height.fill("38.6")
	expect(height).not_to_have_attribute("aria-invalid", "true")
	wait_saved(page, words)
	page.keyboard.press("Control+Enter")
	page.locator(f".hf-worklist .hf-sheet[data-task='{task}']").wait_for(state="detached")
	assert outcomes_of(task) == ["Reached Patient"]
	given = frappe.get_all(
		"Follow-up Answer",
		filters={"parenttype": "Follow-up Log"},
		fields=["question", "value", "flag"],
		order_by="idx",
	)
	assert {row.question: row.value for row in given} == {"fever": "Yes", "height": "38.6", "pain": "6"}


def test_reload_in_mid_call_loses_nothing(visit: Callable[..., Visitor]) -> None:
	words = WORDS["en"]
	user = caller()
	questions("en")
	(task,) = (task.name for task in tasks_for(user, ("王建国",), "en"))
	visitor = visit(user=user)
	page = open_sheet(visitor, task)
	identify(page)
	question(page, "fever").get_by_role("radio", name="No").click()
	question(page, "pain").get_by_role("radio", name="3", exact=True).click()
	question(page, "wound").get_by_role("radio", name="Dry").click()
	say(page, "Sleeps badly.\nWife helps.")
	wait_saved(page, words)
	page.locator(".hf-more summary").click()
	page.locator("[data-field=next_step]").fill("call the wife")
	page.reload()  # at once: the page sends what it has while it goes
	expect(page.locator(".hf-worklist .hf-sheet")).to_have_attribute("data-task", task)
	expect(page.locator(".hf-identity [role=checkbox]")).to_be_checked()
	expect(question(page, "fever").get_by_role("radio", name="No")).to_be_checked()
	expect(question(page, "pain").get_by_role("radio", name="3", exact=True)).to_be_checked()
	expect(question(page, "wound").get_by_role("radio", name="Dry")).to_be_checked()
	expect(page.locator("[data-field=notes]")).to_have_value("Sleeps badly.\nWife helps.")
	expect(page.locator(".hf-holder")).to_contain_text("You hold this patient until")
	visitor.screenshot("call-sheet-restored")
	stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
	assert "王建国" not in stored and "Sleeps badly" not in stored
	page.keyboard.press("r")
	page.keyboard.press("Control+Enter")
	page.locator(f".hf-worklist .hf-sheet[data-task='{task}']").wait_for(state="detached")
	assert outcomes_of(task) == ["Reached Patient"]


def test_the_network_goes_away_and_comes_back(visit: Callable[..., Visitor]) -> None:
	words = WORDS["en"]
	user = caller()
	task, other = (task.name for task in tasks_for(user, ("王建国", "李秀英")))
	visitor = visit(user=user)
	page = open_sheet(visitor, task)
	leaving = """() => {
		const event = new Event("beforeunload", { cancelable: true });
		window.dispatchEvent(event);
		return event.defaultPrevented;
	}"""
	say(page, "first")
	wait_saved(page, words)
	assert not page.evaluate(leaving)
	visitor.context.set_offline(True)
	say(page, " second")
	expect(page.locator(SAVING)).to_contain_text(words["unsaved"])
	assert page.evaluate(leaving)
	visitor.screenshot("call-sheet-offline")
	page.keyboard.press("n")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".hf-wrong")).to_contain_text("Nothing that you entered is lost")
	assert draft_of(task).notes == "first"
	assert outcomes_of(task) == []
	visitor.context.set_offline(False)
	wait_saved(page, words)
	assert draft_of(task).notes == "first second"
	assert not page.evaluate(leaving)
	page.keyboard.press("Control+Enter")
	expect(page.locator(".hf-worklist .hf-sheet")).to_have_attribute("data-task", other)
	assert outcomes_of(task) == ["No Answer"]


def test_an_answer_that_got_lost_on_the_way_counts_once(visit: Callable[..., Visitor]) -> None:
	"""The server has recorded the attempt, but its answer never came: finishing again records nothing twice."""
	user = caller()
	task, other = (task.name for task in tasks_for(user, ("王建国", "李秀英")))
	page = open_sheet(visit(user=user), task)

	def lose(route) -> None:
		route.fetch()
		route.abort()

	page.route("**/hospital_followup.call_api.finish_call", lose, times=1)
	page.keyboard.press("n")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".hf-wrong")).to_contain_text("Nothing that you entered is lost")
	assert outcomes_of(task) == ["No Answer"]
	page.keyboard.press("Control+Enter")
	expect(page.locator(".hf-worklist .hf-sheet")).to_have_attribute("data-task", other)
	assert outcomes_of(task) == ["No Answer"]


def test_what_is_not_saved_yet_outlives_the_sheet(visit: Callable[..., Visitor]) -> None:
	"""Going on to the next patient without a connection keeps what was written for the first."""
	words = WORDS["en"]
	user = caller()
	task, other = (task.name for task in tasks_for(user, ("王建国", "李秀英")))
	visitor = visit(user=user)
	page = open_sheet(visitor, task)
	save = "**/hospital_followup.call_api.save_call"
	page.route(save, lambda route: route.abort())
	say(page, "written in the lift")
	expect(page.locator(SAVING)).to_contain_text(words["unsaved"])
	page.keyboard.press("j")
	expect(page.locator(".hf-worklist .hf-sheet")).to_have_attribute("data-task", other)
	expect(page.locator(".hf-unsaved")).to_contain_text("王建国")
	page.keyboard.press("k")
	expect(page.locator(".hf-worklist .hf-sheet")).to_have_attribute("data-task", task)
	expect(page.locator("[data-field=notes]")).to_have_value("written in the lift")
	page.unroute(save)
	wait_saved(page, words)
	assert draft_of(task).notes == "written in the lift"


def test_an_input_method_owns_its_keys(visit: Callable[..., Visitor]) -> None:
	user = caller("zh")
	(task,) = (task.name for task in tasks_for(user, ("王建国",)))
	visitor = visit(user=user, language="zh")
	page = open_sheet(visitor, task)
	pressed = """(how) => document.body.dispatchEvent(
		new KeyboardEvent("keydown", { code: "KeyN", key: "n", bubbles: true, cancelable: true, ...how })
	)"""
	chosen = page.locator(".hf-record [role=radio][aria-checked=true]")
	for how in ({"isComposing": True}, {"keyCode": 229}, {"ctrlKey": True}, {"altKey": True}):
		page.evaluate(pressed, how)
		expect(chosen).to_have_count(0)
	page.keyboard.press("w")
	expect(page.locator("[data-field=notes]")).to_be_focused()
	devtools = visitor.context.new_cdp_session(page)
	devtools.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
	page.keyboard.press("n")
	page.keyboard.press("1")
	devtools.send("Input.insertText", {"text": "您好"})
	expect(chosen).to_have_count(0)
	page.keyboard.press("Escape")
	expect(page.locator("[data-field=notes]")).not_to_be_focused()
	page.evaluate(pressed, {})
	expect(chosen).to_have_attribute("data-value", "No Answer")


def test_moved_to_another_hospital_ends_it_with_one_tick(visit: Callable[..., Visitor]) -> None:
	words = WORDS["en"]
	user = caller()
	questions("en")
	(contact,) = tasks_for(user, ("Anna Berg",), "en")
	page = open_sheet(visit(user=user), contact.name)
	moved = page.get_by_role("checkbox", name="Moved to Another Hospital")
	identify(page)
	page.keyboard.press("n")
	expect(moved).to_be_hidden()
	page.keyboard.press("2")
	moved.click()
	expect(page.locator(".hf-effect")).to_contain_text("Every plan of the patient stops")
	expect(page.locator("[data-part=why]")).to_be_hidden()  # no question is asked any more
	page.keyboard.press("n")
	page.keyboard.press("2")
	expect(moved).not_to_be_checked()  # nobody was there to say it
	moved.click()
	wait_saved(page, words)
	page.keyboard.press("Control+Enter")
	page.locator(f".hf-worklist .hf-sheet[data-task='{contact.name}']").wait_for(state="detached")
	frappe.db.rollback()
	assert frappe.db.get_value("Follow-up Plan", contact.plan, "stop_reason") == "moved_away"


def test_advice_for_everybody_is_out_of_the_way(visit: Callable[..., Visitor]) -> None:
	user = caller()
	advice(title="After a gallbladder operation", conditions=[{"code": "K80"}])
	advice(title="Drink enough", conditions=[])
	(task,) = (task.name for task in tasks_for(user, ("Anna Berg",), "en"))
	page = open_sheet(visit(user=user), task)
	identify(page)
	own = page.get_by_role("checkbox", name="After a gallbladder operation")
	general = page.get_by_role("checkbox", name="Drink enough")
	expect(own).to_be_visible()
	expect(general).to_be_hidden()
	page.get_by_text("More advice, for every patient").click()
	general.click()
	wait_saved(page, WORDS["en"])
	page.reload()
	expect(general).to_be_checked()
	expect(general).to_be_visible()
