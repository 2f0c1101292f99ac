"""What an attempt's outcome means for its task, and when to try again (rules.md, Tasks; clinical.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.names import HUMAN_CHANNELS

RETRY, NEXT_CONTACT_POINT = "retry", "next_contact_point"
LOST_TO_FOLLOW_UP, WINDOW_ENDS = "lost_to_follow_up", "window_ends"


@dataclass(frozen=True, slots=True)
class Effect:
	"""`status` the task's next status (Open = stays open). `next`: retry, next_contact_point or None.

	`reached`: somebody answered. `stops_plan`: why the whole plan stops, None = it goes on. `fix_number`: the number
	joins the fix list. `counts`: the attempt is one of those that are used up.
	"""

	status: str
	status_reason: str | None = None
	reached: bool = False
	next: str | None = None
	counts: bool = False
	fix_number: bool = False
	stops_plan: str | None = None


OUTCOMES: Mapping[str, Effect] = {
	"Reached Patient": Effect("Completed", reached=True),
	"Reached Caregiver": Effect("Completed", reached=True),
	"Replied": Effect("Completed", reached=True),
	"No Answer": Effect("Open", next=RETRY, counts=True),
	"Busy": Effect("Open", next=RETRY, counts=True),
	"Voicemail": Effect("Open", next=RETRY, counts=True),
	"Not Home": Effect("Open", next=RETRY, counts=True),
	"Callback Requested": Effect("Open", reached=True, next=RETRY),
	"Rescheduled": Effect("Open", reached=True, next=RETRY),
	"Wrong Number": Effect("Open", next=NEXT_CONTACT_POINT, counts=True, fix_number=True),
	"Out of Service": Effect("Open", next=NEXT_CONTACT_POINT, counts=True, fix_number=True),
	"Declined": Effect("Skipped", status_reason="declined", reached=True),
	"Deceased": Effect("Cancelled", status_reason="deceased", reached=True, stops_plan="deceased"),
	"Readmitted": Effect("Cancelled", status_reason="readmitted", reached=True, stops_plan="readmitted"),
}


@dataclass(frozen=True, slots=True)
class Attempt:
	at: datetime
	outcome: str
	channel: str = "Phone"
	contact_point: str = "Patient"


def _patient_slots() -> dict[str, tuple[time, time]]:
	return {
		"Morning": (time(9), time(12)),
		"Afternoon": (time(14), time(17)),
		"Evening": (time(17), time(20)),
	}


@dataclass(frozen=True, slots=True)
class CallRules:
	"""Hours and slots in the wall-clock time of `now`. Three attempts: Project RED's call form (clinical.md §5)."""

	attempts: int = 3
	caregiver_attempts: int = 1
	minimum_days: int = 2
	spacing_hours: int = 2
	call_hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(20)))
	slots: Mapping[str, tuple[time, time]] = field(default_factory=_patient_slots)


@dataclass(frozen=True, slots=True)
class NextAttempt:
	"""When and whom to try next; `at` None with `reason` when everything was tried or no time is left."""

	at: datetime | None
	contact_point: str
	channel: str
	reason: str | None = None


def next_attempt(
	attempts: Sequence[Attempt],
	now: datetime,
	expires_on: date,
	*,
	calendar: Calendar,
	rules: CallRules,
	preferred_slot: str | None = None,
	has_caregiver: bool = False,
	channels: Sequence[str] = ("Phone",),
) -> NextAttempt:
	"""Whom to try next and when, in call hours, inside the window.

	`attempts`: all of this task so far. `channels`: the usable ones in the order to try. Attempts at one contact point
	fall in different slots and on at least `minimum_days` days; when the window leaves no room for that, the days give
	way first, then the slots, because a call at the same hour is better than none.
	"""
	stage = _next_stage(attempts, rules, has_caregiver, channels)
	if stage is None:
		return NextAttempt(None, "Patient", channels[0] if channels else "Phone", LOST_TO_FOLLOW_UP)
	contact_point, channel, limit = stage
	here = [attempt for attempt in attempts if _is_at(attempt, contact_point, channel)]
	earliest = now + timedelta(hours=rules.spacing_hours) if here else now
	times = list(_times(earliest, now.date(), expires_on, calendar, rules))
	used_slots = {_slot_of(attempt.at, rules) for attempt in here}
	used_days = {attempt.at.date() for attempt in here}
	other_slots = [(slot, at) for slot, at in times if slot not in used_slots]
	days_missing = rules.minimum_days - len(used_days)
	other_days = other_slots
	if here and days_missing >= limit - len(here):
		other_days = [(slot, at) for slot, at in other_slots if at.date() not in used_days]
	for choice in (other_days, other_slots, times):
		if choice:
			at = next((at for slot, at in choice if slot == preferred_slot), choice[0][1])
			return NextAttempt(at, contact_point, channel)
	return NextAttempt(None, contact_point, channel, WINDOW_ENDS)


def _next_stage(
	attempts: Sequence[Attempt], rules: CallRules, has_caregiver: bool, channels: Sequence[str]
) -> tuple[str, str, int] | None:
	"""The first (contact point, channel, attempts allowed) that is not used up: patient, caregiver, next channel."""
	for channel in channels:
		human = channel in HUMAN_CHANNELS
		stages = [("Patient", channel, rules.attempts if human else 1)]
		if human and has_caregiver:
			stages.append(("Caregiver", channel, rules.caregiver_attempts))
		for stage in stages:
			contact_point, _, limit = stage
			effects = [OUTCOMES[a.outcome] for a in attempts if _is_at(a, contact_point, channel)]
			dead = any(effect.next == NEXT_CONTACT_POINT for effect in effects)
			if not dead and sum(effect.counts for effect in effects) < limit:
				return stage
	return None


def _is_at(attempt: Attempt, contact_point: str, channel: str) -> bool:
	return attempt.contact_point == contact_point and attempt.channel == channel


def _times(
	earliest: datetime, today: date, expires_on: date, calendar: Calendar, rules: CallRules
) -> Iterator[tuple[str, datetime]]:
	"""The first possible moment of each slot of each day, in order. Today counts even when it is a closed day:
	whoever made the attempt that failed is on duty."""
	day = earliest.date()
	while day <= expires_on:
		if day == today or calendar.is_working(day):
			for slot, start, end in _slots_in_call_hours(rules):
				opens = datetime.combine(day, start, tzinfo=earliest.tzinfo)
				closes = datetime.combine(day, end, tzinfo=earliest.tzinfo)
				at = max(opens, earliest)
				if at < closes:
					yield slot, at
		day += timedelta(days=1)


def _slots_in_call_hours(rules: CallRules) -> list[tuple[str, time, time]]:
	both = (
		(slot, max(start, opens), min(end, closes))
		for slot, (start, end) in rules.slots.items()
		for opens, closes in rules.call_hours
	)
	return sorted(((slot, start, end) for slot, start, end in both if start < end), key=lambda row: row[1])


def _slot_of(at: datetime, rules: CallRules) -> str | None:
	return next((slot for slot, (start, end) in rules.slots.items() if start <= at.time() < end), None)
