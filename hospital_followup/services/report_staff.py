"""Work and targets of each person: what was to be done, what was done on how many days, and what waits today."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.engine.metrics import Counts
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.services import figures
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_charts import Chart, chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column, count, number, percent
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_groups import label_of
from hospital_followup.services.report_scope import Filters, scope_of, sees_everybody
from hospital_followup.services.report_words import DECIMALS, beside, column_of, shown

STAFF = "Follow-up Staff"
TASK = "Follow-up Task"
WORK = ("planned", "completed", "completion_rate", "attempts", "attempts_reached", "reach_rate")
SECONDS_PER_MINUTE = 60
Conditions = list[list[Any]]
#: What a contact can be limited by in its own list.
LIMITS = ("company", "department", "risk_tier", "channel")
TARGETS = ("target_completion_rate", "target_calls_per_day", "capacity_per_day")


def staff_report(filters: Filters | None) -> Report:
	"""One row per person who had or has something to do, and one per member of the staff who had nothing."""
	scope = scope_of(filters)
	done = {key[0]: counts for key, counts in figures.by(scope, "staff").items()}
	days = _days_worked(scope)
	waiting = _waiting(scope)
	staff = _staff(scope)
	people = sorted(
		{*done, *waiting, *staff} - {None}, key=lambda person: str(label_of("Staff", person)).casefold()
	)
	rows = [
		{
			**_row(person, done.get(person, Counts()), days.get(person, 0), staff),
			**waiting.get(person, {"waiting": 0, "overdue": 0}),
			"lists": _lists(person, scope),
		}
		for person in people
	]
	drawn = _chart(rows)
	everything = figures.totals(scope)
	if rows:
		rows.append(_total(rows, everything))
	return _columns(), rows, beside(scope, everything, ("tasks",)), drawn, _summary(rows, everything)


def _columns() -> list[Column]:
	return [
		column("group", _("Staff"), width=150),
		count("waiting", _("Waiting Today"), 120),
		count("overdue", _("Of These Overdue"), 130),
		*map(column_of, WORK[:3]),
		percent("target_completion_rate", _("Target Completion"), 140),
		*map(column_of, WORK[3:]),
		count("days", _("Days Worked"), 110),
		number("calls_per_day", _("Calls per Day"), 110),
		number("target_calls_per_day", _("Target Calls per Day"), 150),
		count("capacity_per_day", _("Capacity per Day"), 130),
		count("minutes", _("Minutes on the Phone"), 150),
	]


def _row(person: str, counts: Counts, days: int, staff: dict[str, frappe._dict]) -> Row:
	agreed = staff.get(person) or frappe._dict()
	return {
		"group": label_of("Staff", person),
		**{name: shown(name, counts) for name in WORK},
		**{name: agreed.get(name) or None for name in TARGETS},
		"days": days,
		"calls_per_day": round((counts.attempts or 0) / days, DECIMALS) if days else None,
		"minutes": _minutes(counts),
		"narrow": {"staff": person},
	}


def _total(rows: list[Row], everything: Counts) -> Row:
	sums = {name: sum(row[name] or 0 for row in rows) for name in ("waiting", "overdue", "days")}
	return {
		"group": _("Total"),
		**{name: shown(name, everything) for name in WORK},
		**sums,
		"calls_per_day": round((everything.attempts or 0) / sums["days"], DECIMALS) if sums["days"] else None,
		"minutes": _minutes(everything),
		"narrow": {},
		"is_total": 1,
	}


def _minutes(counts: Counts) -> int:
	return round((counts.call_seconds or 0) / SECONDS_PER_MINUTE)


def _days_worked(scope: Scope) -> dict[str, int]:
	"""On how many days each person tried to reach somebody."""
	days: defaultdict[str, int] = defaultdict(int)
	for (person, _day), counts in figures.by(scope, "staff", "date").items():
		days[person] += bool(counts.attempts)
	return days


def _due(operator: str) -> Conditions:
	return [
		["status", "in", sorted(OPEN_STATUSES)],
		["due_date", operator, today()],
		["on_hold", "=", 0],
	]


def _limits(scope: Scope) -> Conditions:
	return [[name, "=", value] for name in LIMITS if (value := getattr(scope, name))]


def _lists(person: str, scope: Scope) -> dict[str, dict[str, Any]]:
	"""The lists behind the numbers of today."""
	mine = [*_limits(scope), ["assigned_to", "=", person]]
	return {
		name: {"doctype": TASK, "filters": [*mine, *_due(operator)]}
		for name, operator in (("waiting", "<="), ("overdue", "<"))
	}


def _waiting(scope: Scope) -> dict[str, dict[str, int]]:
	"""How many contacts wait for each person today, as the person who looks would count them in the list."""
	whose = ["assigned_to", "=", scope.staff] if scope.staff else ["assigned_to", "is", "set"]
	filters = [*_limits(scope), whose, *_due("<=")]
	found: dict[str, dict[str, int]] = {}
	for task in frappe.get_list(
		TASK, filters=filters, fields=["assigned_to", "due_date"], order_by="name", limit=0
	):
		counts = found.setdefault(task.assigned_to, {"waiting": 0, "overdue": 0})
		counts["waiting"] += 1
		counts["overdue"] += getdate(task.due_date) < getdate(today())
	return found


def _staff(scope: Scope) -> dict[str, frappe._dict]:
	"""What was agreed with each person who belongs to the chosen department, or to the reader's departments."""
	filters: dict[str, Any] = {"enabled": 1}
	if scope.staff or not sees_everybody():
		filters["user"] = scope.staff or frappe.session.user
	people = frappe.get_all(STAFF, filters=filters, fields=["name", "user", *TARGETS], order_by="name")
	allowed = {scope.department} if scope.department else set((scope.reach and scope.reach.departments) or ())
	if allowed:
		rows = frappe.get_all(
			"Follow-up Staff Department",
			filters={"parenttype": STAFF, "department": ("in", sorted(allowed))},
			pluck="parent",
			order_by="parent",
		)
		people = [person for person in people if person.name in set(rows)]
	return {person.user: person for person in people}


def _chart(rows: list[Row]) -> Chart | None:
	targets = [row["target_completion_rate"] for row in rows]
	shares = {_("Completion Rate"): [row["completion_rate"] for row in rows]}
	if any(targets):
		shares[_("Target Completion")] = targets
	return chart([row["group"] for row in rows], shares)


def _summary(rows: list[Row], everything: Counts) -> list[dict[str, Any]]:
	total = rows[-1] if rows else {}
	return [
		summary_item(_("Waiting Today"), total.get("waiting", 0)),
		summary_item(_("Of These Overdue"), total.get("overdue", 0)),
		summary_item(_("Completion Rate"), shown("completion_rate", everything), "Percent"),
		summary_item(_("Calls per Day"), total.get("calls_per_day"), "Float"),
	]
