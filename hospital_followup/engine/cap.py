"""Not too often: one contact per patient and day, three in any seven days (clinical.md §1, Cap)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.draft import DAY, Draft
from hospital_followup.engine.merge import carry

WEEK = 7


def cap(
	drafts: Sequence[Draft],
	calendar: Calendar,
	per_day: int,
	per_week: int,
	taken: Iterable[date] = (),
) -> list[Draft]:
	"""Move surplus contacts, or let their neighbour carry them; `taken`: days of contacts that cannot change.

	Held contacts are placed first and never move. The others follow by date: a surplus one goes to the next working
	day with room inside its interval, else another contact carries it (`_neighbour`). Where there is none, because
	contacts that cannot change fill the days, it stays: rather one contact too many than one that is lost.
	"""
	ordered = sorted(drafts, key=lambda draft: draft.order)
	days = sorted([draft.due for draft in ordered] + list(taken))
	if _within(days, per_day, per_week):
		return ordered
	used = list(taken)
	placed: list[Draft] = []
	surplus: list[Draft] = []
	for draft in (*(d for d in ordered if d.held), *(d for d in ordered if not d.held)):
		if not draft.held and not room(draft.due, used, per_day, per_week):
			day = _next_free(draft, calendar, used, per_day, per_week)
			if day is None:
				surplus.append(draft)
				continue
			moved = draft.reasons - {"kept_on_closed_day"} | {"capped"}
			draft = replace(draft, due=day, reasons=moved)
		placed.append(draft)
		used.append(draft.due)
	for draft in surplus:
		place = _neighbour(draft, placed)
		if place is None:
			placed.append(draft)
			continue
		near = placed[place]
		reasons = near.reasons | _lasting(draft) | {"capped"}
		placed[place] = replace(carry(near, [draft]), reasons=reasons)
	return sorted(placed, key=lambda draft: draft.order)


def _neighbour(draft: Draft, placed: Sequence[Draft]) -> int | None:
	"""Who carries a surplus contact: the nearest one inside its interval; else, less than a week away, the last one
	before it, so that nothing is said later than it was asked for; else the next one after it."""
	apart = [(other.due - draft.due).days for other in placed]
	near = [place for place, days in enumerate(apart) if abs(days) < WEEK]
	inside = [place for place, other in enumerate(placed) if draft.covers(other.due)]
	before = [place for place in near if apart[place] <= 0]
	return min(inside or before or near, key=lambda place: (abs(apart[place]), apart[place]), default=None)


def _lasting(draft: Draft) -> frozenset[str]:
	"""What still holds of a contact that gave up its own date."""
	return draft.reasons & {"merged", "reanchored"}


def _next_free(
	draft: Draft, calendar: Calendar, used: Sequence[date], per_day: int, per_week: int
) -> date | None:
	day = draft.due
	while day < draft.end:
		day += DAY
		if calendar.is_working(day) and room(day, used, per_day, per_week):
			return day
	return None


def room(day: date, used: Sequence[date], per_day: int, per_week: int) -> bool:
	"""Whether one more contact on `day` keeps the day and every seven days around it within the cap."""
	if used.count(day) >= per_day:
		return False
	near = sorted([*(other for other in used if abs((other - day).days) < WEEK), day])
	return _within_weeks(near, per_week)


def _within(days: Sequence[date], per_day: int, per_week: int) -> bool:
	return all(
		later > earlier for earlier, later in zip(days, days[per_day:], strict=False)
	) and _within_weeks(days, per_week)


def _within_weeks(days: Sequence[date], per_week: int) -> bool:
	"""`days` sorted: no contact has `per_week` others in the six days after it."""
	return all((later - earlier).days >= WEEK for earlier, later in zip(days, days[per_week:], strict=False))
