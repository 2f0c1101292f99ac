"""Install, use, uninstall, install again: nothing stays behind, and a migrated site is like a fresh one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, get_time, today

from hospital_followup.setup.content import fixture_names, shipped
from tests.site.rights import SP, record
from tests.stack.fresh_site import FreshSite
from tests.stack.users import make_user

OURS = "Hospital Followup"
#: What Frappe writes about itself while it installs and uninstalls any app.
JOURNALS = {
	"tabActivity Log",
	"tabError Log",
	"tabInstalled Application",
	"tabLog Setting User",
	"tabScheduled Job Log",
	"tabVersion",
}
FORGOTTEN = {
	"activated_on",
	"creation",
	"modified",
	"modified_by",
	"owner",
	"idx",
	"migration_hash",
	"last_synced_on",
}
#: Rows that Frappe deletes and inserts again under a new name.
RENEWED = {"tabDefaultValue": ["parent", "defkey"]}
COLLEAGUE = "colleague@renhe.test"
Rows = dict[str, set[tuple[Any, ...]]]


def on(site: FreshSite, work: Callable[[], Any]) -> Any:
	"""Do `work` connected to `site`, in a thread: the test itself stays connected to a site of its own."""

	def connected() -> Any:
		with site.connected():
			return work()

	with ThreadPoolExecutor(1) as pool:
		return pool.submit(connected).result()


def rows() -> Rows:
	"""The identity of every row of the database, by table."""
	columns = frappe.qb.Schema("information_schema").columns
	asked = frappe.qb.from_(columns).select(columns.table_name, columns.column_name)
	names: dict[str, list[str]] = {}
	for table, column in (
		asked.where(columns.table_schema == frappe.conf.db_name).orderby("ordinal_position").run()
	):
		names.setdefault(table, []).append(column)
	found: Rows = {}
	for table, of_table in names.items():
		keys = RENEWED.get(table) or (["name"] if "name" in of_table else of_table[:2])
		query = frappe.qb.from_(frappe.qb.Table(table)).select(*[frappe.qb.Field(key) for key in keys])
		found[table] = set(query.run())
	return found


def left_behind(before: Rows) -> dict[str, list[Any]]:
	"""Tables and rows that were not there before, in full."""
	found: dict[str, list[Any]] = {}
	for table, names in rows().items():
		new = names - before.get(table, set())
		if table not in JOURNALS and (new or table not in before):
			every = frappe.qb.from_(frappe.qb.Table(table)).select("*").run(as_dict=True)
			found[table] = [row for row in every if (row.get("name"),) in new] or sorted(new)
	return found


def content() -> dict[str, list[Any]]:
	"""Every document that the app brought, with its values."""
	filters = {"module": OURS, "istable": 0, "issingle": 0}
	doctypes = frappe.get_all("DocType", filters=filters, pluck="name", order_by="name")
	ours = {doctype: frappe.get_all(doctype, pluck="name", order_by="name") for doctype in doctypes}
	ours["Follow-up Settings"] = ["Follow-up Settings"]
	for doctype in ("Role", "Workflow State", "Workflow Action Master"):
		ours[doctype] = fixture_names(doctype)
	ours["Workflow"] = frappe.get_all(
		"Workflow", {"document_type": ("in", doctypes)}, pluck="name", order_by="name"
	)
	for doctype in ("Workspace", "Number Card", "Dashboard", "Dashboard Chart", "Module Onboarding"):
		ours[doctype] = frappe.get_all(doctype, {"module": OURS}, pluck="name", order_by="name")
	return {doctype: [_values(doctype, name) for name in names] for doctype, names in ours.items() if names}


def _values(doctype: str, name: str) -> Any:
	return _forget(frappe.get_doc(doctype, name).as_dict(no_nulls=True))


def _forget(value: Any) -> Any:
	if isinstance(value, dict):
		kept = {key: _forget(item) for key, item in value.items() if key not in FORGOTTEN}
		return {key: item for key, item in kept.items() if not (key == "name" and "parent" in kept)}
	return [_forget(item) for item in value] if isinstance(value, list) else value


def open_the_hospital() -> None:
	"""What is the hospital's own and may stay: a colleague's account, the tags."""
	make_user(email=COLLEAGUE)
	frappe.get_doc({"doctype": "Tag", "name": "VIP"}).insert()
	frappe.db.commit()  # reason: the installation is another process


def use_the_app() -> None:
	"""What months of work leave all over a site: on our documents, and on other apps' because of them."""
	user = COLLEAGUE
	frappe.get_doc("User", user).add_roles(SP)
	department = frappe.get_doc({"doctype": "Follow-up Department", "department_name": "Surgery"}).insert()
	frappe.permissions.add_user_permission(department.doctype, department.name, user)
	patient = frappe.get_doc(
		{"doctype": "Follow-up Patient", "patient_id": "U1", "patient_name": "Wang", "mobile": "13812345678"}
	).insert()
	frappe.get_doc(
		{"doctype": "Patient Discharge", "patient": patient.name, "discharge_date": add_days(today(), -1)}
	).insert()
	patient.flags.ignore_version = False
	patient.mobile = "13987654321"
	patient.save(ignore_version=False)
	patient.add_comment("Comment", "spoke with the daughter")
	patient.add_tag("VIP")
	patient.add_viewed(user)
	frappe.share.add(patient.doctype, patient.name, user)
	frappe.desk.form.assign_to.add(
		{"doctype": patient.doctype, "name": patient.name, "assign_to": [user], "description": "call"}
	)
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "letter.txt",
			"content": "discharge letter",
			"attached_to_doctype": patient.doctype,
			"attached_to_name": patient.name,
			"is_private": 1,
		}
	).insert()
	for change in (
		{"doctype": "Custom Field", "dt": "Follow-up Task", "fieldname": "ward_note", "label": "Ward Note"},
		{
			"doctype": "Property Setter",
			"doctype_or_field": "DocType",
			"doc_type": "Follow-up Task",
			"property": "sort_order",
			"property_type": "Data",
			"value": "ASC",
		},
		{
			"doctype": "Report",
			"report_name": "Tasks of the ward",
			"ref_doctype": "Follow-up Task",
			"report_type": "Report Builder",
			"is_standard": "No",
			"json": "{}",
		},
		{
			"doctype": "Kanban Board",
			"kanban_board_name": "Ward board",
			"reference_doctype": "Follow-up Task",
			"field_name": "status",
		},
		{
			"doctype": "Webhook",
			"webhook_doctype": "Follow-up Task",
			"request_url": "https://his.example/",
			"name": "his",
		},
	):
		frappe.get_doc(change).insert()
	frappe.permissions.add_permission("Follow-up Task", "Report Manager")
	frappe.model.utils.user_settings.save("Follow-up Task", '{"last_view": "List"}')
	frappe.model.utils.user_settings.sync_user_settings()
	record("Follow-up Log", patient=patient.name)
	frappe.db.commit()  # reason: the uninstallation is another process


