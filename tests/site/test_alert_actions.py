"""From the first look to the closed alert: acknowledged, answered by a call, judged, closed; and how each is taken back."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_to_date, getdate, now_datetime, today

from hospital_followup import alert_api, call_api, desk
from hospital_followup.exceptions import AlertError, AssignmentError, InvalidPeriodError, InvalidValueError
from hospital_followup.services import alert_answers, alert_escalation, plans, tasks
from hospital_followup.services.alert_course import STAMPS
from hospital_followup.tests import factories as make
from tests.site.alert_samples import (
	ALERT,
	LOG,
	TASK,
	caller,
	calls_of,
	doctor,
	raised,
	supervisor,
	told,
	ward,
)
from tests.site.call_samples import contact, questionnaire
from tests.site.rights import AD, DR, SP, SV
from tests.site.samples import saved
from tests.stack.users import make_user

ANSWER = "Take two tablets of paracetamol and come to the ward tomorrow at nine."


@pytest.fixture
def place() -> str:
	name = ward()
	doctor(name)
	caller(name)
	return name


def stands(alert) -> frappe._dict:
	return frappe.db.get_value(ALERT, alert.name, "*", as_dict=True)


def reach(task: str, outcome: str = "Reached Patient", **changes) -> dict:
	return call_api.finish_call(
		task, outcome, {"identity_verified": 1, "incomplete_reason": "asked before", **changes}
	)


class TestAcknowledging:
	def test_one_tap_says_who_and_when(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			state = alert_api.acknowledge(alert.name)
		row = stands(alert)
		assert (row.status, row.workflow_state) == ("Acknowledged", "Alert Acknowledged")
		assert (row.acknowledged_by, row.assigned_to) == (user, user)
		assert timedelta(0) <= now_datetime() - row.acknowledged_on < timedelta(minutes=5)
		assert (state["mine"], state["status"]) == (True, "Acknowledged")

	def test_who_comes_second_is_told_by_whom(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as first:
			alert_api.acknowledge(alert.name)
		with as_user(DR):
			state = alert_api.acknowledge(alert.name)
		assert (state["mine"], state["acknowledged_by"]) == (False, first)
		assert stands(alert).assigned_to == first

	def test_work_on_it_acknowledges_as_well(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(SV) as user:
			assert alert_api.start_work(alert.name)["status"] == "In Progress"
		assert stands(alert).acknowledged_by == user

	def test_the_workflow_button_writes_the_same(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			apply_workflow(frappe.get_doc(ALERT, alert.name), "Acknowledge Alert")
		row = stands(alert)
		assert (row.status, row.acknowledged_by, row.assigned_to) == ("Acknowledged", user, user)

	def test_a_card_moved_on_the_board_too(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			doc = frappe.get_doc(ALERT, alert.name)
			doc.status = "Acknowledged"
			doc.save()
		assert (stands(alert).acknowledged_by, stands(alert).workflow_state) == (user, "Alert Acknowledged")

	def test_what_people_did_stands_in_the_timeline(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR):
			alert_api.acknowledge(alert.name)
			alert_api.acknowledge(alert.name)
		remarks = frappe.get_all(
			"Comment", {"reference_name": alert.name, "comment_type": "Info"}, pluck="content"
		)
		assert remarks == ["Acknowledged"]


class TestHavingThePatientTold:
	def test_makes_one_call_of_today_with_the_answer(self, place: str, as_user) -> None:
		source = make.task(make.plan(), department=place)
		alert = raised(place, patient=source.patient, task=source.name)
		with as_user(DR) as user:
			answer = alert_api.have_patient_told(alert.name, f"  {ANSWER} ")
		(call,) = calls_of(alert.name)
		assert answer["task"] == call.name
		assert (call.kind, call.channel, call.status, call.due_date) == (
			"Alert",
			"Phone",
			"Open",
			getdate(today()),
		)
		assert (call.patient, call.plan, call.department) == (alert.patient, None, place)
		assert call.key == f"alert|{alert.name}|1"
		row = stands(alert)
		assert (row.status, row.answer_to_patient, row.acknowledged_by) == ("In Progress", ANSWER, user)

	def test_goes_to_the_chosen_person(self, place: str, as_user) -> None:
		alert, chosen = raised(place), caller(place)
		with as_user(DR):
			alert_api.have_patient_told(alert.name, ANSWER, assigned_to=chosen)
		(call,) = calls_of(alert.name)
		assert (call.assigned_to, call.role) == (chosen, SP)
		assert frappe.db.count("Notification Log", {"for_user": chosen, "document_name": call.name}) == 1

	def test_goes_to_whoever_called_before(self, as_user) -> None:
		# Every day is worked, so that the test says the same on a Sunday.
		place = make.department(f"Ward {frappe.generate_hash(length=6)}")
		calendar = frappe.get_doc(
			{"doctype": "Follow-up Calendar", "title": frappe.generate_hash(length=6)}
			| dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
		).insert()
		frappe.db.set_value("Follow-up Department", place, "calendar", calendar.name)
		frappe.clear_document_cache("Follow-up Department", place)
		callers = [caller(place) for _number in range(3)]
		known = make.patient(department=place)
		make.log(make.task(make.plan(known.name), department=place), "Reached Patient", staff=callers[1])
		alert = raised(place, patient=known.name)
		with as_user(DR):
			alert_api.have_patient_told(alert.name, ANSWER)
		assert calls_of(alert.name)[0].assigned_to == callers[1]

	@pytest.mark.parametrize(("age", "asked_for"), [(9, "Caregiver"), (40, "Patient")])
	def test_asks_for_the_guardian_of_a_child(self, place: str, age: int, asked_for: str) -> None:
		born = add_to_date(today(), years=-age)
		patient = make.patient(department=place, date_of_birth=born).name
		alert_api.have_patient_told((alert := raised(place, patient=patient)).name, ANSWER)
		assert calls_of(alert.name)[0].contact_point == asked_for

	def test_asked_again_changes_the_answer_of_the_same_call(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR):
			first = alert_api.have_patient_told(alert.name, "Rest.")["task"]
			second = alert_api.have_patient_told(alert.name, ANSWER)["task"]
			sheet = call_api.call_sheet(first)
		assert first == second
		assert (sheet["answer"]["text"], sheet["answer"]["detail"]) == (ANSWER, alert.detail)

	def test_needs_words(self, place: str) -> None:
		with pytest.raises(AlertError, match="Write down"):
			alert_api.have_patient_told(raised(place).name, "  ")

	def test_needs_somebody_who_calls(self, place: str) -> None:
		with pytest.raises(AssignmentError, match="takes no contacts"):
			alert_api.have_patient_told(raised(place).name, ANSWER, assigned_to=make_user(SP))

	@pytest.mark.parametrize(("status", "why"), [("Deceased", "has died"), ("Do Not Contact", "not to be")])
	def test_is_refused_for_who_cannot_be_called(self, place: str, status: str, why: str) -> None:
		alert = raised(place)
		frappe.db.set_value("Follow-up Patient", alert.patient, "status", status)
		with pytest.raises(AlertError, match=why):
			alert_api.have_patient_told(alert.name, ANSWER)

	def test_the_call_asks_no_questionnaire(self, place: str) -> None:
		questionnaire()
		alert = raised(place)
		task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		assert call_api.call_sheet(task)["questionnaire"] is None
		call_api.start_call(task)
		assert not frappe.db.get_value(LOG, {"draft_of": task}, "questionnaire")


class TestTheCall:
	def test_that_reaches_the_patient_answers_the_alert(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		with as_user(SP):
			log = reach(task)["log"]
		row = stands(alert)
		assert (row.status, row.workflow_state, row.told_in) == ("Answered", "Alert Answered", log)
		assert (row.acknowledged_by, row.answered_on is not None) == (user, True)

	@pytest.mark.parametrize("outcome", ["No Answer", "Busy"])
	def test_that_reaches_nobody_does_not(self, place: str, outcome: str) -> None:
		alert = raised(place)
		task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		call_api.finish_call(task, outcome)
		assert stands(alert).status == "In Progress"
		assert calls_of(alert.name)[0].status == "Open"

	def test_that_was_never_made_is_the_doctors_again(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		tasks.expire(getdate(add_to_date(today(), days=4)))
		assert frappe.db.get_value(TASK, task, "status") == "Missed"
		assert alert.name in alert_answers.not_told()
		for _time in range(2):
			alert_answers.tell_not_told(alert.name)
		assert len([text for text in told(user, alert.name) if "could not be told" in text]) == 1
		alert_api.have_patient_told(alert.name, ANSWER)
		assert [call.key for call in calls_of(alert.name)] == [f"alert|{alert.name}|{n}" for n in (1, 2)]

	@pytest.mark.parametrize("end", ["Completed", "Paused"])
	def test_does_not_depend_on_the_plan_of_the_cause(self, place: str, end: str) -> None:
		source = make.task(make.plan(planned_contacts=1), department=place)
		alert = raised(place, patient=source.patient, task=source.name)
		task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		if end == "Completed":
			reach(source.name)
		else:
			plans.pause(source.plan, "on holiday")
		assert frappe.db.get_value("Follow-up Plan", source.plan, "status") == end
		assert not frappe.db.get_value(TASK, task, "on_hold")
		tasks.expire(getdate(add_to_date(today(), days=4)))
		assert frappe.db.get_value(TASK, task, "status") == "Missed"
		assert alert.name in alert_answers.not_told()

	def test_taken_back_opens_the_alert_again(self, place: str) -> None:
		alert = raised(place)
		task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		log = frappe.get_doc(LOG, reach(task)["log"])
		log.cancel()
		row = stands(alert)
		assert (row.status, row.told_in, row.answered_on) == ("In Progress", None, None)
		assert frappe.db.get_value(TASK, task, "status") == "Open"

	def test_is_no_planned_contact(self, place: str) -> None:
		source = make.task(make.plan(planned_contacts=1), department=place)
		alert = raised(place, patient=source.patient, task=source.name)
		alert_api.have_patient_told(alert.name, ANSWER)
		reach(source.name)
		assert frappe.db.get_value("Follow-up Plan", source.plan, ["status", "completed_contacts"]) == (
			"Completed",
			1,
		)


class TestToldByTheDoctor:
	def test_is_a_contact_and_an_answer_in_one(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			answer = alert_api.patient_was_told(alert.name, ANSWER, notes="relieved")
		row, log = stands(alert), frappe.get_doc(LOG, answer["log"])
		assert (row.status, row.told_in, row.answer_to_patient) == ("Answered", log.name, ANSWER)
		assert (log.docstatus, log.outcome, log.staff, log.notes) == (1, "Reached Patient", user, "relieved")
		assert (log.patient, log.department) == (alert.patient, place)

	def test_completes_the_call_that_was_still_to_be_made(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR):
			task = alert_api.have_patient_told(alert.name, "Rest.")["task"]
			log = alert_api.patient_was_told(alert.name, ANSWER)["log"]
		assert frappe.db.get_value(TASK, task, "status") == "Completed"
		assert frappe.db.get_value(LOG, log, "task") == task
		assert (stands(alert).status, stands(alert).told_in) == ("Answered", log)

	def test_at_a_time_that_can_be(self, place: str) -> None:
		alert = raised(place)
		with pytest.raises(InvalidPeriodError, match="before the alert"):
			alert_api.patient_was_told(
				alert.name, ANSWER, contacted_at=str(add_to_date(now_datetime(), days=-1))
			)

	def test_only_when_somebody_was_reached(self, place: str) -> None:
		with pytest.raises(AlertError, match="reached"):
			alert_api.patient_was_told(raised(place).name, ANSWER, outcome="No Answer")

	def test_once(self, place: str) -> None:
		alert = raised(place)
		alert_api.patient_was_told(alert.name, ANSWER)
		with pytest.raises(AlertError, match="already"):
			alert_api.patient_was_told(alert.name, ANSWER)


class TestJudgingAndClosing:
	@pytest.mark.parametrize("judgement", ["True", "False"])
	def test_one_tap_judges(self, place: str, as_user, judgement: str) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			assert alert_api.judge(alert.name, judgement)["judgement"] == judgement
		row = stands(alert)
		assert (row.judgement, row.status, row.acknowledged_by) == (judgement, "Acknowledged", user)

	def test_another_word_is_no_judgement(self, place: str) -> None:
		with pytest.raises(InvalidValueError, match="Maybe"):
			alert_api.judge(raised(place).name, "Maybe")

	def test_closed_when_answered_and_judged(self, place: str) -> None:
		alert = raised(place)
		alert_api.patient_was_told(alert.name, ANSWER)
		with pytest.raises(AlertError, match="whether this alarm was right"):
			alert_api.close_alert(alert.name)
		alert_api.judge(alert.name, "True")
		assert alert_api.close_alert(alert.name)["status"] == "Closed"
		assert stands(alert).closed_on

	def test_not_before_the_patient_knows(self, place: str) -> None:
		alert = raised(place)
		alert_api.judge(alert.name, "False")
		with pytest.raises(AlertError, match="got the answer"):
			alert_api.close_alert(alert.name)

	@pytest.mark.parametrize(
		("reason", "why"),
		[("Deceased", "deceased"), ("Readmitted", "readmitted"), ("Lost to Follow-up", "lost_to_follow_up")],
	)
	def test_without_an_answer_only_for_a_reason(self, place: str, reason: str, why: str) -> None:
		alert = raised(place)
		task = alert_api.have_patient_told(alert.name, ANSWER)["task"]
		alert_api.close_alert(alert.name, reason=reason)
		assert (stands(alert).status, stands(alert).closed_reason) == ("Closed", reason)
		assert frappe.db.get_value(TASK, task, ["status", "status_reason"]) == ("Cancelled", why)

	def test_a_reason_of_ones_own_is_none(self, place: str) -> None:
		with pytest.raises(InvalidValueError, match="Choose one"):
			alert_api.close_alert(raised(place).name, reason="tired")

	def test_reopened_it_keeps_who_acknowledged_it(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR) as user:
			alert_api.patient_was_told(alert.name, ANSWER)
			alert_api.judge(alert.name, "True")
			alert_api.close_alert(alert.name)
		before = stands(alert)
		with as_user(SV):
			alert_api.reopen(alert.name)
		row = stands(alert)
		assert (row.status, row.acknowledged_by) == ("In Progress", user)
		assert row.acknowledged_on == before.acknowledged_on
		assert (row.answered_on, row.told_in, row.closed_on) == (None, None, None)

	def test_what_is_open_cannot_be_reopened(self, place: str) -> None:
		with pytest.raises(AlertError, match="nothing to reopen"):
			alert_api.reopen(raised(place).name)


class TestTheFormKeepsTheRules:
	def test_no_form_answers_a_clinical_alert(self, place: str) -> None:
		alert = raised(place)
		alert_api.acknowledge(alert.name)
		with pytest.raises(AlertError, match="has to be told first"):
			apply_workflow(frappe.get_doc(ALERT, alert.name), "Answer Patient")

	def test_another_kind_needs_its_answer(self) -> None:
		alert = saved("Follow-up Alert", kind="Satisfaction", status="Acknowledged")
		with pytest.raises(AlertError, match="Write down the answer"):
			apply_workflow(frappe.get_doc(ALERT, alert.name), "Answer Patient")

	def test_no_request_writes_the_stamps(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(DR):
			doc = frappe.get_doc(ALERT, alert.name)
			doc.update(
				{"acknowledged_on": "2020-01-01 00:00:00", "escalations": 2, "closed_reason": "Deceased"}
			)
			doc.save()
		row = stands(alert)
		assert [row[field] for field in STAMPS] == [alert.get(field) for field in STAMPS]

	def test_what_the_patient_was_told_stays(self, place: str) -> None:
		alert = raised(place)
		alert_api.patient_was_told(alert.name, ANSWER)
		doc = frappe.get_doc(ALERT, alert.name)
		doc.answer_to_patient = "Something else"
		with pytest.raises(AlertError, match="stays as it was"):
			doc.save()

	def test_no_step_back(self, place: str) -> None:
		alert = raised(place)
		alert_api.start_work(alert.name)
		doc = frappe.get_doc(ALERT, alert.name)
		doc.status = "Open"
		with pytest.raises(AlertError, match="cannot become"):
			doc.save()

	def test_of_which_patient_it_is_stays(self, place: str) -> None:
		doc = frappe.get_doc(ALERT, raised(place).name)
		doc.patient = make.patient().name
		with pytest.raises(frappe.CannotChangeConstantError):
			doc.save()

	def test_one_written_by_hand_goes_to_the_person_on_duty_in_time(self, as_user) -> None:
		place = ward()
		on_duty, boss = doctor(place), supervisor(place)
		patient = make.patient(department=place).name
		with as_user(AD):
			alert = frappe.get_doc(
				{"doctype": ALERT, "patient": patient, "severity": "Red", "detail": "called the ward"}
			).insert()
		assert alert.assigned_to in (on_duty, boss)
		assert alert.respond_by - alert.raised_on == timedelta(hours=2)
		assert len(told(alert.assigned_to, alert.name)) == 1


class TestCausesThatGoAway:
	@pytest.mark.parametrize("kind", ["Overdue", "Unreachable"])
	def test_a_contact_that_reaches_the_patient(self, place: str, kind: str, as_user) -> None:
		task = make.task(make.plan(), department=place)
		alert = raised(place, "Amber", kind=kind, patient=task.patient, task=task.name)
		clinical = raised(place, patient=task.patient, task=task.name)
		with as_user(SP) as user:
			reach(task.name)
		row = stands(alert)
		assert row.status == "Answered"
		assert f"reached by {frappe.utils.get_fullname(user)}" in row.detail
		assert (row.acknowledged_by, row.acknowledged_on, row.assigned_to) == (None, None, alert.assigned_to)
		assert stands(clinical).status == "Open"

	@pytest.mark.parametrize(("status", "gone"), [("Attended", True), ("Cancelled", True), ("Missed", False)])
	def test_a_revisit_that_was_kept_after_all(self, place: str, status: str, gone: bool) -> None:
		revisit = saved("Follow-up Revisit")
		alert = raised(place, "Amber", kind="Missed Revisit", patient=revisit.patient, revisit=revisit.name)
		frappe.db.set_value("Follow-up Revisit", revisit.name, "status", status)
		assert (alert.name in alert_answers.gone()) is gone
		alert_answers.settle_gone(alert.name)
		assert (stands(alert).status == "Answered") is gone

	def test_a_task_that_was_called_off(self, place: str) -> None:
		task = make.task(make.plan(), department=place)
		alert = raised(place, "Amber", kind="Overdue", patient=task.patient, task=task.name)
		assert alert.name not in alert_answers.gone()
		tasks.cancel_tasks([task.name], "stopped")
		alert_answers.settle_gone(alert.name)
		row = stands(alert)
		assert (row.status, "by itself" in row.detail) == ("Answered", True)
		assert (row.acknowledged_by, row.acknowledged_on) == (None, None)

	def test_that_comes_back_waits_for_a_first_look(self, place: str, as_user) -> None:
		task = make.task(make.plan(), department=place)
		alert = raised(place, "Amber", kind="Overdue", patient=task.patient, task=task.name)
		frappe.get_doc(LOG, reach(task.name)["log"]).cancel()
		row = stands(alert)
		assert (row.status, row.acknowledged_on, row.told_in) == ("In Progress", None, None)
		assert alert.name in alert_escalation.late(row.respond_by)
		with as_user(DR) as user:
			alert_api.acknowledge(alert.name)
		assert (stands(alert).status, stands(alert).acknowledged_by) == ("In Progress", user)
		assert alert.name not in alert_escalation.late(row.respond_by)


class TestContext:
	def test_shows_answers_their_course_and_earlier_contacts(self, as_user) -> None:
		asks = questionnaire()
		first = contact(asks=asks)
		call_api.save_call(first.name, {"answers": {"pain": 3, "fever": "no"}})
		reach(first.name)
		second = contact(asks=asks, patient=first.patient)
		call_api.save_call(second.name, {"answers": {"pain": 9, "fever": "no"}})
		alert = frappe.get_doc(ALERT, {"task": second.name})
		with as_user(DR):
			context = alert_api.alert_context(alert.name)
		assert [(row["shown"], row["flag"]) for row in context["answers"]] == [("9", "Red"), ("No", None)]
		(course,) = context["courses"]
		assert [point["value"] for point in course["points"]] == [3, 9]
		assert [row["outcome"] for row in context["contacts"]] == ["Reached Patient"]
		assert (context["may_write"], context["may_log"], context["call"]) == (True, True, None)

	def test_a_specialist_reads_but_does_not_act(self, place: str, as_user) -> None:
		alert = raised(place)
		with as_user(SP):
			assert alert_api.alert_context(alert.name)["may_write"] is False
			for act in (
				lambda: alert_api.acknowledge(alert.name),
				lambda: alert_api.have_patient_told(alert.name, ANSWER),
				lambda: alert_api.judge(alert.name, "True"),
			):
				with pytest.raises(frappe.PermissionError):
					act()

	def test_who_reads_by_sharing_alone_reads_no_answers(self, as_user) -> None:
		task = contact(asks=questionnaire())
		call_api.save_call(task.name, {"answers": {"pain": 9}})
		alert = frappe.get_doc(ALERT, {"task": task.name})
		stranger = make_user("Desk User")
		frappe.share.add(ALERT, alert.name, stranger, read=1)
		with as_user(email=stranger):
			context = alert_api.alert_context(alert.name)
		assert (context["answers"], context["courses"], context["contacts"]) == ([], [], [])
		assert context["patient"]["mobile"] is None

	def test_the_patients_form_lists_what_is_open(self, place: str, as_user) -> None:
		red = raised(place)
		amber = raised(place, "Amber", patient=red.patient)
		closed = raised(place, patient=red.patient)
		alert_api.close_alert(closed.name, reason="Readmitted")
		with as_user(SP):
			rows = desk.patient_overview(red.patient)["alerts"]
		assert [row.name for row in rows] == [red.name, amber.name]
