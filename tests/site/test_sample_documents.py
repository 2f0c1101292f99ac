"""Every doctype can be saved, read and deleted by the forms that staff use, and keeps its database keys."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.notifications import get_open_count

from tests.site.samples import SAMPLES, saved

OURS = [doctype for doctype in SAMPLES if doctype != "User"]
KEYED = ["Follow-up Message", "Follow-up Alert", "Follow-up Revisit", "Follow-up Daily Figure"]


@pytest.mark.parametrize("doctype", OURS)
def test_a_sample_is_saved_and_saved_again(doctype: str) -> None:
	document = saved(doctype)
	document.save()
	assert frappe.get_doc(doctype, document.name).get_title()


@pytest.mark.parametrize("doctype", OURS)
def test_connections_of_the_form_can_be_counted(doctype: str) -> None:
	get_open_count(doctype, saved(doctype).name)


@pytest.mark.parametrize(
	"doctype", [name for name in OURS if name not in ("Follow-up Patient", "Follow-up Log")]
)
def test_a_document_about_a_patient_belongs_where_the_patient_belongs(doctype: str) -> None:
	if not frappe.get_meta(doctype).has_field("patient") or doctype == "Quality Review":
		return
	department = frappe.get_doc(
		{
			"doctype": "Follow-up Department",
			"department_name": frappe.generate_hash(length=8),
			"company": "East",
		}
	).insert()
	patient = saved("Follow-up Patient", department=department.name, company="East")
	document = saved(doctype, patient=patient.name)
	assert (document.patient_name, document.department, document.company) == (
		patient.patient_name,
		department.name,
		"East",
	)


@pytest.mark.parametrize("doctype", KEYED)
def test_the_database_refuses_a_second_key_and_allows_many_without(doctype: str) -> None:
	saved(doctype), saved(doctype)
	saved(doctype, key="once")
	with pytest.raises(frappe.UniqueValidationError):
		saved(doctype, key="once")


@pytest.mark.parametrize(
	("doctype", "columns"),
	[
		("Follow-up Message", ("status", "send_after")),
		("Follow-up Alert", ("status", "respond_by")),
		("Follow-up Revisit", ("status", "expected_on")),
	],
)
def test_dispatchers_find_their_rows_by_an_index(doctype: str, columns: tuple[str, ...]) -> None:
	rows = frappe.db.sql(f"show index from `tab{doctype}`", as_dict=True)  # reason: no other way
	indexes: dict[str, list[str]] = {}
	for row in rows:
		indexes.setdefault(row.Key_name, []).append(row.Column_name)
	assert list(columns) in indexes.values()
