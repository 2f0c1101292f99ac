"""Our code inside the hospital's transaction: whatever is wrong with it, the hospital's own save works."""

from __future__ import annotations

import sys

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from hospital_followup import jobs, services
from hospital_followup.services import missed_events
from tests.support import frappe_health as hospital

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

DISCHARGE = "Patient Discharge"
ERRORS = "Follow-up Run Error"


@pytest.fixture
def patient() -> frappe.model.document.Document:
	hospital.settings()
	frappe.db.set_single_value("Follow-up Settings", "ledger_from", frappe.utils.today())
	return hospital.make_patient()


@pytest.fixture
def refusing_field():
	"""An administrator made a field of Patient Discharge mandatory that no hospital record fills."""
	setter = make_property_setter(DISCHARGE, "pending_results", "reqd", 1, "Check")
	yield setter
	frappe.clear_cache(doctype=DISCHARGE)


def recorded(stay) -> str | None:
	return frappe.db.exists(DISCHARGE, {"source_name": stay.name})


def test_a_refused_ledger_entry_does_not_stop_the_discharge(patient, refusing_field) -> None:
	hospital.admit(patient.name)
	frappe.local.message_log = []
	stay = hospital.discharge(patient.name)
	assert (stay.status, recorded(stay)) == ("Discharged", None)
	assert frappe.local.message_log == []
	assert not frappe.db.exists("Follow-up Patient", {"source_name": patient.name})


def test_the_failure_is_noted_once_and_without_any_patient_data(patient, refusing_field) -> None:
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	stay.save()
	[(_run, doctype, name)] = missed_events.unresolved()
	assert (doctype, name) == (hospital.STAY, stay.name)
	error = frappe.get_all(
		ERRORS, fields=["code", "message"], filters={"reference_name": stay.name}, order_by="idx"
	)
	assert [row.code.split()[0] for row in error] == ["MandatoryError"]
	written = frappe.as_json(frappe.get_all("Error Log", fields=["*"], order_by="creation")) + str(error)
	assert patient.patient_name not in written and patient.mobile not in written


def test_the_dispatcher_makes_up_for_it(patient, refusing_field) -> None:
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	frappe.db.commit()  # reason: the hospital's request ends
	jobs.followup_dispatch_tick()
	assert recorded(stay) is None and len(missed_events.unresolved()) == 1

	refusing_field.delete()
	frappe.clear_cache(doctype=DISCHARGE)
	jobs.followup_dispatch_tick()

	assert recorded(stay) and missed_events.unresolved() == []


def test_a_half_installed_release_does_not_stop_the_discharge(patient, monkeypatch) -> None:
	for module in ("intake", "missed_events"):
		cannot_be_imported(monkeypatch, module)
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	assert (stay.status, recorded(stay)) == ("Discharged", None)
	frappe.db.commit()  # reason: the hospital's request ends
	monkeypatch.undo()

	jobs.followup_nightly()

	assert recorded(stay), "the event and its note are lost, the reconciliation finds the stay"


def test_a_missing_table_does_not_stop_the_discharge(patient) -> None:
	hospital.admit(patient.name)
	frappe.db.commit()  # reason: what follows commits by itself
	rename("tabPatient Discharge", "tabPatient Discharge gone")
	try:
		stay = hospital.discharge(patient.name)
		frappe.db.commit()  # reason: the hospital's request ends
		assert frappe.db.get_value(hospital.STAY, stay.name, "status") == "Discharged"
	finally:
		rename("tabPatient Discharge gone", "tabPatient Discharge")
	jobs.followup_dispatch_tick()
	assert recorded(stay)


def test_a_patients_own_save_and_rename_work(patient, monkeypatch) -> None:
	cannot_be_imported(monkeypatch, "patient_intake")
	patient.mobile = "13912345678"
	patient.save()
	assert frappe.rename_doc("Patient", patient.name, "HLC-PAT-RENAMED") == "HLC-PAT-RENAMED"
	frappe.delete_doc("Patient", "HLC-PAT-RENAMED", force=True)


def cannot_be_imported(monkeypatch, module: str) -> None:
	monkeypatch.setitem(sys.modules, f"{services.__name__}.{module}", None)
	monkeypatch.delattr(services, module)


def rename(old: str, new: str) -> None:
	frappe.db.sql_ddl(f"rename table `{old}` to `{new}`")
