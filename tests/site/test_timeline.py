"""The timeline tells every decision, in the reader's language, and never a value tier to those who may not see it."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.form.load import get_docinfo

from hospital_followup.services import plans, tiers
from hospital_followup.services.timeline import timeline
from hospital_followup.tests import factories


@pytest.fixture(autouse=True)
def standard_policy():
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		factories.policy()


def texts(doctype: str, name: str) -> str:
	return "\n".join(entry["content"] for entry in timeline(doctype, name))


def test_a_planned_discharge_says_with_which_tier_and_policy():
	doc = factories.discharge(given_risk_tier=None, emergency_admission="Yes", charlson="3")
	told = texts("Patient Discharge", doc.name)
	policy, version = frappe.db.get_value("Follow-up Plan", doc.plan, ["policy", "policy_version"])
	assert f"Planned with the policy {policy}" in told and policy.endswith(f"v{version}")
	assert "LACE score 6 to" in told


@pytest.mark.parametrize(
	("days_ago", "disposition", "sentence"),
	[
		(0, "Transferred", "excluded: The patient was transferred to another hospital"),
		(90, "Home", "missed: The discharge arrived after the last contact"),
	],
)
def test_a_discharge_without_a_plan_says_why(days_ago, disposition, sentence):
	day = factories.days_from_now(-days_ago)
	doc = factories.discharge(discharge_date=day, disposition=disposition)
	assert sentence in texts("Patient Discharge", doc.name)
	assert sentence in texts("Follow-up Patient", doc.patient)


def test_overrides_pauses_and_stops_are_told(as_user):
	doc = factories.discharge(given_risk_tier="Low")
	with as_user("Follow-up Doctor"):
		tiers.override_tier(doc.name, "High", "Wound <b>worse</b>")
	plans.pause(doc.plan, "On holiday")
	assert "Plan paused: On holiday" in texts("Patient Discharge", doc.name)
	plans.stop(doc.plan, "deceased")
	told = texts("Patient Discharge", doc.name)
	assert "set the risk tier to High: Wound &lt;b&gt;worse&lt;/b&gt;" in told
	assert "Plan stopped: The patient has died." in told
	assert "cancelled: The patient has died." in told


def test_the_form_gets_it_through_frappes_own_hook():
	doc = factories.discharge()
	get_docinfo(frappe.get_doc("Follow-up Plan", doc.plan))
	entries = frappe.response["docinfo"].additional_timeline_content
	assert any("Planned with the policy" in entry["content"] for entry in entries)


@pytest.mark.parametrize("role", ["Follow-up Specialist", "Follow-up Doctor"])
def test_the_value_tier_is_for_supervisors_and_administrators(as_user, role):
	doc = factories.discharge()
	factories.value(doc.patient, "Low")
	with as_user("Follow-up Supervisor"):
		assert "Value tier Low." in texts("Follow-up Patient", doc.patient)
	with as_user(role):
		for doctype, name in (("Follow-up Patient", doc.patient), ("Patient Discharge", doc.name)):
			told = texts(doctype, name).lower()
			assert "planned with" in told
			assert "value" not in told and "clinical floor" not in told


def test_it_speaks_chinese():
	doc = factories.discharge(disposition="Hospice")
	frappe.local.lang = "zh"
	assert "不随访：患者已转入临终关怀。" in texts("Patient Discharge", doc.name)
