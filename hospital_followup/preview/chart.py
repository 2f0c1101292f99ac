"""The workload as bars, drawn in SVG: one bar a day, a week or a month, whichever can still be read."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from datetime import date

from hospital_followup.engine.names import DOCTOR, SPECIALIST
from hospital_followup.engine.simulation import Day
from hospital_followup.engine.spans import spans
from hospital_followup.preview.language import name, say

_WIDTH, _HEIGHT, _TOP, _BOTTOM = 960, 220, 40, 26
_CLASSES = {DOCTOR: "doctor", SPECIALIST: "specialist"}


def workload_chart(days: Sequence[Day], language: str) -> str:
	"""Stacked by the responsible role; the number stands on every bar, so colour is not the only signal."""
	span, bars = _bars(days)
	roles = sorted({role for _, counted in bars for role in counted}, key=lambda role: (role != DOCTOR, role))
	most = max(sum(counted.values()) for _, counted in bars)
	step = _WIDTH / len(bars)
	bar_width = min(step * 0.7, 48)
	height = _HEIGHT - _TOP - _BOTTOM
	title = say(language, span)
	parts = [f'<text x="0" y="14">{html.escape(title)}</text>']
	x = _WIDTH - 150 * len(roles)
	for role in roles:
		parts.append(f'<rect class="{_class(role)}" x="{x}" y="5" width="11" height="11" rx="2"/>')
		parts.append(f'<text x="{x + 16}" y="14">{html.escape(name(language, role))}</text>')
		x += 150
	every = -(-len(bars) * 56 // _WIDTH)
	for place, (label, counted) in enumerate(bars):
		left = place * step + (step - bar_width) / 2
		middle = place * step + step / 2
		bottom = float(_HEIGHT - _BOTTOM)
		for role in roles:
			size = counted[role] / most * height
			if size:
				bottom -= size
				parts.append(
					f'<rect class="{_class(role)}" x="{left:.1f}" y="{bottom:.1f}" width="{bar_width:.1f}"'
					f' height="{size:.1f}"><title>{html.escape(f"{label} {name(language, role)}: {counted[role]}")}'
					"</title></rect>"
				)
		total = sum(counted.values())
		if total:
			parts.append(
				f'<text class="number" x="{middle:.1f}" y="{bottom - 4:.1f}" text-anchor="middle">{total}</text>'
			)
		if place % every == 0:
			parts.append(
				f'<text x="{middle:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{html.escape(label)}</text>'
			)
	line = _HEIGHT - _BOTTOM
	parts.append(f'<line class="axis" x1="0" y1="{line}" x2="{_WIDTH}" y2="{line}"/>')
	return (
		f'<svg viewBox="-12 0 {_WIDTH + 24} {_HEIGHT}" role="img" aria-label="{html.escape(title)}">'
		+ "".join(parts)
		+ "</svg>"
	)


def _bars(days: Sequence[Day]) -> tuple[str, list[tuple[str, Counter[str]]]]:
	"""Every day, week or month between the first and the last contact, the empty ones too."""
	span, starts = spans(days[0].date, days[-1].date)
	counted: dict[date, Counter[str]] = {start: Counter() for start in starts}
	for day in days:
		counted[max(start for start in starts if start <= day.date)].update(day.by_role)
	short = "%Y-%m" if span == "per_month" else "%m-%d"
	return span, [(start.strftime(short), roles) for start, roles in counted.items()]


def _class(role: str) -> str:
	return _CLASSES.get(role, "other")
