"""What the policy would do with the listed discharges: contacts, exclusions, rejections and workload."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hospital_followup.engine.decisions import Contact, TierDecision
from hospital_followup.engine.facts import Config, ValueFacts
from hospital_followup.engine.plan import explain, plan
from hospital_followup.engine.policy import NoRule
from hospital_followup.engine.simulation import Day, counted, workload
from hospital_followup.engine.tiering import assess
from hospital_followup.engine.value import ValueCuts, ValueFigures, cuts_of, score_value
from hospital_followup.preview.discharges import Listed, Rejection
from hospital_followup.preview.language import BadValue, Word


@dataclass(frozen=True, slots=True)
class Planned:
	"""One contact of one patient."""

	patient_id: str
	patient_name: str | None
	contact: Contact
	risk_tier: str
	value_tier: str
	reasons: tuple[str, ...]


@dataclass(slots=True)
class Forecast:
	"""`planned` and `excluded` count discharges; a planned one may have no contacts left (a readmission took them)."""

	policy: str
	planned: int = 0
	contacts: list[Planned] = field(default_factory=list)
	exclusions: list[tuple[str, str]] = field(default_factory=list)
	rejections: list[Rejection] = field(default_factory=list)

	@property
	def discharges(self) -> int:
		return self.planned + len(self.exclusions) + len(self.rejections)

	def workload(self) -> list[Day]:
		return workload(counted(entry.contact for entry in self.contacts))


def forecast(listed: Sequence[Listed], rejections: Iterable[Rejection], config: Config) -> Forecast:
	"""Plan every listed discharge. A later discharge of a patient ends the earlier one's contacts from the day of its
	admission; what is left of them counts in the later plan's frequency cap."""
	result = Forecast(config.policy.title, rejections=list(rejections))
	cuts = _cuts(listed)
	excluded: dict[int, tuple[str, str]] = {}
	for stays in _by_patient(listed):
		occupied: list[date] = []
		for place, entry in enumerate(stays):
			until = min((later.admitted for later in stays[place + 1 :]), default=None)
			try:
				tier = assess(entry.discharge, entry.patient, _value(entry, cuts), None, config)
				decided = plan(
					entry.discharge, entry.patient, tier, config, key=entry.discharge.id, occupied=occupied
				)
			except (NoRule, OverflowError) as error:
				result.rejections.append(_rejection(entry, error))
				continue
			if decided.decision == "Excluded":
				excluded[entry.line] = (entry.patient.patient_id, decided.reason or "")
				continue
			result.planned += 1
			kept = [contact for contact in decided.contacts if until is None or contact.due_date < until]
			occupied += [contact.due_date for contact in kept]
			result.contacts += [_planned(entry, contact, tier) for contact in kept]
	result.exclusions = [excluded[line] for line in sorted(excluded)]
	result.rejections.sort(key=lambda rejection: rejection.line)
	result.contacts.sort(key=lambda one: (one.contact.due_date, one.patient_id, one.contact.sequence))
	return result


def _by_patient(listed: Iterable[Listed]) -> Iterable[list[Listed]]:
	stays: dict[str, list[Listed]] = {}
	for entry in listed:
		stays.setdefault(entry.patient.patient_id, []).append(entry)
	return (sorted(found, key=lambda entry: entry.discharge.discharge_date) for found in stays.values())


def _cuts(listed: Iterable[Listed]) -> ValueCuts:
	"""Over distinct patients: of several discharges the latest one that tells both figures."""
	latest: dict[str, tuple[date, ValueFigures]] = {}
	for entry in listed:
		figures, left = entry.figures, entry.discharge.discharge_date
		if figures.visits is None or figures.spend is None:
			continue
		known = latest.get(entry.patient.patient_id)
		if known is None or known[0] < left:
			latest[entry.patient.patient_id] = (left, figures)
	return cuts_of([figures for _, figures in latest.values()])


def _value(entry: Listed, cuts: ValueCuts) -> ValueFacts:
	return ValueFacts(entry.value_tier) if entry.value_tier else score_value(entry.figures, cuts)


def _planned(entry: Listed, contact: Contact, tier: TierDecision) -> Planned:
	return Planned(
		entry.patient.patient_id,
		entry.patient_name,
		contact,
		tier.risk_tier,
		tier.value_tier,
		explain(tier, contact, with_value=True),
	)


def _rejection(entry: Listed, error: Exception) -> Rejection:
	if isinstance(error, NoRule):
		return Rejection(entry.line, "risk_tier", BadValue("no_rule", Word(error.risk_tier)))
	return Rejection(entry.line, "discharge_date", BadValue("too_far"))
