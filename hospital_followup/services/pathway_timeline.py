"""A Care Pathway as its form draws it: the contacts of every step as days from the starting point, with their words."""

from __future__ import annotations

from datetime import date
from typing import Any

from frappe import _
from frappe.utils import cint, getdate, today

from hospital_followup.engine.facts import PathwayStep
from hospital_followup.engine.names import TOPICS
from hospital_followup.engine.pathway import check, times
from hospital_followup.engine.pathway_check import PREGNANCY
from hospital_followup.engine.pathway_course import nodes_of
from hospital_followup.services.care_pathways import of_document
from hospital_followup.services.facts import split, whole
from hospital_followup.services.reaction_check import drawn

#: More marks in one row than can be told apart add nothing.
MOST_DRAWN = 60


def timeline(doc: Any) -> dict[str, Any]:
	"""What the drawing and the table beside it show, for a pathway that would begin today.

	Days count from the starting point, negative before it; `steps` without those that the check refuses.
	"""
	pathway = of_document(doc)
	refused = {issue.step for issue in check(pathway)}
	start = getdate(today())
	return {
		"anchor": _(doc.anchor, context="Care Pathway"),
		"awaited": doc.anchor == "Expected Delivery",
		"steps": [
			_lane(row, step, doc, start) for row, step in enumerate(pathway.steps, 1) if row not in refused
		],
		"reactions": drawn(doc),
	}


def _lane(row: int, step: PathwayStep, doc: Any, start: date) -> dict[str, Any]:
	given = doc.steps[row - 1]
	revisit = whole(given.revisit_after_days)
	contacts = [
		{
			"from": (node.start - start).days,
			"due": (node.due - start).days,
			"to": (node.end - start).days,
			"revisit": None if revisit is None else (node.due - start).days + revisit,
		}
		for node in nodes_of(row, step, start)
	]
	return {
		"row": row,
		"title": given.title or _("Step {0}").format(row),
		"when": _when(step, doc.anchor),
		"window": f"± {_span(step.window_days, 'Day')}" if step.window_days else _("on that day only"),
		"total": times(step),
		"contacts": contacts[:MOST_DRAWN],
		"topics": [_(topic) if topic in TOPICS else topic for topic in split(given.topics)],
		"channel": _(step.channel) if step.channel else "",
		"role": _(step.role) if step.role else "",
		"by_doctor": step.role == "Follow-up Doctor",
		"script": step.script or "",
		"questionnaire": step.questionnaire or "",
		"revisit": "" if revisit is None else _revisit(revisit),
	}


def _when(step: PathwayStep, anchor: str) -> str:
	words = _from_anchor(step, anchor)
	if times(step) < 2:
		return words
	return _("{0}, then {1}, {2} contacts in all").format(words, _rhythm(step), times(step))


def _from_anchor(step: PathwayStep, anchor: str) -> str:
	if not step.offset:
		return _("on the first day: {0}").format(_(anchor, context="Care Pathway"))
	span = _span(abs(step.offset), step.offset_unit)
	if anchor == "Expected Delivery":
		if step.offset > 0:
			return _("{0} after the expected delivery").format(span)
		words = _("{0} before the expected delivery").format(span)
		days = PREGNANCY.days + step.offset * {"Day": 1, "Week": 7}.get(step.offset_unit, 30)
		return _("{0} (pregnancy week {1})").format(words, days // 7) if days >= 0 else words
	return {
		"Discharge": _("{0} after discharge"),
		"Surgery": _("{0} after surgery"),
		"Enrolment": _("{0} after enrolment"),
		"Birth": _("{0} after birth"),
	}.get(anchor, "{0}").format(span)


def _span(count: int, unit: str) -> str:
	one = {"Day": _("1 day"), "Week": _("1 week"), "Month": _("1 month")}
	many = {"Day": _("{0} days"), "Week": _("{0} weeks"), "Month": _("{0} months")}
	return one[unit] if count == 1 else many[unit].format(count)


def _rhythm(step: PathwayStep) -> str:
	one = {"Day": _("every day"), "Week": _("every week"), "Month": _("every month")}
	many = {"Day": _("every {0} days"), "Week": _("every {0} weeks"), "Month": _("every {0} months")}
	if step.repeat_every == 1:
		return one[step.repeat_unit]
	return many[step.repeat_unit].format(cint(step.repeat_every))


def _revisit(days: int) -> str:
	if not days:
		return _("on the day of the contact")
	return _("{0} after the contact").format(_span(days, "Day"))
