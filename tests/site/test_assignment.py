"""Who gets a contact: role, department, presence, load and the patient's earlier caller decide."""

from __future__ import annotations

from collections import Counter

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup import api
from hospital_followup.exceptions import AssignmentError
from hospital_followup.services import assignment, claims
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.fixtures import make_user

TASK = "Follow-up Task"
WORKING = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)


@pytest.fixture(autouse=True)
def _every_day_is_a_working_day() -> None:
	"""So that the tests say the same on Sunday; the tests of closed days close theirs."""
	calendar = frappe.get_doc({"doctype": "Follow-up Calendar", "title": "Always", **WORKING}).insert()
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", calendar.name)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")


@pytest.fixture
def surgery() -> str:
	return make.department("Assignment Surgery")


def caller(*departments: str, role: str = "Follow-up Specialist", **fields) -> str:
	"""Somebody of the staff. The user never logs in here, so a row is enough: a real one takes half a second."""
	user = f"{frappe.generate_hash(length=8)}@renhe.test"
	frappe.get_doc(
		{"doctype": "User", "name": user, "email": user, "full_name": user, "enabled": 1}
	).db_insert()
	make.staff(user, *departments, role=role, **fields)
	return user


def contact(department: str | None, **fields):
	return make.task(make.plan(), department=department, **fields)


def owner(task) -> str | None:
	return frappe.db.get_value(TASK, task.name, "assigned_to")


def assign(*tasks) -> None:
	assignment.assign([task.name for task in tasks], day())


def test_by_role_and_department(surgery: str) -> None:
	medicine = make.department("Assignment Medicine")
	specialist, doctor, other = (
		caller(surgery),
		caller(surgery, role="Follow-up Doctor"),
		caller(medicine),
	)
	tasks = [
		contact(surgery),
		contact(surgery, role="Follow-up Doctor"),
		contact(medicine),
		contact(medicine, role="Follow-up Doctor"),
	]
	assign(*tasks)
	assert [owner(task) for task in tasks] == [specialist, doctor, other, None]


def test_the_central_team_serves_every_department(surgery: str) -> None:
	user = caller()
	task = contact(surgery)
	assign(task)
	assert owner(task) == user


def test_shares_by_load_and_capacity(surgery: str) -> None:
	full, half = caller(surgery, capacity_per_day=20), caller(surgery, capacity_per_day=10)
	for _number in range(4):
		contact(surgery, assigned_to=full)
	tasks = [contact(surgery) for _number in range(8)]
	assign(*tasks)
	assert Counter(owner(task) for task in tasks) == {full: 4, half: 4}


def test_what_was_completed_today_counts(surgery: str) -> None:
	busy, idle = caller(surgery), caller(surgery)
	for _number in range(3):
		make.log(contact(surgery), "Reached Patient", staff=busy)
	tasks = [contact(surgery) for _number in range(3)]
	assign(*tasks)
	assert {owner(task) for task in tasks} == {idle}


def test_the_same_caller_as_before(surgery: str) -> None:
	users = [caller(surgery) for _number in range(3)]
	known = max(users)  # a tie by name would choose another one
	task = contact(surgery)
	make.log(make.task(patient=task.patient), "Reached Patient", staff=known)
	assign(task)
	assert owner(task) == known


def test_the_same_caller_only_with_room_left(surgery: str) -> None:
	known, other = caller(surgery, capacity_per_day=1), caller(surgery)
	task = contact(surgery)
	make.log(
		make.task(patient=task.patient, due_date=day(-30), opens_on=day(-30)),
		"Reached Patient",
		staff=known,
		contacted_at=add_to_date(now_datetime(), days=-30),
	)
	contact(surgery, assigned_to=known)
	assign(task)
	assert owner(task) == other


#: Fields of Follow-up Staff as of today, and days from today for those that are dates.
UNAVAILABLE = {
	"absent for days": {"absences": (-1, 1)},
	"absent today": {"absences": (0, 0)},
	"takes no contacts": {"enabled": 0},
	"not here yet": {"joined_on": 1},
	"not alone yet": {"solo_from": 1},
}


