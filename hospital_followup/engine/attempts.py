"""What an attempt's outcome means for its task, and when to try again (rules.md, Tasks; clinical.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from hospital_followup.engine.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Effect:
	"""`status` the task's next status (Open = stays open). `next`: retry, next_contact_point or None.

	`stops_plan`: why the whole plan stops, None = it goes on. `fix_number`: the number joins the fix list.
	"""

	status: str
	status_reason: str | None = None
	reached: bool = False
	next: str | None = None
	fix_number: bool = False
	stops_plan: str | None = None


OUTCOMES: dict[str, Effect] = {
	"Reached Patient": Effect("Completed", reached=True),
	"Reached Caregiver": Effect("Completed", reached=True),
	"Replied": Effect("Completed", reached=True),
	"No Answer": Effect("Open", next="retry"),
	"Busy": Effect("Open", next="retry"),
	"Voicemail": Effect("Open", next="retry"),
	"Not Home": Effect("Open", next="retry"),
	"Callback Requested": Effect("Open", reached=True, next="retry"),
	"Rescheduled": Effect("Open", reached=True, next="retry"),
	"Wrong Number": Effect("Open", next="next_contact_point", fix_number=True),
	"Out of Service": Effect("Open", next="next_contact_point", fix_number=True),
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
class CallRules:
	"""Hours of calls and slots of patients in the site's (or the patient's) wall-clock time."""

	attempts: int = 3
	caregiver_attempts: int = 1
	minimum_days: int = 2
	spacing_hours: int = 2
	call_hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(20)))
	slots: dict[str, tuple[time, time]] = field(
		default_factory=lambda: {
			"Morning": (time(9), time(12)),
			"Afternoon": (time(14), time(17)),
			"Evening": (time(17), time(20)),
		}
	)


@dataclass(frozen=True, slots=True)
class NextAttempt:
	"""When and whom to try next; `at` None with `reason` when everything has been tried or no time is left."""

	at: datetime | None
	contact_point: str
	channel: str
	reason: str | None = None  # lost_to_follow_up, window_ends


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
	"""`attempts`: all of this task so far, the latest last. `channels`: usable ones in the order to try."""
	raise NotImplementedError
