"""A hospital of any size, made by the database itself: three years of contacts, each with its log, as the services leave them.

`TASKS` (environment) sets the size of the large tables; the targets speak of 1,000,000.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import frappe

from hospital_followup.tests import factories

LARGE = int(os.environ.get("TASKS", "1000000"))
SMALL = LARGE // 100
ROUNDS = int(os.environ.get("ROUNDS", "15"))
DAYS = 3 * 365
DEPARTMENTS, PEOPLE = 10, 40
AT_ONCE = 50_000
ME = "Administrator"

_STANDARD = "creation, modified, owner, modified_by, docstatus, name"
_AT = "NOW(), NOW(), 'Administrator', 'Administrator'"
# Every number of a row is drawn from its own number, so that two runs make the same hospital.
_DUE = f"DATE_SUB(CURDATE(), INTERVAL CRC32(seq) MOD {DAYS} DAY)"
_PLACE = f"CONCAT('Benchmark ', CRC32(seq + 3) MOD {DEPARTMENTS}), 'Renhe'"
_STAFF = f"CONCAT('caller', CRC32(seq + 3) MOD {DEPARTMENTS} * 4 + CRC32(seq + 5) MOD {PEOPLE // DEPARTMENTS}, '@bench.example')"
_TIER = "ELT(CRC32(seq + 7) MOD 3 + 1, 'High', 'Medium', 'Low')"
_CHANNEL = "ELT(CRC32(seq + 11) MOD 4 + 1, 'Phone', 'Phone', 'WeChat', 'SMS')"


def grow(begin: int, end: int, *, tasks_only: bool = False) -> None:
	"""Contacts number `begin` to `end` (exclusive), each with a log; for every fourth a discharge, for some the rest."""
	for start in range(begin, end, AT_ONCE):
		numbers = f"FROM seq_{start}_to_{min(start + AT_ONCE, end) - 1}"
		_write(
			"Follow-up Task",
			"patient, patient_name, discharge, kind, due_date, opens_on, expires_on, department, company, assigned_to,"
			" risk_tier, channel, role, status, attempts, outcome, priority, on_hold",
			f"SELECT {_AT}, 0, CONCAT('bt', seq), 'bench', 'Benchmark', CONCAT('bd', seq - seq MOD 4), 'Planned', {_DUE},"
			f" {_DUE}, DATE_ADD({_DUE}, INTERVAL 2 + CRC32(seq + 17) MOD 9 DAY), {_PLACE}, {_STAFF}, {_TIER}, {_CHANNEL},"
			" 'Follow-up Specialist', ELT(CRC32(seq + 13) MOD 10 + 1, 'Completed', 'Completed', 'Completed', 'Completed',"
			" 'Completed', 'Completed', 'Completed', 'Missed', 'Skipped', 'Cancelled'), 1,"
			f" IF(CRC32(seq + 13) MOD 10 < 7, 'Reached Patient', 'No Answer'), 50, 0 {numbers}",
		)
		if tasks_only:
			continue
		_write(
			"Follow-up Log",
			"task, patient, contacted_at, department, company, staff, channel, direction, outcome, satisfaction, duration_seconds",
			f"SELECT {_AT}, 1, CONCAT('bl', seq), CONCAT('bt', seq), 'bench', TIMESTAMP({_DUE}, '10:00:00'), {_PLACE},"
			f" {_STAFF}, {_CHANNEL}, 'Out', IF(CRC32(seq + 13) MOD 10 < 7, 'Reached Patient', 'No Answer'), seq MOD 6, 60"
			f" {numbers}",
		)
		_write(
			"Patient Discharge",
			"patient, discharge_date, department, company, attending_doctor, risk_tier, disposition, decision, cancelled, `key`",
			f"SELECT {_AT}, 0, CONCAT('bd', seq), 'bench', DATE_SUB({_DUE}, INTERVAL 3 DAY), {_PLACE}, 'Dr Chen', {_TIER},"
			f" 'Home', 'Planned', 0, CONCAT('bd', seq) {numbers} WHERE seq MOD 4 = 0",
		)
		_write(
			"Follow-up Revisit",
			"patient, discharge, expected_on, department, company, status",
			f"SELECT {_AT}, 0, CONCAT('br', seq), 'bench', CONCAT('bd', seq), {_DUE}, {_PLACE},"
			f" IF(seq MOD 3, 'Attended', 'Missed') {numbers} WHERE seq MOD 20 = 0",
		)
		_write(
			"Follow-up Alert",
			"patient, task, raised_on, respond_by, acknowledged_on, department, company, assigned_to, risk_tier, status, kind,"
			" severity, judgement",
			f"SELECT {_AT}, 0, CONCAT('ba', seq), 'bench', CONCAT('bt', seq), TIMESTAMP({_DUE}, '10:00:00'),"
			f" TIMESTAMP({_DUE}, '12:00:00'), TIMESTAMP({_DUE}, '11:00:00'), {_PLACE}, {_STAFF}, {_TIER}, 'Closed', 'Clinical',"
			f" 'Red', 'True' {numbers} WHERE seq MOD 50 = 0",
		)


def open_tasks(prefix: str, count: int, *, owner: str = "", status: str = "Open", opened: int = 0) -> None:
	"""Contacts that are still to be done; `opened` days ago their windows began."""
	_write(
		"Follow-up Task",
		"patient, patient_name, kind, due_date, opens_on, expires_on, department, company, assigned_to, risk_tier, channel,"
		" role, status, priority, on_hold",
		f"SELECT {_AT}, 0, CONCAT('{prefix}', seq), 'bench', 'Benchmark', 'Planned', CURDATE(),"
		f" DATE_SUB(CURDATE(), INTERVAL {opened} DAY), DATE_ADD(CURDATE(), INTERVAL 20 DAY), {_PLACE},"
		f" {repr(owner) if owner else _STAFF}, {_TIER}, {_CHANNEL}, 'Follow-up Specialist', '{status}',"
		f" CRC32(seq + 19) MOD 90, 0 FROM seq_1_to_{count}",
	)


def prepare() -> None:
	for number in range(DEPARTMENTS):
		factories.department(f"Benchmark {number}")
	frappe.db.commit()  # reason: a benchmark's own data, put back at the end


def _write(doctype: str, columns: str, rows: str) -> None:
	statement = f"INSERT INTO `tab{doctype}` ({_STANDARD}, {columns}) {rows}"
	frappe.db.sql(statement)  # reason: a million rows, written by the database itself
	frappe.db.commit()  # reason: a million rows are not one transaction


def analyse() -> None:
	"""Let the optimizer know the tables as it would after some days of use."""
	for doctype in (
		"Follow-up Task",
		"Follow-up Log",
		"Patient Discharge",
		"Follow-up Daily Figure",
		"Follow-up Daily Total",
	):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")  # reason: no query builder has this statement
	frappe.db.commit()  # reason: ANALYZE ends the transaction by itself


def undone(work: Callable[[], Any], rounds: int) -> list[float]:
	"""Seconds of each of several runs, each undone so that the next finds the same; the first, which warms, is left out."""
	times = []
	for _round in range(rounds + 1):
		begin = time.perf_counter()
		work()
		times.append(time.perf_counter() - begin)
		frappe.db.rollback()
	return times[1:]


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
	"""The median of several runs, each as a request of its own and undone, the first one not counted."""
	frappe.db.rollback()
	return statistics.median(undone(work, rounds))


def explain(work: Callable[[], Any], table: str) -> list[dict[str, Any]]:
	"""How the database goes about the SELECTs that `work` sends to `table`."""
	sent: list[tuple[str, Any]] = []
	original = frappe.db.sql

	def noting(query: Any, values: Any = (), *args: Any, **kwargs: Any) -> Any:
		if str(query).lstrip("( ").lower().startswith("select") and f"`tab{table}`" in str(query):
			sent.append((str(query), values))
		return original(query, values, *args, **kwargs)

	frappe.db.sql = noting
	try:
		work()
	finally:
		frappe.db.sql = original
	rows: list[dict[str, Any]] = []
	for query, values in sent:
		explain = f"EXPLAIN {query}"
		rows += frappe.db.sql(explain, values, as_dict=True)  # reason: EXPLAIN of a query that was sent
	return rows


def show(plan: list[dict[str, Any]]) -> None:
	for row in plan:
		print(
			f"    {row['table'] or '':28} {row['type'] or '':12} key {row['key'] or '-':36} rows {row['rows'] or 0:>8}"
			f"  {row['Extra'] or ''}"
		)
