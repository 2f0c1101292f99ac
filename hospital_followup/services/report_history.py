"""The contacts of a patient, or of a period: who tried, whom was reached, what was said to be done next.

Read with the permissions of the person who looks, so a specialist finds the own contacts and the department's.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, format_date, get_first_day, getdate, today

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.services.report_charts import Chart, chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column, number
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_groups import label_of
from hospital_followup.services.report_scope import Filters, day_of

LOG = "Follow-up Log"
FIELDS = (
	"name",
	"contacted_at",
	"patient_name",
	"department",
	"channel",
	"direction",
	"contact_point",
	"staff",
	"outcome",
	"topics_covered",
	"satisfaction",
	"revisit_booked_on",
	"next_step",
	"duration_seconds",
)
LIMITS = ("department", "staff", "channel", "outcome")
SECONDS_PER_MINUTE = 60
#: More than anybody reads; the sentence above says when there are more.
ROWS = 2_000


def history_report(filters: Filters | None) -> Report:
	"""The contacts of `filters`, the latest first; those of a patient from the first contact on."""
	chosen = dict(filters or {})
	found = frappe.get_list(
		LOG,
		filters=_conditions(chosen),
		fields=list(FIELDS),
		order_by="contacted_at desc, name",
		limit=ROWS + 1,
	)
	rows = [_row(log) for log in found[:ROWS]]
	return _columns(), rows, _said(len(found)), _chart(rows), _summary(rows)


def _conditions(chosen: dict[str, Any]) -> list[list[Any]]:
	conditions: list[list[Any]] = [["docstatus", "=", 1]]
	conditions += [[name, "=", chosen[name]] for name in LIMITS if chosen.get(name)]
	if chosen.get("patient"):
		conditions.append(["patient", "=", chosen["patient"]])
	end = day_of(chosen, "to_date") or getdate(today())
	start = day_of(chosen, "from_date") or (None if chosen.get("patient") else get_first_day(end))
	if start:
		conditions.append(["contacted_at", ">=", start])
	return [*conditions, ["contacted_at", "<", getdate(add_days(end, 1))]]


def _columns() -> list[Column]:
	return [
		column("contacted_at", _("Contacted At"), "Datetime", 180),
		column("patient_name", _("Patient"), width=120),
		column("outcome_label", _("Outcome"), width=140),
		column("channel_label", _("Channel"), width=100),
		column("direction_label", _("Direction"), width=90),
		column("staff_name", _("Staff"), width=120),
		column("department", _("Department"), width=130),
		column("topics", _("Topics"), width=180),
		number("satisfaction", _("Satisfaction (1-5)"), 130),
		column("revisit_booked_on", _("Revisit Booked On"), "Date", 130),
		column("next_step", _("Next Step"), width=220),
		number("minutes", _("Minutes"), 90),
	]


def _row(log: frappe._dict) -> Row:
	topics = (topic.strip() for topic in (log.topics_covered or "").split(","))
	return {
		**log,
		"outcome_label": _(log.outcome, context=LOG) if log.outcome else None,
		"channel_label": _(log.channel, context=LOG) if log.channel else None,
		"direction_label": _(log.direction, context=LOG) if log.direction else None,
		"staff_name": label_of("Staff", log.staff) if log.staff else None,
		"topics": ", ".join(_(topic) for topic in topics if topic),
		"satisfaction": log.satisfaction or None,
		"minutes": round(log.duration_seconds / SECONDS_PER_MINUTE, 1) if log.duration_seconds else None,
		"reached": bool(log.outcome and OUTCOMES[log.outcome].status == "Completed"),
		"record": {"column": "patient_name", "doctype": LOG, "name": log.name},
	}


def _said(count: int) -> str | None:
	if count <= ROWS:
		return None
	return str(
		_("Only the latest {0} contacts are shown. Choose a shorter period or a patient.").format(ROWS)
	)


def _chart(rows: list[Row]) -> Chart | None:
	"""Contacts by month, told apart by whether they reached somebody."""
	reached: Counter[Any] = Counter()
	others: Counter[Any] = Counter()
	for row in rows:
		month = getdate(row["contacted_at"]).replace(day=1)
		(reached if row["reached"] else others)[month] += 1
	months = sorted({*reached, *others})
	return chart(
		[str(label_of("Month", month)) for month in months],
		{
			_("Reached"): [reached[month] for month in months],
			_("Not Reached"): [others[month] for month in months],
		},
		fieldtype="Int",
		stacked=True,
	)


def _summary(rows: list[Row]) -> list[dict[str, Any]]:
	reached = [row for row in rows if row["reached"]]
	scores = [row["satisfaction"] for row in rows if row["satisfaction"]]
	latest = format_date(getdate(reached[0]["contacted_at"])) if reached else None
	return [
		summary_item(_("Contacts"), len(rows)),
		summary_item(_("Reached"), len(reached)),
		summary_item(_("Last Reached"), latest, "Data"),
		summary_item(
			_("Mean Satisfaction (1-5)"), round(sum(scores) / len(scores), 1) if scores else None, "Float"
		),
	]
