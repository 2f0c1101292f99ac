"""What follow-up changed: revisits and readmissions of patients followed up, beside those held out by lot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_first_day, getdate, today

from hospital_followup.engine.metrics import INDICATORS, Counts, value
from hospital_followup.engine.uplift import Proportion, Uplift
from hospital_followup.services import figures
from hospital_followup.services.effect import Comparison, compare
from hospital_followup.services.effect_words import explanation, interval, verdict
from hospital_followup.services.report_charts import Chart, chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column, number, percent
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import day_of


@refusals_told
def execute(
	filters: Mapping[str, Any] | None = None,
) -> tuple[list[Column], list[Row], str, Chart | None, list[Row]]:
	"""Columns, rows, the words above, chart and summary, for the session's user."""
	asked = filters or {}
	end = day_of(asked, "to_date") or getdate(today())
	since = frappe.get_cached_doc("Follow-up Settings").holdout_since
	start = day_of(asked, "from_date") or getdate(since or get_first_day(end))
	limits = {name: asked.get(name) or None for name in ("company", "department")}
	scope = figures.scope_of(start, end, **limits)
	found = compare(scope.start, scope.end, **limits)
	rows = [
		_compared(_("Revisit attended"), found.revisit),
		_compared(_("Readmitted"), found.readmission),
		_raw(figures.totals(scope)),
	]
	return columns(), rows, explanation(found, start), drawn(rows[:2]), summary(found)


def columns() -> list[Column]:
	return [
		column("outcome", _("Outcome"), width=220),
		column("followed", _("Followed Up")),
		percent("followed_share", _("Followed Up (%)")),
		column("held", _("Held Out")),
		percent("held_share", _("Held Out (%)")),
		number("difference", _("Difference (Points)")),
		column("interval", _("95 % Interval")),
		column("ratio", _("Ratio"), "Float", 80, precision=2),
		column("ratio_interval", _("95 % Interval of the Ratio"), width=150),
		column("verdict", _("What It Means"), width=420),
	]


def _compared(outcome: str, found: Uplift) -> Row:
	return {
		"outcome": outcome,
		"followed": _of(found.treated),
		"followed_share": _percent(found.treated.share),
		"held": _of(found.control),
		"held_share": _percent(found.control.share),
		"difference": _percent(found.difference and found.difference.value),
		"interval": interval(found.difference, points=True),
		"ratio": found.ratio and found.ratio.value,
		"ratio_interval": interval(found.ratio, points=False),
		"verdict": verdict(found),
	}


def _raw(counts: Counts) -> Row:
	"""The usual indicator, so that nobody takes it for the effect."""
	indicator = INDICATORS["revisit_conversion"]
	came, due = (counts.get(name) or 0 for name in (indicator.numerator, indicator.denominator or ""))
	return {
		"outcome": _("For comparison: revisit conversion of all patients"),
		"followed": _("{0} of {1}", context="Count").format(came, due),
		"followed_share": value("revisit_conversion", counts),
		"verdict": _("No effect: many of these patients would have come without a reminder."),
	}


def drawn(rows: list[Row]) -> Chart | None:
	"""Both groups beside each other; nothing while a group is empty."""
	known = [row for row in rows if row["followed_share"] is not None and row["held_share"] is not None]
	if not known:
		return None
	groups = {_("Followed Up"): "followed_share", _("Held Out"): "held_share"}
	return chart(
		[row["outcome"] for row in known],
		{label: [row[field] for row in known] for label, field in groups.items()},
	)


def summary(found: Comparison) -> list[Row]:
	points = found.revisit.difference
	shown = f"{100 * points.value:+.1f}".replace("-", "−") if points else None
	return [
		summary_item(_("Followed Up"), found.followed_up),
		summary_item(_("Held Out"), found.held_out),
		summary_item(_("Held Out, Followed Up After All"), found.crossed_over),
		summary_item(_("More Revisits Attended (Points)"), shown, "Data"),
	]


def _of(one: Proportion) -> str:
	return _("{0} of {1}", context="Count").format(one.events, one.total)


def _percent(share: float | None) -> float | None:
	return None if share is None else 100 * share