@pytest.mark.parametrize("case", UNAVAILABLE)
def test_who_is_not_available(surgery: str, case: str) -> None:
	fields = dict(UNAVAILABLE[case])
	for name, offset in fields.items():
		if name == "absences":
			fields[name] = [{"from_date": day(offset[0]), "to_date": day(offset[1])}]
		elif name != "enabled":
			fields[name] = day(offset)
	caller(surgery, **fields)
	task = contact(surgery)
	assign(task)
	assert owner(task) is None


def test_an_absence_that_is_over_or_to_come(surgery: str) -> None:
	absences = [{"from_date": day(-9), "to_date": day(-1)}, {"from_date": day(1), "to_date": day(9)}]
	user = caller(surgery, absences=absences)
	task = contact(surgery)
	assign(task)
	assert owner(task) == user


def test_a_user_without_access_is_passed_over(surgery: str) -> None:
	user = caller(surgery)
	frappe.db.set_value("User", user, "enabled", 0)
	task = contact(surgery)
	assign(task)
	assert owner(task) is None


def test_contacts_of_somebody_absent_go_to_somebody_else(surgery: str) -> None:
	ill, well = caller(surgery), caller(surgery)
	task = contact(surgery, assigned_to=ill)
	staff = frappe.get_doc("Follow-up Staff", ill)
	staff.append("absences", {"from_date": day(), "to_date": day(3)})
	staff.save()
	assign(task)
	assert owner(task) == well


def test_without_a_substitute_the_absent_owner_stays(surgery: str) -> None:
	ill = caller(surgery, absences=[{"from_date": day(), "to_date": day(3)}])
	task = contact(surgery, assigned_to=ill)
	assign(task)
	assert owner(task) == ill


def test_everybody_full_still_finds_an_owner_and_tells_the_supervisor(surgery: str) -> None:
	boss = make_user("Follow-up Supervisor")
	frappe.db.set_value("Follow-up Department", surgery, "supervisor", boss)
	user = caller(surgery, capacity_per_day=1)
	tasks = [contact(surgery) for _number in range(3)]
	assign(*tasks)
	assert {owner(task) for task in tasks} == {user}
	notices = frappe.get_all(
		"Notification Log", filters={"for_user": boss}, pluck="subject", order_by="creation"
	)
	assert len(notices) == 1
	assert "more contacts today" in notices[0]


def test_nobody_available_tells_the_supervisor_once_a_day(surgery: str) -> None:
	boss = make_user("Follow-up Supervisor")
	frappe.db.set_value("Follow-up Department", surgery, "supervisor", boss)
	for _tick in range(3):
		assign(contact(surgery), contact(surgery))
	notices = frappe.get_all(
		"Notification Log", filters={"for_user": boss}, pluck="subject", order_by="creation"
	)
	assert notices == [f"{surgery}: 2 follow-up contacts have no owner, because nobody is available."]
	assignment.assign(None, day(1))
	assert frappe.db.count("Notification Log", {"for_user": boss}) == 2


@pytest.mark.parametrize(
	"status", ["Scheduled", "In Progress", "Completed", "Missed", "Skipped", "Cancelled"]
)
def test_only_open_contacts_are_given_out(surgery: str, status: str) -> None:
	caller(surgery)
	task = contact(surgery, status=status)
	assign(task)
	assert owner(task) is None


def test_twice_changes_nothing_and_modified_stays(surgery: str) -> None:
	caller(surgery)
	caller(surgery)
	task = contact(surgery)
	modified = frappe.db.get_value(TASK, task.name, "modified")
	assign(task)
	first = owner(task)
	assert assignment.assign(None, day()) == 0
	assert (owner(task), frappe.db.get_value(TASK, task.name, "modified")) == (first, modified)


