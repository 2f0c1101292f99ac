"""Outcomes and retries (rules.md, Tasks; clinical.md §5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.attempts import OUTCOMES, Attempt, CallRules, next_attempt
from hospital_followup.engine.calendar import Calendar

SHANGHAI = timezone(timedelta(hours=8))
LAST_DAY = date(2026, 11, 13)


def at(day, clock):
	hour, _, minute = clock.partition(":")
	return datetime.combine(date(2026, 11, day), time(int(hour), int(minute or 0)), tzinfo=SHANGHAI)


def tried(*moments, outcome="No Answer", channel="Phone", contact_point="Patient"):
	return [Attempt(at(day, clock), outcome, channel, contact_point) for day, clock in moments]


def following(attempts, **more):
	settings = {
		"calendar": Calendar(),
		"rules": CallRules(),
		"expires_on": LAST_DAY,
		"now": attempts[-1].at,
		**more,
	}
	return next_attempt(attempts, **settings)


def test_every_outcome_of_the_model_has_an_effect():
	assert set(OUTCOMES) == {
		"Reached Patient",
		"Reached Caregiver",
		"No Answer",
		"Busy",
		"Voicemail",
		"Wrong Number",
		"Out of Service",
		"Declined",
		"Callback Requested",
		"Rescheduled",
		"Not Home",
		"Replied",
		"Deceased",
		"Readmitted",
	}


@pytest.mark.parametrize(
	("outcome", "status", "following_step", "stops"),
	[
		("Reached Patient", "Completed", None, None),
		("Reached Caregiver", "Completed", None, None),
		("Replied", "Completed", None, None),
		("No Answer", "Open", "retry", None),
		("Busy", "Open", "retry", None),
		("Voicemail", "Open", "retry", None),
		("Not Home", "Open", "retry", None),
		("Callback Requested", "Open", "retry", None),
		("Rescheduled", "Open", "retry", None),
		("Wrong Number", "Open", "next_contact_point", None),
		("Out of Service", "Open", "next_contact_point", None),
		("Declined", "Skipped", None, None),
		("Deceased", "Cancelled", None, "deceased"),
		("Readmitted", "Cancelled", None, "readmitted"),
	],
)
def test_effects(outcome, status, following_step, stops):
	effect = OUTCOMES[outcome]
	assert (effect.status, effect.next, effect.stops_plan) == (status, following_step, stops)
	assert effect.fix_number is (outcome in ("Wrong Number", "Out of Service"))


def test_the_second_attempt_is_in_another_slot():
	# 2 November 2026 is a Monday.
	assert following(tried((2, "9:30"))).at == at(2, "14")
	assert following(tried((2, "15"))).at == at(2, "17")
	assert following(tried((2, "19"))).at == at(3, "9")


def test_two_hours_lie_between_attempts():
	assert following(tried((2, "16:50"))).at == at(2, "18:50")
	assert following(tried((2, "11:50"))).at == at(2, "14")


def test_the_third_attempt_is_on_another_day():
	assert following(tried((2, "9:30"), (2, "14"))).at == at(3, "17")
	assert following(tried((2, "19"), (3, "9"))).at == at(3, "14")


def test_closed_days_are_left_out():
	assert following(tried((6, "17:30"))).at == at(9, "9")


def test_whoever_is_on_duty_on_a_closed_day_tries_again_the_same_day():
	assert following(tried((7, "9:30"))).at == at(7, "14")


def test_the_patients_slot_comes_first_while_it_is_untried():
	assert following(tried((2, "9:30")), preferred_slot="Evening").at == at(2, "17")
	assert following(tried((2, "18")), preferred_slot="Evening").at == at(3, "9")


def test_a_short_window_gives_way_on_days_then_on_slots():
	assert following(tried((2, "9:30"), (2, "14:30")), expires_on=date(2026, 11, 2)).at == at(2, "17")
	assert following(tried((2, "9"), (2, "17")), expires_on=date(2026, 11, 2)).at == at(2, "19")
	ended = following(tried((2, "18:30")), expires_on=date(2026, 11, 2))
	assert (ended.at, ended.reason) == (None, "window_ends")


def test_after_three_attempts_the_caregiver_then_the_next_channel_then_nobody():
	three = tried((2, "9:30"), (2, "14:30"), (3, "18"))
	caregiver = following(three, has_caregiver=True)
	assert (caregiver.contact_point, caregiver.channel, caregiver.at) == ("Caregiver", "Phone", at(3, "18"))
	four = [*three, *tried((4, "9"), contact_point="Caregiver")]
	message = following(four, has_caregiver=True, channels=("Phone", "SMS"))
	assert (message.contact_point, message.channel) == ("Patient", "SMS")
	lost = following(four, has_caregiver=True)
	assert (lost.at, lost.reason) == (None, "lost_to_follow_up")
	assert following(three).reason == "lost_to_follow_up"
	sent = [*four, *tried((4, "10"), channel="SMS")]
	assert following(sent, has_caregiver=True, channels=("Phone", "SMS")).reason == "lost_to_follow_up"


@pytest.mark.parametrize("outcome", ["Wrong Number", "Out of Service"])
def test_a_dead_number_is_not_tried_again(outcome):
	attempts = tried((2, "9:30"), outcome=outcome)
	caregiver = following(attempts, has_caregiver=True)
	assert (caregiver.contact_point, caregiver.at) == ("Caregiver", at(2, "9:30"))
	assert following(attempts).reason == "lost_to_follow_up"


def test_a_request_to_call_back_uses_no_attempt_up():
	attempts = tried((2, "9:30"), (2, "14"), outcome="Callback Requested") + tried((3, "9:30"), (3, "14:30"))
	assert following(attempts).at is not None


def test_without_any_channel_the_patient_is_lost():
	assert following(tried((2, "9:30")), channels=()).reason == "lost_to_follow_up"


@given(
	st.lists(st.datetimes(datetime(2026, 11, 2), datetime(2026, 11, 12)), min_size=1, max_size=4),  # noqa: DTZ001
	st.sampled_from(["Morning", "Afternoon", "Evening", None]),
	st.dates(date(2026, 11, 2), date(2026, 11, 20)),
	st.booleans(),
)
def test_every_retry_is_in_call_hours_and_in_the_window(moments, slot, last_day, caregiver):
	attempts = [Attempt(moment, "No Answer") for moment in sorted(moments)]
	found = next_attempt(
		attempts,
		attempts[-1].at,
		last_day,
		calendar=Calendar(),
		rules=CallRules(),
		preferred_slot=slot,
		has_caregiver=caregiver,
	)
	if found.at is None:
		assert found.reason in ("lost_to_follow_up", "window_ends")
		return
	assert found.at >= attempts[-1].at
	assert found.at.date() <= last_day
	assert any(start <= found.at.time() < end for start, end in CallRules().call_hours)
