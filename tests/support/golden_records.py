"""Writes the golden month into the database; the names of the records are those of its tables, with a prefix."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hospital_followup.services.writer import insert_children, insert_rows
from hospital_followup.tests import factories
from tests.support import golden_month as golden

PREFIX = "golden-"


def make() -> None:
	"""Every record of the golden month, as its services would have left them."""
	for department in (golden.CARDIOLOGY, golden.SURGERY):
		factories.department(department)
	_patients()
	_discharges()
	_plans()
	_tasks()
	_logs()
	_surveys()
	_revisits()
	_alerts()
	_messages()


def name_of(record: str) -> str:
	"""The name in the database of a record of the tables (`D1`, `T3`)."""
	return f"{PREFIX}{record}"


def day(text: str | None) -> date | None:
	return date.fromisoformat(f"2024-{text}") if text else None


def moment(text: str | None) -> datetime | None:
	return datetime.fromisoformat(f"2024-{text}") if text else None


def _patients() -> None:
	rows = [
		{
			"name": f"{PREFIX}P{record}",
			"patient_id": f"{PREFIX}P{record}",
			"patient_name": f"Golden {record}",
			"status": "Active",
			"company": values[1],
			"department": values[2],
			"risk_tier": values[4],
		}
		for record, values in golden.DISCHARGES.items()
	]
	insert_rows("Follow-up Patient", rows)


def _patient(record: str) -> dict[str, Any]:
	return {"patient": f"{PREFIX}P{record}", "patient_name": f"Golden {record}"}


def _owner(record: str) -> dict[str, Any]:
	"""Patient, company and department of a discharge's records."""
	_day, company, department, *_others = golden.DISCHARGES[record]
	return {**_patient(record), "company": company, "department": department}


def _plan(record: str) -> str | None:
	return f"{PREFIX}plan-{record}" if golden.DISCHARGES[record][6] == "Planned" else None


def _discharges() -> None:
	rows = []
	for record, values in golden.DISCHARGES.items():
		on, _company, _department, doctor, tier, disposition, decision, reason, back, _pathways = values
		rows.append(
			{
				"name": name_of(record),
				"key": name_of(record),
				**_owner(record),
				"discharge_date": day(on),
				"attending_doctor": doctor,
				"risk_tier": tier,
				"disposition": disposition,
				"decision": decision,
				"decision_reason": reason,
				"readmitted_on": day(back),
				"cancelled": int(reason == "discharge_cancelled"),
				"plan": _plan(record),
			}
		)
	insert_rows("Patient Discharge", rows)


def _plans() -> None:
	planned = {record: values for record, values in golden.DISCHARGES.items() if _plan(record)}
	rows = [
		{
			"name": _plan(record),
			"key": _plan(record),
			**_owner(record),
			"discharge": name_of(record),
			"status": "Active",
			"purpose": "Discharge",
			"risk_tier": values[4],
			"start_date": day(values[0]),
			"planned_contacts": 1,
		}
		for record, values in planned.items()
	]
	insert_rows("Follow-up Plan", rows)
	pathways = {
		str(_plan(record)): [{"pathway": name, "version": 1} for name in values[9]]
		for record, values in planned.items()
	}
	insert_children("Follow-up Plan Pathway", "Follow-up Plan", "pathways", pathways)


def _tasks() -> None:
	rows = []
	for record, values in golden.TASKS.items():
		of, kind, due, end, staff, channel, status, late, attempts, outcome = values
		rows.append(
			{
				"name": name_of(record),
				"key": name_of(record),
				**_owner(of),
				"plan": _plan(of),
				"discharge": name_of(of),
				"risk_tier": golden.DISCHARGES[of][4],
				"kind": kind,
				"due_date": day(due),
				"opens_on": day(due),
				"expires_on": day(end),
				"assigned_to": staff,
				"channel": channel,
				"status": status,
				"completed_on": day(due) if status == "Completed" else None,
				"late_completion": late,
				"attempts": attempts,
				"outcome": outcome,
				"on_hold": int(record == "T11"),
			}
		)
	insert_rows("Follow-up Task", rows)


def _logs() -> None:
	for docstatus in (0, 1, 2):
		rows = []
		for record, values in golden.LOGS.items():
			task, at, staff, channel, direction, outcome, seconds, satisfaction, state = values
			of = golden.TASKS[task][0]
			row = {
				"name": name_of(record),
				**_owner(of),
				"task": name_of(task),
				"plan": _plan(of),
				"contacted_at": moment(at),
				"staff": staff,
				"channel": channel,
				"direction": direction,
				"outcome": outcome,
				"duration_seconds": seconds,
				"satisfaction": satisfaction,
			}
			rows += [row] if state == docstatus else []
		insert_rows("Follow-up Log", rows, docstatus=docstatus)


def _surveys() -> None:
	rows = []
	for record, (task, answered, satisfaction, recommend) in golden.SURVEYS.items():
		owner = _owner(golden.TASKS[task][0]) if task else _owner("D3")
		rows.append(
			{
				"name": name_of(record),
				**owner,
				"task": name_of(task) if task else None,
				"status": "Answered" if answered else "Sent",
				"answered_on": moment(answered),
				"satisfaction": satisfaction,
				"recommend": recommend,
			}
		)
	insert_rows("Follow-up Survey", rows)


def _revisits() -> None:
	rows = [
		{
			"name": name_of(record),
			"key": name_of(record),
			**_owner(of),
			"plan": _plan(of),
			"discharge": name_of(of),
			"expected_on": day(expected),
			"status": status,
			"attended_on": day(attended),
			"attributed_log": name_of(log) if log else None,
		}
		for record, (of, expected, status, attended, log) in golden.REVISITS.items()
	]
	insert_rows("Follow-up Revisit", rows)


def _alerts() -> None:
	rows = []
	for record, values in golden.ALERTS.items():
		cause, raised, respond, acknowledged, judgement, staff, department, tier = values
		task = cause if cause in golden.TASKS else None
		revisit = cause if cause in golden.REVISITS else None
		of = golden.TASKS[task][0] if task else "D3"
		rows.append(
			{
				"name": name_of(record),
				"key": name_of(record),
				**_patient(of),
				"company": golden.RENHE,
				"department": department,
				"risk_tier": tier,
				"kind": "Missed Revisit" if revisit else "Clinical",
				"severity": "Red",
				"status": "Acknowledged" if acknowledged else "Open",
				"task": name_of(task) if task else None,
				"revisit": name_of(revisit) if revisit else None,
				"raised_on": moment(raised),
				"respond_by": moment(respond),
				"acknowledged_on": moment(acknowledged),
				"judgement": judgement,
				"assigned_to": staff,
				"detail": "golden",
			}
		)
	insert_rows("Follow-up Alert", rows)


def _messages() -> None:
	rows = [
		{
			"name": name_of(record),
			"key": name_of(record),
			**_owner(golden.TASKS[task][0]),
			"task": name_of(task),
			"channel": "WeChat",
			"purpose": "Clinical",
			"occasion": occasion,
			"status": status,
			"body": "golden",
			"send_after": moment("03-08 09:00:00"),
		}
		for record, (task, status, occasion) in golden.MESSAGES.items()
	]
	insert_rows("Follow-up Message", rows)
