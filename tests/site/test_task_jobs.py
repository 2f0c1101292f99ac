"""What the dispatcher does to tasks: everything by `<=`, catching up after any outage, twice the same as once."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime, today
from freezegun import freeze_time

from hospital_followup.services import claims, plans, tasks
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day

TASK = "Follow-up Task"
PLAN = "Follow-up Plan"


def value(task, field: str = "status"):
	return frappe.db.get_value(TASK, task.name, field)


def scheduled(opens_on: int, **fields):
	window = {"due_date": day(opens_on), "opens_on": day(opens_on), "expires_on": day(opens_on + 3)}
	return make.task(make.plan(), status="Scheduled", **{**window, **fields})


def set_time_zone(name: str) -> None:
	frappe.db.set_single_value("System Settings", "time_zone", name)
	frappe.local.system_settings = None
	frappe.clear_document_cache("System Settings", "System Settings")


class TestOpening:
	@pytest.mark.parametrize(
		("opens_on", "status"), [(-5, "Open"), (-1, "Open"), (0, "Open"), (1, "Scheduled")]
	)
	def test_by_its_window(self, opens_on: int, status: str) -> None:
		task = scheduled(opens_on)
		tasks.open_due(day())
		assert value(task) == status

	@pytest.mark.parametrize("status", ["Draft", "Paused", "Stopped"])
	def test_only_of_active_plans(self, status: str) -> None:
		task = make.task(make.plan(status=status), status="Scheduled")
		tasks.open_due(day())
		assert value(task) == "Scheduled"

	def test_without_a_plan(self) -> None:
		task = make.task(kind="Callback", status="Scheduled")
		tasks.open_due(day())
		assert value(task) == "Open"

	def test_of_the_plans_asked_for(self) -> None:
		mine, other = scheduled(0), scheduled(0)
		assert tasks.open_due(day(), plans=[mine.plan]) == 1
		assert (value(mine), value(other)) == ("Open", "Scheduled")

	def test_ranks_what_it_opens(self) -> None:
		late, fresh = scheduled(-2, risk_tier="High"), scheduled(0, risk_tier="Low")
		tasks.open_due(day())
		assert value(late, "priority") < value(fresh, "priority")

	def test_twice_is_once_and_modified_stays(self) -> None:
		task = scheduled(0)
		modified = value(task, "modified")
		tasks.open_due(day())
		assert tasks.open_due(day(), plans=[task.plan]) == 0
		assert value(task, "modified") == modified


class TestExpiring:
	@pytest.mark.parametrize(
		("expires_on", "status"), [(-5, "Missed"), (-1, "Missed"), (0, "Open"), (None, "Open")]
	)
	def test_after_the_last_day(self, expires_on: int | None, status: str) -> None:
		end = None if expires_on is None else day(expires_on)
		task = make.task(make.plan(), due_date=day(-9), opens_on=day(-9), expires_on=end)
		tasks.expire(day())
		assert value(task) == status
		assert value(task, "status_reason") == ("expired" if status == "Missed" else None)

	def test_not_while_somebody_is_on_the_phone(self) -> None:
		task = make.task(make.plan(), due_date=day(-9), opens_on=day(-9), expires_on=day(-1))
		claims.claim(task.name)
		tasks.expire(day())
		assert value(task) == "In Progress"
		tasks.release_leases(add_to_date(now_datetime(), minutes=21))
		tasks.expire(day())
		assert value(task) == "Missed"

	def test_not_while_paused(self) -> None:
		task = make.task(make.plan(), due_date=day(-9), opens_on=day(-9), expires_on=day(-1))
		frappe.db.set_value(TASK, task.name, "expires_on", day(1))
		plans.pause(task.plan, "travelling")
		tasks.expire(day(5))
		assert value(task) == "Open"

	def test_closed_tasks_stay_as_they_are(self) -> None:
		done = [
			make.task(make.plan(), status=status, due_date=day(-9), opens_on=day(-9), expires_on=day(-1))
			for status in ("Completed", "Skipped", "Cancelled")
		]
		tasks.expire(day())
		assert [value(task) for task in done] == ["Completed", "Skipped", "Cancelled"]


class TestOutage:
	def test_five_days_without_a_scheduler(self) -> None:
		"""One tick brings everything to where it would be: opened, still open, or missed; nothing twice."""
		gone, running, due, coming = (scheduled(offset) for offset in (-8, -2, 0, 2))
		for _tick in range(2):
			tasks.open_due(day())
			tasks.expire(day())
			plans.complete_finished()
		assert [value(task) for task in (gone, running, due, coming)] == [
			"Missed",
			"Open",
			"Open",
			"Scheduled",
		]
		assert frappe.db.get_value(PLAN, gone.plan, "status") == "Completed"
		assert frappe.db.get_value(PLAN, running.plan, "status") == "Active"

	def test_a_task_that_was_completed_meanwhile_is_left_alone(self) -> None:
		task = scheduled(-8)
		names = [task.name]
		frappe.db.set_value(TASK, task.name, "status", "Completed")
		tasks.move(names, ("Scheduled",), {"status": "Open"})
		assert value(task) == "Completed"


class TestLeases:
	def test_run_out(self) -> None:
		task = make.task(make.plan())
		claims.claim(task.name)
		tasks.release_leases(now_datetime())
		assert value(task) == "In Progress"
		for _tick in range(2):
			tasks.release_leases(add_to_date(now_datetime(), minutes=21))
			assert (value(task), value(task, "claimed_by")) == ("Open", None)

	def test_the_setting_decides_how_long(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "lease_minutes", 45)
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		until = claims.claim(make.task(make.plan()).name)
		assert timedelta(minutes=44) < until - now_datetime() <= timedelta(minutes=45)

	def test_over_the_night_when_clocks_go_forward(self) -> None:
		set_time_zone("Europe/Berlin")
		with freeze_time("2026-03-29 00:50:00"):  # 01:50 in Berlin, ten minutes before the hour is skipped
			task = make.task(make.plan())
			claims.claim(task.name)
		with freeze_time("2026-03-29 01:20:00"):  # 03:20 in Berlin
			tasks.release_leases(now_datetime())
			assert value(task) == "Open"


class TestSitesOwnDay:
	@pytest.mark.parametrize(
		("zone", "status"),
		[
			("Asia/Shanghai", "Open"),
			("Pacific/Kiritimati", "Open"),
			("UTC", "Scheduled"),
			("America/Los_Angeles", "Scheduled"),
		],
	)
	def test_a_window_opens_at_the_sites_midnight(self, zone: str, status: str) -> None:
		set_time_zone(zone)
		with freeze_time("2026-11-04 17:00:00"):  # 5 November, 1 o'clock in the morning, in Shanghai
			task = make.task(
				make.plan(),
				status="Scheduled",
				due_date="2026-11-05",
				opens_on="2026-11-05",
				expires_on="2026-11-10",
			)
			tasks.open_due(getdate(today()))
			assert value(task) == status

	@pytest.mark.parametrize(
		"now", ["2026-03-29 00:30:00", "2026-03-29 01:30:00", "2026-10-25 00:30:00", "2026-10-25 01:30:00"]
	)
	def test_both_changes_of_the_clock_are_one_day(self, now: str) -> None:
		set_time_zone("Europe/Berlin")
		with freeze_time(now):
			task = make.task(make.plan(), status="Scheduled")
			ended = make.task(make.plan(), due_date=day(-3), opens_on=day(-3), expires_on=day(0))
			tasks.open_due(getdate(today()))
			tasks.expire(getdate(today()))
			assert (value(task), value(ended)) == ("Open", "Open")
			assert getdate(today()) == datetime.fromisoformat(now).date()


class TestPriorities:
	def test_refreshed_daily_and_only_where_they_change(self) -> None:
		task = make.task(make.plan(), risk_tier="High", due_date=day(-1), opens_on=day(-1))
		tasks.refresh_priorities(day())
		before, modified = value(task, "priority"), value(task, "modified")
		assert tasks.refresh_priorities(day()) == 0
		tasks.refresh_priorities(day(6))
		assert value(task, "priority") < before
		assert value(task, "modified") == modified

	def test_order_of_the_worklist(self) -> None:
		alert = make.task(make.plan(), kind="Alert", risk_tier="High")
		high = make.task(make.plan(), risk_tier="High", first_contact=1)
		medium = make.task(make.plan(), risk_tier="Medium")
		low = make.task(make.plan(), risk_tier="Low")
		tasks.refresh_priorities(day())
		ranks = [value(task, "priority") for task in (alert, high, medium, low)]
		assert ranks == sorted(ranks)
		assert len(set(ranks)) == 4


class TestCancelAndReopen:
	@pytest.mark.parametrize("status", ["Scheduled", "Open", "In Progress"])
	def test_undone_tasks_are_cancelled_and_come_back(self, status: str) -> None:
		opens_on = day(2) if status == "Scheduled" else day()
		task = make.task(make.plan(), status=status, opens_on=opens_on, due_date=day(2))
		tasks.cancel_tasks([task.name], "stopped")
		row = frappe.db.get_value(TASK, task.name, "*", as_dict=True)
		assert (row.status, row.status_reason, row.status_before_cancel) == ("Cancelled", "stopped", status)
		assert row.cancelled_on == day()
		tasks.reopen_tasks([task.name])
		assert value(task) == ("Scheduled" if status == "Scheduled" else "Open")
		assert value(task, "status_reason") is None

	@pytest.mark.parametrize("status", ["Completed", "Missed", "Skipped"])
	def test_done_tasks_stay(self, status: str) -> None:
		task = make.task(make.plan(), status=status)
		tasks.cancel_tasks([task.name], "stopped")
		tasks.reopen_tasks([task.name])
		assert value(task) == status

	def test_thousands_at_once(self) -> None:
		names = [f"no-such-task-{number}" for number in range(2500)]
		task = make.task(make.plan())
		tasks.cancel_tasks([*names, task.name], "replanned")
		assert value(task) == "Cancelled"
