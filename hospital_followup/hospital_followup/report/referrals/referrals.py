"""Who recommended the hospital: by source, department, or the person who did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from frappe import _
from frappe.utils import escape_html, get_first_day, getdate, today

from hospital_followup.services import figures
from hospital_followup.services.referrals import DISCHARGE, SURVEY, Referral, names_of, referrals

Row = dict[str, Any]
SOURCE, DEPARTMENT, PERSON = "Source", "Department", "Recommended By"
COLOURS = ("#2563eb",)
BARS = 12


def execute(
	filters: Mapping[str, Any] | None = None,
) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Columns, rows, no message, chart and summary, for the session's user."""
	asked = filters or {}
	end = getdate(asked.get("to_date") or today())
	start = getdate(asked.get("from_date") or get_first_day(end))
	limits = {name: asked.get(name) or None for name in ("company", "department")}
	scope = figures.scope_of(start, end, **limits)
	said, discharges = referrals(scope.start, scope.end, limits)
	group = asked.get("group_by") if asked.get("group_by") in (DEPARTMENT, PERSON) else SOURCE
	rows = _rows(said, group)
	return columns(group), rows, None, chart(rows), summary(said, discharges)


def columns(group: str) -> list[Row]:
	def column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> Row:
		return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}

	labels = {SOURCE: _("Who Recommended Us"), DEPARTMENT: _("Department"), PERSON: _("Recommended By")}
	return [
		column("shown", labels[group], "Data", 240),
		column("total", _("Patients", context="Count"), "Int", 110),
		column("share", _("Share (%)"), "Percent", 110, precision=1),
		column("discharges", _("Said at Discharge"), "Int", 140),
		column("surveys", _("Said in a Survey"), "Int", 140),
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


def chart(rows: list[Row]) -> Row | None:
	if not rows:
		return None
	shown = rows[:BARS]
	return {
		"type": "bar",
		# Drawn at once: a chart that is replaced while it still grows fails in the browser.
		"animate": 0,
		"colors": list(COLOURS),
		"fieldtype": "Int",
		"data": {
			# Frappe Charts draws labels as HTML.
			"labels": [escape_html(row["shown"]) for row in shown],
			"datasets": [{"name": _("Patients", context="Count"), "values": [row["total"] for row in shown]}],
		},
	}


def summary(said: list[Referral], discharges: int) -> list[Row]:
	by_mouth = sum(one.word_of_mouth for one in said)
	share = (
		{"value": 100 * by_mouth / len(said), "datatype": "Percent"}
		if said
		else {"value": "–", "datatype": "Data"}
	)
	return [
		{"label": _("Patients Who Said It"), "value": len(said), "datatype": "Int"},
		{"label": _("Came by Word of Mouth"), "value": by_mouth, "datatype": "Int"},
		{"label": _("Word of Mouth, of Those Who Said It"), **share},
		{"label": _("Discharges in the Period"), "value": discharges, "datatype": "Int"},
	]
