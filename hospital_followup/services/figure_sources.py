"""What is counted, in which record, on which day, and under which names: the one set of definitions behind every figure.

Each `Source` is one doctype. A measure is a condition on its rows (and, for sums, a column), so that counting, grouping and
listing the records behind a number cannot disagree. Definitions: clinical.md §6; names: `engine.metrics`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe.query_builder import Interval
from frappe.query_builder.functions import Coalesce
from pypika.terms import Criterion, ExistsCriterion, Term

from hospital_followup.services.attempts import CONTACT, LAST_ASK
from hospital_followup.services.revisit_limits import readmission_days

REACHED = ("Reached Patient", "Reached Caregiver")
SENT = ("Sent", "Delivered")

#: Condition on a row, and what it adds: None = one, else a column.
Measure = tuple[Criterion, Term | None]
#: Adds the tables that an expression needs to a query.
Joiner = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Source:
	"""One doctype that figures are counted from.

	`day` is the column of the day (`timed`: a datetime). `dimensions` are the columns by which it can be grouped and
	filtered; `plan` and `discharge` lead to the pathway, the doctor and the value tier. `joined` adds the tables that
	dimensions outside `own` need.
	"""

	family: str
	doctype: str
	table: Any
	day: Any
	timed: bool
	base: Criterion | None
	measures: Mapping[str, Measure]
	dimensions: Mapping[str, Any]
	plan: Any
	discharge: Any
	own: frozenset[str]
	joined: Joiner | None = None


def sources(end: date | None = None) -> tuple[Source, ...]:
	"""Everything that is counted. With `end` a contact whose window ends later is open; without, windows do not matter."""
	return (tasks(end), logs(), surveys(), discharges(), revisits(), alerts())


def closes_on(task: Any) -> Any:
	"""The last day of a contact's window; a contact without a window is judged from its due date on."""
	return Coalesce(task.expires_on, task.due_date)


def tasks(end: date | None = None) -> Source:
	"""Planned contacts by their due date."""
	task, message = frappe.qb.DocType("Follow-up Task"), frappe.qb.DocType("Follow-up Message")
	kept = task.status != "Cancelled"
	judged = kept if end is None else kept & (closes_on(task) <= end)
	completed = task.status == "Completed"
	sent = (
		frappe.qb.from_(message)
		.select(message.name)
		.where((message.task == task.name) & message.status.isin(SENT))
		.where(message.occasion.isin((CONTACT, LAST_ASK)))
	)
	measures: dict[str, Measure] = {
		"planned": (judged, None),
		"completed": (judged & completed, None),
		"completed_in_window": (judged & completed & (task.late_completion == 0), None),
		"skipped": (judged & (task.status == "Skipped"), None),
		"missed": (judged & (task.status == "Missed"), None),
		"informed": (judged & (task.status != "Completed") & ExistsCriterion(sent), None),
		"tasks_attempted": (judged & (task.attempts > 0), None),
		"tasks_reached": (judged & (task.attempts > 0) & task.outcome.isin(REACHED), None),
		"cancelled": (task.status == "Cancelled", None),
	}
	if end is not None:
		later = kept & (closes_on(task) > end)
		measures |= {"open_tasks": (later, None), "open_completed": (later & completed, None)}
	return Source(
		family="tasks",
		doctype="Follow-up Task",
		table=task,
		day=task.due_date,
		timed=False,
		base=task.kind == "Planned",
		measures=measures,
		dimensions={
			"company": task.company,
			"department": task.department,
			"staff": task.assigned_to,
			"risk_tier": task.risk_tier,
			"channel": task.channel,
		},
		plan=task.plan,
		discharge=task.discharge,
		own=frozenset({"company", "department", "staff", "risk_tier", "channel", "pathway"}),
	)


def logs() -> Source:
	"""Attempts, and the satisfaction that was told in a conversation, by the day of the contact."""
	log, task = frappe.qb.DocType("Follow-up Log"), frappe.qb.DocType("Follow-up Task")
	attempt = log.direction == "Out"
	scored = log.satisfaction[1:5]
	return Source(
		family="attempts",
		doctype="Follow-up Log",
		table=log,
		day=log.contacted_at,
		timed=True,
		base=log.docstatus == 1,
		measures={
			"attempts": (attempt, None),
			"attempts_reached": (attempt & log.outcome.isin(REACHED), None),
			"call_seconds": (attempt & (log.duration_seconds > 0), log.duration_seconds),
			"satisfaction_count": (scored, None),
			"satisfaction_sum": (scored, log.satisfaction),
			"satisfaction_good": (log.satisfaction[4:5], None),
			**_recommended(log),
		},
		dimensions={
			"company": log.company,
			"department": log.department,
			"staff": log.staff,
			"risk_tier": task.risk_tier,
			"channel": log.channel,
		},
		plan=log.plan,
		discharge=task.discharge,
		own=frozenset({"company", "department", "staff", "channel", "pathway"}),
		joined=lambda query: query.left_join(task).on(task.name == log.task),
	)


