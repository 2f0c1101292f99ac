"""Whatever stops a plan can be taken back: the same work comes back, no more and no less."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, now_datetime, today

from hospital_followup.engine.names import CHANNELS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import admissions, patients, planning, plans, preview, tasks
from hospital_followup.services.facts import agreed_and_refused
from hospital_followup.tests import factories

PATIENT, DISCHARGE, PLAN, TASK = "Follow-up Patient", "Patient Discharge", "Follow-up Plan", "Follow-up Task"
UNDONE = ("Scheduled", "Open", "In Progress")


@pytest.fixture(autouse=True)
def _policy() -> None:
	factories.standard_policy()


def undone(plan: str) -> list[frappe._dict]:
	return factories.tasks_of(plan, status=("in", UNDONE))


def saved(doc, **values):
	doc.reload()
	return doc.update(values).save()


def test_discharged_again_on_another_day_has_the_contacts_of_that_day_only() -> None:
	doc = factories.discharge(discharge_date=factories.days_from_now(-2))
	saved(doc, cancelled=1, cancel_reason="Stayed longer")
	saved(doc, cancelled=0, cancel_reason=None, discharge_date=today())
	assert doc.decision == "Planned"
	assert {task.anchor_date for task in undone(doc.plan)} == {factories.days_from_now(0)}
	assert len(undone(doc.plan)) == 2
	assert frappe.db.get_value(PLAN, doc.plan, ["status", "planned_contacts"]) == ("Active", 2)


def test_a_lower_tier_that_came_meanwhile_counts_when_the_discharge_is_restored() -> None:
	doc = factories.discharge(discharge_date=factories.days_from_now(-1))
	saved(doc, disposition="Hospice")
	saved(doc, disposition="Home", given_risk_tier="Low")
	low = factories.discharge(discharge_date=factories.days_from_now(-1), given_risk_tier="Low")
	assert [task.due_date for task in undone(doc.plan)] == [task.due_date for task in undone(low.plan)]


@pytest.mark.parametrize("before", ["Draft", "Paused", "Active"])
def test_a_restored_plan_is_what_it_was(before: str) -> None:
	doc = factories.discharge(discharge_date=factories.days_from_now(-2))
	if before == "Paused":
		plans.pause(doc.plan, "Holiday")
	elif before == "Draft":
		frappe.db.set_value(PLAN, doc.plan, "status", "Draft")
		frappe.db.set_value(TASK, {"plan": doc.plan}, "on_hold", 1)
	held = [task.on_hold for task in undone(doc.plan)]
	plans.stop(doc.plan, "Moved abroad")
	assert undone(doc.plan) == []
	plans.undo_stop(doc.plan)
	plan = frappe.get_doc(PLAN, doc.plan)
	assert (plan.status, plan.stop_reason, plan.status_before_stop) == (before, None, None)
	assert plan.pause_reason == ("Holiday" if before == "Paused" else None)
	assert [task.on_hold for task in undone(doc.plan)] == held


def test_a_long_reason_is_taken_back_like_a_short_one() -> None:
	doc = factories.discharge()
	plans.stop(doc.plan, "Moved to the daughter's family in another province. " * 6)
	plans.undo_stop(doc.plan)
	assert len(undone(doc.plan)) == 2


def test_what_changed_while_the_plan_was_stopped_is_planned_when_it_goes_on() -> None:
	doc = factories.discharge(given_risk_tier="Low")
	plans.stop(doc.plan, "Moved abroad")
	saved(doc, given_risk_tier="High")
	assert undone(doc.plan) == []
	plans.undo_stop(doc.plan)
	assert frappe.db.get_value(DISCHARGE, doc.name, "decision") == "Pending"
	planning.plan_discharges([doc.name], cause="test")
	assert frappe.db.get_value(DISCHARGE, doc.name, "decision") == "Planned"
	assert {task.risk_tier for task in undone(doc.plan)} == {"High"}
	assert frappe.db.get_value(PLAN, doc.plan, "risk_tier") == "High"


@pytest.mark.parametrize("kind", ["Callback", "Planned"])
def test_calls_beside_the_plan_come_back_with_the_patient(kind: str) -> None:
	patient = factories.patient()
	loose = factories.task(patient=patient.name, kind=kind, expires_on=None)
	saved(patient, status="Do Not Contact", status_reason="By letter")
	assert frappe.db.get_value(TASK, loose.name, ["status", "status_reason"]) == (
		"Cancelled",
		"do_not_contact",
	)
	saved(patient, status="Active", status_reason=None)
	assert frappe.db.get_value(TASK, loose.name, "status") == "Open"


def test_who_asked_not_to_be_contacted_has_still_asked_after_a_mistaken_death() -> None:
	patient = factories.patient()
	doc = factories.discharge(patient.name)
	saved(patient, status="Do Not Contact", status_reason="By letter")
	patients.mark_deceased(patient.name)
	patients.unmark_deceased(patient.name)
	assert frappe.db.get_value(PATIENT, patient.name, "status") == "Do Not Contact"
	assert frappe.db.get_value(PLAN, doc.plan, "status") == "Stopped"


def test_a_cancelled_readmission_log_leaves_earlier_stays_alone() -> None:
	patient = factories.patient()
	first = factories.discharge(
		patient.name, discharge_date=factories.days_from_now(-9), given_risk_tier="Low"
	)
	second = factories.discharge(patient.name, discharge_date=factories.days_from_now(-3))
	assert frappe.db.get_value(PLAN, first.plan, "stop_reason") == "readmitted"
	frappe.db.set_value(PLAN, first.plan, "stopped_on", add_days(today(), -3))
	log = factories.log(frappe.get_doc(TASK, undone(second.plan)[0].name), "Readmitted")
	assert frappe.db.get_value(PLAN, second.plan, "status") == "Stopped"
	log.cancel()
	assert frappe.db.get_value(PLAN, second.plan, "status") == "Active"
	assert frappe.db.get_value(PLAN, first.plan, "status") == "Stopped"


def test_an_older_discharge_entered_late_is_followed_up_when_the_later_one_was_a_mistake() -> None:
	patient = factories.patient()
	later = factories.discharge(
		patient.name, discharge_date=today(), admission_date=factories.days_from_now(-1)
	)
	older = factories.discharge(
		patient.name, discharge_date=factories.days_from_now(-1), given_risk_tier="Low"
	)
	assert (older.decision, older.decision_reason) == ("Excluded", "readmitted")
	saved(later, cancelled=1, cancel_reason="Wrong patient")
	older.reload()
	assert older.decision == "Planned" and undone(older.plan)


def test_a_discharge_is_not_passed_on_to_another_patient() -> None:
	doc, other = factories.discharge(), factories.patient()
	with pytest.raises(InvalidValueError, match="another patient"):
		saved(doc, patient=other.name)


def test_back_in_hospital_before_planning_still_stops_the_plan() -> None:
	doc = factories.discharge(discharge_date=factories.days_from_now(-2))
	frappe.db.delete(TASK, {"plan": doc.plan})
	frappe.db.delete(PLAN, {"name": doc.plan})
	waiting = {"decision": "Pending", "plan": None, "inputs_hash": None}
	frappe.db.set_value(DISCHARGE, doc.name, waiting)
	admissions.mark(doc.patient, "source|Test|1", factories.days_from_now(0))
	admissions.stop_plan_of(doc.name)
	planning.plan_discharges([doc.name], cause="test")
	admissions.stop_plan_of(doc.name)
	plan = frappe.db.get_value(DISCHARGE, doc.name, "plan")
	assert frappe.db.get_value(PLAN, plan, ["status", "stop_reason"]) == ("Stopped", "readmitted")


def test_a_contact_moved_to_a_later_day_leaves_the_worklist() -> None:
	task = factories.task(opens_on=factories.days_from_now(3), due_date=factories.days_from_now(3))
	tasks.put_off([task.name], factories.days_from_now(0))
	assert frappe.db.get_value(TASK, task.name, "status") == "Scheduled"


def test_contacts_that_keep_their_day_rank_by_the_new_tier() -> None:
	doc = factories.discharge(given_risk_tier="Medium")
	(before,) = undone(doc.plan)
	saved(doc, given_risk_tier="High")
	after = {task.name: task for task in undone(doc.plan)}
	assert {task.risk_tier for task in after.values()} == {"High"}
	assert after[before.name].priority < before.priority


def test_contacts_follow_their_discharge_into_the_right_department() -> None:
	doc = factories.discharge()
	ward = factories.department("Test Ward 9")
	saved(doc, department=ward)
	assert {task.department for task in undone(doc.plan)} == {ward}


def test_a_preview_of_what_cannot_be_meant_is_refused_like_the_save() -> None:
	doc = factories.discharge()
	with pytest.raises(InvalidValueError):
		preview.preview_discharge(doc.name, {"charlson": "many"})
	other = factories.patient(status="Do Not Contact")
	assert preview.preview_discharge(doc.name, {"patient": other.name})["decision"] == "Planned"


def consent(patient: str, **values):
	return frappe.get_doc(
		{
			"doctype": "Follow-up Consent",
			"patient": patient,
			"purpose": "Clinical",
			"channel": "All",
			**values,
		}
	).insert()


def test_a_refusal_stops_the_plan_at_once_and_a_new_consent_gives_it_back() -> None:
	doc = factories.discharge()
	planned = len(undone(doc.plan))
	consent(doc.patient, given_on=add_days(now_datetime(), -3))
	consent(doc.patient, withdrawn_on=add_days(now_datetime(), -2))
	assert frappe.db.get_value(PLAN, doc.plan, ["status", "stop_reason"]) == ("Stopped", "withdrawn")
	assert undone(doc.plan) == []
	consent(doc.patient, given_on=add_days(now_datetime(), -1))
	assert frappe.db.get_value(PLAN, doc.plan, ["status", "stop_reason"]) == ("Active", None)
	assert len(undone(doc.plan)) == planned


@pytest.mark.parametrize(
	("words", "given", "refused"),
	[
		([], set(), set()),
		([("Phone", 1, None)], {"Phone"}, set()),
		([("Phone", 1, 2)], set(), {"Phone"}),
		([("Phone", 1, None), ("Phone", None, 2)], set(), {"Phone"}),
		([("Phone", None, 2), ("Phone", 3, None)], {"Phone"}, set()),
		([("Phone", 1, None), ("All", None, 2)], set(), set(CHANNELS)),
		([("All", None, 2), ("Phone", 3, None)], {"Phone"}, set(CHANNELS) - {"Phone"}),
	],
)
def test_the_latest_word_about_a_channel_counts(words, given: set[str], refused: set[str]) -> None:
	rows = [{"channel": channel, "given_on": yes, "withdrawn_on": no} for channel, yes, no in words]
	assert agreed_and_refused(rows) == (given, refused)


def test_a_late_discharge_from_before_the_active_version_is_planned_with_it() -> None:
	for name in frappe.get_all("Follow-up Policy", {"status": "Active"}, pluck="name", order_by="name"):
		frappe.db.set_value("Follow-up Policy", name, "status", "Retired")
	factories.policy("From today", valid_from=today())
	doc = factories.discharge(discharge_date=factories.days_from_now(-2))
	assert doc.decision == "Planned"


def test_a_reason_noted_late_does_not_lose_the_contacts() -> None:
	doc = factories.discharge()
	plans.stop(doc.plan, "Moved abroad")
	plans.note_reason(doc.plan, "Stopped", "Another reason")
	plans.undo_stop(doc.plan)
	assert len(undone(doc.plan)) == 2
