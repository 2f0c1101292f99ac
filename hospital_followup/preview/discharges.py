"""From rows to discharges: what each row says, and which rows cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hospital_followup.engine.facts import DischargeFacts, PatientFacts
from hospital_followup.engine.value import ValueFigures
from hospital_followup.preview.columns import COLUMNS, REQUIRED, recognise
from hospital_followup.preview.csvfile import Row, Sheet, read_sheet
from hospital_followup.preview.language import BadValue


@dataclass(frozen=True, slots=True)
class Listed:
	"""One usable row."""

	line: int
	discharge: DischargeFacts
	patient: PatientFacts
	patient_name: str | None
	value_tier: str | None
	figures: ValueFigures

	@property
	def admitted(self) -> date:
		"""The day of admission, or of discharge when the stay is unknown (preview.md)."""
		return self.discharge.discharge_date - timedelta(days=int(self.discharge.length_of_stay or 0))


@dataclass(frozen=True, slots=True)
class Rejection:
	"""The first problem of a row names its column; `others` are told in the same message."""

	line: int
	column: str
	problem: BadValue
	others: tuple[tuple[str, BadValue], ...] = ()


def read_discharges(path: str) -> tuple[Sheet, list[Listed], list[Rejection]]:
	"""Raises Unusable when the file as a whole cannot be read."""
	sheet = read_sheet(path, recognise, REQUIRED)
	listed: list[Listed] = []
	rejections: list[Rejection] = []
	seen: dict[tuple[str, date], int] = {}
	for row in sheet.rows:
		entry = _read_row(row)
		if isinstance(entry, Listed):
			discharge = entry.discharge
			first = seen.setdefault((discharge.patient_id, discharge.discharge_date), entry.line)
			if first == entry.line:
				listed.append(entry)
				continue
			entry = Rejection(entry.line, "discharge_date", BadValue("duplicate", first))
		rejections.append(entry)
	return sheet, listed, rejections


def _read_row(row: Row) -> Listed | Rejection:
	if row.problem:
		return Rejection(row.line, *row.problem)
	values: dict[str, Any] = {}
	problems: list[tuple[str, BadValue]] = []
	for name, (_, read) in COLUMNS.items():
		cell = row.cells.get(name, "")
		try:
			if not cell and name in REQUIRED:
				raise BadValue("required")
			values[name] = read(cell) if cell else None
		except BadValue as problem:
			problems.append((name, problem))
	problems += _contradictions(values)
	if problems:
		(column, first), *others = problems
		return Rejection(row.line, column, first, tuple(others))
	return _listed(row.line, values)


def _contradictions(values: Mapping[str, Any]) -> list[tuple[str, BadValue]]:
	born, left = values.get("date_of_birth"), values.get("discharge_date")
	if isinstance(born, date) and isinstance(left, date) and born > left:
		return [("date_of_birth", BadValue("before_birth", born.isoformat(), left.isoformat()))]
	return []


def _listed(line: int, values: Mapping[str, Any]) -> Listed:
	patient = PatientFacts(
		values["patient_id"],
		sex=values["sex"],
		date_of_birth=values["date_of_birth"],
		special_care=bool(values["special_care"]),
		preferred_channel=values["preferred_channel"],
	)
	discharge = DischargeFacts(
		f"line {line}",
		values["patient_id"],
		values["discharge_date"],
		department=values["department"],
		diagnoses=values["diagnosis"] or (),
		disposition=values["disposition"] or "Home",
		length_of_stay=values["length_of_stay"],
		emergency_admission=values["emergency_admission"],
		charlson=values["charlson"],
		ed_visits=values["ed_visits"],
		given_risk_tier=values["risk_tier"],
	)
	figures = ValueFigures(visits=values["visits"], spend=values["spend"])
	return Listed(line, discharge, patient, values["patient_name"], values["value_tier"], figures)
