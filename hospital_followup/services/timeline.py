"""What the system decided, as entries of the form's timeline: computed from fields whenever a form is opened.

Nothing is stored for it. What people did stands beside these entries as Frappe's own comments and versions. Every
record is read with the permissions of the person who looks, and the value tier appears only for those who may read
Patient Value (rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, format_date, get_datetime, get_fullname, getdate, today

from hospital_followup.services import queries
from hospital_followup.services.wording import sentence, sentences, sentences_of

PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"
PLAN = "Follow-up Plan"
TASK = "Follow-up Task"
TIER = "Patient Tier"
VALUE = "Patient Value"

Entry = dict[str, Any]


def timeline(doctype: str, name: str) -> list[Entry]:
	"""Entries for a Follow-up Patient, Patient Discharge or Follow-up Plan; hook `additional_timeline_content`."""
	scope = _scope(doctype, name)
	entries = [entry for row in _read(DISCHARGE, scope.discharge) for entry in _of_discharge(row)]
	entries += _without_repeats(entry for row in _read(TIER, scope.tier) for entry in _of_tier(row))
	plans = list(_read(PLAN, scope.plan))
	entries += [entry for row in plans for entry in _of_plan(row, own=doctype == PLAN)]
	entries += [entry for row in _reactions(plans) for entry in _of_reaction(row)]
	entries += [entry for row in _read(TASK, scope.task) for entry in _of_task(row)]
	entries += [entry for row in _read(VALUE, scope.value) for entry in _of_value(row)]
	return entries


def _scope(doctype: str, name: str) -> frappe._dict:
	"""Filters of the records that belong to one form; None = none of that kind."""
	if doctype == PATIENT:
		own = {"patient": name}
		return frappe._dict(discharge=own, tier={**own, "docstatus": 1}, plan=own, task=own, value=own)
	if doctype == DISCHARGE:
		own = {"discharge": name}
		return frappe._dict(discharge={"name": name}, tier={**own, "docstatus": 1}, plan=own, task=own)
	discharge = frappe.db.get_value(PLAN, name, "discharge")
	return frappe._dict(
		discharge={"name": discharge} if discharge else None,
		tier={"discharge": discharge, "docstatus": 1} if discharge else None,
		plan={"name": name},
		task={"plan": name},
	)


def _read(doctype: str, filters: dict[str, Any] | None) -> Iterable[frappe._dict]:
	if not filters or not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, filters=filters, fields=["*"], order_by="creation, name", limit=0)


def _without_repeats(entries: Iterable[Entry]) -> list[Entry]:
	"""Two assessments may differ in the value tier alone; the one who may not see it would read the same line twice."""
	kept: list[Entry] = []
	for entry in entries:
		if not kept or kept[-1]["content"] != entry["content"]:
			kept.append(entry)
	return kept


def _of_discharge(row: frappe._dict) -> Iterable[Entry]:
	day = format_date(row.discharge_date)
	if row.decision == "Excluded":
		yield _entry(
			row.modified, "filter-x", _("Discharge of {0} excluded: {1}"), day, sentence(row.decision_reason)
		)
	elif row.decision == "Missed":
		yield _entry(
			row.modified,
			"solid-warning",
			_("Discharge of {0} missed: {1}"),
			day,
			sentence(row.decision_reason),
		)
	if row.late_discharge:
		yield _entry(row.creation, "today", _("The discharge of {0} arrived late."), day)
	if row.readmitted_on:
		yield _entry(row.readmitted_on, "reply", _("Admitted again on {0}."), format_date(row.readmitted_on))


def _of_tier(row: frappe._dict) -> Iterable[Entry]:
	if row.method == "Clinician":
		text = _("{0} set the risk tier to {1}: {2}")
		yield _entry(
			row.creation, "review", text, get_fullname(row.owner), _(row.risk_tier), row.override_reason
		)
		return
	score = ""
	if row.method in ("LACE", "HOSPITAL"):
		low, high = row.score_low, row.score_high
		points = str(low) if low == high else _("{0} to {1}").format(low, high)
		score = _("{0} score {1}.").format(row.method, points) + " "
	reasons = " ".join(sentences_of(row.reasons))
	yield _entry(row.creation, "review", _("Risk tier {0}. {1}{2}"), _(row.risk_tier), score, reasons)


def _of_plan(row: frappe._dict, *, own: bool) -> Iterable[Entry]:
	if row.purpose == "Programme":
		until = format_date(row.end_date) if row.end_date else "–"
		text = _("Contacts of the programme planned: {0} to {1}.")
		yield _entry(row.creation, "calendar", text, format_date(row.start_date), until)
	else:
		yield _planned_with_policy(row)
	if row.paused_on and not own:
		yield _entry(row.paused_on, "today", _("Plan paused: {0}"), sentence(row.pause_reason))
	# On the plan's own form a person's stop is a comment already; a stop by the system is not.
	if row.stopped_on and not (own and row.stop_reason not in sentences()):
		yield _entry(row.stopped_on, "close-alt", _("Plan stopped: {0}"), sentence(row.stop_reason))


def _planned_with_policy(row: frappe._dict) -> Entry:
	policy = (
		_("{0} v{1}").format(row.policy.removesuffix(f" v{row.policy_version}"), row.policy_version)
		if row.policy
		else "–"
	)
	text = _("Planned with the policy {0}, risk tier {1}: {2} to {3}.")
	return _entry(
		row.creation,
		"calendar",
		text,
		policy,
		_(row.risk_tier),
		format_date(row.start_date),
		format_date(row.end_date),
	)


def _reactions(plans: Iterable[frappe._dict]) -> list[frappe._dict]:
	fields = ("reacted_on", "pathway", "effect", "reason", "from_date", "to_date", "taken_back")
	of_plans = queries.children("Follow-up Plan Reaction", fields, [plan.name for plan in plans])
	return [row for rows in of_plans.values() for row in rows]


def _of_reaction(row: frappe._dict) -> Iterable[Entry]:
	text = {
		"Sooner": _("{0}: the next contact came from {2} to {3}. {1}"),
		"Extra Contact": _("{0}: a further call on {3}. {1}"),
		"End Pathway": _("{0} has ended. {1}"),
	}[row.effect]
	if row.taken_back:
		text = _("Taken back: {0}").format(text)
	days = (day and format_date(day) for day in (row.from_date, row.to_date))
	yield _entry(row.reacted_on, "branch", text, row.pathway, row.reason, *days)


def _of_task(row: frappe._dict) -> Iterable[Entry]:
	how = f"{_(row.channel)}, {format_date(row.due_date)}"
	if row.status == "Completed":
		text = _("Contact {0} ({1}) done: {2}")
		yield _entry(row.completed_on, "tick", text, row.sequence or "", how, _(row.outcome or "Completed"))
	elif row.status == "Missed":
		text = _("Contact {0} ({1}) missed: {2}")
		yield _entry(
			row.expires_on,
			"solid-warning",
			text,
			row.sequence or "",
			how,
			sentence(row.status_reason or "expired"),
		)
	elif row.status == "Skipped":
		text = _("Contact {0} ({1}) skipped: {2}")
		yield _entry(row.modified, "arrow-right", text, row.sequence or "", how, sentence(row.status_reason))
	elif row.status == "Cancelled":
		text = _("Contact {0} ({1}) cancelled: {2}")
		yield _entry(
			row.cancelled_on, "close-alt", text, row.sequence or "", how, sentence(row.status_reason)
		)
	elif row.status in ("Open", "In Progress") and getdate(row.opens_on) <= getdate(today()):
		text = _("Contact {0} ({1}) opened for {2}.")
		person = get_fullname(row.assigned_to) if row.assigned_to else _(row.role)
		yield _entry(row.opens_on, "call", text, row.sequence or "", how, person)


def _of_value(row: frappe._dict) -> Iterable[Entry]:
	yield _entry(row.modified, "money-coins-1", _("Value tier {0}."), _(row.value_tier))


def _entry(when: Any, icon: str, text: str, *values: Any) -> Entry:
	"""One entry; what people typed is escaped, the sentence itself is translated already."""
	content = text.format(*(escape_html(str(value or "")) for value in values))
	return {"creation": str(get_datetime(when)), "icon": icon, "is_card": False, "content": content}
