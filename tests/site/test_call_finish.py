"""The end of a call: what makes a log final, what it takes with it, and what stays possible afterwards."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate, now_datetime

from hospital_followup import api, call_api
from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, LogError, TaskClaimedError
from hospital_followup.services import figures, plans
from hospital_followup.tests import factories as make
from tests.site.call_samples import LOG, TASK, advice, contact, drafts, questionnaire, row

IN_A_HURRY = {"incomplete_reason": "had to catch a train"}
SPECIALIST = "Follow-up Specialist"
ANSWERED = {"answers": {"pain": 1, "fever": "no"}, "identity_verified": 1}


def final(answer: dict) -> frappe.model.document.Document:
	return frappe.get_doc(LOG, answer["log"])


class TestOutcomes:
	@pytest.mark.parametrize("outcome", OUTCOMES)
	def test_every_outcome_submits_the_one_draft(self, outcome: str) -> None:
		task = contact()
		log = call_api.start_call(task.name)["draft"]["log"]
		answer = call_api.finish_call(task.name, outcome, IN_A_HURRY)
		doc = final(answer)
		assert (doc.name, doc.docstatus, doc.outcome, doc.draft_of) == (log, 1, outcome, None)
		assert drafts(task) == []
		expected = api.log_attempt(contact().name, outcome)
		assert (answer["status"], answer["status_reason"]) == (expected["status"], expected["status_reason"])

	def test_the_next_attempt_is_given_with_its_reason(self) -> None:
		answer = call_api.finish_call(contact().name, "No Answer")
		assert answer["next_attempt_at"] > now_datetime()
		assert answer["next_attempt_why"]

	def test_moved_to_another_hospital_stops_the_plan(self) -> None:
		task = contact()
		call_api.finish_call(
			task.name, "Reached Caregiver", {"moved_away": True, "next_step": "told by the son"}
		)
		plan = frappe.db.get_value("Follow-up Plan", task.plan, ["status", "stop_reason"], as_dict=True)
		assert plan.status == "Stopped"

	def test_a_promised_time_wins(self) -> None:
		when = f"{make.days_from_now(2)} 15:00:00"
		answer = call_api.finish_call(contact().name, "Callback Requested", next_attempt_at=when)
		assert str(answer["next_attempt_at"]) == when

	def test_a_time_noted_during_the_call_is_kept(self) -> None:
		task, when = contact(), f"{make.days_from_now(2)} 15:00:00"
		call_api.save_call(task.name, {"callback_at": when})
		assert str(call_api.finish_call(task.name, "Callback Requested")["next_attempt_at"]) == when

	@pytest.mark.parametrize("outcome", ["Wrong Number", "Out of Service"])
	def test_nobody_at_a_wrong_number_has_promised_a_time(self, outcome: str) -> None:
		task, when = contact(), f"{make.days_from_now(2)} 15:00:00"
		call_api.save_call(task.name, {"callback_at": when})
		answer = call_api.finish_call(task.name, outcome)
		assert final(answer).next_attempt_at is None
		assert str(answer["next_attempt_at"]) != when

	def test_after_no_answer_the_next_call_has_a_draft_of_its_own(self) -> None:
		task = contact()
		first = call_api.start_call(task.name)["draft"]["log"]
		call_api.finish_call(task.name, "No Answer")
		assert call_api.start_call(task.name)["draft"]["log"] != first


class TestWhatMakesItFinal:
	def test_answers_need_to_be_the_right_persons(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"answers": ANSWERED["answers"]})
		with pytest.raises(LogError, match="Identity Confirmed"):
			call_api.finish_call(task.name, "Reached Patient")
		assert row(task).status == "In Progress"
		call_api.finish_call(task.name, "Reached Patient", {"identity_verified": True})
		assert row(task).status == "Completed"

	def test_so_does_advice(self) -> None:
		task = contact()
		call_api.save_call(task.name, {"guidance": [advice()]})
		with pytest.raises(LogError, match="Identity Confirmed"):
			call_api.finish_call(task.name, "Reached Patient")

	def test_required_questions_are_named(self) -> None:
		task = contact(asks=questionnaire())
		with pytest.raises(LogError, match="Do you have a fever"):
			call_api.finish_call(
				task.name, "Reached Patient", {"answers": {"pain": 1}, "identity_verified": 1}
			)

	def test_half_a_call_is_real(self) -> None:
		task = contact(asks=questionnaire())
		changes = {"answers": {"pain": 1}, "identity_verified": 1}
		doc = final(
			call_api.finish_call(task.name, "Reached Patient", changes, incomplete_reason="The line dropped")
		)
		assert (doc.incomplete_reason, len(doc.answers)) == ("The line dropped", 1)

	def test_a_reason_for_what_is_not_missing_any_more_goes(self) -> None:
		task = contact(asks=questionnaire())
		doc = final(call_api.finish_call(task.name, "Reached Patient", ANSWERED, incomplete_reason="Hurry"))
		assert not doc.incomplete_reason

	def test_answers_of_nobody_are_refused(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, ANSWERED)
		with pytest.raises(LogError, match="nobody was reached"):
			call_api.finish_call(task.name, "No Answer")

	def test_a_bad_value_keeps_the_call_open(self) -> None:
		task = contact(asks=questionnaire())
		with pytest.raises(InvalidValueError, match="above 10"):
			call_api.finish_call(task.name, "Reached Patient", {"answers": {"pain": 12, "fever": "no"}})
		assert row(task).status == "Open"

	def test_only_what_was_asked_stays(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"answers": {"fever": "yes", "degrees": 39.5}})
		doc = final(call_api.finish_call(task.name, "Reached Patient", ANSWERED))
		assert [given.question for given in doc.answers] == ["pain", "fever"]

	def test_the_rules_hold_for_the_form_and_rest_as_well(self) -> None:
		task = contact()
		values = {"doctype": LOG, "task": task.name, "patient": task.patient, "outcome": "Reached Patient"}
		asked = {"questionnaire": questionnaire(), "answers": [{"question": "pain", "value": "1"}]}
		with pytest.raises(LogError, match="Identity Confirmed"):
			frappe.get_doc({**values, **asked}).insert().submit()
		frappe.delete_doc(LOG, drafts(task)[0])
		with pytest.raises(LogError, match="Not answered yet"):
			frappe.get_doc({**values, **asked, "identity_verified": 1}).insert().submit()
		frappe.delete_doc(LOG, drafts(task)[0])
		asked["answers"] = [{"question": "pain", "value": "many"}]
		with pytest.raises(InvalidValueError, match="How strong is the pain"):
			frappe.get_doc({**values, **asked}).insert()


class TestWhatTheLogKeeps:
	def test_script_questionnaire_topics_and_advice(self) -> None:
		asked, leaflet = questionnaire(), advice(title="Wound care", topic="Guidance")
		task = contact(asks=asked)
		doc = final(
			call_api.finish_call(
				task.name,
				"Reached Patient",
				{**ANSWERED, "guidance": [leaflet], "topics_covered": ["Revisit"]},
			)
		)
		assert doc.questionnaire == asked
		assert (doc.guidance_given, doc.topics_covered) == ("Wound care", "Guidance, Revisit")

	def test_a_new_version_changes_nothing_in_a_running_call(self) -> None:
		asked = questionnaire(set_code="running")
		task = contact(asks=asked)
		call_api.start_call(task.name)
		title = frappe.db.get_value("Follow-up Questionnaire", asked, "title")
		newer = questionnaire(title=title, set_code="running")
		frappe.get_doc("Follow-up Questionnaire", asked).update({"status": "Retired"}).save()
		assert call_api.call_sheet(task.name)["questionnaire"]["name"] == asked
		call_api.finish_call(task.name, "No Answer")
		assert call_api.call_sheet(task.name)["questionnaire"]["name"] == newer

	def test_the_time_spent_is_counted_or_given(self) -> None:
		task = contact()
		log = call_api.start_call(task.name)["draft"]["log"]
		begun = now_datetime() - timedelta(seconds=90)
		frappe.db.set_value(LOG, log, {"started_at": begun, "contacted_at": begun}, update_modified=False)
		doc = final(call_api.finish_call(task.name, "No Answer"))
		assert 90 <= doc.duration_seconds < 100
		assert final(call_api.finish_call(contact().name, "Busy", duration_seconds=7)).duration_seconds == 7


class TestAfterwards:
	def test_a_missed_contact_is_written_down_late(self) -> None:
		window = {"due_date": make.days_from_now(-6), "opens_on": make.days_from_now(-6)}
		task = contact(asks=questionnaire(), status="Missed", expires_on=make.days_from_now(-2), **window)
		call_api.save_call(task.name, ANSWERED)
		answer = call_api.finish_call(
			task.name, "Reached Patient", contacted_at=f"{make.days_from_now(-3)} 10:00:00"
		)
		assert (final(answer).late_entry, answer["status"]) == (1, "Completed")
		assert row(task).late_completion == 0

	def test_a_time_to_come_is_refused(self) -> None:
		with pytest.raises(InvalidPeriodError):
			call_api.finish_call(contact().name, "Busy", contacted_at=f"{make.days_from_now(1)} 10:00:00")

	def test_nobody_writes_over_somebody_elses_late_entry(self, as_user) -> None:
		task = contact(status="Missed")
		with as_user(SPECIALIST):
			call_api.save_call(task.name, {"notes": "mine"})
		with as_user(SPECIALIST), pytest.raises(TaskClaimedError, match="is writing this contact down"):
			call_api.save_call(task.name, {"notes": "yours"})

	def test_what_was_said_counts_even_if_the_plan_was_stopped_meanwhile(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, ANSWERED)
		plans.stop(task.plan, "transferred")
		call_api.save_call(task.name, {"notes": "still on the phone"})
		doc = final(call_api.finish_call(task.name, "Reached Patient"))
		assert (doc.docstatus, doc.notes) == (1, "still on the phone")
		assert row(task).status == "Cancelled"

	def test_a_cancelled_contact_is_not_begun(self) -> None:
		task = contact()
		plans.stop(task.plan, "transferred")
		for act in (call_api.start_call, lambda name: call_api.finish_call(name, "No Answer")):
			with pytest.raises(LogError, match="was cancelled"):
				act(task.name)

	def test_an_amended_log_leaves_a_trace(self) -> None:
		task = contact(asks=questionnaire())
		log = final(call_api.finish_call(task.name, "Reached Patient", ANSWERED))
		log.cancel()
		assert row(task).status == "Open"
		amended = frappe.copy_doc(log)
		amended.update({"amended_from": log.name, "docstatus": 0})
		amended.answers[0].value = "3"
		amended.insert()
		amended.submit()
		assert (row(task).status, amended.amended_from, amended.staff) == ("Completed", log.name, log.staff)
		assert frappe.db.get_value(LOG, log.name, "docstatus") == 2
		with pytest.raises(frappe.ValidationError):
			amended.update({"notes": "changed"}).save()


class TestTheOldDialog:
	def test_uses_the_draft(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, ANSWERED)
		doc = final(api.log_attempt(task.name, "Reached Patient", notes="all well"))
		assert (len(doc.answers), doc.notes, drafts(task)) == (2, "all well", [])

	def test_but_not_for_an_attempt_before_the_draft_was_begun(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, ANSWERED)
		earlier = str(now_datetime() - timedelta(hours=2))
		doc = final(api.log_attempt(task.name, "No Answer", contacted_at=earlier))
		assert (doc.answers, len(drafts(task)), row(task).attempts) == ([], 1, 1)

	def test_a_contact_without_a_draft_takes_no_time(self) -> None:
		doc = final(api.log_attempt(contact().name, "No Answer"))
		assert (doc.duration_seconds, doc.started_at) == (0, None)
		assert getdate(doc.contacted_at) == make.days_from_now()


def test_a_contact_that_is_not_open_yet_can_be_written_down() -> None:
	task = contact(status="Scheduled", opens_on=make.days_from_now(3), due_date=make.days_from_now(3))
	call_api.save_call(task.name, {"notes": "the patient rang early"})
	assert frappe.db.get_value(TASK, task.name, "status") == "Scheduled"
	assert call_api.finish_call(task.name, "Reached Patient", IN_A_HURRY)["status"] == "Completed"


def test_what_the_questionnaire_on_satisfaction_hears_stands_in_the_figures() -> None:
	scales = [
		{
			"code": "satisfaction",
			"text": "How satisfied are you?",
			"answer_type": "Scale",
			"minimum": "1",
			"maximum": "5",
		},
		{
			"code": "recommend",
			"text": "Would you recommend us?",
			"answer_type": "Scale",
			"minimum": "0",
			"maximum": "10",
		},
	]
	task = contact(asks=questionnaire(questions=scales))
	said = {"answers": {"satisfaction": 4, "recommend": 9}, "identity_verified": 1}
	scope = figures.Scope(getdate(), getdate())
	before = figures.recount(scope)
	doc = final(call_api.finish_call(task.name, "Reached Patient", said))
	assert (doc.satisfaction, doc.recommend) == (4, "9")
	after = figures.recount(scope)
	for measure in ("satisfaction_count", "satisfaction_good", "recommend_count", "promoters"):
		assert after.get(measure) == before.get(measure) + 1
	assert after.detractors == before.detractors
