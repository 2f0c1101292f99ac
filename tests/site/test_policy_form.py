"""The policy form: nine cells, each once; an unfinished draft is kept, nothing unfinished becomes active."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, today

from hospital_followup.exceptions import InvalidPeriodError, PolicyMatrixError, VersionLockedError
from hospital_followup.tests.drafts import policy, policy_rule


def broken(**change: object) -> frappe.model.document.Document:
	"""An active policy whose first row (High / High) is changed."""
	doc = policy(status="Active")
	doc.rules[0].update(change)
	return doc


def test_a_full_matrix_becomes_active() -> None:
	doc = policy(status="Active").insert()
	assert doc.name == f"{doc.title} v1"
	assert doc.activated_by == "Administrator" and doc.activated_on


@pytest.mark.parametrize(
	("change", "sentence"),
	[
		({"risk_tier": "Low", "value_tier": "Low", "contacts": 1}, "No row for risk High and value High"),
		(
			{"risk_tier": "Low", "value_tier": "Low", "contacts": 1},
			"Row 9: risk Low and value Low have a row already",
		),
		({"contacts": 0}, "Row 1: Contacts is 0"),
		({"interval": 0}, "Row 1: Every is 0"),
		({"first_contact_day": 0}, r"Row 1: First Day is 0, possible is 1-7"),
		({"first_contact_day": 8}, r"Row 1: First Day is 8, possible is 1-7"),
		({"first_contact_day": 29, "interval_unit": "Month"}, "possible is 1-28"),
		({"contacts": 1}, "Value may only add"),
		({"channel": "Pigeon"}, "Channel cannot be “Pigeon”"),
		({"risk_tier": "Severe"}, "Risk cannot be “Severe”"),
	],
)
def test_a_broken_matrix_cannot_become_active(change: dict[str, object], sentence: str) -> None:
	with pytest.raises(PolicyMatrixError, match=sentence):
		broken(**change).insert()


def test_all_problems_are_named_at_once() -> None:
	doc = broken(contacts=0, first_contact_day=9)
	doc.rules = doc.rules[:8]
	with pytest.raises(PolicyMatrixError) as refusal:
		doc.insert()
	message = str(refusal.value)
	assert all(part in message for part in ("Contacts is 0", "First Day", "risk Low and value Low"))


def test_an_unfinished_draft_is_kept_and_says_what_is_missing() -> None:
	doc = policy(rules=[policy_rule(risk_tier="High", value_tier="High")]).insert()
	assert frappe.db.exists(doc.doctype, doc.name)
	told = str(frappe.get_message_log())
	assert "Before This Draft Can Become Active" in told and "No row for risk Low and value Low" in told
	doc.status = "Active"
	with pytest.raises(PolicyMatrixError):
		doc.save()


def test_a_policy_that_ends_before_it_begins_is_refused() -> None:
	with pytest.raises(InvalidPeriodError):
		policy(valid_from=today(), valid_to=add_days(today(), -1)).insert()


class TestActivePoliciesAreReadOnly:
	def test_a_changed_cell_is_refused(self) -> None:
		doc = policy(status="Active").insert()
		doc.rules[0].contacts = 5
		with pytest.raises(VersionLockedError):
			doc.save()

	def test_a_removed_row_is_refused(self) -> None:
		doc = policy(status="Active").insert()
		doc.rules = doc.rules[:8]
		with pytest.raises(frappe.ValidationError):
			doc.save()

	def test_back_to_draft_is_refused(self) -> None:
		doc = policy(status="Active").insert()
		doc.status = "Draft"
		with pytest.raises(VersionLockedError):
			doc.save()

	def test_its_end_may_be_set_and_it_may_be_retired(self) -> None:
		doc = policy(status="Active").insert()
		doc.valid_to = add_days(today(), 30)
		doc.save()
		doc.status = "Retired"
		doc.save()
		assert frappe.db.get_value(doc.doctype, doc.name, "status") == "Retired"

	def test_a_draft_may_change(self) -> None:
		doc = policy().insert()
		doc.rules[0].contacts = 5
		doc.save()
		assert frappe.db.get_value("Follow-up Policy Rule", doc.rules[0].name, "contacts") == 5


def test_a_copy_becomes_the_next_version() -> None:
	first = policy(status="Active").insert()
	second = frappe.copy_doc(first, ignore_no_copy=False).insert()
	assert (second.version, second.status, second.name) == (2, "Draft", f"{first.title} v2")
