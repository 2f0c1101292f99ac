"""The hospital's own tier rules: which facts they may ask about, and whether one matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hospital_followup.engine.dates import age_on
from hospital_followup.engine.facts import (
	Condition,
	Diagnosis,
	DischargeFacts,
	PatientFacts,
	Procedure,
	TierRule,
)
from hospital_followup.engine.names import RISK_TIERS
from hospital_followup.engine.pathway import plain_code
from hospital_followup.engine.scores import stay_in_days

Fact = float | bool | str | tuple[Diagnosis, ...] | tuple[Procedure, ...] | None

_NUMBER, _YES_NO, _TEXT, _CODES = "number", "yes_no", "text", "codes"
OPERATORS: Mapping[str, tuple[str, ...]] = {
	_NUMBER: ("=", "!=", ">", ">=", "<", "<="),
	_YES_NO: ("=", "!="),
	_TEXT: ("=", "!=", "in", "contains", "starts with"),
	_CODES: ("=", "!=", "in", "contains", "starts with"),
}
YES = frozenset({"yes", "1", "true", "是"})
NO = frozenset({"no", "0", "false", "否"})
_LIST = re.compile(r"[,，、;；|]")


def _age(discharge: DischargeFacts, patient: PatientFacts) -> Fact:
	born = patient.date_of_birth
	return None if born is None else age_on(born, discharge.discharge_date)


CONDITION_FIELDS: Mapping[str, tuple[str, Callable[[DischargeFacts, PatientFacts], Fact]]] = {
	"age": (_NUMBER, _age),
	"length_of_stay": (_NUMBER, lambda discharge, _: stay_in_days(discharge)),
	"charlson": (_NUMBER, lambda discharge, _: discharge.charlson),
	"ed_visits": (_NUMBER, lambda discharge, _: discharge.ed_visits),
	"admissions_12m": (_NUMBER, lambda discharge, _: discharge.admissions_12m),
	"haemoglobin": (_NUMBER, lambda discharge, _: discharge.haemoglobin),
	"sodium": (_NUMBER, lambda discharge, _: discharge.sodium),
	"emergency_admission": (_YES_NO, lambda discharge, _: discharge.emergency_admission),
	"oncology": (_YES_NO, lambda discharge, _: discharge.oncology),
	"special_care": (_YES_NO, lambda _, patient: patient.special_care),
	"department": (_TEXT, lambda discharge, _: discharge.department),
	"disposition": (_TEXT, lambda discharge, _: discharge.disposition),
	"sex": (_TEXT, lambda _, patient: patient.sex),
	"diagnosis": (_CODES, lambda discharge, _: discharge.diagnoses),
	"procedure": (_CODES, lambda discharge, _: discharge.procedures),
}


@dataclass(frozen=True, slots=True)
class RuleIssue:
	"""`code`: no_conditions or unknown_value; `condition` counted from 1, 0 = the rule as a whole."""

	code: str
	condition: int = 0
	field: str = ""
	value: str = ""
	expected: str = ""


def matches(rule: TierRule, discharge: DischargeFacts, patient: PatientFacts) -> bool:
	"""Whether every condition holds. An unknown fact meets no condition; nor does one that `check` objects to."""
	return bool(rule.conditions) and all(
		_holds(condition, discharge, patient) for condition in rule.conditions
	)


def check(rule: TierRule) -> tuple[RuleIssue, ...]:
	"""Everything that is wrong with a rule, in the order of its conditions."""
	issues = [] if rule.conditions else [RuleIssue("no_conditions")]
	if rule.risk_tier not in RISK_TIERS:
		issues.append(RuleIssue("unknown_value", 0, "risk_tier", rule.risk_tier, ", ".join(RISK_TIERS)))
	for number, condition in enumerate(rule.conditions, 1):
		issue = _objection(number, condition)
		if issue is not None:
			issues.append(issue)
	return tuple(issues)


def _objection(number: int, condition: Condition) -> RuleIssue | None:
	if condition.field not in CONDITION_FIELDS:
		expected = ", ".join(CONDITION_FIELDS)
		return RuleIssue("unknown_value", number, "field", condition.field, expected)
	kind, _ = CONDITION_FIELDS[condition.field]
	if condition.operator not in OPERATORS[kind]:
		expected = ", ".join(OPERATORS[kind])
		return RuleIssue("unknown_value", number, "operator", condition.operator, expected)
	if kind == _NUMBER and _number(condition.value) is None:
		return RuleIssue("unknown_value", number, "value", condition.value, "0-9")
	if kind == _YES_NO and _yes_no(condition.value) is None:
		return RuleIssue("unknown_value", number, "value", condition.value, "Yes, No")
	if kind in (_TEXT, _CODES) and not condition.value.strip():
		return RuleIssue("unknown_value", number, "value", condition.value, "")
	return None


def _holds(condition: Condition, discharge: DischargeFacts, patient: PatientFacts) -> bool:
	kind, read = CONDITION_FIELDS.get(condition.field, (None, None))
	if kind is None or read is None or condition.operator not in OPERATORS[kind]:
		return False
	fact = read(discharge, patient)
	if fact is None or fact == () or fact == "":
		return False
	if isinstance(fact, tuple):
		return _code_holds(condition, fact)
	if isinstance(fact, str):
		return _text_holds(condition, fact)
	wanted = _yes_no(condition.value) if kind == _YES_NO else _number(condition.value)
	return wanted is not None and _compare(condition.operator, float(fact), float(wanted))


def _compare(operator: str, fact: float, wanted: float) -> bool:
	outcome = {
		"=": fact == wanted,
		"!=": fact != wanted,
		">": fact > wanted,
		">=": fact >= wanted,
		"<": fact < wanted,
		"<=": fact <= wanted,
	}
	return outcome[operator]


def _text_holds(condition: Condition, fact: str) -> bool:
	found, wanted = fact.strip().casefold(), condition.value.strip().casefold()
	if condition.operator == "in":
		return found in _entries(condition.value)
	if condition.operator == "contains":
		return wanted in found
	if condition.operator == "starts with":
		return found.startswith(wanted)
	return (found == wanted) == (condition.operator == "=")


def _code_holds(condition: Condition, found: tuple[Diagnosis, ...] | tuple[Procedure, ...]) -> bool:
	"""Equal means the code or the name; "in" and "starts with" go by the beginning of the code."""
	if condition.operator == "contains":
		wanted = condition.value.strip().casefold()
		return any(wanted in item.title.casefold() for item in found)
	entries = _entries(condition.value)
	if condition.operator in ("in", "starts with"):
		prefixes = tuple(plain for plain in map(plain_code, entries) if plain)
		return any(plain_code(item.code).startswith(prefixes) for item in found)
	names = {plain_code(entry) or entry for entry in entries} | set(entries)
	equal = any(plain_code(item.code) in names or item.title.strip().casefold() in names for item in found)
	return equal == (condition.operator == "=")


@lru_cache(maxsize=1024)
def _entries(value: str) -> tuple[str, ...]:
	return tuple(entry.strip().casefold() for entry in _LIST.split(value) if entry.strip())


@lru_cache(maxsize=1024)
def _number(value: str) -> float | None:
	try:
		number = float(value)
	except ValueError:
		return None
	return number if abs(number) < float("inf") else None


def _yes_no(value: str) -> bool | None:
	word = value.strip().casefold()
	return True if word in YES else False if word in NO else None
