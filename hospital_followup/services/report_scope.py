"""From the filters of a report to what is counted: the period, the limits that were chosen, and those of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, format_date, get_first_day, getdate, today

from hospital_followup.engine.metrics import FAMILIES
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import figures
from hospital_followup.services.figures import Scope

FIGURE = "Follow-up Daily Figure"
ALERT = "Follow-up Alert"
#: What a report may be limited to, beside the period.
LIMITS = ("company", "department", "doctor", "staff", "risk_tier", "channel", "pathway", "value_tier")
#: Every hospital's time, with room to calculate on both sides of it.
YEARS = range(1900, 3000)
Filters = Mapping[str, Any]


def plain(filters: Filters | None) -> dict[str, str]:
	"""What is filled in, as texts: a list or an object would be a condition of its own."""
	return {name: str(value) for name, value in (filters or {}).items() if value not in (None, "")}


def day_of(filters: Filters, name: str) -> date | None:
	"""The date of one filter, None where there is none. Raises InvalidValueError for what no report can show."""
	given = str(filters.get(name) or "")
	if not given:
		return None
	try:
		day = date.fromisoformat(given[:10])
	except ValueError:
		day = date.max
	if day.year not in YEARS:
		frappe.throw(
			_("{0} is no date of a report. Choose a day between {1} and {2}.").format(
				escape_html(given), YEARS[0], YEARS[-1]
			),
			InvalidValueError,
			title=_("Unknown date"),
		)
	return day


def scope_of(filters: Filters | None) -> Scope:
	"""The scope of `filters` for the session's user; without a period, this month up to today.

	Who may not read everybody's figures gets the figures of the own work, whatever was asked for.
	"""
	scope = _asked(filters or {})
	return scope if sees_everybody() else replace(scope, staff=frappe.session.user)


def scope_of_alerts(filters: Filters | None) -> Scope:
	"""The same for alerts, which doctors see of everybody in their departments."""
	doctor = frappe.has_permission(ALERT, "write")
	return _asked(filters or {}) if doctor else scope_of(filters)


def scope_behind(measure: str, filters: Filters | None) -> Scope:
	"""The scope in which the reader may see the records behind `measure`."""
	return scope_of_alerts(filters) if measure in FAMILIES["alerts"] else scope_of(filters)


def sees_everybody() -> bool:
	"""Whether the reader sees the figures of colleagues: supervisors and administrators do (rules.md)."""
	return bool(frappe.has_permission(FIGURE, "read"))


def period(scope: Scope) -> str:
	"""The period in words."""
	return str(_("{0} to {1}", context="Period").format(format_date(scope.start), format_date(scope.end)))


def _asked(filters: Filters) -> Scope:
	end = day_of(filters, "to_date") or getdate(today())
	start = day_of(filters, "from_date") or get_first_day(end)
	return figures.scope_of(start, end, **{name: filters.get(name) or None for name in LIMITS})
