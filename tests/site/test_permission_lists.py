"""A list shows exactly the documents that can be opened: both are asked for every kind of record and of person."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from hospital_followup.permission_scopes import SCOPES
from tests.site.rights import DR, OWN, ROLES, SP, SV, department, person, record, staff

HOUSE, BRANCH = "Renhe Hospital", "Renhe Riverside Branch"


@pytest.fixture
def wards() -> dict[str, str]:
	return {
		"surgery": department("Surgery", HOUSE),
		"cardiology": department("Cardiology", HOUSE),
		"riverside": department("Riverside Medicine", BRANCH),
		"quoted": department("O'Brien's \\ 100% ward"),
	}


def people(wards: dict[str, str], role: str) -> dict[str, str]:
	"""Every way to be limited, for one role."""
	users = {
		"central": person(role),
		"surgery": person(role, departments=(wards["surgery"],)),
		"two departments": person(role, departments=(wards["surgery"], wards["quoted"])),
		"staff of surgery": person(role),
	}
	staff(users["staff of surgery"], role, wards["surgery"])
	return users


def variety(doctype: str, wards: dict[str, str], user: str) -> list[Document]:
	"""Records in every department and company and in none, some given to `user`, some about a patient in their care."""
	rows: list[dict[str, Any]] = [
		{"department": None},
		{"department": None, "company": HOUSE},
		{"department": None, "company": BRANCH},
		*({"department": ward, "company": HOUSE} for ward in wards.values()),
		{"department": wards["riverside"], "company": BRANCH},
		{"department": wards["surgery"], "company": BRANCH},
	]
	if doctype in OWN:
		rows.append({"department": wards["cardiology"], OWN[doctype]: user})
	if doctype == "Follow-up Training":
		rows.append({"department": wards["cardiology"], "participants": [{"user": user}]})
	docs = [record(doctype, **values) for values in rows]
	patient = docs[4].name if doctype == "Follow-up Patient" else record("Follow-up Patient").name
	record("Follow-up Task", patient=patient, assigned_to=user, department=wards["cardiology"])
	if frappe.get_meta(doctype).has_field("patient"):
		docs.append(record(doctype, patient=patient, department=wards["cardiology"]))
	shared = record(doctype, department=wards["cardiology"])
	if frappe.has_permission(doctype, "read", user=user):
		frappe.share.add(doctype, shared.name, user)
	return [*docs, shared]


def listed(doctype: str, user: str) -> set[str]:
	if not frappe.has_permission(doctype, "read", user=user):
		return set()
	return set(frappe.get_list(doctype, user=user, pluck="name", limit_page_length=0, order_by="name"))


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_documents_agree(role: str, wards: dict[str, str]) -> None:
	for kind, user in people(wards, role).items():
		for doctype in SCOPES:
			names = {doc.name for doc in variety(doctype, wards, user)}
			openable = {name for name in names if frappe.has_permission(doctype, "read", doc=name, user=user)}
			assert (kind, doctype, listed(doctype, user) & names) == (kind, doctype, openable)


def seen(doctype: str, user: str, **docs: Document) -> set[str]:
	names = listed(doctype, user)
	return {key for key, doc in docs.items() if doc.name in names}


def test_user_permissions_decide_who_sees_which_department(wards: dict[str, str]) -> None:
	plans = {name: record("Follow-up Plan", department=ward) for name, ward in wards.items()}
	nowhere = record("Follow-up Plan")
	assert seen("Follow-up Plan", person(SP), **plans, nowhere=nowhere) == {*wards, "nowhere"}
	surgeon = person(SP, departments=(wards["surgery"],))
	assert seen("Follow-up Plan", surgeon, **plans, nowhere=nowhere) == {"surgery", "nowhere"}


def test_strict_user_permissions_hide_what_names_no_department(wards: dict[str, str]) -> None:
	frappe.db.set_single_value("System Settings", "apply_strict_user_permissions", 1)
	frappe.clear_document_cache("System Settings", "System Settings")
	surgeon = person(SP, departments=(wards["surgery"],))
	plans = {name: record("Follow-up Plan", department=ward, company=HOUSE) for name, ward in wards.items()}
	assert seen("Follow-up Plan", surgeon, **plans, nowhere=record("Follow-up Plan")) == {"surgery"}


def test_a_department_is_limited_to_its_company(wards: dict[str, str]) -> None:
	surgeon = person(SP, departments=(wards["surgery"],))
	here, there = record("Follow-up Plan", company=HOUSE), record("Follow-up Plan", company=BRANCH)
	assert seen("Follow-up Plan", surgeon, here=here, there=there) == {"here"}


@pytest.mark.site("erpnext")
def test_user_permissions_on_company_limit_as_well() -> None:
	company = frappe.get_all("Company", pluck="name", order_by="name", limit=1)[0]
	user = person(SV, companies=(company,))
	mine, other = record("Follow-up Plan", company=company), record("Follow-up Plan", company="Another House")
	assert seen("Follow-up Plan", user, mine=mine, other=other) == {"mine"}


def test_a_specialist_without_user_permissions_sees_the_tasks_of_the_staff_record(
	wards: dict[str, str],
) -> None:
	user = person(SP)
	staff(user, SP, wards["surgery"])
	tasks = {name: record("Follow-up Task", department=ward) for name, ward in wards.items()}
	assert seen("Follow-up Task", user, **tasks) == {"surgery"}
	# What is not "own" in the table is limited by User Permissions alone.
	plans = {name: record("Follow-up Plan", department=ward) for name, ward in wards.items()}
	assert seen("Follow-up Plan", user, **plans) == set(wards)


def test_a_doctors_further_role_widens_what_a_specialist_sees(wards: dict[str, str]) -> None:
	user = person(SP, DR)
	staff(user, DR, wards["surgery"])
	tasks = {name: record("Follow-up Task", department=ward) for name, ward in wards.items()}
	assert seen("Follow-up Task", user, **tasks) == set(wards)


def test_the_patient_of_a_task_given_to_me_can_be_called(wards: dict[str, str]) -> None:
	user = person(SP, departments=(wards["surgery"],))
	patient = record("Follow-up Patient", department=wards["cardiology"], mobile="+8613812345678")
	plan = record("Follow-up Plan", patient=patient.name, department=wards["cardiology"])
	task = record("Follow-up Task", patient=patient.name, plan=plan.name, department=wards["cardiology"])
	assert not frappe.has_permission("Follow-up Patient", "read", doc=patient, user=user)
	task.db_set("assigned_to", user)
	for doc in (patient, plan, task):
		assert frappe.has_permission(doc.doctype, "read", doc=doc, user=user)
	assert frappe.has_permission("Follow-up Patient", "write", doc=patient, user=user)


def test_a_patient_belongs_to_every_department_that_discharged_them(wards: dict[str, str]) -> None:
	user = person(SP, departments=(wards["surgery"],))
	patient = record("Follow-up Patient", department=wards["cardiology"])
	assert not frappe.has_permission("Follow-up Patient", "read", doc=patient, user=user)
	record("Patient Discharge", patient=patient.name, department=wards["surgery"])
	assert frappe.has_permission("Follow-up Patient", "read", doc=patient, user=user)


def test_a_record_cannot_be_moved_out_of_reach_or_made_there(wards: dict[str, str]) -> None:
	user = person(SV, departments=(wards["surgery"],))
	plan = record("Follow-up Plan", department=wards["surgery"], company=HOUSE)
	plan.department = wards["cardiology"]
	assert not frappe.has_permission("Follow-up Plan", "write", doc=plan, user=user)
	foreign = record("Follow-up Plan", department=wards["cardiology"], company=HOUSE)
	foreign.department = wards["surgery"]
	assert not frappe.has_permission("Follow-up Plan", "write", doc=foreign, user=user)
	patient = record("Follow-up Patient", department=wards["cardiology"])
	smuggled = frappe.get_doc(
		{"doctype": "Patient Discharge", "patient": patient.name, "department": wards["surgery"]}
	)
	assert not frappe.has_permission("Patient Discharge", "create", doc=smuggled, user=user)


def test_rows_of_child_tables_follow_their_document(wards: dict[str, str]) -> None:
	user, stranger = person(DR, departments=(wards["surgery"],)), person()
	docs = {
		name: record("Patient Discharge", department=ward, diagnoses=[{"code": "I10", "title": name}])
		for name, ward in wards.items()
	}
	frappe.share.add("Patient Discharge", docs["surgery"].name, stranger)

	def titles(reader: str) -> set[str]:
		rows = frappe.get_list(
			"Discharge Diagnosis",
			user=reader,
			fields=["title"],
			parent_doctype="Patient Discharge",
			order_by="name",
		)
		return {row.title for row in rows} & set(docs)

	assert titles(person(DR)) == set(docs)
	assert titles(user) == {"surgery"}
	# Diagnoses are of a higher level: the document is shared, they are not.
	assert titles(stranger) == set()