@pytest.mark.site("plain")
@pytest.mark.parametrize("variant", ["plain", "erpnext", "health"])
def test_uninstalling_leaves_nothing_behind(variant: str, fresh_site: Callable[[str], FreshSite]) -> None:
	site = fresh_site(variant)
	on(site, open_the_hospital)
	before = on(site, rows)
	site.install()
	first = on(site, content)
	on(site, use_the_app)
	site.uninstall()
	assert on(site, lambda: left_behind(before)) == {}
	site.install()
	assert on(site, content) == first


@pytest.mark.site("plain")
def test_a_migrated_site_is_like_a_fresh_one_and_keeps_what_was_changed(
	fresh_site: Callable[[str], FreshSite],
) -> None:
	site = fresh_site("plain")
	site.install()
	fresh = on(site, content)
	site.migrate()
	assert on(site, content) == fresh
	on(site, change_everything)
	changed = on(site, content)
	assert changed != fresh
	site.migrate()
	site.migrate()
	assert on(site, content) == changed


def change_everything() -> None:
	"""An administrator's edits of what was seeded, and of the roles."""
	frappe.db.set_value("Tier Rule", {}, {"enabled": 1, "source_note": "signed off"})
	frappe.get_doc("Follow-up Calendar", {}).update({"saturday": 1}).save()
	policy = frappe.get_doc("Follow-up Policy", {"status": "Active"})
	policy.status = "Retired"
	policy.save()
	settings = frappe.get_doc("Follow-up Settings")
	settings.update({"ledger_from": None, "max_attempts": 5, "channels": settings.channels[:2]}).save()
	workflow = frappe.get_doc("Workflow", {"document_type": "Follow-up Plan"})
	workflow.update({"is_active": 0, "transitions": workflow.transitions[:3]}).save()
	frappe.get_doc("Workflow", {"document_type": "Follow-up Script"}).update({"workflow_name": "Ours"}).save()
	frappe.db.set_value("Role", SP, {"two_factor_auth": 1})
	frappe.db.commit()  # reason: the migration is another process


