"""Who recommended us: said at discharge or in a survey, each stay counted once."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, get_datetime, now_datetime, today

from hospital_followup.hospital_followup.report.referrals.referrals import execute
from hospital_followup.tests import factories as make
from tests.site.rights import SV, department, person
from tests.site.samples import saved


@pytest.fixture(autouse=True)
def policy() -> None:
	make.standard_policy()


def said(source: str | None, **fields: Any) -> Any:
	return make.discharge(referral_source=source, **fields)


def survey(discharge: Any, source: str, *, at: Any = None, **fields: Any) -> None:
	about = {"task": make.tasks_of(discharge.plan)[0].name, "patient": discharge.patient}
	doc = saved("Follow-up Survey", **{**about, "referral_source": source, **fields})
	answered = {"status": "Answered", "answered_on": at or now_datetime()}
	frappe.db.set_value("Follow-up Survey", doc.name, {**answered, "department": discharge.department})


def report(**filters: Any) -> tuple[list[tuple[str, int, int, int]], Any, dict[str, Any]]:
	_columns, rows, _message, chart, summary = execute({"from_date": today(), "to_date": today(), **filters})
	shown = [(row["shown"], row["total"], row["discharges"], row["surveys"]) for row in rows]
	return shown, chart, {item["label"]: item["value"] for item in summary}


def test_sources_are_counted_and_word_of_mouth_is_told_apart():
	for source in ("Patient", "Patient", "Family or Friend", "Internet", None):
		said(source)
	rows, chart, summary = report()
	assert rows == [("Patient", 2, 2, 0), ("Family or Friend", 1, 1, 0), ("Internet", 1, 1, 0)]
	assert chart["data"]["datasets"][0]["values"] == [2, 1, 1]
	assert summary == {
		"Patients Who Said It": 4,
		"Came by Word of Mouth": 3,
		"Word of Mouth, of Those Who Said It": 75,
		"Discharges in the Period": 5,
	}


def test_a_survey_counts_where_the_discharge_says_nothing():
	survey(said(None), "Patient")
	survey(said("Internet"), "Patient")
	assert report()[0] == [("Internet", 1, 1, 0), ("Patient", 1, 0, 1)]


def test_two_surveys_of_one_stay_count_once_and_the_first_one_stands():
	stay = said(None)
	survey(stay, "Patient", at=get_datetime(f"{add_days(today(), -40)} 10:00:00"))
	survey(stay, "Internet", at=get_datetime(f"{today()} 09:00:00"), task=make.tasks_of(stay.plan)[1].name)
	assert report(from_date=add_days(today(), -60))[0] == [("Patient", 1, 0, 1)]
	assert report()[0] == []


@pytest.mark.parametrize(("hour", "counted"), [("00:01:00", 1), ("23:59:00", 1)])
def test_a_survey_belongs_to_the_day_of_its_answer(hour, counted):
	survey(said(None), "Patient", at=get_datetime(f"{today()} {hour}"))
	survey(said(None), "Patient", at=get_datetime(f"{add_days(today(), 1)} 00:00:00"))
	assert sum(total for _shown, total, _discharges, _surveys in report()[0]) == counted


def test_people_who_recommend_us_are_found_by_record_or_by_name():
	friend = make.patient(patient_name="Zhang San")
	for _number in range(2):
		said("Patient", recommended_by_patient=friend.name)
	said("Family or Friend", recommended_by=" Aunt Li ")
	said("Internet")
	rows = report(group_by="Recommended By")[0]
	assert rows == [("Zhang San", 2, 2, 0), ("Aunt Li", 1, 1, 0), ("Not named", 1, 1, 0)]


def test_departments_are_compared():
	said("Patient", department=department("Referral Here"))
	assert report(group_by="Department")[0] == [("Referral Here", 1, 1, 0)]


def test_cancelled_discharges_and_other_days_are_left_out():
	frappe.db.set_value("Patient Discharge", said("Patient").name, "cancelled", 1)
	said("Patient", discharge_date=add_days(today(), -1))
	rows, chart, summary = report()
	assert (rows, chart, summary["Word of Mouth, of Those Who Said It"]) == ([], None, "–")


def test_a_supervisor_of_one_department_sees_that_department_only():
	here, there = department("Referral Here"), department("Referral There")
	friend = make.patient(patient_name="Zhang San", department=there)
	said("Patient", department=here, recommended_by_patient=friend.name)
	said("Patient", department=there)
	frappe.set_user(person(SV, departments=(here,)))
	assert report()[0] == [("Patient", 1, 1, 0)]
	assert report(group_by="Recommended By")[0] == [("A patient of another department", 1, 1, 0)]
