"""The hour of the next attempt: call hours, slots, days off, the patient's own clock; and why that hour.

Two clocks: the hospital's decides on days off, on the window and on when staff are there; the patient's on the slot
and on what is a decent hour. Instants are compared in UTC, because clocks go forward and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from hospital_followup.engine.calendar import Calendar

MIDNIGHT = time()
Span = tuple[time, time]


def _patient_slots() -> dict[str, Span]:
	return {
		"Morning": (time(9), time(12)),
		"Afternoon": (time(14), time(17)),
		"Evening": (time(17), time(20)),
	}


@dataclass(frozen=True, slots=True)
class CallRules:
	"""How often to try, and when. Hours and slots are wall-clock times. Three attempts: Project RED's call form
	(clinical.md §5). `other_channels`: whether the next channel follows when calls led nowhere."""

	attempts: int = 3
	caregiver_attempts: int = 1
	minimum_days: int = 2
	spacing_hours: int = 2
	other_channels: bool = True
	call_hours: tuple[Span, ...] = ((time(9), time(12)), (time(14), time(20)))
	slots: Mapping[str, Span] = field(default_factory=_patient_slots)


@dataclass(frozen=True, slots=True)
class _Moment:
	"""The first possible instant of one slot of one of the patient's days."""

	at: datetime
	slot: str
	day: date


@dataclass(frozen=True, slots=True)
class _Clocks:
	hospital: tzinfo | None
	patient: tzinfo | None

	def instant(self, day: date, clock: time, zone: tzinfo | None) -> datetime:
		return instant(datetime.combine(day, clock, tzinfo=zone))

	def at_hospital(self, at: datetime) -> datetime:
		return at.astimezone(self.hospital) if self.hospital else at

	def at_patient(self, at: datetime) -> datetime:
		return at.astimezone(self.patient) if self.patient else at

	def differ(self, at: datetime) -> bool:
		return self.at_hospital(at).utcoffset() != self.at_patient(at).utcoffset()


def instant(at: datetime) -> datetime:
	"""`at` in UTC; without a time zone it stays as it is, all of them being on one clock then."""
	return at.astimezone(timezone.utc) if at.tzinfo else at


def choose_time(
	tried: Sequence[datetime],
	now: datetime,
	expires_on: date,
	*,
	calendar: Calendar,
	rules: CallRules,
	limit: int,
	days: int,
	preferred_slot: str | None = None,
	zone: tzinfo | None = None,
) -> tuple[datetime | None, tuple[str, ...]]:
	"""The next time to try one contact point that was tried at `tried`, on the clock of `now`, and why that time.

	None when the window has no time left. Where the patient's decent hours and the hospital's never meet, the
	hospital's give way: a patient is not called at night.
	"""
	if zone and not now.tzinfo:
		raise ValueError("now needs a time zone when the patient has one")
	clocks = _Clocks(now.tzinfo, zone or now.tzinfo)
	earliest = instant(now) + timedelta(hours=rules.spacing_hours if tried else 0)
	moments = sorted(_moments(earliest, now.date(), expires_on, calendar, rules, clocks), key=_by_time)
	strict = bool(moments)
	if not strict and clocks.differ(earliest):
		whole_day = (MIDNIGHT, MIDNIGHT)
		moments = sorted(
			_moments(earliest, now.date(), expires_on, calendar, rules, clocks, (whole_day,)), key=_by_time
		)
	local = [clocks.at_patient(instant(at)) for at in tried]
	found, why = _choose(moments, local, rules, limit, days, preferred_slot)
	if found is None:
		return None, ()
	at = clocks.at_hospital(found.at)
	waits = not tried or not why
	why += _why_not_sooner(at, now, earliest, expires_on, calendar, waits)
	if clocks.differ(found.at):
		why.append("patient_time_zone")
		if not strict:
			why.append("hospital_hours_gave_way")
	return at, tuple(why)


