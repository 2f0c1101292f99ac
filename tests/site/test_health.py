"""The health page tells the truth: with Redis down, the scheduler off, no worker, stuck work; quickly and without patients."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime, today

from hospital_followup.services import health, health_jobs
from hospital_followup.services.health_check import BAD, LEVELS, OK, WARN, Check, counted, guarded
from tests.site.rights import AD, DR, SP, SV, record
from tests.stack.rest import Rest

RUN, DISCHARGE = "Follow-up Run", "Patient Discharge"


@pytest.fixture
def configuration(site: Any) -> Iterator[Any]:
	"""The site's configuration of this process; put back afterwards."""
	before = dict(frappe.local.conf)
	yield frappe.local.conf
	frappe.local.conf.clear()
	frappe.local.conf.update(before)


def found(code: str) -> list[Check]:
	return [check for check in health.checks(fresh=True) if check.code == code]


def one(code: str) -> Check:
	(check,) = found(code)
	return check


def ran(job: str, ago: timedelta, **values: Any) -> None:
	moment = now_datetime() - ago
	record(RUN, job=job, status="Finished", started_at=moment, **values)


@pytest.fixture
def no_runs(site: Any) -> None:
	frappe.db.delete(RUN)


@pytest.mark.parametrize(
	("minutes", "level"),
	[(None, BAD), (4, OK), (14, OK), (16, WARN), (59, WARN), (61, BAD), (60 * 24 * 5, BAD)],
)
def test_when_the_dispatcher_last_ran(no_runs: None, minutes: int | None, level: str) -> None:
	if minutes is not None:
		ran("dispatch", timedelta(minutes=minutes))
	assert one("dispatcher").level == level


def test_a_run_of_the_dispatcher_is_seen(no_runs: None, site: Any) -> None:
	record(RUN, job="dispatch", status="Running", started_at=now_datetime())
	assert one("dispatcher").level == OK


@pytest.mark.parametrize(("hours", "level"), [(None, WARN), (25, OK), (27, WARN), (51, BAD)])
def test_when_the_nightly_proof_last_ran(no_runs: None, hours: int | None, level: str) -> None:
	if hours is not None:
		ran("reconcile", timedelta(hours=hours))
	assert one("nightly").level == level


@pytest.mark.parametrize(
	("values", "level"),
	[
		({}, OK),
		({"failed": 2}, WARN),
		({"failed": 1, "status": "Failed"}, BAD),
	],
)
def test_errors_of_the_last_day(no_runs: None, values: dict[str, Any], level: str) -> None:
	ran("nightly", timedelta(hours=25), failed=7)  # older than a day
	record(RUN, **{"job": "dispatch", "status": "Finished", "started_at": now_datetime(), **values})
	check = one("runs")
	assert check.level == level
	assert ("dispatch" in check.sentence) == (level != OK)


@pytest.mark.parametrize("key", ["maintenance_mode", "pause_scheduler", "disable_scheduler"])
def test_a_scheduler_switched_off_in_the_configuration(configuration: Any, key: str) -> None:
	configuration[key] = 1
	check = one("scheduler")
	assert check.level == BAD
	assert f"bench --site {frappe.local.site}" in check.fix


def test_a_scheduler_switched_off_in_the_settings(site: Any) -> None:
	frappe.db.set_single_value("System Settings", "enable_scheduler", 0)
	check = one("scheduler")
	assert (check.level, check.route) == (BAD, ("Form", "System Settings"))


def test_a_stopped_job(site: Any) -> None:
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	name = frappe.db.get_value("Scheduled Job Type", {"method": health_jobs.TICK})
	frappe.db.set_value("Scheduled Job Type", name, "stopped", 1)
	check = one("scheduler")
	assert (check.level, check.route) == (BAD, ("Form", "Scheduled Job Type", name))


def test_a_dormant_site(configuration: Any) -> None:
	"""Nobody has signed in for five days."""
	configuration["developer_mode"] = 0
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	frappe.db.delete("Activity Log")
	record("Activity Log", subject="sign-in", modified=add_to_date(now_datetime(), days=-5))
	frappe.db.set_value(
		"Activity Log",
		{"subject": "sign-in"},
		"modified",
		add_to_date(now_datetime(), days=-5),
		update_modified=False,
	)
	assert one("scheduler").level == WARN
	assert "once a day" in one("scheduler").sentence


def test_a_scheduler_that_is_on(configuration: Any) -> None:
	configuration["developer_mode"] = 1
	for key in ("maintenance_mode", "pause_scheduler", "disable_scheduler"):
		configuration.pop(key, None)
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	assert one("scheduler").level == OK


def test_redis_down_is_said_and_hides_nothing(configuration: Any) -> None:
	configuration["redis_queue"] = "redis://127.0.0.1:1"
	check = one("queue")
	assert check.level == BAD
	assert "Redis" in check.sentence
	assert found("dispatcher") and found("discharges")


def test_no_worker_is_said_with_the_jobs_that_wait(site: Any) -> None:
	"""The stack of the tests has a queue and, unless a test starts one, no worker."""
	check = one("workers")
	assert check.level == BAD
	assert "default, long" in check.sentence


