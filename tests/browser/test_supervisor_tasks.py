"""A supervisor's hand on the work: who has what, the board that refuses what is not allowed, the calendar."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user

TASK = "Follow-up Task"
pytestmark = pytest.mark.commits


@pytest.fixture
def team() -> tuple[str, str, list]:
	"""A supervisor, a caller and the caller's contacts."""
	week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
	calendar = frappe.get_doc({"doctype": "Follow-up Calendar", "title": "Always", **week}).insert()
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", calendar.name)
	boss = make_user("Follow-up Supervisor", password=PASSWORD)
	caller = make_user("Follow-up Specialist", password=PASSWORD)
	other = make_user("Follow-up Specialist", password=PASSWORD)
	for user in (caller, other):
		make.staff(user)
	tasks = [
		make.task(make.plan(make.patient(patient_name=name).name), assigned_to=caller, risk_tier=risk)
		for name, risk in (("王建国", "High"), ("李秀英", "Medium"), ("赵敏", "Low"))
	]
	make.task(make.plan(make.patient(patient_name="陈晨").name), due_date=day(-1), opens_on=day(-1))
	frappe.db.commit()  # reason: the server must see them
	return boss, other, tasks


def owner(task) -> str:
	frappe.db.rollback()
	return frappe.db.get_value(TASK, task.name, "assigned_to")


def test_reassigning_from_the_list(visit: Callable[..., Visitor], team) -> None:
	boss, other, tasks = team
	visitor = visit(user=boss)
	page = visitor.open("/app/follow-up-task")
	page.get_by_role("button", name="Without Owner").click()
	expect(page.locator(".list-row-container")).to_have_count(1)
	page.get_by_role("button", name="Overdue").click()
	expect(page.locator(".list-row-container")).to_have_count(1)
	page.get_by_role("button", name="My Tasks Today").click()
	expect(page.locator(".list-row-container")).to_have_count(0)
	page = visitor.open(f"/app/follow-up-task?assigned_to={owner(tasks[0])}")
	expect(page.locator(".list-row-container")).to_have_count(3)
	visitor.screenshot("tasks-supervisor")
	page.locator(".list-header-subject .list-check-all").check()
	page.get_by_role("button", name="Actions").click()
	page.get_by_role("link", name="Reassign…").click()
	page.locator(".modal.show input[data-fieldname=staff]").fill(other)
	page.locator(".modal.show .awesomplete [role=option]").first.click()
	visitor.screenshot("reassign-dialog")
	page.locator(".modal.show").get_by_role("button", name="Reassign", exact=True).click()
	page.get_by_text("3 contacts were reassigned.").wait_for()
	assert {owner(task) for task in tasks} == {other}


def test_the_board_refuses_what_is_not_allowed(visit: Callable[..., Visitor], team) -> None:
	boss, _other, tasks = team
	visitor = visit(user=boss)
	board = frappe.db.get_value("Kanban Board", {"reference_doctype": TASK})
	page = visitor.open(f"/app/follow-up-task/view/kanban/{board}")
	card = page.locator(f".kanban-card-wrapper[data-name='{tasks[0].name}']")
	card.wait_for()
	visitor.screenshot("task-board")
	target = page.locator(".kanban-column[data-column-value='Completed'] .kanban-cards")
	card.hover()
	page.mouse.down()
	box = target.bounding_box()
	page.mouse.move(box["x"] + 80, box["y"] + 20, steps=12)
	page.mouse.up()
	message = page.locator(".modal.show .msgprint")
	expect(message).to_contain_text("A contact is completed by recording it")
	visitor.screenshot("task-board-refusal")
	frappe.db.rollback()
	assert frappe.db.get_value(TASK, tasks[0].name, "status") == "Open"


def test_the_calendar_asks_for_the_reason(visit: Callable[..., Visitor], team) -> None:
	boss, _other, tasks = team
	visitor = visit(user=boss)
	page = visitor.open("/app/follow-up-task/view/calendar/default")
	page.get_by_text("王建国").first.wait_for()
	visitor.screenshot("task-calendar")
	page.evaluate(
		"""([name, day]) => {
			const calendar = cur_list.calendar;
			const event = calendar.$cal.fullCalendar("clientEvents", (event) => event.name === name)[0];
			event.start = moment(day);
			calendar.update_event(event, () => {});
		}""",
		[tasks[0].name, str(day(3))],
	)
	page.locator(".modal.show textarea[data-fieldname=reason]").fill("the patient travels")
	visitor.screenshot("reschedule-dialog")
	page.locator(".modal.show").get_by_role("button", name="Reschedule").click()
	page.get_by_text("The contact is due on").wait_for()
	frappe.db.rollback()
	assert frappe.db.get_value(TASK, tasks[0].name, ["due_date", "status"]) == (day(3), "Scheduled")


def test_moving_an_ill_callers_contacts(visit: Callable[..., Visitor], team) -> None:
	boss, other, tasks = team
	visitor = visit(user=boss)
	page = visitor.open(f"/app/follow-up-staff/{owner(tasks[0])}")
	page.get_by_role("button", name="Move Today's Contacts…").click()
	visitor.screenshot("move-contacts")
	page.locator(".modal.show").get_by_role("button", name="Yes").click()
	page.get_by_text("Contacts moved").wait_for()
	visitor.screenshot("contacts-moved")
	assert {owner(task) for task in tasks} == {other}
