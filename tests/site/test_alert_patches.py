"""What a migration makes of the alerts, calls and workflows of sites that are older than the fix."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup import alert_api
from hospital_followup.patches import free_alert_calls, quiet_old_alerts, shipped_alert_steps
from hospital_followup.patches.shipped_alert_steps import FIELDS, ROLES, SHIPPED_BEFORE, WORKFLOW
from hospital_followup.services import alert_escalation
from hospital_followup.setup.content import shipped
from hospital_followup.setup.workflows import transitions
from hospital_followup.tests import factories as make
from tests.site.alert_samples import ALERT, TASK, caller, doctor, raised, ward


class TestCallsOfAPlan:
	@pytest.fixture
	def call(self) -> str:
		place = ward()
		doctor(place)
		caller(place)
		source = make.task(make.plan(), department=place)
		alert = raised(place, patient=source.patient, task=source.name)
		name = alert_api.have_patient_told(alert.name, "Rest.")["task"]
		frappe.db.set_value(TASK, name, {"plan": source.plan, "on_hold": 1})
		return name

	def test_belong_to_none_and_wait_for_nothing(self, call: str) -> None:
		free_alert_calls.execute()
		assert frappe.db.get_value(TASK, call, ["plan", "on_hold"]) == (None, 0)

	def test_stay_where_they_are_over(self, call: str) -> None:
		frappe.db.set_value(TASK, call, "status", "Completed")
		before = frappe.db.get_value(TASK, call, ["plan", "on_hold"])
		free_alert_calls.execute()
		assert frappe.db.get_value(TASK, call, ["plan", "on_hold"]) == before

	def test_planned_contacts_keep_their_plan(self, call: str) -> None:
		plan = frappe.db.get_value(TASK, call, "plan")
		free_alert_calls.execute()
		assert frappe.db.count(TASK, {"plan": plan, "kind": "Planned"}) == 1


def steps_of_the_workflow() -> list[tuple[str, ...]]:
	return [
		tuple(row.get(field) for field in FIELDS) for row in frappe.get_doc("Workflow", WORKFLOW).transitions
	]


class TestSteps:
	@pytest.fixture(autouse=True)
	def as_shipped_before(self) -> None:
		doc = frappe.get_doc("Workflow", WORKFLOW)
		steps = [(*step, role) for step in SHIPPED_BEFORE for role in ROLES]
		doc.set("transitions", [dict(zip(FIELDS, step, strict=True)) for step in steps])
		doc.save()

	def test_become_those_that_are_shipped_now(self) -> None:
		shipped_alert_steps.execute()
		outline = next(row for row in shipped("workflows") if row["workflow_name"] == WORKFLOW)
		assert steps_of_the_workflow() == [
			tuple(row[field] for field in FIELDS) for row in transitions(outline)
		]

	def test_of_a_hospitals_own_stay_but_for_the_one_that_fails(self) -> None:
		doc = frappe.get_doc("Workflow", WORKFLOW)
		doc.transitions[0].allowed = "Follow-up Specialist"
		doc.save()
		before = steps_of_the_workflow()
		shipped_alert_steps.execute()
		put_right = {("Alert Closed", "Reopen Alert", "Alert in Progress", role) for role in ROLES}
		assert set(steps_of_the_workflow()) - set(before) == put_right
		assert len(steps_of_the_workflow()) == len(before)

	def test_without_the_workflow_nothing_happens(self) -> None:
		frappe.delete_doc("Workflow", WORKFLOW)
		shipped_alert_steps.execute()
		assert not frappe.db.exists("Workflow", WORKFLOW)


class TestOldAlerts:
	@pytest.fixture
	def old(self) -> str:
		place = ward()
		doctor(place)
		name = raised(place).name
		frappe.db.set_value(ALERT, name, "respond_by", add_to_date(now_datetime(), days=-40))
		frappe.db.set_value(ALERT, {"escalations": (">", 0)}, "escalations", 0)
		return name

	def test_tell_nobody_at_the_first_tick(self, old: str) -> None:
		assert old in alert_escalation.late(now_datetime())
		quiet_old_alerts.execute()
		assert alert_escalation.late(now_datetime()) == []

	def test_those_of_today_still_will(self, old: str) -> None:
		new = raised(frappe.db.get_value(ALERT, old, "department")).name
		quiet_old_alerts.execute()
		assert alert_escalation.late(add_to_date(now_datetime(), hours=3)) == [new]

	def test_where_escalation_runs_it_goes_on(self, old: str) -> None:
		place = frappe.db.get_value(ALERT, old, "department")
		frappe.db.set_value(ALERT, raised(place).name, "escalations", 1)
		quiet_old_alerts.execute()
		assert old in alert_escalation.late(now_datetime())
