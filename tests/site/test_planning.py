"""A saved discharge has its tier, its plan and its tasks at once, and saving it again changes nothing."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate

from hospital_followup.tests import factories


@pytest.fixture(autouse=True)
def standard_policy():
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		factories.policy()


def test_a_form_insert_yields_tier_plan_and_tasks():
	doc = factories.discharge()
	assert (doc.decision, doc.decision_reason) == ("Planned", None)
	tier = frappe.get_doc("Patient Tier", doc.tier)
	assert (tier.method, tier.risk_tier, tier.value_tier, tier.docstatus) == ("Given", "High", "Medium", 1)
	plan = frappe.get_doc("Follow-up Plan", doc.plan)
	assert (plan.status, plan.planned_contacts, plan.discharge) == ("Active", 2, doc.name)
	tasks = factories.tasks_of(plan.name)
	assert [task.due_date for task in tasks] == [
		getdate(doc.discharge_date) + timedelta(days=days) for days in (2, 9)
	] or ("moved_working_day" in tasks[1].reasons)
	assert {task.role for task in tasks} == {"Follow-up Doctor"}
	assert {task.status for task in tasks} == {"Scheduled"}
