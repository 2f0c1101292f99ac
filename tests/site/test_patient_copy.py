"""A copy of what is kept about one patient: complete, readable, without secrets, and noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.services import patient_copy
from hospital_followup.tests import factories as make
from tests.site.rights import AD, DR, SP, SV, record
from tests.stack.rest import Rest

PATIENT = "Follow-up Patient"


@pytest.fixture
def patient() -> Any:
	make.standard_policy()
	return make.patient(patient_name="王<b>秀</b>英", allergies="<script>alert(1)</script>")


def opened(name: str) -> ZipFile:
	return ZipFile(BytesIO(patient_copy.archive(name)))


def page(name: str) -> str:
	return opened(name).read("index.html").decode()


def data(name: str) -> dict[str, Any]:
	return json.loads(opened(name).read("data.json"))


def test_every_record_about_the_patient_is_in_it(patient: Any) -> None:
	stay = make.discharge(patient.name, diagnoses=[{"code": "I50", "title": "Heart failure", "primary": 1}])
	task = frappe.get_doc("Follow-up Task", make.tasks_of(stay.reload().plan)[0].name)
	task.db_set("status", "Open")
	make.log(task, "Reached Patient", notes="slept badly")
	make.discharge(make.patient(patient_name="Somebody Else").name)
	found = data(patient.name)["records"]
	assert set(found) >= {
		PATIENT,
		"Patient Discharge",
		"Patient Tier",
		"Follow-up Plan",
		"Follow-up Task",
		"Follow-up Log",
	}
	assert found["Patient Discharge"][0]["diagnoses"][0]["title"] == "Heart failure"
	assert len(found["Follow-up Task"]) == len(make.tasks_of(stay.plan))
	text = page(patient.name)
	assert "slept badly" in text and "Heart failure" in text
	assert "Somebody Else" not in text


def test_what_was_typed_is_text_and_no_code(patient: Any) -> None:
	text = page(patient.name)
	assert "<script" not in text and "<b>秀" not in text
	assert "&lt;script&gt;" in text


def test_no_key_to_anything_is_in_it(patient: Any) -> None:
	record("Follow-up Survey", patient=patient.name, token_hash="f" * 64, expires_at=now_datetime())
	archive = opened(patient.name)
	for name in archive.namelist():
		assert "f" * 64 not in archive.read(name).decode()


def test_files_and_comments_come_along(patient: Any) -> None:
	patient.add_comment("Comment", "asked for a copy")
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "scan.txt",
			"attached_to_doctype": PATIENT,
			"attached_to_name": patient.name,
			"is_private": 1,
			"content": "scanned letter",
		}
	).insert()
	archive = opened(patient.name)
	assert archive.read("files/1-scan.txt").decode() == "scanned letter"
	assert "asked for a copy" in page(patient.name)


def test_the_page_speaks_the_language_of_the_reader(patient: Any) -> None:
	frappe.local.lang = "zh"
	try:
		text = page(patient.name)
	finally:
		frappe.local.lang = "en"
	assert "我们保存的关于" in text and "患者编号" in text


def test_the_copy_is_noted(patient: Any) -> None:
	patient_copy.archive(patient.name)
	entries = frappe.get_all(
		"Access Log", {"reference_document": patient.name}, ["method", "file_type", "user"]
	)
	assert entries == [{"method": "Patient Copy", "file_type": "zip", "user": "Administrator"}]


@pytest.mark.commits
def test_only_an_administrator_downloads_it(rest: Callable[..., Rest]) -> None:
	patient = make.patient()
	path = "hospital_followup.privacy_api.copy_patient"
	for role in (SP, DR, SV):
		assert rest(role).call(path, patient=patient.name).status_code == 403
	answer = rest(AD).call(path, patient=patient.name)
	assert answer.ok
	assert patient.name in answer.headers["Content-Disposition"]
	assert "index.html" in ZipFile(BytesIO(answer.content)).namelist()
