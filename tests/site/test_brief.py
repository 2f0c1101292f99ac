"""The pre-call brief: its shape in every state, what a reader may not see, and what it costs."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from hospital_followup.services.brief import brief
from hospital_followup.tests import factories as make
from tests.site.rights import person, record
from tests.support.queries import count_queries

SPECIALIST = "Follow-up Specialist"
PARTS = {
	"who": {
		"patient",
		"patient_name",
		"patient_id",
		"sex",
		"age",
		"language",
		"mobile",
		"mobile_status",
		"preferred_slot",
		"preferred_channel",
		"caregiver_name",
		"caregiver_relation",
		"caregiver_mobile",
		"caregiver_mobile_status",
		"special_care",
		"special_care_note",
		"home_address",
		"may_hear",
		"status",
		"link",
	},
	"why": {
		"discharge",
		"discharge_date",
		"days_since",
		"department",
		"attending_doctor",
		"diagnoses",
		"procedures",
		"instructions",
		"medicines",
		"allergies",
		"conditions",
		"habits",
		"pending_results",
		"record",
	},
	"happened": {"contacts", "alerts", "promise", "given"},
	"due": {"revisit", "diary", "revisit_date", "tests", "next_contacts"},
}


@pytest.fixture
def task() -> frappe._dict:
	"""The first contact of a discharge with everything that the discharge may know."""
	patient = make.patient(
		patient_name="王秀英",
		mobile="13800138000",
		caregiver_name="李强",
		caregiver_relation="儿子",
		caregiver_mobile="13900139000",
		allergies="青霉素",
		habits="不吸烟",
		conditions=[{"code": "I10", "title": "高血压"}],
	)
	doc = make.discharge(
		patient.name,
		discharge_date=add_days(today(), -1),
		attending_doctor="陈医生",
		revisit_date=add_days(today(), 14),
		instructions="低盐饮食",
		pending_results="病理报告\n血培养",
		diagnoses=[
			{"code": "E11.9", "title": "2 型糖尿病"},
			{"code": "I50.9", "title": "心力衰竭", "primary": 1},
		],
		procedures=[{"code": "36.06", "title": "冠状动脉支架植入", "performed_on": add_days(today(), -3)}],
	)
	return make.tasks_of(doc.plan)[0]


def has_shape(facts: dict[str, Any]) -> bool:
	return set(facts) == set(PARTS) and all(keys <= set(facts[part]) for part, keys in PARTS.items())


def test_it_tells_who_why_and_what_is_due(task) -> None:
	facts = brief(task.name)
	assert has_shape(facts)
	who, why, due = facts["who"], facts["why"], facts["due"]
	assert (who["patient_name"], who["mobile"], who["caregiver_mobile"]) == (
		"王秀英",
		"+8613800138000",
		"+8613900139000",
	)
	assert who["age"] == getdate(today()).year - 1960 - (
		(getdate(today()).month, getdate(today()).day) < (5, 4)
	)
	assert (why["days_since"], why["attending_doctor"], why["instructions"]) == (1, "陈医生", "低盐饮食")
	assert [row["title"] for row in why["diagnoses"]] == ["心力衰竭", "2 型糖尿病"]
	assert [row["title"] for row in why["procedures"]] == ["冠状动脉支架植入"]
	assert (why["allergies"], why["habits"], why["conditions"]) == ("青霉素", "不吸烟", ["高血压"])
	assert why["pending_results"] == ["病理报告", "血培养"]
	assert why["record"] is None and why["medicines"] == []
	assert due["revisit_date"] == getdate(add_days(today(), 14))
	ahead = [row.name for row in make.tasks_of(task.plan) if row.name != task.name]
	assert [row.name for row in due["next_contacts"]] == ahead[:5] and ahead


def test_a_task_of_nothing_but_a_patient_has_the_same_shape() -> None:
	facts = brief(make.task(patient=make.patient(date_of_birth=None, mobile=None).name).name)
	assert has_shape(facts)
	assert facts["who"]["age"] is None and facts["why"]["discharge"] is None
	assert facts["happened"] == {"contacts": [], "alerts": [], "promise": None, "given": []}


def test_a_task_that_is_gone_is_said_so() -> None:
	with pytest.raises(frappe.DoesNotExistError):
		brief("nothing")


def test_what_happened_is_told_newest_first_with_its_answers(task) -> None:
	contact(task, "No Answer", hours=-30, notes="手机关机")
	contact(
		task,
		"Callback Requested",
		hours=-3,
		next_attempt_at=add_to_date(now_datetime(), hours=3),
		answers=[
			{"question": "pain", "question_text": "疼痛几分?", "value": "8", "number": 8, "flag": "Red"}
		],
	)
	happened = brief(task.name)["happened"]
	assert [row["outcome"] for row in happened["contacts"]] == ["Callback Requested", "No Answer"]
	[answer] = happened["contacts"][0]["answers"]
	assert (answer["text"], answer["value"], answer["flag"]) == ("疼痛几分?", "8", "Red")
	assert happened["contacts"][1]["notes"] == "手机关机"
	assert happened["promise"]["by"] == "Administrator" and happened["promise"]["at"] > now_datetime()


def test_answers_are_told_in_the_words_of_their_questionnaire(task) -> None:
	wound = "dry | 干燥\nred | 红肿"
	asked = record(
		"Follow-up Questionnaire",
		title="伤口",
		language="zh",
		questions=[
			{"code": "wound", "text": "伤口怎么样?", "answer_type": "Choice", "choices": wound},
			{"code": "temperature", "text": "体温?", "answer_type": "Number", "unit": "°C"},
		],
	).name
	answers = [{"question": "wound", "value": "red"}, {"question": "temperature", "value": "37.5"}]
	contact(task, "Reached Patient", hours=-1, questionnaire=asked, answers=answers)
	told = brief(task.name)["happened"]["contacts"][0]["answers"]
	assert [(row["text"], row["value"]) for row in told] == [("伤口怎么样?", "红肿"), ("体温?", "37.5 °C")]


def test_open_alerts_come_red_first_and_closed_ones_not(task) -> None:
	for severity, status in (("Amber", "Open"), ("Red", "Acknowledged"), ("Red", "Closed")):
		record("Follow-up Alert", patient=task.patient, severity=severity, status=status, detail="发热")
	alerts = brief(task.name)["happened"]["alerts"]
	assert [(row.severity, row.status, row.detail) for row in alerts] == [
		("Red", "Acknowledged", "发热"),
		("Amber", "Open", "发热"),
	]


def test_the_next_revisit_is_told_with_its_preparation(task) -> None:
	for days, status in ((3, "Cancelled"), (9, "Booked"), (30, "Expected")):
		record(
			"Follow-up Revisit",
			patient=task.patient,
			expected_on=add_days(today(), days),
			status=status,
			preparation="空腹",
		)
	revisit = brief(task.name)["due"]["revisit"]
	assert (revisit.date, revisit.status, revisit.preparation) == (
		getdate(add_days(today(), 9)),
		"Booked",
		"空腹",
	)


@pytest.mark.parametrize(
	("answer", "taken"), [("Yes", True), ("No", False), ("", None), ("no_medicine", None)]
)
def test_whether_medicines_are_taken_is_the_latest_answer_however_old(task, answer, taken) -> None:
	asked = [{"question": "medicines_taken", "value": "No" if answer == "Yes" else "Yes"}]
	contact(task, "No Answer", hours=-60, answers=asked if answer else [])
	contact(
		task,
		"No Answer",
		hours=-50,
		answers=[{"question": "medicines_taken", "value": answer}] if answer else [],
	)
	for hours in range(-20, -10):
		contact(task, "No Answer", hours=hours)
	assert brief(task.name)["why"]["medicines_taken"] is taken


@pytest.mark.parametrize(("answer", "taken"), [("all", True), ("some", False), ("none", False)])
def test_the_shipped_questionnaires_ask_in_degrees(task, answer, taken) -> None:
	contact(task, "Reached Patient", hours=-5, answers=[{"question": "medicines", "value": answer}])
	assert brief(task.name)["why"]["medicines_taken"] is taken


def test_advice_is_told_once_with_the_day_of_the_last_time(task) -> None:
	content = record("Care Content", title="伤口护理", topic="Guidance", language="zh").name
	for hours in (-60, -12):
		contact(task, "No Answer", hours=hours, guidance=[{"content": content, "title": "伤口护理"}])
	given = brief(task.name)["happened"]["given"]
	assert given == [
		{"content": content, "title": "伤口护理", "on": add_to_date(now_datetime(), hours=-12).date()}
	]


def test_drafts_and_cancelled_contacts_have_not_happened(task) -> None:
	record("Follow-up Log", patient=task.patient, plan=task.plan, task=task.name, contacted_at=now_datetime())
	record(
		"Follow-up Log",
		docstatus=2,
		patient=task.patient,
		plan=task.plan,
		task=task.name,
		contacted_at=now_datetime(),
	)
	assert brief(task.name)["happened"]["contacts"] == []


def test_numbers_diagnoses_notes_and_answers_need_their_level(task, as_user) -> None:
	contact(
		task, "No Answer", hours=-3, notes="canary note", answers=[{"question": "pain", "value": "canary"}]
	)
	record("Follow-up Alert", patient=task.patient, severity="Red", status="Open", detail="canary detail")
	with as_user("Desk User" if frappe.db.exists("Role", "Desk User") else "Employee"):
		facts = brief(task.name)
	assert has_shape(facts)
	shown = frappe.as_json(facts)
	for secret in (
		"13800138000",
		"13900139000",
		"canary",
		"心力衰竭",
		"青霉素",
		"低盐",
		"病理",
		"支架",
		"高血压",
	):
		assert secret not in shown, secret
	assert facts["who"]["mobile_masked"] == "138****8000" and facts["who"]["link"] is None


@pytest.mark.parametrize("role", [SPECIALIST, "Follow-up Doctor", "Follow-up Supervisor"])
def test_the_roles_see_everything_but_a_value_tier(task, as_user, role) -> None:
	make.value(task.patient, "Low")
	with as_user(role):
		facts = brief(task.name)
	assert facts["who"]["mobile"] and facts["why"]["diagnoses"] and facts["why"]["instructions"]
	assert "value_tier" not in frappe.as_json(facts) and "clinical_floor" not in frappe.as_json(facts)


def test_the_contacts_of_another_ward_stay_there_those_of_the_plan_do_not() -> None:
	surgery, psychiatry = make.department("Brief Surgery"), make.department("Brief Psychiatry")
	patient = make.patient()
	here = make.discharge(patient.name, department=surgery)
	there = make.discharge(patient.name, department=psychiatry, discharge_date=add_days(today(), -20))
	task = make.tasks_of(here.plan)[0]
	for discharge, ward, notes in ((here, surgery, "wound"), (there, psychiatry, "mood")):
		common = {"patient": patient.name, "plan": discharge.plan, "department": ward, "outcome": "No Answer"}
		record("Follow-up Log", docstatus=1, contacted_at=now_datetime(), notes=notes, **common)
	surgical, central = person(SPECIALIST, departments=(surgery,)), person(SPECIALIST)
	frappe.set_user(surgical)
	assert [row["notes"] for row in brief(task.name)["happened"]["contacts"]] == ["wound"]
	frappe.set_user(central)
	assert {row["notes"] for row in brief(task.name)["happened"]["contacts"]} == {"wound", "mood"}


def test_it_costs_the_same_however_long_the_history(task) -> None:
	contact(task, "No Answer", hours=-300)
	short = count_queries(lambda: brief(task.name))
	for hours in range(-200, -100):
		contact(
			task,
			"No Answer",
			hours=hours,
			answers=[{"question": f"q{n}", "value": "1"} for n in range(10)],
		)
		record("Follow-up Alert", patient=task.patient, severity="Amber", status="Open")
	assert count_queries(lambda: brief(task.name)) == short <= 30


def contact(task: frappe._dict, outcome: str, *, hours: int, **values: Any) -> None:
	"""A submitted log of some hours ago, as it lies in the database; the task as the log left it."""
	record(
		"Follow-up Log",
		docstatus=1,
		task=task.name,
		patient=task.patient,
		plan=task.plan,
		outcome=outcome,
		staff="Administrator",
		contacted_at=add_to_date(now_datetime(), hours=hours),
		**values,
	)
	if values.get("next_attempt_at"):
		frappe.db.set_value("Follow-up Task", task.name, "next_attempt_at", values["next_attempt_at"])
