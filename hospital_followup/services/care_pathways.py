"""The hospital's approved pathways as the engine reads them, and which of them a plan follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import frappe
from frappe.utils import cint

from hospital_followup.engine.facts import Applicability, Pathway, PathwayStep
from hospital_followup.services import queries
from hospital_followup.services.facts import split, whole

PATHWAY, STEP = "Care Pathway", "Care Pathway Step"
PLAN_PATHWAY = "Follow-up Plan Pathway"
FIELDS = ("name", "title", "version", "anchor", "sex", "age_from", "age_to")
STEP_FIELDS = (
	*("step_id", "offset", "offset_unit", "repeat_every", "repeat_unit", "repeat_count", "window_days"),
	*("topics", "channel", "role", "script", "questionnaire", "revisit_after_days"),
)
#: Stands before the title of a pathway in the sources of a contact (engine.pathway).
SOURCE = "pathway:"


@dataclass(frozen=True, slots=True)
class ApprovedPathway:
	"""A version in use; `revisits`: days from a contact of the step to the visit it speaks of, by step."""

	name: str
	pathway: Pathway
	revisits: dict[str, int]


def approved() -> tuple[ApprovedPathway, ...]:
	"""The newest approved version of every pathway, by title."""
	rows = frappe.get_all(
		PATHWAY, filters={"status": "Approved"}, fields=FIELDS, order_by="title, version desc"
	)
	newest = {row.title: row for row in reversed(rows)}
	return read(list(newest.values()))


def named(names: Sequence[str]) -> dict[str, ApprovedPathway]:
	"""These versions, whether or not they are still in use."""
	return {one.name: one for one in read(queries.select(PATHWAY, FIELDS, "name", sorted(set(names))))}


def read(rows: Sequence[frappe._dict]) -> tuple[ApprovedPathway, ...]:
	"""Pathway rows with their steps and criteria, in a bounded number of queries."""
	names = [row.name for row in rows]
	steps = queries.children(STEP, STEP_FIELDS, names)
	diagnoses = queries.children("Care Pathway Diagnosis", ("code", "title"), names)
	procedures = queries.children("Care Pathway Procedure", ("code", "title"), names)
	departments = queries.children("Care Pathway Department", ("department",), names)
	return tuple(
		ApprovedPathway(
			row.name,
			_pathway(
				row,
				steps.get(row.name, ()),
				diagnoses.get(row.name, ()),
				procedures.get(row.name, ()),
				departments.get(row.name, ()),
			),
			{
				step.step_id: days
				for step in steps.get(row.name, ())
				if (days := whole(step.revisit_after_days)) is not None
			},
		)
		for row in rows
	)


def of_document(doc: Any) -> Pathway:
	"""A Care Pathway as the engine reads it, saved or still being edited."""
	given = replace(
		_pathway(doc, doc.steps, doc.diagnoses, doc.procedures, doc.departments), title=doc.title or ""
	)
	ids = step_ids(doc.steps)
	return replace(
		given, steps=tuple(replace(step, id=own) for step, own in zip(given.steps, ids, strict=True))
	)


def step_ids(steps: Sequence[Any]) -> list[str]:
	"""What tells the rows of a pathway's steps apart; one that was not saved yet has only its place."""
	return [step.step_id or f"row-{place}" for place, step in enumerate(steps, 1)]


def _pathway(
	row: Any,
	steps: Sequence[Any],
	diagnoses: Sequence[Any],
	procedures: Sequence[Any],
	departments: Sequence[Any],
) -> Pathway:
	return Pathway(
		row.title,
		row.version,
		row.anchor,
		Applicability(
			diagnoses=wanted(diagnoses),
			departments=tuple(item.department for item in departments),
			procedures=wanted(procedures),
			sex=row.sex or None,
			age_from=whole(row.age_from),
			age_to=whole(row.age_to),
		),
		tuple(_step(step) for step in steps),
	)


def wanted(rows: Sequence[Any]) -> tuple[str, ...]:
	"""A row with code and name asks for the code: the name only says what it means."""
	return tuple(str(row.code or row.title).strip() for row in rows if row.code or row.title)


def _step(row: Any) -> PathwayStep:
	return PathwayStep(
		id=row.step_id,
		offset=cint(row.offset),
		offset_unit=row.offset_unit or "Day",
		repeat_every=cint(row.repeat_every),
		repeat_unit=row.repeat_unit or "Day",
		repeat_count=cint(row.repeat_count) or 1,
		window_days=cint(row.window_days),
		topics=split(row.topics),
		channel=row.channel or None,
		role=row.role or None,
		script=row.script or None,
		questionnaire=row.questionnaire or None,
	)
