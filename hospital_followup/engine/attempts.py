"""What an attempt's outcome means for its task, and whom to try next, when, and why (rules.md, Tasks; clinical.md §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from hospital_followup.engine.attempt_times import CallRules, choose_time
from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.names import HUMAN_CHANNELS

__all__ = ["OUTCOMES", "Attempt", "CallRules", "Effect", "NextAttempt", "next_attempt"]

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


@dataclass(frozen=True, slots=True)
class NextAttempt:
	"""When and whom to try next; `at` None with `reason` when everything was tried or no time is left.

	`why_whom` and `why_when` are reason codes: why this person and channel, why this hour.
	"""

	at: datetime | None
	contact_point: str
	channel: str
	reason: str | None = None
	why_whom: tuple[str, ...] = ()
	why_when: tuple[str, ...] = ()

	@property
	def why(self) -> tuple[str, ...]:
		return self.why_whom + self.why_when


@dataclass(frozen=True, slots=True)
class _Stage:
	contact_point: str
	channel: str
	limit: int
	why: tuple[str, ...]


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
	dead: Collection[tuple[str, str]] = (),
	zone: tzinfo | None = None,
) -> NextAttempt:
	"""Whom to try next and when, in call hours, inside the window.

	`attempts`: all of this task so far. `channels`: the usable ones in the order to try. `dead`: (contact point, channel)
	known to lead nowhere from elsewhere. `zone`: the patient's time zone, None = that of `now`; `now` must then carry
	its own. Attempts at one contact point fall in different slots and on at least `minimum_days` days, home visits on
	a day each; when the window leaves no room for that, the days give way first, then the slots, because a call at the
	same hour is better than none.
	"""
	stage, passed = _next_stage(attempts, rules, has_caregiver, channels, frozenset(dead))
	if stage is None:
		return NextAttempt(None, "Patient", channels[0] if channels else "Phone", LOST_TO_FOLLOW_UP, passed)
	here = [attempt.at for attempt in attempts if _is_at(attempt, stage.contact_point, stage.channel)]
	at, why = choose_time(
		here,
		now,
		expires_on,
		calendar=calendar,
		rules=rules,
		limit=stage.limit,
		days=stage.limit if stage.channel == "Home Visit" else rules.minimum_days,
		preferred_slot=preferred_slot,
		zone=zone,
	)
	reason = None if at else WINDOW_ENDS
	return NextAttempt(
		at, stage.contact_point, stage.channel, reason, stage.why, why if at else (WINDOW_ENDS,)
	)


def _next_stage(
	attempts: Sequence[Attempt],
	rules: CallRules,
	has_caregiver: bool,
	channels: Sequence[str],
	dead: frozenset[tuple[str, str]],
) -> tuple[_Stage | None, tuple[str, ...]]:
	"""The first (contact point, channel) that is not used up: patient, caregiver, next channel; and why the ones
	before it were passed."""
	passed: list[str] = []
	usable = channels if rules.other_channels else channels[:1]
	for channel, contact_point, limit in _stages(usable, rules, has_caregiver):
		effects = [OUTCOMES[a.outcome] for a in attempts if _is_at(a, contact_point, channel)]
		person = contact_point.lower()
		if (contact_point, channel) in dead or any(effect.next == NEXT_CONTACT_POINT for effect in effects):
			passed.append(f"{person}_number_dead")
		elif sum(effect.counts for effect in effects) >= limit:
			passed.append(f"{person}_attempts_used")
		else:
			why = _why_whom(contact_point, channel, channels, passed)
			return _Stage(contact_point, channel, limit, why), ()
	return None, _once(passed)


def _stages(channels: Sequence[str], rules: CallRules, has_caregiver: bool) -> list[tuple[str, str, int]]:
	"""(channel, contact point, attempts allowed) in the order to try them. A caregiver is called, never visited."""
	stages = []
	for channel in channels:
		stages.append((channel, "Patient", rules.attempts if channel in HUMAN_CHANNELS else 1))
		if channel == "Phone" and has_caregiver and rules.caregiver_attempts:
			stages.append((channel, "Caregiver", rules.caregiver_attempts))
	return stages


def _why_whom(
	contact_point: str, channel: str, channels: Sequence[str], passed: Sequence[str]
) -> tuple[str, ...]:
	codes = list(passed)
	if contact_point == "Caregiver":
		codes.append("caregiver_next")
	if channel != channels[0]:
		codes.append("next_channel")
	return _once(codes)


def _once(codes: Sequence[str]) -> tuple[str, ...]:
	return tuple(dict.fromkeys(codes))


def _is_at(attempt: Attempt, contact_point: str, channel: str) -> bool:
	return attempt.contact_point == contact_point and attempt.channel == channel
