"""The course of a pathway on its own: every contact on its raw day, before a patient, a calendar or a cap is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hospital_followup.engine.facts import Pathway, PathwayStep
from hospital_followup.engine.pathway import due_on, times

#: Nobody is followed up for longer.
LONGEST_LIFE = timedelta(days=120 * 366)


@dataclass(frozen=True, slots=True)
class Node:
	"""One contact: `row` is its step and `place` which of the step's contacts it is, both counted from 1."""

	row: int
	place: int
	start: date
	due: date
	end: date


def course(pathway: Pathway, anchor: date) -> tuple[Node, ...]:
	"""Every contact of a pathway that counts from `anchor`, by day; what lies beyond a human life is left out."""
	nodes = (node for row, step in enumerate(pathway.steps, 1) for node in nodes_of(row, step, anchor))
	return tuple(sorted(nodes, key=lambda node: (node.due, node.row, node.place)))


def nodes_of(row: int, step: PathwayStep, anchor: date) -> Iterator[Node]:
	"""The contacts of one step up to the end of a human life."""
	window = timedelta(days=step.window_days)
	for place in range(times(step)):
		try:
			due = due_on(step, anchor, place)
			start, end = due - window, due + window
		except OverflowError:
			return
		if abs(due - anchor) > LONGEST_LIFE:
			return
		yield Node(row, place + 1, start, due, end)
