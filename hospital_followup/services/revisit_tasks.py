"""What is done about a revisit: a reminder before it, and the chain after a missed one (clinical.md §5).

Tasks of the kind Revisit belong to no plan: a revisit may lie long after the plan's last contact. Everything is found by
`<=`, so an outage is caught up, and each task has a unique key, so that two dispatchers make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import add_days, getdate
from pypika.functions import Coalesce

from hospital_followup.channels.registry import registered, usable_channels
from hospital_followup.engine import revisits as engine
from hospital_followup.engine.names import FALLBACK_ORDER, OPEN_STATUSES, SPECIALIST
from hospital_followup.services import loose_tasks, queries, tasks
from hospital_followup.services.facts import agreed_and_refused
from hospital_followup.services.revisit_limits import days, steps
from hospital_followup.services.tasks import TASK

REVISIT, PATIENT, DISCHARGE, PLAN = (
	"Follow-up Revisit",
	"Follow-up Patient",
	"Patient Discharge",
	"Follow-up Plan",
)
#: Why a task about a revisit is not to be done any more.
CALLED_OFF = "revisit_settled"
#: A patient who was reminded so many days before the revisit is not called again only for that.
REMINDED_DAYS = 7
#: Decisions of discharges whose patients are followed up; a discharge that came too late for its plan still has a revisit.
FOLLOWED = ("Planned", "Missed")
#: Days that a call about a revisit may take.
WINDOW_DAYS = 7
FIELDS = (
	*("name", "patient", "patient_name", "discharge", "expected_on", "status", "department", "company"),
	"reminded_on",
)
CONTACT_FIELDS = (
	*("name", "risk_tier", "special_care", "date_of_birth", "preferred_channel", "mobile", "email"),
	*("wechat_openid", "home_address", "mobile_status", "caregiver_mobile"),
)

Row = dict[str, Any]


def to_remind(today: date) -> list[str]:
	"""Revisits of the days to come whose patients are to be reminded, as far as it is not done."""
	return [row.name for row in _to_remind(today)]


def remind(today: date, names: Sequence[str]) -> int:
	"""Remind of these revisits, unless a planned contact before them does, or somebody has; returns how many."""
	rows = _to_remind(today, names)
	carried = _planned_contacts([row.patient for row in rows], today)
	return _make(
		[
			(row, f"revisit|{row.name}|reminder|{row.expected_on}", row.expected_on, True)
			for row in rows
			if not any(day < row.expected_on for day in carried.get(row.patient, ()))
		],
		today,
	)


def to_follow(today: date) -> list[str]:
	"""Revisits whose day has passed without the patient, lately enough for a message or a call."""
	return [row.name for row in _to_follow(today)]


def follow_missed(today: date, names: Sequence[str]) -> int:
	"""After a missed revisit a message, then a call; where nobody knows whether the patient came, a call that asks."""
	rows = _to_follow(today, names)
	channels = _message_channels([row.patient for row in rows])
	wanted = []
	for row in rows:
		due = engine.due_steps(
			row.expected_on,
			today,
			steps(),
			can_message=bool(channels.get(row.patient)),
			asked=row.status != engine.MISSED,
		)
		until = add_days(today, WINDOW_DAYS)
		wanted += [
			(row, f"revisit|{row.name}|{step}|{row.expected_on}", until, step == "message") for step in due
		]
	return _make(wanted, today)


def call_off(revisits: Sequence[str]) -> None:
	"""Cancel the tasks about these revisits that nobody is on the phone for: their cause is gone, or has another day."""
	names = frappe.get_all(
		TASK,
		filters={
			"revisit": ("in", list(revisits)),
			"kind": "Revisit",
			"status": ("in", ("Scheduled", "Open")),
		},
		pluck="name",
		order_by="name",
	)
	tasks.cancel_tasks(names, CALLED_OFF)


def _to_remind(today: date, names: Sequence[str] | None = None) -> list[frappe._dict]:
	ahead = days("revisit_reminder_days")
	revisit = frappe.qb.DocType(REVISIT)
	wanted = (revisit.expected_on > today) & (revisit.expected_on <= add_days(today, ahead))
	rows = _followed(revisit.status.isin(engine.OPEN) & wanted, names) if ahead else []
	return [row for row in rows if not _reminded(row)]


def _to_follow(today: date, names: Sequence[str] | None = None) -> list[frappe._dict]:
	revisit = frappe.qb.DocType(REVISIT)
	oldest = add_days(today, -(steps().call + WINDOW_DAYS))
	passed = (revisit.expected_on < today) & (revisit.expected_on >= oldest)
	return _followed(revisit.status.isin((engine.MISSED, *engine.OPEN)) & passed, names)


def _followed(condition: Any, names: Sequence[str] | None) -> list[frappe._dict]:
	"""Those of `names` (None: all) that meet `condition`, of patients who may be contacted.

	They were planned for follow-up, with a plan that nobody has stopped or paused.
	"""
	revisit, patient = frappe.qb.DocType(REVISIT), frappe.qb.DocType(PATIENT)
	discharge, plan = frappe.qb.DocType(DISCHARGE), frappe.qb.DocType(PLAN)
	query = (
		frappe.qb.from_(revisit)
		.join(patient)
		.on(patient.name == revisit.patient)
		.left_join(discharge)
		.on(discharge.name == revisit.discharge)
		.left_join(plan)
		.on(plan.name == Coalesce(revisit.plan, discharge.plan))
		.select(*[revisit[field] for field in FIELDS])
		.where(condition & (patient.status == "Active"))
		.where(discharge.name.isnull() | discharge.decision.isin(FOLLOWED))
		.where(plan.name.isnull() | plan.status.isin(("Active", "Completed")))
		.orderby(revisit.expected_on)
		.orderby(revisit.name)
	)
	if names is not None:
		query = query.where(revisit.name.isin(list(names) or [""]))
	return query.run(as_dict=True)


def _reminded(row: frappe._dict) -> bool:
	return bool(row.reminded_on) and getdate(row.reminded_on) >= row.expected_on - timedelta(
		days=REMINDED_DAYS
	)


def _planned_contacts(patients: Sequence[str], today: date) -> dict[str, list[date]]:
	"""By patient: days of the planned contacts that are still to be made."""
	rows = frappe.get_all(
		TASK,
		filters={
			"patient": ("in", list(patients) or [""]),
			"kind": "Planned",
			"status": ("in", sorted(OPEN_STATUSES)),
			"on_hold": 0,
		},
		fields=["patient", "due_date"],
		order_by="due_date, name",
	)
	grouped = queries.group(rows, "patient")
	return {
		patient: [max(row.due_date, today) for row in of_patient] for patient, of_patient in grouped.items()
	}


def _make(wanted: Sequence[tuple[frappe._dict, str, date, bool]], today: date) -> int:
	"""Insert the tasks that do not exist yet, each of (revisit, key, last day, may be a message); returns how many."""
	keys = [key for _row, key, _until, _message in wanted]
	known = frappe.get_all(
		TASK,
		filters={"key": ("in", keys or [""])},
		fields=["name", "key", "status", "status_reason"],
		order_by="name",
	)
	again = [row.name for row in known if (row.status, row.status_reason) == ("Cancelled", CALLED_OFF)]
	tasks.reopen_tasks(again)
	made = {row.key for row in known}
	new = [item for item in wanted if item[1] not in made]
	if not new:
		return len(again)
	patients = _patients([row.patient for row, *_rest in new])
	channels = _message_channels(list(patients)) if any(message for *_rest, message in new) else {}
	return len(again) + sum(
		loose_tasks.insert(
			_task(
				row, key, until, patients[row.patient], channels.get(row.patient) if message else None, today
			),
			today,
		)
		is not None
		for row, key, until, message in new
	)


def _task(
	row: frappe._dict, key: str, until: date, patient: frappe._dict, channel: str | None, today: date
) -> Row:
	return {
		"key": key,
		"revisit": row.name,
		"patient": row.patient,
		"patient_name": row.patient_name,
		"discharge": row.discharge,
		"department": row.department,
		"company": row.company,
		"kind": "Revisit",
		"status": "Scheduled",
		"due_date": today,
		"opens_on": today,
		"expires_on": getdate(until),
		"channel": channel or "Phone",
		"reasons": None if channel or ("call" in key or "ask" in key) else "no_channel",
		"role": SPECIALIST,
		"topics": "Revisit",
		"risk_tier": patient.risk_tier or "",
		"contact_point": loose_tasks.contact_point(patient.date_of_birth, today),
	}


def _patients(names: Sequence[str]) -> dict[str, frappe._dict]:
	return {row.name: row for row in queries.select(PATIENT, CONTACT_FIELDS, "name", sorted(set(names)))}


def _message_channels(patients: Sequence[str]) -> dict[str, str]:
	"""By patient: the channel on which a program reaches them. For High risk and special care only a person will do."""
	automatic = {name: channel for name, channel in registered().items() if channel.automatic}
	if not automatic or not patients:
		return {}
	settings = frappe.get_cached_doc("Follow-up Settings")
	consents = queries.group(queries.consents(sorted(set(patients))), "patient")
	found = {}
	for patient in _patients(patients).values():
		if patient.risk_tier == "High" or patient.special_care:
			continue
		given, refused = agreed_and_refused(consents.get(patient.name, ()))
		usable = usable_channels(patient, settings, consents=given, channels=automatic) - refused
		wished = [patient.preferred_channel, *FALLBACK_ORDER]
		found[patient.name] = next((name for name in wished if name in usable), None)
	return {patient: channel for patient, channel in found.items() if channel}
