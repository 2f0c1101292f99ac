"""The retry policy as a table: outcomes × attempts × hours × days off, the patient's clock, and why each answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from hospital_followup.engine.attempts import OUTCOMES, Attempt, CallRules, next_attempt
from hospital_followup.engine.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_DAY = date(2026, 11, 13)
HOLIDAY = Calendar(exceptions={date(2026, 11, day): False for day in (3, 4)})
UNREACHED = ("No Answer", "Busy", "Voicemail", "Not Home")
HOURS = ("08:00", "09:00", "11:59", "12:30", "14:00", "16:59", "17:00", "19:59", "20:00", "23:59")


def at(day: int, clock: str, zone=SHANGHAI) -> datetime:
	return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), tzinfo=zone)


def ask(attempts, now, **more):
	settings = {"calendar": Calendar(), "rules": CallRules(), "expires_on": LAST_DAY, **more}
	return next_attempt(attempts, now, **settings)


# 2 November 2026 is a Monday: (time of the only attempt, next attempt, its reasons).
ONE_ATTEMPT = [
	("08:00", (2, "10:00"), {"spacing"}),
	("09:30", (2, "14:00"), {"slot_tried_morning"}),
	("11:59", (2, "14:00"), {"slot_tried_morning"}),
	("12:30", (2, "14:30"), {"spacing"}),
	("16:00", (2, "18:00"), {"slot_tried_afternoon", "spacing"}),
	("17:00", (3, "09:00"), {"slot_tried_evening"}),
	("19:59", (3, "09:00"), {"slot_tried_evening"}),
	("23:59", (3, "09:00"), {"next_call_hours"}),
]


@pytest.mark.parametrize("outcome", UNREACHED)
@pytest.mark.parametrize(("tried", "expected", "why"), ONE_ATTEMPT)
def test_after_one_attempt(outcome: str, tried: str, expected, why) -> None:
	now = at(2, tried)
	found = ask([Attempt(now, outcome)], now)
	assert found.at == at(*expected)
	assert set(found.why) == why
	assert (found.contact_point, found.channel) == ("Patient", "Phone")


DAYS_OFF = [
	# holiday on Tuesday and Wednesday: the evening of Monday is followed by Thursday
	(HOLIDAY, (2, "19:59"), (5, "09:00"), "closed_day_avoided"),
	# Friday evening, then Monday
	(Calendar(), (6, "18:00"), (9, "09:00"), "closed_day_avoided"),
	# tried on a Saturday by whoever is on duty: the same day still counts
	(Calendar(), (7, "09:30"), (7, "14:00"), "slot_tried_morning"),
	# a working Saturday
	(Calendar(exceptions={date(2026, 11, 7): True}), (6, "18:00"), (7, "09:00"), "slot_tried_evening"),
]


@pytest.mark.parametrize(("calendar", "tried", "expected", "why"), DAYS_OFF)
def test_days_off(calendar: Calendar, tried, expected, why: str) -> None:
	now = at(*tried)
	found = ask([Attempt(now, "No Answer")], now, calendar=calendar)
	assert found.at == at(*expected)
	assert why in found.why


WINDOW_ENDS = [
	# (attempts so far, last day, next, reasons)
	([(2, "09:30"), (2, "14:30")], 2, (2, "17:00"), {"same_day_again", "last_day"}),
	([(2, "09:00"), (2, "17:00")], 2, (2, "19:00"), {"same_slot_again", "same_day_again"}),
	([(2, "09:30"), (2, "14:30")], 3, (3, "17:00"), {"other_day", "last_day"}),
	([(2, "18:30")], 2, None, {"window_ends"}),
	([(2, "20:00")], 2, None, {"window_ends"}),
]


@pytest.mark.parametrize(("tried", "last", "expected", "why"), WINDOW_ENDS)
def test_the_end_of_the_window(tried, last: int, expected, why) -> None:
	attempts = [Attempt(at(*moment), "No Answer") for moment in tried]
	found = ask(attempts, attempts[-1].at, expires_on=date(2026, 11, last))
	assert found.at == (at(*expected) if expected else None)
	assert why <= set(found.why)


def test_the_patients_slot_is_said() -> None:
	now = at(2, "09:30")
	first = ask([Attempt(now, "Busy")], now, preferred_slot="Evening")
	assert (first.at, set(first.why)) == (at(2, "17:00"), {"slot_tried_morning", "preferred_slot"})
	evening = at(2, "18:00")
	assert "preferred_slot_tried" in ask([Attempt(evening, "Busy")], evening, preferred_slot="Evening").why
	short = ask(
		[Attempt(now, "Busy")], at(2, "18:30"), preferred_slot="Afternoon", expires_on=date(2026, 11, 2)
	)
	assert short.at is None


def stages(rules: CallRules, caregiver: bool, channels) -> list[tuple[str, str]]:
	"""Whom is tried when nobody ever answers, until nobody is left."""
	found, attempts, now = [], [], at(2, "09:00")
	for _number in range(50):
		step = ask(
			attempts,
			now,
			rules=rules,
			has_caregiver=caregiver,
			channels=channels,
			expires_on=date(2027, 3, 1),
		)
		if step.at is None:
			assert step.reason == "lost_to_follow_up"
			return found
		found.append((step.contact_point, step.channel))
		now = step.at
		attempts.append(Attempt(now, "No Answer", step.channel, step.contact_point))
	raise AssertionError("never lost")


@pytest.mark.parametrize("attempts", [1, 2, 3, 5])
@pytest.mark.parametrize("caregiver_attempts", [0, 1, 2])
@pytest.mark.parametrize("other_channels", [True, False])
def test_patient_then_caregiver_then_next_channel(
	attempts: int, caregiver_attempts: int, other_channels: bool
) -> None:
	rules = CallRules(
		attempts=attempts,
		caregiver_attempts=caregiver_attempts,
		other_channels=other_channels,
		minimum_days=1,
	)
	expected = [("Patient", "Phone")] * attempts + [("Caregiver", "Phone")] * caregiver_attempts
	expected += [("Patient", "SMS")] if other_channels else []
	assert stages(rules, True, ("Phone", "SMS")) == expected


def test_a_visit_is_made_on_another_day_each_time() -> None:
	rules = CallRules(attempts=3)
	attempts, now, days = [], at(2, "09:00"), set()
	for _number in range(3):
		step = ask(attempts, now, rules=rules, channels=("Home Visit",))
		now = step.at
		days.add(now.date())
		attempts.append(Attempt(now, "Not Home", "Home Visit"))
	assert len(days) == 3
	assert "other_day" in step.why


def test_a_caregiver_is_called_and_never_visited() -> None:
	found = stages(CallRules(attempts=1), True, ("Home Visit", "Phone"))
	assert found == [("Patient", "Home Visit"), ("Patient", "Phone"), ("Caregiver", "Phone")]


@pytest.mark.parametrize("outcome", ["Wrong Number", "Out of Service"])
def test_why_somebody_else_is_next(outcome: str) -> None:
	now = at(2, "09:30")
	dead = ask([Attempt(now, outcome)], now, has_caregiver=True, channels=("Phone", "SMS"))
	assert dead.why_whom == ("patient_number_dead", "caregiver_next")
	both = [Attempt(now, outcome), Attempt(now, outcome, contact_point="Caregiver")]
	message = ask(both, now, has_caregiver=True, channels=("Phone", "SMS"))
	assert message.why_whom == ("patient_number_dead", "caregiver_number_dead", "next_channel")
	known = ask([], now, has_caregiver=True, dead=[("Patient", "Phone")])
	assert (known.contact_point, known.why_whom) == ("Caregiver", ("patient_number_dead", "caregiver_next"))
	lost = ask(both, now, has_caregiver=True)
	assert (lost.reason, lost.why_whom) == (
		"lost_to_follow_up",
		("patient_number_dead", "caregiver_number_dead"),
	)


class TestThePatientsClock:
	def test_same_offset_changes_nothing(self) -> None:
		now = at(2, "09:30")
		found = ask([Attempt(now, "Busy")], now, zone=ZoneInfo("Asia/Singapore"))
		assert (found.at, "patient_time_zone" in found.why) == (at(2, "14:00"), False)

	def test_both_clocks_must_agree(self) -> None:
		# Kathmandu is 2:15 behind: the hospital's 14:00 is 11:45 there, still morning, and its 20:00 is 17:45.
		now = at(2, "11:30")  # 9:15 in Kathmandu: the patient's morning
		found = ask([Attempt(now, "Busy")], now, zone=ZoneInfo("Asia/Kathmandu"))
		assert found.at == at(2, "16:15")
		assert {"slot_tried_morning", "patient_time_zone"} <= set(found.why)

	def test_where_they_never_meet_the_patient_is_not_called_at_night(self) -> None:
		zone = ZoneInfo("America/Los_Angeles")  # 16 hours behind
		now = at(2, "09:30")
		found = ask([], now, zone=zone, rules=CallRules(call_hours=((time(9), time(12)),)))
		assert found.at == at(3, "01:00")
		assert found.at.astimezone(zone).time() == time(9)
		assert "hospital_hours_gave_way" in found.why

	@pytest.mark.parametrize(
		("day", "expected_utc"),
		# Berlin changes its clocks on 25 October 2026 and 28 March 2027: 14:00 is 12:00 UTC in summer, 13:00 in winter.
		[
			(date(2026, 10, 24), 12),
			(date(2026, 10, 26), 13),
			(date(2027, 3, 27), 13),
			(date(2027, 3, 29), 12),
		],
	)
	def test_clocks_that_change(self, day: date, expected_utc: int) -> None:
		berlin = ZoneInfo("Europe/Berlin")
		tried = datetime.combine(day, time(9, 30), tzinfo=berlin)
		found = next_attempt(
			[Attempt(tried, "Busy")],
			tried,
			day + timedelta(days=3),
			calendar=Calendar(range(7)),
			rules=CallRules(),
			zone=berlin,
		)
		assert (found.at.hour, found.at.astimezone(ZoneInfo("UTC")).hour) == (14, expected_utc)

	@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
	def test_two_hours_are_two_hours_in_the_night_of_the_change(self, day: date) -> None:
		berlin = ZoneInfo("Europe/Berlin")
		rules = CallRules(
			call_hours=((time(0), time(23, 59)),), slots={"Night": (time(0), time(23, 59))}, minimum_days=1
		)
		tried = datetime.combine(day, time(1, 30), tzinfo=berlin)
		found = next_attempt([Attempt(tried, "Busy")], tried, day, calendar=Calendar(range(7)), rules=rules)
		utc = ZoneInfo("UTC")
		assert found.at.astimezone(utc) - tried.astimezone(utc) == timedelta(hours=2)

	def test_a_zone_needs_a_clock_with_a_zone(self) -> None:
		naive = datetime.combine(date(2026, 11, 2), time(9))
		with pytest.raises(ValueError, match="time zone"):
			next_attempt([], naive, LAST_DAY, calendar=Calendar(), rules=CallRules(), zone=SHANGHAI)


ZONES = ("Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Auckland")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("calendar", [Calendar(), HOLIDAY], ids=["weeks", "holiday"])
@pytest.mark.parametrize("slot", ["Evening", None])
def test_every_cell_of_the_table(zone: str, calendar: Calendar, slot: str | None) -> None:
	"""Whatever was tried when: in decent hours of the patient, inside the window, on a day that is open, with reasons."""
	patient = ZoneInfo(zone)
	for outcome, count, clock, last in product(
		("No Answer", "Wrong Number"), (0, 1, 2, 3), HOURS, (2, 3, 13)
	):
		now = at(2, clock)
		attempts = [Attempt(now - timedelta(hours=2 * number), outcome) for number in range(count)][::-1]
		found = ask(
			attempts,
			now,
			calendar=calendar,
			expires_on=date(2026, 11, last),
			preferred_slot=slot,
			has_caregiver=True,
			zone=patient,
		)
		if found.at is None:
			assert found.reason in ("lost_to_follow_up", "window_ends") and found.why
			continue
		local = found.at.astimezone(patient)
		assert any(start <= local.time().replace(tzinfo=None) < end for start, end in CallRules().call_hours)
		assert now <= found.at and found.at.astimezone(SHANGHAI).date() <= date(2026, 11, last)
		day = found.at.astimezone(SHANGHAI).date()
		assert day == now.date() or calendar.is_working(day)
		assert found.why or found.at == now


def test_outcomes_that_end_the_task_count_no_attempt() -> None:
	counting = {outcome for outcome, effect in OUTCOMES.items() if effect.counts}
	assert counting == {*UNREACHED, "Wrong Number", "Out of Service"}
