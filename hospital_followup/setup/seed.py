"""Starting content: inserted where it is missing, never overwritten, never taken back.

The same function runs after the installation and after every migration, so that an updated site has what a fresh one
has. What an administrator tunes is therefore no fixture: a fixture is imported again by force on every migration.
"""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime, today

from hospital_followup.engine.names import CHANNELS
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.setup.alert_rules import seed_alert_rules
from hospital_followup.setup.content import shipped, text
from hospital_followup.setup.pathways import seed_pathways
from hospital_followup.setup.scripts import seed_scripts
from hospital_followup.setup.seed_messages import seed_messages
from hospital_followup.setup.seed_questions import seed_questions
from hospital_followup.setup.workflows import seed_workflows

SETTINGS = "Follow-up Settings"
CALENDAR = "Follow-up Calendar"
POLICY = "Follow-up Policy"
TIER_RULE = "Tier Rule"
BOARD = "Kanban Board"
BOARDS = ("task_board", "alert_board")
LIST = "List View Settings"
TASK = "Follow-up Task"
PLAN = "Follow-up Plan"
PRINTED_AS = {
	PLAN: "Follow-up Plan Hand-out",
	TASK: "Follow-up Call Sheet",
	"Patient Discharge": "Discharge Card",
}


def seed() -> None:
	"""Insert everything that is missing on this site."""
	seed_settings(calendar=seed_calendar())
	seed_policy()
	seed_tier_rules()
	seed_scripts()
	seed_messages()
	seed_boards()
	seed_task_list()
	seed_workflows()
	seed_print_default()
	seed_questions()
	seed_pathways()
	seed_alert_rules()


def seed_calendar() -> str | None:
	"""Monday to Friday, on a site without any calendar; its name when it was inserted.

	Public holidays change every year and are the hospital's to enter.
	"""
	if frappe.db.count(CALENDAR):
		return None
	calendar = shipped("calendar")
	doc = {"doctype": CALENDAR, "title": text(calendar["title"]), **calendar["weekdays"]}
	return frappe.get_doc(doc).insert().name


def seed_settings(calendar: str | None = None) -> None:
	"""Defaults of fields that were never stored, today as the first day that counts, the calendar, the channels."""
	stored = frappe.db.get_singles_dict(SETTINGS)
	settings = frappe.get_doc(SETTINGS)
	# While installing, Frappe has just stored every field: the defaults, nothing, and in Time fields the present time.
	first = bool(frappe.flags.in_install) and not settings.ledger_from
	missing: dict[str, object] = {}
	for field in settings.meta.fields:
		if field.default and (field.fieldname not in stored or (first and field.fieldtype == "Time")):
			missing[field.fieldname] = field.default
	if first or "ledger_from" not in stored:
		missing["ledger_from"] = today()
	if calendar and not settings.default_calendar:
		missing["default_calendar"] = calendar
	channels = [] if settings.channels else [{"channel": channel, "enabled": 1} for channel in CHANNELS]
	if missing or channels:
		settings.update(missing)
		settings.extend("channels", channels)
		# A value that a newer version would refuse must not stop the migration of a hospital's site.
		settings.flags.ignore_validate = True
		settings.save()


def seed_policy() -> None:
	"""The standard policy (clinical.md §1), active, on a site without any policy."""
	if frappe.db.count(POLICY):
		return
	standard = shipped("policy")
	doc = frappe.get_doc(
		{
			"doctype": POLICY,
			"title": standard["title"],
			"version": standard["version"],
			"status": "Draft",
			"notes": text(shipped("policy_notes")),
			"rules": [{**rule, "topics": ", ".join(rule["topics"])} for rule in standard["rules"]],
		}
	).insert()
	# Written past the form: a workflow lets nobody begin in its second state, and nobody is there to approve.
	doc.db_set({"status": "Active", "activated_on": now_datetime(), **state_fields(POLICY, "Active")})


def seed_tier_rules() -> None:
	"""Examples, switched off, each with the source it rests on; known by their title in any language."""
	for rule in shipped("tier_rules"):
		if frappe.db.exists(TIER_RULE, {"title": ("in", list(rule["title"].values()))}):
			continue
		doc = {**rule, "title": text(rule["title"]), "source_note": text(rule["source_note"]), "enabled": 0}
		frappe.get_doc({"doctype": TIER_RULE, **doc}).insert()


def seed_boards() -> None:
	"""A board by status for contacts and one for alerts, each on a site without any board of that doctype.

	They are limited to this week's contacts and to alerts that are not closed, because Frappe's boards load every card.
	"""
	for name in BOARDS:
		board = shipped(name)
		if frappe.db.exists(BOARD, {"reference_doctype": board["reference_doctype"]}):
			continue
		frappe.get_doc(
			{
				"doctype": BOARD,
				"kanban_board_name": text(board["title"]),
				"reference_doctype": board["reference_doctype"],
				"field_name": "status",
				"columns": board["columns"],
				"filters": frappe.as_json(board["filters"]),
				"fields": frappe.as_json(board["fields"]),
				"show_labels": 1,
				"private": 0,
			}
		).insert()


def seed_print_default() -> None:
	"""What the print button offers first; Frappe's plain layout of a plan would carry the risk tier to the patient."""
	for doctype, style in PRINTED_AS.items():
		choice = {"doc_type": doctype, "doctype_or_field": "DocType", "property": "default_print_format"}
		if not frappe.db.exists("Property Setter", choice):
			values = {**choice, "value": style, "property_type": "Data", "is_system_generated": 1}
			frappe.get_doc({"doctype": "Property Setter", **values}).insert()


def seed_task_list() -> None:
	"""Room for what a caller looks at in the list of contacts, which Frappe limits to four columns on most screens."""
	if not frappe.db.exists(LIST, TASK):
		settings = {"total_fields": "8", "disable_comment_count": 1, "allow_edit": 1}
		frappe.get_doc({"doctype": LIST, "name": TASK, **settings}).insert()
