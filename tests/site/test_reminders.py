"""What staff are told: one entry per person and occasion, in their language, never one per task, never a patient."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup.services import reminders
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.users import make_user

NOTICE = "Notification Log"


@pytest.fixture
def caller() -> str:
	return staff_member()


def staff_member(language: str = "en", **fields) -> str:
	user = make_user("Follow-up Specialist", language=language)
	make.staff(user, **fields)
	return user


def notices(user: str) -> list[frappe._dict]:
	return frappe.get_all(
		NOTICE,
		filters={"for_user": user},
		fields=["subject", "type", "link", "email_content"],
		order_by="creation",
	)


def give_work(user: str) -> None:
	plan = make.plan()
	make.task(plan, assigned_to=user)
	make.task(plan, assigned_to=user)
	make.task(plan, assigned_to=user, due_date=day(-2), opens_on=day(-2))
	evening = now_datetime().replace(hour=23, minute=30)
	make.task(plan, assigned_to=user, next_attempt_at=evening)
	make.task(plan, assigned_to=user, due_date=day(2))
	make.task(plan, assigned_to=user, next_attempt_at=add_to_date(evening, days=1))
	make.task(plan, assigned_to=user, on_hold=1)
	make.task(plan, assigned_to=user, status="Completed")


class TestMorning:
	def test_counts_what_the_worklist_shows(self, caller: str) -> None:
		give_work(caller)
		assert reminders.morning_reminders(day()) == 1
		(notice,) = notices(caller)
		assert notice.subject == "Your follow-up contacts: 2 due today, 1 overdue, 1 promised calls."

	def test_in_the_persons_language(self) -> None:
		user = staff_member(language="zh")
		give_work(user)
		reminders.morning_reminders(day())
		(notice,) = notices(user)
		assert notice.subject == "您的随访任务：今日到期 2 项，逾期 1 项，约定回电 1 项。"

	def test_once_a_day_however_often_the_job_runs(self, caller: str) -> None:
		give_work(caller)
		reminders.morning_reminders(day())
		assert reminders.morning_reminders(day()) == 0
		assert reminders.morning_reminders(day(1)) == 1
		assert len(notices(caller)) == 2

	def test_nobody_without_work_is_told(self, caller: str) -> None:
		make.task(make.plan(), assigned_to=caller, due_date=day(2))
		assert reminders.morning_reminders(day()) == 0
		assert notices(caller) == []

	@pytest.mark.parametrize(
		"case", ["switched off", "takes no contacts", "wants no notifications", "no access"]
	)
	def test_who_is_left_alone(self, caller: str, case: str) -> None:
		give_work(caller)
		if case == "switched off":
			frappe.db.set_single_value("Follow-up Settings", "morning_reminder", 0)
			frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		elif case == "takes no contacts":
			frappe.db.set_value("Follow-up Staff", caller, "enabled", 0)
		elif case == "wants no notifications":
			frappe.db.set_value("Notification Settings", caller, "enabled", 0)
		else:
			frappe.db.set_value("User", caller, "enabled", 0)
		assert reminders.morning_reminders(day()) == 0
		assert notices(caller) == []

	def test_nothing_leaves_the_site_and_the_link_is_a_path(self, caller: str) -> None:
		give_work(caller)
		mails = frappe.db.count("Email Queue")
		reminders.morning_reminders(day())
		(notice,) = notices(caller)
		assert frappe.db.count("Email Queue") == mails
		assert notice.type == "Alert"
		assert notice.link.startswith("/")
		assert "assigned_to=" in notice.link

	def test_no_notice_names_a_patient(self, caller: str) -> None:
		patient = make.patient(patient_name="Zhang Canary")
		task = make.task(patient=patient.name, assigned_to=caller)
		reminders.morning_reminders(day())
		reminders.notify_reassigned(caller, [task.name])
		assert "Canary" not in frappe.as_json(notices(caller))


class TestReassigned:
	@pytest.mark.parametrize(
		("count", "subject"),
		[(1, "A follow-up contact was handed to you."), (7, "7 follow-up contacts were handed to you.")],
	)
	def test_one_entry(self, caller: str, count: int, subject: str) -> None:
		reminders.notify_reassigned(caller, ["task"] * count)
		assert [notice.subject for notice in notices(caller)] == [subject]


class TestSupervisors:
	def test_the_departments_own(self) -> None:
		boss = make_user("Follow-up Supervisor")
		department = make.department("Reminder Surgery", supervisor=boss)
		assert reminders.supervisors_of(department) == [boss]

	def test_else_those_who_look_after_it_else_all(self) -> None:
		department, other = make.department("Reminder Surgery"), make.department("Reminder Medicine")
		here = make_user("Follow-up Supervisor")
		there = make_user("Follow-up Supervisor")
		make.staff(here, department, role="Follow-up Supervisor")
		make.staff(there, other, role="Follow-up Supervisor")
		assert here in reminders.supervisors_of(department)
		assert there not in reminders.supervisors_of(department)
		assert {here, there} <= set(reminders.supervisors_of(make.department("Reminder Eye")))
