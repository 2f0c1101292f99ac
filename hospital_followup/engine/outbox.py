"""What happens to one message: whether it may go out now, and what the provider's answer makes of it.

A message that may have reached the patient is never sent again (quality.md, Reliability 3): only an answer that says
"not accepted" leads back to Queued; silence leads to Uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from hospital_followup.engine.attempt_times import Span, instant

#: The wait before the second, third … try; after the last one the message has failed.
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))
#: A provider's own "try again in …" is obeyed up to here.
LONGEST_WAIT = timedelta(hours=6)
#: Share of a wait by which it may be longer, so that a thousand messages do not come back in the same second.
JITTER = 0.25
WEEK = timedelta(days=7)
#: Messages that will never arrive.
LOST = ("Failed", "Expired", "Suppressed")
#: Why a message stays Uncertain for good: nobody could tell what became of it, so a person makes sure.
UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Guards:
	"""What is true about patient, plan, channel and site at this moment; the defaults let a message pass.

	`plan_ended`: why the plan that the message belongs to has ended; `contact_closed`: its contact took place or was
	called off; `on_hold`: why it waits until something changes. `consent`: True given, False withdrawn or opted out, None never asked. `sent`: when the patient's
	messages of the last seven days went out. `provider_ready_at`: when the circuit breaker lets the next one through.
	"""

	patient_status: str = "Active"
	plan_ended: str | None = None
	on_hold: str | None = None
	contact_closed: bool = False
	consent: bool | None = None
	without_consent: bool = False
	has_address: bool = True
	channel_enabled: bool = True
	live: bool = True
	sent: tuple[datetime, ...] = ()
	per_day: int = 1
	per_week: int = 3
	capped: bool = True
	provider_ready_at: datetime | None = None
	quiet: Span | None = None
	zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
	"""`action`: send, wait (until `at`; None = until something changes), expire, suppress; `reason` unless it is sent."""

	action: str
	reason: str | None = None
	at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
	"""The status that follows, why, and when a queued message is looked at again."""

	status: str
	reason: str | None = None
	send_after: datetime | None = None


def decide(send_after: datetime, expires_at: datetime | None, guards: Guards, now: datetime) -> Verdict:
	"""Whether a queued message may go out at `now`.

	Who must not be written to is suppressed before anything else; what could only go out after `expires_at` expires at
	once, so that a person can take over in time.
	"""
	if reason := suppressed(guards):
		return Verdict("suppress", reason)
	if expires_at is not None and now >= expires_at:
		return Verdict("expire", "expired")
	if now < send_after:
		return Verdict("wait", "not_due", send_after)
	if not guards.live:
		return Verdict("wait", "not_live")
	if guards.on_hold:
		return Verdict("wait", guards.on_hold)
	at, reason = now, None
	for _round in range(8):  # a wait may end in another one: the cap in the night, the night in the cap
		step = _next(guards, at)
		if step is None:
			break
		at, reason = step
	if reason is None:
		return Verdict("send")
	if expires_at is not None and at >= expires_at:
		return Verdict("expire", reason)
	return Verdict("wait", reason, at)


def suppressed(guards: Guards) -> str | None:
	"""Why this message must never go out; None when it may."""
	if guards.patient_status == "Deceased":
		return "deceased"
	if guards.patient_status != "Active":
		return "do_not_contact"
	if guards.plan_ended:
		return guards.plan_ended
	if guards.contact_closed:
		return "contact_closed"
	if guards.consent is False:
		return "withdrawn"
	if guards.consent is None and not guards.without_consent:
		return "no_consent"
	if not guards.has_address:
		return "no_address"
	return None if guards.channel_enabled else "channel_disabled"


def answered(
	state: str, tries: int, now: datetime, *, retry_after: timedelta | None = None, jitter: float = 0.0
) -> Step:
	"""What the provider's answer to try number `tries` (1, 2, …) makes of a message that was being sent.

	`state`: accepted, refused, retry, uncertain (engine.ports.SendResult); anything else is uncertain. `jitter`: 0-1.
	"""
	if state == "accepted":
		return Step("Sent")
	if state == "refused":
		return Step("Failed", "refused")
	if state != "retry":
		return Step("Uncertain", "no_clear_answer")
	if tries > len(BACKOFF):
		return Step("Failed", "tries_used_up")
	wait = max(BACKOFF[tries - 1], min(retry_after or timedelta(), LONGEST_WAIT))
	return Step("Queued", "try_again", now + wait * (1 + JITTER * min(max(jitter, 0.0), 1.0)))


def lease_ended() -> Step:
	"""Nobody knows whether a message whose sender was killed went out: the provider is asked, else a person calls."""
	return Step("Uncertain", "sender_lost")


def received(status: str, delivery: str) -> Step | None:
	"""What a receipt (`delivered`, `failed`) makes of a message; None when it changes nothing.

	Receipts come twice, late and in any order: what was delivered stays delivered. A message that waits for its next try
	has arrived all the same when a receipt says so, whatever the service answered before; it must not go out again.
	"""
	if delivery == "delivered" and status in ("Queued", "Sending", "Sent", "Uncertain", "Failed"):
		return Step("Delivered")
	if delivery == "failed" and status in ("Sending", "Sent", "Uncertain"):
		return Step("Failed", "not_delivered")
	return None


def decent_time(at: datetime, quiet: Span, zone: tzinfo | None) -> datetime:
	"""The first moment from `at` on that lies outside the quiet hours of the clock `zone`, on the clock of `at`."""
	start, end = quiet
	if start == end:
		return at
	local = instant(at).astimezone(zone) if zone and at.tzinfo else at
	if not _within(local.time(), start, end):
		return at
	day = local.date() + timedelta(days=1) if start > end and local.time() >= start else local.date()
	wakes = datetime.combine(day, end, tzinfo=local.tzinfo)
	return instant(wakes).astimezone(at.tzinfo) if at.tzinfo else wakes


def is_lost(status: str, reason: str | None) -> bool:
	"""Whether somebody has to do what the message was to do."""
	return status in LOST or (status == "Uncertain" and reason == UNRESOLVED)


def _within(clock: time, start: time, end: time) -> bool:
	return start <= clock < end if start < end else clock >= start or clock < end


def _next(guards: Guards, at: datetime) -> tuple[datetime, str] | None:
	"""The later moment that the first guard in the way allows, and its name; None when nothing is in the way at `at`."""
	if guards.provider_ready_at and at < guards.provider_ready_at:
		return guards.provider_ready_at, "provider_down"
	if guards.quiet:
		decent = decent_time(at, guards.quiet, guards.zone)
		if decent > at:
			return decent, "quiet_hours"
	if guards.capped:
		return _capped(guards, at)
	return None


def _capped(guards: Guards, at: datetime) -> tuple[datetime, str] | None:
	"""Days are the patient's own; a day's room comes back at midnight, a week's when its oldest message is a week old."""

	def local(moment: datetime) -> datetime:
		return instant(moment).astimezone(guards.zone) if guards.zone and moment.tzinfo else moment

	today = local(at).date()
	if sum(local(moment).date() == today for moment in guards.sent) >= guards.per_day:
		midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=local(at).tzinfo)
		return (instant(midnight).astimezone(at.tzinfo) if at.tzinfo else midnight), "day_cap"
	recent = sorted(moment for moment in guards.sent if at - WEEK < moment <= at)
	if len(recent) >= guards.per_week:
		return recent[len(recent) - guards.per_week] + WEEK, "week_cap"
	return None
