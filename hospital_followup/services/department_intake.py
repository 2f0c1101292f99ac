"""From another app's department to our Follow-up Department."""

from __future__ import annotations

import frappe

from hospital_followup.services.retry import unseen_duplicates

DEPARTMENT = "Follow-up Department"
MAPPING = "Follow-up Department Mapping"


def ensure_department(
	source_doctype: str | None, source_name: str | None, company: str | None = None
) -> str | None:
	"""The Follow-up Department for another app's department: as mapped, else by name, else a new one; its name.

	A department of another company is never taken. None when the source names no department.
	"""
	if not source_doctype or not source_name:
		return None
	mapped = _mapped(source_doctype, source_name)
	department = _of_company(mapped, company)
	if department:
		return department
	department = _named(source_name, company) or _insert(source_name, company)
	if not mapped:
		_map(department, source_doctype, source_name)
	return department


def known_department(
	source_doctype: str | None, source_name: str | None, company: str | None = None
) -> str | None:
	"""Like `ensure_department`, without making one: None for a department that we do not know."""
	if not source_doctype or not source_name:
		return None
	return _of_company(_mapped(source_doctype, source_name), company) or _named(source_name, company)


def _mapped(source_doctype: str, source_name: str) -> list[frappe._dict]:
	mapping, department = frappe.qb.DocType(MAPPING), frappe.qb.DocType(DEPARTMENT)
	return (
		frappe.qb.from_(mapping)
		.inner_join(department)
		.on(department.name == mapping.parent)
		.select(department.name, department.company)
		.where((mapping.source_doctype == source_doctype) & (mapping.source_name == source_name))
		.orderby(department.creation, department.name)
		.run(as_dict=True)
	)


def _named(title: str, company: str | None) -> str | None:
	rows = frappe.get_all(
		DEPARTMENT,
		filters={"department_name": title},
		fields=["name", "company"],
		order_by="creation, name",
	)
	return _of_company(rows, company)


def _of_company(rows: list[frappe._dict], company: str | None) -> str | None:
	"""The one of this company before one that belongs to no company."""
	for wanted in dict.fromkeys((company or "", "")):
		for row in rows:
			if (row.company or "") == wanted:
				return row.name
	return rows[0].name if rows and not company else None


def _insert(title: str, company: str | None) -> str:
	doc = frappe.new_doc(DEPARTMENT)
	doc.update({"department_name": title, "company": company})
	with unseen_duplicates():
		doc.insert(ignore_permissions=True)  # reason: a discharge from a new department, whoever discharged
	return doc.name


def _map(department: str, source_doctype: str, source_name: str) -> None:
	doc = frappe.get_doc(DEPARTMENT, department)
	doc.append("mappings", {"source_doctype": source_doctype, "source_name": source_name})
	doc.save(ignore_permissions=True)  # reason: the system notes which department it found
