"""What is wrong with a policy's matrix, in sentences that name the row; the engine decides, here it gets its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from hospital_followup.engine.model import Policy
from hospital_followup.engine.policy import PolicyIssue, check
from hospital_followup.services.configuration import policy_rule

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_policy.follow_up_policy import FollowupPolicy


def matrix_problems(doc: FollowupPolicy) -> list[str]:
	"""One sentence for each hole, overlap and impossible number of the matrix, in the order of its rows."""
	policy = Policy(doc.title, doc.version, tuple(policy_rule(row) for row in doc.rules))
	return [_sentence(doc, issue) for issue in check(policy)]


def _sentence(doc: FollowupPolicy, issue: PolicyIssue) -> str:
	pair = (_(issue.risk_tier), _(issue.value_tier))
	if issue.code == "no_rules":
		return _("The matrix is empty. Add one row for every pair of risk and value tier.")
	if issue.code == "hole":
		return _("No row for risk {0} and value {1}. Add one.").format(*pair)
	if issue.code == "overlap":
		return _("Row {0}: risk {1} and value {2} have a row already. Remove one of the two.").format(
			issue.rule, *pair
		)
	if issue.code == "value_removes":
		return _(
			"Risk {0}, value {1}: {2} contacts are fewer than the {3} of the next lower value. Value may only add."
		).format(*pair, issue.value, issue.expected)
	label = _(doc.rules[issue.rule - 1].meta.get_label(issue.field), context="Follow-up Policy Rule")
	if issue.code == "out_of_range":
		return _("Row {0}: {1} is {2}, possible is {3}.").format(
			issue.rule, label, issue.value, issue.expected
		)
	return _("Row {0}: {1} cannot be “{2}”. Choose from {3}.").format(
		issue.rule, label, issue.value, issue.expected
	)
