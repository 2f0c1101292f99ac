"""One tick of the dispatcher with 20,000 contacts due, in a table of 100,000 and of 1,000,000 (quality.md: at most 1.3 times)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import getdate, now_datetime, today

from benchmarks.big_tables import LARGE, analyse, explain, grow, open_tasks, prepare, seconds, show
from hospital_followup.services import plans, tasks

TASK = "Follow-up Task"
DUE = 20_000
ROUNDS = 5


@pytest.mark.commits
def test_dispatcher(site: Any) -> None:
	prepare()
	print()
	open_tasks("due", DUE, status="Scheduled", opened=1)
	grow(1, LARGE // 10, tasks_only=True)
	analyse()
	small = {name: seconds(work, ROUNDS) for name, work in steps().items()}
	grow(LARGE // 10, LARGE, tasks_only=True)
	analyse()
	for name, work in steps().items():
		large = seconds(work, ROUNDS)
		print(
			f"{name:34} {LARGE // 10:>9,}: {small[name]:7.3f} s  {LARGE:>9,}: {large:7.3f} s"
			f"  ratio {large / small[name]:5.2f} (target <= 1.3)"
		)
	for name, work in steps().items():
		print(name)
		show(explain(work, TASK))
		frappe.db.rollback()


def steps() -> dict[str, Callable[[], Any]]:
	"""The parts of a tick that look for what is due; `all of them` is the tick."""
	day, now = getdate(today()), now_datetime()
	parts: dict[str, Callable[[], Any]] = {
		f"open {DUE:,} contacts": lambda: tasks.open_due(day),
		"release what nobody holds": lambda: tasks.release_leases(now),
		"expire": lambda: tasks.expire(day),
		"complete plans": plans.complete_finished,
	}
	return {**parts, "all of them": lambda: [work() for work in parts.values()]}
