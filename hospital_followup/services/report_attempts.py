"""Attempts by the time of day, the weekday and how many had gone before: when people answer the telephone."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from frappe import _

from hospital_followup.engine.metrics import Counts
from hospital_followup.services import figures
from hospital_followup.services.report_charts import summary_item
from hospital_followup.services.report_columns import count
from hospital_followup.services.report_figures import FigureReport, Report, Shaped, shaped
from hospital_followup.services.report_groups import chosen_group
from hospital_followup.services.report_records import GROUPINGS, LOG, Rows, names, rows_of
from hospital_followup.services.report_scope import Filters, scope_of

SHOWN = FigureReport(
	groups=("Hour", "Weekday", "Attempt", "Channel", "Staff", "Department"),
	columns=("attempts", "attempts_reached", "reach_rate"),
	charted=("reach_rate",),
	summary=("attempts", "attempts_reached", "reach_rate"),
)
FIELDS = {"Channel": "channel", "Staff": "staff", "Department": "department"}
#: How attempts end that reach nobody, as few columns as can be read at a glance.
ENDINGS = {
	"no_answer": ("No Answer", "Not Home"),
	"busy": ("Busy", "Voicemail"),
	"dead_number": ("Wrong Number", "Out of Service"),
	"later": ("Callback Requested", "Rescheduled"),
	"declined": ("Declined",),
}
#: Attempts that a group must have before it is named the best.
ENOUGH = 20


def attempt_report(filters: Filters | None) -> Report:
	"""The report of the attempts that the session's user may see."""
	scope, group = scope_of(filters), chosen_group(filters, SHOWN.groups)
	rows = rows_of("attempts", scope, LOG, ("task", "contacted_at", "outcome", *FIELDS.values()))
	reached = {name for _doctype, name in names("attempts_reached", scope)}
	groups = _grouped(rows, group)
	counts = {
		key: Counts(attempts=len(part), attempts_reached=sum(row.name in reached for row in part))
		for key, part in groups.items()
	}
	found = shaped(SHOWN, scope, group, counts, figures.totals(scope))
	# The last row is the total; a report of nothing has none.
	parts = [*(groups[key] for key in found.keys), rows] if found.rows else []
	_add_endings(found, parts)
	if best := _best(found):
		found.summary.append(summary_item(_("Best Time to Reach People"), best, "Data"))
	return found.report


def _grouped(rows: Rows, group: str) -> dict[Any, Rows]:
	keys = GROUPINGS[group][2](rows) if group in GROUPINGS else [row[FIELDS[group]] or None for row in rows]
	groups: defaultdict[Any, Rows] = defaultdict(list)
	for key, row in zip(keys, rows, strict=True):
		groups[key].append(row)
	return dict(groups)


def _add_endings(found: Shaped, parts: list[Rows]) -> None:
	labels = {
		"no_answer": _("Nobody Answered"),
		"busy": _("Busy or Voicemail"),
		"dead_number": _("Number Leads Nowhere"),
		"later": _("Asked to Call Later"),
		"declined": _("Did Not Want to Talk"),
	}
	found.columns += [count(name, label, 150) for name, label in labels.items()]
	for row, part in zip(found.rows, parts, strict=True):
		outcomes = Counter(one.outcome for one in part)
		row.update({name: sum(outcomes[one] for one in ended) for name, ended in ENDINGS.items()})


def _best(found: Shaped) -> str | None:
	"""The group in which attempts succeed most often, of those that are large enough to say so."""
	large = [row for row in found.rows[:-1] if row["attempts"] >= ENOUGH and row["reach_rate"] is not None]
	if len(large) < 2:
		return None
	return str(max(large, key=lambda row: row["reach_rate"])["group"])