def test_queries_do_not_grow_with_the_contacts(surgery: str) -> None:
	for _number in range(4):
		caller(surgery)

	def queries(count: int) -> int:
		tasks = [contact(surgery) for _number in range(count)]
		seen: list[str] = []
		run = frappe.db.sql

		def counting(query, *args, **kwargs):
			seen.append(str(query))
			return run(query, *args, **kwargs)

		frappe.db.sql = counting
		try:
			assign(*tasks)
		finally:
			del frappe.db.sql
		return len(seen)

	queries(1)  # Frappe reads its own doctypes once
	assert queries(24) <= queries(4)


class TestClosedDay:
	@pytest.fixture(autouse=True)
	def _closed(self) -> None:
		calendar = frappe.get_doc("Follow-up Calendar", "Always")
		calendar.append("exceptions", {"date": day(), "working": 0})
		calendar.save()

	def roster(self, user: str, **fields) -> None:
		frappe.get_doc(
			{"doctype": "Duty Roster", "date": day(), "user": user, "role": "Follow-up Specialist", **fields}
		).insert()

	def test_whoever_is_on_duty(self, surgery: str) -> None:
		caller(surgery)
		on_duty = caller(surgery)
		self.roster(on_duty, department=surgery)
		tasks = [contact(surgery) for _number in range(3)]
		assign(*tasks)
		assert {owner(task) for task in tasks} == {on_duty}

	def test_on_duty_for_every_department(self, surgery: str) -> None:
		on_duty = caller()
		self.roster(on_duty)
		task = contact(surgery)
		assign(task)
		assert owner(task) == on_duty

	@pytest.mark.parametrize("other", ["role", "department", "date"])
	def test_other_duties_do_not_count(self, surgery: str, other: str) -> None:
		values = {
			"role": "Follow-up Doctor",
			"department": make.department("Assignment Other"),
			"date": day(1),
		}
		self.roster(caller(surgery), **{"department": surgery, other: values[other]})
		task = contact(surgery)
		assign(task)
		assert owner(task) is None

	def test_absent_although_on_duty(self, surgery: str) -> None:
		user = caller(surgery, absences=[{"from_date": day(), "to_date": day()}])
		self.roster(user, department=surgery)
		task = contact(surgery)
		assign(task)
		assert owner(task) is None


@pytest.mark.commits
@pytest.mark.site("erpnext")
def test_leave_of_hrms_counts_where_it_is_installed() -> None:
	"""HRMS is not on this bench: its doctype stands here with the fields that are read."""
	fields = [
		{"fieldname": "employee", "fieldtype": "Link", "options": "Employee", "label": "Employee"},
		{"fieldname": "from_date", "fieldtype": "Date", "label": "From Date"},
		{"fieldname": "to_date", "fieldtype": "Date", "label": "To Date"},
		{"fieldname": "status", "fieldtype": "Data", "label": "Status"},
	]
	frappe.get_doc(
		{
			"doctype": "DocType",
			"name": "Leave Application",
			"module": "HR" if frappe.db.exists("Module Def", "HR") else "Core",
			"custom": 1,
			"is_submittable": 1,
			"fields": fields,
			"permissions": [
				{"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1}
			],
		}
	).insert()
	department = make.department("Assignment Leave")
	calendar = frappe.db.get_single_value("Follow-up Settings", "default_calendar")
	assert calendar == "Always"
	user = caller(department)
	employee = frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": "Wang",
			"gender": "Female",
			"date_of_birth": "1990-01-01",
			"date_of_joining": "2020-01-01",
			"status": "Active",
			"user_id": user,
		}
	)
	employee.flags.ignore_mandatory = True
	employee.insert()
	leave = {"doctype": "Leave Application", "employee": employee.name, "from_date": day(), "to_date": day(1)}
	task = contact(department)

	draft = frappe.get_doc({**leave, "status": "Open"}).insert()
	assign(task)
	assert owner(task) == user

	frappe.db.set_value(TASK, task.name, "assigned_to", None)
	draft.status = "Approved"
	draft.submit()
	assign(task)
	assert owner(task) is None

	draft.cancel()
	assign(task)
	assert owner(task) == user


