"""The nine-cell matrix: which rule a discharge gets, the clinical floor, and what makes a matrix unusable."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_followup.engine.facts import Policy, PolicyRule


@dataclass(frozen=True, slots=True)
class PolicyIssue:
	"""`code` is one of ISSUES, `rule` the row counted from 1 (0 = the policy as a whole)."""

	code: str
	rule: int
	field: str = ""
	value: str = ""
	expected: str = ""
	risk_tier: str = ""
	value_tier: str = ""


ISSUES = (
	"no_rules",
	"unknown_value",
	"out_of_range",
	"overlap",
	"hole",
	"value_removes",
)


class NoRule(LookupError):
	"""The policy has no row at all for this risk tier."""


def cell(policy: Policy, risk_tier: str, value_tier: str) -> tuple[PolicyRule, bool]:
	"""The rule of a cell and whether it stands there by the clinical floor."""
	raise NotImplementedError


def check(policy: Policy) -> tuple[PolicyIssue, ...]:
	"""Everything that is wrong with a policy, in the order of its rows."""
	raise NotImplementedError
