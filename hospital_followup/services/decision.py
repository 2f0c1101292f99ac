"""One discharge, decided: what the engine says about a snapshot, and what that changes in what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Any

from frappe.utils import getdate

from hospital_followup.engine.decisions import PlanDecision, PlanDiff, TierDecision
from hospital_followup.engine.facts import Config
from hospital_followup.engine.holdout import HOLD_OUT, Standing, with_hold_out
from hospital_followup.engine.names import RISK_TIERS
from hospital_followup.engine.pathway import applies
from hospital_followup.engine.plan import plan as plan_contacts
from hospital_followup.engine.replan import diff
from hospital_followup.engine.tiering import assess
from hospital_followup.services.care_pathways import SOURCE
from hospital_followup.services.configuration import Configuration, SiteConfig
from hospital_followup.services.facts import existing_task
from hospital_followup.services.followed_pathways import Titles
from hospital_followup.services.snapshot import DischargeSnapshot

#: Why a contact is cancelled that stood for nothing but pathways that have ended in the plan.
ENDED = "pathway_ended"
#: Reasons for which planning itself stops a plan, and which therefore planning may take back. A plan that was stopped
#: by a person or by a readmission stays stopped until someone undoes it.
OWN_STOPS = frozenset({"deceased", "transferred", "hospice", "withdrawn", "discharge_cancelled"})


@dataclass(slots=True)
class Decision:
	"""What is to be written for one discharge."""

	decision: str
	reason: str | None
	tier: TierDecision
	contacts: PlanDecision
	diff: PlanDiff
	anchor: date
	late: bool
	inputs_hash: str
	site: SiteConfig
	#: False when the plan was stopped by a person or a readmission: only tier and decision are written.
	touches_plan: bool = True
	#: Held Out or Followed Up when the discharge is part of the comparison (engine.holdout).
	comparison_group: str | None = None


def plan_key(discharge: str) -> str:
	"""The unique key of a discharge's plan (model.md: discharge + purpose)."""
	return f"{discharge}|Discharge"


def decide(
	item: DischargeSnapshot, configuration: Configuration, day: date, *, newest: Titles = ()
) -> Decision:
	"""Tier, contacts and difference for one discharge as of `day`. Raises PlanningError where no policy applies.

	A running plan keeps the versions of its pathways but for the titles in `newest`.
	"""
	site = configuration.for_discharge(item.facts.company, item.facts.department, item.facts.discharge_date)
	override = item.override["risk_tier"] if item.override else None
	tier = assess(item.facts, item.patient, item.value, override, site.config)
	anchor = anchor_of(item, tier, day)
	key = plan_key(item.row["name"])
	# All that are in use: people may add what no discharge brings, such as a pathway that counts from birth.
	following = item.pathways.following(configuration.pathways(), item.facts.discharge_date, newest)
	ended = following.ended
	elsewhere = item.in_programmes - {pathway.title for pathway, _start in following.added}
	if elsewhere:
		# A programme of its own is not planned a second time with the discharge, unless a person wants it so.
		following = replace(following, ended=ended | elsewhere)
	existing = [existing_task(row, key) for row in item.tasks]
	decided = plan_contacts(
		item.facts,
		item.patient,
		tier,
		site.config,
		key=key,
		anchor=anchor if anchor != item.facts.discharge_date else None,
		today=day,
		existing=existing,
		until=item.next_admission,
		occupied=item.occupied,
		following=following,
	)
	decided, group = with_hold_out(
		decided, item.facts, item.patient, tier, _standing(item), configuration.hold_out()
	)
	return Decision(
		decision=decided.decision,
		reason=decided.reason,
		tier=tier,
		contacts=decided,
		diff=_with_ended(diff(existing, decided.contacts, day), ended),
		anchor=anchor,
		late=any("late_discharge" in contact.reasons for contact in decided.contacts),
		inputs_hash=fingerprint(item, _left_out(item, elsewhere, site.config)),
		site=site,
		touches_plan=not _stays_stopped(item.plan),
		comparison_group=group,
	)


def anchor_of(item: DischargeSnapshot, tier: TierDecision, day: date) -> date:
	"""The day the policy's contacts count from.

	The discharge; after a raised tier the day of the assessment (rules.md: otherwise a patient raised on day 40 would
	get nothing). A lowered or equal tier keeps what the plan has; a corrected discharge date starts afresh.
	"""
	discharge_date, plan = item.facts.discharge_date, item.plan
	if item.row["decision_reason"] == HOLD_OUT and _is_higher(tier.risk_tier, item.row["risk_tier"]):
		return max(day, discharge_date)
	if not plan or getdate(plan["start_date"]) != discharge_date:
		return discharge_date
	current = getdate(plan["anchor_date"]) if plan["anchor_date"] else discharge_date
	if _is_higher(tier.risk_tier, plan["risk_tier"]):
		return max(day, discharge_date)
	return current


def fingerprint(item: DischargeSnapshot, left_out: tuple[str, ...] = ()) -> str:
	"""A digest of everything planning depends on; the same digest means that nothing has to be planned again.

	The policy is left out on purpose: running plans keep theirs until they are re-planned.
	"""
	patient = item.patient
	inputs: tuple[Any, ...] = (
		item.facts,
		patient.sex,
		patient.date_of_birth,
		patient.special_care,
		patient.preferred_channel,
		patient.reachable if patient.reachable is None else sorted(patient.reachable),
		sorted(patient.opted_out),
		patient.status,
		item.value,
		item.override["name"] if item.override else None,
		item.next_admission,
	)
	if item.row["followed_up_after_all"]:
		inputs += ("followed_up_after_all",)
	inputs += item.pathways.choices(item.facts.discharge_date)
	if left_out:
		inputs += ("in_programmes", *left_out)
	return blake2b(repr(inputs).encode(), digest_size=16).hexdigest()


def _left_out(item: DischargeSnapshot, elsewhere: frozenset[str], config: Config) -> tuple[str, ...]:
	"""Titles of pathways that would join the plan, but that the patient follows as a programme of its own."""
	return tuple(
		one.title
		for one in config.pathways
		if one.title in elsewhere and applies(one, item.facts, item.patient)
	)


def _with_ended(difference: PlanDiff, ended: frozenset[str]) -> PlanDiff:
	"""Contacts that were there for nothing but pathways that have ended in the plan are cancelled for that reason."""
	if not ended:
		return difference
	sources = {SOURCE + title for title in ended}
	return replace(
		difference,
		cancel=tuple(
			replace(item, reason=ENDED)
			if item.reason == "replanned" and sources.issuperset(item.task.sources)
			else item
			for item in difference.cancel
		),
	)


def _is_higher(risk_tier: str, before: str | None) -> bool:
	return bool(before) and RISK_TIERS.index(risk_tier) < RISK_TIERS.index(before)


def _standing(item: DischargeSnapshot) -> Standing:
	return Standing(
		key=item.row["key"] or item.row["name"],
		group=item.row["comparison_group"] or None,
		in_follow_up=bool(item.plan or item.earlier_plans),
		released=bool(item.row["followed_up_after_all"]),
	)


def _stays_stopped(plan: Mapping[str, Any] | None) -> bool:
	return bool(plan) and plan["status"] == "Stopped" and plan["stop_reason"] not in OWN_STOPS
