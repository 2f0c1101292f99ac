"""A night of the life-long programmes in which 500 people changed, with 20,000 and with 200,000 enrolled (at most 1.3 times).

`ENROLMENTS` (environment) sets the larger number; the smaller one is a tenth of it, and 500 or a fortieth of that changed.
Enrolment by rule: patients written, discharges written and birthdays since the night before. Rolling: enrolments whose next
contact has come into the horizon. Each round is undone, so that the same people have changed again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime, today

from benchmarks.big_tables import explain, show, undone
from hospital_followup.services import (
	programme_candidates,
	programme_plans,
	programme_rolling,
	programme_rules,
	programmes,
)
from hospital_followup.tests import factories

LARGE = int(os.environ.get("ENROLMENTS", "200000"))
SMALL = LARGE // 10
CHANGED = min(500, SMALL // 40)
ROUNDS = int(os.environ.get("ROUNDS", "9"))
AT_ONCE = 50_000
PATIENT, ENROLMENT, DISCHARGE, RULE = (
	"Follow-up Patient",
	"Programme Enrolment",
	"Patient Discharge",
	"Programme Rule",
)
#: The tables that a night reads.
READ = (
	PATIENT,
	DISCHARGE,
	ENROLMENT,
	"Follow-up Consent",
	"Follow-up Plan",
	"Follow-up Task",
	"Patient Value",
)
OLD = "'2020-01-01 00:00:00'"
_STANDARD = "name, creation, modified, owner, modified_by, docstatus"


@pytest.mark.commits
def test_programmes(site: Any) -> None:
	factories.standard_policy()
	yearly, screening = pathway("Yearly"), pathway("Screening")
	rule = frappe.get_doc(
		{
			"doctype": RULE,
			"title": "Screening",
			"pathway": screening,
			"enabled": 1,
			"nightly": 1,
			"age_from": "40",
		}
	).insert()
	print()
	enrolled(1, SMALL, yearly)
	changed(yearly)
	mark(rule.name)
	analyse()
	small = {name: timed(work) for name, work in steps().items()}
	enrolled(SMALL + 1, LARGE, yearly)
	analyse()
	for name, work in steps().items():
		large = timed(work)
		print(
			f"{name:46} {SMALL:>8,}: {small[name]:7.3f} s  {LARGE:>8,}: {large:7.3f} s"
			f"  ratio {large / small[name]:5.2f} (target <= 1.3)"
		)
	for name, work in steps().items():
		for table in READ:
			print(f"{name}: {table}")
			show(explain(work, table)[:6])
			frappe.db.rollback()


def steps() -> dict[str, Callable[[], Any]]:
	day = getdate(today())
	return {
		f"enrol by rule, {CHANGED:,} changed": lambda: enrol_changed(day),
		f"roll, {CHANGED:,} due": lambda: roll(day),
	}


def enrol_changed(day: Any) -> None:
	"""What the nightly job does in one transaction for those who changed."""
	rules = programme_rules.enabled("nightly")
	since = rules[0].looked_until
	names = programme_candidates.changed(since, [40], day)
	assert len(names) == CHANGED, len(names)
	candidates = programme_candidates.read(names, lock=True)
	assert sum(programme_rules.enrol(rules, candidates, day, programmes.RULE).values()) == CHANGED


def roll(day: Any) -> None:
	patients = programme_rolling.due(day)
	assert len(patients) == CHANGED, len(patients)
	for begin in range(0, len(patients), programme_rolling.PATIENTS_AT_ONCE):
		programme_plans.plan_patients(patients[begin : begin + programme_rolling.PATIENTS_AT_ONCE])


def pathway(title: str) -> str:
	"""A contact every year for ten years, in use; its name."""
	step = {"title": "Check-up", "offset": 1, "offset_unit": "Month", "window_days": 14, "topics": "Guidance"}
	step |= {"repeat_every": 12, "repeat_unit": "Month", "repeat_count": 10}
	doc = frappe.get_doc(
		{
			"doctype": "Care Pathway",
			"title": f"Benchmark {title}",
			"anchor": "Enrolment",
			"status": "Approved",
			"sign_off": "Administrator",
			"review_by": add_to_date(today(), years=1),
			"steps": [step],
		}
	)
	return doc.insert().name


def enrolled(begin: int, end: int, programme: str) -> None:
	"""Patients of 30 years who have been enrolled for two months, planned until next year; written by the database itself."""
	title = frappe.db.get_value("Care Pathway", programme, "title")
	for start in range(begin, end + 1, AT_ONCE):
		numbers = f"FROM seq_{start}_to_{min(start + AT_ONCE - 1, end)}"
		standard = f"{OLD}, {OLD}, 'Administrator', 'Administrator', 0"
		write(
			PATIENT,
			"patient_id, patient_name, sex, date_of_birth, status, company",
			f"SELECT CONCAT('bp', seq), {standard}, CONCAT('bp', seq), 'Benchmark', 'Female',"
			f" DATE_SUB(CURDATE(), INTERVAL 11000 + seq MOD 300 DAY), 'Active', '' {numbers}",
		)
		write(
			"Follow-up Consent",
			"patient, programme, purpose, channel, given_on",
			f"SELECT CONCAT('bc', seq), {standard}, CONCAT('bp', seq), '{title}', 'Clinical', 'All', {OLD} {numbers}",
		)
		write(
			ENROLMENT,
			"patient, patient_name, pathway, anchor_date, enrolled_on, enrolled_through, status, planned_until, consent,"
			" company, `key`",
			f"SELECT CONCAT('be', seq), {standard}, CONCAT('bp', seq), 'Benchmark', '{programme}',"
			" DATE_SUB(CURDATE(), INTERVAL 60 DAY), DATE_SUB(CURDATE(), INTERVAL 60 DAY), 'Rule', 'Active',"
			f" DATE_ADD(CURDATE(), INTERVAL 200 + seq MOD 30 DAY), CONCAT('bc', seq), '',"
			f" CONCAT('bp', seq, '|{title}|bench') {numbers}",
		)
		write(
			DISCHARGE,
			"patient, discharge_date, decision, cancelled, `key`",
			f"SELECT CONCAT('bd', seq), {standard}, CONCAT('bp', seq), DATE_SUB(CURDATE(), INTERVAL 900 DAY), 'Planned',"
			f" 0, CONCAT('bd', seq) {numbers} WHERE seq MOD 2 = 0",
		)


def changed(programme: str) -> None:
	"""Of the first people a third was written today, of a third a discharge was, and a third has turned 40; all are due."""
	third = CHANGED // 3
	birthday = "DATE_SUB(CURDATE(), INTERVAL 40 YEAR)"
	people, due = f"'bp', seq) FROM seq_1_to_{CHANGED}", "DATE_SUB(CURDATE(), INTERVAL 1 DAY)"
	update(PATIENT, f"date_of_birth = {birthday} - INTERVAL 2 YEAR", f"name IN (SELECT CONCAT({people})")
	update(PATIENT, "modified = NOW()", f"name IN (SELECT CONCAT('bp', seq) FROM seq_1_to_{third})")
	standard = "NOW(), NOW(), 'Administrator', 'Administrator', 0"
	write(
		DISCHARGE,
		"patient, discharge_date, decision, cancelled, `key`",
		f"SELECT CONCAT('bx', seq), {standard}, CONCAT('bp', seq), CURDATE(), 'Missed', 0, CONCAT('bx', seq)"
		f" FROM seq_{third + 1}_to_{2 * third}",
	)
	update(
		PATIENT,
		f"date_of_birth = {birthday}",
		f"name IN (SELECT CONCAT('bp', seq) FROM seq_{2 * third + 1}_to_{CHANGED})",
	)
	update(ENROLMENT, f"planned_until = {due}", f"patient IN (SELECT CONCAT({people})")


def mark(rule: str) -> None:
	found = programme_rules.named(rule)
	values = {"looked_until": add_to_date(now_datetime(), days=-1), "looked_with": found.digest}
	frappe.db.set_value(RULE, rule, values)
	frappe.db.commit()  # reason: a benchmark's own data, put back at the end


def write(doctype: str, columns: str, rows: str) -> None:
	insert = f"INSERT INTO `tab{doctype}` ({_STANDARD}, {columns}) {rows}"
	frappe.db.sql(insert)  # reason: a hundred thousand rows, written by the database itself
	frappe.db.commit()  # reason: a benchmark's own data, put back at the end


def update(doctype: str, values: str, rows: str) -> None:
	frappe.db.sql(f"UPDATE `tab{doctype}` SET {values} WHERE {rows}")  # reason: as above
	frappe.db.commit()  # reason: as above


def analyse() -> None:
	for doctype in READ:
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")  # reason: no query builder has this statement
	frappe.db.commit()  # reason: ANALYZE ends the transaction by itself


def timed(work: Callable[[], Any]) -> float:
	"""The quickest of several runs, each undone: what else the machine does only ever adds."""
	return min(undone(work, ROUNDS))
