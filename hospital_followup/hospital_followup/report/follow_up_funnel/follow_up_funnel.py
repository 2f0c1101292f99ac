"""From discharge to the revisit: planned, reached, came back; where on the way patients are lost."""

from __future__ import annotations

from frappe import _

from hospital_followup.services import figures
from hospital_followup.services.figure_words import measure_label
from hospital_followup.services.report_charts import chart
from hospital_followup.services.report_columns import percent
from hospital_followup.services.report_figures import FigureReport, Report, figures_report
from hospital_followup.services.report_refusals import refusals_told
from hospital_followup.services.report_scope import Filters, scope_of
from hospital_followup.services.report_words import DECIMALS

STAGES = ("discharges", "discharges_planned", "discharges_covered", "discharges_revisited")
SHOWN = FigureReport(
	groups=("Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"),
	columns=STAGES,
	charted=(),
	summary=STAGES,
)


@refusals_told
def execute(filters: Filters | None = None) -> Report:
	"""Columns, rows, the sentence above, chart and summary, for the session's user."""
	columns, rows, said, _drawn, summary = figures_report(SHOWN, filters)
	labels = {stage: measure_label(stage) for stage in STAGES}
	for stage in reversed(STAGES[1:]):
		share = percent(f"{stage}_share", _("{0} (%)").format(labels[stage]), 150)
		columns.insert([column["fieldname"] for column in columns].index(stage) + 1, share)
		for row in rows:
			row[share["fieldname"]] = _share(row[stage], row["discharges"])
	everything = figures.totals(scope_of(filters))
	drawn = chart(
		[labels[stage] for stage in STAGES],
		{labels["discharges"]: [everything.get(stage) for stage in STAGES]},
		fieldtype="Int",
	)
	if (everything.discharges_covered or 0) > (everything.discharges_planned or 0):
		said = (
			f"{said} {_('Patients without a plan can be followed up as well, for example by a call back.')}"
		)
	return columns, rows, said, drawn, summary


def _share(part: int | None, whole: int | None) -> float | None:
	return None if part is None or not whole else round(part / whole * 100, DECIMALS)
