"""The course of an answer over time, drawn as SVG for paper: points, their numbers, and the target as a named band."""

from __future__ import annotations

from html import escape
from typing import Any

from frappe.utils import formatdate

WIDTH, HEIGHT = 660, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 26
STROKES = ("#1366ae", "#7b2d8b", "#2e7d32")
#: Lines are told apart on a black and white print, too.
DASHES = ("", "7 4", "2 3")
MOST_DATES = 8


def drawing(chart: dict[str, Any]) -> str:
	"""One chart of `services.rehabilitation` as an SVG element; empty when there is nothing to connect."""
	days = sorted({point["on"] for line in chart["lines"] for point in line["points"]})
	if len(days) < 2:
		return ""
	scale = _Scale(chart["lines"], days)
	several = len(chart["lines"]) > 1
	parts = [_axis(scale)]
	parts += [_band(line, scale, line["title"] if several else "") for line in chart["lines"] if line["band"]]
	parts += [_course(line, place, scale) for place, line in enumerate(chart["lines"])]
	return (
		f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
		f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
	)


class _Scale:
	"""Where a day and a number stand on the paper."""

	def __init__(self, lines: list[dict[str, Any]], days: list[Any]) -> None:
		numbers = [point["value"] for line in lines for point in line["points"]]
		limits = [line["band"][end] for line in lines if line["band"] for end in ("low", "high")]
		known = numbers + [limit for limit in limits if limit is not None]
		room = ((max(known) - min(known)) or 1) * 0.12
		self.days, self.low, self.high = days, min(known) - room, max(known) + room

	def x(self, day: Any) -> float:
		span = (self.days[-1] - self.days[0]).days
		return LEFT + 12 + (WIDTH - LEFT - RIGHT - 24) * (day - self.days[0]).days / span

	def y(self, number: float) -> float:
		return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - number) / (self.high - self.low)


def _axis(scale: _Scale) -> str:
	bottom = HEIGHT - BOTTOM
	step = -(-len(scale.days) // MOST_DATES)
	dates = "".join(
		_text(scale.x(day), bottom + 16, formatdate(day), anchor="middle") for day in scale.days[::step]
	)
	return f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="#7c8791"/>{dates}'


def _band(line: dict[str, Any], scale: _Scale, title: str) -> str:
	band = line["band"]
	top = scale.y(band["high"]) if band["high"] is not None else TOP
	bottom = scale.y(band["low"]) if band["low"] is not None else HEIGHT - BOTTOM
	limits = "".join(
		f'<path d="M{LEFT} {scale.y(limit):.1f}H{WIDTH - RIGHT}" stroke="#2e7d32" stroke-dasharray="4 3"/>'
		+ _text(LEFT - 4, scale.y(limit) + 3.5, f"{limit:g}", anchor="end")
		for limit in (band["low"], band["high"])
		if limit is not None
	)
	height = max(bottom - top, 1)
	return (
		f'<rect x="{LEFT}" y="{top:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{height:.1f}" '
		f'fill="#2e7d32" fill-opacity="0.08"/>{limits}'
		+ _text(LEFT + (WIDTH - LEFT) / 4, top + 11, f"{title} {band['words']}".strip(), anchor="middle")
	)


def _course(line: dict[str, Any], place: int, scale: _Scale) -> str:
	stroke, dash = STROKES[place % len(STROKES)], DASHES[place % len(DASHES)]
	spots = [(scale.x(point["on"]), scale.y(point["value"]), point) for point in line["points"]]
	path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _point in spots)
	marks = "".join(
		f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{stroke}"/>'
		+ _text(x, y - 7, f"{point['value']:g}{' ⚑' if point['flag'] else ''}", anchor="middle")
		for x, y, point in spots
	)
	return f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="1.6" stroke-dasharray="{dash}"/>{marks}'


def _text(x: float, y: float, words: str, *, anchor: str) -> str:
	return f'<text x="{x:.1f}" y="{y:.1f}" font-size="10" fill="#1f272e" text-anchor="{anchor}">{escape(words)}</text>'
