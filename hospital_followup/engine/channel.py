"""By which channel a contact is made, and why (clinical.md §1, Channels)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hospital_followup.engine.facts import PatientFacts
from hospital_followup.engine.names import FALLBACK_ORDER, HUMAN_CHANNELS, PERSONAL_ORDER


@dataclass(frozen=True, slots=True)
class Choice:
	"""`specialist`: nothing could be used; a Phone task for a specialist remains."""

	channel: str
	reasons: tuple[str, ...]
	specialist: bool = False


@lru_cache(maxsize=8192)
def choose(
	planned: str,
	high_risk: bool,
	special_care: bool,
	preferred: str | None,
	reachable: frozenset[str] | None,
	opted_out: frozenset[str],
) -> Choice:
	"""Pick the channel: the patient's preference, within what high risk and special care allow, if it can be used.

	`planned`: the channel of the policy or pathway. A reason is named when the choice would have been another
	without what it stands for.
	"""
	wish = _wish(planned, high_risk, special_care, preferred, opted_out)
	channel = _usable(wish, reachable, opted_out)
	if channel is None:
		return Choice("Phone", ("no_channel",), specialist=True)

	def otherwise(
		special: bool = special_care, preference: str | None = preferred, limit: bool = True
	) -> str | None:
		wished = _wish(planned, high_risk, special, preference, opted_out, limit)
		return _usable(wished, reachable, opted_out)

	reasons = []
	if otherwise(preference=None) != channel:
		reasons.append("preference")
	if otherwise(limit=False) != channel:
		reasons.append("human_channel_kept")
	if otherwise(special=False) != channel:
		reasons.append("special_care")
	if channel != wish:
		reasons.append("fallback")
	if not reasons and channel != planned:
		# Preference and special care ask for the same channel: neither alone made the difference.
		reasons.append("special_care" if special_care else "preference")
	return Choice(channel, tuple(reasons))


def choose_for(patient: PatientFacts, planned: str, risk_tier: str) -> Choice:
	"""`choose` with what is known of the patient."""
	return choose(
		planned,
		risk_tier == "High",
		patient.special_care,
		patient.preferred_channel,
		patient.reachable,
		patient.opted_out,
	)


def _wish(
	planned: str,
	high_risk: bool,
	special_care: bool,
	preferred: str | None,
	opted_out: frozenset[str],
	limit: bool = True,
) -> str:
	"""The channel that would be used if every channel could be.

	For high risk and special care only a person will do, unless the patient opted out of that person's channel.
	"""
	person_only = (high_risk or special_care) and limit
	default = "Home Visit" if special_care else planned
	if person_only and default not in HUMAN_CHANNELS:
		default = "Phone"
	if preferred not in PERSONAL_ORDER:
		return default
	if person_only and preferred not in HUMAN_CHANNELS and default not in opted_out:
		return default
	return preferred


def _usable(wish: str, reachable: frozenset[str] | None, opted_out: frozenset[str]) -> str | None:
	for channel in (wish, *FALLBACK_ORDER):
		if channel not in opted_out and (reachable is None or channel in reachable):
			return channel
	return None
