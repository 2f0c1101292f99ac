"""After an outage the first run does what is due, and the second finds nothing left to do."""

from __future__ import annotations

import inspect
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, today

from hospital_followup import jobs
from hospital_followup.services import research, simulation_choice, simulation_runs
from hospital_followup.services.reconcile import undecided_count
from hospital_followup.services.simulation_answer import IN_BACKGROUND
from hospital_followup.tests import factories
from tests.site.samples import approved_pathway
from tests.stack.users import make_user
from tests.support import frappe_health as hospital
from tests.support.bulk import DISCHARGE, PLAN, TASK, decided, nothing_lost, pending_discharges

pytestmark = pytest.mark.site("health")

OUTAGE = 5
DATES = {
	TASK: ("due_date", "opens_on", "expires_on"),
	PLAN: ("start_date", "end_date", "anchor_date"),
	DISCHARGE: ("discharge_date",),
}
#: What jobs write about themselves: their runs, and until when a rule has looked.
RECORDS = ("Follow-up Run", "Follow-up Run Error", "Programme Rule")


@pytest.fixture(autouse=True)
def _team() -> None:
	hospital.settings()
	factories.standard_policy()
	frappe.db.set_single_value("Follow-up Settings", "ledger_from", add_days(today(), -30))
	for role in ("Follow-up Specialist", "Follow-up Doctor"):
		factories.staff(make_user(role), role=role)
	frappe.db.commit()  # reason: jobs commit, so everything here is committed


def outage(days: int) -> None:
	"""Nothing ran for so many days: everything that was planned lies that much further back."""
	for doctype, fields in DATES.items():
		for row in frappe.get_all(doctype, fields=["name", *fields], order_by="name"):
			values = {field: add_days(row[field], -days) for field in fields if row[field]}
			frappe.db.set_value(doctype, row.name, values, update_modified=False)
	frappe.db.commit()  # reason: as above


def test_scheduler_off_for_five_days() -> None:
	before = pending_discharges(6)
	jobs.followup_dispatch_tick()
	outage(OUTAGE)
	meanwhile = [pending_discharges(1, days_ago=days)[0] for days in range(OUTAGE + 1)]

	jobs.followup_dispatch_tick()

	assert decided([*before, *meanwhile]) == len(before) + len(meanwhile)
	nothing_lost([*before, *meanwhile])
	day = getdate(today())
	for task in frappe.get_all(TASK, fields=["status", "opens_on", "expires_on"], order_by="name"):
		if task.expires_on < day:
			assert task.status == "Missed"
		elif task.opens_on <= day:
			assert task.status == "Open"
		else:
			assert task.status == "Scheduled"
	late = frappe.get_all(DISCHARGE, filters={"late_discharge": 1}, pluck="name", order_by="name")
	assert set(late) <= set(meanwhile) and late
	first_due = [
		frappe.get_all(TASK, filters={"discharge": name}, pluck="due_date", order_by="due_date", limit=1)[0]
		for name in late
	]
	assert set(first_due) == {day}
	assert undecided_count() == 0


def scheduled() -> list[str]:
	return [job for jobs_ in frappe.get_hooks("scheduler_events")["cron"].values() for job in jobs_]


def research_export() -> str:
	"""One that waits for its job."""
	period = {"from_date": add_days(today(), -365), "to_date": today()}
	doc = frappe.get_doc(
		{"doctype": research.EXPORT, "title": "Readmission", "purpose": "A study", **period}
	).insert()
	frappe.db.set_value(research.EXPORT, doc.name, "status", research.WAITING)
	return doc.name


def visit_that_enrols() -> str:
	"""A visit to the outpatient department after which a rule takes its patient into a programme."""
	pathway = approved_pathway(anchor="Enrolment")
	values = {"title": "After a visit", "pathway": pathway, "enabled": 1, "on_visit": 1}
	frappe.get_doc({"doctype": "Programme Rule", **values}).insert()
	return hospital.make_encounter(hospital.make_patient("Visitor").name).name


