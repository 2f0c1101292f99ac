"""From facts to contacts: exclusions, raw dates, closed days, merge, cap, channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from hospital_followup.engine.channel import choose_for
from hospital_followup.engine.dates import age_on
from hospital_followup.engine.decisions import Contact, ExistingTask, PlanDecision, TierDecision
from hospital_followup.engine.facts import Config, DischargeFacts, Pathway, PatientFacts, PolicyRule
from hospital_followup.engine.following import NOTHING_SAID, Following, followed
from hospital_followup.engine.names import FALLBACK_ORDER, REASONS, SPECIALIST, WINDOWS_GONE
from hospital_followup.engine.policy import cell
from hospital_followup.engine.progress import is_over, outstanding
from hospital_followup.engine.schedule import POLICY
from hospital_followup.engine.timetable import Dated, Spacing, finish, raw_contacts, settle, timetable

_PLACE = {reason: place for place, reason in enumerate(REASONS)}
_Source: TypeAlias = tuple[PolicyRule, str, int, date, date, bool, tuple[tuple[Pathway, date], ...]]


def plan(
	discharge: DischargeFacts,
	patient: PatientFacts,
	tier: TierDecision,
	config: Config,
	*,
	key: str,
	anchor: date | None = None,
	today: date | None = None,
	existing: Sequence[ExistingTask] = (),
	until: date | None = None,
	occupied: Sequence[date] = (),
	following: Following = NOTHING_SAID,
) -> PlanDecision:
	"""Plan one discharge.

	`anchor`: where the policy's dates count from when not the discharge (a raised tier). `today`: nothing new is due
	before it; None plans everything. `existing`: the plan's tasks so far. `until`: the day of the next admission;
	contacts from that day on are not made. `occupied`: days of the patient's contacts in other plans. `following`: what
	the plan itself says about its pathways.

	Raises `policy.NoRule` when the policy has no row for the risk tier, OverflowError beyond the year 9999.
	"""
	excluded = exclusion(discharge, patient)
	if excluded is not None:
		return PlanDecision("Excluded", excluded)
	rule, _ = cell(config.policy, tier.risk_tier, tier.value_tier)
	known = config.pathways or following != NOTHING_SAID
	pathways = followed(config.pathways, following, discharge, patient) if known else ()
	discharged = discharge.discharge_date
	start = anchor or discharged
	source = (
		rule,
		config.policy.title,
		config.policy.version,
		start,
		discharged,
		tier.risk_tier == "High",
		pathways,
	)
	dated = _dated(source, config, key, today, existing, occupied)
	before_next = dated if until is None else tuple(one for one in dated if one.draft.due < until)
	done = [task.due_date for task in existing if is_over(task, today)] if existing else []
	if before_next:
		contacts = _contacts(
			before_next, key, patient, tier, start != discharged, done, config.guardian_under_age
		)
		return PlanDecision("Planned", None, contacts, rule, pathways)
	if done:
		return PlanDecision("Planned", None, (), rule, pathways)
	if dated:
		return PlanDecision("Excluded", "readmitted", (), rule, pathways)
	return PlanDecision("Missed", WINDOWS_GONE, (), rule, pathways)


def exclusion(discharge: DischargeFacts, patient: PatientFacts) -> str | None:
	"""Why this discharge gets no contacts, None when it does; asked again at every contact (clinical.md §5)."""
	if discharge.cancelled:
		return "discharge_cancelled"
	if discharge.disposition == "Deceased" or patient.status == "Deceased":
		return "deceased"
	if discharge.disposition in ("Transferred", "Hospice"):
		return discharge.disposition.lower()
	# Who opted out of every channel has withdrawn; the rest of the order then has nothing to offer.
	if patient.status == "Do Not Contact" or patient.opted_out.issuperset(FALLBACK_ORDER):
		return "withdrawn"
	return None


def explain(tier: TierDecision, contact: Contact, *, with_value: bool) -> tuple[str, ...]:
	"""Every reason code of a contact in the fixed order; `with_value` only for supervisors and administrators."""
	if not with_value:
		return contact.reasons
	floor_matters = POLICY in contact.sources
	value = tuple(r for r in tier.value_reasons if floor_matters or r != "clinical_floor")
	return in_order(contact.reasons + value)


def _dated(
	source: _Source,
	config: Config,
	key: str,
	today: date | None,
	existing: Sequence[ExistingTask],
	occupied: Sequence[date],
) -> tuple[Dated, ...]:
	"""The timetable as it is for everybody, unless something has happened that changes it for this patient."""
	spacing = _spacing(config.merge_within_days, config.max_per_day, config.max_per_week)
	dated = timetable(*source, config.calendar, spacing)
	late = today is not None and any(one.draft.raw < today or one.draft.due < today for one in dated)
	if not (late or existing or occupied):
		return dated
	rest = outstanding(raw_contacts(*source), existing, key, config.calendar, today)
	taken = (*rest.taken, *occupied)
	return finish(settle(rest.raw, config.calendar, spacing, fixed=rest.fixed, taken=taken))


def _contacts(
	dated: Sequence[Dated],
	key: str,
	patient: PatientFacts,
	tier: TierDecision,
	reanchored: bool,
	done: Sequence[date],
	guardian_under_age: int,
) -> tuple[Contact, ...]:
	"""Numbered among all contacts of the discharge, those that are done included, by due date."""
	born = patient.date_of_birth
	minor = born is not None and age_on(born, dated[0].draft.due) < guardian_under_age
	contacts = tuple(
		[
			_contact(one, number, key, patient, tier, reanchored, guardian_under_age if minor else 0)
			for number, one in enumerate(dated, 1)
		]
	)
	if not done:
		return contacts
	return tuple(
		replace(contact, sequence=contact.sequence + sum(day <= contact.due_date for day in done))
		for contact in contacts
	)


def _contact(
	one: Dated,
	number: int,
	key: str,
	patient: PatientFacts,
	tier: TierDecision,
	reanchored: bool,
	guardian_under_age: int,
) -> Contact:
	draft = one.draft
	origin = draft.origins[0]
	choice = choose_for(patient, draft.channel, tier.risk_tier)
	born = patient.date_of_birth
	# Who was a child at the first contact may have grown up by this one.
	minor = bool(guardian_under_age) and born is not None and age_on(born, draft.due) < guardian_under_age
	return Contact(
		key=key + one.key_ending,
		sequence=number,
		due_date=draft.due,
		opens_on=draft.due,
		expires_on=draft.end,
		channel=choice.channel,
		role=SPECIALIST if choice.specialist else draft.role,
		topics=draft.topics,
		sources=one.sources,
		reasons=_reasons(
			tier.risk_reasons, draft.reasons, choice.reasons, reanchored and POLICY in one.sources
		),
		step_id=origin.step_id,
		anchor_date=origin.anchor_date,
		script=draft.script,
		questionnaire=draft.questionnaire,
		first_contact=draft.first_contact,
		contact_point="Caregiver" if minor else "Patient",
		origins=draft.origins,
	)


@lru_cache(maxsize=64)
def _spacing(within: int, per_day: int, per_week: int) -> Spacing:
	return Spacing(within, per_day, per_week)


@lru_cache(maxsize=4096)
def _reasons(
	tier: tuple[str, ...], dates: frozenset[str], channel: tuple[str, ...], reanchored: bool
) -> tuple[str, ...]:
	return in_order((*tier, *dates, *channel, *(("reanchored",) if reanchored else ())))


def in_order(reasons: Iterable[str]) -> tuple[str, ...]:
	"""Reason codes in the order in which they are shown."""
	return tuple(sorted(reasons, key=lambda reason: _PLACE[reason]))
