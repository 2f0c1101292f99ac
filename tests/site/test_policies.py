"""The life of a policy: new version, activation, retirement; the next discharge follows what is in force."""

from __future__ import annotations

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, today

from hospital_followup import desk
from hospital_followup.exceptions import (
	InvalidPeriodError,
	PolicyMatrixError,
	PolicyTransitionError,
	VersionLockedError,
)
from hospital_followup.services import policies
from hospital_followup.tests import factories

POLICY = "Follow-up Policy"


@pytest.fixture
def active():
	"""A hospital-wide policy in force, of a title of its own."""
	return policies.activate(factories.policy("Ward rounds", activate=False).name)


def status_of(*names: str) -> list[str]:
	return [frappe.db.get_value(POLICY, name, "status") for name in names]


def state_of(name: str) -> tuple[str, str]:
	return frappe.db.get_value(POLICY, name, ["status", "workflow_state"])


def cell(doc, risk: str, value: str):
	return next(row for row in doc.rules if (row.risk_tier, row.value_tier) == (risk, value))


def test_a_new_version_is_a_draft_with_the_same_matrix(active):
	draft = frappe.get_doc(POLICY, policies.new_version(active.name))
	assert (draft.status, draft.version, draft.previous_version) == ("Draft", active.version + 1, active.name)
	assert (draft.valid_from, draft.valid_to, draft.activated_on) == (None, None, None)
	fields = (
		"risk_tier",
		"value_tier",
		"interval",
		"contacts",
		"first_contact_day",
		"channel",
		"role",
		"topics",
	)
	assert [[row.get(field) for field in fields] for row in draft.rules] == [
		[row.get(field) for field in fields] for row in active.rules
	]


def test_two_new_versions_have_two_numbers(active):
	first, second = policies.new_version(active.name), policies.new_version(active.name)
	assert [frappe.db.get_value(POLICY, name, "version") for name in (first, second)] == [2, 3]


def test_activation_retires_the_former_policy_of_the_same_scope_only(active):
	ward = factories.department("Ward 7")
	own = policies.activate(factories.policy("Ward 7", activate=False, department=ward).name)
	draft = policies.new_version(active.name)
	policies.activate(draft)
	assert status_of(active.name, draft, own.name) == ["Retired", "Active", "Active"]
	former, new = frappe.get_doc(POLICY, active.name), frappe.get_doc(POLICY, draft)
	assert former.valid_to == getdate(today())
	assert (new.activated_by, bool(new.activated_on)) == (frappe.session.user, True)


def test_the_next_discharge_follows_the_new_version_and_a_running_plan_keeps_its_own(active):
	before = factories.discharge()
	draft = frappe.get_doc(POLICY, policies.new_version(active.name))
	cell(draft, "High", "Medium").contacts = 3
	cell(draft, "High", "High").contacts = 5
	draft.save()
	policies.activate(draft.name)
	after = factories.discharge()
	assert (before.planned_contacts, after.planned_contacts) == (2, 3)
	assert frappe.db.get_value("Follow-up Plan", after.plan, ["policy", "policy_version"]) == (draft.name, 2)
	assert frappe.db.get_value("Follow-up Plan", before.plan, ["policy", "policy_version"]) == (
		active.name,
		1,
	)


@pytest.mark.parametrize(
	("spoil", "sentence"),
	[
		(lambda doc: doc.remove(doc.rules[0]), "No row for risk High and value High"),
		(lambda doc: doc.append("rules", cell(doc, "Low", "Low").as_dict(no_default_fields=True)), "Low"),
		(lambda doc: cell(doc, "Low", "Low").update({"first_contact_day": 40}), "First Day"),
		(lambda doc: cell(doc, "High", "Low").update({"contacts": 5}), "Value may only add"),
	],
)
def test_an_unusable_matrix_stays_a_draft(active, spoil, sentence):
	draft = frappe.get_doc(POLICY, policies.new_version(active.name))
	spoil(draft)
	draft.save()
	with pytest.raises(PolicyMatrixError) as refusal:
		policies.activate(draft.name)
	assert sentence in str(refusal.value)
	assert status_of(draft.name, active.name) == ["Draft", "Active"]


def test_what_is_or_was_in_force_cannot_be_changed(active):
	active.reload()
	active.rules[0].contacts = 9
	with pytest.raises(VersionLockedError):
		active.save()
	retired = policies.retire(active.name)
	retired.status = "Draft"
	with pytest.raises((VersionLockedError, PolicyTransitionError)):
		retired.save()


def test_a_retired_version_can_come_back(active):
	draft = policies.new_version(active.name)
	policies.activate(draft)
	back = policies.activate(active.name)
	assert (status_of(active.name, draft), back.valid_to) == (["Active", "Retired"], None)


@pytest.mark.parametrize(
	("field", "days", "word"), [("valid_from", 1, "valid only from"), ("valid_to", -1, "was valid until")]
)
def test_a_policy_is_not_activated_outside_its_days(field, days, word):
	draft = factories.policy("Other days", activate=False, **{field: add_days(today(), days)})
	with pytest.raises(InvalidPeriodError, match=word):
		policies.activate(draft.name)
	assert status_of(draft.name) == ["Draft"]


def test_a_workflow_moves_the_status_and_the_system_moves_the_state(active):
	draft = frappe.get_doc(POLICY, policies.new_version(active.name))
	assert draft.workflow_state == "Policy Draft"
	done = apply_workflow(draft, "Activate Policy")
	assert (done.status, done.workflow_state) == ("Active", "Policy Active")
	assert state_of(active.name) == ("Retired", "Policy Retired")


def test_a_status_written_by_a_program_takes_the_same_way(active):
	draft = frappe.get_doc(POLICY, policies.new_version(active.name))
	draft.status = "Active"
	draft.save()
	assert [state_of(name) for name in (draft.name, active.name)] == [
		("Active", "Policy Active"),
		("Retired", "Policy Retired"),
	]


def test_a_site_without_a_workflow_activates_all_the_same(active):
	for name in frappe.get_all("Workflow", {"document_type": POLICY}, pluck="name", order_by="name"):
		frappe.get_doc("Workflow", name).update({"is_active": 0}).save()
	draft = policies.new_version(active.name)
	policies.activate(draft)
	assert status_of(draft, active.name) == ["Active", "Retired"]


@pytest.mark.parametrize("role", ["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"])
def test_only_administrators_put_a_policy_in_force(active, as_user, role):
	draft = policies.new_version(active.name)
	with as_user(role):
		assert desk.policy_overview(draft)["former"] == [active.name]
		for step in (desk.activate_policy, desk.retire_policy, desk.new_policy_version):
			with pytest.raises(frappe.PermissionError):
				step(draft)
	assert status_of(draft) == ["Draft"]
	with as_user("Follow-up Administrator"):
		assert desk.activate_policy(draft) == "Active"


def test_the_form_learns_what_is_wrong_before_it_is_saved(active):
	draft = frappe.copy_doc(active).as_dict()
	draft["rules"] = draft["rules"][1:]
	assert desk.check_policy(frappe.as_json(draft)) == ["No row for risk High and value High. Add one."]