@pytest.mark.site("plain")
def test_what_is_missing_is_inserted_and_nothing_else() -> None:
	from hospital_followup.setup.seed import seed

	fresh = content()
	rule = frappe.get_all("Tier Rule", pluck="name", order_by="name")[0]
	frappe.delete_doc("Tier Rule", rule)
	seed()
	assert sorted(content()["Tier Rule"], key=str) == sorted(fresh["Tier Rule"], key=str)
	assert content()["Follow-up Policy"] == fresh["Follow-up Policy"]


@pytest.mark.site("plain")
def test_the_standard_policy_is_the_matrix_of_the_specification() -> None:
	policy = frappe.get_doc("Follow-up Policy", {"status": "Active"})
	cells = {(row.risk_tier, row.value_tier): row for row in policy.rules}
	assert (policy.title, policy.version, len(cells)) == ("Standard", 1, 9)
	for rule in shipped("policy")["rules"]:
		row = cells[rule["risk_tier"], rule["value_tier"]]
		assert row.topics == ", ".join(rule["topics"])
		for key in ("interval", "interval_unit", "contacts", "first_contact_day", "channel", "role"):
			assert row.get(key) == rule[key]
		assert bool(row.clinical_floor) == rule.get("clinical_floor", False)


@pytest.mark.site("plain")
def test_settings_begin_with_the_day_of_the_installation() -> None:
	settings = frappe.get_doc("Follow-up Settings")
	assert str(settings.ledger_from) <= today()
	assert settings.ledger_from
	assert not settings.go_live
	# Frappe would begin every Time field with the time of the installation.
	hours = [get_time(settings.get(field)).hour for field in ("morning_call_from", "quiet_from", "quiet_to")]
	assert hours == [9, 20, 9]
	week = frappe.get_doc("Follow-up Calendar", settings.default_calendar)
	assert [week.get(day) for day in ("friday", "saturday", "sunday")] == [1, 0, 0]
	assert {row.channel for row in settings.channels if row.enabled} == {
		"Phone",
		"Home Visit",
		"WeChat",
		"SMS",
		"Email",
		"App Push",
	}


@pytest.mark.site("plain")
def test_texts_come_in_the_language_of_the_site() -> None:
	from hospital_followup.setup.seed import seed

	rules = frappe.db.count("Tier Rule")
	frappe.db.set_single_value("System Settings", "language", "zh")
	seed()
	# What was seeded in English is not seeded again in Chinese.
	assert frappe.db.count("Tier Rule") == rules
	frappe.db.delete("Tier Rule")
	seed()
	assert frappe.db.exists("Tier Rule", "示例：心力衰竭")
