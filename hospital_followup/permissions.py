"""Who may see and change which record: departments, companies, and what counts as one's own (rules.md).

A list and a document ask the same question. `condition` answers it for a list, as SQL; `has_permission` runs that very
SQL on the row of one document, so that the two cannot disagree.

Frappe's own check of User Permissions stays out of the way (`ignore_user_permissions` on every department field of
these doctypes): it can only narrow, and would hide a task from the very person it was given to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import frappe
from frappe.model.document import Document
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions
from frappe.utils import cint

from hospital_followup.engine.names import ROLES
from hospital_followup.hidden_fields import refuse_hidden_filters
from hospital_followup.permission_scopes import LINKS, SCOPES, SURPLUS

DEPARTMENT = "Follow-up Department"
NOTHING = "1 = 0"


@dataclass(frozen=True, slots=True)
class Reach:
	"""The departments and companies that a user works for; `None` = all of them."""

	departments: tuple[str, ...] | None
	companies: tuple[str, ...] | None

	@property
	def everywhere(self) -> bool:
		return self.departments is None and self.companies is None

	def covers(self, department: str | None, company: str | None) -> bool:
		return _covered(department, self.departments) and _covered(company, self.companies)


def condition(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL that the rows of `doctype` in a list of `user` must meet, documents shared with the user included."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	refuse_hidden_filters(doctype, user)
	scoped = _scoped(doctype, user)
	return f"({scoped} or {_shared(doctype, user)})" if scoped else ""


def child_condition(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for the rows of a child table, which Frappe lists without looking at the record they belong to."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	parts = []
	for parent in SCOPES:
		meta = frappe.get_meta(parent)
		if not frappe.has_permission(parent, "read", user=user):
			continue
		levels = meta.get_permlevel_access("read", user=user) or [0]
		for field in meta.get_table_fields():
			if field.options == doctype and field.permlevel in levels:
				parts.append(_child_rows(doctype, parent, field.fieldname, condition(user, parent)))
	return f"({' or '.join(parts)})" if parts else NOTHING


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Whether a person may do `ptype` with this very document, beyond what the person's roles say."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	return not _is_surplus(doc, ptype, user) and in_scope(doc, user)


def has_staff_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Everybody may know the colleagues; who works for certain departments changes only the people of those."""
	user = user or frappe.session.user
	if user == "Administrator" or ptype not in ("write", "delete"):
		return True
	departments = reach_of(user, doc.doctype).departments
	theirs = {row.department for row in doc.departments}
	return departments is None or not theirs or bool(theirs & set(departments))


def has_app_permission() -> bool:
	"""Whether the app is shown on the screen of apps."""
	return bool({*ROLES, "System Manager"} & set(frappe.get_roles()))


def in_scope(doc: Document, user: str) -> bool:
	"""Whether the record belongs to the departments and companies of `user`, or to the user in person.

	Where it is to be moved to must be in scope as well: its department, and every record that it is newly linked to.
	"""
	# A request may call any record new (`__islocal`), the database may not.
	if doc.is_new() and not (doc.name and frappe.db.exists(doc.doctype, doc.name)):
		return _may_be_made(doc, user)
	links = _links_of(doc)
	row = _row_in_scope(doc.doctype, doc.name, user, links)
	if not row:
		return False
	if not all(_linked_rows({field: name for field, name in links.items() if name != row[field]}, user)):
		return False
	moved = (doc.get("department"), doc.get("company")) != (row.department, row.company)
	return not moved or reach_of(user, doc.doctype).covers(doc.get("department"), doc.get("company"))


def reach_of(user: str, doctype: str) -> Reach:
	"""Departments and companies of `user` for `doctype`: User Permissions decide; none = the central team.

	Where a role sees its own records only, the departments of Follow-up Staff stand in for missing User Permissions.
	Who is limited to departments is limited to their companies as well.
	"""
	departments, companies = _permitted(user, doctype)
	if not departments and _sees_own_only(doctype, user):
		departments = _staff_departments(user)
	if departments and not companies:
		companies = _companies_of(departments)
	return Reach(tuple(departments) or None, tuple(companies) or None)


def reach_across(user: str, doctypes: Iterable[str]) -> Reach:
	"""What `user` may see in every one of `doctypes`: User Permissions may be given for single document types."""
	departments: set[str] | None = None
	companies: set[str] | None = None
	for doctype in doctypes:
		of_type, of_company = map(set, _permitted(user, doctype))
		if of_type:
			departments = of_type if departments is None else departments & of_type
		if of_company:
			companies = of_company if companies is None else companies & of_company
	if departments and companies is None:
		companies = set(_companies_of(sorted(departments))) or None
	return Reach(_named(departments), _named(companies))


def _named(allowed: set[str] | None) -> tuple[str, ...] | None:
	"""Nothing in common is a department that no record has, not "no limit"."""
	return None if allowed is None else tuple(sorted(allowed)) or ("",)


def _permitted(user: str, doctype: str) -> tuple[list[str], list[str]]:
	"""The departments and companies that User Permissions name for `doctype`; none of them = no limit."""
	permissions = get_user_permissions(user)
	return (
		get_allowed_docs_for_doctype(permissions.get(DEPARTMENT, []), doctype),
		get_allowed_docs_for_doctype(permissions.get("Company", []), doctype),
	)


