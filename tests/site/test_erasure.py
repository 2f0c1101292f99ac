"""A patient is erased: nothing is left that tells who it was, nobody is contacted, and no figure changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, now_datetime, today

from hospital_followup.engine.metrics import MEASURES
from hospital_followup.exceptions import DuplicateRecordError, ErasureError
from hospital_followup.services import (
	complaints,
	figures,
	patient_erasure,
	patient_records,
	patient_undo,
	plan_pathways,
)
from hospital_followup.services.figures import Scope
from hospital_followup.tests import factories as make
from tests.site.pathway_samples import approved
from tests.site.rights import AD, DR, SP, SV, department, person, record
from tests.stack.rest import Rest
from tests.support import frappe_health as hospital
from tests.support import golden_month as golden
from tests.support import golden_records

PATIENT, DISCHARGE, PLAN, TASK = "Follow-up Patient", "Patient Discharge", "Follow-up Plan", "Follow-up Task"
LOG, ALERT, MESSAGE = "Follow-up Log", "Follow-up Alert", "Follow-up Message"
RECEIPT = "Follow-up Receipt"
#: Stands in every text that a person could have typed about the patient.
CANARY = "Kanarienvogel"


@pytest.fixture
def followed_up() -> Any:
	"""A patient with a planned discharge, a call, an alert, a message, a page, consents, words and files everywhere."""
	make.standard_policy()
	patient = make.patient(
		patient_name=f"{CANARY} Wang",
		email=f"{CANARY.lower()}@example.com",
		home_address=f"{CANARY} Road 1",
		allergies=f"{CANARY} dust",
		caregiver_name=f"{CANARY} Li",
		caregiver_mobile="13911112222",
		conditions=[{"title": f"{CANARY} disease"}],
	)
	stay = make.discharge(
		patient.name,
		instructions=f"{CANARY} diet",
		recommended_by=f"{CANARY} Zhao",
		diagnoses=[{"code": "I50", "title": f"{CANARY} failure", "primary": 1}],
		revisit_date=add_days(today(), 14),
	)
	stay.reload()
	task = frappe.get_doc(TASK, make.tasks_of(stay.plan)[0].name)
	task.db_set("status", "Open")
	log = make.log(
		task,
		"Reached Patient",
		notes=f"{CANARY} notes",
		patient_feedback=f"{CANARY} said",
		satisfaction=4,
		identity_verified=1,
		answers=[{"question": "pain", "question_text": f"{CANARY}?", "value": f"{CANARY}!"}],
	)
	link = {"patient": patient.name, "patient_name": patient.patient_name}
	record(ALERT, **link, log=log.name, status="Open", detail=f"{CANARY} pain 8", raised_on=now_datetime())
	record(MESSAGE, **link, task=task.name, status="Queued", body=f"{CANARY} 您好", channel="SMS")
	record("Follow-up Survey", **link, status="Opened", comment=f"{CANARY} thanks", token_hash="a" * 64)
	record("Follow-up Consent", **link, purpose="Clinical", channel="All", evidence=f"{CANARY} signed")
	record("Patient Value", **link, value_tier="High", override_reason=f"{CANARY} rich")
	record("Quality Review", log=log.name, patient=patient.name, coaching_note=f"{CANARY} coaching")
	patient.reload()
	for doc in (patient, stay, log):
		doc.add_comment("Comment", f"{CANARY} comment")
		doc.add_tag(CANARY)
	patient.habits = f"{CANARY} smoke"
	patient.save()  # makes a Version
	deleted = make.log(make.task(patient=patient.name), "No Answer", notes=f"{CANARY} deleted")
	deleted.cancel()
	deleted.delete()  # leaves a copy in the bin
	return frappe._dict(patient=patient.reload(), stay=stay, task=task, log=log)


def attach(doc: Any, content: str = f"{CANARY} scan") -> Path:
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{CANARY}-{frappe.generate_hash(length=6)}.txt",
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"is_private": 1,
			"content": content,
		}
	).insert()
	return Path(file.get_full_path())


def places_with(word: str) -> list[str]:
	"""Every column of every table of the site in which `word` stands."""
	columns = frappe.db.sql(  # reason: the tables of the database itself
		"""select table_name, column_name from information_schema.columns where table_schema = database()
		and data_type in ('varchar', 'text', 'mediumtext', 'longtext', 'json')"""
	)
	by_table: dict[str, list[str]] = {}
	for table, column in columns:
		by_table.setdefault(table, []).append(column)
	found = []
	for table, names in by_table.items():
		row = frappe.db.sql(  # reason: any table
			f"select {', '.join(f'max(`{name}` like %(word)s)' for name in names)} from `{table}`",
			{"word": f"%{word}%"},
		)[0]
		found += [f"{table}.{name}" for name, hit in zip(names, row, strict=True) if hit]
	return found


def test_no_word_about_the_patient_is_left_in_the_database(followed_up: Any) -> None:
	assert len(places_with(CANARY)) > 20
	patient_erasure.erase(followed_up.patient.name, "Letter of today")
	assert places_with(CANARY) == []
	assert places_with("13911112222") == []
	assert places_with("13800138000") == []
	assert places_with("a" * 64) == []


def test_files_go_from_the_disk_and_leave_no_copy_in_the_bin(followed_up: Any) -> None:
	paths = [attach(followed_up.patient), attach(followed_up.log, f"{CANARY} other")]
	assert all(path.exists() for path in paths)
	patient_erasure.erase(followed_up.patient.name, "Letter")
	assert not any(path.exists() for path in paths)
	assert places_with(CANARY) == []


def test_everything_stops_first(followed_up: Any) -> None:
	patient = followed_up.patient.name
	patient_erasure.erase(patient, "Letter")
	assert frappe.db.get_value(PLAN, followed_up.stay.plan, "status") == "Stopped"
	assert not frappe.db.exists(
		TASK, {"patient": patient, "status": ("in", ("Scheduled", "Open", "In Progress"))}
	)
	assert frappe.db.get_value(PATIENT, patient, "status") == "Do Not Contact"
	assert frappe.get_all(ALERT, {"patient": patient}, ["status", "acknowledged_on"]) == [
		{"status": "Closed", "acknowledged_on": None}
	]
	assert frappe.get_all(MESSAGE, {"patient": patient}, pluck="status") == ["Suppressed"]
	assert frappe.get_all("Follow-up Survey", {"patient": patient}, ["status", "token_hash"]) == [
		{"status": "Expired", "token_hash": None}
	]
	assert frappe.get_all("Follow-up Revisit", {"patient": patient}, pluck="status") == ["Cancelled"]


def test_the_dead_stay_dead() -> None:
	patient = make.patient(status="Deceased")
	patient_erasure.erase(patient.name, "Family")
	assert frappe.db.get_value(PATIENT, patient.name, "status") == "Deceased"


def test_no_figure_of_patients_without_open_work_changes() -> None:
	golden_records.make()
	patients = frappe.get_all(PATIENT, {"name": ("like", f"{golden_records.PREFIX}%")}, pluck="name")
	patient_erasure._stop(patients, patient_records.records_of(patients))
	before = [figures.totals(scope).as_dict() for scope in scopes()]
	assert any(numbers["completed"] for numbers in before)
	for patient in patients:
		patient_erasure.erase(patient, "Letter")
	assert [figures.totals(scope).as_dict() for scope in scopes()] == before


def scopes() -> list[Scope]:
	"""The golden month as a whole and in every filter."""
	named = [{dimension: name} for dimension, name in golden.EXPECTED]
	assert MEASURES
	return [Scope(golden.START, golden.END, **filters) for filters in [{}, *named]]


def test_the_log_of_who_did_what_stays(followed_up: Any) -> None:
	patient = followed_up.patient.name
	patient_erasure.erase(patient, "Letter of 3 November")
	doc = frappe.get_doc(PATIENT, patient)
	assert doc.erased_on and doc.erased_by == frappe.session.user
	entries = frappe.get_all("Access Log", {"reference_document": patient}, ["method", "export_from"])
	assert entries == [{"method": "Erase", "export_from": PATIENT}]
	comments = frappe.get_all("Comment", {"reference_name": patient}, pluck="content")
	assert comments == ["Erased: Letter of 3 November"]


def test_records_merged_into_the_patient_go_with_it() -> None:
	remains = make.patient()
	merged = make.patient(patient_name=f"{CANARY} Twice")
	merged.update({"status": "Merged", "merged_into": remains.name})
	merged.save()
	with pytest.raises(ErasureError, match=remains.name):
		patient_erasure.erase(merged.name, "Letter")
	patient_erasure.erase(remains.name, "Letter")
	assert places_with(CANARY) == []


def test_nothing_is_written_about_the_erased_any_more(followed_up: Any) -> None:
	patient = followed_up.patient.name
	patient_erasure.erase(patient, "Letter")
	for attempt in (
		lambda: patient_erasure.erase(patient, "Again"),
		lambda: frappe.get_doc(PATIENT, patient).update({"status": "Active"}).save(),
		lambda: make.discharge(patient),
		lambda: frappe.get_doc(LOG, followed_up.log.name).cancel(),
		lambda: patient_undo.undo_plan(followed_up.stay.plan),
	):
		with pytest.raises(ErasureError, match="erased"):
			attempt()


def test_a_message_on_its_way_is_waited_for(followed_up: Any) -> None:
	record(MESSAGE, patient=followed_up.patient.name, status="Sending", channel="SMS")
	with pytest.raises(ErasureError, match="on its way"):
		patient_erasure.erase(followed_up.patient.name, "Letter")
	assert frappe.db.get_value(PATIENT, followed_up.patient.name, "status") == "Active"


@pytest.mark.site("erpnext")
def test_what_was_opened_elsewhere_for_a_complaint_goes_and_the_dialog_says_so() -> None:
	task = make.task()
	task.db_set("status", "Open")
	log = make.log(task, "Reached Patient")
	alert = complaints.of_contact(log.name, f"{CANARY} was rude")
	issue = frappe.get_doc("Issue", frappe.db.get_value(ALERT, alert, "complaint_record"))
	issue.add_comment("Comment", f"{CANARY} called again")
	path = attach(issue)
	other = frappe.get_doc({"doctype": "Issue", "subject": "Of somebody else"}).insert()
	assert patient_erasure.summary(task.patient)["complaints"] == {"Issue": [issue.name]}
	patient_erasure.erase(task.patient, "Letter")
	assert frappe.get_all("Issue", pluck="name") == [other.name]
	assert not path.exists()
	assert places_with(CANARY) == []


def test_what_was_exported_with_the_patient_in_it_goes_and_who_exported_stays(followed_up: Any) -> None:
	patient = followed_up.patient
	frappe.db.set_value(PATIENT, patient.name, "patient_name", "O'Kanarienvogel 100%_&")
	shown = frappe.utils.escape_html("O'Kanarienvogel 100%_&")
	kept = {"user": frappe.session.user, "export_from": PATIENT}
	printed = record("Access Log", page=f"<td>{shown}</td>", columns="[1]", **kept)
	filtered = record("Access Log", filters=f"[['patient_id', '=', '{patient.patient_id}']]", **kept)
	other = record("Access Log", page="<td>O'Kanarienvogel 100 of &</td>", filters="[]", **kept)
	patient_erasure.erase(patient.name, "Letter")
	fields = ["user", "export_from", "page", "filters", "columns"]
	for entry in (printed, filtered):
		assert frappe.db.get_value("Access Log", entry.name, fields) == (*kept.values(), None, None, None)
	assert frappe.db.get_value("Access Log", other.name, "page") == "<td>O'Kanarienvogel 100 of &</td>"


def test_the_number_of_the_stay_goes_and_the_stay_is_still_known() -> None:
	stay = {"external_id": f"{CANARY}-ZY1", "company": "Renai"}
	doc = make.discharge(make.patient().name, **stay)
	patient_erasure.erase(doc.patient, "Letter")
	assert places_with(CANARY) == []
	assert frappe.db.get_value(DISCHARGE, doc.name, "key").startswith("erased|")
	with pytest.raises(DuplicateRecordError, match="recorded already"):
		make.discharge(make.patient().name, **stay)
	assert make.discharge(make.patient().name, external_id="ZY2", company="Renai").name != doc.name


def test_no_receipt_leads_to_the_person_at_the_service() -> None:
	patient, other = make.patient(), make.patient()
	sent = {"status": "Sent", "channel": "SMS", "provider": "Texts"}
	message = record(MESSAGE, patient=patient.name, reference="r1" * 16, provider_id="SM1", **sent)
	theirs = record(MESSAGE, patient=other.name, reference="r2" * 16, provider_id="SM2", **sent)
	said = {"kind": "Delivery", "state": "Delivered", "provider": "Texts", "code": "E7"}
	applied = record(RECEIPT, message=message.name, reference="r1" * 16, status="Applied", key="a", **said)
	waiting = record(RECEIPT, provider_id="SM1", status="Waiting", key="b", **said)
	kept = record(RECEIPT, message=theirs.name, provider_id="SM2", status="Applied", key="c", **said)
	patient_erasure.erase(patient.name, "Letter")
	fields = ["provider_id", "reference", "code"]
	for receipt in (applied, waiting):
		assert frappe.db.get_value(RECEIPT, receipt.name, fields) == (None, None, None)
	assert frappe.db.get_value(RECEIPT, applied.name, "status") == "Applied"
	assert frappe.db.get_value(RECEIPT, kept.name, fields) == ("SM2", None, "E7")


def test_a_reason_code_stays_and_words_in_its_place_go() -> None:
	task = make.task()
	other = make.task(patient=task.patient)
	frappe.db.set_value(TASK, task.name, {"status": "Skipped", "status_reason": f"{CANARY} is on holiday"})
	frappe.db.set_value(TASK, other.name, {"status": "Cancelled", "status_reason": "do_not_contact"})
	patient_erasure.erase(task.patient, "Letter")
	assert frappe.db.get_value(TASK, task.name, "status_reason") is None
	assert frappe.db.get_value(TASK, other.name, "status_reason") == "do_not_contact"


def test_of_a_plans_pathways_no_reason_and_no_birthday_stays(followed_up: Any) -> None:
	plan = followed_up.stay.plan
	pathway = approved("After Birth", anchor="Birth")
	plan_pathways.add_pathway(plan, pathway.name, "1960-01-01")
	plan_pathways.end_pathway(plan, "After Birth", f"{CANARY} is well")
	patient_erasure.erase(followed_up.patient.name, "Letter")
	[row] = frappe.get_doc("Follow-up Plan", plan).pathways
	assert (row.pathway, row.ended_by) == (pathway.name, frappe.session.user)
	assert (row.anchor_date, row.end_reason) == (None, None)
	assert places_with(CANARY) == []


def test_every_field_that_stays_exists_and_every_patient_doctype_is_decided() -> None:
	for doctype, fields in (patient_records.KEPT | patient_records.KEPT_ROWS).items():
		known = {field.fieldname for field in frappe.get_meta(doctype).fields}
		assert fields <= known, doctype
	deleted = set(patient_records.patient_doctypes()) - set(patient_records.KEPT)
	assert deleted == {"Follow-up Consent", "Patient Value", "Programme Enrolment"}


@pytest.mark.site("health")
@pytest.mark.commits
def test_a_stay_that_frappe_health_tells_again_does_not_bring_the_patient_back() -> None:
	from hospital_followup import jobs
	from hospital_followup.services.reconcile import reconcile

	hospital.settings()
	make.standard_policy()
	source = hospital.make_patient(f"{CANARY}")
	hospital.admit(source.name)
	stay = hospital.discharge(source.name)
	jobs.followup_plan_pending()
	ours = frappe.db.get_value(DISCHARGE, {"source_name": stay.name}, ["name", "patient"], as_dict=True)
	patient_erasure.erase(ours.patient, "Letter")
	frappe.db.commit()  # reason: the nightly job begins transactions of its own
	frappe.get_doc("Inpatient Record", stay.name).save()
	reconcile(frappe.utils.getdate(today()))
	assert frappe.db.count(DISCHARGE) == 1
	kept = frappe.get_doc(DISCHARGE, ours.name)
	assert (kept.patient_name, kept.admission_date, kept.source_name) == ("Erased Patient", None, None)
	assert frappe.db.count(PATIENT, {"patient_name": ("like", f"%{CANARY}%")}) == 0
	hospital.admit(source.name)
	hospital.discharge(source.name)
	jobs.followup_plan_pending()
	assert frappe.db.count(PATIENT, {"patient_name": ("like", f"%{CANARY}%"), "status": "Active"}) == 1


@pytest.mark.commits
def test_only_an_administrator_erases_and_only_the_patient_that_was_meant(rest: Callable[..., Rest]) -> None:
	patient = make.patient()
	asked = {"patient": patient.name, "reason": "Letter"}
	path = "hospital_followup.privacy_api.erase_patient"
	for role in (SP, DR, SV):
		assert rest(role).call(path, number=patient.patient_id, **asked).status_code == 403
	administrator = rest(AD)
	assert administrator.call(path, number="P-other", **asked).status_code == 417
	assert (
		administrator.call(path, number=patient.patient_id, patient=patient.name, reason=" ").status_code
		== 417
	)
	assert administrator.call(path, number=patient.patient_id, **asked).ok
	frappe.db.rollback()  # reason: see what the server has committed
	assert frappe.db.get_value(PATIENT, patient.name, "patient_name") == "Erased Patient"


@pytest.mark.commits
def test_an_administrator_of_one_department_erases_nobody_whom_another_one_treats(
	rest: Callable[..., Rest],
) -> None:
	surgery, cardiology = department("Surgery"), department("Cardiology")
	patient = make.patient(department=surgery)
	make.discharge(patient.name, department=cardiology)
	client = rest(user=person(AD, departments=(surgery,)))
	answer = client.call(
		"hospital_followup.privacy_api.erase_patient",
		patient=patient.name,
		number=patient.patient_id,
		reason="x",
	)
	assert answer.status_code == 403


def test_the_summary_says_what_would_go(followed_up: Any) -> None:
	attach(followed_up.patient)
	found = patient_erasure.summary(followed_up.patient.name)
	assert found["open_plans"] == 1
	assert found["files"] == 1
	assert found["records"][LOG] == 1
	assert found["records"][DISCHARGE] == 1
