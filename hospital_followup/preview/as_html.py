"""The forecast as one page to look at, send or print on A4; it loads nothing from anywhere."""

from __future__ import annotations

import html
from collections.abc import Sequence

from hospital_followup.preview.as_json import message
from hospital_followup.preview.as_table import contact_headings, contact_rows, counts, printable
from hospital_followup.preview.chart import workload_chart
from hospital_followup.preview.forecast import Forecast
from hospital_followup.preview.language import Unusable, name, say
from hospital_followup.preview.page import STYLE


def render_html(forecast: Forecast, notes: Sequence[Unusable], language: str) -> str:
	title = f"{say(language, 'title')} · {forecast.policy}"
	parts = [
		f"<h1>{_safe(title)}</h1>",
		_figures(forecast, language),
	]
	if forecast.contacts:
		parts += [
			_section(say(language, "workload"), workload_chart(forecast.workload(), language)),
			_section(
				say(language, "contacts"),
				_table(contact_headings(language), contact_rows(forecast, language)),
			),
		]
	if forecast.exclusions:
		rows = [[patient_id, name(language, reason)] for patient_id, reason in forecast.exclusions]
		headings = [say(language, "patient"), say(language, "reason")]
		parts.append(_section(say(language, "exclusions"), _table(headings, rows)))
	if forecast.rejections:
		headings = [say(language, code) for code in ("line", "column", "message")]
		rows = [[str(r.line), r.column, message(r, language)] for r in forecast.rejections]
		parts.append(_section(say(language, "rejections"), _table(headings, rows)))
	if forecast.contacts:
		parts.append(_section(say(language, "per_day"), _days(forecast, language)))
	if notes:
		entries = "".join(f"<li>{_safe(say(language, note.code, *note.values))}</li>" for note in notes)
		parts.append(_section(say(language, "notes"), f"<ul>{entries}</ul>"))
	body = "\n".join(parts)
	tongue = "zh-CN" if language == "zh" else "en"
	return (
		f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
		'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
		f"<title>{_safe(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
		"</body>\n</html>"
	)


def _figures(forecast: Forecast, language: str) -> str:
	figures = (
		("discharges", forecast.discharges),
		("planned", forecast.planned),
		("excluded", len(forecast.exclusions)),
		("rejected", len(forecast.rejections)),
		("contacts", len(forecast.contacts)),
	)
	cells = "".join(
		f'<div class="{code}"><dt>{_safe(say(language, code))}</dt><dd>{number}</dd></div>'
		for code, number in figures
	)
	return f'<dl class="figures">{cells}</dl>'


def _days(forecast: Forecast, language: str) -> str:
	headings = [say(language, code) for code in ("date", "count", "by_role", "by_channel")]
	rows = [
		[
			day.date.isoformat(),
			str(day.contacts),
			counts(language, day.by_role),
			counts(language, day.by_channel),
		]
		for day in forecast.workload()
	]
	return _table(headings, rows)


def _section(title: str, content: str) -> str:
	return f"<section>\n<h2>{_safe(title)}</h2>\n{content}\n</section>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
	head = "".join(f'<th scope="col">{_safe(heading)}</th>' for heading in headings)
	lines = "\n".join("<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in row) + "</tr>" for row in rows)
	return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _safe(text: str) -> str:
	return html.escape(printable(text))
