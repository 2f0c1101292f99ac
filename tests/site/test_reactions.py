"""Adaptive pathways: what a patient answers brings the next contact forward, once, and back when the log is cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_months, getdate, now_datetime, today

from hospital_followup.services import (
	planning,
	reactions,
	task_actions,
)
from hospital_followup.services.overview import plan_overview
from hospital_followup.services.timeline import timeline
from hospital_followup.services.wording import sentences_of
from hospital_followup.tests import factories
from tests.site.reaction_samples import (
	HIGH,
	NORMAL,
	PLAN,
	SOONER,
	TASK,
	TITLE,
	WORDS,
	answer_page,
	call,
	contacts,
	due,
	in_two_weeks,
	last_working,
	pathway,
	rows_of,
	stay,
)


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


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


def test_a_reaction_that_fails_leaves_the_call_and_is_seen() -> None:
	pathway()
	plan = stay()
	first, *_rest = contacts(plan)
	frappe.db.set_value("Care Pathway Reaction", {"parenttype": "Care Pathway"}, "condition", "systolic >=")
	log = call(first, HIGH)
	assert log.docstatus == 1 and rows_of(plan) == []
	assert frappe.db.get_value(TASK, first.name, "status") == "Completed"
	(noted,) = frappe.get_all(
		"Follow-up Run Error", filters={"reference_name": log.name}, fields=["parent", "reference_doctype"]
	)
	assert noted.reference_doctype == "Follow-up Log"
	assert frappe.db.get_value("Follow-up Run", noted.parent, ["job", "failed"]) == ("beside", 1)


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


def test_a_day_that_a_person_chose_comes_forward_and_back_too() -> None:
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	chosen = last_working(getdate(second.expires_on) + timedelta(days=10))
	task_actions.reschedule(second.name, chosen, "The patient travels")
	log = call(first, HIGH)
	assert due(second) == in_two_weeks()
	log.cancel()
	second.reload()
	assert (second.due_date, second.status_reason, second.pinned) == (chosen, "The patient travels", 1)
	assert second.planned_until


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


def test_nobody_writes_the_rows_by_hand() -> None:
	pathway()
	plan = stay()
	call(contacts(plan)[0], HIGH)
	old = frappe.get_doc(PLAN, plan.name)
	old.set("reactions", [])
	old.append("reactions", {"pathway": "Forged"})
	old.save()
	assert [row.pathway for row in rows_of(plan)] == [TITLE]


def test_months_are_as_the_pathway_says() -> None:
	pathway()
	plan = stay()
	start = factories.days_from_now(-30)
	assert abs((contacts(plan)[1].due_date - getdate(add_months(start, 2))).days) <= 3
	assert getdate(today()) < contacts(plan)[1].due_date
