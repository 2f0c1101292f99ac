"""The worklist and the task list with 10,000 and with 1,000,000 contacts in the table (quality.md, Speed: at most 3 times)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest

from benchmarks.big_tables import LARGE, ME, SMALL, analyse, explain, grow, open_tasks, prepare, seconds, show
from hospital_followup import call_api

TASK = "Follow-up Task"
#: What a caller has to do, and what the whole hospital has, in both tables.
MINE, OPEN = 60, 2_000


@pytest.mark.commits
def test_worklist(site: Any) -> None:
	prepare()
	print()
	open_tasks("mine", MINE, owner=ME)
	open_tasks("open", OPEN)
	grow(1, SMALL, tasks_only=True)
	analyse()
	small = {name: seconds(work) for name, work in pages().items()}
	grow(SMALL, LARGE, tasks_only=True)
	analyse()
	for name, work in pages().items():
		large = seconds(work)
		print(
			f"{name:44} {SMALL:>9,}: {small[name] * 1000:7.1f} ms  {LARGE:>9,}: {large * 1000:7.1f} ms"
			f"  ratio {large / small[name]:5.2f} (target <= 3)"
		)
	for name, work in pages().items():
		print(name)
		show(explain(work, TASK))


def pages() -> dict[str, Callable[[], Any]]:
	return {
		"worklist, page 1": call_api.worklist,
		"list: mine": lambda: page({"assigned_to": ME, "status": "Open"}),
		"list: open, by urgency": lambda: page({"status": "Open"}),
		"list: open, one department": lambda: page({"status": "Open", "department": "Benchmark 3"}),
		"list: open, due until today": lambda: page(
			{"status": "Open", "due_date": ("<=", frappe.utils.today())}
		),
	}


def page(filters: dict[str, Any]) -> list[Any]:
	fields = ["name", "patient_name", "due_date", "channel", "status", "assigned_to", "priority"]
	return frappe.get_list(
		TASK, filters=filters, fields=fields, order_by="priority asc, due_date asc", limit=20
	)
