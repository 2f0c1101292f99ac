"""Messages: never to who must not be written to, never at night, never twice, and in time or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hospital_followup.engine.breaker import LONGEST_PAUSE, PAUSE, THRESHOLD, Breaker
from hospital_followup.engine.outbox import (
	BACKOFF,
	JITTER,
	LONGEST_WAIT,
	Guards,
	Verdict,
	answered,
	decent_time,
	decide,
	lease_ended,
	received,
)
from hospital_followup.engine.transitions import MESSAGE, allowed

NOON = datetime.fromisoformat("2026-11-22T12:00")
NIGHT = (time(20), time(9))
FREE = Guards(consent=True)
STATUSES = ("Queued", "Sending", "Sent", "Delivered", "Failed", "Uncertain", "Expired", "Suppressed")
SHANGHAI, BERLIN, URUMQI = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Urumqi")

ALLOWED = {
	"Queued": {"Sending", "Expired", "Suppressed", "Delivered"},
	"Sending": {"Sent", "Queued", "Failed", "Uncertain", "Delivered"},
	"Sent": {"Delivered", "Failed"},
	"Uncertain": {"Queued", "Sent", "Delivered", "Failed"},
	"Failed": {"Delivered"},
	"Delivered": set(),
	"Expired": set(),
	"Suppressed": set(),
}


@pytest.mark.parametrize(("source", "target"), [*product(STATUSES, STATUSES)])
def test_every_pair_of_states(source: str, target: str) -> None:
	assert allowed(MESSAGE, source, target) == (source == target or target in ALLOWED[source])


def ask(guards: Guards, now: datetime = NOON, expires: datetime | None = None) -> Verdict:
	return decide(NOON - timedelta(hours=1), expires, guards, now)


@pytest.mark.parametrize(
	("change", "reason"),
	[
		({"patient_status": "Deceased"}, "deceased"),
		({"patient_status": "Do Not Contact"}, "do_not_contact"),
		({"patient_status": "Merged"}, "do_not_contact"),
		({"plan_ended": "readmitted"}, "readmitted"),
		({"contact_closed": True}, "contact_closed"),
		({"consent": False}, "withdrawn"),
		({"consent": False, "without_consent": True}, "withdrawn"),
		({"consent": None}, "no_consent"),
		({"has_address": False}, "no_address"),
		({"channel_enabled": False}, "channel_disabled"),
	],
)
def test_who_must_not_be_written_to_never_is(change: dict, reason: str) -> None:
	for now, live in product((NOON, NOON - timedelta(hours=5), NOON + timedelta(days=9)), (True, False)):
		guards = replace(FREE, live=live, **change)
		assert ask(guards, now, NOON + timedelta(days=1)) == Verdict("suppress", reason)


def test_without_a_consent_the_setting_decides() -> None:
	assert ask(Guards(without_consent=True)).action == "send"


def test_a_site_that_is_not_live_holds_its_messages_until_they_expire() -> None:
	guards = replace(FREE, live=False)
	assert ask(guards) == Verdict("wait", "not_live")
	assert ask(guards, NOON, NOON) == Verdict("expire", "expired")


@pytest.mark.parametrize(
	("clock", "opens"),
	[
		("12:00", "12:00"),
		("19:59", "19:59"),
		("20:00", "+1 09:00"),
		("23:59", "+1 09:00"),
		("00:00", "09:00"),
		("08:59", "09:00"),
		("09:00", "09:00"),
	],
)
def test_quiet_hours(clock: str, opens: str) -> None:
	day, _, hour = opens.rpartition(" ")
	expected = datetime.combine(NOON.date() + timedelta(days=bool(day)), time.fromisoformat(hour))
	assert decent_time(datetime.combine(NOON.date(), time.fromisoformat(clock)), NIGHT, None) == expected


def test_the_night_is_the_patients_own() -> None:
	late = datetime(2026, 11, 22, 19, tzinfo=SHANGHAI)
	assert decent_time(late, NIGHT, BERLIN) == late
	early = datetime(2026, 11, 22, 9, 30, tzinfo=SHANGHAI)
	assert decent_time(early, NIGHT, URUMQI) == datetime(2026, 11, 22, 11, tzinfo=SHANGHAI)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_the_night_in_which_clocks_change_ends_at_nine_all_the_same(day: str) -> None:
	evening = datetime.fromisoformat(day).replace(hour=21, tzinfo=BERLIN)
	opens = decent_time(evening, NIGHT, BERLIN)
	assert (opens.date() - evening.date(), opens.time()) == (timedelta(days=1), time(9))


@given(
	st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2028-01-01")),
	st.sampled_from([SHANGHAI, BERLIN, URUMQI, ZoneInfo("America/New_York")]),
	st.sampled_from([NIGHT, (time(22), time(7)), (time(1), time(5))]),
)
def test_a_decent_time_is_decent_never_earlier_and_its_own(at, zone, quiet) -> None:
	at = at.replace(tzinfo=SHANGHAI)
	found = decent_time(at, quiet, zone)
	local = found.astimezone(zone).time()
	assert found >= at
	assert not (
		quiet[0] <= local < quiet[1] if quiet[0] < quiet[1] else local >= quiet[0] or local < quiet[1]
	)
	assert decent_time(found, quiet, zone) == found


class TestCaps:
	def test_one_a_day(self) -> None:
		guards = replace(FREE, sent=(NOON - timedelta(hours=3),))
		assert ask(guards) == Verdict("wait", "day_cap", datetime.fromisoformat("2026-11-23"))

	def test_the_day_ends_in_the_night_so_it_goes_out_in_the_morning(self) -> None:
		guards = replace(FREE, sent=(NOON - timedelta(hours=3),), quiet=NIGHT)
		assert ask(guards) == Verdict("wait", "quiet_hours", datetime.fromisoformat("2026-11-23T09:00"))

	def test_three_in_seven_days(self) -> None:
		sent = tuple(NOON - timedelta(days=days) for days in (6, 4, 2))
		assert ask(replace(FREE, sent=sent)) == Verdict("wait", "week_cap", NOON + timedelta(days=1))
		assert ask(replace(FREE, sent=sent[1:])).action == "send"

	def test_what_is_asked_for_is_not_counted(self) -> None:
		assert ask(replace(FREE, sent=(NOON,) * 5, capped=False)).action == "send"


def test_what_could_only_go_out_too_late_expires_at_once_and_says_why() -> None:
	guards = replace(FREE, quiet=NIGHT)
	late = NOON.replace(hour=21)
	assert ask(guards, late, NOON.replace(hour=23)) == Verdict("expire", "quiet_hours")
	assert ask(guards, late, NOON + timedelta(days=2)).action == "wait"


def test_a_provider_that_is_down_is_waited_for() -> None:
	ready = NOON + timedelta(minutes=4)
	assert ask(replace(FREE, provider_ready_at=ready)) == Verdict("wait", "provider_down", ready)


@given(
	st.lists(st.integers(0, 400), max_size=8),
	st.integers(0, 23),
	st.booleans(),
	st.integers(-60, 600),
)
def test_what_a_wait_ends_in_may_be_sent(hours, clock, quiet, ready) -> None:
	now = NOON.replace(hour=clock)
	guards = replace(
		FREE,
		sent=tuple(now - timedelta(hours=hour) for hour in hours),
		quiet=NIGHT if quiet else None,
		provider_ready_at=now + timedelta(minutes=ready),
	)
	verdict = decide(now, None, guards, now)
	assert verdict.action in ("send", "wait")
	if verdict.action == "wait":
		assert verdict.at > now
		assert decide(now, None, guards, verdict.at).action == "send"


class TestAnswers:
	@pytest.mark.parametrize(
		("state", "status"),
		[
			("accepted", "Sent"),
			("refused", "Failed"),
			("uncertain", "Uncertain"),
			("", "Uncertain"),
			("OK?", "Uncertain"),
		],
	)
	def test_only_a_clear_no_is_tried_again(self, state: str, status: str) -> None:
		step = answered(state, 1, NOON)
		assert (step.status, step.send_after) == (status, None)

	def test_waits_grow_and_end(self) -> None:
		waits = [answered("retry", tries, NOON).send_after - NOON for tries in range(1, len(BACKOFF) + 1)]
		assert waits == list(BACKOFF) == sorted(waits)
		assert answered("retry", len(BACKOFF) + 1, NOON).status == "Failed"

	@given(st.integers(1, 4), st.floats(0, 1), st.integers(0, 100_000))
	def test_a_wait_is_at_least_what_the_provider_asks_and_never_endless(self, tries, jitter, asked) -> None:
		wait = (
			answered("retry", tries, NOON, retry_after=timedelta(seconds=asked), jitter=jitter).send_after
			- NOON
		)
		least = max(BACKOFF[tries - 1], min(timedelta(seconds=asked), LONGEST_WAIT))
		assert least <= wait <= least * (1 + JITTER)

	@pytest.mark.parametrize(
		("status", "delivery", "becomes"),
		[
			("Sent", "delivered", "Delivered"),
			("Sent", "failed", "Failed"),
			("Sending", "delivered", "Delivered"),
			("Uncertain", "delivered", "Delivered"),
			("Uncertain", "failed", "Failed"),
			("Failed", "delivered", "Delivered"),
			("Failed", "failed", None),
			("Delivered", "failed", None),
			("Delivered", "delivered", None),
			("Queued", "delivered", "Delivered"),  # "not accepted", said the service, and it arrived
			("Queued", "failed", None),
			("Expired", "failed", None),
			("Suppressed", "delivered", None),
			("Sent", "read by a stranger", None),
		],
	)
	def test_receipts(self, status: str, delivery: str, becomes: str | None) -> None:
		step = received(status, delivery)
		assert (step.status if step else None) == becomes

	@given(st.permutations(["delivered", "delivered", "failed", "failed"]))
	def test_receipts_in_any_order_end_delivered(self, order) -> None:
		status = "Sent"
		for delivery in order:
			step = received(status, delivery)
			status = step.status if step else status
		assert status == "Delivered"


class TestBreaker:
	def test_it_opens_after_failures_in_a_row_and_closes_with_an_answer(self) -> None:
		breaker = Breaker()
		for _number in range(THRESHOLD - 1):
			breaker = breaker.after(False, NOON)
		assert breaker.lets_through(NOON)
		assert breaker.after(True, NOON) == Breaker()
		breaker = breaker.after(False, NOON)
		assert not breaker.lets_through(NOON)
		assert breaker.lets_through(NOON + PAUSE)
		assert breaker.after(True, NOON + PAUSE) == Breaker()

	def test_one_message_tries_while_the_others_wait(self) -> None:
		breaker = Breaker(THRESHOLD, 1, NOON)
		assert breaker.lets_through(NOON)
		assert not breaker.claimed(NOON).lets_through(NOON)

	@given(st.integers(1, 60))
	def test_pauses_grow_up_to_an_hour(self, count: int) -> None:
		breaker, pauses = Breaker(), []
		for _number in range(count + THRESHOLD):
			breaker = breaker.after(False, NOON)
			if breaker.retry_at:
				pauses.append(breaker.retry_at - NOON)
		assert pauses == sorted(pauses)
		assert pauses[0] == PAUSE
		assert pauses[-1] <= LONGEST_PAUSE


class Outbox(RuleBasedStateMachine):
	"""One message against a provider that accepts, refuses, breaks off or says nothing: at most one acceptance."""

	@initialize(withdrawn=st.booleans())
	def write(self, withdrawn: bool) -> None:
		self.now, self.status, self.tries, self.accepted = NOON, "Queued", 0, 0
		self.due, self.expires = NOON, NOON + timedelta(days=1)
		self.consent, self.sent_without = not withdrawn, False

	def become(self, status: str, cause: str) -> None:
		assert allowed(MESSAGE, self.status, status, cause), (self.status, status, cause)
		self.status = status

	@rule(minutes=st.integers(1, 900))
	def time_passes(self, minutes: int) -> None:
		self.now += timedelta(minutes=minutes)

	@rule(agreed=st.booleans())
	def consent_changes(self, agreed: bool) -> None:
		self.consent = agreed

	@rule(
		answer=st.sampled_from(["accepted", "refused", "retry", "uncertain", "killed before", "killed after"])
	)
	def dispatch(self, answer: str) -> None:
		if self.status != "Queued":
			return
		guards = Guards(consent=self.consent, quiet=NIGHT)
		verdict = decide(self.due, self.expires, guards, self.now)
		if verdict.action == "suppress":
			self.become("Suppressed", "dispatcher")
		elif verdict.action == "expire":
			self.become("Expired", "dispatcher")
		elif verdict.action == "send":
			self.sent_without |= not self.consent or self.now >= self.expires
			self.become("Sending", "dispatcher")
			self.tries += 1
			self.accepted += answer in ("accepted", "uncertain", "killed after")
			if answer.startswith("killed"):
				self.become(lease_ended().status, "lease_ended")
				return
			step = answered(answer, self.tries, self.now)
			self.become(step.status, "answer")
			self.due = step.send_after or self.due

	@rule(delivery=st.sampled_from(["delivered", "failed"]))
	def receipt(self, delivery: str) -> None:
		step = received(self.status, delivery)
		if step:
			self.become(step.status, "receipt")

	@invariant()
	def at_most_once_and_only_with_consent(self) -> None:
		if hasattr(self, "accepted"):
			assert self.accepted <= 1
			assert not self.sent_without


TestOutboxAsAWhole = Outbox.TestCase
TestOutboxAsAWhole.settings = settings(parent=settings.default, max_examples=150)