def _scoped(doctype: str, user: str) -> str:
	scope, reach = SCOPES[doctype], reach_of(user, doctype)
	personal = scope.personal and _sees_own_only(doctype, user)
	if reach.everywhere and not personal:
		return ""
	ways = [NOTHING if personal else _within(doctype, reach)]
	ways += [f"{_column(doctype, field)} = {_quote(user)}" for field in scope.mine]
	if doctype == "Follow-up Training":
		ways.append(
			_rows(doctype, "name", "Follow-up Training Participant", "parent", f"`user` = {_quote(user)}")
		)
	if scope.patient:
		for carer in ("Follow-up Task", "Follow-up Alert"):
			ways.append(_rows(doctype, scope.patient, carer, "patient", f"assigned_to = {_quote(user)}"))
	if doctype == "Follow-up Patient" and reach.departments:
		treated = f"department in {_list(reach.departments)}"
		ways.append(_rows(doctype, "name", "Patient Discharge", "patient", treated))
	return f"({' or '.join(ways)})"


def _within(doctype: str, reach: Reach) -> str:
	limits = []
	for field, allowed in (("department", reach.departments), ("company", reach.companies)):
		if allowed is not None:
			column = _column(doctype, field)
			empty = "" if _strict() else f" or ifnull({column}, '') = ''"
			limits.append(f"({column} in {_list(allowed)}{empty})")
	return f"({' and '.join(limits)})"


def _rows(doctype: str, field: str, other: str, link: str, where: str) -> str:
	return f"{_column(doctype, field)} in (select `{link}` from `tab{other}` where {where})"


def _shared(doctype: str, user: str) -> str:
	where = f"share_doctype = {_quote(doctype)} and `read` = 1 and (`user` = {_quote(user)} or everyone = 1)"
	return _rows(doctype, "name", "DocShare", "share_name", where)


def _child_rows(doctype: str, parent: str, fieldname: str, where: str) -> str:
	rows = (
		f"`tab{doctype}`.parenttype = {_quote(parent)} and `tab{doctype}`.parentfield = {_quote(fieldname)}"
	)
	return f"({rows} and {_rows(doctype, 'parent', parent, 'name', where)})" if where else f"({rows})"


def _links_of(doc: Document) -> dict[str, str]:
	"""By field the names of the records of LINKS that the document names."""
	return {field: doc.get(field) for field in LINKS if doc.meta.has_field(field) and doc.get(field)}


def _linked_rows(links: Mapping[str, str], user: str) -> list[frappe._dict | None]:
	"""The linked records that exist, None for each one out of scope."""
	return [
		_row_in_scope(LINKS[field], name, user)
		for field, name in links.items()
		if frappe.db.exists(LINKS[field], name)
	]


def _row_in_scope(doctype: str, name: str, user: str, fields: Iterable[str] = ()) -> frappe._dict | None:
	where = _scoped(doctype, user).replace("%", "%%") or "1 = 1"
	columns = ", ".join(f"`{field}`" for field in ("department", "company", *fields))
	query = f"select {columns} from `tab{doctype}` where name = %s and {where}"
	rows = frappe.db.sql(query, name, as_dict=True)  # reason: the list's own condition, on one row
	return rows[0] if rows else None


def _may_be_made(doc: Document, user: str) -> bool:
	"""A new record: everything it links to must be in scope, and so must the department it names for itself."""
	rows = _linked_rows(_links_of(doc), user)
	if not all(rows):
		return False
	named = (doc.get("department"), doc.get("company"))
	inherited = any(
		_covered(named[0], (row.department,)) and _covered(named[1], (row.company,)) for row in rows
	)
	return inherited or reach_of(user, doc.doctype).covers(*named)


def _is_surplus(doc: Document, ptype: str | None, user: str) -> bool:
	surplus = SURPLUS.get((doc.doctype, ptype))
	if not surplus or doc.is_new():
		return False
	granting = {row.role for row in doc.meta.permissions if row.get(ptype) and not row.permlevel}
	if (granting - surplus) & set(frappe.get_roles(user)):
		return False
	if ptype != "write":
		return True
	stored = frappe.db.get_value(doc.doctype, doc.name, ["docstatus", "owner"], as_dict=True)
	submitting_or_cancelling = stored and cint(doc.docstatus) != stored.docstatus
	own_draft = stored and stored.docstatus == 0 and stored.owner == user
	return not (submitting_or_cancelling or own_draft)


def _sees_own_only(doctype: str, user: str) -> bool:
	own_roles = SCOPES[doctype].own_roles if doctype in SCOPES else None
	if not own_roles:
		return False
	reading = {row.role for row in frappe.get_meta(doctype).permissions if row.read and not row.permlevel}
	return not (reading - own_roles) & set(frappe.get_roles(user))


def _staff_departments(user: str) -> list[str]:
	staff = frappe.qb.DocType("Follow-up Staff")
	row = frappe.qb.DocType("Follow-up Staff Department")
	query = frappe.qb.from_(row).join(staff).on(row.parent == staff.name).select(row.department)
	return query.where((staff.user == user) & (row.parenttype == "Follow-up Staff")).run(pluck=True)


def _companies_of(departments: list[str]) -> list[str]:
	filters = {"name": ("in", departments)}
	companies = frappe.get_all(DEPARTMENT, filters=filters, pluck="company", order_by="name")
	return [] if not all(companies) else sorted(set(companies))


def _covered(value: str | None, allowed: tuple[str | None, ...] | None) -> bool:
	return allowed is None or value in allowed or (not value and keeps_unassigned())


def keeps_unassigned() -> bool:
	"""Whether who is limited to some departments also sees what names no department."""
	return not _strict()


def _strict() -> bool:
	"""System Settings: whether a User Permission hides records that name no department at all."""
	return bool(cint(frappe.get_system_settings("apply_strict_user_permissions")))


def _column(doctype: str, field: str) -> str:
	return f"`tab{doctype}`.`{field}`"


def _quote(value: str) -> str:
	return frappe.db.escape(value, percent=False)


def _list(values: tuple[str, ...]) -> str:
	return f"({', '.join(_quote(value) for value in values)})"
