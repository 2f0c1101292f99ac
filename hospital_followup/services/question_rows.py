"""Questionnaire rows of a form, tidied up and read into the engine's questions."""

from __future__ import annotations

import unicodedata
from typing import Any

from frappe.utils import cint, cstr

from hospital_followup.engine.conditions import number_in
from hospital_followup.engine.questionnaire import Question, Questionnaire, ScoreGroup, read_choices
from hospital_followup.engine.questions import CHOICE, NUMERIC

CONDITIONS = ("show_if", "amber_if", "red_if")


def tidy_question(row: Any) -> None:
	"""Write a question the usual way: small code, plain digits, only what belongs to its kind of answer."""
	row.code = cstr(row.code).strip().lower()
	row.group = cstr(row.group).strip().lower() or None
	if row.answer_type in NUMERIC:
		row.minimum, row.maximum = _plain(row.minimum), _plain(row.maximum)
	else:
		row.unit = row.minimum = row.maximum = None
	if row.answer_type == CHOICE:
		lines = (line.strip() for line in cstr(row.choices).splitlines())
		row.choices = "\n".join(filter(None, lines))
	else:
		row.choices = None
	_tidy_conditions(row)


def tidy_score(row: Any) -> None:
	"""Write a scored group the usual way."""
	row.group = cstr(row.group).strip().lower()
	_tidy_conditions(row)


def engine_question(row: Any) -> Question:
	"""The engine's question of a row; fields that the row lacks are empty."""
	answer_type = cstr(row.get("answer_type"))
	numeric = answer_type in NUMERIC
	return Question(
		code=cstr(row.get("code")),
		text=cstr(row.get("text")),
		answer_type=answer_type,
		unit=cstr(row.get("unit")) if numeric else "",
		minimum=number_in(cstr(row.get("minimum"))) if numeric else None,
		maximum=number_in(cstr(row.get("maximum"))) if numeric else None,
		choices=read_choices(cstr(row.get("choices"))) if answer_type == CHOICE else (),
		required=bool(cint(row.get("required"))),
		show_if=cstr(row.get("show_if")),
		amber_if=cstr(row.get("amber_if")),
		red_if=cstr(row.get("red_if")),
		group=cstr(row.get("group")),
		hint=cstr(row.get("hint")),
	)


def engine_questionnaire(doc: Any) -> Questionnaire:
	"""The engine's questionnaire of a document, saved or not."""
	return Questionnaire(
		tuple(engine_question(row) for row in doc.get("questions") or ()),
		tuple(
			ScoreGroup(cstr(row.group), cstr(row.title), cstr(row.amber_if), cstr(row.red_if))
			for row in doc.get("scores") or ()
		),
	)


def unreadable_limits(row: Any) -> list[str]:
	"""The fields of a question that should hold a number and do not."""
	return [
		field
		for field in ("minimum", "maximum")
		if row.get(field) and number_in(cstr(row.get(field))) is None
	]


def _plain(value: Any) -> str | None:
	return unicodedata.normalize("NFKC", cstr(value)).strip() or None


def _tidy_conditions(row: Any) -> None:
	for field in CONDITIONS:
		if row.meta.has_field(field):
			row.set(field, cstr(row.get(field)).strip() or None)
