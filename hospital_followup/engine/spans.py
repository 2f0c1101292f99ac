"""Days, weeks or months along the axis of a chart, whichever can still be read."""

from __future__ import annotations

from datetime import date, timedelta

#: More bars than this nobody can tell apart.
MOST_BARS = 45


def spans(first: date, last: date) -> tuple[str, list[date]]:
	"""What a bar stands for (per_day, per_week, per_month) and the first day of each, from `first` to `last`.

	Weeks begin on Monday. Where even months are too many, a bar stands for several.
	"""
	if (last - first).days < MOST_BARS:
		return "per_day", [first + timedelta(n) for n in range((last - first).days + 1)]
	if (last - first).days < MOST_BARS * 7:
		monday = first - timedelta(first.weekday())
		return "per_week", [monday + timedelta(7 * n) for n in range((last - monday).days // 7 + 1)]
	months = [
		date(number // 12, number % 12 + 1, 1)
		for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
	]
	return "per_month", months if len(months) <= MOST_BARS else months[:: -(-len(months) // MOST_BARS)]
