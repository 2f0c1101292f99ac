"""By what a report is broken down: departments, people, weeks, tiers; each with its name for people and its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import frappe
from babel.dates import format_date as date_in_words
from frappe import _
from frappe.utils import format_date, getdate

from hospital_followup.engine.names import CHANNELS, RISK_TIERS
from hospital_followup.exceptions import InvalidValueError

#: What the filter "Group By" offers, and the dimension of services/figures.py that it stands for.
DIMENSIONS = {
	"Department": "department",
	"Company": "company",
	"Staff": "staff",
	"Doctor": "doctor",
	"Risk Tier": "risk_tier",
	"Channel": "channel",
	"Pathway": "pathway",
	"Day": "date",
	"Week": "week",
	"Month": "month",
}
PERIODS = ("Day", "Week", "Month")
NAMED_ORDER = {"Risk Tier": RISK_TIERS, "Value Tier": RISK_TIERS, "Channel": CHANNELS}
#: Groups whose members are words of our own, to be translated.
TRANSLATED = ("Risk Tier", "Value Tier", "Channel", "Severity", "Kind")


def chosen_group(filters: Mapping[str, Any] | None, allowed: Iterable[str]) -> str:
	"""The group that `filters` ask for, the first of `allowed` when they ask for none."""
	choices = tuple(allowed)
	group = (filters or {}).get("group_by") or choices[0]
	if group not in choices:
		frappe.throw(
			_("This report cannot be grouped by {0}. Choose one of: {1}.").format(
				frappe.utils.escape_html(str(group)), ", ".join(_(choice) for choice in choices)
			),
			InvalidValueError,
			title=_("Unknown group"),
		)
	return str(group)


def group_label(group: str) -> str:
	"""What the first column is called."""
	return {
		"Department": _("Department"),
		"Company": _("Company"),
		"Staff": _("Staff"),
		"Doctor": _("Doctor"),
		"Risk Tier": _("Risk Tier"),
		"Channel": _("Channel"),
		"Pathway": _("Care Pathway"),
		"Day": _("Day"),
		"Week": _("Week"),
		"Month": _("Month"),
		"Rule": _("Rule"),
		"Severity": _("Severity"),
		"Kind": _("Kind"),
		"Hour": _("Hour"),
		"Weekday": _("Weekday"),
		"Attempt": _("Attempt"),
	}[group]


def label_of(group: str, key: Any) -> str:
	"""The name of one member of `group`, in the reader's language."""
	if key is None or key == "":
		return _("Not Known")
	if group in PERIODS:
		return _period_label(group, getdate(key))
	if group == "Staff":
		return str(frappe.get_cached_value("User", key, "full_name") or key)
	if group in ("Hour", "Weekday", "Attempt"):
		return _attempt_label(group, key)
	return _(str(key)) if group in TRANSLATED else str(key)


def in_order(group: str, keys: Iterable[Any]) -> list[Any]:
	"""The members of `group` as people expect them: by time, by tier, by name; what is not known last."""
	order = NAMED_ORDER.get(group, ())

	def place(key: Any) -> tuple[Any, ...]:
		if key in (None, ""):
			return (1,)
		return (0, order.index(key)) if key in order else (0, len(order), key)

	return sorted(keys, key=place)


def days_of(group: str, first: date) -> tuple[date, date]:
	"""First and last day of the day, week or month that `first` begins."""
	if group == "Day":
		return first, first
	if group == "Week":
		return first, first + timedelta(days=6)
	return first, getdate(frappe.utils.get_last_day(first))


def _attempt_label(group: str, key: int) -> str:
	if group == "Hour":
		return f"{key:02}:00"
	if group == "Attempt":
		return str(_("Attempt {0}").format(key))
	names = (
		*(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday")),
		*(_("Friday"), _("Saturday"), _("Sunday")),
	)
	return str(names[key])


def _period_label(group: str, first: date) -> str:
	if group == "Day":
		return format_date(first)
	language = frappe.local.lang or "en"
	if group == "Month":
		return date_in_words(first, "yyyy年M月" if language == "zh" else "MMM yyyy", locale=language[:2])
	return _("Week of {0}").format(format_date(first))