@pytest.mark.commits
def test_a_worker_is_seen(worker: Any) -> None:
	worker.start()
	try:
		for _attempt in range(200):
			if one("workers").level == OK:
				break
			time.sleep(0.1)
		assert one("workers").level == OK
	finally:
		worker.kill()


def test_discharges_without_a_decision(site: Any) -> None:
	assert one("discharges").level == OK
	doc = record(DISCHARGE, decision="Pending", discharge_date=today())
	assert one("discharges").level == OK  # came in this minute
	frappe.db.set_value(
		DISCHARGE, doc.name, "modified", add_to_date(now_datetime(), minutes=-20), update_modified=False
	)
	check = one("discharges")
	assert (check.level, check.options) == (BAD, {"decision": "Pending"})
	assert check.sentence.startswith("1 ")


def test_events_that_could_not_be_taken_over(site: Any) -> None:
	assert one("events").level == OK
	doc = frappe.new_doc(RUN)
	doc.update({"job": "intake", "status": "Failed", "started_at": now_datetime()})
	doc.append("errors", {"code": "boom", "reference_doctype": "User", "reference_name": "Administrator"})
	doc.insert()
	assert one("events").level == WARN


def test_figures_that_wait(site: Any) -> None:
	frappe.db.delete("Follow-up Changed Day")
	doc = record("Follow-up Changed Day", day=today())
	assert one("figures").level == OK
	frappe.db.set_value("Follow-up Changed Day", doc.name, "creation", add_to_date(now_datetime(), hours=-2))
	assert one("figures").level == WARN


def test_settings_that_are_empty(site: Any) -> None:
	settings = frappe.get_doc("Follow-up Settings")
	calendar = frappe.db.get_value("Follow-up Calendar", {}) or make_calendar()
	settings.update(
		{
			"hospital_name": "H",
			"hospital_phone": "1",
			"base_url": "https://h.example",
			"default_calendar": calendar,
		}
	)
	settings.save()
	assert one("settings").level == OK
	settings.base_url = "http://localhost"
	settings.save()
	assert "https" in one("settings").sentence
	settings.update({"base_url": None, "hospital_phone": None})
	settings.save()
	check = one("settings")
	assert check.level == WARN
	assert "Public Address" in check.sentence and "Follow-up Telephone" in check.sentence


def make_calendar() -> str:
	return frappe.get_doc({"doctype": "Follow-up Calendar", "title": "Week", "monday": 1}).insert().name


def test_a_look_that_fails_takes_no_other_away() -> None:
	def broken() -> list[Check]:
		raise ValueError("王小明 13800138000")

	(check,) = guarded("jobs", broken)
	assert check.level == BAD
	assert "ValueError" in check.sentence and "王小明" not in check.sentence


def test_the_worst_comes_first(configuration: Any) -> None:
	configuration["redis_queue"] = "redis://127.0.0.1:1"
	levels = [LEVELS.index(check.level) for check in health.checks(fresh=True)]
	assert levels == sorted(levels)
	assert health.worst(health.checks()) == BAD


def test_an_answer_is_kept_for_a_minute_in_each_language(site: Any) -> None:
	health.forget()
	kept = health.checks()
	frappe.db.set_single_value("System Settings", "enable_scheduler", 0)
	assert health.checks() == kept
	frappe.local.lang = "zh"
	try:
		assert any("调度" in check.sentence for check in health.checks())
	finally:
		frappe.local.lang = "en"
		health.forget()


def test_no_table_is_counted(site: Any) -> None:
	"""Every question is bounded; a table of a million rows is never gone through."""
	statements: list[str] = []
	original = frappe.db.sql

	def listening(query: Any, *arguments: Any, **options: Any) -> Any:
		statements.append(str(query).lower())
		return original(query, *arguments, **options)

	frappe.db.sql = listening
	try:
		health.checks(fresh=True)
	finally:
		frappe.db.sql = original
	big = ("patient discharge", "follow-up task", "follow-up message", "follow-up log", "follow-up survey")
	asked = [text for text in statements if any(f"`tab{name}`" in text for name in big)]
	assert asked
	assert [text for text in asked if "count(" in text] == []
	assert [text for text in asked if "limit" not in text] == []
	# Newest first is a walk through the whole table where hardly any row matches.
	assert [text for text in asked if "order by" in text and "inpatient record" not in text] == []
	assert len(statements) < 60


def test_more_than_a_hundred_is_no_number() -> None:
	assert (counted(100), counted(101)) == ("100", "more than 100")


@pytest.mark.commits
def test_who_may_ask(rest: Callable[..., Rest]) -> None:
	page, banner = (f"/api/method/hospital_followup.health_api.{name}" for name in ("checks", "banner"))
	for role in (SP, DR):
		assert rest(role).get(page).status_code == 403
		assert rest(role).get(banner).status_code == 403
	supervisor, administrator = rest(SV), rest(AD)
	assert supervisor.get(page).status_code == 403
	told = supervisor.get(banner).json()["message"]
	assert told["page"] is False and len(told["sentences"]) == 1  # no worker runs
	told = administrator.get(banner).json()["message"]
	assert told["page"] is True and any("worker" in sentence for sentence in told["sentences"])
	answer = administrator.get(page).json()["message"]
	assert answer["level"] == BAD
	assert {"code", "level", "sentence", "fix", "route", "options"} == set(answer["checks"][0])
	assert rest("System Manager").get(page).ok
