"""Bulk planning against Frappe's own ways to write many documents, measured in the same run on the same site.

Plans 10,000 discharges (read, decide, write tiers, plans, tasks) the way the dispatcher does, then writes the very same
rows with `frappe.db.bulk_insert` and with the driver's plain `executemany`, and lets Frappe's Auto Repeat make documents.
Prints rows or documents per second and the ratios that the specification asks for (quality.md, Speed).
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import frappe
import psutil
import pytest
from frappe.utils import getdate, today

from hospital_followup.services.planning import plan_discharges
from hospital_followup.services.writer import chunks, insert_rows, new_names
from hospital_followup.tests import factories

TASK = "Follow-up Task"
TABLES = ("Patient Tier", "Tier Component", "Follow-up Plan", "Follow-up Task", "Follow-up Task Source")
DEPARTMENTS = ("Benchmark Surgery", "Benchmark Medicine")
COMMIT_EVERY = 500


@pytest.mark.commits
def test_bulk_planning(site: object) -> None:
	report(measure(int(os.environ.get("DISCHARGES", "10000"))))


def measure(discharges: int) -> dict[str, float]:
	prepare_policy()
	names = make_discharges(discharges)
	frappe.db.commit()  # reason: a benchmark's own data, removed at the end
	gc.collect()
	start_memory = memory()
	planning = timed(lambda: plan_all(names))
	grown = memory() - start_memory
	rows = {table: read_rows(table, names) for table in TABLES}
	count = sum(len(values) for _fields, values in rows.values())
	bulk_insert = timed(lambda: write_again(rows, names, frappe_bulk_insert))
	executemany = timed(lambda: write_again(rows, names, plain_executemany))
	documents = sum(len(rows[table][1]) for table in ("Patient Tier", "Follow-up Plan", "Follow-up Task"))
	repeat_rate = auto_repeat_rate()
	remove(names)
	return {
		"discharges": discharges,
		"rows": count,
		"planning rows/s": count / planning,
		"bulk_insert rows/s": count / bulk_insert,
		"executemany rows/s": count / executemany,
		"planning / bulk_insert (target >= 1)": bulk_insert / planning,
		"planning / executemany (stretch >= 0.5)": executemany / planning,
		"planning documents/s": documents / planning,
		"Auto Repeat documents/s": repeat_rate,
		"planning / Auto Repeat (target >= 50)": documents / planning / repeat_rate,
		"memory grown, MB (target <= 300)": grown,
	}


def report(figures: dict[str, float]) -> None:
	print()
	for label, value in figures.items():
		print(f"{label:45} {value:12,.2f}")


def prepare_policy() -> None:
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		factories.policy()


def make_discharges(count: int) -> list[str]:
	"""Patients and Pending discharges as an import leaves them: mixed scores, days and departments."""
	for department in DEPARTMENTS:
		if not frappe.db.exists("Follow-up Department", department):
			frappe.get_doc({"doctype": "Follow-up Department", "department_name": department}).insert()
	patients, discharges = new_names(count), new_names(count)
	insert_rows(
		"Follow-up Patient",
		[
			{
				"name": name,
				"patient_id": f"BENCH-{index}",
				"patient_name": f"病人{index}",
				"mobile": "+8613800138000",
				"mobile_status": "Unknown",
				"status": "Active",
			}
			for index, name in enumerate(patients)
		],
	)
	first = getdate(today())
	insert_rows(
		"Patient Discharge",
		[
			{
				"name": name,
				"patient": patients[index],
				"patient_name": f"病人{index}",
				"discharge_date": first - timedelta(days=index % 3),
				"department": DEPARTMENTS[index % 2],
				"disposition": "Home",
				"length_of_stay": str(index % 15),
				"emergency_admission": ("Yes", "No")[index % 2],
				"charlson": str(index % 5),
				"ed_visits": str(index % 4),
				"decision": "Pending",
				"key": f"BENCH-{name}",
			}
			for index, name in enumerate(discharges)
		],
	)
	return discharges


def plan_all(names: list[str]) -> None:
	for part in chunks(names, COMMIT_EVERY):
		result = plan_discharges(part, cause="benchmark")
		if len(result.planned) != len(part):
			sys.exit(f"planned {len(result.planned)} of {len(part)}: {result.failed[:3]}")
		frappe.db.commit()  # reason: one transaction per chunk, as the dispatcher does


def read_rows(table: str, names: list[str]) -> tuple[list[str], list[tuple[Any, ...]]]:
	"""Column names and rows of everything that planning wrote into `table`."""
	fields = [field for field in frappe.db.get_table_columns(table) if not field.startswith("_")]
	doctype = frappe.qb.DocType(table)
	query = frappe.qb.from_(doctype).select(*[doctype[field] for field in fields])
	values: list[tuple[Any, ...]] = []
	for parents in chunks(owners(table, names), 1_000):
		values += query.where(doctype[key_of(table)].isin(parents)).run()
	return fields, values


def key_of(table: str) -> str:
	return "parent" if frappe.get_meta(table).istable else "discharge"


def owners(table: str, names: list[str]) -> list[str]:
	"""The values of `key_of(table)` that belong to the discharges `names`."""
	parents = {"Tier Component": "Patient Tier", "Follow-up Task Source": "Follow-up Task"}
	if table not in parents:
		return names
	found: list[str] = []
	for part in chunks(names, 1_000):
		found += frappe.get_all(parents[table], filters={"discharge": ("in", part)}, pluck="name")
	return found


def write_again(
	rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]],
	names: list[str],
	write: Callable[[str, list[str], list[tuple[Any, ...]]], None],
) -> float:
	"""Remove what planning wrote and write the same rows with `write`; returns the seconds of the deleting to subtract."""
	begin = time.perf_counter()
	for table, (_fields, values) in rows.items():
		for part in chunks([value[0] for value in values], 1_000):
			frappe.db.delete(table, {"name": ("in", part)})
	frappe.db.commit()  # reason: the rival starts from committed tables, like planning did
	deleting = time.perf_counter() - begin
	for table, (fields, values) in rows.items():
		for part in chunks(values, 10_000):
			write(table, fields, part)
			frappe.db.commit()  # reason: the rival commits per chunk too
	return deleting


def frappe_bulk_insert(table: str, fields: list[str], values: list[tuple[Any, ...]]) -> None:
	frappe.db.bulk_insert(table, fields, values)


def plain_executemany(table: str, fields: list[str], values: list[tuple[Any, ...]]) -> None:
	columns, marks = ", ".join(f"`{field}`" for field in fields), ", ".join(["%s"] * len(fields))
	frappe.db._cursor.executemany(f"INSERT INTO `tab{table}` ({columns}) VALUES ({marks})", values)


def auto_repeat_rate(documents: int = 60) -> float:
	"""Documents per second when Frappe's Auto Repeat, which also makes dated documents from a rule, makes our tasks."""
	from frappe.automation.doctype.auto_repeat.auto_repeat import create_repeated_entries
	from frappe.custom.doctype.custom_field.custom_field import create_custom_field
	from frappe.custom.doctype.property_setter.property_setter import make_property_setter

	create_custom_field(
		TASK,
		{"fieldname": "auto_repeat", "label": "Auto Repeat", "fieldtype": "Link", "options": "Auto Repeat"},
	)
	make_property_setter(TASK, "", "allow_auto_repeat", "1", "Check", for_doctype=True)
	frappe.clear_cache(doctype=TASK)
	model = frappe.get_last_doc(TASK)
	repeats = []
	for _index in range(documents):
		task = frappe.copy_doc(model)
		task.key = None
		task.insert()
		repeat = frappe.get_doc(
			{
				"doctype": "Auto Repeat",
				"reference_doctype": TASK,
				"reference_document": task.name,
				"frequency": "Daily",
				"start_date": today(),
			}
		).insert()
		repeat.db_set("next_schedule_date", getdate(today()))  # due now
		repeats.append(repeat)
	rows = [frappe._dict(name=repeat.name) for repeat in repeats]
	before = frappe.db.count(TASK)
	seconds = timed(lambda: create_repeated_entries(rows))
	made = frappe.db.count(TASK) - before
	frappe.db.rollback()
	if made != documents:
		sys.exit(f"Auto Repeat made {made} of {documents} documents")
	return made / seconds


def remove(names: list[str]) -> None:
	for table in TABLES:
		for part in chunks(owners(table, names), 1_000):
			if table not in ("Patient Tier", "Follow-up Task"):
				frappe.db.delete(table, {key_of(table): ("in", part)})
	for part in chunks(names, 1_000):
		for table in ("Patient Tier", "Follow-up Task"):
			frappe.db.delete(table, {"discharge": ("in", part)})
		frappe.db.delete("Patient Discharge", {"name": ("in", part)})
	frappe.db.delete("Follow-up Patient", {"patient_id": ("like", "BENCH-%")})
	for department in DEPARTMENTS:
		frappe.db.delete("Follow-up Department", {"name": department})
	frappe.db.commit()  # reason: the benchmark removes its own data


def timed(action: Callable[[], float | None]) -> float:
	"""Wall seconds of `action`, less what it returns as not its own."""
	begin = time.perf_counter()
	not_counted = action() or 0.0
	return time.perf_counter() - begin - not_counted


def memory() -> float:
	"""Resident memory of this process in MB."""
	return psutil.Process().memory_info().rss / 1e6
