"""Contact equity: how often contacts are completed, by value tier inside each risk tier (clinical.md §6).

Value may add contacts, never decide whether a planned one takes place: inside one risk tier the rates should be alike.
"""

from __future__ import annotations

from typing import Any

from frappe import _

from hospital_followup.engine.metrics import Counts, total
from hospital_followup.engine.names import RISK_TIERS, VALUE_TIERS
from hospital_followup.services import figures
from hospital_followup.services.report_charts import chart, summary_item
from hospital_followup.services.report_columns import Column, Row, column, number
from hospital_followup.services.report_figures import Report
from hospital_followup.services.report_scope import Filters, scope_of
from hospital_followup.services.report_words import DECIMALS, beside, column_of, shown

RATE = "completion_rate"
COLUMNS = ("planned", "completed", RATE, "timeliness", "tasks_attempted", "tasks_reached", "task_reach_rate")
#: In percentage points; a smaller gap may be chance.
WORTH_A_LOOK = 5
#: Contacts that a group must have before its rate says anything.
ENOUGH = 30


def equity_report(filters: Filters | None) -> Report:
	scope = scope_of(filters)
	found = figures.by(scope, "risk_tier", "value_tier")
	rows: list[Row] = []
	gaps: dict[str, float | None] = {}
	for risk in RISK_TIERS:
		counts = {value: found[risk, value] for value in (*VALUE_TIERS, None) if (risk, value) in found}
		everyone = total(counts.values())
		rows += [_row(risk, value, part, everyone) for value, part in counts.items() if part.planned]
		gaps[risk] = _gap(counts)
	everything = figures.totals(scope)
	if rows:
		rows.append({**_cells(everything), "risk_label": _("Total"), "narrow": {}, "is_total": 1})
	summary = [
		summary_item(_("Largest gap, {0} risk (points)").format(_(risk)), gap, "Float")
		for risk, gap in gaps.items()
	]
	said = f"{beside(scope, everything, ('tasks',))} {_verdict(gaps)}"
	return _columns(), rows, said, _chart(rows), summary


def _columns() -> list[Column]:
	return [
		column("risk_label", _("Risk Tier"), width=120),
		column("value_label", _("Value Tier"), width=120),
		*map(column_of, COLUMNS),
		number("difference", _("Against This Risk Tier (points)"), 220),
	]


def _row(risk: str, value: str | None, counts: Counts, everyone: Counts) -> Row:
	mine, all_of_them = shown(RATE, counts), shown(RATE, everyone)
	known = mine is not None and all_of_them is not None
	return {
		**_cells(counts),
		"risk_label": _(risk),
		"value_label": _(value) if value else _("Not Known"),
		"difference": round(mine - all_of_them, DECIMALS) if known else None,
		"narrow": {"risk_tier": risk, "value_tier": value} if value else None,
	}


def _cells(counts: Counts) -> dict[str, Any]:
	return {name: shown(name, counts) for name in COLUMNS}


def _gap(counts: dict[str | None, Counts]) -> float | None:
	"""Points between the best and the worst served value tier; None when fewer than two are large enough to compare."""
	rates = [shown(RATE, part) for value, part in counts.items() if value and (part.planned or 0) >= ENOUGH]
	return round(max(rates) - min(rates), DECIMALS) if len(rates) > 1 else None


def _verdict(gaps: dict[str, float | None]) -> str:
	if all(gap is None for gap in gaps.values()):
		return str(
			_("Too few contacts to compare: each value tier needs at least {0} in a risk tier.").format(
				ENOUGH
			)
		)
	wide = [_(risk) for risk, gap in gaps.items() if gap is not None and gap >= WORTH_A_LOOK]
	if wide:
		return str(
			_(
				"Look into it: the value tiers differ by {0} points or more among patients of this risk: {1}."
			).format(WORTH_A_LOOK, ", ".join(wide))
		)
	return str(_("No risk tier shows a gap of {0} points or more between value tiers.").format(WORTH_A_LOOK))


def _chart(rows: list[Row]) -> Any:
	parts = [row for row in rows if not row.get("is_total")]
	risks = list(dict.fromkeys(row["risk_label"] for row in parts))
	rate = {(row["risk_label"], row["value_label"]): row[RATE] for row in parts}
	names = {_(value): _("Value {0}").format(_(value)) for value in VALUE_TIERS}
	names[_("Not Known")] = _("Value not known")
	named = {
		name: [rate.get((risk, value)) for risk in risks]
		for value, name in names.items()
		if any((risk, value) in rate for risk in risks)
	}
	return chart([_("{0} risk").format(risk) for risk in risks], named)
