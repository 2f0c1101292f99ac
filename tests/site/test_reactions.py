"""Adaptive pathways: what a patient answers brings the next contact forward, once, and back when the log is cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_months, getdate, now_datetime, today

from hospital_followup.services import (
	page_closing,
	page_links,
	patient_pages,
	plan_pathways,
	planning,
	reactions,
)
from hospital_followup.services.overview import plan_overview
from hospital_followup.services.timeline import timeline
from hospital_followup.services.wording import sentences_of
from hospital_followup.tests import factories
from tests.site.call_samples import approved
from tests.site.samples import saved

TASK, PLAN = "Follow-up Task", "Follow-up Plan"
TITLE = "Blood Pressure"
WORDS = "血压控制不满意"
ANSWERS = ("systolic", "diastolic")
HIGH, NORMAL = (150, 85), (120, 80)
SOONER = {
	"condition": "systolic >= 140 or diastolic >= 90",
	"effect": "Sooner",
	"within_days": 14,
	"reason": WORDS,
}


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


def questions() -> str:
	asked = [
		{"code": code, "text": code.title(), "answer_type": "Number", "unit": "mmHg", "required": 1}
		| {"minimum": "20", "maximum": "300", "amber_if": f">= {limit}"}
		for code, limit in zip(ANSWERS, (140, 90), strict=True)
	]
	doc = saved("Follow-up Questionnaire", language="en", questions=asked)
	return approved(doc).name


def pathway(*rows: dict[str, Any], title: str = TITLE, count: int = 4, **values: Any) -> Any:
	asks = questions()
	step = {"title": "Monthly", "step_id": "monthly", "offset": 1, "offset_unit": "Month", "window_days": 7}
	monthly = {
		**step,
		"repeat_every": 1,
		"repeat_unit": "Month",
		"repeat_count": count,
		"questionnaire": asks,
	}
	given = {
		"diagnoses": [{"code": "I10"}],
		"steps": [monthly],
		"reactions": list(rows or [SOONER]),
		**values,
	}
	return saved("Care Pathway", title=title, status="Approved", sign_off="Administrator", **given)


def stay(days: int = 30, **values: Any) -> Any:
	"""Discharged so long ago, Low risk: one contact of the tier in the first week, then those of the pathway."""
	facts = {
		"diagnoses": [{"code": "I10", "title": "高血压", "primary": 1}],
		"given_risk_tier": "Low",
		**values,
	}
	doc = factories.discharge(discharge_date=factories.days_from_now(-days), **facts)
	return frappe.get_doc(PLAN, doc.plan)


def contacts(plan: Any, title: str = TITLE, **filters: Any) -> list[Any]:
	"""The tasks of the pathway by due date."""
	names = frappe.get_all(
		"Follow-up Task Source", filters={"title": title, "parenttype": TASK}, pluck="parent", order_by="name"
	)
	rows = frappe.get_all(
		TASK, filters={"name": ("in", names), "plan": plan.name, **filters}, pluck="name", order_by="due_date"
	)
	return [frappe.get_doc(TASK, name) for name in rows]


def call(task: Any, values: tuple[int, int] | None, **fields: Any) -> Any:
	rows = [
		{"question": code, "value": str(value)} for code, value in zip(ANSWERS, values or (), strict=False)
	]
	asks = {"questionnaire": task.questionnaire, "answers": rows} if rows else {}
	return factories.log(task, "Reached Patient", identity_verified=1, **asks, **fields)


def due(task: Any) -> date:
	return getdate(frappe.db.get_value(TASK, task.name, "due_date"))


def rows_of(plan: Any) -> list[Any]:
	return frappe.get_doc(PLAN, plan.name).reactions


def last_working(until: date) -> date:
	while until.weekday() > 4:
		until -= timedelta(days=1)
	return until


def in_two_weeks() -> date:
	return last_working(factories.days_from_now(14))


def test_uncontrolled_pressure_at_a_call_brings_the_next_contact_forward() -> None:
	pathway()
	plan = stay()
	first, second, third, *_rest = contacts(plan)
	was = (due(second), due(third), second.expires_on)
	log = call(first, HIGH)
	second.reload()
	assert was[0] > factories.days_from_now(14)
	assert (second.due_date, second.opens_on, due(third)) == (in_two_weeks(), in_two_weeks(), was[1])
	assert in_two_weeks() <= getdate(second.expires_on) < getdate(was[2])
	assert (second.status, second.pinned) == ("Scheduled", 1)
	(row,) = rows_of(plan)
	assert (row.pathway, row.effect, row.reason, row.log) == (TITLE, "Sooner", WORDS, log.name)
	assert (row.task, row.from_date, row.to_date) == (second.name, was[0], in_two_weeks())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reason_stands_on_the_contact_and_on_the_plan(language: str) -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	call(first, HIGH)
	frappe.local.lang = language
	(found,) = [row for row in plan_overview(plan.name)["contacts"] if row.name == second.name]
	assert found.sooner == WORDS
	code = {"en": "Sooner than planned", "zh": "提前"}[language]
	assert any(code in sentence for sentence in sentences_of(found.reasons))
	(entry,) = [entry["content"] for entry in timeline(PLAN, plan.name) if WORDS in entry["content"]]
	assert TITLE in entry
	assert frappe.utils.formatdate(in_two_weeks()) in entry


def test_a_controlled_pressure_changes_nothing() -> None:
	pathway()
	plan = stay()
	before = [task.due_date for task in contacts(plan)]
	call(contacts(plan)[0], NORMAL)
	assert [task.due_date for task in contacts(plan)] == before
	assert rows_of(plan) == []


def test_a_contact_that_is_soon_enough_stays() -> None:
	pathway({**SOONER, "within_days": 40})
	plan = stay()
	first, second, *_rest = contacts(plan)
	was = second.due_date
	call(first, HIGH)
	assert due(second) == was
	assert rows_of(plan) == []


def test_planning_again_keeps_the_day() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	call(first, HIGH)
	planning.replan(plan.name)
	second.reload()
	assert (second.due_date, second.status) == (in_two_weeks(), "Scheduled")
	assert "brought_forward" in second.reasons
	assert len(rows_of(plan)) == 1


def test_the_cap_is_kept() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	other = factories.plan(plan.patient)
	day = in_two_weeks()
	fields = {"status": "Scheduled", "expires_on": day}
	factories.task(other, due_date=day, opens_on=day, **fields)
	call(first, HIGH)
	assert due(second) == last_working(day - timedelta(days=1))


def test_on_the_patients_own_page_too() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	answered = answer_page(first, HIGH)
	assert frappe.db.get_value("Follow-up Log", answered.log, "task") is None
	assert frappe.db.get_value(TASK, first.name, "status") == "Open"
	assert due(second) == in_two_weeks()
	(row,) = rows_of(plan)
	assert row.log == answered.log
	# The call that follows because of it finds the contact where it belongs.
	call(frappe.get_doc(TASK, first.name), HIGH)
	assert due(second) == in_two_weeks()
	assert len(rows_of(plan)) == 1


def test_a_good_report_on_the_page_completes_and_counts() -> None:
	pathway({**SOONER, "condition": "systolic < 130", "reason": "fine"})
	plan = stay()
	first, second, *_rest = contacts(plan)
	answered = answer_page(first, NORMAL)
	assert frappe.db.get_value(TASK, first.name, "status") == "Completed"
	assert due(second) == in_two_weeks()
	assert [row.log for row in rows_of(plan)] == [answered.log]


def answer_page(task: Any, values: tuple[int, int]) -> Any:
	name = patient_pages.make(
		task.patient,
		key=f"task|{task.name}",
		task=task.name,
		plan=task.plan,
		questionnaire=task.questionnaire,
		channel="SMS",
	)
	assert page_links.token_of(name)
	page = frappe.get_doc(patient_pages.PAGE, name)
	for code, value in zip(ANSWERS, values, strict=True):
		page.append("answers", {"question": code, "value": str(value)})
	page_closing.hand_in(page)
	return frappe.get_doc(patient_pages.PAGE, name)


def test_a_cancelled_log_takes_it_back() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	before = [second.get(field) for field in ("due_date", "opens_on", "expires_on", "pinned", "reasons")]
	call(first, HIGH).cancel()
	second.reload()
	assert [
		second.get(field) for field in ("due_date", "opens_on", "expires_on", "pinned", "reasons")
	] == before
	assert [row.taken_back for row in rows_of(plan)] == [1]
	assert frappe.db.get_value(TASK, first.name, "status") in ("Scheduled", "Open")
	# Recorded anew, it comes forward anew.
	call(frappe.get_doc(TASK, first.name), HIGH)
	assert due(second) == in_two_weeks()


def test_what_was_begun_since_is_not_taken_back() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	log = call(first, HIGH)
	factories.log(frappe.get_doc(TASK, second.name), "No Answer")
	log.cancel()
	assert due(second) == in_two_weeks()
	assert [row.taken_back for row in rows_of(plan)] == [0]


def test_when_the_call_is_cancelled_the_page_still_counts() -> None:
	pathway({**SOONER, "condition": "systolic >= 180", "within_days": 3}, SOONER)
	plan = stay()
	first, second, *_rest = contacts(plan)
	log = call(first, (190, 85))
	assert due(second) <= factories.days_from_now(5)
	log.cancel()
	answer_page(frappe.get_doc(TASK, first.name), HIGH)
	assert due(second) == in_two_weeks()
	worse = call(frappe.get_doc(TASK, first.name), (190, 85))
	assert due(second) <= factories.days_from_now(5)
	worse.cancel()
	assert due(second) == in_two_weeks()


def test_twice_is_once() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	log = call(first, HIGH)
	second.reload()
	for _time in range(2):
		reactions.on_log_submitted(log)
	assert len(rows_of(plan)) == 1
	again = frappe.get_doc(TASK, second.name)
	assert (again.due_date, again.modified) == (second.due_date, second.modified)


def test_two_in_a_row_with_a_missed_one_between() -> None:
	pathway({**SOONER, "in_a_row": 2}, count=6)
	plan = stay()
	first, second, third, fourth, *_rest = contacts(plan)
	call(first, HIGH)
	assert rows_of(plan) == []
	frappe.db.set_value(TASK, second.name, {"status": "Missed", "status_reason": "expired"})
	call(third, HIGH)
	(row,) = rows_of(plan)
	assert (row.task, due(fourth)) == (fourth.name, in_two_weeks())


def test_one_that_was_made_without_asking_interrupts() -> None:
	pathway({**SOONER, "in_a_row": 2}, count=6)
	plan = stay()
	first, second, third, *_rest = contacts(plan)
	call(first, HIGH)
	call(second, None)
	call(third, HIGH)
	assert rows_of(plan) == []


def test_a_late_entry_of_an_earlier_contact_brings_nothing_about() -> None:
	pathway(count=6)
	plan = stay()
	first, second, *_rest = contacts(plan)
	call(second, NORMAL)
	yesterday = now_datetime() - timedelta(days=1)
	call(first, HIGH, contacted_at=yesterday)
	assert rows_of(plan) == []


def test_a_merged_contact_reacts_for_each_of_its_pathways() -> None:
	pathway()
	pathway({**SOONER, "within_days": 7, "reason": "other"}, title="Second Pathway")
	plan = stay()
	first, second, *_rest = contacts(plan)
	assert {TITLE, "Second Pathway"} <= {row.title for row in first.sources}
	call(first, HIGH)
	# The next contact of both is one: it comes once, to the sooner of the two days.
	assert due(second) <= factories.days_from_now(7)
	assert {row.reason for row in rows_of(plan)} == {WORDS, "other"}
	second.reload()
	assert len(second.sources) == 2


def test_the_version_that_the_plan_follows_counts() -> None:
	first_version = pathway()
	plan = stay()
	newer = frappe.copy_doc(first_version, ignore_no_copy=False)
	newer.reactions[0].within_days = 3
	newer.update({"version": 0, "status": "Approved", "sign_off": "Administrator"}).insert()
	first, second, *_rest = contacts(plan)
	call(first, HIGH)
	assert due(second) == in_two_weeks()
	planning.replan(plan.name)
	third = contacts(plan)[2]
	frappe.db.set_value(TASK, second.name, "status", "Missed")
	call(second.reload(), HIGH)
	assert due(third) <= factories.days_from_now(5)


class TestWithoutAnotherContact:
	def test_a_call_of_its_own_is_made(self) -> None:
		pathway(count=1)
		plan = stay()
		(only,) = contacts(plan)
		log = call(only, HIGH)
		(row,) = rows_of(plan)
		extra = frappe.get_doc(TASK, row.task)
		assert (row.effect, row.to_date, row.log) == ("Extra Contact", in_two_weeks(), log.name)
		assert (extra.kind, extra.status, extra.plan, extra.patient) == (
			"Callback",
			"Scheduled",
			None,
			plan.patient,
		)
		assert (extra.due_date, extra.questionnaire, extra.status_reason) == (
			in_two_weeks(),
			only.questionnaire,
			WORDS,
		)

	def test_it_reacts_like_the_contacts_of_the_pathway(self) -> None:
		pathway(count=1)
		plan = stay()
		call(contacts(plan)[0], HIGH)
		extra = frappe.get_doc(TASK, rows_of(plan)[0].task)
		call(extra, HIGH, contacted_at=now_datetime() + timedelta(minutes=1))
		first, second = rows_of(plan)
		assert (first.effect, second.effect) == ("Extra Contact", "Extra Contact")
		assert second.task != first.task

	def test_a_cancelled_log_calls_it_off(self) -> None:
		pathway(count=1)
		plan = stay()
		log = call(contacts(plan)[0], HIGH)
		log.cancel()
		(row,) = rows_of(plan)
		assert row.taken_back == 1
		assert frappe.db.get_value(TASK, row.task, "status") == "Cancelled"


HEALED = {
	"condition": "systolic < 140 and diastolic < 90",
	"effect": "End Pathway",
	"reason": "Two normal results",
}


class TestEnd:
	def test_two_normal_results_in_a_row_end_it(self) -> None:
		pathway({**HEALED, "in_a_row": 2})
		plan = stay()
		first, second, third, *_rest = contacts(plan)
		call(first, NORMAL)
		assert due(third) and rows_of(plan) == []
		call(second, NORMAL)
		open_tasks = contacts(plan, status=("in", ("Scheduled", "Open", "In Progress")))
		assert open_tasks == []
		(row,) = rows_of(plan)
		assert (row.effect, row.reason, row.pathway) == ("End Pathway", HEALED["reason"], TITLE)
		assert [one.end_reason for one in frappe.get_doc(PLAN, plan.name).pathways] == [HEALED["reason"]]
		left = factories.tasks_of(plan.name, status="Scheduled")
		assert [[row.source for row in frappe.get_doc(TASK, task.name).sources] for task in left] == [
			["policy"]
		]

	def test_the_answer_of_one_contact_only_ends_it_there(self) -> None:
		asks = questions()
		step = {"offset_unit": "Month", "window_days": 5, "questionnaire": asks}
		steps = [{**step, "title": title, "offset": count} for count, title in ((1, "First"), (2, "Healed?"))]
		steps.append({**step, "title": "Last", "offset": 4})
		pathway({**HEALED, "step": "Healed?"}, steps=steps)
		plan = stay()
		first, second, _third = contacts(plan)
		call(first, NORMAL)
		assert rows_of(plan) == []
		call(second, NORMAL)
		assert [row.effect for row in rows_of(plan)] == ["End Pathway"]

	def test_planning_again_leaves_it_ended(self) -> None:
		pathway(HEALED)
		plan = stay()
		call(contacts(plan)[0], NORMAL)
		planning.replan(plan.name)
		assert contacts(plan, status=("in", ("Scheduled", "Open"))) == []

	def test_a_merged_contact_stays_for_what_else_it_is(self) -> None:
		pathway(HEALED)
		pathway({**SOONER, "condition": "systolic > 290"}, title="Second Pathway")
		plan = stay()
		first, second, *_rest = contacts(plan)
		call(first, NORMAL)
		second.reload()
		assert [row.title for row in second.sources] == ["Second Pathway"]
		assert second.status == "Scheduled"

	def test_a_cancelled_log_goes_on_with_it(self) -> None:
		pathway(HEALED)
		plan = stay()
		before = [(task.due_date, task.key) for task in contacts(plan)]
		log = call(contacts(plan)[0], NORMAL)
		assert contacts(plan, status=("in", ("Scheduled", "Open"))) == []
		log.cancel()
		undone = contacts(plan, status=("in", ("Scheduled", "Open")))
		assert [(task.due_date, task.key) for task in undone] == before
		assert [row.taken_back for row in rows_of(plan)] == [1]

	def test_what_a_person_decided_since_stays(self) -> None:
		pathway(HEALED)
		plan = stay()
		first = contacts(plan)[0]
		log = call(first, NORMAL)
		plan_pathways.take_back(plan.name, TITLE)
		assert plan_pathways.end_pathway(plan.name, TITLE, "Not needed")
		log.cancel()
		undone = contacts(plan, status=("in", ("Scheduled", "Open")))
		assert [task.name for task in undone] == [first.name]
		assert [row.taken_back for row in rows_of(plan)] == [0]


def test_nobody_writes_the_rows_by_hand() -> None:
	pathway()
	plan = stay()
	call(contacts(plan)[0], HIGH)
	old = frappe.get_doc(PLAN, plan.name)
	old.set("reactions", [])
	old.append("reactions", {"pathway": "Forged"})
	old.save()
	assert [row.pathway for row in rows_of(plan)] == [TITLE]


def test_what_goes_wrong_never_undoes_the_contact(monkeypatch: pytest.MonkeyPatch) -> None:
	doc = pathway()
	plan = stay()
	first = contacts(plan)[0]
	frappe.db.set_value("Care Pathway Reaction", doc.reactions[0].name, "condition", "systolic >=")
	log = call(first, HIGH)
	assert log.docstatus == 1
	assert frappe.db.get_value(TASK, first.name, "status") == "Completed"
	assert rows_of(plan) == []


def test_months_are_as_the_pathway_says() -> None:
	pathway()
	plan = stay()
	start = factories.days_from_now(-30)
	assert abs((contacts(plan)[1].due_date - getdate(add_months(start, 2))).days) <= 3
	assert getdate(today()) < contacts(plan)[1].due_date
