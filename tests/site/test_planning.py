"""A saved discharge has its tier, its plan and its tasks at once; planning again is a difference, not a second plan."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate

from hospital_followup import api
from hospital_followup.services import planning, preview
from hospital_followup.services.logs import log_attempt
from hospital_followup.services.plans import stop, undo_stop
from hospital_followup.tests import factories

OPEN = ("Scheduled", "Open", "In Progress")


@pytest.fixture(autouse=True)
def standard_policy():
	if not frappe.db.exists("Follow-up Policy", {"status": "Active"}):
		factories.policy()


def statuses(plan: str) -> list[tuple[str, str | None]]:
	return [(task.status, task.status_reason) for task in factories.tasks_of(plan)]


def test_a_form_insert_yields_tier_plan_and_tasks():
	doc = factories.discharge()
	assert (doc.decision, doc.decision_reason) == ("Planned", None)
	tier = frappe.get_doc("Patient Tier", doc.tier)
	assert (tier.method, tier.risk_tier, tier.value_tier, tier.docstatus) == ("Given", "High", "Medium", 1)
	plan = frappe.get_doc("Follow-up Plan", doc.plan)
	assert (plan.status, plan.planned_contacts, plan.discharge) == ("Active", 2, doc.name)
	first, second = factories.tasks_of(plan.name)
	assert first.due_date == getdate(add_days(doc.discharge_date, 2))
	assert (
		getdate(add_days(doc.discharge_date, 7))
		< second.due_date
		<= getdate(add_days(doc.discharge_date, 14))
	)
	assert {task.role for task in (first, second)} == {"Follow-up Doctor"}
	assert statuses(plan.name) == [("Scheduled", None), ("Scheduled", None)]
	assert frappe.db.get_value("Follow-up Patient", doc.patient, "risk_tier") == "High"


@pytest.mark.parametrize(
	("risk", "value", "contacts", "role", "channel"),
	[
		("High", "High", 4, "Follow-up Doctor", "Phone"),
		("High", "Low", 2, "Follow-up Doctor", "Phone"),
		("Medium", "High", 2, "Follow-up Specialist", "Phone"),
		("Medium", "Low", 1, "Follow-up Specialist", "Phone"),  # WeChat has no adapter: a person calls
		("Low", "High", 3, "Follow-up Specialist", "Phone"),
		("Low", "Low", 1, "Follow-up Specialist", "Phone"),
	],
)
def test_the_cell_of_the_matrix_decides(risk, value, contacts, role, channel):
	patient = factories.patient()
	factories.value(patient.name, value)
	doc = factories.discharge(patient.name, given_risk_tier=risk)
	tasks = factories.tasks_of(doc.plan)
	assert (len(tasks), {task.role for task in tasks}, {task.channel for task in tasks}) == (
		contacts,
		{role},
		{channel},
	)


def test_a_message_channel_without_adapter_becomes_a_call_and_says_why():
	doc = factories.discharge(given_risk_tier="Low")
	assert all("fallback" in task.reasons for task in factories.tasks_of(doc.plan))


def test_the_value_tier_stands_in_the_assessment_only():
	patient = factories.patient()
	factories.value(patient.name, "Low")
	doc = factories.discharge(patient.name)
	tier = frappe.get_doc("Patient Tier", doc.tier)
	assert (tier.value_tier, tier.value_reasons) == ("Low", "value_given, clinical_floor")
	for task in factories.tasks_of(doc.plan):
		assert "value" not in (task.reasons or "") and "clinical_floor" not in (task.reasons or "")
	assert "value" not in tier.reasons


def test_an_incomplete_score_says_what_is_missing():
	doc = factories.discharge(given_risk_tier="", length_of_stay="3", charlson="1")
	tier = frappe.get_doc("Patient Tier", doc.tier)
	assert (tier.method, tier.score_low, tier.score_high, doc.risk_tier) == ("LACE", 4, 11, "Medium")
	assert set(doc.missing_facts.split(", ")) == {"emergency_admission", "ed_visits"}
	assert [row.component for row in tier.components if row.missing] == ["emergency_admission", "ed_visits"]


def test_saving_again_changes_nothing():
	doc = factories.discharge()
	before = factories.tasks_of(doc.plan)
	doc.reload()
	doc.instructions = "Rest"
	doc.save()
	assert factories.tasks_of(doc.plan) == before
	assert frappe.db.count("Patient Tier", {"discharge": doc.name}) == 1
	assert frappe.db.count("Follow-up Plan", {"discharge": doc.name}) == 1


def test_a_corrected_date_moves_what_is_open():
	doc = factories.discharge()
	names = {task.name for task in factories.tasks_of(doc.plan)}
	doc.reload()
	doc.discharge_date = add_days(doc.discharge_date, -1)
	doc.save()
	open_tasks = factories.tasks_of(doc.plan, status=("in", OPEN))
	assert open_tasks[0].due_date == getdate(add_days(doc.discharge_date, 2))
	assert len(open_tasks) == 2
	assert frappe.db.get_value("Follow-up Plan", doc.plan, "planned_contacts") == 2
	cancelled = factories.tasks_of(doc.plan, status="Cancelled")
	assert {task.name for task in cancelled} <= names and all(task.status_reason for task in cancelled)


@pytest.mark.parametrize(
	("disposition", "reason"),
	[("Deceased", "deceased"), ("Hospice", "hospice"), ("Transferred", "transferred")],
)
def test_some_dispositions_are_excluded_and_a_correction_brings_the_plan_back(disposition, reason):
	doc = factories.discharge()
	planned = len(factories.tasks_of(doc.plan))
	doc.reload()
	doc.disposition = disposition
	doc.save()
	assert (doc.decision, doc.decision_reason) == ("Excluded", reason)
	assert frappe.db.get_value("Follow-up Plan", doc.plan, ["status", "stop_reason"]) == ("Stopped", reason)
	assert statuses(doc.plan) == [("Cancelled", reason)] * planned
	doc.reload()
	doc.disposition = "Home"
	doc.save()
	assert doc.decision == "Planned"
	assert frappe.db.get_value("Follow-up Plan", doc.plan, "status") == "Active"
	assert statuses(doc.plan) == [("Scheduled", None)] * planned


def test_a_cancelled_discharge_is_excluded_and_can_be_restored():
	doc = factories.discharge()
	doc.reload()
	doc.update({"cancelled": 1, "cancel_reason": "Wrong patient"}).save()
	assert (doc.decision, doc.decision_reason) == ("Excluded", "discharge_cancelled")
	doc.reload()
	doc.update({"cancelled": 0, "cancel_reason": None}).save()
	assert doc.decision == "Planned"
	assert statuses(doc.plan) == [("Scheduled", None)] * 2


def test_a_discharge_that_arrives_late_is_called_today():
	doc = factories.discharge(discharge_date=factories.days_from_now(-4))
	first = factories.tasks_of(doc.plan)[0]
	assert (first.due_date, first.status) == (factories.days_from_now(0), "Open")
	assert "late_discharge" in first.reasons and doc.late_discharge == 1


def test_a_discharge_whose_windows_are_all_gone_is_missed():
	doc = factories.discharge(discharge_date=factories.days_from_now(-200))
	assert (doc.decision, doc.plan) == ("Missed", None)


def test_a_later_discharge_ends_the_earlier_plan():
	patient = factories.patient()
	first = factories.discharge(patient.name, discharge_date=factories.days_from_now(-3))
	second = factories.discharge(patient.name)
	assert frappe.db.get_value("Follow-up Plan", first.plan, ["status", "stop_reason"]) == (
		"Stopped",
		"readmitted",
	)
	assert frappe.db.get_value("Follow-up Plan", second.plan, "status") == "Active"


def test_a_cancelled_later_discharge_gives_the_earlier_plan_back():
	patient = factories.patient()
	first = factories.discharge(patient.name, discharge_date=factories.days_from_now(-3))
	second = factories.discharge(patient.name)
	second.reload()
	second.update({"cancelled": 1, "cancel_reason": "Entered twice"}).save()
	assert frappe.db.get_value("Follow-up Plan", first.plan, "status") == "Active"
	assert any(task.status in OPEN for task in factories.tasks_of(first.plan))


def test_a_discharge_whose_date_is_corrected_to_before_the_other_gives_that_plan_back():
	patient = factories.patient()
	first = factories.discharge(patient.name, discharge_date=factories.days_from_now(-3))
	second = factories.discharge(patient.name)
	second.reload()
	second.update({"discharge_date": factories.days_from_now(-30)}).save()
	assert frappe.db.get_value("Follow-up Plan", first.plan, "status") == "Active"
	assert any(task.status in OPEN for task in factories.tasks_of(first.plan))


def test_a_readmission_told_in_a_call_outlasts_a_later_discharge_entered_by_mistake():
	patient = factories.patient()
	first = factories.discharge(patient.name, discharge_date=factories.days_from_now(-3))
	log_attempt(factories.tasks_of(first.plan)[0].name, "Readmitted")
	second = factories.discharge(patient.name)
	second.reload()
	second.update({"cancelled": 1, "cancel_reason": "Entered twice"}).save()
	assert frappe.db.get_value("Follow-up Plan", first.plan, ["status", "stop_reason"]) == (
		"Stopped",
		"readmitted",
	)


@pytest.mark.parametrize(
	("status", "reason"), [("Deceased", "deceased"), ("Do Not Contact", "do_not_contact")]
)
def test_a_patients_status_stops_everything_and_gives_it_back(status, reason):
	doc = factories.discharge()
	patient = frappe.get_doc("Follow-up Patient", doc.patient)
	patient.update({"status": status, "status_reason": "Told by the family"}).save()
	assert frappe.db.get_value("Follow-up Plan", doc.plan, ["status", "stop_reason"]) == ("Stopped", reason)
	assert statuses(doc.plan) == [("Cancelled", reason)] * 2
	meanwhile = factories.discharge(doc.patient, discharge_date=factories.days_from_now(1))
	assert meanwhile.decision == "Excluded" and not meanwhile.plan
	patient.reload()
	patient.update({"status": "Active", "status_reason": None}).save()
	assert frappe.db.get_value("Patient Discharge", meanwhile.name, "decision") == "Planned"


def test_a_stopped_plan_stays_stopped_until_someone_undoes_it():
	doc = factories.discharge()
	stop(doc.plan, "Moved abroad")
	doc.reload()
	doc.length_of_stay = "9"
	doc.save()
	assert frappe.db.get_value("Follow-up Plan", doc.plan, "status") == "Stopped"
	undo_stop(doc.plan)
	assert frappe.db.get_value("Follow-up Plan", doc.plan, ["status", "stop_reason"]) == ("Active", None)
	assert statuses(doc.plan) == [("Scheduled", None)] * 2


def test_a_raised_tier_starts_again_today_and_a_lowered_one_keeps_its_days(as_user):
	doc = factories.discharge(given_risk_tier="Low", discharge_date=factories.days_from_now(-5))
	with as_user("Follow-up Doctor"):
		changes = preview.preview_override(doc.name, "High")["changes"]
		assert {change["action"] for change in changes} == {"create", "cancel"}
		raise_tier(doc.name, "High")
	plan = frappe.get_doc("Follow-up Plan", doc.plan)
	assert (plan.risk_tier, plan.anchor_date) == ("High", factories.days_from_now(0))
	open_tasks = factories.tasks_of(doc.plan, status=("in", OPEN))
	assert open_tasks[0].due_date == factories.days_from_now(2)
	with as_user("Follow-up Doctor"):
		raise_tier(doc.name, "Medium")
	assert frappe.db.get_value("Follow-up Plan", doc.plan, "anchor_date") == factories.days_from_now(0)


def raise_tier(discharge: str, risk_tier: str) -> None:
	api.change_tier(discharge, risk_tier, "Wound looks worse")


def test_a_preview_writes_nothing_and_tells_what_saving_does():
	doc = factories.discharge()
	before = factories.tasks_of(doc.plan)
	draft = {**doc.as_dict(), "discharge_date": str(add_days(doc.discharge_date, -1))}
	shown = preview.preview_discharge(doc.name, draft)
	assert shown["changed"] and shown["decision"] == "Planned", shown
	assert factories.tasks_of(doc.plan) == before
	doc.reload()
	doc.discharge_date = draft["discharge_date"]
	doc.save()
	expected = {change["due_date"] for change in shown["changes"] if change["action"] != "cancel"}
	assert {task.due_date for task in factories.tasks_of(doc.plan, status=("in", OPEN))} == expected


def test_without_a_policy_the_discharge_is_kept_and_says_why():
	for name in frappe.get_all("Follow-up Policy", {"status": "Active"}, pluck="name"):
		frappe.db.set_value("Follow-up Policy", name, "status", "Retired")
	doc = factories.discharge()
	assert (doc.decision, doc.decision_reason, doc.plan) == ("Pending", "no_policy", None)
	factories.policy("Standard again")
	planning.plan_discharges([doc.name], cause="test")
	assert frappe.db.get_value("Patient Discharge", doc.name, ["decision", "decision_reason"]) == (
		"Planned",
		None,
	)


def test_one_broken_record_never_stops_the_others():
	good, broken = factories.discharge(), factories.discharge()
	frappe.db.set_value("Patient Discharge", broken.name, {"charlson": "many", "decision": "Pending"})
	frappe.db.set_value("Patient Discharge", good.name, "decision", "Pending")
	result = planning.plan_discharges([broken.name, good.name], cause="test")
	assert result.planned == [good.name]
	((name, code),) = result.failed
	assert name == broken.name and code.startswith("ValueError at facts.py")


def test_more_specific_policies_win():
	ward = factories.department("Test Ward 7")
	rule = {
		"value_tier": "Medium",
		"interval": 1,
		"interval_unit": "Day",
		"channel": "Phone",
		"topics": "Care",
	}
	special = factories.policy("Ward 7", department=ward)
	for row in special.rules:
		if (row.risk_tier, row.value_tier) == ("High", "Medium"):
			row.update(
				{**rule, "contacts": 1, "first_contact_day": 1, "role": "Follow-up Specialist"}
			).db_update()
	assert len(factories.tasks_of(factories.discharge(department=ward).plan)) == 1
	assert len(factories.tasks_of(factories.discharge().plan)) == 2


def test_the_hook_hears_of_every_plan_once(monkeypatch):
	heard = []
	monkeypatch.setattr(
		frappe,
		"get_hooks",
		lambda hook=None, *a, _real=frappe.get_hooks, **k: (
			["frappe.ping"] if hook == "followup_planned" else _real(hook, *a, **k)
		),
	)
	monkeypatch.setattr(
		frappe,
		"get_attr",
		lambda path, _real=frappe.get_attr: (
			(lambda names, cause: heard.append((names, cause))) if path == "frappe.ping" else _real(path)
		),
	)
	doc = factories.discharge()
	assert heard == [([doc.plan], "saved")]


@pytest.mark.parametrize("role", ["Follow-up Doctor", "Follow-up Supervisor"])
def test_doctors_and_supervisors_stop_a_plan_and_take_it_back(as_user, role):
	doc = factories.discharge()
	with as_user(role):
		assert api.stop_plan(doc.plan, "The family asked us to") == "Stopped"
		assert api.undo_stop_plan(doc.plan) == "Active"
	assert statuses(doc.plan) == [("Scheduled", None)] * 2


@pytest.mark.parametrize("role", ["Follow-up Specialist", "Follow-up Administrator"])
def test_nobody_else_stops_a_plan(as_user, role):
	doc = factories.discharge()
	with as_user(role), pytest.raises(frappe.PermissionError):
		api.stop_plan(doc.plan, "Enough calls")
	assert frappe.db.get_value("Follow-up Plan", doc.plan, "status") == "Active"
