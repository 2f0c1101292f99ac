"""The nine-cell matrix: which rule a discharge gets, the clinical floor, and what makes a matrix unusable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from hospital_followup.engine.facts import Policy, PolicyRule
from hospital_followup.engine.names import CHANNELS, RISK_TIERS, ROLES, UNITS, VALUE_TIERS

# In how many days of an interval the first contact may fall; 28 for a month, so that February has it too.
DAYS_IN_UNIT = {"Day": 1, "Week": 7, "Month": 28}
# Bounds that keep a mistyped number from filling the worklist for years.
MOST_CONTACTS = 366
LONGEST_INTERVAL = 366

ISSUES = ("no_rules", "unknown_value", "out_of_range", "overlap", "hole", "value_removes")


@dataclass(frozen=True, slots=True)
class PolicyIssue:
	"""`rule`: the row counted from 1, 0 = the policy as a whole. `expected`: a range or a list, as text.

	A "hole" with `filled` is covered by the clinical floor; one without leaves the risk tier without any rule.
	"""

	code: str
	rule: int = 0
	field: str = ""
	value: str = ""
	expected: str = ""
	risk_tier: str = ""
	value_tier: str = ""
	filled: bool = False


class NoRule(LookupError):
	"""The policy has no row at all for this risk tier."""

	def __init__(self, policy: Policy, risk_tier: str) -> None:
		super().__init__(f"{policy.title} has no rule for {risk_tier} risk")
		self.risk_tier = risk_tier


@lru_cache(maxsize=1024)
def cell(policy: Policy, risk_tier: str, value_tier: str) -> tuple[PolicyRule, bool]:
	"""The rule of a cell and whether it stands there by the clinical floor.

	Value may add contacts, never remove them: a cell without a row takes the next higher value's row of the same risk
	(upwards first, so that nothing is lost), and a higher value never gets less than the row below it. Raises NoRule.
	"""
	rows = {rule.value_tier: rule for rule in reversed(policy.rules) if rule.risk_tier == risk_tier}
	place = VALUE_TIERS.index(value_tier)
	upwards_then_down = (value_tier, *reversed(VALUE_TIERS[:place]), *VALUE_TIERS[place + 1 :])
	for tier in upwards_then_down:
		if tier in rows:
			return rows[tier], tier != value_tier or rows[tier].clinical_floor
	raise NoRule(policy, risk_tier)


def check(policy: Policy) -> tuple[PolicyIssue, ...]:
	"""Everything that is wrong with a policy: its rows in order, then the matrix as a whole."""
	if not policy.rules:
		return (PolicyIssue("no_rules"),)
	issues = [issue for number, rule in enumerate(policy.rules, 1) for issue in _check_rule(number, rule)]
	return (*issues, *_check_matrix(policy))


def _check_rule(number: int, rule: PolicyRule) -> Iterator[PolicyIssue]:
	for name, allowed in (
		("risk_tier", RISK_TIERS),
		("value_tier", VALUE_TIERS),
		("interval_unit", UNITS),
		("channel", CHANNELS),
		("role", ROLES),
	):
		value = getattr(rule, name)
		if value not in allowed:
			yield PolicyIssue("unknown_value", number, name, str(value), ", ".join(allowed))
	for name, most in (("interval", LONGEST_INTERVAL), ("contacts", MOST_CONTACTS)):
		value = getattr(rule, name)
		if not 1 <= value <= most:
			yield PolicyIssue("out_of_range", number, name, str(value), f"1-{most}")
	latest = rule.interval * DAYS_IN_UNIT.get(rule.interval_unit, 0)
	if latest > 0 and not 1 <= rule.first_contact_day <= latest:
		yield PolicyIssue(
			"out_of_range", number, "first_contact_day", str(rule.first_contact_day), f"1-{latest}"
		)


def _check_matrix(policy: Policy) -> Iterator[PolicyIssue]:
	rows: dict[tuple[str, str], PolicyRule] = {}
	for number, rule in enumerate(policy.rules, 1):
		place = (rule.risk_tier, rule.value_tier)
		if place in rows:
			yield PolicyIssue("overlap", number, risk_tier=place[0], value_tier=place[1])
		rows.setdefault(place, rule)
	for risk in RISK_TIERS:
		present = [value for value in VALUE_TIERS if (risk, value) in rows]
		for value in VALUE_TIERS:
			if value not in present:
				yield PolicyIssue("hole", risk_tier=risk, value_tier=value, filled=bool(present))
		# `present` runs from high to low value: nobody of higher value may get fewer contacts.
		for higher, lower in pairwise(present):
			if rows[risk, higher].contacts < rows[risk, lower].contacts:
				yield PolicyIssue(
					"value_removes",
					field="contacts",
					value=str(rows[risk, higher].contacts),
					expected=str(rows[risk, lower].contacts),
					risk_tier=risk,
					value_tier=higher,
				)
