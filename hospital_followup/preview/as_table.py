"""The forecast for a terminal: aligned columns, Chinese characters two places wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from hospital_followup.preview.as_json import message
from hospital_followup.preview.forecast import Forecast
from hospital_followup.preview.language import name, names, say

_BAR = 40


def render_table(forecast: Forecast, language: str) -> str:
	blocks = [summary(forecast, language)]
	if forecast.contacts:
		blocks.append(_aligned(contact_headings(language), contact_rows(forecast, language)))
	if forecast.exclusions:
		headings = [say(language, "patient"), say(language, "reason")]
		rows = [[patient_id, name(language, reason)] for patient_id, reason in forecast.exclusions]
		blocks.append(_titled(say(language, "exclusions"), headings, rows))
	if forecast.rejections:
		headings = [say(language, code) for code in ("line", "column", "message")]
		rows = [[str(r.line), r.column, message(r, language)] for r in forecast.rejections]
		blocks.append(_titled(say(language, "rejections"), headings, rows))
	if forecast.contacts:
		blocks.append(_workload(forecast, language))
	return "\n\n".join(blocks)


def summary(forecast: Forecast, language: str) -> str:
	return say(
		language,
		"summary",
		forecast.policy,
		forecast.discharges,
		forecast.planned,
		len(forecast.exclusions),
		len(forecast.rejections),
		len(forecast.contacts),
	)


def contact_headings(language: str) -> list[str]:
	codes = (
		"due",
		"until",
		"patient",
		"sequence",
		"channel",
		"role",
		"risk",
		"value",
		"topics",
		"sources",
		"reasons",
	)
	return [say(language, code) for code in codes]


def contact_rows(forecast: Forecast, language: str) -> list[list[str]]:
	return [
		[
			planned.contact.due_date.isoformat(),
			planned.contact.expires_on.isoformat(),
			f"{planned.patient_id} {planned.patient_name or ''}".strip(),
			str(planned.contact.sequence),
			name(language, planned.contact.channel),
			name(language, planned.contact.role),
			name(language, planned.risk_tier),
			name(language, planned.value_tier),
			names(language, planned.contact.topics),
			names(language, planned.contact.sources),
			names(language, planned.reasons),
		]
		for planned in forecast.contacts
	]


def counts(language: str, counted: Mapping[str, int]) -> str:
	parts = [f"{name(language, value)} {number}" for value, number in counted.items()]
	return say(language, "comma").join(parts)


def _workload(forecast: Forecast, language: str) -> str:
	days = forecast.workload()
	most = max(day.contacts for day in days)
	rows = [
		[
			day.date.isoformat(),
			str(day.contacts),
			"█" * max(1, round(day.contacts / most * min(most, _BAR))),
			counts(language, day.by_role),
			counts(language, day.by_channel),
		]
		for day in days
	]
	headings = [say(language, code) for code in ("date", "count")]
	headings += ["", *(say(language, code) for code in ("by_role", "by_channel"))]
	return _titled(say(language, "workload"), headings, rows)


def _titled(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
	return f"{title}\n{_aligned(headings, rows)}"


def _aligned(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
	lines = [[printable(cell) for cell in row] for row in (headings, *rows)]
	widths = [max(width(line[place]) for line in lines) for place in range(len(headings))]
	rule = ["─" * size for size in widths]
	return "\n".join(
		"  ".join(cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)).rstrip()
		for line in (lines[0], rule, *lines[1:])
	)


def width(text: str) -> int:
	"""Places a terminal gives the text: two for Chinese characters, none for marks that combine."""
	return sum(
		0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
		for letter in text
	)


def printable(text: str) -> str:
	"""Line breaks and control characters as a space, so that a cell cannot break the table or the terminal."""
	return "".join(
		" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs") else letter for letter in text
	)
