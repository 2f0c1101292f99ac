"""The nightly proof: what no event told is found, what is broken is repaired, and nothing is left without a decision."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.services.reconcile import reconcile, undecided_count
from hospital_followup.tests import factories
from tests.support import frappe_health as hospital

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

DISCHARGE, PLAN, RUN = "Patient Discharge", "Follow-up Plan", "Follow-up Run"


@pytest.fixture(autouse=True)
def _hospital() -> None:
	hospital.settings()
	factories.standard_policy()
	frappe.db.set_single_value("Follow-up Settings", "ledger_from", add_days(today(), -10))


def discharge_past_every_event(*, days_ago: int = 0) -> str:
	"""A stay that a script, a migration or a restored backup ended; its name."""
	patient = hospital.make_patient()
	stay = hospital.admit(patient.name, days_ago=days_ago + 4)
	left = f"{add_days(today(), -days_ago)} 10:00:00"
	frappe.db.set_value("Inpatient Occupancy", {"parent": stay.name}, {"left": 1, "check_out": left})
	frappe.db.set_value(hospital.STAY, stay.name, {"status": "Discharged", "discharge_datetime": left})
	frappe.db.commit()  # reason: written by another process
	return stay.name


def discharge_of(stay: str) -> frappe.model.document.Document | None:
	frappe.db.rollback()
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay})
	return frappe.get_doc(DISCHARGE, name) if name else None


def test_a_discharge_that_no_event_told_is_taken_over_and_planned() -> None:
	stay = discharge_past_every_event(days_ago=1)
	assert undecided_count() == 1
	figures = reconcile(getdate(today()))
	assert figures == {"discharges": 1, "taken_over": 1, "repaired": 0, "undecided": 0}
	assert discharge_of(stay).decision == "Planned"


def test_the_desk_counts_what_waits_and_what_never_arrived(as_user) -> None:
	discharge_past_every_event(days_ago=1)
	waiting = factories.discharge()
	waiting.db_set("decision", "Pending")
	card = frappe.get_doc("Number Card", "Discharges without a Decision")
	with as_user("Follow-up Supervisor"):
		assert frappe.get_attr(card.method)(filters=card.filters_json)["value"] == 2
	with as_user("Employee"), pytest.raises(frappe.PermissionError):
		frappe.get_attr(card.method)()
	reconcile(getdate(today()))
	assert frappe.get_attr(card.method)()["value"] == 0


def test_reconciling_again_changes_nothing() -> None:
	stay = discharge_past_every_event()
	reconcile(getdate(today()))
	before = discharge_of(stay).as_dict()
	assert reconcile(getdate(today()))["taken_over"] == 0
	assert discharge_of(stay).as_dict() == before


def test_discharges_before_the_ledger_began_are_not_counted() -> None:
	stay = discharge_past_every_event(days_ago=11)
	assert reconcile(getdate(today()))["discharges"] == 0
	assert discharge_of(stay) is None


def test_without_a_first_day_nothing_of_the_past_is_taken_over() -> None:
	frappe.db.set_single_value("Follow-up Settings", "ledger_from", None)
	stay = discharge_past_every_event()
	assert reconcile(getdate(today()))["taken_over"] == 0
	assert discharge_of(stay) is None


def test_an_edit_that_no_event_told_arrives() -> None:
	stay = discharge_past_every_event(days_ago=1)
	reconcile(getdate(today()))
	frappe.db.set_value(
		"Inpatient Occupancy", {"parent": stay}, "check_out", f"{add_days(today(), -2)} 10:00:00"
	)
	frappe.db.set_value(hospital.STAY, stay, "discharge_instructions", "Rest")
	frappe.db.commit()  # reason: written by another process
	reconcile(getdate(today()))
	doc = discharge_of(stay)
	assert (doc.discharge_date, doc.instructions, doc.decision) == (
		getdate(add_days(today(), -2)),
		"Rest",
		"Planned",
	)


@pytest.mark.parametrize("how", ["Cancelled", "Admitted", "deleted"])
def test_a_discharge_taken_back_past_every_event_is_excluded(how) -> None:
	stay = discharge_past_every_event()
	reconcile(getdate(today()))
	name = discharge_of(stay).name
	if how == "deleted":
		frappe.get_doc(
			{"doctype": "Deleted Document", "deleted_doctype": hospital.STAY, "deleted_name": stay}
		).insert()
		frappe.db.delete(hospital.STAY, {"name": stay})
	else:
		frappe.db.set_value(hospital.STAY, stay, "status", how)
	frappe.db.commit()  # reason: written by another process
	reconcile(getdate(today()))
	doc = frappe.get_doc(DISCHARGE, name)
	assert (doc.cancelled, doc.decision, doc.decision_reason) == (1, "Excluded", "discharge_cancelled")
	assert frappe.db.get_value(PLAN, {"discharge": name}, "status") == "Stopped"


def test_a_planned_discharge_whose_plan_is_gone_is_planned_again() -> None:
	stay = discharge_past_every_event()
	reconcile(getdate(today()))
	doc = discharge_of(stay)
	frappe.db.delete(PLAN, {"name": doc.plan})
	frappe.db.delete("Follow-up Task", {"plan": doc.plan})
	frappe.db.commit()  # reason: a repair by hand that went wrong
	assert reconcile(getdate(today()))["repaired"] == 1
	again = discharge_of(stay)
	assert again.decision == "Planned" and again.plan != doc.plan
	assert frappe.db.count("Follow-up Task", {"plan": again.plan}) == again.planned_contacts


def test_a_stay_that_cannot_be_taken_over_is_named_and_does_not_stop_the_others() -> None:
	bad, good = discharge_past_every_event(), discharge_past_every_event()
	patient = frappe.db.get_value(hospital.STAY, bad, "patient")
	frappe.db.set_value("Patient", patient, "dob", today())  # born after the admission
	frappe.db.commit()  # reason: written by another process
	figures = reconcile(getdate(today()))
	assert (figures["taken_over"], figures["undecided"]) == (1, 1)
	assert discharge_of(good).decision == "Planned"
	run = frappe.get_last_doc(RUN, {"job": "reconcile"})
	assert {(row.code.split()[0], row.reference_name) for row in run.errors} == {("InvalidPeriodError", bad)}
	assert run.errors and run.failed >= 1
	assert frappe.db.get_value("Patient", patient, "patient_name") not in run.as_json()


def test_an_admission_cancelled_past_every_event_gives_the_plan_back() -> None:
	stay = discharge_past_every_event(days_ago=1)
	reconcile(getdate(today()))
	patient = frappe.db.get_value(hospital.STAY, stay, "patient")
	readmission = hospital.admit(patient, days_ago=0)
	reconcile(getdate(today()))
	plan = discharge_of(stay).plan
	assert frappe.db.get_value(PLAN, plan, ["status", "stop_reason"]) == ("Stopped", "readmitted")

	frappe.db.set_value(hospital.STAY, readmission.name, "status", "Cancelled")
	frappe.db.commit()  # reason: written by another process
	reconcile(getdate(today()))
	assert frappe.db.get_value(PLAN, plan, "status") == "Active"


def test_a_change_of_a_patient_that_no_event_told_arrives() -> None:
	stay = discharge_past_every_event()
	reconcile(getdate(today()))
	patient = frappe.db.get_value(hospital.STAY, stay, "patient")
	frappe.db.set_value("Patient", patient, "mobile", "13900001111")
	frappe.db.commit()  # reason: written by another process
	reconcile(getdate(today()))
	assert frappe.db.get_value("Follow-up Patient", {"source_name": patient}, "mobile") == "+8613900001111"
