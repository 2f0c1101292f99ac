"""Frappe Health's Patient History shows a submitted follow-up, once, and no cancelled one; a call never fails over it."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, strip_html, today
from healthcare.healthcare.page.patient_history.patient_history import get_feed

from hospital_followup.services import patient_history
from hospital_followup.services.reconcile import reconcile
from hospital_followup.services.runs import RUN
from hospital_followup.tests import factories as make
from tests.site.rights import record
from tests.support import frappe_health as hospital

pytestmark = pytest.mark.site("health")

RECORD = "Patient Medical Record"
LOG = "Follow-up Log"


@pytest.fixture
def patient() -> Any:
	hospital.settings()
	return hospital.make_patient()


@pytest.fixture
def task(patient) -> frappe._dict:
	ours = make.patient(source_doctype="Patient", source_name=patient.name)
	return make.tasks_of(make.discharge(ours.name, discharge_date=add_days(today(), -2)).plan)[0]


def feed(patient: Any) -> list[frappe._dict]:
	"""The follow-ups that the page Patient History shows."""
	return [row for row in get_feed(patient.name) if row.reference_doctype == LOG]


def test_a_doctor_reads_how_the_call_went(patient, task, as_user) -> None:
	with as_user("Follow-up Specialist"):
		log = make.log(
			task,
			"Reached Patient",
			notes="canary note",
			next_step="Dressing change on Friday",
			identity_verified=1,
			answers=[
				{
					"question": "pain",
					"question_text": "Pain, 0 to 10?",
					"value": "8",
					"number": 8,
					"flag": "Red",
				},
				{"question": "fever", "question_text": "Fever?", "value": "No"},
			],
		)
	[entry] = feed(patient)
	assert (entry.reference_name, entry.communication_date) == (log.name, getdate(log.contacted_at))
	text = strip_html(entry.subject.replace("<br>", "\n"))
	for words in (
		"Reached Patient",
		"day 2",
		"Pain, 0 to 10? 8 (red flag)",
		"Fever? No",
		"Dressing change on Friday",
	):
		assert words in text, text
	assert "canary" not in text


def test_it_is_written_in_the_language_of_the_site(patient, task) -> None:
	frappe.db.set_single_value("System Settings", "language", "zh")
	make.log(task, "No Answer")
	assert "无人接听" in feed(patient)[0].subject and "出院第 2 天" in feed(patient)[0].subject


def test_markup_in_an_answer_stays_text(patient, task) -> None:
	answer = {"question": "wound", "question_text": "Wound?", "value": "<img src=x onerror=alert(1)> ok"}
	make.log(task, "Reached Patient", identity_verified=1, answers=[answer])
	assert "<img" not in feed(patient)[0].subject and "ok" in feed(patient)[0].subject


def test_a_cancelled_follow_up_is_gone_and_an_amended_one_is_there_once(patient, task) -> None:
	log = make.log(task, "No Answer")
	log.cancel()
	assert feed(patient) == []
	amended = frappe.copy_doc(log)
	amended.amended_from = log.name
	amended.docstatus = 0
	amended.insert()
	amended.submit()
	assert [row.reference_name for row in feed(patient)] == [amended.name]


def test_a_draft_and_a_patient_of_nowhere_leave_no_entry(patient, task) -> None:
	record(LOG, patient=task.patient, contacted_at=now_datetime(), outcome="No Answer")
	make.log(make.task(), "No Answer")
	assert frappe.db.count(RECORD, {"reference_doctype": LOG}) == 0


def test_a_patient_with_follow_ups_can_still_be_deleted_in_frappe_health(patient, task) -> None:
	make.log(task, "No Answer")
	for contact in frappe.get_all("Dynamic Link", filters={"link_name": patient.name}, pluck="parent"):
		frappe.delete_doc("Contact", contact)  # Frappe Health makes it and lets it stand in the way
	frappe.delete_doc("Patient", patient.name)
	assert not frappe.db.exists("Patient", patient.name)
	assert frappe.db.count(LOG, {"patient": task.patient, "docstatus": 1}) == 1


@pytest.mark.commits
def test_a_failure_never_reaches_the_call_and_is_made_up_for_at_night(patient, task, monkeypatch) -> None:
	def broken(*args: Any) -> None:
		raise AttributeError("canary")

	with monkeypatch.context() as broke:
		broke.setattr(patient_history, "subject", broken)
		log = make.log(task, "No Answer")
	assert log.docstatus == 1 and feed(patient) == []
	frappe.db.commit()  # reason: the nightly job begins a transaction of its own
	# Even a note that got lost is no loss: the night looks for what is missing.
	frappe.db.delete(RUN)
	frappe.db.commit()  # reason: the nightly job begins a transaction of its own
	reconcile(getdate(today()))
	assert [row.reference_name for row in feed(patient)] == [log.name]
	reconcile(getdate(today()))
	assert len(feed(patient)) == 1


@pytest.mark.commits
def test_an_entry_of_a_follow_up_that_is_no_more_is_removed_at_night(patient, task) -> None:
	log = make.log(task, "No Answer")
	frappe.db.set_value(LOG, log.name, "docstatus", 2)
	frappe.db.commit()  # reason: the nightly job begins a transaction of its own
	reconcile(getdate(today()))
	assert feed(patient) == []


@pytest.mark.site("plain")
def test_a_site_without_frappe_health_is_left_alone() -> None:
	make.log(make.task(), "No Answer")
	assert patient_history.unsettled() == []
