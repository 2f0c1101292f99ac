"""Moved to another hospital, readmitted, died: everything stops at once, and one click brings the same work back."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import api, contact_api, desk
from hospital_followup.exceptions import LogError, PlanTransitionError
from hospital_followup.services import planning
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.site.rights import SP, SV, department, person

TASK = "Follow-up Task"
PLAN = "Follow-up Plan"
REPORTS = {
	"moved_away": {"outcome": "Reached Caregiver", "moved_away": 1},
	"readmitted": {"outcome": "Readmitted"},
	"deceased": {"outcome": "Deceased"},
}


def patient_with_two_plans():
	patient = make.patient()
	plans = [make.plan(patient.name, planned_contacts=2) for _number in range(2)]
	tasks = [
		make.task(plan, status=status, opens_on=day(offset), due_date=day(offset), expires_on=day(offset + 6))
		for plan in plans
		for status, offset in (("Open", 0), ("Scheduled", 8))
	]
	return patient, plans, tasks


def statuses(doctype: str, docs) -> list[str]:
	return [frappe.db.get_value(doctype, doc.name, "status") for doc in docs]


def report(task, reason: str) -> str:
	return api.log_attempt(task.name, **REPORTS[reason])["log"]


@pytest.mark.parametrize("reason", REPORTS)
class TestEveryReport:
	def test_everything_stops_at_once(self, reason: str) -> None:
		_patient, plans, tasks = patient_with_two_plans()
		report(tasks[0], reason)
		assert statuses(PLAN, plans) == ["Stopped", "Stopped"]
		assert [frappe.db.get_value(PLAN, plan.name, "stop_reason") for plan in plans] == [reason, reason]
		assert statuses(TASK, tasks[1:]) == ["Cancelled"] * 3
		assert statuses(TASK, tasks[:1]) == ["Completed" if reason == "moved_away" else "Cancelled"]

	@pytest.mark.parametrize("way", ["patient", "plan", "log"])
	def test_one_click_brings_it_back(self, reason: str, way: str) -> None:
		patient, plans, tasks = patient_with_two_plans()
		log = report(tasks[0], reason)
		if way == "patient":
			assert sorted(contact_api.undo_patient_stop(patient.name, reason)) == sorted(
				plan.name for plan in plans
			)
		elif way == "plan":
			for plan in plans:
				if frappe.db.get_value(PLAN, plan.name, "status") == "Stopped":
					api.undo_stop_plan(plan.name)
		else:
			frappe.get_doc("Follow-up Log", log).cancel()
		assert statuses(PLAN, plans) == ["Active", "Active"]
		assert statuses(TASK, tasks[1:]) == ["Scheduled", "Open", "Scheduled"]
		assert frappe.db.get_value("Follow-up Patient", patient.name, "status") == "Active"

	def test_a_second_click_finds_nothing(self, reason: str) -> None:
		patient, _plans, tasks = patient_with_two_plans()
		report(tasks[0], reason)
		contact_api.undo_patient_stop(patient.name, reason)
		with pytest.raises(PlanTransitionError):
			contact_api.undo_patient_stop(patient.name, reason)


def test_the_form_offers_to_take_it_back() -> None:
	patient, _plans, tasks = patient_with_two_plans()
	assert desk.patient_overview(patient.name)["stops"] == []
	report(tasks[0], "moved_away")
	(stop,) = desk.patient_overview(patient.name)["stops"]
	assert (stop.reason, stop.by) == ("moved_away", "Administrator")


def test_calls_without_a_plan_stop_too_and_come_back() -> None:
	patient, _plans, tasks = patient_with_two_plans()
	callback = make.task(patient=patient.name, kind="Callback")
	log = report(tasks[0], "moved_away")
	assert statuses(TASK, [callback]) == ["Cancelled"]
	frappe.get_doc("Follow-up Log", log).cancel()
	assert statuses(TASK, [callback]) == ["Open"]


@pytest.mark.parametrize("outcome", ["No Answer", "Wrong Number", "Deceased", "Readmitted"])
def test_somebody_must_have_said_so(outcome: str) -> None:
	_patient, _plans, tasks = patient_with_two_plans()
	with pytest.raises(LogError, match="only when somebody was reached"):
		api.log_attempt(tasks[0].name, outcome, moved_away=1)


def test_planning_again_leaves_it_stopped() -> None:
	"""Planning takes back its own `transferred`; what somebody reported stays until somebody undoes it."""
	make.standard_policy()
	stay = make.discharge()
	(task, *_more) = make.tasks_of(stay.plan)
	frappe.db.set_value(TASK, task.name, "status", "Open")
	report(frappe._dict(name=task.name), "moved_away")
	planning.plan_discharges([stay.name], cause="replanned", force=True)
	assert frappe.db.get_value(PLAN, stay.plan, "status") == "Stopped"


def test_who_pressed_the_wrong_key_takes_it_back_nobody_else_below_doctor() -> None:
	ward = department("Cardiology")
	patient = make.patient(department=ward)
	plan = make.plan(patient.name, department=ward)
	caller, colleague = person(SP), person(SP)
	task = make.task(plan, department=ward, assigned_to=caller)
	make.task(plan, department=ward, status="Scheduled", opens_on=day(7), due_date=day(7), expires_on=day(13))
	frappe.set_user(caller)
	report(task, "moved_away")
	frappe.set_user(colleague)
	with pytest.raises(frappe.PermissionError):
		contact_api.undo_patient_stop(patient.name, "moved_away")
	frappe.set_user(caller)
	assert contact_api.undo_patient_stop(patient.name, "moved_away") == [plan.name]
	frappe.set_user("Administrator")
	second = make.task(plan, department=ward)
	report(second, "readmitted")
	frappe.set_user(person(SV))
	assert contact_api.undo_patient_stop(patient.name, "readmitted") == [plan.name]
