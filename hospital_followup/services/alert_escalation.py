"""Alerts that nobody has looked at in time, at first or since they became worse: told to the next person, then to everybody responsible.

The dispatcher asks the database what is late, so an outage is caught up by the first tick; each alert is its own
transaction, and its row is locked before it is looked at again.
"""

from __future__ import annotations

from datetime import datetime

import frappe

from hospital_followup.engine.names import SUPERVISOR
from hospital_followup.services import alert_course as course
from hospital_followup.services import alert_duty, alert_notices, alerts, availability
from hospital_followup.services.alert_course import ALERT
from hospital_followup.services.writer import set_values

#: One further person; everybody responsible.
STEPS = 2


def late(now: datetime) -> list[str]:
	"""Alerts that wait for a look, may be late and were not told to everybody yet, the longest waiting first."""
	alert = frappe.qb.DocType(ALERT)
	return (
		frappe.qb.from_(alert)
		.select(alert.name)
		.where(alert.status.isin(course.UNANSWERED))
		.where(alert.acknowledged_on.isnull() | alert.worsened_on.isnotnull())
		.where((alert.respond_by <= now) & (alert.escalations < STEPS))
		.orderby(alert.respond_by)
		.orderby(alert.name)
		.run(pluck=True)
	)


def escalate(alert: str, now: datetime) -> None:
	"""Take the steps that are due: at the end of the response time, and one response time later."""
	row = course.lock(alert)
	if not course.waits_for_a_look(row):
		return
	row.respond_by = alerts.look_by(row)
	if row.respond_by > now:
		return
	if not row.escalations:
		_first_step(row, now)
	nobody_else = not row.escalated_to
	if row.escalations == 1 and (nobody_else or alerts.response_end(row, row.respond_by) <= now):
		_second_step(row)


def without_person(now: datetime) -> list[str]:
	"""Open alerts that are nobody's, or whose person is away today."""
	away = sorted(availability.away_users(now.date()))
	alert = frappe.qb.DocType(ALERT)
	nobody = alert.assigned_to.isnull() | (alert.assigned_to == "")
	return (
		frappe.qb.from_(alert)
		.select(alert.name)
		.where((alert.status == "Open") & (nobody | alert.assigned_to.isin(away or [""])))
		.orderby(alert.respond_by)
		.orderby(alert.name)
		.run(pluck=True)
	)


def hand_over(alert: str, now: datetime) -> None:
	"""Give an open alert that is nobody's, or of somebody who is away, to whoever takes it now."""
	row = course.lock(alert)
	away = availability.away_users(now.date())
	if row.status != "Open" or (row.assigned_to and row.assigned_to not in away):
		return
	user = alert_duty.person_for(row, now, without=away)
	if not user:
		return
	set_values(ALERT, [alert], {"assigned_to": user})
	course.publish(alert)
	alert_notices.tell([user], row, alert_notices.HANDED_OVER)


def _first_step(row: frappe._dict, now: datetime) -> None:
	role = row.rule and frappe.get_cached_value(alerts.RULE, row.rule, "escalate_to")
	without = {row.assigned_to} if row.assigned_to else set()
	user = alert_duty.person_for(row, now, role=role or SUPERVISOR, without=without)
	values = {"escalations": 1, "escalated_on": now.replace(microsecond=0), "escalated_to": user}
	_note(row, values)
	if user:
		alert_notices.tell([user], row, alert_notices.ESCALATED, once=row.severity)


def _second_step(row: frappe._dict) -> None:
	_note(row, {"escalations": STEPS})
	alert_notices.tell(alert_duty.responsible(row), row, alert_notices.ESCALATED, once=row.severity)


def _note(row: frappe._dict, values: dict) -> None:
	set_values(ALERT, [row.name], values)
	row.update(values)
	course.publish(row.name)
