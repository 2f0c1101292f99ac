"""With the setting on, nothing comes into force that makes more work than the people who are there can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_date

from hospital_followup.engine.facts import Policy
from hospital_followup.engine.names import OF_A_STAY
from hospital_followup.engine.simulation import Overload, summary, workload, worst_first
from hospital_followup.exceptions import OverCapacityError
from hospital_followup.services import care_pathways
from hospital_followup.services.configuration import policy_rule
from hospital_followup.services.simulation import Scenario, past_discharges, past_names, simulate
from hospital_followup.services.simulation_answer import per_person, staffing_for
from hospital_followup.services.simulation_choice import Choice, Proposed, in_force, last_month, with_pathway
from hospital_followup.services.simulation_view import overload_sentence

SETTINGS = "Follow-up Settings"
#: Days that the message names.
NAMED = 3


def check_policy(doc: Any) -> None:
	"""For a policy that is about to become active. Raises OverCapacityError."""
	policy = Policy(doc.title, doc.version, tuple(policy_rule(row) for row in doc.rules))
	_check(doc, Choice(policy, doc.company, doc.department, None))


def check_pathway(doc: Any) -> None:
	"""For a pathway that is about to be approved, unless it is a programme's. Raises OverCapacityError."""
	pathway = care_pathways.of_document(doc)
	# No discharge is planned with a programme, so simulating discharges says nothing about it.
	if pathway.anchor in OF_A_STAY:
		_check(doc, Choice(None, None, None, with_pathway(pathway, doc.name or "")))


def _check(doc: Any, choice: Choice) -> None:
	"""Refuse what leaves more work undone than today's configuration does, or as much: what eases the load may come."""
	if not frappe.get_cached_doc(SETTINGS).refuse_activation_over_capacity:
		return
	since, until = last_month()
	# All discharges count, also those that the person who activates may not see: only numbers are shown.
	items = past_discharges(past_names(since, until, everybody=True))
	outcome = simulate(items, [Scenario(one, since) for one in (in_force(), Proposed(choice))])
	days = [workload(counts) for counts in outcome.counts]
	there = staffing_for(days, None)
	now, then = (summary(part, there, per_person()) for part in days)
	if then.overloads and then.excess >= now.excess:
		_refuse(doc, since, until, then.overloads)


def _refuse(doc: Any, since: Any, until: Any, overloads: Sequence[Overload]) -> None:
	lines = [
		_(
			"{0} would make more work than there are people for: planned with the discharges from {1} to {2}, on {3} day(s)."
		).format(
			frappe.bold(frappe.utils.escape_html(doc.name or doc.title)),
			format_date(since),
			format_date(until),
			len({one.date for one in overloads}),
		),
		*map(overload_sentence, worst_first(overloads)[:NAMED]),
		_(
			"Look at it in the Simulator, plan fewer contacts or more people (Follow-up Staff, Duty Roster), or switch off “{0}” in Follow-up Settings."
		).format(_(frappe.get_meta(SETTINGS).get_label("refuse_activation_over_capacity"), context=SETTINGS)),
	]
	frappe.throw(lines, OverCapacityError, title=_("More Work than People"), as_list=True)
