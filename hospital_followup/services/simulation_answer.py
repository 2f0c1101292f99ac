"""From a question to its answer: which discharges, planned both ways, and the people there would be for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from hospital_followup.engine.names import OF_A_STAY
from hospital_followup.engine.simulation import Day, Staffing, Summary, summary, workload
from hospital_followup.exceptions import InvalidPeriodError
from hospital_followup.permissions import reach_of
from hospital_followup.services import simulation_view as view
from hospital_followup.services.simulation import (
	DISCHARGE,
	FAILED,
	Outcome,
	Reached,
	Scenario,
	made_up_discharges,
	past_discharges,
	past_names,
	simulate,
)
from hospital_followup.services.simulation_choice import MOST, Proposed, Question, chosen, in_force
from hospital_followup.services.simulation_staff import staffing
from hospital_followup.services.snapshot import DischargeSnapshot

#: From this many discharges on a worker does it, and the page shows how far it has come.
IN_BACKGROUND = 1_000


def names_of(question: Question) -> list[str]:
	"""The discharges that are looked at. Raises InvalidPeriodError when they are too many."""
	if question.volume:
		return []
	names = past_names(question.since, question.until, question.department)
	if len(names) > MOST:
		frappe.throw(
			_("There are more than {0} records in this period. Choose a shorter one.").format(f"{MOST:,}"),
			InvalidPeriodError,
			title=_("Simulator"),
		)
	return names


def answer(
	question: Question, names: Sequence[str] | None = None, reached: Reached | None = None
) -> dict[str, Any]:
	"""Everything the page and the spreadsheet show; see services.simulation_view for its parts.

	`names`: the discharges, where they have been looked up already.
	"""
	proposed = Proposed(chosen(question.policy, question.pathways))
	items: Iterable[DischargeSnapshot]
	if question.volume:
		items = made_up_discharges(question.volume, [one.pathway for one in proposed.pathways()])
	else:
		items = past_discharges(names_of(question) if names is None else names)
	outcome = simulate(items, [Scenario(one, question.since) for one in (in_force(), proposed)], reached)
	days = [workload(counts) for counts in outcome.counts]
	there = staffing_for(days, _departments(question))
	now, then = (summary(part, there, per_person()) for part in days)
	return _shown(question, proposed, outcome, days, there, now, then)


def staffing_for(days: Sequence[Sequence[Day]], departments: Sequence[str] | None) -> Staffing:
	"""The people who are there from the first to the last contact."""
	every = [day.date for part in days for day in part]
	return staffing(min(every), max(every), departments) if every else {}


def per_person() -> int:
	"""Contacts that one person usually completes on a day."""
	return cint(frappe.get_cached_doc("Follow-up Settings").capacity_per_day)


def _departments(question: Question) -> tuple[str, ...] | None:
	"""Whose people count: those of the chosen department, else of the departments that the user works for."""
	allowed = reach_of(frappe.session.user, DISCHARGE).departments
	if not question.department:
		return allowed
	if allowed is not None and question.department not in allowed:
		frappe.throw(
			_("You do not work for {0}. Choose another department.").format(question.department),
			frappe.PermissionError,
		)
	return (question.department,)


def _shown(
	question: Question,
	proposed: Proposed,
	outcome: Outcome,
	days: Sequence[list[Day]],
	there: Staffing,
	now: Summary,
	then: Summary,
) -> dict[str, Any]:
	overloads = view.overload_rows(then.overloads)
	decisions = outcome.decisions[1]
	failed = sum(count for (decision, _reason), count in decisions.items() if decision == FAILED)
	return {
		"policy": question.policy,
		"pathways": list(question.pathways),
		"since": question.since,
		"until": question.until,
		"discharges": outcome.discharges,
		"decisions": view.decision_rows(decisions),
		"notes": _notes(question, proposed),
		"headline": view.headline(then, outcome.discharges, failed),
		"comparison": view.comparison(now, then, outcome.discharges),
		"charts": view.charts(*days, there),
		"overloads": overloads[: view.LISTED],
		"overload_count": len(overloads),
		"per_person": per_person(),
		"days": view.day_rows(*days, there, per_person()),
	}


def _notes(question: Question, proposed: Proposed) -> list[str]:
	"""What one must know to read the numbers."""
	notes = [
		_("A made-up volume with a fixed lot: the same entries always give the same numbers.")
		if question.volume
		else _("Contacts of discharges before the period, and contacts of programmes, come on top of these.")
	]
	left_out = [one.pathway.title for one in proposed.pathways() if one.pathway.anchor not in OF_A_STAY]
	if left_out:
		notes.append(
			_("These pathways begin with an enrolment, not with a discharge, and are not in it: {0}.").format(
				", ".join(left_out)
			)
		)
	return notes
