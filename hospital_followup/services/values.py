"""The value tier of every patient, once a month, by the site's own quintiles (clinical.md §3).

Figures come from Sales Invoice (spend, visit days) and Patient Encounter (visit days) where these doctypes exist; on a
site without them nothing is computed and every tier stays what a person or an import gave. An override stays too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, flt, getdate

from hospital_followup.engine.value import ValueCuts, ValueFigures, ValueRules, cuts_of, score_value
from hospital_followup.services.writer import Row, chunks, insert_rows, new_names, update_rows

PATIENT = "Follow-up Patient"
VALUE = "Patient Value"
SETTINGS = "Follow-up Settings"
PATIENTS_PER_ROUND = 2_000


@dataclass(slots=True)
class Ledger:
	"""What one patient spent and on which days they came."""

	spend: float = 0.0
	days: set[date] = field(default_factory=set)

	def figures(self, today: date) -> ValueFigures:
		recency = (today - max(self.days)).days if self.days else None
		return ValueFigures(recency_days=recency, visits=len(self.days), spend=self.spend)


def compute_if_due(today: date) -> int:
	"""Compute the values in the first night of every month, or in the first night after it that the site is up."""
	last = frappe.db.get_single_value(SETTINGS, "value_computed_on")
	if last and getdate(last).replace(day=1) >= today.replace(day=1):
		return 0
	return compute_values(today)


def compute_values(today: date) -> int:
	"""Compute cut points and tiers anew; returns how many patients got a value. Committing is the caller's."""
	settings = frappe.get_single(SETTINGS)
	ledgers = read_ledgers(getdate(add_months(today, -settings.value_months)), today)
	if not ledgers:
		return 0
	figures = {patient: ledger.figures(today) for patient, ledger in ledgers.items()}
	cuts = cuts_of(list(figures.values()))
	_store_cuts(settings, cuts, today)
	rules = ValueRules(**{name: settings.get(f"value_{name}") for name in ValueRules.__dataclass_fields__})
	for part in chunks(sorted(figures), PATIENTS_PER_ROUND):
		_store({patient: figures[patient] for patient in part}, cuts, rules, today)
	return len(figures)


def read_ledgers(since: date, today: date) -> dict[str, Ledger]:
	"""Spend and visit days per Follow-up Patient from `since` to `today`."""
	ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)
	for doctype, column, source in (
		("Sales Invoice", "patient", "Patient"),
		("Sales Invoice", "customer", "Customer"),
	):
		for name, day, amount, is_return in _rows(
			doctype, column, source, "posting_date", ("base_grand_total", "is_return"), since, today
		):
			ledgers[name].spend += flt(amount)
			if not is_return:
				ledgers[name].days.add(getdate(day))
	for name, day in _rows("Patient Encounter", "patient", "Patient", "encounter_date", (), since, today):
		ledgers[name].days.add(getdate(day))
	return dict(ledgers)


def _rows(
	doctype: str, column: str, source: str, day: str, more: tuple[str, ...], since: date, today: date
) -> list[tuple[Any, ...]]:
	"""(follow-up patient, day, …) of the submitted documents of another app; none where the app is not installed."""
	if not frappe.db.table_exists(doctype) or not frappe.db.has_column(doctype, column):
		return []
	document, patient = frappe.qb.DocType(doctype), frappe.qb.DocType(PATIENT)
	return (
		frappe.qb.from_(document)
		.inner_join(patient)
		.on((patient.source_doctype == source) & (patient.source_name == document[column]))
		.select(patient.name, document[day], *[document[name] for name in more])
		.where((document.docstatus == 1) & (patient.status != "Merged"))
		.where((document[day] >= since) & (document[day] <= today))
		.run()
	)


def _store_cuts(settings: Any, cuts: ValueCuts, today: date) -> None:
	values = {
		"recency_cut_points": _shown(cuts.recency),
		"frequency_cut_points": _shown(cuts.frequency),
		"monetary_cut_points": _shown(cuts.monetary),
		"value_computed_on": today,
		"value_patients": cuts.patients,
	}
	frappe.db.set_single_value(SETTINGS, values, update_modified=False)


def _store(figures: dict[str, ValueFigures], cuts: ValueCuts, rules: ValueRules, today: date) -> None:
	stored = {
		row.patient: row
		for row in frappe.get_all(
			VALUE,
			filters={"patient": ("in", list(figures))},
			fields=["name", "patient", "override_reason", "value_tier", "computed_value_tier"],
			order_by="assessed_on, creation",
		)
	}
	patients = {
		row.name: row
		for row in frappe.get_all(
			PATIENT,
			filters={"name": ("in", list(figures))},
			fields=["name", "patient_name", "company", "department"],
			order_by="name",
		)
	}
	fresh: list[Row] = []
	changes: dict[str, Row] = {}
	for patient, known in figures.items():
		facts = score_value(known, cuts, rules)
		row: Row = {
			"assessed_on": today,
			"recency": known.recency_days or 0,
			"frequency": known.visits or 0,
			"monetary": known.spend or 0,
			"recency_score": facts.recency or 0,
			"frequency_score": facts.frequency or 0,
			"monetary_score": facts.monetary or 0,
			"score": facts.score or 0,
			"computed_value_tier": facts.value_tier,
		}
		present = stored.get(patient)
		if present:
			changes[present.name] = {**row, **_kept_or_computed(present, facts.value_tier)}
		else:
			about = patients[patient]
			fresh.append(
				{
					"name": new_names(1)[0],
					"patient": patient,
					"patient_name": about.patient_name,
					"company": about.company,
					"department": about.department,
					"value_tier": facts.value_tier,
					**row,
				}
			)
	insert_rows(VALUE, fresh)
	update_rows(VALUE, changes)


def _kept_or_computed(present: frappe._dict, computed: str) -> Row:
	"""What a person decided, or an import gave before there were figures, is never replaced in silence."""
	if present.override_reason:
		return {}
	if present.computed_value_tier or present.value_tier == computed:
		return {"value_tier": computed}
	return {"override_reason": _("Given before it could be computed")}


def _shown(points: tuple[float, ...]) -> str:
	return ", ".join(f"{point:g}" for point in points)
