"""The value tier is for supervisors and administrators, phone and diagnosis for the four roles: everywhere, through REST."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from tests.site.rights import AD, DR, ROLES, SP, SV, department, person, record
from tests.stack.rest import Rest

CANARY = "canary-of-the-value-tier"
MOBILE = "+8613812345678"
TIER, VALUE, PATIENT = "Patient Tier", "Patient Value", "Follow-up Patient"
Client = Callable[..., Rest]
Records = dict[str, Document]


@pytest.fixture
def records() -> Records:
	"""A patient of high value with a tier, a plan and a value, each with words that nobody else uses."""
	patient = record(PATIENT, patient_name="Wang", mobile=MOBILE, mobile_masked="138****5678")
	tier = record(
		TIER, patient=patient.name, risk_tier="Low", value_tier="High", value_reasons=CANARY, docstatus=1
	)
	value = record(VALUE, patient=patient.name, value_tier="High", monetary=987654321, override_reason=CANARY)
	plan = record("Follow-up Plan", patient=patient.name, tier=tier.name, status="Active")
	return {"patient": patient, "tier": tier, "value": value, "plan": plan}


def reads_of(doc: Document, *fields: str) -> Iterator[tuple[str, dict[str, Any]]]:
	"""Every way in which the desk and other programs read a document or a list."""
	doctype, name = doc.doctype, doc.name
	everything = json.dumps(["*"])
	named = json.dumps(list(fields))
	columns = json.dumps([f"`tab{doctype}`.`{field}`" for field in ("name", *fields)])
	yield f"/api/resource/{doctype}/{name}", {}
	yield f"/api/resource/{doctype}", {"fields": everything, "limit_page_length": 0}
	yield f"/api/resource/{doctype}", {"fields": named, "limit_page_length": 0}
	yield "/api/method/frappe.client.get", {"doctype": doctype, "name": name}
	yield "/api/method/frappe.client.get_list", {"doctype": doctype, "fields": everything}
	yield "/api/method/frappe.client.get_value", {"doctype": doctype, "fieldname": named, "filters": name}
	yield "/api/method/frappe.client.validate_link", {"doctype": doctype, "docname": name, "fields": named}
	yield "/api/method/frappe.desk.form.load.getdoc", {"doctype": doctype, "name": name}
	yield "/api/method/frappe.desk.form.load.get_docinfo", {"doctype": doctype, "name": name}
	yield "/api/method/frappe.desk.reportview.get", {"doctype": doctype, "fields": columns, "view": "Report"}
	yield "/api/method/frappe.desk.reportview.get_list", {"doctype": doctype, "fields": columns}
	yield "/api/method/frappe.desk.search.search_link", {"doctype": doctype, "txt": CANARY[:6]}
	yield "/api/method/frappe.desk.search.get_link_title", {"doctype": doctype, "docname": name}
	yield "/api/method/frappe.utils.global_search.search", {"text": CANARY}
	yield "/api/method/frappe.www.printview.get_html_and_style", {"doc": doctype, "name": name}
	yield (
		"/api/method/frappe.desk.reportview.export_query",
		{"doctype": doctype, "fields": columns, "file_format_type": "CSV", "title": doctype},
	)
	for field in fields:
		yield (
			"/api/method/frappe.desk.listview.get_group_by_count",
			{"doctype": doctype, "current_filters": "[]", "field": field},
		)


def told(client: Rest, doc: Document, *fields: str) -> Iterator[tuple[str, str]]:
	for path, parameters in reads_of(doc, *fields):
		answer = client.get(path, **parameters)
		assert answer.status_code < 500, f"{path}: {answer.text[:800]}"
		yield path, answer.text


@pytest.mark.parametrize("role", [SP, DR])
def test_the_value_tier_cannot_be_read(role: str, records: Records, rest: Client) -> None:
	client = rest(role)
	secrets = (CANARY, "987654321", '"value_tier": "High"', '"value_tier":"High"')
	for doc, fields in (
		(records["tier"], ("value_tier", "value_reasons")),
		(records["value"], ("value_tier", "monetary", "override_reason")),
		(records["plan"], ("status",)),
		(records["patient"], ("patient_name",)),
	):
		for path, text in told(client, doc, *fields):
			assert not [secret for secret in secrets if secret in text], path


@pytest.mark.parametrize("role", [SV, AD])
def test_supervisors_and_administrators_read_it(role: str, records: Records, rest: Client) -> None:
	client = rest(role)
	assert client.get(f"/api/resource/{TIER}/{records['tier'].name}").json()["data"]["value_tier"] == "High"
	assert (
		client.get(f"/api/resource/{VALUE}/{records['value'].name}").json()["data"]["monetary"] == 987654321
	)


@pytest.mark.parametrize("role", [SP, DR])
def test_it_cannot_be_read_through_a_link(role: str, records: Records, rest: Client) -> None:
	answer = rest(role).get(
		"/api/resource/Follow-up Plan", fields=json.dumps(["name", "tier.value_tier", "tier.value_reasons"])
	)
	assert CANARY not in answer.text
	assert "High" not in answer.text


def test_it_cannot_be_guessed_by_asking_for_rows(records: Records, rest: Client) -> None:
	doctor, supervisor = rest(DR), rest(SV)
	questions = (
		{"filters": json.dumps([["value_tier", "=", "High"]])},
		{"or_filters": json.dumps([["value_reasons", "like", "can%"]])},
		{"order_by": "value_tier desc"},
		{"group_by": "value_tier"},
	)
	for path, named in (
		(f"/api/resource/{TIER}", {}),
		("/api/method/frappe.desk.reportview.get", {"doctype": TIER}),
		("/api/method/frappe.client.get_list", {"doctype": TIER}),
	):
		for question in questions:
			asked = {"fields": json.dumps(["name"]), **named, **question}
			assert doctor.get(path, **asked).status_code == 403, (path, question)
			assert supervisor.get(path, **asked).status_code == 200, (path, question)


def test_it_cannot_be_guessed_by_counting(records: Records, rest: Client) -> None:
	filters = json.dumps({"value_tier": "High"})
	for role in (SP, DR):
		client = rest(role)
		for doctype in (TIER, VALUE):
			answer = client.get("/api/method/frappe.client.get_count", doctype=doctype, filters=filters)
			assert answer.status_code == 403, (role, doctype)


def test_counting_follows_the_list(rest: Client) -> None:
	surgery, cardiology = department("Surgery"), department("Cardiology")
	before = frappe.db.count(PATIENT, {"department": surgery})
	for ward in (surgery, cardiology, cardiology):
		record(PATIENT, department=ward)
	surgeon = rest(user=person(SP, departments=(surgery,)))
	filters = json.dumps({"department": ["in", [surgery, cardiology]]})
	count = surgeon.get("/api/method/frappe.client.get_count", doctype=PATIENT, filters=filters)
	assert count.json()["message"] == before + 1
	# Doctypes of other apps are counted as Frappe counts them.
	roles = rest(AD).get("/api/method/frappe.client.get_count", doctype="Role")
	assert roles.json()["message"] == frappe.db.count("Role")


def test_who_was_shown_a_patient_sees_no_phone_and_no_diagnosis(rest: Client) -> None:
	patient = record(
		PATIENT, patient_name="Wang", mobile=MOBILE, conditions=[{"code": "I10", "title": "Hidden"}]
	)
	discharge = record(
		"Patient Discharge", patient=patient.name, diagnoses=[{"code": "I10", "title": "Hidden"}]
	)
	stranger = person()
	for doc in (patient, discharge):
		frappe.share.add(doc.doctype, doc.name, stranger)
	client = rest(user=stranger)
	for doc, field in ((patient, "mobile"), (discharge, "instructions")):
		assert client.get(f"/api/resource/{doc.doctype}/{doc.name}").status_code == 200
		for path, text in told(client, doc, field):
			assert MOBILE not in text, path
			assert "Hidden" not in text, path
	assert (
		client.get(
			"/api/resource/Discharge Diagnosis", parent="Patient Discharge", fields=json.dumps(["title"])
		).json()["data"]
		== []
	)


def test_the_four_roles_see_the_phone(rest: Client) -> None:
	patient = record(PATIENT, patient_name="Wang", mobile=MOBILE)
	for client in [rest(role) for role in ROLES]:
		assert client.get(f"/api/resource/{PATIENT}/{patient.name}").json()["data"]["mobile"] == MOBILE


def test_versions_say_that_a_number_changed_but_not_which() -> None:
	patient = frappe.get_doc(
		{"doctype": PATIENT, "patient_id": "V1", "patient_name": "Wang", "mobile": "13812345678"}
	).insert()
	patient.update({"mobile": "13987654321", "home_address": "8 Riverside", "patient_name": "Wang Min"})
	patient.append("conditions", {"code": "I10", "title": "Hypertension"})
	patient.save(ignore_version=False)
	versions = frappe.get_all("Version", {"docname": patient.name}, pluck="data", order_by="creation")
	data = json.loads(versions[-1])
	changed = {field: (before, after) for field, before, after in data["changed"]}
	assert changed["patient_name"] == ("Wang", "Wang Min")
	assert changed["home_address"] == ("", "•••")
	assert changed["mobile"][0].endswith("5678")
	text = "".join(versions)
	assert not [secret for secret in ("3812345", "3987654", "Riverside", "Hypertension") if secret in text]


def test_a_list_shows_the_masked_number() -> None:
	patient = frappe.get_doc(
		{"doctype": PATIENT, "patient_id": "M1", "patient_name": "Wang", "mobile": "13812345678"}
	).insert()
	assert patient.mobile_masked == "138****5678"
	field = frappe.get_meta(PATIENT).get_field("mobile_masked")
	assert (field.permlevel, field.in_list_view, field.read_only) == (0, 1, 1)
	assert not frappe.get_meta(PATIENT).get_field("mobile").in_list_view
