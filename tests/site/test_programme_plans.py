"""The plans of programmes: around the contacts of a discharge, on a rolling horizon, together with everything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today
from freezegun import freeze_time

from hospital_followup import jobs
from hospital_followup.services import (
	plans,
	programme_plans,
	programme_rolling,
	programmes,
	task_actions,
	tasks,
)
from hospital_followup.services.planning import plan_discharges
from hospital_followup.services.programmes import Entry
from hospital_followup.tests import factories
from tests.site.programme_samples import (
	ENROLMENT,
	PLAN,
	TASK,
	after_days,
	enrolled,
	guests_of,
	monthly,
	open_days,
	plan_of,
	roll,
	tasks_of,
)
from tests.site.samples import approved_pathway, saved
from tests.support.queries import locked

SOURCE = "Follow-up Task Source"


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


@pytest.fixture
def later() -> Iterator[Callable[[int], None]]:
	"""Let so many days pass."""
	with ExitStack() as stack:
		yield lambda days: stack.enter_context(freeze_time(datetime.now(timezone.utc) + timedelta(days=days)))


@pytest.fixture
def stay() -> Any:
	"""A discharge of today, High risk: contacts on day 2 and 9."""
	return factories.discharge()


def discharge_tasks(stay: Any) -> list[frappe._dict]:
	return factories.tasks_of(frappe.db.get_value(PLAN, {"discharge": stay.name}))


def everything(patient: str) -> list[dict]:
	"""All that planning wrote for a patient, names and stamps aside."""
	rows = frappe.get_all(TASK, filters={"patient": patient}, fields=["*"], order_by="name")
	for row in rows:
		row.sources = frappe.get_all(
			SOURCE,
			filters={"parent": row.name},
			fields=["source", "step_id", "anchor_date", "plan", "version"],
			order_by="idx",
		)
		row.pop("modified")
	return [dict(row) for row in rows]


class TestHosts:
	"""A contact of a programme that falls together with one of the discharge joins it."""

	@pytest.fixture
	def host(self, stay) -> frappe._dict:
		return discharge_tasks(stay)[1]

	@pytest.fixture
	def enrolment(self, stay, host) -> Any:
		pathway = after_days((host.due_date - getdate()).days, 60, topics="Care", questionnaire=None)
		return enrolled(stay.patient, pathway)

	def test_one_call_instead_of_two(self, stay, host, enrolment) -> None:
		assert guests_of(host.name) == {"programme:Diabetes"}
		joined = frappe.get_doc(TASK, host.name)
		assert joined.topics.split(", ") == [
			*host.topics.split(", "),
			*(["Care"] if "Care" not in host.topics else []),
		]
		assert "merged" in joined.reasons
		assert len(tasks_of(enrolment)) == 1

	def test_the_host_remembers_what_it_was(self, host, enrolment) -> None:
		own = json.loads(frappe.db.get_value(TASK, host.name, "before_joining"))
		assert (own["topics"], own["channel"], own["reasons"]) == (host.topics, host.channel, host.reasons)

	def test_planning_both_again_changes_nothing(self, stay, host, enrolment) -> None:
		before = everything(stay.patient)
		programme_plans.plan_patients([stay.patient])
		plan_discharges([stay.name], cause="saved", force=True)
		assert everything(stay.patient) == before

	def test_leaving_gives_the_host_back_as_it_was(self, stay, host, enrolment) -> None:
		programmes.leave(enrolment.name, "Moved away")
		found = frappe.get_doc(TASK, host.name)
		same = ("topics", "channel", "role", "reasons", "expires_on", "script", "questionnaire")
		assert {name: found.get(name) for name in same} == {name: host.get(name) for name in same}
		assert guests_of(host.name) == set() and found.before_joining is None

	@pytest.mark.parametrize("step", ["stopped", "paused", "deleted"])
	def test_so_does_a_step_of_the_plan(self, stay, host, enrolment, step) -> None:
		plan = plan_of(enrolment).name
		if step == "stopped":
			plans.stop(plan, "Wrong person")
		elif step == "paused":
			plans.pause(plan, "Abroad")
		else:
			frappe.delete_doc(ENROLMENT, enrolment.name)
		roll()
		found = frappe.get_doc(TASK, host.name)
		assert (found.topics, found.reasons, found.before_joining) == (host.topics, host.reasons, None)
		assert guests_of(host.name) == set()
		assert stay.patient not in programme_rolling.due(getdate())

	def test_a_plan_taken_up_again_joins_it_again(self, host, enrolment) -> None:
		plan = plan_of(enrolment).name
		plans.pause(plan, "Abroad")
		roll()
		plans.resume(plan)
		roll()
		assert guests_of(host.name) == {"programme:Diabetes"}

	def test_a_stopped_host_sends_its_guests_to_a_call_of_their_own(self, stay, host, enrolment) -> None:
		plan = frappe.db.get_value(PLAN, {"discharge": stay.name})
		plans.stop(plan, "Moved house")
		roll()
		assert host.due_date in open_days(enrolment)
		plans.undo_stop(plan)
		roll()
		assert guests_of(host.name) == {"programme:Diabetes"}
		assert host.due_date not in open_days(enrolment)

	def test_a_host_moved_out_of_their_window_leaves_its_guests_behind(self, stay, host, enrolment) -> None:
		task_actions.reschedule(host.name, add_days(host.due_date, 20), "Abroad until then")
		roll()
		assert guests_of(host.name) == set()
		assert host.due_date in open_days(enrolment)

	def test_a_host_whose_window_has_passed_is_one_no_more(self, stay, host, enrolment) -> None:
		passed = {"due_date": add_days(today(), -2), "expires_on": add_days(today(), -1)}
		own = json.loads(frappe.db.get_value(TASK, host.name, "before_joining")) | {
			"expires_on": add_days(today(), -1)
		}
		frappe.db.set_value(TASK, host.name, {**passed, "before_joining": json.dumps(own, default=str)})
		programme_plans.plan_patients([stay.patient])
		assert guests_of(host.name) == set()
		assert str(frappe.db.get_value(TASK, host.name, "expires_on")) == add_days(today(), -1)
		assert host.due_date in open_days(enrolment)

	def test_a_replanned_discharge_lets_its_guests_find_their_place(self, stay, host, enrolment) -> None:
		doc = frappe.get_doc("Patient Discharge", stay.name)
		doc.discharge_date = add_days(today(), -5)
		doc.save()
		assert {len(guests_of(row.name)) for row in discharge_tasks(stay) if row.status == "Scheduled"} == {0}
		assert host.due_date in open_days(enrolment)
		doc.discharge_date = today()
		doc.save()
		assert [guests_of(row.name) for row in discharge_tasks(stay) if row.status == "Scheduled"] == [
			set(),
			{"programme:Diabetes"},
		]
		assert host.due_date not in open_days(enrolment)

	def test_a_completed_host_counts_for_both_plans(self, stay, host, enrolment) -> None:
		frappe.db.set_value(TASK, host.name, {"status": "Open", "due_date": today(), "opens_on": today()})
		factories.log(frappe.get_doc(TASK, host.name), "Reached Patient")
		assert plan_of(enrolment).completed_contacts == 1
		assert plan_of(enrolment).planned_contacts == 2
		assert frappe.db.get_value(PLAN, {"discharge": stay.name}, "completed_contacts") == 1
		programme_plans.plan_patients([stay.patient])
		assert min((day - getdate()).days for day in open_days(enrolment)) >= 55

	def test_a_contact_of_the_discharge_never_moves_for_a_programme(self, stay, host) -> None:
		before = {row.key: row.due_date for row in discharge_tasks(stay)}
		enrolled(stay.patient, after_days(1, 2, 3, 9, 10, 11))
		assert {row.key: row.due_date for row in discharge_tasks(stay)} == before

	def test_a_discharge_planned_later_does_not_move_for_it_either(self) -> None:
		patient, twin = factories.patient().name, factories.patient().name
		enrolled(patient, after_days(1, 2, 3, 9, 10, 11))
		beside = factories.discharge(of=patient)
		alone = factories.discharge(of=twin)
		assert [row.due_date for row in discharge_tasks(beside)] == [
			row.due_date for row in discharge_tasks(alone)
		]

	def test_never_two_calls_on_one_day_and_three_in_seven(self, stay) -> None:
		enrolled(stay.patient, after_days(1, 2, 3, 4, 9, 10))
		enrolled(stay.patient, after_days(2, 3, 8, title="Asthma"))
		rows = frappe.get_all(
			TASK,
			filters={"patient": stay.patient, "status": ("in", ("Scheduled", "Open"))},
			pluck="due_date",
			order_by="due_date",
		)
		assert len(rows) == len(set(rows))
		assert all((later - earlier).days >= 7 for earlier, later in zip(rows, rows[3:], strict=False))


class TestTogether:
	def test_two_programmes_share_a_call_and_part_again(self) -> None:
		patient = factories.patient().name
		first = enrolled(patient, after_days(30, title="Diabetes", topics="Guidance"))
		second = enrolled(patient, after_days(31, title="Hypertension", topics="Care"))
		shared = tasks_of(first, status="Scheduled")
		assert [row.topics for row in shared] == ["Guidance, Care"]
		assert open_days(second) == []
		assert plan_of(second).planned_contacts == 1
		programmes.leave(first.name, "Does not want it")
		assert len(open_days(second)) == 1
		assert [row.topics for row in tasks_of(second, status="Scheduled")] == ["Care"]

	def test_a_paused_programme_lets_the_other_go_on(self) -> None:
		patient = factories.patient().name
		first = enrolled(patient, after_days(30, title="Diabetes"))
		second = enrolled(patient, after_days(31, title="Hypertension"))
		programmes.pause(first.name, "Abroad")
		assert len(open_days(second)) == 1
		programmes.resume(first.name)
		assert len(open_days(first)) + len(open_days(second)) == 1

	def test_what_a_programme_follows_is_not_planned_twice_with_a_discharge(self) -> None:
		pathway = approved_pathway(
			title="Hypertension",
			anchor="Enrolment",
			steps=[{"title": "Month", "offset": 1, "offset_unit": "Month", "window_days": 3}],
		)
		frappe.db.set_value("Care Pathway", pathway, "anchor", "Discharge")
		patient = factories.patient().name
		both = factories.discharge(of=patient)
		plan = frappe.db.get_value(PLAN, {"discharge": both.name})
		assert frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})
		enrolment = enrolled(patient, pathway, anchor_date=today())
		assert not frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})
		taken = locked(lambda: programmes.pause(enrolment.name, "Abroad"))
		assert "Patient Discharge" not in [doctype for doctype, _query in taken]
		assert not frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})
		programmes.leave(enrolment.name, "Does not want it")
		assert not frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})
		frappe.delete_doc(ENROLMENT, enrolment.name)
		assert frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})

	def test_a_later_stay_takes_up_what_the_patient_left_before(self) -> None:
		pathway = approved_pathway(title="Hypertension", steps=[{"offset": 30, "window_days": 3}])
		patient = factories.patient().name
		enrolment = enrolled(patient, pathway, anchor_date=add_days(today(), -40))
		programmes.leave(enrolment.name, "Does not want it")
		frappe.db.set_value(ENROLMENT, enrolment.name, "ended_on", add_days(today(), -10))
		plan = frappe.db.get_value(PLAN, {"discharge": factories.discharge(of=patient).name})
		assert frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})

	def test_the_years_after_a_birth_are_no_part_of_a_stay(self) -> None:
		pathway = after_days(400, title="Child", anchor="Birth")
		patient = factories.patient(date_of_birth=add_days(today(), -380)).name
		plan = frappe.db.get_value(PLAN, {"discharge": factories.discharge(of=patient).name})
		assert not frappe.db.exists("Follow-up Plan Pathway", {"parent": plan, "pathway": pathway})

	def test_a_diabetic_mother_after_a_caesarean(self) -> None:
		mother = factories.patient(date_of_birth="1995-03-08")
		diabetes = enrolled(mother.name, monthly("Diabetes", topics="Condition"))
		pressure = enrolled(mother.name, monthly("Hypertension", topics="Guidance"))
		stay = factories.discharge(
			of=mother.name,
			diagnoses=[
				{"code": "O82", "title": "剖宫产", "primary": 1},
				{"code": "O24.4", "title": "妊娠期糖尿病"},
			],
		)
		rows = frappe.get_all(
			TASK,
			filters={"patient": mother.name, "status": ("in", ("Scheduled", "Open"))},
			fields=["name", "due_date", "plan"],
			order_by="due_date",
		)
		days = [row.due_date for row in rows]
		assert len(days) == len(set(days))
		own = {row.plan for row in rows}
		assert frappe.db.get_value(PLAN, {"discharge": stay.name}) in own
		# Two programmes of one rhythm are one call a month, which counts for both.
		assert plan_of(diabetes).planned_contacts == plan_of(pressure).planned_contacts
		assert open_days(diabetes) == [] or open_days(pressure) == []


class TestRolling:
	def test_enrolled_in_bulk_they_are_planned_right_after(self) -> None:
		pathway = monthly("Elderly")
		people = [factories.patient().name for _ in range(3)]
		names = programmes.enrol_many([Entry(person, pathway) for person in people])
		for name in names:
			frappe.db.set_value(ENROLMENT, name, {"status": "Active", "planned_until": None})
		roll()
		assert all(open_days(frappe.get_doc(ENROLMENT, name)) for name in names)

	def test_only_what_is_due_is_touched(self) -> None:
		enrolment = enrolled(factories.patient().name, monthly())
		assert enrolment.patient not in programme_rolling.due(getdate())
		assert getdate(enrolment.planned_until) >= getdate()
		later = getdate(enrolment.planned_until) + timedelta(days=1)
		assert enrolment.patient in programme_rolling.due(later)

	def test_time_brings_the_next_contact(self, later) -> None:
		enrolment = enrolled(factories.patient().name, monthly())
		before = open_days(enrolment)
		later((getdate(enrolment.planned_until) - getdate()).days + 1)
		roll()
		assert len(tasks_of(enrolment)) == len(before) + 1

	def test_a_course_that_is_over_is_finished(self, later) -> None:
		enrolment = enrolled(factories.patient().name, after_days(5))
		later(30)
		tasks.expire(getdate())
		roll()
		enrolment.reload()
		assert (enrolment.status, enrolment.status_reason) == ("Finished", "course_over")
		assert plan_of(enrolment).status == "Completed"

	def test_a_newer_version_is_what_the_next_roll_plans_with(self) -> None:
		pathway = monthly()
		enrolment = enrolled(factories.patient().name, pathway)
		newer = approved_pathway(
			title="Hypertension",
			anchor="Enrolment",
			steps=[{"title": "In two months", "offset": 2, "offset_unit": "Month", "window_days": 5}],
		)
		frappe.db.set_value("Care Pathway", pathway, "status", "Retired")
		frappe.db.set_value(ENROLMENT, enrolment.name, "planned_until", None)
		roll()
		plan = plan_of(enrolment)
		assert [row.pathway for row in plan.pathways] == [newer]
		assert len(open_days(enrolment)) == 1

	def test_one_bad_record_costs_only_itself(self) -> None:
		good = enrolled(factories.patient().name, monthly())
		bad = enrolled(factories.patient().name, after_days(20))
		frappe.db.set_value(ENROLMENT, bad.name, "anchor_date", "9999-12-30")
		frappe.db.set_value(ENROLMENT, good.name, "planned_until", None)
		result = programme_plans.plan_patients([good.patient, bad.patient])
		assert [name for name, _code in result.failed] == [bad.patient]
		assert frappe.db.get_value(ENROLMENT, good.name, "planned_until")
		assert frappe.db.get_value(ENROLMENT, bad.name, "planned_until") is None

	@pytest.mark.commits
	def test_the_job_twice_changes_nothing(self) -> None:
		enrolment = enrolled(factories.patient().name, monthly())
		before = everything(enrolment.patient)
		for _again in range(2):
			frappe.db.set_value(ENROLMENT, enrolment.name, "planned_until", None)
			jobs.followup_roll_programmes()
		assert getdate(frappe.db.get_value(ENROLMENT, enrolment.name, "planned_until")) >= getdate()
		assert everything(enrolment.patient) == before


class TestTheRestOfTheHouse:
	@pytest.mark.commits
	def test_an_opened_contact_finds_a_caller(self, later) -> None:
		user = saved("User", email=f"{frappe.generate_hash(length=8)}@hospital.example").name
		factories.staff(user)
		enrolment = enrolled(factories.patient().name, after_days(3))
		(row,) = tasks_of(enrolment)
		later((row.due_date - getdate()).days)  # a working day, whatever today is
		jobs.followup_dispatch_tick()
		(row,) = tasks_of(enrolment)
		assert (row.status, row.assigned_to) == ("Open", user)

	def test_a_preferred_channel_changes_the_contacts(self) -> None:
		enrolment = enrolled(factories.patient().name, monthly(channel="Phone"))
		patient = frappe.get_doc("Follow-up Patient", enrolment.patient)
		patient.update({"special_care": 1, "home_address": "Nanjing Road 1"}).save()
		roll()
		assert {row.channel for row in tasks_of(enrolment)} == {"Home Visit"}


def test_rows_are_locked_in_the_order_of_planning_a_discharge(stay: Any) -> None:
	"""Planning a discharge locks its plan, its tasks, then the programmes of the patient: never the other way round."""
	enrolment = enrolled(stay.patient, monthly())
	hosting = frappe.db.get_value(PLAN, {"discharge": stay.name})
	taken = locked(lambda: programme_plans.plan_patients([stay.patient]))
	order = [doctype for doctype, _query in taken]
	assert order[:5] == [PLAN, PLAN, TASK, TASK, ENROLMENT]
	first, second = (query for doctype, query in taken if doctype == PLAN)
	assert hosting in first and plan_of(enrolment).name in second
