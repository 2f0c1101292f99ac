"""The policy's contacts once more, written down word by word from clinical.md §1, slowly and without the engine."""

from __future__ import annotations

import os
from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.model import RISK_TIERS
from tests.engine.factories import config, only_rule, planned, rule

DAY = timedelta(days=1)


def later(day: date, count: int, unit: str) -> date:
	if unit != "Month":
		return day + count * DAY * (7 if unit == "Week" else 1)
	year, month = day.year, day.month
	for _ in range(count):
		year, month = (year + 1, 1) if month == 12 else (year, month + 1)
	return date(year, month, min(day.day, monthrange(year, month)[1]))


def expected(discharged, interval, unit, contacts, first_contact_day, working, high_risk):
	"""(due, expires, moved, kept) of every contact."""
	found = []
	for k in range(contacts):
		after = later(discharged, k * interval, unit)
		until = later(discharged, (k + 1) * interval, unit)
		due = later(discharged + first_contact_day * DAY, k * interval, unit)
		if due <= after:
			due = due + DAY
		inside = [after + n * DAY for n in range(1, (until - after).days + 1)]
		open_days = [day for day in inside if working(day)]
		moved = kept = False
		if not working(due):
			if (high_risk and k == 0) or not open_days:
				kept = True
			elif k == 0:
				due, moved = min(open_days, key=lambda day, due=due: (abs(day - due), day)), True
			else:
				following = [day for day in open_days if day > due]
				due, moved = (following[0] if following else max(day for day in open_days if day < due)), True
		found.append((due, until, moved, kept))
	return found


@settings(
	max_examples=int(os.environ.get("ENGINE_EXAMPLES", "150")),
)
@given(
	discharged=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
	risk=st.sampled_from(RISK_TIERS),
	interval=st.integers(1, 3),
	unit=st.sampled_from(["Day", "Week", "Month"]),
	contacts=st.integers(1, 6),
	share=st.floats(0, 1),
	weekdays=st.frozensets(st.integers(0, 6)),
	exceptions=st.dictionaries(st.integers(0, 200), st.booleans(), max_size=20),
)
def test_word_by_word(discharged, risk, interval, unit, contacts, share, weekdays, exceptions):
	longest = interval * {"Day": 1, "Week": 7, "Month": 28}[unit]
	first_contact_day = 1 + round(share * (longest - 1))
	calendar = Calendar(weekdays, {discharged + n * DAY: worked for n, worked in exceptions.items()})
	rules = config(
		policy=only_rule(rule(interval, unit, contacts, first_contact_day)),
		calendar=calendar,
		max_per_day=99,
		max_per_week=99,
	)
	found = [
		(
			contact.due_date,
			contact.expires_on,
			"moved_working_day" in contact.reasons,
			"kept_on_closed_day" in contact.reasons,
		)
		for contact in planned(risk, "Medium", discharged, rules).contacts
	]
	assert found == expected(
		discharged, interval, unit, contacts, first_contact_day, calendar.is_working, risk == "High"
	)
