"""From facts to contacts: exclusions, raw dates, closed days, merge, cap, channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hospital_followup.engine.decisions import Contact, ExistingTask, PlanDecision, TierDecision
from hospital_followup.engine.facts import Config, DischargeFacts, PatientFacts


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
) -> PlanDecision:
	"""Plan one discharge.

	`anchor`: where the policy's dates count from when not the discharge (a raised tier). `today`: nothing new is due
	before it; None plans everything. `existing`: the plan's tasks so far. `until`: the day of the next admission;
	contacts from that day on are not made. `occupied`: days of the patient's contacts in other plans.
	"""
	raise NotImplementedError


def explain(tier: TierDecision, contact: Contact, *, with_value: bool) -> tuple[str, ...]:
	"""Every reason code of a contact in the fixed order; `with_value` only for supervisors and administrators."""
	raise NotImplementedError
