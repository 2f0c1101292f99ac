"""What a migration makes of the alerts, calls and workflows of sites that are older than the fix."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import alert_api
from hospital_followup.patches import free_alert_calls
from hospital_followup.tests import factories as make
from tests.site.alert_samples import TASK, caller, doctor, raised, ward


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
