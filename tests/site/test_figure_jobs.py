"""How the daily figures are kept: days are marked with the change, counted by the dispatcher, proven every night."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup import jobs
from hospital_followup.patches import count_all_days
from hospital_followup.services import claims, figure_marks, figure_rollup, figures, tasks
from hospital_followup.services.figure_rollup import TOTAL
from hospital_followup.services.figure_scope import FIGURE, Scope, scope_of
from hospital_followup.services.writer import insert_rows
from hospital_followup.tests import factories as make
from tests.stack.users import make_user
from tests.support.processes import kill_leftovers, together  # noqa: F401
from tests.support.rolled_up import ALWAYS, differences, roll_up

RUN = "Follow-up Run"


def commit() -> None:
	frappe.db.commit()  # reason: marks are written at the commit, and other processes must see what was made


def marked() -> set:
	return figure_marks.pending(*ALWAYS)


def since(task: Any) -> Any:
	return figures.totals(Scope(getdate(task.due_date), getdate(today())))


@pytest.mark.commits
def test_a_change_marks_its_day_with_its_commit(site: Any) -> None:
	task = make.task(due_date=make.days_from_now(-3), expires_on=make.days_from_now(-1))
	assert frappe.db.count(figure_marks.MARK) == 0
	commit()
	assert frappe.db.count(figure_marks.MARK, {"day": task.due_date}) == 1
	figure_marks.forget()
	assert marked() == {getdate(task.due_date)}


@pytest.mark.commits
def test_what_is_undone_marks_nothing(site: Any) -> None:
	make.task(due_date=make.days_from_now(-3))
	frappe.db.rollback()
	commit()
	assert frappe.db.count(figure_marks.MARK) == 0


def test_what_changes_no_figure_marks_nothing(site: Any) -> None:
	task = make.task(status="Scheduled", assigned_to="Administrator")
	roll_up()
	tasks.open_due(getdate(today()))
	claims.claim(task.name)
	claims.release(task.name)
	tasks.refresh_priorities(getdate(add_days(today(), 3)))
	frappe.get_doc("Follow-up Task", task.name).db_set("topics", "Care")
	assert frappe.db.get_value("Follow-up Task", task.name, "status") == "Open"
	assert marked() == set()


def test_a_moved_task_marks_the_day_it_leaves(site: Any) -> None:
	task = make.task(due_date=make.days_from_now(1), expires_on=make.days_from_now(6))
	roll_up()
	frappe.get_doc("Follow-up Task", task.name).db_set("due_date", make.days_from_now(4))
	assert marked() == {make.days_from_now(1), make.days_from_now(4)}


def test_a_contact_marks_the_discharge_that_it_covers(site: Any) -> None:
	make.standard_policy()
	stay = make.discharge(discharge_date=make.days_from_now(-20), given_risk_tier="Low")
	roll_up()
	task = make.tasks_of(stay.plan)[0]
	make.log(frappe.get_doc("Follow-up Task", task.name), "Reached Patient")
	assert {getdate(stay.discharge_date), getdate(task.due_date), getdate(today())} <= marked()


def test_figures_are_exact_before_the_dispatcher_comes(site: Any) -> None:
	task = make.task(due_date=make.days_from_now(-3), expires_on=make.days_from_now(-1))
	roll_up()
	before = since(task)
	tasks.expire(getdate(today()))
	assert since(task).missed == before.missed + 1
	assert differences() != []
	roll_up()
	assert differences() == []


def test_another_number_of_readmission_days_changes_every_discharge(site: Any) -> None:
	make.standard_policy()
	stay = make.discharge(discharge_date=make.days_from_now(-60))
	stay.db_set("readmitted_on", make.days_from_now(-20))
	roll_up()
	scope = Scope(stay.discharge_date, stay.discharge_date)
	before = figures.totals(scope).readmissions
	settings = frappe.get_doc("Follow-up Settings")
	settings.readmission_days = 45
	settings.save()
	assert figures.totals(scope).readmissions == before + 1
	roll_up()
	assert differences() == []


def test_a_site_that_was_there_before_the_figures_is_counted_as_a_whole(site: Any) -> None:
	make.standard_policy()
	stay = make.discharge(discharge_date=make.days_from_now(-5))
	make.log(frappe.get_doc("Follow-up Task", make.tasks_of(stay.plan)[0].name), "Reached Patient")
	figure_marks.forget()
	count_all_days.execute()
	assert roll_up() >= 3
	assert differences() == []


@pytest.mark.commits
def test_the_dispatcher_counts_what_has_changed(site: Any) -> None:
	make.standard_policy()
	stay = make.discharge(discharge_date=make.days_from_now(-5))
	make.log(frappe.get_doc("Follow-up Task", make.tasks_of(stay.plan)[0].name), "Reached Patient")
	commit()
	assert marked()
	jobs.followup_dispatch_tick()
	assert marked() == set()
	assert differences() == []
	assert frappe.db.count(FIGURE) and frappe.db.count(TOTAL)


@pytest.mark.commits
def test_the_night_repairs_what_differs_and_says_so(site: Any) -> None:
	first, second = (
		make.task(due_date=make.days_from_now(-day), expires_on=make.days_from_now(-day)) for day in (40, 3)
	)
	commit()
	jobs.followup_dispatch_tick()
	frappe.db.set_value(FIGURE, {"date": first.due_date}, "planned", 7)
	frappe.db.delete(TOTAL, {"date": second.due_date})
	commit()
	jobs.followup_nightly()
	run = last_run()
	noted = {(row.code, row.message) for row in run.errors}
	assert noted == {("figures_repaired", str(getdate(task.due_date))) for task in (first, second)}
	assert (run.status, run.failed) == ("Finished", 2)
	assert differences() == []
	jobs.followup_nightly()
	assert last_run().failed == 0


def last_run() -> Any:
	return frappe.get_last_doc(RUN, filters={"job": "figures"}, order_by="creation desc")


COUNT = """
from hospital_followup.services import figure_rollup
from hospital_followup.services.runs import run
for _round in range(15):
    with run("dispatch") as record:
        record.stage("figures", lambda: figure_rollup.count_marked(record))
    assert not record.tally.failed, record.tally.errors
