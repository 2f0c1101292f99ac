"""Alerts that time brings: overdue contacts, patients whom nobody reaches, missed revisits.

Found in the database by `<=`, so what fell due during an outage is caught up; a task or revisit that a rule has raised an
alert for is left out by the query itself, and the alert's unique key holds where two dispatchers meet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import getdate, now_datetime

from hospital_followup.engine import alerts as engine
from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.engine.conditions import number_in
from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.services import alerts
from hospital_followup.services.alert_rules import enabled_rules
from hospital_followup.services.alert_sentences import detail
from hospital_followup.services.runs import Run

TASK = "Follow-up Task"
LOG = "Follow-up Log"
PLAN = "Follow-up Plan"
PATIENT = "Follow-up Patient"
REVISIT = "Follow-up Revisit"
SIZE = 100
#: Days back in which something that is over by now (a window that ended, a revisit missed) still raises an alert: longer
#: than an outage or a holiday, and a rule switched on today does not dig up last year.
LOOKED_BACK = 30
LIVE = ("Open", "In Progress")
#: A contact nobody made in time, or nobody was reached; other reasons were somebody's decision.
UNDONE = ("expired", "lost_to_follow_up", "no_reply")
FAILED = tuple(outcome for outcome, effect in OUTCOMES.items() if effect.counts)
TASK_FIELDS = (
	"name",
	"patient",
	"status",
	"status_reason",
	"due_date",
	"next_attempt_at",
	"attempts",
	"risk_tier",
)


def sweep(record: Run, now: datetime) -> None:
	"""Raise what the rules about tasks and revisits ask for by `now` (the site's time zone)."""
	today = now.date()
	for rule in enabled_rules(engine.TASK, engine.REVISIT):
		if rule.subject == engine.TASK:
			found = tasks_met(rule, _overdue_tasks(rule, today), today)
			record.each(TASK, list(found), partial(_raise_tasks, record, found), size=SIZE)
		else:
			found = revisits_met(rule, _missed_revisits(rule, today), today)
			record.each(REVISIT, list(found), partial(_raise_revisits, record, found), size=SIZE)


def look_at(task: str | None) -> None:
	"""Right after an attempt: raise at once what its task now meets, in the caller's transaction."""
	rules = enabled_rules(engine.TASK) if task else ()
	if not rules:
		return
	row = frappe.db.get_value(TASK, task, [*TASK_FIELDS, "kind"], as_dict=True)
	if row.kind == "Alert" or row.status not in (*LIVE, "Missed"):
		return
	for rule in rules:
		for finding, of_task in tasks_met(rule, [row], getdate(now_datetime())).values():
			_raise_task(finding, of_task)


def tasks_met(
	rule: engine.Rule, rows: Iterable[frappe._dict], today: date
) -> dict[str, tuple[engine.Finding, frappe._dict]]:
	"""By task what it meets of the rule; a time promised to the patient moves the day from which it is overdue."""
	tasks = list(rows)
	failed = failed_attempts([row.name for row in tasks if row.attempts])
	found = {}
	for row in tasks:
		facts = engine.Facts(
			days_overdue=days_overdue(row, today),
			failed_attempts=failed.get(row.name, 0),
			risk_tier=row.risk_tier,
		)
		for finding in engine.evaluate([rule], facts):
			found[row.name] = (finding, row)
	return found


def revisits_met(
	rule: engine.Rule, rows: Iterable[frappe._dict], today: date
) -> dict[str, tuple[engine.Finding, frappe._dict]]:
	"""By missed revisit what it meets of the rule."""
	found = {}
	for row in rows:
		days = (today - getdate(row.expected_on)).days
		for finding in engine.evaluate(
			[rule], engine.Facts(days_since_missed_revisit=days, risk_tier=row.risk_tier)
		):
			found[row.name] = (finding, row)
	return found


def days_overdue(row: Any, today: date) -> int | None:
	"""Whole days since the contact was due, or since the time that was agreed on; None for one that was worked to its end."""
	if row.status == "Missed" and row.status_reason == "lost_to_follow_up":
		return None
	due = getdate(row.due_date)
	agreed = getdate(row.next_attempt_at) if row.next_attempt_at else due
	return max(0, (today - max(due, agreed)).days)


def failed_attempts(tasks: list[str]) -> Mapping[str, int]:
	"""By task the attempts at which nobody was reached."""
	if not tasks:
		return {}
	log = frappe.qb.DocType(LOG)
	query = frappe.qb.from_(log).select(log.task, Count("*")).groupby(log.task)
	return dict(query.where(log.task.isin(tasks) & (log.docstatus == 1) & log.outcome.isin(FAILED)).run())


def _overdue_tasks(rule: engine.Rule, today: date) -> list[frappe._dict]:
	"""Contacts that may meet the rule and have raised no alert of it yet: still to be done, or missed of late."""
	task, plan, patient = (frappe.qb.DocType(name) for name in (TASK, PLAN, PATIENT))
	query = (
		_unraised(task, "task", rule)
		.left_join(plan)
		.on(plan.name == task.plan)
		.join(patient)
		.on(patient.name == task.patient)
		.select(*[task[field] for field in TASK_FIELDS])
		.where((patient.status == "Active") & (task.kind != "Alert") & (task.on_hold == 0))
		.where(plan.name.isnull() | plan.status.isin(("Active", "Completed")))
		.orderby(task.name)
	)
	days, attempts = _least(rule, engine.DAYS_OVERDUE), _least(rule, engine.FAILED_ATTEMPTS)
	if days is not None:
		query = query.where(task.due_date <= today - timedelta(days=max(0, days)))
	if attempts is not None:
		query = query.where(task.attempts >= attempts)
	of_late = (task.expires_on >= today - timedelta(days=LOOKED_BACK)) & task.status_reason.isin(UNDONE)
	# A message that waits for its answer is not late before its window ends.
	live = query.where(task.status.isin(LIVE) & task.channel.isin(sorted(HUMAN_CHANNELS))).run(as_dict=True)
	return live + query.where((task.status == "Missed") & of_late).run(as_dict=True)


def _missed_revisits(rule: engine.Rule, today: date) -> list[frappe._dict]:
	revisit, patient = frappe.qb.DocType(REVISIT), frappe.qb.DocType(PATIENT)
	days = max(0, _least(rule, engine.DAYS_SINCE_MISSED_REVISIT) or 0)
	newest = today - timedelta(days=days)
	return (
		_unraised(revisit, "revisit", rule)
		.join(patient)
		.on(patient.name == revisit.patient)
		.select(revisit.name, revisit.patient, revisit.expected_on, patient.risk_tier)
		.where((revisit.status == "Missed") & (patient.status == "Active"))
		.where(
			(revisit.expected_on <= newest) & (revisit.expected_on >= newest - timedelta(days=LOOKED_BACK))
		)
		.orderby(revisit.name)
		.run(as_dict=True)
	)


def _unraised(table: Any, link: str, rule: engine.Rule) -> Any:
	alert = frappe.qb.DocType(alerts.ALERT)
	raised = (alert[link] == table.name) & (alert.rule == rule.name)
	return frappe.qb.from_(table).left_join(alert).on(raised).where(alert.name.isnull())


def _least(rule: engine.Rule, fact: str) -> int | None:
	"""The smallest whole number of `fact` that can meet the rule; None when it does not depend on it alone."""
	if rule.match == engine.ANY and len(rule.conditions) > 1:
		return None
	least = [
		math.floor(number) + 1 if condition.operator == ">" else math.ceil(number)
		for condition in rule.conditions
		if condition.fact == fact and condition.operator in (">", ">=", "=")
		if (number := number_in(condition.value)) is not None
	]
	return max(least, default=None)


def _raise_tasks(
	record: Run, found: Mapping[str, tuple[engine.Finding, frappe._dict]], names: list[str]
) -> None:
	record.done(sum(bool(_raise_task(*found[name])) for name in names))


def _raise_task(finding: engine.Finding, row: frappe._dict) -> str | None:
	rule = finding.rule
	return alerts.raise_alert(
		kind=rule.kind,
		severity=rule.severity,
		patient=row.patient,
		task=row.name,
		detail=detail(finding),
		rule=rule.name,
		key=f"rule|{rule.name}|{row.name}",
	)


def _raise_revisits(
	record: Run, found: Mapping[str, tuple[engine.Finding, frappe._dict]], names: list[str]
) -> None:
	for name in names:
		finding, row = found[name]
		raised = alerts.raise_alert(
			kind=finding.rule.kind,
			severity=finding.rule.severity,
			patient=row.patient,
			revisit=name,
			detail=detail(finding),
			rule=finding.rule.name,
			key=f"rule|{finding.rule.name}|{name}",
		)
		record.done(int(bool(raised)))
