"""What a recorded contact does, outcome by outcome, and that cancelling the log takes all of it back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import frappe
import pytest
from frappe.utils import getdate, now_datetime

from hospital_followup import api
from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import (
	InvalidPeriodError,
	InvalidValueError,
	LogError,
	TaskClaimedError,
)
from hospital_followup.services import claims, plans, tasks
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day

TASK = "Follow-up Task"
PLAN = "Follow-up Plan"
PATIENT = "Follow-up Patient"
UNREACHED = ("No Answer", "Busy", "Voicemail", "Not Home")
DEAD_NUMBER = ("Wrong Number", "Out of Service")


def fresh(**values):
	"""A task of a plan of its own, with a second one to come, so that the plan goes on."""
	plan = make.plan(values.pop("patient", None), planned_contacts=2)
	make.task(plan, status="Scheduled", opens_on=day(7), due_date=day(7), expires_on=day(13))
	return make.task(plan, **values)


def now_of(task) -> frappe._dict:
	return frappe.db.get_value(TASK, task.name, "*", as_dict=True)


def log(task, outcome: str, **values) -> str:
	return api.log_attempt(task.name, outcome, **values)["log"]


def cancel(name: str) -> None:
	frappe.get_doc("Follow-up Log", name).cancel()


def at(offset: int, hour: int) -> str:
	return str(datetime.combine(day(offset), time(hour)))


EXPECTED = {
	"Reached Patient": ("Completed", None),
	"Reached Caregiver": ("Completed", None),
	"Replied": ("Completed", None),
	"No Answer": ("Open", None),
	"Busy": ("Open", None),
	"Voicemail": ("Open", None),
	"Not Home": ("Open", None),
	"Callback Requested": ("Open", None),
	"Rescheduled": ("Open", None),
	"Wrong Number": ("Missed", "lost_to_follow_up"),
	"Out of Service": ("Missed", "lost_to_follow_up"),
	"Declined": ("Skipped", "declined"),
	"Deceased": ("Cancelled", "deceased"),
	"Readmitted": ("Cancelled", "readmitted"),
}


def test_the_table_names_every_outcome() -> None:
	options = frappe.get_meta("Follow-up Log").get_field("outcome").options.split("\n")
	assert set(EXPECTED) == set(OUTCOMES) == {option for option in options if option}


@pytest.mark.parametrize("way", ["dialog", "form", "rest"])
@pytest.mark.parametrize("outcome", EXPECTED)
def test_every_outcome_and_back(outcome: str, way: str) -> None:
	task = fresh()
	if way == "dialog":
		name = log(task, outcome)
	elif way == "form":
		name = make.log(task, outcome).name
	else:
		values = {"doctype": "Follow-up Log", "task": task.name, "patient": task.patient, "outcome": outcome}
		name = frappe.client.insert({**values, "docstatus": 1}).name
	after = now_of(task)
	assert (after.status, after.status_reason) == EXPECTED[outcome]
	assert (after.attempts, after.outcome) == (1, outcome)
	assert after.completed_on == (day() if after.status == "Completed" else None)
	assert after.assigned_to == "Administrator" or after.status == "Cancelled"

	cancel(name)
	restored = now_of(task)
	assert (restored.status, restored.status_reason, restored.attempts) == ("Open", None, 0)
	assert (restored.outcome, restored.completed_on, restored.next_attempt_at) == (None, None, None)
	assert (restored.channel, restored.contact_point) == ("Phone", "Patient")
	assert frappe.db.get_value(PLAN, task.plan, "status") == "Active"


@pytest.mark.parametrize("outcome", UNREACHED)
def test_the_next_attempt_is_computed_in_call_hours(outcome: str) -> None:
	task = fresh()
	state = api.log_attempt(task.name, outcome)
	assert state["next_attempt_at"] > now_datetime()
	assert time(9) <= state["next_attempt_at"].time() < time(20)
	assert state["next_attempt_at"].date() <= now_of(task).expires_on


@pytest.mark.parametrize("outcome", [*UNREACHED, "Callback Requested", "Rescheduled"])
def test_the_next_attempt_that_was_agreed_wins(outcome: str) -> None:
	task = fresh()
	assert str(api.log_attempt(task.name, outcome, next_attempt_at=at(2, 15))["next_attempt_at"]) == at(2, 15)


class TestAttemptsUsedUp:
	def test_three_attempts_then_lost(self) -> None:
		task = fresh()
		for number in (1, 2):
			assert api.log_attempt(task.name, "No Answer")["status"] == "Open", number
		state = api.log_attempt(task.name, "No Answer")
		assert (state["status"], state["status_reason"]) == ("Missed", "lost_to_follow_up")
		assert state["next_attempt_at"] is None

	def test_then_the_caregiver(self) -> None:
		task = fresh(patient=make.patient(caregiver_name="Li", caregiver_mobile="13900139000").name)
		for _number in range(3):
			state = api.log_attempt(task.name, "No Answer")
		assert (state["status"], state["contact_point"]) == ("Open", "Caregiver")
		state = api.log_attempt(task.name, "No Answer")
		assert (state["status"], state["status_reason"]) == ("Missed", "lost_to_follow_up")

	def test_a_callback_does_not_use_up_an_attempt(self) -> None:
		task = fresh()
		for outcome in ("No Answer", "Callback Requested", "No Answer", "Callback Requested"):
			assert api.log_attempt(task.name, outcome)["status"] == "Open"
		assert now_of(task).attempts == 4

	def test_somebody_who_wants_to_try_again_may(self) -> None:
		task = fresh()
		for _number in range(2):
			log(task, "No Answer")
		assert api.log_attempt(task.name, "No Answer", next_attempt_at=at(1, 10))["status"] == "Open"

	def test_the_patient_calls_back_after_all(self) -> None:
		task = fresh()
		for _number in range(3):
			log(task, "No Answer")
		assert api.log_attempt(task.name, "Reached Patient", direction="In")["status"] == "Completed"
		row = now_of(task)
		assert (row.status_reason, row.late_completion, row.attempts) == (None, 0, 3)

	def test_the_settings_decide_how_many(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "max_attempts", 1)
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		assert api.log_attempt(fresh().name, "Busy")["status"] == "Missed"

	def test_cancelling_the_last_one_opens_it_again(self) -> None:
		task = fresh()
		names = [log(task, "No Answer") for _number in range(3)]
		cancel(names[1])
		row = now_of(task)
		assert (row.status, row.status_reason, row.attempts) == ("Open", None, 2)
		assert row.next_attempt_at > now_datetime()


class TestNumbers:
	@pytest.mark.parametrize("outcome", DEAD_NUMBER)
	def test_a_dead_number_passes_to_the_caregiver_and_joins_the_fix_list(self, outcome: str) -> None:
		patient = make.patient(caregiver_name="Li", caregiver_mobile="13900139000").name
		task = fresh(patient=patient)
		name = log(task, outcome)
		assert (now_of(task).status, now_of(task).contact_point) == ("Open", "Caregiver")
		assert frappe.db.get_value(PATIENT, patient, "mobile_status") == outcome
		cancel(name)
		assert now_of(task).contact_point == "Patient"
		assert frappe.db.get_value(PATIENT, patient, "mobile_status") == "Unknown"

	@pytest.mark.parametrize("outcome", DEAD_NUMBER)
	def test_both_numbers_dead_is_lost(self, outcome: str) -> None:
		patient = make.patient(caregiver_name="Li", caregiver_mobile="13900139000").name
		task = fresh(patient=patient)
		log(task, outcome)
		log(task, outcome)
		assert now_of(task).status_reason == "lost_to_follow_up"
		assert frappe.db.get_value(PATIENT, patient, "caregiver_mobile_status") == outcome

	def test_another_log_that_says_the_same_keeps_the_number_on_the_list(self) -> None:
		patient = make.patient().name
		first = log(fresh(patient=patient), "Wrong Number")
		log(fresh(patient=patient), "Wrong Number")
		cancel(first)
		assert frappe.db.get_value(PATIENT, patient, "mobile_status") == "Wrong Number"

	def test_a_corrected_number_is_left_alone(self) -> None:
		patient = make.patient()
		name = log(fresh(patient=patient.name), "Wrong Number")
		patient.reload()
		patient.mobile = "13700137000"
		patient.save()
		cancel(name)
		assert frappe.db.get_value(PATIENT, patient.name, "mobile_status") == "Unknown"

	def test_a_visit_that_finds_nobody_is_followed_by_calls(self) -> None:
		patient = make.patient(home_address="1 Main Street").name
		task = fresh(patient=patient, channel="Home Visit")
		for _number in range(3):
			name = log(task, "Not Home")
		assert (now_of(task).status, now_of(task).channel) == ("Open", "Phone")
		cancel(name)
		assert now_of(task).channel == "Home Visit"

	def test_a_guardian_stands_in_the_patients_place(self) -> None:
		patient = make.patient(caregiver_name="Li", caregiver_mobile="13900139000").name
		task = fresh(patient=patient, contact_point="Caregiver")
		for _number in range(2):
			assert api.log_attempt(task.name, "No Answer")["contact_point"] == "Caregiver"
		assert api.log_attempt(task.name, "No Answer")["status"] == "Missed"


class TestStops:
	def test_death_stops_everything_of_the_patient(self) -> None:
		task = fresh()
		other = make.task(make.plan(task.patient))
		loose = make.task(patient=task.patient, kind="Callback")
		name = log(task, "Deceased")
		assert frappe.db.get_value(PATIENT, task.patient, "status") == "Deceased"
		assert {now_of(row).status for row in (task, other, loose)} == {"Cancelled"}
		assert frappe.db.get_value(PLAN, task.plan, ["status", "stop_reason"]) == ("Stopped", "deceased")
		assert frappe.db.get_value("Follow-up Log", name, "stopped_plan") == 1
		cancel(name)
		assert frappe.db.get_value(PATIENT, task.patient, "status") == "Active"
		assert {now_of(row).status for row in (task, other)} == {"Open"}

	def test_cancelling_a_second_report_of_death_does_not_revive(self) -> None:
		task = fresh()
		log(task, "Deceased")
		second = make.log(task, "Deceased")
		second.cancel()
		assert frappe.db.get_value(PATIENT, task.patient, "status") == "Deceased"
		assert now_of(task).status == "Cancelled"

	def test_readmission_stops_the_plan_and_pauses_a_programme(self) -> None:
		task = fresh()
		programme = make.plan(task.patient, purpose="Programme")
		make.task(programme)
		name = log(task, "Readmitted")
		assert frappe.db.get_value(PLAN, task.plan, ["status", "stop_reason"]) == ("Stopped", "readmitted")
		assert frappe.db.get_value(PLAN, programme.name, "status") == "Paused"
		assert frappe.db.get_value(PATIENT, task.patient, "status") == "Active"
		cancel(name)
		assert frappe.db.get_value(PLAN, task.plan, "status") == "Active"
		assert frappe.db.get_value(PLAN, programme.name, "status") == "Active"

	def test_a_task_without_a_plan(self) -> None:
		task = make.task(kind="Callback")
		name = log(task, "Readmitted")
		assert now_of(task).status == "Cancelled"
		cancel(name)
		assert now_of(task).status == "Open"


class TestLateEntry:
	def test_a_missed_contact_that_was_made_in_time(self) -> None:
		task = fresh(due_date=day(-9), opens_on=day(-9), expires_on=day(-2))
		tasks.expire(day())
		assert now_of(task).status == "Missed"
		name = log(task, "Reached Patient", contacted_at=at(-3, 10))
		row = now_of(task)
		assert (row.status, row.status_reason, row.late_completion) == ("Completed", None, 0)
		assert row.completed_on == day(-3)
		assert frappe.db.get_value("Follow-up Log", name, "late_entry") == 1
		cancel(name)
		assert (now_of(task).status, now_of(task).status_reason) == ("Missed", "expired")

	def test_a_missed_contact_that_was_made_later(self) -> None:
		task = fresh(due_date=day(-9), opens_on=day(-9), expires_on=day(-2))
		tasks.expire(day())
		log(task, "Reached Patient", contacted_at=at(-1, 10))
		assert (now_of(task).status, now_of(task).late_completion) == ("Completed", 1)

	def test_a_failed_attempt_leaves_it_missed(self) -> None:
		task = fresh(due_date=day(-9), opens_on=day(-9), expires_on=day(-2))
		tasks.expire(day())
		log(task, "No Answer", contacted_at=at(-3, 10))
		assert (now_of(task).status, now_of(task).attempts) == ("Missed", 1)

	def test_an_earlier_attempt_entered_after_the_reached_one(self) -> None:
		task = fresh(due_date=day(-2), opens_on=day(-2))
		log(task, "Reached Patient")
		make.log(task, "No Answer", contacted_at=at(-1, 10))
		row = now_of(task)
		assert (row.status, row.outcome, row.attempts) == ("Completed", "Reached Patient", 2)


class TestPromises:
	def test_a_promise_beyond_the_window_keeps_the_task_and_counts_as_late(self) -> None:
		task = fresh()
		name = log(task, "Callback Requested", next_attempt_at=at(9, 10))
		row = now_of(task)
		assert (row.status, row.expires_on, row.planned_until, row.pinned) == ("Open", day(9), day(6), 1)
		cancel(name)
		row = now_of(task)
		assert (row.status, row.expires_on, row.planned_until) == ("Open", day(6), None)

	def test_staff_alone_do_not_leave_the_window(self) -> None:
		with pytest.raises(InvalidPeriodError, match="window of this contact ends"):
			log(fresh(), "No Answer", next_attempt_at=at(9, 10))

	def test_completed_after_the_planned_end_is_late(self) -> None:
		task = fresh(due_date=day(-8), opens_on=day(-8), expires_on=day(0), planned_until=day(-2))
		log(task, "Reached Patient")
		assert now_of(task).late_completion == 1


class TestPlan:
	def test_the_last_contact_completes_the_plan_and_cancelling_reopens_it(self) -> None:
		plan = make.plan()
		task = make.task(plan)
		name = log(task, "Reached Patient")
		assert frappe.db.get_value(PLAN, plan.name, ["status", "completed_contacts"]) == ("Completed", 1)
		cancel(name)
		assert frappe.db.get_value(PLAN, plan.name, ["status", "completed_contacts"]) == ("Active", 0)

	def test_a_contact_during_a_pause_counts(self) -> None:
		task = fresh()
		plans.pause(task.plan, "on holiday")
		assert api.log_attempt(task.name, "Reached Patient", direction="In")["status"] == "Completed"


class TestRefusals:
	@pytest.mark.parametrize(
		("status", "says"),
		[("Completed", "completed on"), ("Skipped", "skipped"), ("Cancelled", "cancelled")],
	)
	def test_closed_tasks(self, status: str, says: str) -> None:
		with pytest.raises(LogError, match=says):
			log(fresh(status=status), "Reached Patient")

	def test_a_further_conversation_is_kept_without_effect(self) -> None:
		task = fresh()
		log(task, "Reached Patient")
		make.log(task, "No Answer")
		assert (now_of(task).status, now_of(task).attempts) == ("Completed", 2)

	def test_while_somebody_else_is_calling(self, as_user) -> None:
		task = fresh()
		with as_user("Follow-up Specialist"):
			claims.claim(task.name)
		with pytest.raises(TaskClaimedError):
			log(task, "No Answer")

	def test_logging_ends_the_claim(self) -> None:
		task = fresh()
		claims.claim(task.name)
		log(task, "No Answer")
		assert (now_of(task).status, now_of(task).claimed_by) == ("Open", None)

	def test_the_future(self) -> None:
		with pytest.raises(InvalidPeriodError, match="still to come"):
			log(fresh(), "Reached Patient", contacted_at=str(now_datetime() + timedelta(hours=1)))

	def test_again_before_this_contact(self) -> None:
		with pytest.raises(InvalidPeriodError, match="not after this contact"):
			log(fresh(), "No Answer", next_attempt_at=at(-1, 10))

	def test_another_patients_task(self) -> None:
		with pytest.raises(LogError, match="another patient"):
			make.log(fresh(), "Reached Patient", patient=make.patient().name)

	def test_without_an_outcome(self) -> None:
		with pytest.raises(InvalidValueError, match="outcome"):
			make.log(fresh(), "")

	@pytest.mark.parametrize("score", [-1, 6])
	def test_satisfaction_outside_the_scale(self, score: int) -> None:
		with pytest.raises(frappe.ValidationError):
			log(fresh(), "Reached Patient", satisfaction=score)

	def test_other_peoples_contacts_are_for_supervisors(self, as_user) -> None:
		task = fresh()
		with as_user("Follow-up Specialist") as user:
			frappe.db.set_value(TASK, task.name, "assigned_to", user)
			with pytest.raises(LogError, match="your own"):
				make.log(task, "Reached Patient", staff="Administrator")
		with as_user("Follow-up Supervisor"):
			make.log(task, "Reached Patient", staff="Administrator")


def test_a_specialist_logs_and_a_supervisor_cancels(as_user) -> None:
	task = fresh()
	with as_user("Follow-up Specialist") as user:
		frappe.db.set_value(TASK, task.name, "assigned_to", user)
		name = log(task, "Reached Patient", notes="doing well", duration_seconds=240)
		row = frappe.db.get_value(
			"Follow-up Log", name, ["staff", "notes", "docstatus", "plan"], as_dict=True
		)
		assert (row.staff, row.notes, row.docstatus, row.plan) == (user, "doing well", 1, task.plan)
		with pytest.raises(frappe.PermissionError):
			cancel(name)
	with as_user("Follow-up Supervisor"):
		cancel(name)
	assert now_of(task).status == "Open"


def test_a_log_without_a_task() -> None:
	patient = make.patient()
	doc = frappe.get_doc(
		{"doctype": "Follow-up Log", "patient": patient.name, "outcome": "Reached Patient", "direction": "In"}
	)
	doc.docstatus = 1
	doc.insert()
	assert (doc.staff, getdate(doc.contacted_at)) == ("Administrator", day())


class TestOtherDepartments:
	"""Records of another department are out of reach, whichever door is tried."""

	@pytest.fixture
	def elsewhere(self, as_user):
		task = fresh(department=make.department("Logs Surgery"))
		own = make.department("Logs Medicine")
		with as_user("Follow-up Specialist") as user:
			frappe.set_user("Administrator")
			permission = {"user": user, "allow": "Follow-up Department", "for_value": own}
			frappe.get_doc({"doctype": "User Permission", **permission, "apply_to_all_doctypes": 1}).insert()
			frappe.set_user(user)
			yield task

	@pytest.mark.parametrize(
		"call",
		[
			lambda task: api.log_attempt(task, "Reached Patient"),
			lambda task: api.claim_task(task),
			lambda task: api.release_task(task),
			lambda task: api.skip_task(task, "reason"),
			lambda task: api.take_back_skip(task),
			lambda task: api.reschedule_task(task, str(day(1)), "reason"),
			lambda task: api.reassign_tasks([task], "Administrator"),
		],
		ids=["log", "claim", "release", "skip", "take back", "reschedule", "reassign"],
	)
	def test_through_the_api(self, elsewhere, call) -> None:
		with pytest.raises(frappe.PermissionError):
			call(elsewhere.name)

	def test_through_a_log_of_its_own(self, elsewhere) -> None:
		with pytest.raises(frappe.PermissionError):
			make.log(elsewhere, "Reached Patient")