class TestMovingAnIllCallersTasks:
	def test_todays_go_to_others_by_load(self, surgery: str) -> None:
		ill, first, second = (caller(surgery) for _number in range(3))
		today = [contact(surgery, assigned_to=ill) for _number in range(4)]
		overdue = contact(surgery, assigned_to=ill, due_date=day(-2), opens_on=day(-2))
		later = contact(surgery, assigned_to=ill, next_attempt_at=add_to_date(now_datetime(), days=2))
		coming = contact(surgery, assigned_to=ill, status="Scheduled", opens_on=day(3), due_date=day(3))
		moved = assignment.move_tasks_of(ill, day())
		assert sorted(moved.values()) == [2, 3]
		assert set(moved) == {first, second}
		assert {owner(task) for task in (*today, overdue)} == {first, second}
		assert (owner(later), owner(coming)) == (ill, ill)
		assert assignment.move_tasks_of(ill, day()) == {}

	def test_one_notice_per_receiver(self, surgery: str) -> None:
		ill, well = caller(surgery), caller(surgery)
		for _number in range(3):
			contact(surgery, assigned_to=ill)
		assignment.move_tasks_of(ill, day())
		notices = frappe.get_all(
			"Notification Log", filters={"for_user": well}, pluck="subject", order_by="creation"
		)
		assert notices == ["3 follow-up contacts were handed to you."]

	def test_nobody_else_leaves_them_visible_without_owner(self, surgery: str) -> None:
		ill = caller(surgery)
		task = contact(surgery, assigned_to=ill)
		assert assignment.move_tasks_of(ill, day()) == {"": 1}
		assert owner(task) is None

	def test_a_claim_of_the_ill_caller_is_released(self, surgery: str) -> None:
		ill, well = caller(surgery), caller(surgery)
		task = contact(surgery, assigned_to=ill)
		frappe.set_user(ill)
		claims.claim(task.name)
		frappe.set_user("Administrator")
		assignment.move_tasks_of(ill, day())
		row = frappe.db.get_value(TASK, task.name, ["status", "claimed_by", "assigned_to"])
		assert row == ("Open", None, well)

	def test_somebody_elses_running_call_stays(self, surgery: str) -> None:
		ill, well = caller(surgery), caller(surgery)
		task = contact(surgery, assigned_to=ill)
		frappe.set_user(well)
		claims.claim(task.name)
		frappe.set_user("Administrator")
		assert assignment.move_tasks_of(ill, day()) == {}
		assert frappe.db.get_value(TASK, task.name, ["status", "claimed_by"]) == ("In Progress", well)

	def test_through_the_button(self, surgery: str, as_user) -> None:
		ill, well = caller(surgery), caller(surgery)
		contact(surgery, assigned_to=ill)
		staff = frappe.db.get_value("Follow-up Staff", {"user": ill})
		with as_user("Follow-up Specialist"), pytest.raises(frappe.PermissionError):
			api.move_tasks_of(staff)
		with as_user("Follow-up Supervisor"):
			answer = api.move_tasks_of(staff)
		assert answer == {"moved": {frappe.utils.get_fullname(well): 1}, "unowned": 0}


class TestReassigning:
	def test_many_at_once_with_one_notice(self, surgery: str) -> None:
		user = caller(surgery)
		tasks = [contact(surgery) for _number in range(3)] + [contact(surgery, status="Scheduled")]
		done = contact(surgery, status="Completed")
		assert assignment.reassign([task.name for task in (*tasks, done)], user) == 4
		assert {owner(task) for task in tasks} == {user}
		assert owner(done) is None
		assert frappe.db.count("Notification Log", {"for_user": user}) == 1
		assert assignment.reassign([task.name for task in tasks], user) == 0
		assert frappe.db.count("Notification Log", {"for_user": user}) == 1

	def test_to_somebody_who_takes_no_contacts(self, surgery: str) -> None:
		with pytest.raises(AssignmentError, match="takes no contacts"):
			assignment.reassign([contact(surgery).name], "Administrator")
