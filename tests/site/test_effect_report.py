"""The report Effect of Follow-up: groups as the lot made them, counted alike, with words that do not promise too much."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_days, today

from hospital_followup.hospital_followup.report.effect_of_follow_up.effect_of_follow_up import execute
from tests.site.rights import AD, DR, SP, SV, department, person, record

DISCHARGED, EXPECTED = -200, -170


def stay(group: str, **values: Any) -> str:
	"""A discharge of long ago in one of the groups, as the lot left it."""
	day = add_days(today(), DISCHARGED)
	decision = "Excluded" if group == "Held Out" else "Planned"
	values = {"discharge_date": day, "comparison_group": group, "decision": decision, **values}
	return record("Patient Discharge", **values).name


def revisit(discharge: str, *, came: bool, **values: Any) -> None:
	found = {"status": "Attended", "evidence_doctype": "User", "evidence_name": "Administrator"}
	values = {
		"expected_on": add_days(today(), EXPECTED),
		**(found if came else {"status": "Missed"}),
		**values,
	}
	record("Follow-up Revisit", discharge=discharge, **values)


def groups(followed: tuple[int, int], held: tuple[int, int], **values: Any) -> None:
	"""So many of so many who came back, in each group."""
	for group, (came, total) in (("Followed Up", followed), ("Held Out", held)):
		for number in range(total):
			revisit(stay(group, **values), came=number < came)


def report(**filters: Any) -> tuple[list[dict], str, Any, dict[str, Any]]:
	_columns, rows, message, chart, summary = execute({"from_date": add_days(today(), -300), **filters})
	return rows, message, chart, {item["label"]: item["value"] for item in summary}


def test_the_numbers_of_a_published_example():
	"""Newcombe 1998, Table II (a): 56/70 and 48/80 differ by 0.2, 0.0524 to 0.3339."""
	groups((56, 70), (48, 80))
	rows, _message, chart, summary = report()
	row = rows[0]
	assert (row["followed"], row["held"]) == ("56 of 70", "48 of 80")
	assert (row["followed_share"], row["held_share"]) == (80, 60)
	assert (round(row["difference"], 6), row["interval"]) == (20, "5.2 to 33.4")
	assert round(row["ratio"], 4) == 1.3333
	assert row["verdict"] == "More often when followed up, by more than chance explains."
	assert [data["values"] for data in chart["data"]["datasets"]] == [[80, 0], [60, 0]]
	assert (summary["Followed Up"], summary["Held Out"]) == (70, 80)


@pytest.mark.parametrize(
	("followed", "held", "words"),
	[
		((20, 29), (2, 40), "Too few to say"),
		((15, 30), (16, 30), "No difference shown"),
		((8, 30), (24, 30), "Less often"),
	],
)
def test_the_words_follow_the_numbers(followed, held, words):
	groups(followed, held)
	assert report()[0][0]["verdict"].startswith(words)


def test_who_was_held_out_counts_there_even_when_followed_up_later():
	groups((3, 5), (2, 5))
	revisit(stay("Held Out", decision="Planned", followed_up_after_all=1), came=True)
	rows, message, _chart, summary = report()
	assert rows[0]["held"] == "3 of 6"
	assert summary["Held Out, Followed Up After All"] == 1
	assert "1 of 6 patients who were held out were followed up after all" in message


@pytest.mark.parametrize(
	"values",
	[
		{"evidence_doctype": "Follow-up Log", "evidence_name": "a talk"},
		{"evidence_doctype": None, "evidence_name": None},
	],
)
def test_what_is_known_from_contacts_or_by_hand_only_would_favour_those_contacted(values):
	revisit(stay("Followed Up"), came=True, **values)
	assert report()[0][0]["followed"] == "0 of 1"


@pytest.mark.parametrize(
	("values", "shown"),
	[
		({"readmitted_on": 20, "readmission_evidence_doctype": "Inpatient Record"}, "1 of 1"),
		({"readmitted_on": 20, "readmission_evidence_doctype": "Follow-up Log"}, "0 of 1"),
		({"readmitted_on": 31, "readmission_evidence_doctype": "Inpatient Record"}, "0 of 1"),
		({}, "0 of 1"),
	],
)
def test_a_readmission_counts_within_thirty_days_when_a_document_shows_it(values, shown):
	if "readmitted_on" in values:
		values = {**values, "readmitted_on": add_days(today(), DISCHARGED + values["readmitted_on"])}
	stay("Followed Up", **values)
	assert report()[0][1]["followed"] == shown


def test_a_site_that_never_saved_the_interval_has_thirty_days():
	frappe.db.delete("Singles", {"doctype": "Follow-up Settings", "field": "readmission_days"})
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
	back = {"readmitted_on": add_days(today(), DISCHARGED + 20)}
	stay("Followed Up", readmission_evidence_doctype="Inpatient Record", **back)
	assert report()[0][1]["followed"] == "1 of 1"


def test_what_may_still_happen_is_not_counted():
	young = stay("Followed Up", discharge_date=add_days(today(), -10))
	revisit(young, came=False, expected_on=add_days(today(), -3))
	revisit(stay("Followed Up"), came=True, status="Cancelled")
	rows = report()[0]
	assert (rows[0]["followed"], rows[1]["followed"]) == ("0 of 0", "0 of 1")
	assert rows[0]["followed_share"] is None and rows[0]["interval"] == "–"


def test_cancelled_discharges_and_those_outside_of_the_comparison_are_left_out():
	for values in ({"cancelled": 1}, {"comparison_group": ""}):
		revisit(stay(values.get("comparison_group", "Held Out"), **{"cancelled": 0, **values}), came=True)
	assert report()[3]["Held Out"] == 0


def test_raw_conversion_stands_beside_and_says_that_it_is_none_of_it():
	groups((3, 5), (2, 5))
	row = report()[0][2]
	assert "conversion of all patients" in row["outcome"] and "would have come" in row["verdict"]
	assert "held_share" not in row


def test_without_a_comparison_it_says_how_to_get_one():
	rows, message, chart, _summary = report()
	assert "Held Out for Comparison" in message and chart is None
	assert "Too few" in rows[0]["verdict"]


def test_a_change_of_the_share_within_the_period_is_pointed_out():
	groups((1, 2), (1, 2))
	frappe.db.set_single_value("Follow-up Settings", "holdout_since", add_days(today(), -100))
	assert "choose a period from that day on" in report()[1]
	stay("Held Out", discharge_date=add_days(today(), -50))
	assert "choose a period" not in report(from_date=add_days(today(), -100))[1]


def test_department_and_period_choose_the_patients():
	here, there = department("Effect Here"), department("Effect There")
	groups((3, 5), (2, 5), department=here)
	groups((1, 4), (0, 4), department=there)
	assert report(department=here)[3]["Followed Up"] == 5
	assert report()[3]["Followed Up"] == 9
	assert report(from_date=add_days(today(), -100))[3]["Followed Up"] == 0


def test_a_supervisor_of_one_department_sees_that_department_only():
	here, there = department("Effect Here"), department("Effect There")
	groups((3, 5), (2, 5), department=here)
	groups((1, 4), (0, 4), department=there)
	frappe.set_user(person(SV, departments=(here,)))
	assert report()[3]["Followed Up"] == 5


@pytest.mark.parametrize(("role", "may"), [(SP, False), (DR, False), (SV, True), (AD, True)])
@pytest.mark.parametrize("name", ["Effect of Follow-up", "Referrals"])
def test_supervisors_and_administrators_read_it(name, role, may):
	frappe.set_user(person(role))
	if may:
		assert run(name, filters={"from_date": today(), "to_date": today()})["columns"]
	else:
		with pytest.raises(frappe.PermissionError):
			run(name, filters={"from_date": today(), "to_date": today()})


def test_it_speaks_chinese():
	frappe.local.lang = "zh"
	rows, message, _chart, _summary = report()
	assert "对照组" in message and "人数过少" in rows[0]["verdict"]
