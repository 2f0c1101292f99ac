"""Patients, discharges and plans for the engine's tests, each with one fact changed where it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hospital_followup.engine.calendar import EVERY_DAY, Calendar
from hospital_followup.engine.model import (
	Applicability,
	Config,
	Contact,
	DischargeFacts,
	ExistingTask,
	Pathway,
	PathwayStep,
	PatientFacts,
	PlanDecision,
	Policy,
	PolicyRule,
	TierDecision,
	ValueFacts,
)
from hospital_followup.engine.plan import plan
from hospital_followup.engine.standard import STANDARD_POLICY
from hospital_followup.engine.tiering import assess

MONDAY = date(2026, 11, 2)
OPEN_EVERY_DAY = Calendar(EVERY_DAY)


def discharge(day: date = MONDAY, **facts: Any) -> DischargeFacts:
	return DischargeFacts("D1", "P1", day, **facts)


def patient(**facts: Any) -> PatientFacts:
	return PatientFacts("P1", **facts)


def config(**settings: Any) -> Config:
	return Config(**{"policy": STANDARD_POLICY, "calendar": OPEN_EVERY_DAY, **settings})


def tier(risk: str, value: str, settings: Config | None = None) -> TierDecision:
	facts = discharge(given_risk_tier=risk)
	return assess(facts, patient(), ValueFacts(value), None, settings or config())


def planned(
	risk: str = "Medium",
	value: str = "Medium",
	day: date = MONDAY,
	settings: Config | None = None,
	who: PatientFacts | None = None,
	facts: DischargeFacts | None = None,
	**more: Any,
) -> PlanDecision:
	settings = settings or config()
	return plan(
		facts or discharge(day),
		who or patient(),
		tier(risk, value, settings),
		settings,
		key="D1|Discharge",
		**more,
	)


def only_rule(rule: PolicyRule) -> Policy:
	"""A policy that has this one row in all nine cells."""
	tiers = ("High", "Medium", "Low")
	return Policy(
		"One", 1, tuple(replace(rule, risk_tier=risk, value_tier=value) for risk in tiers for value in tiers)
	)


def rule(interval: int = 1, unit: str = "Week", contacts: int = 1, first: int = 2, **more: Any) -> PolicyRule:
	return PolicyRule(
		more.pop("risk", "Medium"),
		more.pop("value", "Medium"),
		interval,
		unit,
		contacts,
		first,
		more.pop("channel", "Phone"),
		more.pop("role", "Follow-up Specialist"),
		more.pop("topics", ("Condition",)),
		**more,
	)


def pathway(title: str = "Post-operative", *steps: PathwayStep, **more: Any) -> Pathway:
	steps = steps or (step(),)
	return Pathway(title, 1, more.pop("anchor", "Discharge"), Applicability(**more), steps)


def step(id: str = "s1", offset: int = 2, unit: str = "Day", window: int = 1, **more: Any) -> PathwayStep:
	return PathwayStep(id, offset, unit, window_days=window, **more)


def weekdays_except(*closed: date, open: Iterable[date] = ()) -> Calendar:
	"""Monday to Friday with holidays and swapped working days."""
	return Calendar(exceptions={**dict.fromkeys(closed, False), **dict.fromkeys(open, True)})


def dates(contacts: Iterable[Contact]) -> list[date]:
	return [contact.due_date for contact in contacts]


def days_after(start: date, contacts: Iterable[Contact]) -> list[int]:
	return [(contact.due_date - start).days for contact in contacts]


def stored(contact: Contact, status: str = "Scheduled", **more: Any) -> ExistingTask:
	"""The contact as the site keeps it."""
	task = ExistingTask(
		key=contact.key,
		status=status,
		due_date=contact.due_date,
		opens_on=contact.opens_on,
		expires_on=contact.expires_on,
		channel=contact.channel,
		role=contact.role,
		topics=contact.topics,
		sources=contact.sources,
		reasons=contact.reasons,
		sequence=contact.sequence,
		script=contact.script,
		questionnaire=contact.questionnaire,
		covers=tuple(origin.key("D1|Discharge") for origin in contact.origins),
	)
	return replace(task, **more)


def after(day: date, days: int) -> date:
	return day + timedelta(days=days)
