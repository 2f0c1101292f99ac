"""Which figures are asked for: the period, the filters, and the departments that the person who asks works for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.permissions import Reach, reach_across
from hospital_followup.services import figure_marks

#: What figures can be grouped by. `week` is its Monday, `month` its first day.
PERIODS = ("date", "week", "month")
#: What a figure can be filtered by, and grouped by as well.
FILTERS = (
	"company",
	"department",
	"staff",
	"risk_tier",
	"channel",
	"doctor",
	"pathway",
	"value_tier",
)
DIMENSIONS = (*PERIODS, *FILTERS)
FIGURE = "Follow-up Daily Figure"


@dataclass(frozen=True, slots=True)
class Scope:
	"""A period (both days included) and filters; None = all. `reach` None is for jobs only: no limit."""

	start: date
	end: date
	company: str | None = None
	department: str | None = None
	doctor: str | None = None
	staff: str | None = None
	risk_tier: str | None = None
	channel: str | None = None
	pathway: str | None = None
	value_tier: str | None = None
	reach: Reach | None = None

	@property
	def filters(self) -> dict[str, str]:
		"""The filters that are set."""
		return {name: value for name in FILTERS if (value := getattr(self, name))}


def scope_of(start: date | str, end: date | str, *, user: str | None = None, **filters: str | None) -> Scope:
	"""The scope of a person: the figures of the departments and companies that the person works for.

	Raises InvalidPeriodError for a period that ends before it begins.
	"""
	first, last = getdate(start), getdate(end)
	if first > last:
		frappe.throw(
			_("The period begins on {0} and ends on {1}. Choose an end after the beginning.").format(
				frappe.format(first, "Date"), frappe.format(last, "Date")
			),
			InvalidPeriodError,
			title=_("Dates in the wrong order"),
		)
	given = {name: value or None for name, value in filters.items()}
	return Scope(first, last, reach=_reach_of(user or frappe.session.user), **given)


def _reach_of(user: str) -> Reach:
	"""Figures are made of many kinds of records: what one of them is closed for does not show in any figure."""
	return reach_across(user, (FIGURE, *figure_marks.DAY))


def settled(scope: Scope) -> Scope:
	"""`scope` up to today: what is still to come is not counted."""
	return replace(scope, end=min(scope.end, getdate(today())))


def check_dimensions(dimensions: tuple[str, ...], scope: Scope) -> None:
	"""Raise for a dimension that does not exist, and for the value tier when the person may not know it."""
	unknown = set(dimensions) - set(DIMENSIONS)
	if unknown:
		frappe.throw(
			_("Figures cannot be grouped by {0}.").format(", ".join(sorted(unknown))), InvalidValueError
		)
	if ("value_tier" in dimensions or scope.value_tier) and scope.reach is not None:
		frappe.has_permission("Patient Value", "read", throw=True)


def period_of(day: date, dimension: str) -> date:
	"""The day, the Monday of its week, or the first of its month."""
	if dimension == "week":
		return day - timedelta(days=day.weekday())
	return day.replace(day=1) if dimension == "month" else day
