"""Risk and value of one discharge: who decides, in which order, and why (clinical.md §2, §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hospital_followup.engine.decisions import TierDecision
from hospital_followup.engine.facts import Config, DischargeFacts, PatientFacts, Policy, TierRule, ValueFacts
from hospital_followup.engine.names import RISK_TIERS
from hospital_followup.engine.policy import NoRule, cell
from hospital_followup.engine.rules import matches
from hospital_followup.engine.scores import Score, hospital, lace

_VALUE_REASON = {"Given": "value_given", "Scored": "value_scored", "Assumed": "value_assumed"}
_ASSUMED_VALUE = ValueFacts("Medium", "Assumed")


@dataclass(frozen=True, slots=True)
class _Computed:
	method: str
	risk_tier: str
	reasons: tuple[str, ...]


def assess(
	discharge: DischargeFacts,
	patient: PatientFacts,
	value: ValueFacts | None,
	override: str | None,
	config: Config,
) -> TierDecision:
	"""Settle risk and value.

	Risk: the clinician's override, else the given tier, else the highest of the matching tier rules and the score.
	`override` is the risk tier that a clinician chose (the service checks who may), `value` None = nothing known.
	"""
	score = _score(discharge, config)
	rules = config.tier_rules and tuple(
		rule for rule in config.tier_rules if matches(rule, discharge, patient)
	)
	computed = _compute(score, rules, config.tier_when_incomplete)
	method, risk, reasons = computed.method, computed.risk_tier, computed.reasons
	if override:
		method, risk, reasons = "Clinician", override, ("tier_override",)
	elif discharge.given_risk_tier:
		method, risk, reasons = "Given", discharge.given_risk_tier, ("tier_given",)
	worth = value or _ASSUMED_VALUE
	known = not score.empty
	return TierDecision(
		method=method,
		score=score.low if known else None,
		score_low=score.low if known else None,
		score_high=score.high if known else None,
		incomplete=score.incomplete,
		components=score.components,
		computed_risk_tier=None if computed.method == "Assumed" else computed.risk_tier,
		risk_tier=risk,
		value_tier=worth.value_tier,
		risk_reasons=reasons,
		value_reasons=_value_reasons(config.policy, risk, worth.value_tier, worth.basis),
		matched_rules=_by_priority(rules) if rules else (),
	)


def higher(*tiers: str) -> str:
	"""The highest of some risk tiers."""
	return min(tiers, key=RISK_TIERS.index)


def settled_tier(score: Score, when_incomplete: str) -> str:
	"""The tier both ends of the score's range agree on, else the higher of the known part's and `when_incomplete`."""
	if score.low_tier == score.high_tier:
		return score.low_tier
	return higher(score.low_tier, when_incomplete)


def _score(discharge: DischargeFacts, config: Config) -> Score:
	"""The score that the settings ask for; of both, the one with the higher tier, and LACE when they agree."""
	if config.risk_score == "LACE":
		return lace(discharge)
	other = hospital(discharge, config.hospital_variant)
	if config.risk_score == "HOSPITAL":
		return other
	first = lace(discharge)
	if other.empty or first.empty:
		return other if first.empty else first
	tier = settled_tier(first, config.tier_when_incomplete)
	other_tier = settled_tier(other, config.tier_when_incomplete)
	return first if higher(tier, other_tier) == tier else other


@lru_cache(maxsize=16384)
def _compute(score: Score, rules: tuple[TierRule, ...], when_incomplete: str) -> _Computed:
	"""A tier rule counts when it raises the tier that the score gives, or when there is no score."""
	ruled = higher(*(rule.risk_tier for rule in rules)) if rules else None
	if score.empty:
		if ruled is None:
			return _Computed("Assumed", when_incomplete, ("tier_assumed",))
		return _Computed("Rules", ruled, ("tier_rule",))
	scored = settled_tier(score, when_incomplete)
	if ruled is not None and higher(scored, ruled) != scored:
		return _Computed("Rules", ruled, ("tier_rule",))
	if score.low_tier == score.high_tier:
		return _Computed(score.name, scored, ("tier_scored",))
	return _Computed(score.name, scored, ("tier_scored", "tier_incomplete"))


@lru_cache(maxsize=1024)
def _value_reasons(policy: Policy, risk_tier: str, value_tier: str, basis: str) -> tuple[str, ...]:
	reason = _VALUE_REASON[basis]
	try:
		_, by_floor = cell(policy, risk_tier, value_tier)
	except NoRule:
		# A tier can be settled under a policy that has no rule for it; planning then says so.
		by_floor = False
	return (reason, "clinical_floor") if by_floor else (reason,)


def _by_priority(rules: Sequence[TierRule]) -> tuple[str, ...]:
	return tuple(rule.title for rule in sorted(rules, key=lambda rule: (-rule.priority, rule.title)))
