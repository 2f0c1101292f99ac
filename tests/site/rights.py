"""The table of rules.md, "Who may do what", and people and bare records to try it on.

The tests expect what the table says; they never read an expectation from the doctypes.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from tests.contract.rules_table import CELLS, ROLES
from tests.stack.users import make_user

SP, DR, SV, AD = ROLES
DOCTYPES = sorted(CELLS)
#: Where the table says "own": the roles, and the field that makes a record one's own.
OWN_ROLES = {
	"Follow-up Task": (SP,),
	"Follow-up Log": (SP,),
	"Quality Review": (SP, DR),
	"Follow-up Training": (SP, DR),
	"Follow-up Research Export": (AD,),
}
OWN = {
	"Follow-up Task": "assigned_to",
	"Follow-up Log": "staff",
	"Quality Review": "staff",
	"Follow-up Research Export": "requested_by",
}
#: Where "own" is the person and never the department.
PERSONAL = ("Quality Review", "Follow-up Training", "Follow-up Research Export")
SUBMITTABLE = ("Patient Tier", "Follow-up Log", "Quality Review", "Follow-up Training")
PATIENT_DOCTYPES = (
	"Follow-up Patient",
	"Patient Discharge",
	"Patient Tier",
	"Patient Value",
	"Follow-up Plan",
	"Follow-up Task",
	"Follow-up Log",
	"Follow-up Message",
	"Follow-up Survey",
	"Follow-up Consent",
	"Follow-up Alert",
	"Follow-up Revisit",
	"Programme Enrolment",
	"Quality Review",
	"Follow-up Training",
)


def department(name: str, company: str | None = None) -> str:
	"""A department of this name; made when missing."""
	found = frappe.db.get_value("Follow-up Department", {"department_name": name, "company": company}, "name")
	if found:
		return found
	doc = {"doctype": "Follow-up Department", "department_name": name, "company": company, "enabled": 1}
	return frappe.get_doc(doc).insert().name


def record(doctype: str, docstatus: int = 0, **values: Any) -> Document:
	"""A row of `doctype` as it lies in the database: permissions do not care what else would be required of it."""
	if frappe.get_meta(doctype).issingle:
		return frappe.get_doc(doctype)
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.name = frappe.generate_hash(length=10)
	doc.docstatus = docstatus
	doc.db_insert()
	for child in doc.get_all_children():
		child.parent = doc.name
		child.name = frappe.generate_hash(length=10)
		child.db_insert()
	return frappe.get_doc(doctype, doc.name)


def person(
	*roles: str, departments: tuple[str, ...] = (), companies: tuple[str, ...] = (), **options: Any
) -> str:
	"""A desk user with these roles, limited by User Permissions to these departments and companies."""
	user = make_user(*roles, **options)
	for doctype, names in (("Follow-up Department", departments), ("Company", companies)):
		for name in names:
			frappe.permissions.add_user_permission(doctype, name, user)
	return user


def staff(user: str, role: str, *departments: str) -> Document:
	"""The Follow-up Staff record of a user, with departments but without User Permissions."""
	rows = [{"department": name} for name in departments]
	doc = {"doctype": "Follow-up Staff", "user": user, "role": role, "departments": rows}
	return frappe.get_doc(doc).insert()


def allowed(doc: Document, right: str, user: str) -> bool:
	"""What Frappe's permission API says about `right` for `user` on this very document."""
	if right == "export":
		return bool(frappe.has_permission(doc.doctype, "export", user=user))
	if right == "create":
		fresh = frappe.copy_doc(doc)
		return bool(frappe.has_permission(doc.doctype, "create", doc=fresh, user=user))
	return bool(frappe.has_permission(doc.doctype, right, doc=doc, user=user))
