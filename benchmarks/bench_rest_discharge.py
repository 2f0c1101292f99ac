"""One discharge through REST until its plan is visible, against one ToDo through REST (quality.md: at most 10 times).

The two are sent in turn, so that a machine whose speed drifts slows both; the ratio is of the medians.
"""

from __future__ import annotations

import time
from statistics import median

import frappe
import pytest
from frappe.utils import today

from hospital_followup.tests import factories
from tests.stack.rest import Rest

PAIRS = 40
WARM_UP = 5


@pytest.mark.commits
def test_discharge_through_rest(rest) -> None:
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		factories.policy()
	department = factories.department("Benchmark Ward")
	patients = [factories.patient(department=department).name for _index in range(PAIRS + WARM_UP)]
	frappe.db.commit()  # reason: the web server is another process
	client = rest("System Manager", "Follow-up Specialist")
	discharges, todos = [], []
	for patient in patients:
		discharges.append(timed(client, "Patient Discharge", discharge_of(patient, department)))
		todos.append(timed(client, "ToDo", {"description": "benchmark"}))
	discharge, todo = median(discharges[WARM_UP:]), median(todos[WARM_UP:])
	print()
	print(f"{'discharge, milliseconds (median)':45} {discharge * 1000:12,.1f}")
	print(f"{'ToDo, milliseconds (median)':45} {todo * 1000:12,.1f}")
	print(f"{'discharge / ToDo (target <= 10)':45} {discharge / todo:12,.2f}")


def discharge_of(patient: str, department: str) -> dict[str, object]:
	return {
		"patient": patient,
		"department": department,
		"discharge_date": today(),
		"length_of_stay": "6",
		"emergency_admission": "Yes",
		"charlson": "2",
		"ed_visits": "1",
	}


def timed(client: Rest, doctype: str, fields: dict[str, object]) -> float:
	"""Seconds of one insert through REST; a discharge must come back with its plan."""
	begin = time.perf_counter()
	answer = client.insert(doctype, fields)
	seconds = time.perf_counter() - begin
	document = answer.json()["data"]
	assert doctype != "Patient Discharge" or document["plan"], document
	return seconds