def surveys() -> Source:
	"""What patients answered by themselves, by the day of the answer; the contact behind it names caller and channel.

	A self-report that became a contact of its own counts as that.
	"""
	survey, task = frappe.qb.DocType("Follow-up Survey"), frappe.qb.DocType("Follow-up Task")
	scored = survey.satisfaction[1:5]
	return Source(
		family="satisfaction",
		doctype="Follow-up Survey",
		table=survey,
		day=survey.answered_on,
		timed=True,
		base=(survey.status == "Answered") & (survey.log.isnull() | (survey.log == "")),
		measures={
			"satisfaction_count": (scored, None),
			"satisfaction_sum": (scored, survey.satisfaction),
			"satisfaction_good": (survey.satisfaction[4:5], None),
			**_recommended(survey),
		},
		dimensions={
			"company": survey.company,
			"department": survey.department,
			"staff": task.assigned_to,
			"risk_tier": task.risk_tier,
			"channel": task.channel,
		},
		plan=task.plan,
		discharge=task.discharge,
		own=frozenset({"company", "department"}),
		joined=lambda query: query.left_join(task).on(task.name == survey.task),
	)


def discharges() -> Source:
	"""Discharges that were not cancelled; several follow-ups of one stay count once."""
	stay = frappe.qb.DocType("Patient Discharge")
	alive = (stay.disposition != "Deceased") | stay.disposition.isnull()
	back = (stay.readmitted_on >= stay.discharge_date) & (
		stay.readmitted_on <= stay.discharge_date + Interval(days=readmission_days())
	)
	held_out = (stay.decision == "Excluded") & (stay.decision_reason == "hold_out")
	return Source(
		family="discharges",
		doctype="Patient Discharge",
		table=stay,
		day=stay.discharge_date,
		timed=False,
		base=stay.cancelled == 0,
		measures={
			"discharges": (alive, None),
			"discharges_planned": (alive & (stay.decision == "Planned"), None),
			"discharges_covered": (alive & _followed_up(stay), None),
			"discharges_revisited": (alive & _came_back(stay), None),
			"readmissions": (alive & back, None),
			"held_out": (alive & held_out, None),
			"died": (stay.disposition == "Deceased", None),
		},
		dimensions={
			"company": stay.company,
			"department": stay.department,
			"risk_tier": stay.risk_tier,
		},
		plan=stay.plan,
		discharge=stay.name,
		own=frozenset({"company", "department", "risk_tier", "pathway"}),
	)


def revisits() -> Source:
	"""Revisits by the day they were expected on."""
	revisit, stay = frappe.qb.DocType("Follow-up Revisit"), frappe.qb.DocType("Patient Discharge")
	kept = revisit.status == "Attended"
	attributed = revisit.attributed_log.isnotnull() & (revisit.attributed_log != "")
	return Source(
		family="revisits",
		doctype="Follow-up Revisit",
		table=revisit,
		day=revisit.expected_on,
		timed=False,
		base=revisit.status != "Cancelled",
		measures={
			"revisits_due": (revisit.name.isnotnull(), None),
			"revisits_kept": (kept, None),
			"revisits_attended": (kept & attributed, None),
		},
		dimensions={
			"company": revisit.company,
			"department": revisit.department,
			"risk_tier": stay.risk_tier,
		},
		plan=revisit.plan,
		discharge=revisit.discharge,
		own=frozenset({"company", "department", "pathway"}),
		joined=lambda query: query.left_join(stay).on(stay.name == revisit.discharge),
	)


def alerts() -> Source:
	"""Alerts by the day they were raised on."""
	alert, task = frappe.qb.DocType("Follow-up Alert"), frappe.qb.DocType("Follow-up Task")
	revisit = frappe.qb.DocType("Follow-up Revisit")
	return Source(
		family="alerts",
		doctype="Follow-up Alert",
		table=alert,
		day=alert.raised_on,
		timed=True,
		base=None,
		measures={
			"alerts": (alert.name.isnotnull(), None),
			"alerts_in_time": (alert.acknowledged_on <= alert.respond_by, None),
			"alerts_judged": (alert.judgement.isin(("True", "False")), None),
			"alerts_true": (alert.judgement == "True", None),
		},
		dimensions={
			"company": alert.company,
			"department": alert.department,
			"staff": alert.assigned_to,
			"risk_tier": alert.risk_tier,
		},
		plan=Coalesce(task.plan, revisit.plan),
		discharge=Coalesce(task.discharge, revisit.discharge),
		own=frozenset({"company", "department", "staff", "risk_tier"}),
		joined=lambda query: (
			query.left_join(task)
			.on(task.name == alert.task)
			.left_join(revisit)
			.on(revisit.name == alert.revisit)
		),
	)


def _recommended(table: Any) -> dict[str, Measure]:
	"""Answers to "how likely are you to recommend us", 0-10 (Net Promoter Score: 9-10 less 0-6)."""
	return {
		"recommend_count": (table.recommend != "", None),
		"promoters": (table.recommend.isin(("9", "10")), None),
		"detractors": (table.recommend.isin([str(number) for number in range(7)]), None),
	}


def _followed_up(stay: Any) -> Criterion:
	task = frappe.qb.DocType("Follow-up Task").as_("followup_of_stay")
	of_stay = frappe.qb.from_(task).select(task.name).where(task.discharge == stay.name)
	return ExistsCriterion(of_stay.where(task.status == "Completed"))


def _came_back(stay: Any) -> Criterion:
	revisit = frappe.qb.DocType("Follow-up Revisit").as_("revisit_of_stay")
	of_stay = frappe.qb.from_(revisit).select(revisit.name).where(revisit.discharge == stay.name)
	return ExistsCriterion(of_stay.where(revisit.status == "Attended"))
