"""Old messages leave without taking a figure along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.hospital_followup.doctype.follow_up_message.follow_up_message import FollowupMessage
from hospital_followup.services import figures
from hospital_followup.services.figures import Scope
from hospital_followup.tests import factories as make
from tests.site.rights import record

MESSAGE = "Follow-up Message"
pytestmark = pytest.mark.commits


def message(status: str, days_ago: int, **values: Any) -> str:
	due = now_datetime() - timedelta(days=days_ago)
	text = {"body": "您好", "recipient": "+8613800138000"}
	return record(MESSAGE, status=status, channel="SMS", send_after=due, **text, **values).name


def left() -> set[str]:
	return set(frappe.get_all(MESSAGE, pluck="name"))


@pytest.mark.parametrize("status", ["Sent", "Delivered", "Failed", "Expired", "Suppressed"])
def test_what_is_settled_and_old_goes(status: str) -> None:
	old, recent = message(status, 31), message(status, 29)
	frappe.get_doc(MESSAGE, old).add_comment("Comment", "seen")
	FollowupMessage.clear_old_logs(30)
	assert left() == {recent}
	assert not frappe.db.exists("Comment", {"reference_doctype": MESSAGE, "reference_name": old})


@pytest.mark.parametrize("status", ["Queued", "Sending", "Uncertain"])
def test_what_is_not_settled_stays_however_old(status: str) -> None:
	name = message(status, 3000)
	FollowupMessage.clear_old_logs(30)
	assert frappe.db.get_value(MESSAGE, name, "body") == "您好"


def test_what_a_figure_is_counted_from_stays_without_its_text() -> None:
	day = make.days_from_now(-100)
	task = make.task(due_date=day, opens_on=day, expires_on=day, status="Missed")
	name = message("Delivered", 100, task=task.name, occasion="Scheduled Contact")
	scope = Scope(day, day)
	before = figures.totals(scope).as_dict()
	assert before["informed"] == 1
	FollowupMessage.clear_old_logs(30)
	FollowupMessage.clear_old_logs(30)
	assert figures.totals(scope).as_dict() == before
	assert frappe.db.get_value(MESSAGE, name, ["status", "body", "recipient"]) == ("Delivered", None, None)


def test_frappe_knows_how_long_to_keep_them() -> None:
	assert frappe.get_hooks("default_log_clearing_doctypes")[MESSAGE] == [365]
