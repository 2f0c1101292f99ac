"""A patient's record changes in Frappe Health while follow-up is under way."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import jobs
from hospital_followup.services.reconcile import reconcile
from hospital_followup.tests import factories
from tests.support import frappe_health as hospital

pytestmark = [pytest.mark.site("health"), pytest.mark.commits]

PATIENT, DISCHARGE, PLAN, TASK = "Follow-up Patient", "Patient Discharge", "Follow-up Plan", "Follow-up Task"


@pytest.fixture(autouse=True)
def _hospital() -> None:
	hospital.settings()
	factories.standard_policy()


def followed_up(name: str = "王秀兰", **values) -> tuple[frappe.model.document.Document, str]:
	"""A patient whose discharge is planned, and the name of the discharge."""
	patient = hospital.make_patient(name, **values)
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	jobs.followup_plan_pending()
	return patient.reload(), frappe.db.get_value(DISCHARGE, {"source_name": stay.name})


def ours(patient) -> frappe.model.document.Document:
	source = {"source_doctype": "Patient", "source_name": patient.name, "status": ("!=", "Merged")}
	return frappe.get_doc(PATIENT, source)


def queued() -> list[dict]:
	"""What a worker would be given: method and arguments of each queued job of ours."""
	from frappe.utils.background_jobs import get_queues

	jobs_ = [job for queue in get_queues() for job in queue.get_jobs()]
	return [
		{"method": job.kwargs["method"].rsplit(".", 1)[-1], **job.kwargs["kwargs"]}
		for job in jobs_
		if "hospital_followup" in str(job.kwargs["method"])
	]


def test_the_patient_carries_what_the_hospital_knows() -> None:
	mother = hospital.make_patient("张母", mobile="13700000000")
	patient = hospital.make_patient(
		"张小宝", allergies="青霉素", tobacco_current_use="无", dob="2020-05-01", sex="Male"
	)
	patient.append("patient_relation", {"patient": mother.name, "relation": "Mother"})
	patient.save()
	hospital.admit(patient.name)
	hospital.discharge(patient.name)
	doc = ours(patient)
	assert (doc.patient_id, doc.patient_name, doc.sex) == (patient.name, "张小宝", "Male")
	assert (str(doc.date_of_birth), doc.mobile, doc.company) == (
		"2020-05-01",
		"+8613812345678",
		hospital.COMPANY,
	)
	assert (doc.allergies, doc.caregiver_name, doc.caregiver_relation) == ("青霉素", "张母", "Mother")
	assert doc.caregiver_mobile == "+8613700000000"
	assert doc.habits.endswith(": 无")


def test_the_customer_and_the_contact_of_a_patient_are_that_patient() -> None:
	from hospital_followup.services.patient_intake import ensure_patient

	patient, _discharge = followed_up()
	contact = frappe.db.get_value(
		"Dynamic Link", {"link_doctype": "Patient", "link_name": patient.name}, "parent"
	)
	name = ours(patient).name
	assert ensure_patient("Customer", patient.customer) == name
	assert ensure_patient("Contact", contact) == name


def test_a_new_number_arrives_after_commit() -> None:
	patient, _discharge = followed_up()
	patient.mobile = "13900001111"
	patient.save()
	assert ours(patient).mobile == "+8613812345678", "the hospital's own save is not held up"
	frappe.db.commit()  # reason: the hospital's request ends
	call = {"method": "followup_refresh_patient", "doctype": "Patient", "name": patient.name}
	assert queued().count(call) == 1
	jobs.followup_refresh_patient("Patient", patient.name)
	assert ours(patient).mobile == "+8613900001111"


def test_a_patient_we_do_not_follow_wakes_nobody() -> None:
	patient = hospital.make_patient()
	patient.mobile = "13900001111"
	patient.save()
	frappe.db.commit()  # reason: the hospital's request ends
	assert "followup_refresh_patient" not in [job["method"] for job in queued()]


def test_a_disabled_patient_is_followed_up_all_the_same() -> None:
	patient, discharge = followed_up()
	patient.status = "Disabled"  # may only mean an unpaid fee
	patient.save()
	jobs.followup_refresh_patient("Patient", patient.name)
	assert ours(patient).status == "Active"
	assert frappe.db.get_value(PLAN, {"discharge": discharge}, "status") == "Active"


def test_a_renamed_patient_keeps_follow_up_under_the_new_number() -> None:
	patient, _discharge = followed_up()
	name = ours(patient).name
	frappe.rename_doc("Patient", patient.name, "HLC-PAT-NEW")
	jobs.followup_refresh_patient("Patient", "HLC-PAT-NEW")
	doc = frappe.get_doc(PATIENT, name)
	assert (doc.source_name, doc.patient_id) == ("HLC-PAT-NEW", "HLC-PAT-NEW")
	assert doc.external_key == f"{hospital.COMPANY}|HLC-PAT-NEW"


@pytest.mark.parametrize("woken", [True, False], ids=["by the event", "by the reconciliation"])
def test_two_patients_merged_while_work_is_pending(woken) -> None:
	kept, kept_discharge = followed_up("王秀兰")
	lost, lost_discharge = followed_up("王秀澜", mobile="13900001111")
	survivor, former = ours(kept).name, ours(lost).name
	work = frappe.db.count(TASK, {"patient": former})

	frappe.rename_doc("Patient", lost.name, kept.name, merge=True)
	frappe.db.commit()  # reason: the hospital's request ends
	if woken:
		jobs.followup_refresh_patient("Patient", kept.name)
	else:
		reconcile(frappe.utils.getdate())

	assert frappe.db.get_value(PATIENT, former, ["status", "merged_into"]) == ("Merged", survivor)
	assert work and frappe.db.count(TASK, {"patient": former}) == 0
	assert frappe.db.get_value(DISCHARGE, lost_discharge, "patient") == survivor
	for discharge in (kept_discharge, lost_discharge):
		assert frappe.db.get_value(PLAN, {"discharge": discharge}, ["patient", "status"]) == (
			survivor,
			"Active",
		)
	assert ours(kept).name == survivor


def test_a_deleted_patient_leaves_the_follow_up() -> None:
	patient = hospital.make_patient()
	from hospital_followup.services.patient_intake import ensure_patient

	name = ensure_patient("Patient", patient.name)
	frappe.delete_doc("Patient", patient.name, force=True)
	doc = frappe.get_doc(PATIENT, name)
	assert (doc.source_name, doc.patient_id) == (None, patient.name)


@pytest.mark.parametrize(("status", "reason"), [("Deceased", "deceased"), ("Do Not Contact", "withdrawn")])
def test_a_patient_who_must_not_be_contacted_is_excluded_and_it_can_be_taken_back(status, reason) -> None:
	patient, first = followed_up()
	doc = ours(patient)
	doc.status = status
	doc.save()
	assert frappe.db.get_value(PLAN, {"discharge": first}, "status") == "Stopped"

	hospital.admit(patient.name, days_ago=0)
	stay = hospital.discharge(patient.name)
	jobs.followup_dispatch_tick()
	second = frappe.get_doc(DISCHARGE, {"source_name": stay.name})
	assert (second.decision, second.decision_reason) == ("Excluded", reason)

	doc.reload()
	doc.status = "Active"
	doc.save()
	second.reload()
	assert second.decision == "Planned"
