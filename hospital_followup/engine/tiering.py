"""Risk and value of one discharge: who decides, in which order, and why."""

from __future__ import annotations

from hospital_followup.engine.decisions import TierDecision
from hospital_followup.engine.facts import Config, DischargeFacts, PatientFacts, ValueFacts


def assess(
	discharge: DischargeFacts,
	patient: PatientFacts,
	value: ValueFacts | None,
	override: str | None,
	config: Config,
) -> TierDecision:
	"""`override` is the risk tier that a clinician chose (the service checks who may), None = no override."""
	raise NotImplementedError
