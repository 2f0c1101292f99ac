"""What is doubtful in the reactions of a Care Pathway, in sentences; the engine decides, here it gets its words."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from hospital_followup.engine.questionnaire import Questionnaire
from hospital_followup.engine.reactions import SOONER, Doubt, doubts
from hospital_followup.services import questionnaires
from hospital_followup.services.care_pathways import step_ids
from hospital_followup.services.reaction_results import reaction

QUESTIONNAIRE = "Follow-up Questionnaire"


def doubtful(doc: Any) -> list[tuple[str, str, tuple[int, ...], bool]]:
	"""By finding: its code, the sentence, the steps that it is about, whether it stands in the way of activation."""
	asked = dict(zip(step_ids(doc.steps), map(_asked, doc.steps), strict=True))
	numbers = {step: place for place, step in enumerate(asked, 1)}
	found = []
	for place, row in enumerate(doc.reactions or (), 1):
		rule = reaction(row, doc.steps)
		if row.step and not rule.steps:
			sentence = _("Reaction {0}: no contact of the pathway is called “{1}”. Choose another one.")
			found.append(("unknown_step", sentence.format(place, row.step), (), True))
			continue
		rows = tuple(sorted(numbers[step] for step in rule.steps))
		for doubt in doubts(rule, asked):
			found.append((doubt.code, _sentence(place, doubt), rows, doubt.blocking))
	return found


def drawn(doc: Any) -> list[dict[str, Any]]:
	"""The reactions as the form draws them: after which steps, when, what follows, and the words for the staff."""
	places = {step: place for place, step in enumerate(step_ids(doc.steps), 1)}
	return [
		{
			"rows": sorted(places[step] for step in reaction(row, doc.steps).steps),
			"step": row.step or "",
			"condition": row.condition or "",
			"effect": row.effect,
			"what": _what(row),
			"reason": row.reason or "",
		}
		for row in doc.reactions or ()
	]


def _asked(step: Any) -> Questionnaire | None:
	known = step.questionnaire and frappe.db.exists(QUESTIONNAIRE, step.questionnaire)
	return questionnaires.load(step.questionnaire) if known else None


def _what(row: Any) -> str:
	days = row.within_days or 0
	words = (
		_("the next contact within {0} day(s)").format(days)
		if row.effect == SOONER
		else _("the pathway ends")
	)
	times = row.in_a_row or 1
	return words if times == 1 else _("{0} contacts in a row: {1}").format(times, words)


def _sentence(place: int, doubt: Doubt) -> str:
	return {
		"unknown_question": _(
			"Reaction {0}: no questionnaire of these contacts has a question with the code “{1}”, so it never comes "
			"about. Correct the code, or choose another questionnaire."
		),
		"nobody_asks": _(
			"Reaction {0}: none of these contacts names a questionnaire that asks for “{1}”. Name one, so that it is asked."
		),
		"no_order": _("Reaction {0}: “{1}” does not fit the answers of the question. Use {2} instead."),
		"not_a_value": _("Reaction {0}: “{1}” is never an answer of the question. Possible are: {2}."),
		"out_of_range": _(
			"Reaction {0}: no possible answer meets “{1}”. Choose a value inside the limits: {2}."
		),
	}[doubt.code].format(place, doubt.found, doubt.expected)
