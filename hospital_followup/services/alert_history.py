"""How contacts to be made and revisits stood on each day of the past, as the alert rules about time would have seen them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe.utils import get_datetime, getdate

from hospital_followup.engine.alerts import Facts
from hospital_followup.services import queries
from hospital_followup.services.alert_sweep import FAILED, LIVE, LOG, REVISIT, TASK, UNDONE

#: Days before the period in which something that still mattered in it may have fallen due.
BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Chance:
	"""A record that may have raised an alert, and its facts at each moment when they changed, in order."""

	doctype: str
	name: str
	row: frappe._dict
	moments: tuple[tuple[datetime, Facts], ...]


def task_chances(since: date, until: date, limit: int) -> Iterator[Chance]:
	"""Planned contacts that were to be made in the period, day by day until they were made, missed or given up."""
	rows = frappe.get_list(
		TASK,
		filters=[
			["due_date", "between", [since - BEFORE, until]],
			["status", "!=", "Cancelled"],
			["kind", "!=", "Alert"],
		],
		fields=[
			*("name", "patient", "patient_name", "department", "due_date", "expires_on", "status"),
			*("status_reason", "completed_on", "risk_tier"),
		],
		order_by="due_date, name",
		limit=limit,
	)
	logs = queries.select(
		LOG, ("name", "task", "contacted_at", "outcome", "docstatus"), "task", [row.name for row in rows]
	)
	failed: dict[str, list[datetime]] = {}
	for log in logs:
		if log.docstatus == 1 and log.outcome in FAILED:
			failed.setdefault(log.task, []).append(log.contacted_at)
	for row in rows:
		if end := _end_of_task(row, until):
			moments = _days(getdate(row.due_date), end, failed.get(row.name, ()))
			found = tuple(
				(on, Facts(days_overdue=days, failed_attempts=attempts, risk_tier=row.risk_tier))
				for on, days, attempts in moments
				if since <= on.date() <= until
			)
			if found:
				yield Chance(TASK, row.name, row, found)


def revisit_chances(since: date, until: date, limit: int) -> Iterator[Chance]:
	"""Revisits that were missed, or kept later than expected, day by day from the day on which they were expected."""
	rows = frappe.get_list(
		REVISIT,
		filters=[
			["expected_on", "between", [since - BEFORE, until]],
			["status", "in", ["Missed", "Attended"]],
		],
		fields=["name", "patient", "patient_name", "department", "expected_on", "attended_on", "status"],
		order_by="expected_on, name",
		limit=limit,
	)
	patients = sorted({row.patient for row in rows})
	tiers = {
		row.name: row.risk_tier
		for row in queries.select("Follow-up Patient", ("name", "risk_tier"), "name", patients)
	}
	for row in rows:
		expected = getdate(row.expected_on)
		end = until if row.status == "Missed" else getdate(row.attended_on) - timedelta(days=1)
		found = tuple(
			(on, Facts(days_since_missed_revisit=days, risk_tier=tiers.get(row.patient)))
			for on, days, _attempts in _days(expected, min(end, until), ())
			if on.date() >= since
		)
		if found:
			yield Chance(REVISIT, row.name, row, found)


def _end_of_task(row: frappe._dict, until: date) -> date | None:
	"""The last day on which the contact was still to be made; None for one that nobody should have made."""
	if row.status == "Completed":
		return min(until, getdate(row.completed_on))
	if row.status in LIVE:
		return until
	if row.status == "Missed" and row.status_reason in UNDONE and row.expires_on:
		return min(until, getdate(row.expires_on))
	return None


def _days(due: date, end: date, failed: Iterable[datetime]) -> Iterator[tuple[datetime, int, int]]:
	"""Each moment with the days overdue and the failed attempts so far: every attempt, and the morning of every day."""
	attempts = sorted(get_datetime(at) for at in failed)
	mornings = [
		datetime.combine(due + timedelta(days=days), time.min) for days in range((end - due).days + 1)
	]
	for moment in sorted({*mornings, *attempts}):
		yield moment, max(0, (moment.date() - due).days), sum(at <= moment for at in attempts)