def simulation() -> str:
	"""One that waits for a worker."""
	shares = {"risk_high": 100, "value_medium": 100}
	policy = frappe.db.get_value("Follow-up Policy", {"status": "Active"}, "name")
	period = {"from_date": today(), "to_date": add_days(today(), 9)}
	per_day = {"source": simulation_choice.MADE_UP, "per_day": IN_BACKGROUND // 10}
	return simulation_runs.start({"policy": policy, **period, **per_day, **shares})["simulation"]


def background_functions() -> dict[str, tuple[Any, ...]]:
	"""Every job with arguments that give it something to do."""
	names = [
		name for name, _job in inspect.getmembers(jobs, inspect.isfunction) if name.startswith("followup_")
	]
	patient = ("Patient", hospital.make_patient().name)
	arguments = {
		"followup_refresh_patient": patient,
		"followup_check_revisits": patient,
		"followup_research_export": (research_export(),),
		"followup_enrol_after_visit": (visit_that_enrols(),),
		"followup_simulate": (simulation(),),
	}
	return {name: arguments.get(name, ()) for name in names}


def everything() -> dict[str, list[tuple]]:
	"""All rows of our doctypes and of the notifications."""
	frappe.db.rollback()
	doctypes = frappe.get_all(
		"DocType", filters={"module": "Hospital Followup", "issingle": 0}, pluck="name", order_by="name"
	)
	return {
		doctype: frappe.get_all(doctype, fields=["*"], order_by="name", as_list=True)
		for doctype in (*doctypes, "Notification Log", "ToDo")
		if doctype not in RECORDS
	}


def test_every_scheduled_method_is_one_of_ours() -> None:
	known = {f"{jobs.__name__}.{name}" for name in background_functions()}
	ours = {job for job in scheduled() if job.startswith("hospital_followup.")}
	assert ours and ours <= known
	assert frappe.db.count("Scheduled Job Type", {"method": ("in", sorted(ours))}) == len(ours)


def test_every_background_function_run_twice_changes_nothing_the_second_time() -> None:
	pending_discharges(4, days_ago=1)
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	hospital.discharge(patient.name)
	hospital.admit(patient.name, days_ago=0)
	frappe.db.set_value("Patient", patient.name, "mobile", "13900001111")
	frappe.db.commit()  # reason: jobs commit
	for name, arguments in background_functions().items():
		job = getattr(jobs, name)
		job(*arguments)
		first = everything()
		job(*arguments)
		again = everything()
		changed = {doctype: [*{*rows} ^ {*again[doctype]}] for doctype, rows in first.items()}
		assert {doctype: rows for doctype, rows in changed.items() if rows} == {}, name
	assert frappe.db.count(TASK) > 0


def test_a_lease_that_ended_during_the_outage_is_released() -> None:
	task = factories.task(
		status="In Progress", claimed_by="Administrator", claimed_until=add_days(now_datetime(), -5)
	)
	jobs.followup_dispatch_tick()
	assert frappe.db.get_value(TASK, task.name, ["status", "claimed_by"]) == ("Open", None)


def test_a_step_that_fails_is_noted_and_the_steps_after_it_run(monkeypatch: pytest.MonkeyPatch) -> None:
	"""The hospital's own app names an adapter that is not there."""
	real = frappe.get_hooks

	def broken(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
		adapter = {"Inpatient Record": ["frappe.no_such_module.Intake"]}
		return adapter if hook == "followup_sources" else real(hook, default, app_name)

	monkeypatch.setattr(frappe, "get_hooks", broken)
	long_ago = {"due_date": add_days(today(), -9), "opens_on": add_days(today(), -9)}
	missed = factories.task(**long_ago, expires_on=add_days(today(), -2))
	discharges = pending_discharges(1)

	jobs.followup_dispatch_tick()

	assert decided(discharges) == 1
	assert frappe.db.get_value(TASK, missed.name, "status") == "Missed"
	run = frappe.get_last_doc("Follow-up Run", {"job": "dispatch"})
	assert run.status == "Finished" and run.failed == len(run.errors) > 0
	assert {row.code.split(":")[0] for row in run.errors} == {"admissions"}
