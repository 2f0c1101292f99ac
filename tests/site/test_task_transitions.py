"""Whoever changes a task's status obeys one table: a kanban drag, a bulk edit, the form and REST alike."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.utils import add_to_date, now_datetime

from hospital_followup import api
from hospital_followup.exceptions import RescheduleError, TaskClaimedError, TaskTransitionError
from hospital_followup.services import claims
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day

TASK = "Follow-up Task"
STATUSES = ("Scheduled", "Open", "In Progress", "Completed", "Missed", "Skipped", "Cancelled")
#: What a person may set by hand, when nothing else changes: begin what is due, claim and release.
BY_HAND = {
	("Scheduled", "Open"),
	("Scheduled", "In Progress"),
	("Open", "In Progress"),
	("In Progress", "Open"),
}


def task_in(status: str, **values):
	return make.task(make.plan(), status=status, **values)


def drag(task, status: str) -> None:
	"""What a kanban board does with a card."""
	frappe.set_value(TASK, task.name, "status", status)


@pytest.mark.parametrize("target", STATUSES)
@pytest.mark.parametrize("source", STATUSES)
def test_every_drag(source: str, target: str) -> None:
	task = task_in(source)
	if source == target or (source, target) in BY_HAND:
		drag(task, target)
		assert frappe.db.get_value(TASK, task.name, "status") == target
	else:
		with pytest.raises(TaskTransitionError):
			drag(task, target)
		assert frappe.db.get_value(TASK, task.name, "status") == source


@pytest.mark.parametrize("target", ["Open", "In Progress"])
def test_what_opens_later_is_not_begun_by_dragging(target: str) -> None:
	with pytest.raises(TaskTransitionError, match="opens on"):
		drag(task_in("Scheduled", opens_on=day(2), due_date=day(2)), target)


@pytest.mark.parametrize("source", ["Scheduled", "Open", "In Progress", "Missed"])
def test_completed_without_a_log_says_how_to_do_it(source: str) -> None:
	with pytest.raises(TaskTransitionError, match="Log Attempt"):
		drag(task_in(source), "Completed")


@pytest.mark.commits
def test_bulk_edit_obeys_the_table_and_the_rest_of_the_batch_goes_on() -> None:
	due, later = task_in("Scheduled"), task_in("Scheduled", opens_on=day(3), due_date=day(3))
	frappe.db.commit()  # reason: the desk's bulk edit commits and rolls back per document
	failed = submit_cancel_or_update_docs(TASK, [later.name, due.name], "update", {"status": "Open"})
	assert failed == [later.name]
	assert frappe.db.get_value(TASK, due.name, "status") == "Open"


def test_skipping_by_hand_needs_a_reason() -> None:
	task = task_in("Open")
	doc = frappe.get_doc(TASK, task.name)
	doc.update({"status": "Skipped", "status_reason": "moved abroad"})
	doc.save()
	assert frappe.db.get_value(TASK, task.name, ["status", "status_reason"]) == ("Skipped", "moved abroad")


def test_missed_by_hand_only_after_the_window() -> None:
	drag(task_in("Open", due_date=day(-9), opens_on=day(-9), expires_on=day(-1)), "Missed")
	with pytest.raises(TaskTransitionError, match="window ends"):
		drag(task_in("Open"), "Missed")


def test_dragging_to_in_progress_claims_and_back_releases() -> None:
	task = task_in("Open")
	drag(task, "In Progress")
	row = frappe.db.get_value(TASK, task.name, ["claimed_by", "claimed_until", "assigned_to"], as_dict=True)
	assert row.claimed_by == row.assigned_to == "Administrator"
	assert row.claimed_until > now_datetime()
	drag(task, "Open")
	assert frappe.db.get_value(TASK, task.name, ["claimed_by", "claimed_until"]) == (None, None)


@pytest.mark.parametrize("status", [status for status in STATUSES if status not in ("Scheduled", "Open")])
def test_a_new_task_is_not_closed(status: str) -> None:
	with pytest.raises(TaskTransitionError):
		frappe.get_doc(
			{"doctype": TASK, "patient": make.patient().name, "due_date": day(), "status": status}
		).insert()


@pytest.mark.parametrize(("opens_on", "status"), [(0, "Open"), (-2, "Open"), (2, "Scheduled")])
def test_a_new_task_opens_with_its_window(opens_on: int, status: str) -> None:
	task = frappe.get_doc(
		{
			"doctype": TASK,
			"patient": make.patient(risk_tier="High").name,
			"kind": "Callback",
			"opens_on": day(opens_on),
			"due_date": day(2),
		}
	).insert()
	assert (task.status, task.risk_tier) == (status, "High")
	assert task.priority > 0


def test_an_old_form_does_not_undo_what_a_job_did() -> None:
	"""Jobs leave `modified` alone, so that a person's form saves; the job's fields must survive that."""
	task = task_in("Open")
	form = frappe.get_doc(TASK, task.name)
	frappe.db.set_value(TASK, task.name, {"priority": 3, "attempts": 2}, update_modified=False)
	form.topics = "Care"
	form.save()
	assert frappe.db.get_value(TASK, task.name, ["priority", "attempts", "topics"]) == (3, 2, "Care")


@pytest.mark.parametrize("field", ["due_date", "opens_on", "expires_on"])
def test_a_planned_day_is_moved_by_reschedule_only(field: str) -> None:
	with pytest.raises(RescheduleError, match="Reschedule"):
		frappe.set_value(TASK, task_in("Open").name, field, day(3 if field != "opens_on" else -3))


def test_what_the_contact_is_cannot_be_changed() -> None:
	with pytest.raises(TaskTransitionError, match="cannot be changed"):
		frappe.set_value(TASK, task_in("Open").name, "patient", make.patient().name)


class TestOwner:
	def test_a_specialist_cannot_hand_out_work(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist") as user:
			frappe.db.set_value(TASK, task.name, "assigned_to", user)
			frappe.set_value(TASK, task.name, "assigned_to", "Administrator")
			assert frappe.db.get_value(TASK, task.name, "assigned_to") == user
			with pytest.raises(frappe.PermissionError):
				api.reassign_tasks([task.name], "Administrator")

	def test_a_supervisor_can(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Supervisor") as user:
			frappe.set_value(TASK, task.name, "assigned_to", user)
		assert frappe.db.get_value(TASK, task.name, "assigned_to") == user


class TestSkip:
	def test_reason_is_asked_for(self) -> None:
		with pytest.raises(TaskTransitionError, match="why"):
			api.skip_task(task_in("Open").name, "  ")

	def test_reason_has_a_length(self) -> None:
		with pytest.raises(TaskTransitionError, match="140"):
			api.skip_task(task_in("Open").name, "x" * 141)

	@pytest.mark.parametrize("source", STATUSES)
	def test_only_what_is_undone(self, source: str) -> None:
		task = task_in(source)
		if source in ("Scheduled", "Open", "In Progress"):
			assert api.skip_task(task.name, "moved away")["status"] == "Skipped"
		else:
			with pytest.raises(TaskTransitionError):
				api.skip_task(task.name, "moved away")

	def test_many_at_once_and_one_that_cannot(self) -> None:
		tasks = [task_in("Open"), task_in("Completed"), task_in("Scheduled")]
		answer = api.skip_tasks([task.name for task in tasks], "ward closed")
		assert answer["skipped"] == [tasks[0].name, tasks[2].name]
		assert [row["patient_name"] for row in answer["refused"]] == [tasks[1].patient_name]
		assert frappe.local.message_log == []

	def test_the_last_contact_completes_the_plan_and_taking_back_reopens_it(self) -> None:
		plan = make.plan()
		task = make.task(plan)
		api.skip_task(task.name, "moved away")
		assert frappe.db.get_value("Follow-up Plan", plan.name, "status") == "Completed"
		assert api.take_back_skip(task.name)["status"] == "Open"
		assert frappe.db.get_value("Follow-up Plan", plan.name, "status") == "Active"

	def test_a_refusal_is_taken_back_with_its_log(self) -> None:
		task = task_in("Open")
		make.log(task, "Declined")
		with pytest.raises(TaskTransitionError, match="Cancel the log"):
			api.take_back_skip(task.name)

	def test_a_specialist_may_skip(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist") as user:
			frappe.db.set_value(TASK, task.name, "assigned_to", user)
			assert api.skip_task(task.name, "no longer needed")["status"] == "Skipped"

	def test_not_while_somebody_else_is_calling(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist"):
			claims.claim(task.name)
		with pytest.raises(TaskClaimedError):
			api.skip_task(task.name, "no")


class TestReschedule:
	def test_inside_the_window(self) -> None:
		task = task_in("Open")
		state = api.reschedule_task(task.name, str(day(3)), "patient travels")
		row = frappe.db.get_value(
			TASK,
			task.name,
			["due_date", "opens_on", "expires_on", "pinned", "reasons", "planned_until"],
			as_dict=True,
		)
		assert (state["status"], state["status_reason"]) == ("Scheduled", "patient travels")
		assert (row.due_date, row.opens_on, row.expires_on) == (day(3), day(3), day(6))
		assert (row.pinned, row.reasons, row.planned_until) == (1, "rescheduled", None)

	def test_to_today_stays_open(self) -> None:
		task = task_in("Scheduled", due_date=day(3), opens_on=day(3))
		assert api.reschedule_task(task.name, str(day()), "she asked for it")["status"] == "Open"

	def test_beyond_the_window_is_for_doctors_and_supervisors(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist") as user:
			frappe.db.set_value(TASK, task.name, "assigned_to", user)
			with pytest.raises(RescheduleError, match="window of this contact ends"):
				api.reschedule_task(task.name, str(day(9)), "holiday")
		with as_user("Follow-up Doctor"):
			api.reschedule_task(task.name, str(day(9)), "holiday")
		assert frappe.db.get_value(TASK, task.name, ["expires_on", "planned_until"]) == (day(9), day(6))

	@pytest.mark.parametrize(("offset", "says"), [(-1, "has passed"), (0, "already")])
	def test_days_that_make_no_sense(self, offset: int, says: str) -> None:
		with pytest.raises(RescheduleError, match=says):
			api.reschedule_task(task_in("Open").name, str(day(offset)), "reason")

	@pytest.mark.parametrize("source", ["Completed", "Missed", "Skipped", "Cancelled"])
	def test_not_what_is_closed(self, source: str) -> None:
		with pytest.raises(RescheduleError):
			api.reschedule_task(task_in(source).name, str(day(2)), "reason")

	def test_needs_a_reason(self) -> None:
		with pytest.raises(TaskTransitionError):
			api.reschedule_task(task_in("Open").name, str(day(2)), "")


class TestClaim:
	def test_holds_the_patient_not_only_the_task(self, as_user) -> None:
		plan = make.plan()
		first, second = make.task(plan), make.task(plan)
		with as_user("Follow-up Specialist"):
			api.claim_task(first.name)
		with as_user("Follow-up Specialist"), pytest.raises(TaskClaimedError, match="on the phone"):
			api.claim_task(second.name)

	def test_again_extends(self) -> None:
		task = task_in("Open")
		api.claim_task(task.name)
		frappe.db.set_value(TASK, task.name, "claimed_until", add_to_date(now_datetime(), minutes=1))
		assert api.claim_task(task.name)["claimed_until"] > add_to_date(now_datetime(), minutes=15)

	def test_after_the_lease_anybody_may(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist"):
			api.claim_task(task.name)
		frappe.db.set_value(TASK, task.name, "claimed_until", add_to_date(now_datetime(), minutes=-1))
		with as_user("Follow-up Specialist") as user:
			api.claim_task(task.name)
		assert frappe.db.get_value(TASK, task.name, "claimed_by") == user

	@pytest.mark.parametrize("source", ["Scheduled", "Completed", "Missed", "Skipped", "Cancelled"])
	def test_only_open_tasks(self, source: str) -> None:
		task = task_in(source, opens_on=day(1), due_date=day(1))
		with pytest.raises(TaskTransitionError):
			api.claim_task(task.name)

	def test_not_on_hold(self) -> None:
		with pytest.raises(TaskTransitionError, match="paused"):
			api.claim_task(task_in("Open", on_hold=1).name)

	def test_only_the_holder_or_a_supervisor_releases(self, as_user) -> None:
		task = task_in("Open")
		with as_user("Follow-up Specialist"):
			api.claim_task(task.name)
		with as_user("Follow-up Specialist") as other:
			frappe.db.set_value(TASK, task.name, "assigned_to", other)
			with pytest.raises(TaskClaimedError):
				api.release_task(task.name)
		with as_user("Follow-up Supervisor"):
			assert api.release_task(task.name)["status"] == "Open"

	def test_leaves_modified_alone(self) -> None:
		task = task_in("Open")
		before = frappe.db.get_value(TASK, task.name, "modified")
		api.claim_task(task.name)
		api.release_task(task.name)
		assert frappe.db.get_value(TASK, task.name, "modified") == before
