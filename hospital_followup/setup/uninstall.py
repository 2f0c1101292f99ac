"""Uninstalling leaves nothing of ours behind.

Frappe removes the module: its doctypes with their tables, workspace, reports, cards. Everything that merely points to
one of our doctypes (versions, comments, files, custom fields, workflows, permissions of users …) is ours to remove,
as Frappe removes it when a single document is deleted.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType

from hospital_followup.services import go_live
from hospital_followup.setup.content import fixture_names

APP = "hospital_followup"
MODULE = "Hospital Followup"
#: An audit trail outlives what it reports on; Frappe empties its reference instead of deleting it.
UNLINKED = ("Communication", "Activity Log")
#: Documents with something outside the database, which Frappe must delete one by one.
ONE_BY_ONE = ("File", "Custom Field", "Workflow", "Report", "Print Format", "Notification")
#: (doctype, field) where a doctype of ours stands in a field that is no Link.
PLAIN_TEXT = (
	("Custom DocPerm", "parent"),
	("Deleted Document", "deleted_doctype"),
	("List View Settings", "name"),
	("Workspace Link", "link_to"),
	("Workspace Shortcut", "link_to"),
)
#: Child rows of these live in DocTypes and in our own module; Frappe deletes them with their parent.
OF_DOCTYPES = ("DocField", "DocPerm", "DocType Link", "DocType Action", "DocType State")


def before_uninstall() -> None:
	"""Remove what lives outside our module, while Frappe still knows our doctypes."""
	doctypes = own_doctypes()
	remove_references(doctypes)
	remove_jobs()
	for doctype in ("Workflow Action Master", "Workflow State"):
		remove_unused(doctype)
	remove_roles(doctypes)
	remove_onboarding()


def after_uninstall() -> None:
	"""Remove what only falls away with the doctypes themselves, and what their removal has left in the bin."""
	frappe.db.delete("Patch Log", {"patch": ("like", f"{APP}.%")})
	binned = DocType("Deleted Document")
	ours = binned.data.like(f'%"module": "{MODULE}"%') | (
		(binned.deleted_doctype == "Module Def") & (binned.deleted_name == MODULE)
	)
	frappe.qb.from_(binned).delete().where(ours).run()
	frappe.clear_cache()
	go_live.forget()
	frappe.db.commit()  # reason: Frappe has committed the removal and closes the connection after this


def own_doctypes() -> list[str]:
	"""Every doctype of the module, child tables and single ones included."""
	return frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")


def remove_references(doctypes: list[str]) -> None:
	"""Delete every record and row of other apps that names one of our doctypes."""
	for field in link_fields():
		if field.parent in doctypes or field.parent in OF_DOCTYPES:
			continue
		filters = {field.fieldname: ("in", doctypes)}
		if field.issingle:
			frappe.db.delete(
				"Singles", {"doctype": field.parent, "field": field.fieldname, "value": ("in", doctypes)}
			)
		elif field.parent in UNLINKED:
			frappe.db.set_value(field.parent, filters, field.fieldname, None, update_modified=False)
		elif field.parent in ONE_BY_ONE:
			for name in frappe.get_all(field.parent, filters=filters, pluck="name", order_by="name"):
				frappe.delete_doc(
					field.parent, name, force=True, ignore_on_trash=True, delete_permanently=True
				)
		else:
			remove_rows(field.parent, filters)
	frappe.db.delete("Singles", {"doctype": ("in", doctypes)})
	frappe.db.delete("__UserSettings", {"doctype": ("in", doctypes)})
	frappe.db.delete("List View Settings", {"name": ("in", doctypes)})
	frappe.db.delete("DefaultValue", {"parenttype": ("in", doctypes)})
	for doctype, fieldname in PLAIN_TEXT:
		frappe.db.delete(doctype, {fieldname: ("in", doctypes)})


def link_fields() -> list[frappe._dict]:
	"""Every field of this site, standard or custom, that names a doctype."""
	doctype, fields = DocType("DocType"), []
	for source, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		field = DocType(source)
		fields += (
			frappe.qb.from_(field)
			.join(doctype)
			.on(doctype.name == field[parent])
			.select(field[parent].as_("parent"), field.fieldname, doctype.issingle)
			.where((field.fieldtype == "Link") & (field.options == "DocType") & (doctype.is_virtual == 0))
			.orderby(field[parent], field.fieldname)
			.run(as_dict=True)
		)
	return fields


def remove_rows(doctype: str, filters: dict[str, object]) -> None:
	"""Delete rows with their own child rows, however many there are."""
	names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")
	for field in frappe.get_meta(doctype).get_table_fields() if names else ():
		frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", names)})
	frappe.db.delete(doctype, filters)


def remove_jobs() -> None:
	"""Frappe forgets the scheduled jobs of an app only at the next migration."""
	jobs = frappe.get_all(
		"Scheduled Job Type",
		filters={"method": ("like", f"{APP}.%")},
		pluck="name",
		order_by="name",
	)
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
	frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})


def remove_unused(doctype: str) -> None:
	"""Delete our workflow states or actions, except those that a workflow of the hospital has taken up."""
	used = {"Workflow State": "state", "Workflow Action Master": "action"}[doctype]
	child = {"Workflow State": "Workflow Document State", "Workflow Action Master": "Workflow Transition"}[
		doctype
	]
	names = fixture_names(doctype)
	kept = set(frappe.get_all(child, filters={used: ("in", names)}, pluck=used, order_by="name"))
	for name in names:
		if name not in kept:
			frappe.delete_doc(doctype, name, force=True, delete_permanently=True)


def remove_roles(doctypes: list[str]) -> None:
	"""Delete our roles and take them from everybody, except a role that a hospital's own rules depend on."""
	for role in fixture_names("Role"):
		elsewhere = any(
			frappe.db.exists(permissions, {"role": role, "parent": ("not in", doctypes)})
			for permissions in ("DocPerm", "Custom DocPerm")
		)
		if elsewhere or frappe.db.exists("Workflow Transition", {"allowed": role}):
			continue
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, force=True, delete_permanently=True)


def remove_onboarding() -> None:
	"""The steps of our onboarding belong to no module, so nobody else removes them."""
	steps = frappe.get_all(
		"Onboarding Step Map",
		filters={"parent": ("in", frappe.get_all("Module Onboarding", {"module": MODULE}, pluck="name"))},
		pluck="step",
		order_by="idx",
	)
	for step in steps:
		if frappe.db.exists("Onboarding Step", step):
			frappe.delete_doc("Onboarding Step", step, force=True, delete_permanently=True)
