"""The state tables of rules.md, every pair of them."""

from __future__ import annotations

from itertools import product

import pytest

from hospital_followup.engine.transitions import ALERT, PLAN, TASK, allowed

TASK_STATUSES = ("Scheduled", "Open", "In Progress", "Completed", "Missed", "Skipped", "Cancelled")
PLAN_STATUSES = ("Draft", "Active", "Paused", "Completed", "Stopped")
ALERT_STATUSES = ("Open", "Acknowledged", "In Progress", "Answered", "Closed")

TASK_ALLOWED = {
	"Scheduled": {"Open", "In Progress", "Completed", "Missed", "Skipped", "Cancelled"},
	"Open": {"Scheduled", "In Progress", "Completed", "Missed", "Skipped", "Cancelled"},
	"In Progress": {"Scheduled", "Open", "Completed", "Missed", "Skipped", "Cancelled"},
	"Completed": {"Scheduled", "Open", "Missed"},
	"Missed": {"Scheduled", "Open", "Completed"},
	"Skipped": {"Scheduled", "Open"},
	"Cancelled": {"Scheduled", "Open"},
}
PLAN_ALLOWED = {
	"Draft": {"Active", "Stopped"},
	"Active": {"Paused", "Completed", "Stopped"},
	"Paused": {"Active", "Stopped"},
	"Completed": {"Active", "Stopped"},
	"Stopped": {"Draft", "Active", "Paused"},
}
ALERT_ALLOWED = {
	"Open": {"Acknowledged", "In Progress", "Answered", "Closed"},
	"Acknowledged": {"In Progress", "Answered", "Closed"},
	"In Progress": {"Answered", "Closed"},
	"Answered": {"In Progress", "Closed"},
	"Closed": {"In Progress"},
}


@pytest.mark.parametrize(
	("table", "statuses", "expected"),
	[
		(TASK, TASK_STATUSES, TASK_ALLOWED),
		(PLAN, PLAN_STATUSES, PLAN_ALLOWED),
		(ALERT, ALERT_STATUSES, ALERT_ALLOWED),
	],
	ids=["task", "plan", "alert"],
)
def test_every_pair(table, statuses, expected):
	for source, target in product(statuses, repeat=2):
		assert allowed(table, source, target) is (source == target or target in expected[source]), (
			source,
			target,
		)


@pytest.mark.parametrize("table", [TASK, PLAN, ALERT], ids=["task", "plan", "alert"])
def test_every_row_has_a_cause_and_stands_once(table):
	pairs = [(row.source, row.target) for row in table]
	assert len(pairs) == len(set(pairs))
	assert all(row.causes and row.source != row.target for row in table)


@pytest.mark.parametrize("source", ["Scheduled", "Open", "In Progress", "Missed"])
def test_completed_only_by_a_log_or_a_self_report(source):
	assert allowed(TASK, source, "Completed", "log")
	for cause in ("person", "planning", "window", "claim"):
		assert not allowed(TASK, source, "Completed", cause)


def test_a_person_skips_but_only_planning_and_logs_cancel():
	assert allowed(TASK, "Open", "Skipped", "person")
	assert not allowed(TASK, "Open", "Cancelled", "person")
	assert allowed(TASK, "Open", "Cancelled", "planning")


def test_a_cancelled_log_reopens_its_task():
	for source in ("Completed", "Skipped", "Cancelled", "Missed"):
		assert allowed(TASK, source, "Open", "log_cancelled")
	assert not allowed(TASK, "Completed", "Open", "person")


def test_an_unknown_status_goes_nowhere():
	assert not allowed(TASK, "Nonsense", "Open")
	assert not allowed(TASK, "Open", "Nonsense")
