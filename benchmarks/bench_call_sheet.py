"""Opening and saving a call after 200 earlier contacts, against the same patient with one; and the worklist's first page.

The history is in the database in both runs of a pair: the ratio is what it costs the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from frappe.utils import add_days, now_datetime

from hospital_followup import call_api
from hospital_followup.services.writer import insert_children, insert_rows, new_names
from hospital_followup.tests import factories as make
from tests.site.call_samples import TASK, contact, questionnaire
from tests.support.queries import count_queries

ROUNDS = 30
LONG = 200
FEW, MANY = 1_000, 50_000


def test_call_sheet_and_history(site) -> None:
	asked = questionnaire()
	short, long = contact(asks=asked), contact(asks=asked)
	history(short.patient, 1)
	history(long.patient, LONG)
	print()
	for what, act in (("open", call_api.call_sheet), ("save", save)):
		seconds = in_turn(lambda: act(short.name), lambda: act(long.name))  # noqa: B023
		queries = [count_queries(lambda: act(task.name)) for task in (short, long)]  # noqa: B023
		print(
			f"{f'{what}, 1 contact before: milliseconds, queries':55} {seconds[0] * 1000:8,.1f} {queries[0]:5}"
		)
		print(
			f"{f'{what}, {LONG} before: milliseconds, queries':55} {seconds[1] * 1000:8,.1f} {queries[1]:5}"
		)
		print(f"{f'{what}: {LONG} / 1 (target <= 1.5)':55} {seconds[1] / seconds[0]:8,.2f}")


def test_worklist_and_table(site) -> None:
	"""The same 400 open tasks in a small and a large table (quality.md: at most 3 times for 100 times the table)."""
	patient = make.patient().name
	closed(patient, FEW)
	open_tasks(patient, 400)
	before = median(timed(call_api.worklist) for _round in range(ROUNDS))
	closed(patient, MANY)
	after = median(timed(call_api.worklist) for _round in range(ROUNDS))
	print()
	print(f"{f'worklist page 1, {FEW + 400:,} tasks: milliseconds':55} {before * 1000:8,.1f}")
	print(f"{f'worklist page 1, {FEW + MANY + 400:,} tasks: milliseconds':55} {after * 1000:8,.1f}")
	print(f"{'worklist: large / small (target <= 3)':55} {after / before:8,.2f}")


def in_turn(*acts: Callable[[], Any]) -> list[float]:
	"""The median seconds of each, run by turns so that a machine whose speed drifts slows all of them."""
	found: list[list[float]] = [[] for _act in acts]
	for _round in range(ROUNDS):
		for times, act in zip(found, acts, strict=True):
			times.append(timed(act))
	return [median(times) for times in found]


def timed(act: Callable[[], Any]) -> float:
	begin = time.perf_counter()
	act()
	return time.perf_counter() - begin


def save(task: str) -> None:
	call_api.save_call(task, {"answers": {"pain": 2}, "notes": "n"})


def history(patient: str, count: int) -> None:
	names = new_names(count)
	rows = [
		{
			"name": name,
			"patient": patient,
			"outcome": "Reached Patient",
			"contacted_at": add_days(now_datetime(), -number - 1),
			"staff": "Administrator",
			"channel": "Phone",
		}
		for number, name in enumerate(names)
	]
	insert_rows("Follow-up Log", rows, docstatus=1)
	answers = [{"question": f"q{number}", "value": "1", "number": 1.0} for number in range(10)]
	insert_children("Follow-up Answer", "Follow-up Log", "answers", dict.fromkeys(names, answers))


def closed(patient: str, count: int) -> None:
	insert_rows(TASK, [task_row(name, patient, "Completed") for name in new_names(count)])


def open_tasks(patient: str, count: int) -> None:
	insert_rows(TASK, [task_row(name, patient, "Open") for name in new_names(count)])


def task_row(name: str, patient: str, status: str) -> dict[str, Any]:
	return {
		"name": name,
		"patient": patient,
		"patient_name": "Benchmark",
		"kind": "Planned",
		"status": status,
		"assigned_to": "Administrator",
		"due_date": make.days_from_now(-1),
		"priority": hash(name) % 90,
		"channel": "Phone",
		"on_hold": 0,
	}