def _choose(
	moments: Sequence[_Moment],
	tried: Sequence[datetime],
	rules: CallRules,
	limit: int,
	days: int,
	preferred_slot: str | None,
) -> tuple[_Moment | None, list[str]]:
	used_slots = {slot for at in tried if (slot := slot_of(at.time(), rules))}
	used_days = {at.date() for at in tried}
	needs_day = bool(tried) and days - len(used_days) >= limit - len(tried)
	other_slots = [moment for moment in moments if moment.slot not in used_slots]
	other_days = [moment for moment in other_slots if moment.day not in used_days]
	# A visit is a day's journey: when every day needs its own, the day counts more than the slot.
	any_slot = [moment for moment in moments if moment.day not in used_days] if days >= limit > 1 else []
	choices: list[tuple[Sequence[_Moment], list[str]]] = []
	slot_codes = [f"slot_tried_{slot.lower()}" for slot in rules.slots if slot in used_slots]
	if needs_day:
		choices = [(other_days, ["other_day", *slot_codes]), (any_slot, ["other_day", "same_slot_again"])]
	gave_way = ["same_day_again"] if needs_day else []
	choices.append((other_slots, [*gave_way, *slot_codes]))
	choices.append((moments, [*gave_way, "same_slot_again"] if tried else []))
	for possible, why in choices:
		if possible:
			wanted = [moment for moment in possible if moment.slot == preferred_slot]
			found = (wanted or possible)[0]
			return found, [*why, *_why_slot(found, preferred_slot, used_slots)]
	return None, []


def _why_slot(found: _Moment, preferred: str | None, used: Iterable[str]) -> list[str]:
	if not preferred:
		return []
	if found.slot == preferred:
		return ["preferred_slot"]
	return ["preferred_slot_tried" if preferred in used else "preferred_slot_full"]


def _why_not_sooner(
	at: datetime, now: datetime, earliest: datetime, expires_on: date, calendar: Calendar, waits: bool
) -> list[str]:
	"""`waits`: nothing but the hours themselves kept the attempt from being made at once."""
	codes = []
	if instant(at) == earliest and instant(now) != earliest:
		codes.append("spacing")
	elif waits and instant(at) > earliest:
		codes.append("next_call_hours")
	between = [now.date() + timedelta(days=number) for number in range(1, (at.date() - now.date()).days)]
	if any(not calendar.is_working(day) for day in between):
		codes.append("closed_day_avoided")
	if at.date() == expires_on:
		codes.append("last_day")
	return codes


def _by_time(moment: _Moment) -> datetime:
	return moment.at


def _moments(
	earliest: datetime,
	today: date,
	expires_on: date,
	calendar: Calendar,
	rules: CallRules,
	clocks: _Clocks,
	hospital_hours: tuple[Span, ...] | None = None,
) -> Iterator[_Moment]:
	"""What is left of each slot on each of the hospital's days. Today counts even when it is a closed day: whoever
	made the attempt that failed is on duty."""
	day = today
	while day <= expires_on:
		if day == today or calendar.is_working(day):
			for opens, closes in _spans(day, hospital_hours or rules.call_hours, clocks.hospital, clocks):
				yield from _slots_between(max(opens, earliest), closes, rules, clocks)
		day += timedelta(days=1)


def _slots_between(opens: datetime, closes: datetime, rules: CallRules, clocks: _Clocks) -> Iterator[_Moment]:
	if opens >= closes:
		return
	day, last = clocks.at_patient(opens).date(), clocks.at_patient(closes).date()
	while day <= last:
		for slot, hours in rules.slots.items():
			for start, end in _overlaps(hours, rules.call_hours):
				for begins, ends in _spans(day, ((start, end),), clocks.patient, clocks):
					at = max(begins, opens)
					if at < min(ends, closes):
						yield _Moment(at, slot, day)
		day += timedelta(days=1)


def _overlaps(hours: Span, call_hours: Iterable[Span]) -> Iterator[Span]:
	for opens, closes in call_hours:
		start, end = max(hours[0], opens), min(hours[1], closes)
		if start < end:
			yield start, end


def _spans(
	day: date, hours: Iterable[Span], zone: tzinfo | None, clocks: _Clocks
) -> Iterator[tuple[datetime, datetime]]:
	"""The hours of `day` as instants; an end at midnight is the next day's beginning."""
	for start, end in hours:
		last = day + timedelta(days=1) if end == MIDNIGHT else day
		yield clocks.instant(day, start, zone), clocks.instant(last, end, zone)


def slot_of(clock: time, rules: CallRules) -> str | None:
	"""The slot that the wall-clock time `clock` falls in; None between them."""
	return next((slot for slot, (start, end) in rules.slots.items() if start <= clock < end), None)
