"""Home visits: whose list, in which order, what may be read, and the two arrows."""

from __future__ import annotations

from datetime import datetime, time

import frappe
import pytest

from hospital_followup import api, contact_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.hospital_followup.report.home_visit_list.home_visit_list import execute
from hospital_followup.services import visits
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.users import make_user

ADDRESSES = ("解放路12号", "解放路5号", "人民路１号", "")
IN_ORDER = ["人民路１号", "解放路5号", "解放路12号", ""]


def visit(person: str, address: str = "解放路5号", **fields):
	patient = make.patient(home_address=address, directions="3单元")
	return make.task(make.plan(patient.name), assigned_to=person, channel="Home Visit", **fields)


@pytest.fixture
def person() -> str:
	user = make_user("Follow-up Specialist")
	make.staff(user)
	return user


def route(person: str, offset: int = 0) -> list[str]:
	return [row["task"] for row in visits.day_list(day(offset), person=person)]


def test_streets_and_numbers_in_their_order(person: str) -> None:
	for address in ADDRESSES:
		visit(person, address)
	rows = visits.day_list(day(), person=person)
	assert [row["home_address"] for row in rows] == IN_ORDER
	assert [row["place"] for row in rows] == [1, 2, 3, 4]


def test_which_day(person: str) -> None:
	overdue, today, tomorrow = visit(person, due_date=day(-2)), visit(person), visit(person, due_date=day(1))
	at_ten = datetime.combine(day(1), time(10))
	again = visit(person, due_date=day(-1), next_attempt_at=at_ten)
	visit(person, status="Completed")
	visit(person, on_hold=1)
	make.task(make.plan(), assigned_to=person)
	assert sorted(route(person)) == sorted((overdue.name, today.name))
	assert sorted(route(person, 1)) == sorted((tomorrow.name, again.name))


def test_the_arrows_change_the_order_and_it_stays(person: str) -> None:
	tasks = [visit(person, f"解放路{number}号").name for number in (1, 2, 3)]
	assert contact_api.move_visit(tasks[2], "up", str(day())) == 2
	assert route(person) == [tasks[0], tasks[2], tasks[1]]
	assert contact_api.move_visit(tasks[0], "down", str(day())) == 2
	assert route(person) == [tasks[2], tasks[0], tasks[1]]
	assert contact_api.move_visit(tasks[2], "up", str(day())) == 1
	late = visit(person, "解放路0号").name
	assert route(person) == [tasks[2], tasks[0], tasks[1], late]


def test_a_route_belongs_to_its_day_and_person(person: str) -> None:
	first, second = (visit(person, f"解放路{number}号") for number in (1, 2))
	colleague = make_user("Follow-up Specialist")
	theirs = visit(colleague, "解放路0号")
	contact_api.move_visit(second.name, "up", str(day()))
	assert frappe.db.get_value("Follow-up Task", theirs.name, "visit_order") == 0
	for task in (first, second):
		frappe.db.set_value("Follow-up Task", task.name, "due_date", day(1))
	assert route(person, 1) == [first.name, second.name]


@pytest.mark.parametrize("step", ["sideways", ""])
def test_other_steps_are_refused(person: str, step: str) -> None:
	with pytest.raises(InvalidValueError):
		contact_api.move_visit(visit(person).name, step, str(day()))


def test_what_is_not_on_the_list_is_not_moved(person: str) -> None:
	with pytest.raises(InvalidValueError, match="not on the list"):
		contact_api.move_visit(make.task(make.plan(), assigned_to=person).name, "up", str(day()))


def test_not_home_goes_on_another_day(person: str) -> None:
	task = visit(person)
	state = api.log_attempt(task.name, "Not Home", channel="Home Visit")
	assert (state["status"], state["channel"]) == ("Open", "Home Visit")
	assert state["next_attempt_at"].date() > day()
	assert "other_day" in frappe.db.get_value("Follow-up Task", task.name, "next_attempt_reasons")


def test_address_and_number_only_for_those_who_may_read_them(person: str) -> None:
	task = visit(person)
	frappe.set_user(person)
	(row,) = [row for row in visits.day_list(day()) if row["task"] == task.name]
	assert (row["home_address"], row["directions"], row["mobile"]) == ("解放路5号", "3单元", "+8613800138000")
	frappe.set_user("Administrator")
	reader = make_user()
	for doctype, name in (("Follow-up Task", task.name), ("Follow-up Patient", task.patient)):
		frappe.share.add(doctype, name, reader, read=1)
	frappe.set_user(reader)
	(row,) = visits.day_list(day())
	assert (row["home_address"], row["directions"], row["mobile"]) == (None, None, None)


def test_the_report_shows_the_list_and_writes_nothing(person: str) -> None:
	counts = []
	for _round in range(2):
		for _number in range(3):
			visit(person)
		before = frappe.db.transaction_writes
		columns, rows = execute({"day": str(day()), "person": person})
		assert frappe.db.transaction_writes == before
		counts.append(len(rows))
		assert {"place", "home_address", "directions"} <= {column["fieldname"] for column in columns}
	assert counts == [3, 6]
