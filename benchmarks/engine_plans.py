"""Plans per second of the engine on one core: python3 benchmarks/engine_plans.py [number of discharges].

Every discharge is assessed (LACE from its facts, or a given tier) and planned under the standard policy: all nine cells,
a year of dates, four working calendars, preferences and special care. The caches start empty each time. Two rivals run
on the same discharges in the same process: the engine with its caches emptied before every plan, and dateutil.rrule
(where it is installed, as in every Frappe environment) making nothing but the raw dates of the same contacts.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hospital_followup.engine import channel, pathway, plan, policy, schedule, scores, tiering, timetable
from hospital_followup.engine.calendar import EVERY_DAY, MONDAY_TO_FRIDAY, MONDAY_TO_SATURDAY, Calendar
from hospital_followup.engine.model import (
	RISK_TIERS,
	VALUE_TIERS,
	Config,
	DischargeFacts,
	PatientFacts,
	ValueFacts,
)
from hospital_followup.engine.standard import STANDARD_POLICY

TARGET = 20_000
ROUNDS = 3
NEW_YEAR = date(2026, 1, 1)
CACHES = [
	function
	for module in (channel, pathway, plan, policy, schedule, scores, tiering, timetable)
	for function in vars(module).values()
	if hasattr(function, "cache_clear") and function.__module__ == module.__name__
]


@dataclass(frozen=True, slots=True)
class Case:
	discharge: DischargeFacts
	patient: PatientFacts
	value: ValueFacts
	config: Config


def cases(number: int) -> list[Case]:
	chance = random.Random(20261121)
	holidays = {NEW_YEAR + timedelta(days=chance.randrange(365)): chance.random() < 0.3 for _ in range(30)}
	calendars = [
		Calendar(),
		Calendar(MONDAY_TO_SATURDAY),
		Calendar(EVERY_DAY),
		Calendar(MONDAY_TO_FRIDAY, holidays),
	]
	configs = [Config(STANDARD_POLICY, calendar=calendar) for calendar in calendars]
	return [_case(chance, place, configs) for place in range(number)]


def _case(chance: random.Random, place: int, configs: Sequence[Config]) -> Case:
	patient_id = f"P{place}"
	return Case(
		DischargeFacts(
			f"D{place}",
			patient_id,
			NEW_YEAR + timedelta(days=chance.randrange(365)),
			length_of_stay=chance.choice([None, *range(20)]),
			emergency_admission=chance.choice([None, True, False]),
			charlson=chance.choice([None, *range(6)]),
			ed_visits=chance.choice([None, 0, 0, 0, 1, 2, 4]),
			given_risk_tier=chance.choice([None, *RISK_TIERS]),
		),
		PatientFacts(
			patient_id,
			date_of_birth=date(1930, 1, 1) + timedelta(days=chance.randrange(33000)),
			special_care=chance.random() < 0.05,
			preferred_channel=chance.choice([None, None, "Phone", "WeChat", "SMS"]),
			reachable=chance.choice([None, frozenset({"Phone"}), frozenset({"Phone", "WeChat"})]),
		),
		ValueFacts(chance.choice(VALUE_TIERS)),
		chance.choice(configs),
	)


def empty_caches() -> None:
	for cache in CACHES:
		cache.cache_clear()


def plan_all(listed: Sequence[Case]) -> int:
	contacts = 0
	for case in listed:
		tier = tiering.assess(case.discharge, case.patient, case.value, None, case.config)
		decided = plan.plan(case.discharge, case.patient, tier, case.config, key=case.discharge.id)
		contacts += len(decided.contacts)
	return contacts


def plan_all_without_caches(listed: Sequence[Case]) -> int:
	contacts = 0
	for case in listed:
		empty_caches()
		contacts += plan_all((case,))
	return contacts


def raw_dates_by_rrule(listed: Sequence[Case]) -> int:
	from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

	frequencies = {"Day": DAILY, "Week": WEEKLY, "Month": MONTHLY}
	contacts = 0
	for case in listed:
		tier = tiering.assess(case.discharge, case.patient, case.value, None, case.config)
		rule, _ = policy.cell(case.config.policy, tier.risk_tier, tier.value_tier)
		first = case.discharge.discharge_date + timedelta(days=rule.first_contact_day)
		dates = rrule(
			frequencies[rule.interval_unit],
			dtstart=datetime(first.year, first.month, first.day),  # noqa: DTZ001
			interval=rule.interval,
			count=rule.contacts,
		)
		contacts += len(list(dates))
	return contacts


def rate(work: Callable[[Sequence[Case]], int], listed: Sequence[Case]) -> tuple[float, int]:
	"""Discharges per second, the best of some rounds, and the contacts they made."""
	best, contacts = 0.0, 0
	for _ in range(ROUNDS):
		empty_caches()
		start = time.process_time()
		contacts = work(listed)
		best = max(best, len(listed) / (time.process_time() - start))
	return best, contacts


def main(number: int) -> None:
	listed = cases(number)
	ours, contacts = rate(plan_all, listed)
	uncached, _ = rate(plan_all_without_caches, listed[: max(1, number // 10)])
	print(f"{'plans per second':44} {ours:12,.0f}   target {TARGET:,}: x {ours / TARGET:.1f}")
	print(f"{'contacts per second':44} {ours * contacts / number:12,.0f}")
	print(f"{'without caches, plans per second':44} {uncached:12,.0f}   ratio x {ours / uncached:.1f}")
	try:
		rival, _ = rate(raw_dates_by_rrule, listed[: max(1, number // 10)])
	except ImportError:
		print("dateutil is not installed here: no comparison with rrule")
	else:
		print(
			f"{'dateutil.rrule, raw dates only, per second':44} {rival:12,.0f}   ratio x {ours / rival:.1f}"
		)


if __name__ == "__main__":
	main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
