"""What the numbers of the reports are called, and the sentences that say how they are counted (clinical.md §6)."""

from __future__ import annotations

from frappe import _
from frappe.utils import cint

from hospital_followup.engine.metrics import INDICATORS, Counts, value
from hospital_followup.services.figure_words import indicator_label, measure_label
from hospital_followup.services.figures import Scope
from hospital_followup.services.report_columns import Column, count, number, percent
from hospital_followup.services.report_scope import period

#: Decimals of what is shown; the numbers themselves are exact.
DECIMALS = 1


def column_of(name: str) -> Column:
	"""The column of a measure or an indicator."""
	if name not in INDICATORS:
		return count(name, measure_label(name), measure=name)
	label = indicator_label(name)
	return percent(name, label) if INDICATORS[name].unit == "percent" else number(name, label)


def shown(name: str, counts: Counts) -> float | int | None:
	"""The measure or indicator `name` of `counts`, rounded as it is shown."""
	if name not in INDICATORS:
		return counts.get(name)
	exact = value(name, counts)
	return None if exact is None else round(exact, DECIMALS)


def beside(scope: Scope, counts: Counts, families: tuple[str, ...]) -> str:
	"""What stands beside the rates and in none of them: a report that hides it would flatter."""
	said = [_("Period: {0}.").format(period(scope))]
	if "tasks" in families:
		said += _beside_contacts(counts)
	if "discharges" in families:
		said += _beside_discharges(counts)
	return " ".join(said)


def _beside_contacts(counts: Counts) -> list[str]:
	said = []
	if cint(counts.open_tasks):
		said.append(
			_("Not judged yet, because their time is not over: {0} (completed already: {1}).").format(
				counts.open_tasks, cint(counts.open_completed)
			)
		)
	if cint(counts.cancelled):
		said.append(_("Cancelled and not counted: {0}.").format(counts.cancelled))
	if cint(counts.informed):
		said.append(_("Only informed by a message, without an answer: {0}.").format(counts.informed))
	return said


def _beside_discharges(counts: Counts) -> list[str]:
	said = []
	if cint(counts.died):
		said.append(_("Died in hospital and not counted: {0}.").format(counts.died))
	if cint(counts.held_out):
		said.append(_("Held out to measure the effect of follow-up: {0}.").format(counts.held_out))
	return said
