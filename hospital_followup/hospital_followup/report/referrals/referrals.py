"""Who recommended the hospital: by source, department, or the person who did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from frappe import _
from frappe.utils import get_first_day, getdate, today

from hospital_followup.services import figures
from hospital_followup.services.referrals import DISCHARGE, SURVEY, Referral, names_of, referrals
from hospital_followup.services.report_charts import Chart, chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column, count, percent
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import day_of

SOURCE, DEPARTMENT, PERSON = "Source", "Department", "Recommended By"
BARS = 12


@refusals_told
def execute(
	filters: Mapping[str, Any] | None = None,
) -> tuple[list[Column], list[Row], None, Chart | None, list[Row]]:
	"""Columns, rows, no message, chart and summary, for the session's user."""
	asked = filters or {}
	end = day_of(asked, "to_date") or getdate(today())
	start = day_of(asked, "from_date") or get_first_day(end)
	limits = {name: asked.get(name) or None for name in ("company", "department")}
	scope = figures.scope_of(start, end, **limits)
	said, discharges = referrals(scope.start, scope.end, limits)
	group = asked.get("group_by") if asked.get("group_by") in (DEPARTMENT, PERSON) else SOURCE
	rows = _rows(said, group)
	return columns(group), rows, None, drawn(rows), summary(said, discharges)


def columns(group: str) -> list[Column]:
	labels = {SOURCE: _("Who Recommended Us"), DEPARTMENT: _("Department"), PERSON: _("Recommended By")}
	return [
		column("shown", labels[group], width=240),
		count("total", _("Patients", context="Count")),
		percent("share", _("Share (%)")),
		count("discharges", _("Said at Discharge")),
		count("surveys", _("Said in a Survey")),
	]


def _rows(said: list[Referral], group: str) -> list[Row]:
	people = names_of({one.recommending_patient for one in said if one.recommending_patient})
	counted: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
	for one in said:
		counted[_group(one, group, people)][one.doctype] += 1
	total = len(said)
	rows = [
		{
			"key": key,
			"shown": shown,
			"total": counts.total(),
			"share": 100 * counts.total() / total,
			"discharges": counts[DISCHARGE],
			"surveys": counts[SURVEY],
		}
		for (key, shown), counts in counted.items()
	]
	return sorted(rows, key=lambda row: (-row["total"], row["shown"]))


def _group(one: Referral, group: str, people: Mapping[str, str]) -> tuple[str, str]:
	"""What a stay is counted under: the key for the list behind the number, and what is shown."""
	if group == SOURCE:
		return one.source, _(one.source)
	if group == DEPARTMENT:
		return one.department, one.department or _("No department")
	if one.recommending_patient:
		return one.recommending_patient, people.get(one.recommending_patient) or _(
			"A patient of another department"
		)
	return "", one.recommended_by or _("Not named")


def drawn(rows: list[Row]) -> Chart | None:
	shown = rows[:BARS]
	if not shown:
		return None
	patients = {_("Patients", context="Count"): [row["total"] for row in shown]}
	return chart([row["shown"] for row in shown], patients, fieldtype="Int")


def summary(said: list[Referral], discharges: int) -> list[Row]:
	by_mouth = sum(one.word_of_mouth for one in said)
	share = 100 * by_mouth / len(said) if said else None
	return [
		summary_item(_("Patients Who Said It"), len(said)),
		summary_item(_("Came by Word of Mouth"), by_mouth),
		summary_item(_("Word of Mouth, of Those Who Said It"), share, "Percent"),
		summary_item(_("Discharges in the Period"), discharges),
	]
