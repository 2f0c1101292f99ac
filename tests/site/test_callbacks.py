"""Promised calls: the owner is told shortly before the time, once, also after an outage and by two dispatchers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.jobs import followup_dispatch_tick
from hospital_followup.services import callbacks
from hospital_followup.tests import factories as make
from tests.stack.users import make_user

NOTICE = "Notification Log"
NOW = datetime.combine(date(2026, 11, 2), time(15))


@pytest.fixture
def owner() -> str:
	user = make_user("Follow-up Specialist", language="en")
	make.staff(user)
	return user


def promised(owner: str | None, minutes: int, **fields):
	at = NOW + timedelta(minutes=minutes)
	values = {"outcome": "Callback Requested", "attempts": 1, "next_attempt_at": at, **fields}
	return make.task(make.plan(), assigned_to=owner, **values)


def notices(user: str) -> list[frappe._dict]:
	fields = ["subject", "document_name", "link", "type"]
	return frappe.get_all(NOTICE, filters={"for_user": user}, fields=fields, order_by="creation")


@pytest.mark.parametrize(
	("minutes", "told"), [(-6000, 1), (-1, 1), (0, 1), (9, 1), (10, 1), (11, 0), (600, 0)]
)
def test_when(owner: str, minutes: int, told: int) -> None:
	task = promised(owner, minutes)
	assert callbacks.remind(NOW) == told
	found = notices(owner)
	assert [row.document_name for row in found] == [task.name] * told
	assert all(task.name in row.link and row.type == "Alert" for row in found)


def test_the_setting_decides_how_long_before(owner: str) -> None:
	frappe.db.set_single_value("Follow-up Settings", "callback_reminder_minutes", 0)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
	promised(owner, 1)
	assert callbacks.remind(NOW) == 0
	assert callbacks.remind(NOW + timedelta(minutes=1)) == 1


def test_once_however_often_the_job_runs(owner: str) -> None:
	promised(owner, 5)
	assert [callbacks.remind(NOW + timedelta(minutes=step)) for step in (0, 0, 5, 500)] == [1, 0, 0, 0]
	assert len(notices(owner)) == 1


def test_a_new_promise_is_told_again(owner: str) -> None:
	task = promised(owner, 5)
	callbacks.remind(NOW)
	frappe.db.set_value("Follow-up Task", task.name, "next_attempt_at", NOW + timedelta(minutes=60))
	assert callbacks.remind(NOW + timedelta(minutes=55)) == 1
	assert len(notices(owner)) == 2


@pytest.mark.parametrize(
	"fields",
	[
		{"outcome": "No Answer"},
		{"outcome": None},
		{"on_hold": 1},
		{"status": "Completed"},
		{"status": "Scheduled"},
	],
	ids=str,
)
def test_what_is_no_promise_that_waits(owner: str, fields) -> None:
	promised(owner, 0, **fields)
	assert callbacks.remind(NOW) == 0


def test_without_an_owner_the_supervisor_is_told() -> None:
	boss = make_user("Follow-up Supervisor")
	make.staff(boss, role="Follow-up Supervisor")
	promised(None, 0)
	callbacks.remind(NOW)
	assert len(notices(boss)) == 1


def test_in_the_persons_language_and_without_the_patient() -> None:
	user = make_user("Follow-up Specialist", language="zh")
	make.staff(user)
	task = promised(user, 5)
	callbacks.remind(NOW)
	(notice,) = notices(user)
	assert notice.subject.startswith("有患者正等待您")
	assert task.patient_name not in notice.subject


@pytest.mark.commits
def test_the_dispatcher_does_it_and_a_second_tick_nothing(owner: str) -> None:
	promised(owner, 0, next_attempt_at=now_datetime())
	frappe.db.commit()  # reason: the job begins a transaction of its own
	followup_dispatch_tick()
	followup_dispatch_tick()
	assert len(notices(owner)) == 1
