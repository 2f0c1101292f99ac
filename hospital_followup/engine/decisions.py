"""What the engine answers: tiers, plans, contacts and the difference to what is already stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hospital_followup.engine.facts import Pathway, PolicyRule


@dataclass(frozen=True, slots=True)
class Component:
	"""One line of a score: `value` as known (None = missing), `points` given, `maximum` possible."""

	name: str
	value: float | bool | None
	points: int
	maximum: int

	@property
	def missing(self) -> bool:
		return self.value is None


@dataclass(frozen=True, slots=True)
class TierDecision:
	"""Risk and value of one discharge. Value reasons stay apart: specialists must never see them (rules.md)."""

	method: str  # LACE, HOSPITAL, Rules, Clinician, Given, Assumed
	score: int | None
	score_low: int | None
	score_high: int | None
	incomplete: tuple[str, ...]
	components: tuple[Component, ...]
	computed_risk_tier: str | None
	risk_tier: str
	value_tier: str
	risk_reasons: tuple[str, ...]
	value_reasons: tuple[str, ...]
	matched_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
	"""Where a contact comes from; `source` is "policy", "pathway:<title>" or "programme:<title>".

	`plan`: key of the plan it belongs to, where that is not the plan that is being planned.
	"""

	source: str
	title: str
	version: int
	step_id: str
	anchor_date: date
	plan: str = ""

	def key(self, plan_key: str) -> str:
		return f"{self.plan or plan_key}|{self.source}|{self.step_id}|{self.anchor_date.isoformat()}"


@dataclass(frozen=True, slots=True)
class Contact:
	"""One contact to make. `reasons` never tell the patient's value; `plan.explain` adds the reasons that do."""

	key: str
	sequence: int
	due_date: date
	opens_on: date
	expires_on: date
	channel: str
	role: str
	topics: tuple[str, ...]
	sources: tuple[str, ...]
	reasons: tuple[str, ...]
	step_id: str
	anchor_date: date
	script: str | None
	questionnaire: str | None
	first_contact: bool
	contact_point: str  # Patient, or Caregiver for a patient under 18
	origins: tuple[Origin, ...]  # the earliest member first; its key is the contact's key


@dataclass(frozen=True, slots=True)
class PlanDecision:
	decision: str  # Planned, Excluded or Missed
	reason: str | None  # one of EXCLUSIONS, WINDOWS_GONE or holdout.HOLD_OUT
	contacts: tuple[Contact, ...] = ()
	policy_rule: PolicyRule | None = None
	pathways: tuple[tuple[Pathway, date], ...] = ()  # that apply, each with the day that it counts from


@dataclass(frozen=True, slots=True)
class ExistingTask:
	"""A task as stored. `covers`: keys of every origin it was merged from; `pinned`: a person chose its date."""

	key: str
	status: str
	due_date: date
	opens_on: date
	expires_on: date
	channel: str
	role: str
	topics: tuple[str, ...] = ()
	sources: tuple[str, ...] = ()
	reasons: tuple[str, ...] = ()
	sequence: int = 0
	script: str | None = None
	questionnaire: str | None = None
	completed_on: date | None = None
	covers: tuple[str, ...] = ()
	pinned: bool = False


@dataclass(frozen=True, slots=True)
class Change:
	"""An open (or, in `PlanDiff.reopen`, cancelled) task and what it becomes; `fields` names what differs."""

	task: ExistingTask
	contact: Contact
	fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cancellation:
	task: ExistingTask
	reason: str  # replanned, or merged when another contact now carries it


@dataclass(frozen=True, slots=True)
class PlanDiff:
	create: tuple[Contact, ...] = ()
	move: tuple[Change, ...] = ()
	reopen: tuple[Change, ...] = ()
	keep: tuple[ExistingTask, ...] = ()
	cancel: tuple[Cancellation, ...] = ()

	@property
	def empty(self) -> bool:
		return not (self.create or self.move or self.reopen or self.cancel)
