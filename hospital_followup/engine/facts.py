"""What the engine is told: the patient, the stay, the hospital's policy, pathways and settings.

Every optional fact is `None` when unknown; nothing here ever reads an unknown fact as 0 or as "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date

from hospital_followup.engine.calendar import Calendar

# A step that names no window: a few days either side, so that a weekend never closes it.
WINDOW_DAYS = 3


class HashOnce:
	"""Rules are looked up once per discharge: their hash is worked out once, not once per look-up."""

	__slots__ = ("_hash",)

	_hash: int

	def __hash__(self) -> int:
		try:
			return self._hash
		except AttributeError:
			values = hash(tuple(getattr(self, item.name) for item in fields(self)))  # type: ignore[arg-type]
			object.__setattr__(self, "_hash", values)
			return values


@dataclass(frozen=True, slots=True)
class Diagnosis:
	code: str = ""
	title: str = ""
	primary: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
	code: str = ""
	title: str = ""
	performed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PatientFacts:
	"""`reachable` None means every channel; otherwise only those with address, consent and an enabled adapter."""

	patient_id: str
	sex: str | None = None
	date_of_birth: date | None = None
	special_care: bool = False
	preferred_channel: str | None = None
	reachable: frozenset[str] | None = None
	opted_out: frozenset[str] = frozenset()
	status: str = "Active"


@dataclass(frozen=True, slots=True)
class DischargeFacts:
	"""One hospital stay. Haemoglobin in g/dL, sodium in mmol/L, stay in days; `None` = unknown."""

	id: str
	patient_id: str
	discharge_date: date
	admission_date: date | None = None
	department: str | None = None
	company: str | None = None
	diagnoses: tuple[Diagnosis, ...] = ()
	procedures: tuple[Procedure, ...] = ()
	# Whether any procedure was coded; a non-empty `procedures` says yes by itself.
	any_procedure: bool | None = None
	disposition: str = "Home"
	length_of_stay: float | None = None
	emergency_admission: bool | None = None
	charlson: int | None = None
	ed_visits: int | None = None
	haemoglobin: float | None = None
	sodium: float | None = None
	oncology: bool | None = None
	admissions_12m: int | None = None
	given_risk_tier: str | None = None
	cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
	"""One line of a tier rule; `rules.CONDITION_FIELDS` and `rules.OPERATORS` list what may stand here."""

	field: str
	operator: str
	value: str


@dataclass(frozen=True, slots=True)
class TierRule(HashOnce):
	"""Matches when every condition holds. Higher `priority` is named first in explanations."""

	title: str
	conditions: tuple[Condition, ...]
	risk_tier: str
	priority: int = 0

	__hash__ = HashOnce.__hash__


@dataclass(frozen=True, slots=True)
class ValueFacts:
	"""A settled value tier and where it comes from: Given (a person or an import), Scored or Assumed.

	`value.score_value` makes one from spending and visits.
	"""

	value_tier: str
	basis: str = "Given"
	score: int | None = None
	recency: int | None = None
	frequency: int | None = None
	monetary: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyRule(HashOnce):
	"""One cell of the matrix. `first_contact_day` counts from the discharge; `interval` is in `interval_unit`s."""

	risk_tier: str
	value_tier: str
	interval: int
	interval_unit: str
	contacts: int
	first_contact_day: int
	channel: str
	role: str
	topics: tuple[str, ...] = ()
	# The row stands here because of the clinical floor, not because the source asked for it (clinical.md §1).
	clinical_floor: bool = False

	__hash__ = HashOnce.__hash__


@dataclass(frozen=True, slots=True)
class Policy(HashOnce):
	title: str
	version: int
	rules: tuple[PolicyRule, ...]

	__hash__ = HashOnce.__hash__


@dataclass(frozen=True, slots=True)
class PathwayStep:
	"""One time node. `repeat_count` is the number of contacts in all; a step without channel or role takes the
	ones of the patient's cell in the matrix."""

	id: str
	offset: int
	offset_unit: str = "Day"
	repeat_every: int = 0
	repeat_unit: str = "Day"
	repeat_count: int = 1
	window_days: int = WINDOW_DAYS
	topics: tuple[str, ...] = ()
	channel: str | None = None
	role: str | None = None
	script: str | None = None
	questionnaire: str | None = None


@dataclass(frozen=True, slots=True)
class Applicability:
	"""Who a pathway is for: every stated criterion must hold, any entry of a list will do, empty = everyone."""

	diagnoses: tuple[str, ...] = ()
	departments: tuple[str, ...] = ()
	procedures: tuple[str, ...] = ()
	sex: str | None = None
	age_from: int | None = None
	age_to: int | None = None


@dataclass(frozen=True, slots=True)
class Pathway(HashOnce):
	title: str
	version: int
	anchor: str
	applies: Applicability
	steps: tuple[PathwayStep, ...]

	__hash__ = HashOnce.__hash__


@dataclass(frozen=True, slots=True)
class Config:
	"""Everything that a decision needs beside the facts of one patient and one stay."""

	policy: Policy
	pathways: tuple[Pathway, ...] = ()
	tier_rules: tuple[TierRule, ...] = ()
	calendar: Calendar = field(default_factory=Calendar)
	risk_score: str = "LACE"  # LACE, HOSPITAL or Higher
	hospital_variant: str = "original"  # original or simplified: how admissions in 12 months count
	tier_when_incomplete: str = "Medium"
	merge_within_days: int = 2
	max_per_day: int = 1
	max_per_week: int = 3
	guardian_under_age: int = 18  # below it the guardian is contacted (clinical.md §5); 0 = never
