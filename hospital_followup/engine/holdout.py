"""Who is held out of automatic contacts by lot, so that the effect of follow-up can be measured.

Only patients for whom nothing but automatic messages was planned, at low risk and without special care, may be held
out. The lot is fixed by the discharge alone: the same discharge is drawn the same way whoever asks, however often.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from hospital_followup.engine.decisions import Contact, PlanDecision, TierDecision
from hospital_followup.engine.facts import DischargeFacts, PatientFacts

#: The two groups that are compared. A discharge stays in the group it was drawn into, whatever happens later.
HELD_OUT, FOLLOWED_UP = "Held Out", "Followed Up"
HOLD_OUT = "hold_out"
#: No more than every fifth low-risk patient goes without messages for the sake of a comparison.
MAX_PERCENT = 20
# Who left against advice is not low risk, whatever the score says.
_DISPOSITIONS = frozenset({"Home", "Other"})


@dataclass(frozen=True, slots=True)
class HoldOut:
	"""`percent` of the eligible discharges from the day `since` on are held out; `automatic`: channels that need nobody."""

	percent: int
	since: date
	salt: str
	automatic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
	"""What is stored: the group it was drawn into, whether it is followed up already, whether a person released it."""

	key: str
	group: str | None = None
	in_follow_up: bool = False
	released: bool = False


def with_hold_out(
	decided: PlanDecision,
	discharge: DischargeFacts,
	patient: PatientFacts,
	tier: TierDecision,
	standing: Standing,
	hold_out: HoldOut | None,
) -> tuple[PlanDecision, str | None]:
	"""The decision after the lot, and the group of the discharge (None: not part of the comparison).

	`hold_out` None: nobody new is drawn; who was held out before stays so while still eligible.
	"""
	if decided.decision == "Excluded" or standing.in_follow_up:
		return decided, standing.group
	group = standing.group
	if group is None and hold_out is not None and _may_be_drawn(decided, discharge, patient, tier, hold_out):
		group = HELD_OUT if is_drawn(hold_out, standing.key) else FOLLOWED_UP
	if group != HELD_OUT or standing.released or not _low_and_well(discharge, patient, tier):
		return decided, group
	if hold_out is not None and not _automatic(decided.contacts, hold_out.automatic):
		return decided, group
	return PlanDecision("Excluded", HOLD_OUT), group


def is_drawn(hold_out: HoldOut, key: str) -> bool:
	"""Whether the lot falls on `key`: the first 64 bits of SHA-256(salt | key) as a fraction, below the share."""
	digest = sha256(f"{hold_out.salt}|{key}".encode()).digest()
	return int.from_bytes(digest[:8], "big") * 100 < min(hold_out.percent, MAX_PERCENT) << 64


def _may_be_drawn(
	decided: PlanDecision,
	discharge: DischargeFacts,
	patient: PatientFacts,
	tier: TierDecision,
	hold_out: HoldOut,
) -> bool:
	return (
		hold_out.percent > 0
		and discharge.discharge_date >= hold_out.since
		and decided.decision == "Planned"
		and bool(decided.contacts)
		and _low_and_well(discharge, patient, tier)
		and _automatic(decided.contacts, hold_out.automatic)
	)


def _low_and_well(discharge: DischargeFacts, patient: PatientFacts, tier: TierDecision) -> bool:
	return tier.risk_tier == "Low" and not patient.special_care and discharge.disposition in _DISPOSITIONS


def _automatic(contacts: Iterable[Contact], automatic: frozenset[str]) -> bool:
	return all(contact.channel in automatic for contact in contacts)
