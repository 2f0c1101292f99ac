"""What is done about a revisit: a reminder before it, and the chain after a missed one (clinical.md §5), by message or call.

Tasks of the kind Revisit belong to no plan: a revisit may lie long after the plan's last contact. Everything is found by
`<=`, so an outage is caught up, and each task has a unique key, so that two dispatchers make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe.utils import add_days, getdate, now_datetime
from pypika.functions import Coalesce

from hospital_followup.engine import revisits as engine
from hospital_followup.engine.names import OPEN_STATUSES, SPECIALIST
from hospital_followup.services import (
	loose_tasks,
	message_channels,
	message_withdrawal,
	queries,
	revisit_messages,
	tasks,
)
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.retry_rules import take_over_by
from hospital_followup.services.revisit_limits import days, steps
from hospital_followup.services.revisit_messages import Notice
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
	*("name", "patient", "patient_name", "discharge", "plan", "expected_on", "status", "department"),
	*("company", "reminded_on"),
)
CONTACT_FIELDS = ("name", "risk_tier", "date_of_birth")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
	"""A call about the revisit `row`, to be made by the day `until`; `reason` is why no message does it."""

	row: frappe._dict
	key: str
	until: date
	reason: str | None = None


def to_remind(today: date) -> list[str]:
	"""Revisits of the days to come whose patients are to be reminded, as far as it is not done."""
	return [row.name for row in _to_remind(today)]


def remind(today: date, names: Sequence[str]) -> int:
	"""Remind of these revisits, unless a planned contact before them does, or somebody has; returns how many calls are due.

	A message does it where a program reaches the patient in time, else a call.
	"""
	rows = _to_remind(today, names)
	carried = _planned_contacts([row.patient for row in rows], today)
	alone = [row for row in rows if not any(day < row.expected_on for day in carried.get(row.patient, ()))]
	called = _called([_key(row, "reminder") for row in alone])
	configuration = Configuration()
	notices = [
		Notice(_key(row, "reminder"), row, revisit_messages.REMINDER, _give_up_at(row, today, configuration))
		for row in alone
		if _key(row, "reminder") not in called
	]
	refused = revisit_messages.write(notices, now_datetime()) | dict.fromkeys(called)
	return _make(
		[
			Call(row, key, row.expected_on, refused[key])
			for row in alone
			if (key := _key(row, "reminder")) in refused
		],
		today,
	)


def to_follow(today: date) -> list[str]:
	"""Revisits whose day has passed without the patient, lately enough for a message or a call."""
	return [row.name for row in _to_follow(today)]


def follow_missed(today: date, names: Sequence[str]) -> int:
	"""After a missed revisit a message, then a call; where nobody knows whether the patient came, a call that asks.

	Returns how many calls are due.
	"""
	rows = _to_follow(today, names)
	channels = message_channels.of([row.patient for row in rows])
	written = revisit_messages.standing([_key(row, "message") for row in rows])
	called = _called([_key(row, "call") for row in rows])
	until = getdate(add_days(today, WINDOW_DAYS))
	calls, notices = [], []
	for row in rows:
		can_message = row.patient in channels or _key(row, "message") in written
		asked = row.status != engine.MISSED
		due = engine.due_steps(row.expected_on, today, steps(), can_message=can_message, asked=asked)
		calls += [Call(row, _key(row, step), until) for step in due if step != "message"]
		# Who is called today anyway gets no message today.
		if due == ["message"] and _key(row, "call") not in called:
			ends = row.expected_on + timedelta(days=max(steps().call, steps().message + 1))
			notices.append(Notice(_key(row, "message"), row, revisit_messages.MISSED_NOTICE, _midnight(ends)))
	refused = revisit_messages.write(notices, now_datetime())
	calls += [
		Call(notice.row, _key(notice.row, "call"), until, refused[notice.key])
		for notice in notices
		if notice.key in refused
	]
	return _make(calls, today)


def call_off(revisits: Sequence[str]) -> None:
	"""Cancel the calls about these revisits that nobody is making, and the messages that have not gone out.

	Their cause is gone, or has another day.
	"""
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
	message_withdrawal.call_off({"revisit": ("in", list(revisits) or [""])})


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


def _make(calls: Sequence[Call], today: date) -> int:
	"""Insert the calls that do not exist yet, and open again those that were called off; returns how many."""
	called = _called([call.key for call in calls])
	again = [
		row.name for row in called.values() if (row.status, row.status_reason) == ("Cancelled", CALLED_OFF)
	]
	tasks.reopen_tasks(again)
	new = [call for call in calls if call.key not in called]
	patients = {
		row.name: row
		for row in queries.select(PATIENT, CONTACT_FIELDS, "name", sorted({call.row.patient for call in new}))
	}
	made = (loose_tasks.insert(_task(call, patients[call.row.patient], today), today) for call in new)
	return len(again) + sum(name is not None for name in made)


def _called(keys: Sequence[str]) -> dict[str, frappe._dict]:
	"""By key the calls of these keys that exist."""
	rows = frappe.get_all(
		TASK,
		filters={"key": ("in", list(keys) or [""])},
		fields=["name", "key", "status", "status_reason"],
		order_by="name",
	)
	return {row.key: row for row in rows}


def _key(row: frappe._dict, step: str) -> str:
	return f"revisit|{row.name}|{step}|{row.expected_on}"


def _give_up_at(row: frappe._dict, today: date, configuration: Configuration) -> datetime:
	"""When a person takes over a reminder that did not go out: soon enough to call on a working day before the revisit.

	Over closed days a message still reaches the patient; if it is lost, somebody calls in the morning of the revisit.
	"""
	calendar = configuration.calendar(row.department)
	return take_over_by(
		calendar.previous_working(row.expected_on, today) or row.expected_on - timedelta(days=1)
	)


def _midnight(day: date) -> datetime:
	"""When `day` begins."""
	return datetime.combine(day, time.min)


def _task(call: Call, patient: frappe._dict, today: date) -> Row:
	row = call.row
	return {
		"key": call.key,
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
		"expires_on": call.until,
		"channel": "Phone",
		"reasons": call.reason,
		"role": SPECIALIST,
		"topics": "Revisit",
		"risk_tier": patient.risk_tier or "",
		"contact_point": loose_tasks.contact_point(patient.date_of_birth, today),
	}