"""
WORK = """
from hospital_followup.services.retry import with_retry
from hospital_followup.tests import factories as make
for number in range(25):
    def once():
        task = make.task(due_date=make.days_from_now(-(number % 3)))
        make.log(frappe.get_doc("Follow-up Task", task.name), "Reached Patient" if number % 2 else "No Answer")
    with_retry(once)
"""


@pytest.mark.commits
def test_two_dispatchers_and_people_at_work_at_the_same_time(site: Any) -> None:
	"""Nobody waits for nobody so long that it fails, and no change is lost between being read and being marked."""
	together(site, COUNT, COUNT, WORK)
	site.reconnect()
	jobs.followup_dispatch_tick()
	assert marked() == set()
	assert differences() == []
	days = Scope(make.days_from_now(-2), make.days_from_now(0))
	assert figures.totals(days) == figures.recount(days)
	assert figures.totals(days).attempts == 25


def test_a_day_mistyped_by_centuries_costs_one_month_and_comes_last(site: Any) -> None:
	make.task(due_date=make.days_from_now(-3), expires_on=make.days_from_now(-1))
	plan = make.plan()
	for day in ("1000-01-01", "9999-12-31"):
		row = {
			"name": f"far-{day}",
			"key": f"far-{day}",
			"patient": plan.patient,
			"expected_on": day,
			"status": "Missed",
		}
		insert_rows("Follow-up Revisit", [row])
	months = list(figure_rollup._months())
	assert months == sorted(months, reverse=True)
	assert (months[0][1], months[-1][0]) == (date(9999, 12, 31), date(1000, 1, 1))
	assert len(months) < 100


def test_user_permissions_for_single_document_types_limit_every_figure(site: Any) -> None:
	ward = make.department("Ward of one list")
	user = make_user("Follow-up Supervisor")
	permission = {
		"doctype": "User Permission",
		"user": user,
		"allow": "Follow-up Department",
		"for_value": ward,
	}
	frappe.get_doc({**permission, "apply_to_all_doctypes": 0, "applicable_for": "Patient Discharge"}).insert()
	assert scope_of(today(), today(), user=user).reach.departments == (ward,)
