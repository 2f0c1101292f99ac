"""The life of a Follow-up Policy: a draft is changed, checked and activated; a change after that is a new version.

Plans that run keep the policy they were made with until they are planned again (rules.md, Planning again).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import format_date, getdate, today

from hospital_followup.exceptions import (
	InvalidPeriodError,
	PolicyTransitionError,
)
from hospital_followup.services import simulation_gate
from hospital_followup.services.workflow_states import state_fields, status_of_state

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_policy.follow_up_policy import FollowupPolicy

POLICY = "Follow-up Policy"
#: from → the statuses it may move to. A retired version may come back (a hospital takes a change back), but what was
#: once in use never becomes a draft again: plans refer to it.
TRANSITIONS = {"Draft": ("Active", "Retired"), "Active": ("Retired",), "Retired": ("Active",)}


def new_version(policy: str) -> str:
	"""Copy a policy to a draft with the next version number of its title; returns the name of the draft."""
	source = frappe.get_doc(POLICY, policy)
	draft = frappe.copy_doc(source, ignore_no_copy=False)
	draft.update({"version": 0, "valid_from": None, "valid_to": None, "previous_version": source.name})
	draft.insert()
	return draft.name


def activate(policy: str) -> FollowupPolicy:
	"""Put a policy in force; the former one of the same company and department retires."""
	return _move(policy, "Active")


def retire(policy: str) -> FollowupPolicy:
	"""Take a policy out of force without a successor."""
	return _move(policy, "Retired")


def follow_workflow(doc: FollowupPolicy) -> None:
	"""A person moved the workflow's state or the status; the other one follows (rules.md, Plans)."""
	before = doc.get_doc_before_save()
	if not before:
		return
	if doc.workflow_state != before.workflow_state:
		doc.status = status_of_state(POLICY, doc.workflow_state) or doc.status
	elif doc.status != before.status:
		doc.update(state_fields(POLICY, doc.status))


def check_step(doc: FollowupPolicy) -> None:
	"""Check the step that a policy takes from one status to the next, and that it can come into force today."""
	before = doc.get_doc_before_save()
	if before and before.status == doc.status:
		return
	if before:
		_check_transition(before.status, doc.status)
		if before.status == "Retired":
			doc.valid_to = None  # the day on which it retired
	if doc.status == "Active":
		_check_period(doc)


def check_capacity(doc: FollowupPolicy) -> None:
	"""Last of all checks, because it plans a month: whether there are people for a policy that comes into force."""
	if doc.status == "Active" and doc.has_value_changed("status"):
		simulation_gate.check_policy(doc)


def after_save(doc: FollowupPolicy) -> None:
	"""Give a new policy the state of its status, and retire the former active ones of the same scope."""
	before = doc.get_doc_before_save()
	if not before and status_of_state(POLICY, doc.workflow_state) not in (None, doc.status):
		# Frappe puts every new document into the workflow's first state, an imported active policy too.
		doc.db_set(state_fields(POLICY, doc.status))
	if doc.status == "Active" and not (before and before.status == "Active"):
		_retire_former(doc)


def _retire_former(doc: FollowupPolicy) -> None:
	for name in former(doc):
		retired = frappe.get_doc(POLICY, name)
		retired.db_set(
			{"status": "Retired", "valid_to": retired.valid_to or today(), **state_fields(POLICY, "Retired")},
			notify=True,
		)
		retired.add_comment("Info", _("retired: {0} took its place").format(doc.name))


def former(doc: FollowupPolicy) -> list[str]:
	"""The other active policies for exactly the same company and department."""
	rows = frappe.get_all(
		POLICY,
		filters={"status": "Active", "name": ("!=", doc.name or "")},
		fields=["name", "company", "department"],
		order_by="name",
	)
	scope = (doc.company or "", doc.department or "")
	return [row.name for row in rows if (row.company or "", row.department or "") == scope]


def _move(policy: str, status: str) -> FollowupPolicy:
	doc = frappe.get_doc(POLICY, policy)
	doc.status = status
	doc.save()
	return doc


def _check_transition(before: str, after: str) -> None:
	if before != after and after not in TRANSITIONS[before]:
		frappe.throw(
			_("A policy that is {0} cannot become {1}. Choose New Version instead.").format(
				_(before), _(after)
			),
			PolicyTransitionError,
			title=_("Not possible"),
		)


def _check_period(doc: FollowupPolicy) -> None:
	now = getdate(today())
	if doc.valid_from and getdate(doc.valid_from) > now:
		frappe.throw(
			_(
				"The policy is to be valid only from {0}; until then discharges would have none. "
				"Activate it on that day, or empty the field {1}."
			).format(format_date(doc.valid_from), _("Valid From")),
			InvalidPeriodError,
			title=_("Too early"),
		)
	if doc.valid_to and getdate(doc.valid_to) < now:
		frappe.throw(
			_("The policy was valid until {0}. Empty the field {1} or enter a later day.").format(
				format_date(doc.valid_to), _("Valid To")
			),
			InvalidPeriodError,
			title=_("No longer valid"),
		)
