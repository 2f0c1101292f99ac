"""A call while it is made: held for one person, saved as it is given, restored, taken over, left."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup import call_api
from hospital_followup.exceptions import LogError, TaskClaimedError
from hospital_followup.services import tasks
from hospital_followup.tests import factories as make
from tests.site.call_samples import LOG, TASK, advice, contact, drafts, questionnaire, row

SPECIALIST = "Follow-up Specialist"


def saved_log(task) -> frappe.model.document.Document:
	return frappe.get_doc(LOG, drafts(task)[0])


def lease_runs_out(task) -> None:
	past = now_datetime() - timedelta(minutes=1)
	frappe.db.set_value(TASK, task.name, "claimed_until", past, update_modified=False)


class TestStarting:
	def test_holds_the_patient_and_opens_one_draft(self) -> None:
		task = contact(asks=questionnaire())
		answer = call_api.start_call(task.name)
		assert answer["task"]["status"] == "In Progress"
		assert answer["task"]["claimed_until"] > now_datetime()
		assert drafts(task) == [answer["draft"]["log"]]
		assert answer["state"]["missing"] == ["pain", "fever"]
		assert row(task).claimed_by == "Administrator"

	def test_again_is_the_same_draft(self) -> None:
		task = contact()
		first = call_api.start_call(task.name)
		assert call_api.start_call(task.name)["draft"]["log"] == first["draft"]["log"]
		assert len(drafts(task)) == 1

	def test_the_database_keeps_it_to_one(self) -> None:
		task = contact()
		call_api.start_call(task.name)
		with pytest.raises(LogError, match="go on in"):
			frappe.get_doc({"doctype": LOG, "task": task.name, "patient": task.patient}).insert()
		other = frappe.get_doc({"doctype": LOG, "patient": task.patient}).insert()
		with pytest.raises(Exception, match=r"Duplicate entry .* for key .draft_of"):
			other.db_set("draft_of", task.name)

	def test_refused_while_somebody_else_is_on_the_phone(self, as_user) -> None:
		task = contact()
		with as_user(SPECIALIST):
			call_api.start_call(task.name)
		with as_user(SPECIALIST), pytest.raises(TaskClaimedError, match="on the phone"):
			call_api.start_call(task.name)
		with as_user(SPECIALIST), pytest.raises(TaskClaimedError, match="on the phone"):
			call_api.save_call(task.name, {"notes": "me too"})
		assert saved_log(task).notes is None

	def test_another_task_of_the_same_patient_is_refused_too(self, as_user) -> None:
		task = contact()
		other = make.task(frappe.get_doc("Follow-up Plan", task.plan))
		with as_user(SPECIALIST):
			call_api.start_call(task.name)
		with as_user(SPECIALIST), pytest.raises(TaskClaimedError):
			call_api.save_call(other.name, {"notes": "hello"})

	def test_a_closed_contact_is_not_called(self) -> None:
		task = contact()
		make.log(task, "Reached Patient")
		with pytest.raises(LogError, match="was completed on"):
			call_api.start_call(task.name)


class TestSaving:
	def test_what_was_said_is_kept_as_it_was_given(self) -> None:
		task, leaflet = contact(asks=questionnaire()), advice(title="Wound care")
		changes = {
			"answers": {"pain": "３", "fever": "no", "wish": "May I shower?"},
			"notes": "Friendly",
			"patient_feedback": "Well looked after",
			"satisfaction": 5,
			"guidance": [leaflet],
			"topics_covered": ["Revisit", "Condition"],
			"identity_verified": True,
			"revisit_booked_on": str(make.days_from_now(10)),
			"next_step": "Send the leaflet",
			"contact_point": "Caregiver",
		}
		answer = call_api.save_call(task.name, changes)
		assert (answer["errors"], answer["state"]["missing"]) == ({}, [])
		doc = saved_log(task)
		assert [(given.question, given.value, given.number) for given in doc.answers] == [
			("pain", "3", 3),
			("fever", "No", 0),
			("wish", "May I shower?", 0),
		]
		assert doc.answers[0].question_text == "How strong is the pain?"
		assert (doc.topics_covered, doc.contact_point, doc.satisfaction) == (
			"Condition, Revisit",
			"Caregiver",
			5,
		)
		assert [(given.content, given.title) for given in doc.guidance] == [(leaflet, "Wound care")]

	def test_is_restored_on_opening_the_sheet_again(self) -> None:
		task, leaflet = contact(asks=questionnaire()), advice()
		call_api.save_call(
			task.name,
			{"answers": {"pain": 2, "fever": "Yes"}, "notes": "n", "guidance": [leaflet], "satisfaction": 4},
		)
		sheet = call_api.call_sheet(task.name)
		draft = sheet["draft"]
		assert draft["answers"] == {"pain": "2", "fever": "Yes"}
		assert (draft["notes"], draft["guidance"], draft["satisfaction"]) == ("n", [leaflet], 4)
		assert sheet["state"]["visible"] == ["pain", "fever", "degrees", "wish"]
		assert sheet["state"]["flags"] == {"fever": "Red"}

	def test_a_bad_value_is_named_and_the_others_are_saved(self) -> None:
		task = contact(asks=questionnaire())
		changes = {
			"answers": {"pain": 11, "fever": "no"},
			"satisfaction": 9,
			"notes": "kept",
			"channel": "Fax",
		}
		errors = call_api.save_call(task.name, changes)["errors"]
		assert set(errors) == {"pain", "satisfaction", "channel"}
		assert "above 10" in errors["pain"]
		doc = saved_log(task)
		assert [given.question for given in doc.answers] == ["fever"]
		assert (doc.notes, doc.satisfaction, doc.channel) == ("kept", 0, "Phone")
		assert frappe.get_message_log() == []

	def test_an_answer_taken_back_is_gone(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"answers": {"pain": 2, "fever": "no"}})
		call_api.save_call(task.name, {"answers": {"pain": None}})
		assert [given.question for given in saved_log(task).answers] == ["fever"]

	@pytest.mark.parametrize("changes", [{"outcome": "Declined"}, {"docstatus": 1}, {"staff": "Guest"}])
	def test_what_is_not_part_of_a_call_is_refused(self, changes: dict) -> None:
		with pytest.raises(frappe.ValidationError, match="is not part of a call"):
			call_api.save_call(contact().name, changes)

	def test_an_unknown_question_is_named(self) -> None:
		task = contact(asks=questionnaire())
		assert (
			"no question nausea"
			in call_api.save_call(task.name, {"answers": {"nausea": 1}})["errors"]["nausea"]
		)

	def test_leaves_no_versions(self) -> None:
		task = contact()
		for text in "abc":
			call_api.save_call(task.name, {"notes": text})
		assert frappe.db.count("Version", {"docname": drafts(task)[0]}) == 0

	def test_extends_the_lease(self) -> None:
		task = contact()
		call_api.start_call(task.name)
		lease_runs_out(task)
		call_api.save_call(task.name, {"notes": "still talking"})
		assert row(task).claimed_until > now_datetime()


class TestOrder:
	def test_an_older_save_never_overwrites_a_newer_one(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"notes": "new", "answers": {"pain": 5}}, sequence=7)
		late = call_api.save_call(
			task.name, {"notes": "old", "answers": {"pain": 1, "fever": "no"}}, sequence=6
		)
		doc = saved_log(task)
		assert (doc.notes, [given.value for given in doc.answers]) == ("new", ["5", "No"])
		assert late["sequence"] == 7

	def test_not_even_an_answer_that_was_taken_back(self) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"answers": {"pain": None}}, sequence=9)
		call_api.save_call(task.name, {"answers": {"pain": 4}}, sequence=8)
		assert saved_log(task).answers == []

	def test_a_clock_in_milliseconds_serves_as_sequence(self) -> None:
		task = contact()
		answer = call_api.save_call(task.name, {"notes": "x"}, sequence=1_790_000_000_000)
		assert answer["sequence"] == 1_790_000_000_000
		assert call_api.call_sheet(task.name)["draft"]["sequence"] == 1_790_000_000_000

	def test_without_a_sequence_the_last_one_wins(self) -> None:
		task = contact()
		for text in ("one", "two"):
			call_api.save_call(task.name, {"notes": text})
		assert saved_log(task).notes == "two"


class TestTakingOver:
	def test_after_the_lease_ran_out_the_draft_goes_on(self, as_user) -> None:
		task = contact(asks=questionnaire())
		with as_user(SPECIALIST) as first:
			call_api.save_call(task.name, {"answers": {"pain": 2}, "notes": "cut off"})
		lease_runs_out(task)
		with as_user(SPECIALIST) as second:
			draft = call_api.start_call(task.name)["draft"]
			assert (draft["answers"], draft["notes"], draft["staff"]) == ({"pain": "2"}, "cut off", second)
			changes = {"answers": {"fever": "no"}, "identity_verified": 1}
			log = call_api.finish_call(task.name, "Reached Patient", changes)["log"]
		doc = frappe.get_doc(LOG, log)
		assert (doc.docstatus, doc.staff, len(doc.answers)) == (1, second, 2)
		remarks = frappe.get_all(
			"Comment",
			filters={"reference_name": log, "comment_type": "Info"},
			pluck="content",
			order_by="name",
		)
		assert [first.split("@")[0] in remark for remark in remarks] == [True]

	def test_the_job_that_frees_leases_leaves_the_draft(self) -> None:
		task = contact()
		call_api.save_call(task.name, {"notes": "kept"})
		lease_runs_out(task)
		tasks.release_leases(now_datetime())
		assert (row(task).status, saved_log(task).notes) == ("Open", "kept")

	def test_who_lost_the_lease_is_told(self, as_user) -> None:
		task = contact()
		with as_user(SPECIALIST) as first:
			call_api.save_call(task.name, {"notes": "mine"})
		lease_runs_out(task)
		with as_user(SPECIALIST):
			call_api.save_call(task.name, {"notes": "ours"})
		with as_user(SPECIALIST, email=first), pytest.raises(TaskClaimedError):
			call_api.save_call(task.name, {"notes": "lost"})
		assert saved_log(task).notes == "ours"


class TestLeaving:
	def test_gives_the_patient_back_and_keeps_what_was_written(self, as_user) -> None:
		task = contact()
		with as_user(SPECIALIST):
			call_api.save_call(task.name, {"notes": "called away"})
			assert call_api.leave_call(task.name)["status"] == "Open"
		with as_user(SPECIALIST):
			assert call_api.start_call(task.name)["draft"]["notes"] == "called away"

	def test_what_somebody_else_holds_is_left_alone(self, as_user) -> None:
		task = contact()
		with as_user(SPECIALIST) as holder:
			call_api.start_call(task.name)
		with as_user(SPECIALIST):
			call_api.leave_call(task.name)
		assert row(task).claimed_by == holder

	def test_the_time_of_all_sittings_is_counted(self) -> None:
		task = contact()
		call_api.start_call(task.name)
		log = drafts(task)[0]
		for seconds in (60, 30):
			start = now_datetime() - timedelta(seconds=seconds)
			frappe.db.set_value(LOG, log, "started_at", start, update_modified=False)
			call_api.leave_call(task.name)
			call_api.start_call(task.name)
		call_api.finish_call(task.name, "No Answer")
		assert 90 <= frappe.db.get_value(LOG, log, "duration_seconds") < 120
