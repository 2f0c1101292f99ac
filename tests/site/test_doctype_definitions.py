"""What the JSON of the doctypes becomes on a site: accepted by Frappe's own checks, with the keys and indexes we need."""

from __future__ import annotations

import re

import frappe
import pytest
from frappe.types.exporter import TypeExporter

from hospital_followup.tests.drafts import calendar, department, discharge, new, patient, policy

MODULE = "Hospital Followup"

#: What every worklist, job and look-up at a million rows stands on (quality.md, Speed and size).
COMPOSITE = [
	("Follow-up Task", ("assigned_to", "status", "priority", "due_date")),
	("Follow-up Task", ("status", "opens_on")),
	("Follow-up Task", ("status", "expires_on")),
	("Follow-up Task", ("plan", "status")),
	("Patient Discharge", ("patient", "discharge_date")),
	("Patient Discharge", ("decision", "discharge_date")),
	("Patient Tier", ("patient", "assessed_on")),
	("Patient Value", ("patient", "assessed_on")),
	("Follow-up Log", ("staff", "contacted_at")),
	("Follow-up Log", ("patient", "contacted_at")),
	("Follow-up Run", ("job", "started_at")),
	("Follow-up Receipt", ("status", "creation")),
]
UNIQUE = [
	("Follow-up Patient", ("company", "patient_id")),
	("Follow-up Patient", ("external_key",)),
	("Patient Discharge", ("key",)),
	("Follow-up Plan", ("key",)),
	("Follow-up Task", ("key",)),
	("Duty Roster", ("key",)),
	("Follow-up Staff", ("user",)),
	("Follow-up Receipt", ("key",)),
]


def our_doctypes() -> list[str]:
	return frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")


def indexes(doctype: str) -> dict[str, tuple[bool, tuple[str, ...]]]:
	"""Index name → (unique, columns in order), as the database reports them."""
	rows = frappe.db.sql(f"SHOW INDEX FROM `tab{doctype}`", as_dict=True)  # reason: only the database knows
	found: dict[str, tuple[bool, tuple[str, ...]]] = {}
	for row in sorted(rows, key=lambda row: row.Seq_in_index):
		unique, columns = found.get(row.Key_name, (not row.Non_unique, ()))
		found[row.Key_name] = (unique, (*columns, row.Column_name))
	return found


@pytest.mark.commits
def test_frappe_accepts_every_definition_without_a_remark() -> None:
	frappe.conf.developer_mode = 1  # Frappe checks standard doctypes only for developers
	remarks = {}
	for name in our_doctypes():
		frappe.clear_messages()
		frappe.get_doc("DocType", name).validate()
		if frappe.get_message_log():
			remarks[name] = frappe.get_message_log()
	assert remarks == {}


def test_every_type_block_is_the_one_frappe_generates() -> None:
	def tokens(code: str) -> list[str]:
		return sorted(re.split(r"[\s(),\[\]]+", code))  # our formatter breaks long lines, Frappe does not

	stale = []
	for name in our_doctypes():
		exporter = TypeExporter(frappe.get_doc("DocType", name))
		source = exporter.controller_path.read_text(encoding="utf-8")
		start, end = source.index("\t# begin: auto-generated"), source.index("# end: auto-generated types")
		generated = exporter._generate_code()
		if tokens(source[start:end] + "# end: auto-generated types") != tokens(generated):
			stale.append(name)
	assert stale == []


@pytest.mark.parametrize(("doctype", "columns"), COMPOSITE)
def test_composite_indexes_exist(doctype: str, columns: tuple[str, ...]) -> None:
	assert columns in [found for _unique, found in indexes(doctype).values()]


@pytest.mark.parametrize(("doctype", "columns"), UNIQUE)
def test_unique_keys_exist(doctype: str, columns: tuple[str, ...]) -> None:
	assert (True, columns) in indexes(doctype).values()


def test_every_starred_field_of_the_model_leads_an_index() -> None:
	bare = []
	for name in our_doctypes():
		meta = frappe.get_meta(name)
		if meta.issingle:
			continue
		leading = {columns[0] for _unique, columns in indexes(name).values()}
		bare += [
			(name, df.fieldname)
			for df in meta.fields
			if (df.search_index or df.unique) and df.fieldname not in leading
		]
	assert bare == []


def test_empty_keys_never_collide() -> None:
	"""An empty key is NULL: many documents may go without one."""
	for _count in range(2):
		task = new(
			"Follow-up Task",
			patient=patient().name,
			due_date="2026-11-30",
			kind="Callback",
			status="Open",
			key="",
		)
		task.db_insert()
		assert frappe.db.get_value(task.doctype, task.name, "key") is None


def test_a_name_shows_what_a_record_is() -> None:
	titles = {
		doc.doctype: doc.get_title()
		for doc in (patient(), discharge().insert(), policy().insert(), department().insert())
	}
	assert titles["Follow-up Patient"] == titles["Patient Discharge"] == "李梅"
	assert titles["Follow-up Policy"].startswith("Test") and titles["Follow-up Department"].startswith("Ward")
	assert calendar().insert().get_title().startswith("Calendar")
