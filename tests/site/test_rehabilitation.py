"""The rehabilitation record: answers over time, with the target that the questionnaire's own thresholds give."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from hospital_followup.services.rehabilitation import rehabilitation
from hospital_followup.tests import factories as make
from tests.site.rights import person, record
from tests.support.queries import count_queries

LOG = "Follow-up Log"
QUESTIONS = [
	{
		"code": "systolic",
		"text": "收缩压",
		"answer_type": "Number",
		"unit": "mmHg",
		"amber_if": ">= 140 or < 90",
	},
	{"code": "diastolic", "text": "舒张压", "answer_type": "Number", "unit": "mmHg", "amber_if": ">= 90"},
	{
		"code": "pain",
		"text": "疼痛",
		"answer_type": "Scale",
		"minimum": "0",
		"maximum": "10",
		"red_if": ">= 7",
	},
	{"code": "weight", "text": "体重", "answer_type": "Number", "unit": "kg"},
	{"code": "wound", "text": "伤口", "answer_type": "Choice", "choices": "dry | 干燥\nred | 红肿"},
	{
		"code": "low",
		"text": "情绪低落",
		"answer_type": "Scale",
		"minimum": "0",
		"maximum": "3",
		"group": "mood",
	},
	{
		"code": "joy",
		"text": "缺少乐趣",
		"answer_type": "Scale",
		"minimum": "0",
		"maximum": "3",
		"group": "mood",
	},
	{"code": "remark", "text": "还有什么?", "answer_type": "Text"},
]
SCORES = [{"group": "mood", "title": "情绪评分", "amber_if": ">= 3"}]


@pytest.fixture
def asked() -> str:
	return record(
		"Follow-up Questionnaire", title="康复", language="zh", questions=QUESTIONS, scores=SCORES
	).name


@pytest.fixture
def patient() -> str:
	return make.patient().name


def answer(patient: str, asked: str | None, days: int, **answers: str) -> Any:
	"""A submitted contact of some days ago with these answers."""
	flags = {"pain": {"8": "Red"}}
	rows = [
		{"question": code, "value": value, "flag": flags.get(code, {}).get(value)}
		for code, value in answers.items()
	]
	when = add_to_date(now_datetime(), days=-days)
	facts = {"patient": patient, "questionnaire": asked, "contacted_at": when, "outcome": "Reached Patient"}
	return record(LOG, docstatus=1, answers=rows, **facts)


def charts(patient: str) -> dict[str, dict[str, Any]]:
	return {chart["title"]: chart for chart in rehabilitation(patient)["charts"]}


def values(line: dict[str, Any]) -> list[float]:
	return [point["value"] for point in line["points"]]


def test_numbers_become_lines_oldest_first_with_their_flags(patient, asked) -> None:
	answer(patient, asked, 2, pain="8")
	answer(patient, asked, 9, pain="3")
	[line] = charts(patient)["疼痛"]["lines"]
	assert values(line) == [3, 8]
	assert [point["on"] for point in line["points"]] == [
		getdate(add_days(today(), -9)),
		getdate(add_days(today(), -2)),
	]
	assert [point["flag"] for point in line["points"]] == [None, "Red"]
	assert line["band"] == {"low": None, "high": 7, "words": "below 7"}


def test_blood_pressure_is_one_chart_of_two_lines(patient, asked) -> None:
	answer(patient, asked, 5, systolic="150", diastolic="95", weight="71.5")
	found = charts(patient)
	upper, lower = found["Blood Pressure"]["lines"]
	assert (values(upper), values(lower)) == ([150], [95])
	assert (upper["band"]["words"], lower["band"]["words"]) == ("90 to 140 mmHg", "below 90 mmHg")
	assert found["体重"]["lines"][0]["band"] is None
	assert found["体重"]["lines"][0]["points"][0]["shown"] == "71.5 kg"


def test_choices_are_told_in_words(patient, asked) -> None:
	answer(patient, asked, 5, wound="red")
	answer(patient, asked, 1, wound="dry", remark="好多了")
	[row] = rehabilitation(patient)["rows"]
	assert [point["shown"] for point in row["points"]] == ["红肿", "干燥"]


def test_a_scored_group_has_a_point_where_all_of_it_was_answered(patient, asked) -> None:
	answer(patient, asked, 9, low="1", joy="1")
	answer(patient, asked, 5, low="2")
	answer(patient, asked, 1, low="2", joy="1")
	[line] = charts(patient)["情绪评分"]["lines"]
	assert values(line) == [2, 3]
	assert [point["flag"] for point in line["points"]] == [None, "Amber"]
	assert line["band"]["words"] == "below 3"


def test_the_target_is_that_of_the_newest_version(patient, asked) -> None:
	stricter = [{**row, "amber_if": ">= 130"} if row["code"] == "systolic" else row for row in QUESTIONS]
	newer = record("Follow-up Questionnaire", title="康复", language="zh", questions=stricter).name
	answer(patient, asked, 9, systolic="135")
	answer(patient, newer, 1, systolic="135")
	[line] = charts(patient)["收缩压"]["lines"]
	assert values(line) == [135, 135] and line["band"]["words"] == "below 130 mmHg"


def test_an_answer_taken_back_or_without_a_questionnaire(patient, asked) -> None:
	answer(patient, asked, 9, pain="")
	answer(patient, None, 3, steps="4000", note="ok")
	found = charts(patient)
	assert set(found) == {"steps"} and found["steps"]["lines"][0]["band"] is None


def test_drafts_cancelled_contacts_and_other_patients_stay_out(patient, asked) -> None:
	for docstatus in (0, 2):
		frappe.db.set_value(LOG, answer(patient, asked, 3, pain="5").name, "docstatus", docstatus)
	answer(make.patient().name, asked, 3, pain="5")
	assert rehabilitation(patient) == {"charts": [], "rows": []}


def test_it_shows_what_a_list_of_contacts_would_show(patient, asked) -> None:
	ours, theirs = make.department("Rehab Surgery"), make.department("Rehab Psychiatry")
	for ward, pain in ((ours, "3"), (theirs, "5")):
		frappe.db.set_value(LOG, answer(patient, asked, 3, pain=pain).name, "department", ward)
	surgical, central = (
		person("Follow-up Specialist", departments=(ours,)),
		person("Follow-up Specialist"),
	)
	frappe.set_user(surgical)
	assert values(charts(patient)["疼痛"]["lines"][0]) == [3]
	frappe.set_user(central)
	assert sorted(values(charts(patient)["疼痛"]["lines"][0])) == [3, 5]


def test_answers_need_their_level(patient, asked, as_user) -> None:
	answer(patient, asked, 3, pain="5")
	frappe.db.delete("DocPerm", {"parent": LOG, "permlevel": 1, "role": "Follow-up Doctor"})
	frappe.clear_cache(doctype=LOG)
	with as_user("Follow-up Doctor"):
		assert rehabilitation(patient) == {"charts": [], "rows": []}


def test_it_costs_the_same_however_long_the_history(patient, asked) -> None:
	answer(patient, asked, 1, pain="5")
	short = count_queries(lambda: rehabilitation(patient))
	for days in range(60):
		answer(patient, asked, days, pain="5", systolic="130", diastolic="80", low="1", joy="1", wound="dry")
	assert count_queries(lambda: rehabilitation(patient)) == short <= 6
