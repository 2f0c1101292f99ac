"""Whatever a filter holds, a report answers: Frappe would make one that raises a prepared report for everybody."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.hospital_followup import report as folder
from hospital_followup.report_api import list_behind

REPORTS = sorted(json.loads(path.read_text())["name"] for path in Path(folder.__path__[0]).glob("*/*.json"))
DATES = ("from_date", "to_date", "date", "day")
DATELESS = ("Phone Numbers to Correct", "Records behind a Figure")
WILD_DATES = (
	"9999-12-31",
	"0001-01-01",
	"99999999999999999999",
	"tomorrow",
	"<img src=x onerror=alert(1)>",
	["2024-03-01"],
	{"a": 1},
)
#: No database takes half a sign.
NO_TEXT = "\ud800"


def shown(report: str, **filters: Any) -> frappe._dict:
	"""The answer of Frappe's own way to a report, which left nothing behind."""
	logged = frappe.db.count("Error Log")
	answer = frappe._dict(run(report, filters=filters, ignore_prepared_report=True))
	timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
	assert all(timer.finished.is_set() for timer in timers)
	assert frappe.db.count("Error Log") == logged and frappe.local.message_log == []
	return answer


@pytest.mark.parametrize("wild", WILD_DATES, ids=str)
@pytest.mark.parametrize("report", [name for name in REPORTS if name not in DATELESS])
def test_what_is_no_date_is_said(report: str, wild: Any) -> None:
	answer = shown(report, **dict.fromkeys(DATES, wild))
	assert answer.result == [] and "is no date of a report" in answer.message
	assert "<img" not in answer.message


@pytest.mark.parametrize("wild", [["like", "%"], {"a": 1}, "'; drop table x"], ids=str)
@pytest.mark.parametrize("report", REPORTS)
def test_what_is_no_text_is_one(report: str, wild: Any) -> None:
	names = ("department", "company", "doctor", "staff", "patient", "assigned_to", "person", "outcome")
	answer = shown(report, **dict.fromkeys(names, wild))
	assert answer.columns
	assert not any(row.get("record") for row in answer.result)


@pytest.mark.parametrize("report", REPORTS)
def test_what_nobody_expected_is_a_sentence(report: str) -> None:
	answer = shown(report, measure="planned", department=NO_TEXT)
	assert answer.result == [] and "could not be made" in answer.message


def test_the_records_of_a_day_need_no_last_day() -> None:
	assert "0 records" in shown("Records behind a Figure", measure="planned", first_day="2020-01-01").message


def test_a_refusal_in_the_middle_takes_back_what_was_begun() -> None:
	"""What is already in the transaction of the caller stays."""
	todo = frappe.get_doc({"doctype": "ToDo", "description": "before"}).insert()
	shown("Referrals", department=NO_TEXT)
	assert frappe.db.exists("ToDo", todo.name)


@pytest.mark.parametrize("wild", WILD_DATES, ids=str)
def test_the_way_down_refuses_the_same_dates(wild: Any) -> None:
	with pytest.raises(InvalidValueError):
		list_behind("planned", {"from_date": wild})
