"""A simulation as people read it: one sentence, a comparison with today, charts, and the days with too few people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from frappe import _
from frappe.utils import escape_html, format_date

from hospital_followup.engine.names import CHANNELS, ROLES
from hospital_followup.engine.simulation import Day, Overload, Staffing, Summary, needed, worst_first
from hospital_followup.engine.spans import spans
from hospital_followup.services.report_charts import COLOURS, Chart, chart
from hospital_followup.services.wording import sentence

#: Rows of the table on the page; the spreadsheet has every day.
LISTED = 15
Row = dict[str, Any]


def comparison(now: Summary, then: Summary, discharges: int) -> list[Row]:
	"""Rows of {label, now, then, change, strong}; `change` is None where a difference says nothing."""
	rows = [_row(_("Contacts in all"), now.contacts, then.contacts, strong=True)]
	if discharges:
		rows.append(
			_row(_("Contacts per discharge"), *(round(one.contacts / discharges, 1) for one in (now, then)))
		)
	rows.append(_heading(_("By role")))
	for role in _used(ROLES, now.by_role, then.by_role):
		rows.append(_row(_(role), now.by_role.get(role, 0), then.by_role.get(role, 0)))
	rows.append(_heading(_("By channel")))
	for channel in _used(CHANNELS, now.by_channel, then.by_channel):
		rows.append(_row(_(channel), now.by_channel.get(channel, 0), then.by_channel.get(channel, 0)))
	rows.append(_heading(_("Calls and visits on the busiest day")))
	for role in _used(ROLES, now.peaks, then.peaks):
		peaks = [one.peaks.get(role) for one in (now, then)]
		counts = [peak.contacts if peak else 0 for peak in peaks]
		rows.append(_row(_(role), *counts, notes=[peak.date if peak else None for peak in peaks]))
		people = [peak.needed if peak else 0 for peak in peaks]
		rows.append(_row(_("People needed: {0}").format(_(role)), *people))
	over = [len({one.date for one in summary.overloads}) for summary in (now, then)]
	rows.append(_row(_("Days with too few people"), *over, strong=True))
	return rows


def _row(label: str, now: float, then: float, *, strong: bool = False, notes: Sequence[Any] = ()) -> Row:
	return {
		"label": label,
		"now": now,
		"then": then,
		"change": round(then - now, 1),
		"strong": strong,
		"notes": list(notes),
	}


def _heading(label: str) -> Row:
	return {"label": label, "heading": True}


def _used(names: Iterable[str], *parts: Mapping[str, Any]) -> list[str]:
	return [name for name in names if any(name in part for part in parts)]


def headline(then: Summary, discharges: int, failed: int) -> Row:
	"""The answer in one sentence, with the colour of its panel; `failed` of the discharges could not be planned."""
	if not discharges:
		return {
			"colour": "orange",
			"title": _("There is no discharge in this period."),
			"text": _("Choose another period, or a made-up volume."),
		}
	unplanned = _("{0} of {1} discharges could not be planned with this choice.").format(
		f"{failed:,}", f"{discharges:,}"
	)
	if not then.overloads:
		return {
			"colour": "orange" if failed else "green",
			"title": unplanned if failed else _("There are enough people on every day."),
			"text": _("{0} discharges make {1} contacts.").format(
				f"{discharges - failed:,}", f"{then.contacts:,}"
			),
		}
	days = len({one.date for one in then.overloads})
	return {
		"colour": "red",
		"title": _("On {0} day(s) there is more work than the people who are there can do.").format(days),
		"text": _("{0} of {1} calls and visits have nobody on their day.").format(
			f"{then.excess:,}", f"{sum(then.by_person.values()):,}"
		),
		"worst": overload_sentence(worst_first(then.overloads)[0]),
		"failed": unplanned if failed else None,
	}


def overload_sentence(one: Overload) -> str:
	"""The day, the role, the contacts and who is there."""
	values = (format_date(one.date), _(one.role), one.contacts, one.strength.people, one.strength.capacity)
	if one.strength.closed and not one.strength.people:
		return _(
			"{0}, {1}: {2} calls and visits on a closed day, and nobody stands in the duty roster."
		).format(*values)
	return _("{0}, {1}: {2} calls and visits, {3} people there for {4} of them; {5} more needed.").format(
		*values, one.missing
	)


def overload_rows(overloads: Sequence[Overload]) -> list[Row]:
	"""The days with too few people, the worst first."""
	return [
		{
			"date": one.date,
			"role": _(one.role),
			"contacts": one.contacts,
			"people": one.strength.people,
			"capacity": one.strength.capacity,
			"missing": one.missing,
			"closed": one.strength.closed,
		}
		for one in worst_first(overloads)
	]


def charts(now: Sequence[Day], then: Sequence[Day], staffing: Staffing) -> list[Row]:
	"""For every role its calls and visits beside what its people can do; then everything by channel."""
	if not (now or then):
		return []
	first, last = _ends(now, then)
	span, starts = spans(first, last)
	labels = [_label(start, span) for start in starts]
	words = {
		"per_day": _("{0}: calls and visits per day"),
		"per_week": _("{0}: calls and visits per week"),
		"per_month": _("{0}: calls and visits per month"),
	}[span]
	drawn = []
	for role in _used(ROLES, *(day.by_person for day in (*now, *then))):
		sums = {
			"then": _sums(starts, ((day.date, day.by_person.get(role, 0)) for day in then)),
			"now": _sums(starts, ((day.date, day.by_person.get(role, 0)) for day in now)),
			"capacity": _sums(
				starts,
				(
					(day, there.capacity)
					for (day, of), there in staffing.items()
					if of == role and first <= day <= last
				),
			),
		}
		drawn.append({"title": words.format(_(role)), "chart": _against_capacity(labels, sums)})
	channels = _used(CHANNELS, *(day.by_channel for day in then))
	if len(channels) < 2:
		return drawn
	by_channel = {
		_(channel): _sums(starts, ((day.date, day.by_channel.get(channel, 0)) for day in then))
		for channel in channels
	}
	title = {
		"per_day": _("All contacts per day, by channel"),
		"per_week": _("All contacts per week, by channel"),
		"per_month": _("All contacts per month, by channel"),
	}[span]
	picture = chart(labels, by_channel, fieldtype="Int", stacked=True)
	palette = (*COLOURS, "#a855f7", "#be185d")
	drawn.append({"title": title, "chart": {**picture, "colors": list(palette[: len(channels)])}})
	return drawn


def _against_capacity(labels: Sequence[str], sums: Mapping[str, Sequence[int]]) -> Chart:
	lines = {"capacity": _("Can be done"), "now": _("As It Is Today")}
	if sums["now"] == sums["then"]:
		del lines["now"]
	bars = {"name": escape_html(_("With This Choice")), "values": list(sums["then"]), "chartType": "bar"}
	return {
		"data": {
			"labels": [escape_html(label) for label in labels],
			"datasets": [
				bars,
				*(
					{"name": escape_html(name), "values": list(sums[key]), "chartType": "line"}
					for key, name in lines.items()
				),
			],
		},
		"type": "axis-mixed",
		"colors": ["#2563eb", "#dc2626", "#94a3b8"],
		"barOptions": {"spaceRatio": 0.4},
		"lineOptions": {"dotSize": 3, "regionFill": 0},
		"axisOptions": {"xIsSeries": 1},
		"animate": 0,
		"disableEntryAnimation": 1,
	}


def _ends(*periods: Sequence[Day]) -> tuple[date, date]:
	days = [day.date for period in periods for day in period]
	return min(days), max(days)


def _sums(starts: Sequence[date], numbers: Iterable[tuple[date, int]]) -> list[int]:
	sums, place = [0] * len(starts), 0
	for day, number in sorted(numbers):
		while place + 1 < len(starts) and starts[place + 1] <= day:
			place += 1
		sums[place] += number
	return sums


def _label(day: date, span: str) -> str:
	return day.strftime("%Y-%m" if span == "per_month" else "%m-%d")


def day_rows(now: Sequence[Day], then: Sequence[Day], staffing: Staffing, per_person: int) -> list[Row]:
	"""Every day with its numbers, for the spreadsheet; columns by role and channel carry the name of theirs."""
	today, days = ({day.date: day for day in part} for part in (now, then))
	rows = []
	for at in sorted({*today, *days}):
		day = days.get(at, Day(at, 0, {}, {}))
		row: Row = {
			_("Date"): at,
			_("Contacts"): day.contacts,
			_("Contacts as it is today"): today[at].contacts if at in today else 0,
		}
		for role in _used(ROLES, *(one.by_person for one in then)):
			calls, there = day.by_person.get(role, 0), staffing.get((at, role))
			row[_("{0}: calls and visits").format(_(role))] = calls
			row[_("{0}: people needed").format(_(role))] = needed(calls, per_person)
			row[_("{0}: people there").format(_(role))] = there.people if there else 0
			row[_("{0}: can do").format(_(role))] = there.capacity if there else 0
		for channel in _used(CHANNELS, *(one.by_channel for one in then)):
			row[_(channel)] = day.by_channel.get(channel, 0)
		rows.append(row)
	return rows


def decision_rows(decisions: Mapping[tuple[str, str], int]) -> list[Row]:
	"""What became of the discharges as {label, count}, the most frequent first."""
	no_rule = {"NoRule": _("The matrix has no row for this risk tier.")}
	return [
		{"label": no_rule.get(reason) or sentence(reason) or _(decision), "count": count}
		for (decision, reason), count in sorted(decisions.items(), key=lambda entry: (-entry[1], entry[0]))
	]
